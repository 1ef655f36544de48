"""Doses that grow: how much of a range is done today, from what was done before.

The articles behind the catalogue give ranges, but no steps from one end to the other. The figures below are this
project's own conservative choice; `docs/growth.md` explains each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from timer_app.core.fields import SECOND_MS, DoseRange
from timer_app.core.fields.load import Load, amount_text, parse_load
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
        amount: What one set was to be: milliseconds, reps, rounds or millimetres.
        completed: Every set was done to its end, none shortened, and the session was finished.
        more_pain: An answer about pain was higher after the session than before.
        load: With what it was done, such as `20 kg`; empty for nothing.
    """

    day: date
    amount: int
    completed: bool
    more_pain: bool = False
    load: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedDose:
    """The dose of today.

    Attributes:
        amount: What one set is to be: milliseconds, reps or rounds; the first one where they are listed.
        origin: Why it is that much; `None` where that is not known.
        amounts: What each set is to be, where they are listed; empty elsewhere.
        loads: The load of each set, or the one of all; empty where it does not grow.
    """

    amount: int
    origin: DoseOrigin | None = None
    amounts: tuple[int, ...] = ()
    loads: tuple[str, ...] = ()

    @classmethod
    def of_sets(cls, doses: Sequence[ResolvedDose], highs: Sequence[int]) -> ResolvedDose:
        """The doses of all sets of a list as one.

        Args:
            doses: That of each set; one without an origin does not grow.
            highs: What each may grow to.
        """
        amounts = tuple(dose.amount for dose in doses)
        grown = [dose.origin for dose in doses if dose.origin]
        telling = max(grown, key=lambda origin: (bool(origin.load_change), abs(origin.change)), default=None)
        origin = replace(telling, amounts=amounts, highs=tuple(highs)) if telling else None
        loads = tuple(load for dose in doses for load in dose.loads)
        if origin and origin.load:
            origin = replace(origin, load=" / ".join(dict.fromkeys(loads)))
        return cls(amounts[0], origin, amounts, loads)


