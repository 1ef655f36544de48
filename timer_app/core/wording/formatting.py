"""Words for amounts: counts, lengths, clock times and days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

_SECOND_MS, _MINUTE_MS = 1_000, 60_000
_MINUTE_S, _HOUR_S = 60, 3_600


def count_text(count: int, unit: str) -> str:
    """`1 rep`, `2 reps`: a number with its unit, which is given in the singular."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def with_unit(value: float, unit: str) -> str:
    """`12.5 cm`, or `3` where the unit is empty."""
    return f"{value:g} {unit}" if unit else f"{value:g}"


def with_side(name: str, side: str | None) -> str:
    """`Neck, left`, or `Neck` where there is no side."""
    return f"{name}, {side}" if side else name


def question_subject(area: str, side: str) -> str:
    """The subject of a question about pain: `Neck, left`, or `Overall` where it names neither an area nor a side."""
    return with_side(area, side) if area else side.capitalize() or "Overall"


def equipment_text(equipment: Iterable[str]) -> str:
    """`You need: mat, wall`; empty where nothing is needed."""
    items = ", ".join(equipment)
    return f"You need: {items}" if items else ""


def length_text(ms: int) -> str:
    """A length rounded to seconds: `30 s`, `1:30`."""
    return _rounded_text(ms, _SECOND_MS)


def exact_length_text(ms: int) -> str:
    """A length rounded to tenths of a second: `1.5 s`, `30 s`."""
    return _rounded_text(ms, 100)


def _rounded_text(ms: int, grain_ms: int) -> str:
    from timer_app.core.fields import duration_text  # the list of sessions is drawn before it is loaded

    return duration_text((max(0, ms) + grain_ms // 2) // grain_ms * grain_ms)


def whole_minutes(ms: int) -> int:
    """The nearest number of whole minutes; half a minute counts as one."""
    return (ms + _MINUTE_MS // 2) // _MINUTE_MS


def rough_text(ms: int) -> str:
    """A length to choose by: seconds below a minute, at least `1 s`; whole minutes from there on."""
    seconds = max(1, (ms + _SECOND_MS // 2) // _SECOND_MS)
    return f"{seconds} s" if seconds * _SECOND_MS < _MINUTE_MS else f"{whole_minutes(ms)} min"


def clock_text(ms: int) -> str:
    """A moment of a run as a clock shows it: `0:06`, `12:30`, `1:02:03`; a second counts once it is over."""
    seconds = max(0, ms) // _SECOND_MS
    return countdown_text(seconds) if seconds >= _MINUTE_S else f"0:{seconds:02}"


def countdown_text(seconds: int) -> str:
    """Seconds as a countdown shows them: `45`, `1:30`, `1:02:03`."""
    minutes, rest = divmod(seconds, _MINUTE_S)
    if seconds >= _HOUR_S:
        return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else str(rest)


def day_text(day: date) -> str:
    """`5 Mar 2026`."""
    return f"{day.day} {day:%b %Y}"
