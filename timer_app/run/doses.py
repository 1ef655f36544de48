"""Today's doses of a session: its ranges, advanced by what the history has of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from timer_app.core.training import ProgressionRange, ResolvedDose, resolve_dose
from timer_app.history.database import HistoryError
from timer_app.history.run_log import exercise_name

if TYPE_CHECKING:
    from timer_app.core.session import DoseKey, Exercise
    from timer_app.core.session.model import Session
    from timer_app.history import Store
    from timer_app.run.options import RunOptions


@dataclass(frozen=True, slots=True)
class _RangedStep:
    """A step with a dose that is a range.

    Attributes:
        index: In the list of steps.
        dose_key: The name under which the history follows it, and the kind of its dose.
        dose_range: The range.
    """

    index: int
    dose_key: tuple[str, DoseKey]
    dose_range: ProgressionRange


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
    from timer_app.history.earlier_results import past_doses

    names = {step.dose_key for step in ranged_steps}
    try:
        performances = store.query(lambda base: past_doses(base, names, today))
    except HistoryError:
        performances = {}
    return {
        step.index: resolve_dose(step.dose_range, performances.get(step.dose_key, ()), today) for step in ranged_steps
    }


def _ranged_steps(
    session: Session, catalogue: Mapping[str, Exercise], level: float, ceiling: float, variants: Mapping[int, str]
) -> Iterator[_RangedStep]:
    from timer_app.core.compiler import flat_steps, own_dose
    from timer_app.core.session.model import WorkStep

    for index, flat in enumerate(flat_steps(session.steps)):
        if not isinstance(flat.step, WorkStep):
            continue
        done = variants.get(index, flat.step.exercise or "")
        exercise = catalogue.get(done)
        kind, dose = own_dose(flat.step, exercise)
        if dose.low < dose.high:
            name = exercise_name(done, flat.step.name or "")
            yield _RangedStep(index, (name, kind), ProgressionRange.of(kind, dose, level, ceiling))
