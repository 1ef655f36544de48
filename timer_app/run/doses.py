"""How the doses of a session have grown: its ranges, and what the history has of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from timer_app.core.training.progression import ProgressionRange, ResolvedDose, resolve_dose
from timer_app.history.database import HistoryError
from timer_app.history.run_log import exercise_name

if TYPE_CHECKING:
    from timer_app.core.session.exercise import DoseKey, Exercise
    from timer_app.core.session.model import Session
    from timer_app.history.store import Store
    from timer_app.run.options import RunOptions


@dataclass(frozen=True, slots=True)
class _RangedStep:
    """A step with a dose that is a range.

    Attributes:
        index: In the list of steps.
        dose_key: By what it is followed over time, and the kind of its dose.
        dose_range: What it may be.
    """

    index: int
    dose_key: tuple[str, DoseKey]
    dose_range: ProgressionRange


def resolve_doses(
    options: RunOptions, session: Session, catalogue: Mapping[str, Exercise], store: Store, today: date
) -> RunOptions:
    """Options with the doses of today for the steps of `session`.

    They stay as they are where nothing is to grow, where a level was asked for, or where doses are known already.

    Args:
        options: How the session is to be run.
        session: Which one.
        catalogue: The exercises.
        store: What was done before; where it cannot be read, every dose begins anew.
        today: The day for which doses are wanted.
    """
    if not options.growth or options.level is not None or options.doses:
        return options
    level = options.resolved(session).level
    return replace(options, doses=todays_doses(session, catalogue, store, today, level=level, ceiling=options.ceiling))


def todays_doses(  # noqa: PLR0913 - what a dose of today depends on
    session: Session,
    catalogue: Mapping[str, Exercise],
    store: Store,
    today: date,
    *,
    level: float = 0.0,
    ceiling: float = 1.0,
) -> dict[int, ResolvedDose]:
    """The doses of today for every step with a range, by its place in the list of steps."""
    growing = list(_ranged_steps(session, catalogue, level, ceiling))
    if not growing:
        return {}
    from timer_app.history.queries import past_doses

    names = {step.dose_key for step in growing}
    try:
        known = store.query(lambda base: past_doses(base, names, today))
    except HistoryError:
        known = {}
    return {step.index: resolve_dose(step.dose_range, known.get(step.dose_key, ()), today) for step in growing}


def _ranged_steps(
    session: Session, catalogue: Mapping[str, Exercise], level: float, ceiling: float
) -> Iterator[_RangedStep]:
    from timer_app.core.compiler.resolve import own_dose
    from timer_app.core.compiler.unroll import flat_steps
    from timer_app.core.session.model import WorkStep

    for place, leaf in enumerate(flat_steps(session.steps)):
        if not isinstance(leaf.step, WorkStep):
            continue
        exercise = catalogue.get(leaf.step.exercise or "")
        kind, dose = own_dose(leaf.step, exercise)
        if dose.low < dose.high:
            name = exercise_name(leaf.step.exercise or "", leaf.step.name or "")
            yield _RangedStep(place, (name, kind), ProgressionRange.of(kind, dose, level, ceiling))
