"""Which variant of an exercise is done today, and which one after a key that asks for an easier or a harder one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from timer_app.core.i18n import _
from timer_app.core.training import PastPerformance, ladder
from timer_app.history.database import HistoryError

if TYPE_CHECKING:
    from timer_app.core.compiler import CompileContext
    from timer_app.core.fields import DoseRange
    from timer_app.core.player.states import Snapshot
    from timer_app.core.session import Exercise
    from timer_app.core.session.model import Session
    from timer_app.core.timeline import Timeline
    from timer_app.history import Store
    from timer_app.run.options import RunOptions


def resolve_variants(
    options: RunOptions, session: Session, catalogue: Mapping[str, Exercise], store: Store, today: date
) -> RunOptions:
    """Options with the variants of today, as the history has them; unchanged where they are chosen already.

    Args:
        options: How to run the session.
        session: The session.
        catalogue: The exercises.
        store: The history; if it cannot be read, every ladder begins with the exercise that the session names.
        today: The day.
    """
    from timer_app.core.compiler import flat_steps, resolve
    from timer_app.core.session.model import WorkStep

    known = ladder.ladders(catalogue)
    steps = [
        (index, flat_step.step)
        for index, flat_step in enumerate(flat_steps(session.steps))
        if isinstance(flat_step.step, WorkStep) and flat_step.step.exercise in known
    ]
    if options.variants is not None or not steps:
        return options
    found = {}
    for index, step in steps:
        rungs, named = known[step.exercise or ""], step.exercise or ""
        doses = {rung: resolve.own_dose(step, catalogue[rung]) for rung in rungs}
        performances = _performances({(rung, kind) for rung, (kind, _) in doses.items()}, store, today)
        found[index] = ladder.rung_today(
            rungs, named, performances, {rung: _high_end(dose) for rung, (_, dose) in doses.items()}
        )
    return replace(options, variants=found)


def _high_end(dose: DoseRange | tuple[DoseRange, ...]) -> int:
    """The most that a dose may become, in any of its sets."""
    return max(each.high for each in (dose if isinstance(dose, tuple) else (dose,)))


def _performances(names: set[tuple[str, object]], store: Store, today: date) -> dict[str, list[PastPerformance]]:
    from timer_app.history.earlier_results import past_doses

    try:
        past = store.query(lambda base: past_doses(base, names, today))  # type: ignore[arg-type]
    except HistoryError:
        return {}
    return {name: done for (name, _), done in past.items()}


@dataclass(frozen=True, slots=True)
class VariantChange:
    """Another variant of a step.

    Attributes:
        step: The index of the step.
        context: What the session is compiled with from now on.
    """

    step: int
    context: CompileContext


def changed_variant(
    context: CompileContext, timeline: Timeline, now: Snapshot, by: int, *, seeks: bool = False
) -> VariantChange | str:
    """What changes for an easier or a harder variant of the exercise that is done now, or comes next.

    Args:
        context: What the session is compiled with.
        timeline: What is run.
        now: How the run looks.
        by: How many rungs harder; easier if negative.
        seeks: Pass over exercises that have no variants.

    Returns:
        The change, or why there is none.
    """
    known = ladder.ladders(context.catalogue) if seeks else {}
    steps = (phase.step for phase in timeline.phases[now.index :] if phase.step is not None)
    works = (step for step in steps if timeline.steps[step].is_work)
    step = next((step for step in works if not seeks or timeline.steps[step].exercise in known), None)
    info = None if step is None else timeline.steps[step]
    if step is None or info is None:
        return _("No exercise comes any more.")
    variant = ladder.variant_beside(context.catalogue, info.exercise, by)
    if variant is None:
        text = _("There is no harder variant of {name}.") if by > 0 else _("There is no easier variant of {name}.")
        return text.format(name=info.name)
    doses = {index: dose for index, dose in context.doses.items() if index != step}
    return VariantChange(step, replace(context, variants={**context.variants, step: variant}, doses=doses))


def same_place(before: Timeline, after: Timeline, index: int, step: int) -> tuple[int, bool]:
    """The phase of `after` with which the run goes on, and whether that is the beginning of the step.

    It begins the step anew where the run stands in it; else the run stays where it is.

    Args:
        before: What was run.
        after: The same with another variant of the step.
        index: Where the run stands in `before`.
        step: The step that is done there, or comes next.
    """
    old, new = beginnings(before, step), beginnings(after, step)
    number = bisect_right(old, index)
    if before.phases[index].step == step:
        return new[number - 1], True
    return index + new[number] - old[number], False


def beginnings(timeline: Timeline, step: int) -> list[int]:
    """The phases with which a step begins, each time it is done."""
    phases = timeline.phases
    return [
        index
        for index, phase in enumerate(phases)
        if phase.step == step
        and (not index or phases[index - 1].step != step or phases[index - 1].round != phase.round)
    ]
