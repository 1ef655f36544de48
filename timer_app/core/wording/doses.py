"""Words for doses: how much is to be done, and why it is that much today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from timer_app.core.i18n import N_, _, ngettext, with_decimal_sign
from timer_app.core.wording.formatting import count_text, day_and_month_text

if TYPE_CHECKING:
    from timer_app.core.fields import DoseRange
    from timer_app.core.session import Exercise, SetDoses
    from timer_app.core.timeline import StepInfo
    from timer_app.core.timeline.dose import Dose, DoseKind, DoseOrigin

_UNITS = {"reps": "rep", "flow": "round"}
_ON_WEEKDAYS = (
    N_("on Monday"),
    N_("on Tuesday"),
    N_("on Wednesday"),
    N_("on Thursday"),
    N_("on Friday"),
    N_("on Saturday"),
    N_("on Sunday"),
)
_SINCE_WEEKDAYS = (
    N_("since Monday"),
    N_("since Tuesday"),
    N_("since Wednesday"),
    N_("since Thursday"),
    N_("since Friday"),
    N_("since Saturday"),
    N_("since Sunday"),
)


def amount_text(kind: DoseKind, amount: int, unit: str = "") -> str:
    """The amount of one set: `24 s`, `12 reps`, `1 round`, `400 m`."""
    if kind in _UNITS:
        return count_text(amount, _UNITS[kind])
    if kind == "distance":
        from timer_app.core.fields.doses import distance_text

        return with_decimal_sign(distance_text(amount, unit))
    from timer_app.core.fields import duration_text  # the list of sessions is drawn before it is loaded

    return with_decimal_sign(duration_text(amount))


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
        # i18n: as many as one can
        texts.append(_("max") if not amount else f"{text}+" if is_open else text)
    joined = ", ".join(texts)
    if kind == "reps":
        return _("{amounts} reps").format(amounts=joined)
    return _("{amounts} rounds").format(amounts=joined) if kind == "flow" else joined


def dose_text(dose: Dose | None) -> str:
    """`2 × 20 s each side`, `12, 10, 8 reps, 20 kg, RPE 8`, `30 s or more`; empty where nothing is to be done."""
    if dose is None:
        return ""
    if dose.kind == "rounds":
        return clock_dose_text(dose.rounds, dose.amount)
    times = dose.sets // len(dose.amounts) if dose.amounts else dose.sets
    # Something that is as much as one can has no amount.
    minimums = dose.minimums or ((True,) if dose.is_minimum and not dose.amount else ())
    amount = amounts_text(dose.kind, dose.amounts or (dose.amount,), minimums, dose.unit)
    if dose.is_minimum and dose.amount and not dose.amounts:
        amount = _("{amount} or more").format(amount=amount)
    if times > 1:
        amount = f"{times} × ({amount})" if len(dose.amounts) > 1 else f"{times} × {amount}"
    if len(dose.sides) > 1:
        amount = _("{amount} each side").format(amount=amount)
    side = dose.sides[0] if len(dose.sides) == 1 else ""
    return ", ".join(filter(None, (amount, side, " / ".join(dose.loads), dose.effort)))


def clock_dose_text(rounds: int, within_ms: int) -> str:
    """`as many rounds as possible in 12:00`, `5 rounds, within 12:00`: what one clock for all rounds asks for."""
    time = amount_text("rounds", within_ms)
    if rounds:
        return _("{rounds}, within {time}").format(rounds=count_text(rounds, "round"), time=time)
    return _("as many rounds as possible in {time}").format(time=time)


def dose_origin_lines(steps: Iterable[StepInfo]) -> Iterator[str]:
    """Why the doses of steps are what they are, a line each, without repeating a line."""
    return iter(dict.fromkeys(filter(None, map(dose_origin_line, steps))))


def dose_origin_line(step: StepInfo) -> str:
    """`Plank: 22 s today (+2 s since yesterday)`; empty where the dose of the step does not grow."""
    origin = step.dose_origin
    if origin is None:
        return ""
    text = _("{name}: {amount} today ({why})")
    return text.format(name=step.name, amount=_origin_amount(origin), why=_why(origin))


def dose_origin_text(origin: DoseOrigin | None) -> str:
    """`22 s today: +2 s since yesterday`; empty for `None`."""
    if origin is None:
        return ""
    return _("{amount} today: {why}").format(amount=_origin_amount(origin), why=_why(origin))


def _origin_amount(origin: DoseOrigin) -> str:
    amounts = amounts_text(origin.kind, origin.amounts or (origin.amount,), unit=origin.unit)
    return ", ".join(filter(None, (amounts, origin.load)))


def _why(origin: DoseOrigin) -> str:
    amounts, highs = origin.amounts or (origin.amount,), origin.highs or (origin.high,)
    is_high = amounts == highs
    if origin.last is None:
        return _first_time_text(origin, amounts_text(origin.kind, highs, unit=origin.unit), is_high=is_high)
    change, on = _change_text(origin), _past_day_text(origin.last, origin.today)
    match origin.reason:
        case "break":
            return _break_text(origin.gap_days, change, on)
        case "pain" if change:
            return _("{change}, as pain had grown {on}").format(change=change, on=on)
        case "pain":
            return _("as {on}, when pain had grown").format(on=on)
    if change:
        return _("{change} {since}").format(change=change, since=_since_text(origin.last, origin.today))
    return (_("the high end, as {on}") if is_high and not origin.load else _("as {on}")).format(on=on)


def _first_time_text(origin: DoseOrigin, most: str, *, is_high: bool) -> str:
    if origin.load:
        text = (
            _("first time, then up by {increment}") if is_high else _("first time, goal {most}, then up by {increment}")
        )
        return text.format(most=most, increment=origin.increment)
    return _("the high end") if is_high else _("first time, goal {most}").format(most=most)


def _break_text(days: int, change: str, on: str) -> str:
    text = (
        ngettext("{change} after a break of {count} day", "{change} after a break of {count} days", days)
        if change
        else ngettext("as {on} after a break of {count} day", "as {on} after a break of {count} days", days)
    )
    return text.format(change=change, on=on, count=days)


def _change_text(origin: DoseOrigin) -> str:
    if origin.load_change:
        return origin.load_change
    sign = "+" if origin.change > 0 else "-"
    return f"{sign}{amount_text(origin.kind, abs(origin.change), origin.unit)}" if origin.change else ""


def _past_day_text(day: date, today: date) -> str:
    """A day of the past, in words that suit how long ago it is."""
    days = (today - day).days
    if days <= 1:
        return _("yesterday") if days else _("earlier today")
    if days < len(_ON_WEEKDAYS):
        return _(_ON_WEEKDAYS[day.weekday()])
    return _("on {date}").format(date=day_and_month_text(day))


def _since_text(day: date, today: date) -> str:
    """The time from a day of the past until now."""
    days = (today - day).days
    if days <= 1:
        return _("since yesterday") if days else _("since earlier today")
    if days < len(_SINCE_WEEKDAYS):
        return _(_SINCE_WEEKDAYS[day.weekday()])
    return _("since {date}").format(date=day_and_month_text(day))


def exercise_dose_text(exercise: Exercise) -> str:
    """The dose of an exercise of the catalogue, its ranges whole: `20 s to 30 s, 2 sets`, `8-12 reps`."""
    return ", ".join(_exercise_doses(exercise))


def instruction_text(exercise: Exercise) -> str:
    """What explains an exercise where both of its sides are told at once: `left/right` stands for the side."""
    from timer_app.core.fields import fill_placeholders

    return fill_placeholders(exercise.text or exercise.say or "", {"side": "/".join(exercise.sides or ()) or None})


def _exercise_doses(exercise: Exercise) -> Iterator[str]:
    from timer_app.core.fields import duration_text
    from timer_app.core.fields.doses import distance_text

    if exercise.hold:
        yield ", ".join(_range(hold, duration_text, _("{low} to {high}")) for hold in _each_set(exercise.hold))
    if exercise.distance:
        distances = _each_set(exercise.distance)
        yield ", ".join(_range(one, partial(distance_text, unit=one.unit), _("{low} to {high}")) for one in distances)
    if exercise.reps:
        yield _("{amounts} reps").format(amounts=", ".join(map(_range, _each_set(exercise.reps))))
    if exercise.flow and exercise.rounds:
        yield _("{amounts} rounds").format(amounts=_range(exercise.rounds))
    if exercise.flow and exercise.within:
        yield _range(exercise.within, duration_text, _("{low} to {high}"))
    if exercise.sets:
        yield _("{amounts} sets").format(amounts=_range(exercise.sets))
    if exercise.load:
        yield ", ".join(exercise.load) if isinstance(exercise.load, tuple) else exercise.load


def range_text(kind: str, dose: DoseRange) -> str:
    """A dose with its range whole: `20 s to 30 s` of a hold, `8-12` reps, `400 m` to go."""
    from timer_app.core.fields import duration_text
    from timer_app.core.fields.doses import distance_text

    if kind == "hold":
        return with_decimal_sign(_range(dose, duration_text, _("{low} to {high}")))
    if kind == "distance":
        return with_decimal_sign(_range(dose, partial(distance_text, unit=dose.unit), _("{low} to {high}")))
    return _range(dose)


def _each_set(doses: SetDoses | None) -> tuple[DoseRange, ...]:
    """The dose of each set where they are listed, else the one of all."""
    return doses if isinstance(doses, tuple) else () if doses is None else (doses,)


def _range(dose: DoseRange, text: Callable[[int], str] = str, both: str = "{low}-{high}") -> str:
    """Both ends of a dose; `max` for as much as one can, and `8+` for so much or more."""
    if dose.is_open and not dose.high:
        return _("max")
    low, high = text(dose.low), text(dose.high)
    return (low if low == high else both.format(low=low, high=high)) + ("+" if dose.is_open else "")
