"""Words for doses: how much is to be done, and why it is that much today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


def amount_text(kind: DoseKind, amount: int, unit: str = "") -> str:
    """The amount of one set: `24 s`, `12 reps`, `1 round`, `400 m`."""
    if kind in _UNITS:
        return count_text(amount, _UNITS[kind])
    if kind == "distance":
        from timer_app.core.fields.doses import distance_text

        return distance_text(amount, unit)
    from timer_app.core.fields import duration_text  # the list of sessions is drawn before it is loaded

    return duration_text(amount)


def amounts_text(kind: DoseKind, amounts: Sequence[int], minimums: Sequence[bool] = (), unit: str = "") -> str:
    """The amounts of several sets: `20 s, 30 s, 1:00`, `12, 10, 8+ reps`.

    Args:
        kind: By what a set goes.
        amounts: That of each set; 0 for as much as one can.
        minimums: Which of them may be more; none if empty.
        unit: In which a distance is written.
    """
    if len(amounts) == 1 and not minimums:
        return amount_text(kind, amounts[0], unit)
    texts = []
    for amount, is_open in zip(amounts, minimums or (False,) * len(amounts), strict=True):
        text = str(amount) if kind in _UNITS else amount_text(kind, amount, unit)
        texts.append("max" if not amount else f"{text}+" if is_open else text)
    ends = f" {_UNITS[kind]}s" if kind in _UNITS else ""
    return f"{', '.join(texts)}{ends}"


def dose_text(dose: Dose | None) -> str:
    """`2 × 20 s each side`, `12, 10, 8 reps, 20 kg, RPE 8`, `30 s or more`; empty where nothing is to be done."""
    if dose is None:
        return ""
    if dose.kind == "rounds":
        return clock_dose_text(dose.rounds, dose.amount)
    times = dose.sets // len(dose.amounts) if dose.amounts else dose.sets
    more = " or more" if dose.is_minimum and dose.amount and not dose.amounts else ""
    sides = " each side" if len(dose.sides) > 1 else f", {dose.sides[0]}" if dose.sides else ""
    # Something that is as much as one can has no amount.
    minimums = dose.minimums or ((True,) if dose.is_minimum and not dose.amount else ())
    amount = f"{amounts_text(dose.kind, dose.amounts or (dose.amount,), minimums, dose.unit)}{more}"
    if times > 1:
        amount = f"{times} × ({amount})" if len(dose.amounts) > 1 else f"{times} × {amount}"
    return ", ".join(filter(None, (f"{amount}{sides}", " / ".join(dose.loads), dose.effort)))


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
    if origin is None:
        return ""
    amounts = amounts_text(origin.kind, origin.amounts or (origin.amount,), unit=origin.unit)
    return f"{', '.join(filter(None, (amounts, origin.load)))} today: {_why(origin)}"


def _why(origin: DoseOrigin) -> str:
    amounts, highs = origin.amounts or (origin.amount,), origin.highs or (origin.high,)
    is_high = amounts == highs
    if origin.last is None and origin.load:
        grows = "" if is_high else f" to {amounts_text(origin.kind, highs, unit=origin.unit)}, then"
        return f"the first time; it grows{grows} by {origin.increment}"
    if origin.last is None:
        most = amounts_text(origin.kind, highs, unit=origin.unit)
        return "the high end" if is_high else f"the first time; it grows to {most}"
    change, on = _change_text(origin), _past_day_text(origin.last, origin.today)
    match origin.reason:
        case "break":
            return f"{change or f'as {on}'} after a break of {origin.gap_days} days"
        case "pain":
            return f"{change}, as pain had grown {on}" if change else f"as {on}, when pain had grown"
    if change:
        return f"{change} since {on.removeprefix('on ')}"
    return f"the high end, as {on}" if is_high and not origin.load else f"as {on}"


def _change_text(origin: DoseOrigin) -> str:
    if origin.load_change:
        return origin.load_change
    sign = "+" if origin.change > 0 else "-"
    return f"{sign}{amount_text(origin.kind, abs(origin.change), origin.unit)}" if origin.change else ""


def _past_day_text(day: date, today: date) -> str:
    """A day of the past, in words that suit how long ago it is."""
    days = (today - day).days
    if days <= 1:
        return "yesterday" if days else "earlier today"
    return f"on {_WEEKDAYS[day.weekday()]}" if days < len(_WEEKDAYS) else f"on {day.day} {_MONTHS[day.month - 1]}"
