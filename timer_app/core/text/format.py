"""Amounts in words."""

from __future__ import annotations

_SECOND_MS, _MINUTE_MS = 1_000, 60_000


def count_text(count: int, unit: str) -> str:
    """`1 rep`, `2 reps`: a number with its unit, which is given for one."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def with_unit(value: float, unit: str) -> str:
    """`12.5 cm`, or `3` where the unit is empty."""
    return f"{value:g} {unit}" if unit else f"{value:g}"


def with_side(name: str, side: str | None) -> str:
    """`Neck, left`, or `Neck` where there is no side."""
    return f"{name}, {side}" if side else name


def length_text(ms: int) -> str:
    """A length for reading: `30 s`, `1:30`; rounded to seconds."""
    from timer_app.core.fields.notation import duration_text  # the list counts things before it is loaded

    return duration_text((max(0, ms) + 500) // 1_000 * 1_000)


def whole_minutes(ms: int) -> int:
    """The nearest number of whole minutes, the higher one of two."""
    return (ms + _MINUTE_MS // 2) // _MINUTE_MS


def rough_text(ms: int) -> str:
    """A length to choose by: `20 s`, and at least one second; whole minutes from one on."""
    seconds = max(1, (ms + _SECOND_MS // 2) // _SECOND_MS)
    return f"{seconds} s" if seconds * _SECOND_MS < _MINUTE_MS else f"{whole_minutes(ms)} min"