@dataclass(frozen=True, slots=True)
class ProgressionRange:
    """What a dose may be.

    Attributes:
        kind: Whether it is held, counted in reps, or goes by rounds or a distance.
        dose: The ends.
        start: With how much it begins.
        ceiling: What it may have grown to by now.
        load: With what it is done, as it is written; `None` where that does not grow.
        increment: By how much the load moves at once.
    """

    kind: DoseKey
    dose: DoseRange
    start: int
    ceiling: int
    load: Load | None = None
    increment: Load | None = None

    @classmethod
    def of(cls, kind: DoseKey, dose: DoseRange, level: float = 0.0, ceiling: float = 1.0) -> ProgressionRange:
        """A range that begins at `level` and may have grown to `ceiling`, both from 0 to 1."""
        most = dose.at(ceiling)
        return cls(kind, dose, min(dose.at(level), most), most)

    def with_load(self, load: Load, increment: Load) -> ProgressionRange:
        """The same with a load that grows: from its amount on, or within its range."""
        return replace(self, load=load, increment=increment)

    @property
    def grows(self) -> bool:
        """Whether there is anything to grow."""
        return self.dose.low < self.dose.high or self.load is not None

    @property
    def step(self) -> int:
        """By how much it moves at once."""
        tenth = -(-(self.dose.high - self.dose.low) // MOST_STEPS)
        if self.kind == "distance":
            return -(-tenth // self.dose.grain) * self.dose.grain
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
    """The dose of today, and its load where that grows.

    A dose moves up one step after a day on which it was completed without more pain, down one after a day with more
    pain, and down one for each two weeks of a break. It depends only on the records up to today, whatever their order.

    Args:
        span: What it may be.
        records: What was done before.
        today: The day for which it is asked.
    """
    if span.load is not None and span.increment is not None:
        return _resolve_loaded(replace(span, load=None), _LoadRange(span.load, span.increment), list(records), today)
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
        unit=span.dose.unit,
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


class _LoadRange(NamedTuple):
    """What a load may be: as it is written, and by how much it moves at once."""

    load: Load
    increment: Load

    @property
    def step(self) -> Decimal:
        return self.increment.low or Decimal(1)

    def clamp(self, amount: Decimal) -> Decimal:
        """`amount`, or the end that is nearer; a load that is no range has no high end."""
        low, high = self.load.low or Decimal(), self.load.high or Decimal()
        return max(low, min(amount, high) if self.load.is_range else amount)


def _resolve_loaded(
    span: ProgressionRange, loads: _LoadRange, records: list[PastPerformance], today: date
) -> ResolvedDose:
    """The dose and the load of today.

    The load moves up by its increment after a day on which the most that a set may be was completed with it without
    more pain; the dose begins anew with the new load. It moves down after a day with more pain, and for each two weeks
    of a break, as a dose does.
    """
    known = sorted(record for record in records if record.day <= today)
    course = _LoadProgress(loads.clamp(loads.load.low or Decimal()), Decimal())
    for day, group in groupby(known, lambda record: record.day):
        done = tuple(record for record in group if _amount_of(record, loads) is not None)
        if done:
            course = _load_after_day(_load_after_break(course, loads, day), span, loads, done, today)
    course = _load_after_break(course, loads, today)
    load = loads.load.with_amount(course.amount)
    dose = resolve_dose(span, (record for record in known if record.load == str(load)), today)
    origin = dose.origin
    if origin:
        change = course.change
        sign = "+" if change > 0 else "-"
        said = f"{sign}{amount_text(abs(change))} {loads.load.unit}" if change else ""
        origin = replace(
            origin,
            load=str(load),
            load_change=said,
            increment=str(loads.increment),
            last=course.last or origin.last,
            reason=course.reason if change or origin.last is None else origin.reason,
            gap_days=course.gap_days or origin.gap_days,
        )
    return ResolvedDose(dose.amount, origin, loads=(str(load),))


@dataclass(frozen=True, slots=True)
class _LoadProgress:
    """Where a load stands: like `_Progress`, with how much it changed since the last day."""

    amount: Decimal
    change: Decimal
    last: date | None = None
    reason: DoseReason = "first"
    gap_days: int = 0


def _amount_of(record: PastPerformance, loads: _LoadRange) -> Decimal | None:
    """The amount of a record's load; `None` where it is of another kind."""
    parsed = parse_load(record.load) if record.load else None
    if parsed is None or parsed.low is None or (parsed.unit, parsed.before) != (loads.load.unit, loads.load.before):
        return None
    return parsed.low


def _load_after_break(course: _LoadProgress, loads: _LoadRange, day: date) -> _LoadProgress:
    gap_days = (day - course.last).days if course.last else 0
    back = max(0, gap_days - 1) // BREAK_DAYS
    if not back:
        return course
    amount = loads.clamp(course.amount - back * loads.step)
    change = course.change + amount - course.amount
    return replace(course, amount=amount, change=change, reason="break", gap_days=gap_days)


def _load_after_day(
    course: _LoadProgress, span: ProgressionRange, loads: _LoadRange, done: tuple[PastPerformance, ...], today: date
) -> _LoadProgress:
    before, day = course.amount, done[0].day
    if any(record.more_pain for record in done):
        lowered = loads.clamp(before - loads.step)
        return _LoadProgress(lowered, lowered - before, day, "pain")
    lifted = [
        amount
        for record in done
        if record.completed and record.amount >= span.ceiling and (amount := _amount_of(record, loads)) is not None
    ]
    if day >= today or not lifted:
        return _LoadProgress(before, Decimal(), day, "kept")
    raised = max(before, loads.clamp(min(before, max(lifted)) + loads.step))
    return _LoadProgress(raised, raised - before, day, "grown")
