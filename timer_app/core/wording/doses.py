"""Words for doses: how much is to be done, and why it is that much today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from timer_app.core.wording.formatting import count_text

if TYPE_CHECKING:
    from timer_app.core.timeline import StepInfo
    from timer_app.core.timeline.dose import Dose, DoseKind, DoseOrigin

_UNITS = {"reps": "rep", "flow": "round"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def amount_text(kind: DoseKind, amount: int) -> str:
    """The amount of one set: `24 s`, `12 reps`, `1 round`."""
    if kind in _UNITS:
        return count_text(amount, _UNITS[kind])
    from timer_app.core.fields import duration_text  # the list of sessions is drawn before it is loaded

    return duration_text(amount)


def dose_text(dose: Dose | None) -> str:
    """`2 × 20 s each side`, `10 reps`, `30 s or more`; empty where nothing is to be done."""
    if dose is None:
        return ""
    if dose.kind == "rounds":
        return clock_dose_text(dose.rounds, dose.amount)
    times = f"{dose.sets} × " if dose.sets > 1 else ""
    more = " or more" if dose.is_minimum else ""
    sides = " each side" if len(dose.sides) > 1 else f", {dose.sides[0]}" if dose.sides else ""
    return f"{times}{amount_text(dose.kind, dose.amount)}{more}{sides}"


def clock_dose_text(rounds: int, within_ms: int) -> str:
    """`as many rounds as possible in 12:00`, `5 rounds, within 12:00`: what one clock for all rounds asks for."""
    time = amount_text("rounds", within_ms)
    return f"{count_text(rounds, 'round')}, within {time}" if rounds else f"as many rounds as possible in {time}"


def dose_origin_lines(steps: Iterable[StepInfo]) -> Iterator[str]:
    """Why the doses of steps are what they are, a line each, without repeating a line."""
    return iter(dict.fromkeys(filter(None, map(dose_origin_line, steps))))


def dose_origin_line(step: StepInfo) -> str:
    """The same for one step, with its name; empty where its dose does not grow."""
    return f"{step.name}: {dose_origin_text(step.dose_origin)}" if step.dose_origin else ""


def dose_origin_text(origin: DoseOrigin | None) -> str:
    """`22 s today: +2 s since yesterday`; empty for `None`."""
    return f"{amount_text(origin.kind, origin.amount)} today: {_why(origin)}" if origin else ""


def _why(origin: DoseOrigin) -> str:
    is_high = origin.amount == origin.high
    if origin.last is None:
        return "the high end" if is_high else f"the first time; it grows to {amount_text(origin.kind, origin.high)}"
    change, on = _change_text(origin), _past_day_text(origin.last, origin.today)
    match origin.reason:
        case "break":
            return f"{change or f'as {on}'} after a break of {origin.gap_days} days"
        case "pain":
            return f"{change}, as pain had grown {on}" if change else f"as {on}, when pain had grown"
    if change:
        return f"{change} since {on.removeprefix('on ')}"
    return f"the high end, as {on}" if is_high else f"as {on}"


def _change_text(origin: DoseOrigin) -> str:
    sign = "+" if origin.change > 0 else "-"
    return f"{sign}{amount_text(origin.kind, abs(origin.change))}" if origin.change else ""


def _past_day_text(day: date, today: date) -> str:
    """A day of the past, in words that suit how long ago it is."""
    days = (today - day).days
    if days <= 1:
        return "yesterday" if days else "earlier today"
    return f"on {_WEEKDAYS[day.weekday()]}" if days < len(_WEEKDAYS) else f"on {day.day} {_MONTHS[day.month - 1]}"
