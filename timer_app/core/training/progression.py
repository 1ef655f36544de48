"""Doses that grow: how much of a range is done today, from what was done before.

The articles behind the catalogue give ranges, but no steps from one end to the other. The figures below are this
project's own conservative choice; `docs/growth.md` explains each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from timer_app.core.fields import SECOND_MS, DoseRange
from timer_app.core.timeline.dose import DoseOrigin, DoseReason

if TYPE_CHECKING:
    from timer_app.core.session import DoseKey

LEAST_HOLD_STEP_MS = 2 * SECOND_MS
LEAST_COUNT_STEP = 1
MOST_STEPS = 10  # from the low end to the high end
BREAK_DAYS = 14


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
        origin: Why it is that much; `None` where that is not known.
    """

    amount: int
    origin: DoseOrigin | None = None


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
    reason: DoseReason = "first"
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
    origin = DoseOrigin(
        kind=span.kind,
        amount=course.amount,
        high=span.dose.high,
        change=course.amount - course.before,
        today=today,
        last=course.last,
        reason=course.reason,
        gap_days=course.gap_days,
    )
    return ResolvedDose(course.amount, origin)


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
