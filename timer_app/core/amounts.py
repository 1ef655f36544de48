"""Amounts in words."""

from __future__ import annotations

from timer_app.core.notation import duration_text


def counted(count: int, unit: str) -> str:
    """`1 rep`, `2 reps`: a number with its unit, which is given for one."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def length_text(ms: int) -> str:
    """A length for reading: `30 s`, `1:30`; rounded to seconds."""
    return duration_text((max(0, ms) + 500) // 1_000 * 1_000)
