"""Doses that grow: how much of a range is done today, from what was done before. A pure rule, and its words.

The articles behind the catalogue give ranges, but no steps from one end to the other. The figures below are this
project's own conservative choice; `docs/growth.md` tells why each is what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from timer_app.core.fields.notation import SECOND_MS, DoseRange, duration_text
from timer_app.core.text.format import count_text
from timer_app.core.timeline.model import StepInfo

if TYPE_CHECKING:
    from timer_app.core.session.exercise import DoseKey

LEAST_HOLD_STEP_MS = 2 * SECOND_MS
LEAST_COUNT_STEP = 1
MOST_STEPS = 10  # from the low end to the high end
BREAK_DAYS = 14

Reason = Literal["first", "grown", "kept", "pain", "break"]


@dataclass(frozen=True, slots=True, order=True)
class PastPerformance:
    """One record of a step, as the rule looks at it.

    Attributes:
        day: The day on which it was done.
        amount: What one set was to be: milliseconds, reps or rounds.
        completed: Every set was done to its end, none shortened, and the session was finished.
        more_pain: An answer about pain was higher after the session than before.
    """

    day: date
    amount: int
    completed: bool
    more_pain: bool = False


@dataclass(frozen=True, slots=True)
class ResolvedDose:
    """The dose of today.

    Attributes:
        amount: What one set is to be: milliseconds, reps or rounds.
        explanation: Where it comes from, in words; empty where there is nothing to tell.
    """

    amount: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class ProgressionRange:
    """What a dose may be.

    Attributes:
        kind: Whether it is held, counted in reps, or goes by rounds.
        dose: The ends.
        start: With how much it begins.
        ceiling: What it may have grown to by now.
    """

    kind: DoseKey
    dose: DoseRange
    start: int
    ceiling: int

    @classmethod
    def of(cls, kind: DoseKey, dose: DoseRange, level: float = 0.0, ceiling: float = 1.0) -> ProgressionRange:
        """A range that begins at `level` and may have grown to `ceiling`, both from 0 to 1."""
        most = dose.at(ceiling)
        return cls(kind, dose, min(dose.at(level), most), most)

    @property
    def step(self) -> int:
        """By how much it moves at once."""
        tenth = -(-(self.dose.high - self.dose.low) // MOST_STEPS)
        if self.kind != "hold":
            return max(LEAST_COUNT_STEP, tenth)
        return max(LEAST_HOLD_STEP_MS, -(-tenth // SECOND_MS) * SECOND_MS)

    def clamp(self, amount: int) -> int:
        """`amount`, or the end that is nearer."""
        return min(self.dose.high, max(self.dose.low, amount))

    def amount_text(self, amount: int) -> str:
        """An amount for reading: `24 s`, `12 reps`, `1 round`."""
        if self.kind == "hold":
            return duration_text(amount)
        return count_text(amount, "rep" if self.kind == "reps" else "round")


@dataclass(frozen=True, slots=True)
class _Progress:
    """Where a dose stands.

    Attributes:
        amount: Now.
        before: On the last day on which it was done.
        last: That day; `None` before the first.
        reason: Why it is as it is.
        gap_days: How long the break was after which it is smaller.
    """

    amount: int
    before: int
    last: date | None = None
    reason: Reason = "first"
    gap_days: int = 0


def resolve_dose(span: ProgressionRange, records: Iterable[PastPerformance], today: date) -> ResolvedDose:
    """The dose of today.

    It moves up one step after a day on which it was completed without more pain, down one after a day with more pain,
    and down one for each two weeks of a break. It depends only on the records up to today, whatever their order.

    Args:
        span: What it may be.
        records: What was done before.
        today: The day for which it is asked.
    """
    course = _Progress(span.clamp(span.start), span.clamp(span.start))
    known = sorted(record for record in records if record.day <= today)
    for day, done in groupby(known, lambda record: record.day):
        course = _after_day(_after_break(course, span, day), span, day, tuple(done), is_over=day < today)
    course = _after_break(course, span, today)
    course = replace(course, amount=min(course.amount, span.ceiling), before=min(course.before, span.ceiling))
    return ResolvedDose(
        course.amount, ": ".join((f"{span.amount_text(course.amount)} today", _why(course, span, today)))
    )


def _after_break(course: _Progress, span: ProgressionRange, day: date) -> _Progress:
    gap_days = (day - course.last).days if course.last else 0
    back = max(0, gap_days - 1) // BREAK_DAYS
    if not back:
        return course
    amount = span.clamp(course.amount - back * span.step)
    return replace(course, amount=amount, reason="break", gap_days=gap_days)


def _after_day(
    course: _Progress, span: ProgressionRange, day: date, done: tuple[PastPerformance, ...], *, is_over: bool
) -> _Progress:
    before = course.amount
    if any(record.more_pain for record in done):
        return _Progress(span.clamp(before - span.step), before, day, "pain")
    done_amounts = [record.amount for record in done if record.completed]
    # A day raises the dose once, from the next day on, and to one step above what was really done.
    if not is_over or not done_amounts:
        return _Progress(before, before, day, "kept")
    raised = span.clamp(min(before, max(done_amounts)) + span.step)
    return _Progress(max(before, raised), before, day, "grown")


def _why(course: _Progress, span: ProgressionRange, today: date) -> str:
    """Where the dose of today comes from."""
    if course.last is None:
        return _first(course, span)
    change, on = _change(course, span), _on(course.last, today)
    match course.reason:
        case "break":
            return f"{change or f'as {on}'} after a break of {course.gap_days} days"
        case "pain":
            return f"{change}, as pain had grown {on}" if change else f"as {on}, when pain had grown"
    if change:
        return f"{change} since {on.removeprefix('on ')}"
    return f"the high end, as {on}" if course.amount == span.dose.high else f"as {on}"


def _first(course: _Progress, span: ProgressionRange) -> str:
    if course.amount == span.dose.high:
        return "the high end"
    return f"the first time; it grows to {span.amount_text(span.dose.high)}"


def _change(course: _Progress, span: ProgressionRange) -> str:
    """By how much it differs from the last time; empty where it does not."""
    change = course.amount - course.before
    return f"{'+' if change > 0 else '-'}{span.amount_text(abs(change))}" if change else ""


def _on(day: date, today: date) -> str:
    """A day of the past, in words that suit how long ago it is."""
    days = (today - day).days
    if days <= 1:
        return "yesterday" if days else "earlier today"
    return f"on {_WEEKDAYS[day.weekday()]}" if days < len(_WEEKDAYS) else f"on {day.day} {_MONTHS[day.month - 1]}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def dose_explanations(steps: Iterable[StepInfo]) -> Iterator[str]:
    """Where the doses of steps come from, a line each and each once."""
    return iter(dict.fromkeys(f"{step.name}: {step.growth}" for step in steps if step.growth))
