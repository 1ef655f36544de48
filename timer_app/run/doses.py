"""Today's doses of a session: its ranges, advanced by what the history has of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from timer_app.core.training import PastPerformance, ProgressionRange, ResolvedDose, resolve_dose
from timer_app.history.database import HistoryError
from timer_app.history.run_log import exercise_name

if TYPE_CHECKING:
    from timer_app.core.fields.load import Load
    from timer_app.core.session import DoseKey, Exercise, SetDoses
    from timer_app.core.session.model import Session
    from timer_app.history import Store
    from timer_app.run.options import RunOptions


@dataclass(frozen=True, slots=True)
class _RangedStep:
    """A step with a dose that is a range, or with a load that grows.

    Attributes:
        index: In the list of steps.
        dose_key: The name under which the history follows it, and the kind of its dose.
        dose_ranges: The range, or that of each set.
        is_listed: Each set has a dose or a load of its own.
    """

    index: int
    dose_key: tuple[str, DoseKey]
    dose_ranges: tuple[ProgressionRange, ...]
    is_listed: bool = False


def resolve_doses(
    options: RunOptions, session: Session, catalogue: Mapping[str, Exercise], store: Store, today: date
) -> RunOptions:
    """Options with today's doses for the steps of `session`.

    They are returned unchanged where doses are not progressive, where a level was requested, or where doses are set.

    Args:
        options: How to run the session.
        session: The session.
        catalogue: The exercises.
        store: The history; if it cannot be read, every dose starts afresh.
        today: The day for which doses are resolved.
    """
    if not options.growth or options.level is not None or options.doses:
        return options
    level = options.resolved(session).level
    doses = todays_doses(
        session, catalogue, store, today, level=level, ceiling=options.ceiling, variants=options.variants or {}
    )
    return replace(options, doses=doses)


def todays_doses(  # noqa: PLR0913 - all that today's dose depends on
    session: Session,
    catalogue: Mapping[str, Exercise],
    store: Store,
    today: date,
    *,
    level: float = 0.0,
    ceiling: float = 1.0,
    variants: Mapping[int, str] | None = None,
) -> dict[int, ResolvedDose]:
    """Today's dose of every step with a range, by its index in the list of steps."""
    ranged_steps = list(_ranged_steps(session, catalogue, level, ceiling, variants or {}))
    if not ranged_steps:
        return {}
    from timer_app.history.earlier_results import past_doses, past_set_doses

    names = {step.dose_key for step in ranged_steps if not step.is_listed}
    listed = {step.dose_key for step in ranged_steps if step.is_listed}
    try:
        performances = store.query(lambda base: past_doses(base, names, today)) if names else {}
        of_sets = store.query(lambda base: past_set_doses(base, listed, today)) if listed else {}
    except HistoryError:
        performances, of_sets = {}, {}

    def resolved(step: _RangedStep) -> ResolvedDose:
        if not step.is_listed:
            return resolve_dose(step.dose_ranges[0], performances.get(step.dose_key, ()), today)
        numbered = enumerate(step.dose_ranges, 1)
        doses = [_set_dose(span, of_sets.get((*step.dose_key, number), ()), today) for number, span in numbered]
        return ResolvedDose.of_sets(doses, [span.dose.high for span in step.dose_ranges])

    return {step.index: resolved(step) for step in ranged_steps}


def _set_dose(span: ProgressionRange, performances: Iterable[PastPerformance], today: date) -> ResolvedDose:
    """The dose of one set of a list, which need not grow."""
    return resolve_dose(span, performances, today) if span.grows else ResolvedDose(span.dose.low)


def _ranged_steps(
    session: Session, catalogue: Mapping[str, Exercise], level: float, ceiling: float, variants: Mapping[int, str]
) -> Iterator[_RangedStep]:
    from timer_app.core.compiler import flat_steps, resolve
    from timer_app.core.session.model import WorkStep

    for index, flat in enumerate(flat_steps(session.steps)):
        if not isinstance(flat.step, WorkStep):
            continue
        done = variants.get(index, flat.step.exercise or "")
        exercise = catalogue.get(done)
        kind, dose = resolve.own_dose(flat.step, exercise, level)
        spans = tuple(_spans(kind, dose, resolve.own_loads(flat.step, exercise), level, ceiling))
        if any(span.grows for span in spans):
            name = exercise_name(done, flat.step.name or "")
            yield _RangedStep(index, (name, kind), spans, isinstance(dose, tuple) or len(spans) > 1)


def _spans(
    kind: DoseKey,
    dose: SetDoses,
    loaded: tuple[tuple[Load, ...], Load | None],
    level: float,
    ceiling: float,
) -> Iterator[ProgressionRange]:
    """What a set may be, or each of them where they are listed."""
    doses, (loads, increment) = dose if isinstance(dose, tuple) else (dose,), loaded
    count = max(len(doses), len(loads))
    for number in range(count):
        span = ProgressionRange.of(kind, doses[number % len(doses)], level, ceiling)
        yield span.with_load(loads[number % len(loads)], increment) if increment else span
