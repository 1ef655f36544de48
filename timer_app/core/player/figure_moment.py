"""Which figure a run shows, and what it does, at a position on the timeline."""

from __future__ import annotations

from timer_app.core.figures import FREE_REP_MS, Figure, FigureActivity, FigureState
from timer_app.core.timeline import Phase, Timeline

_OTHER_SIDES = ("right", "second")


def figure_at(timeline: Timeline, index: int) -> Figure | None:
    """The figure of the phase at `index`: that of its work, or of the work that comes next."""
    work = _next_work(timeline, index)
    return None if work is None or work.step is None else timeline.steps[work.step].figure


def figure_state_at(timeline: Timeline, index: int, elapsed_ms: int, duration_ms: int | None) -> FigureState:
    """What the figure of that phase does.

    Args:
        timeline: What is run.
        index: The index of the phase.
        elapsed_ms: Time elapsed in it.
        duration_ms: Its length including added time; `None` where it waits for the user.
    """
    phase, work = timeline.phases[index], _next_work(timeline, index)
    figure = figure_at(timeline, index)
    kind = None if work is None else work.side_kind
    rep = _rep_fraction(timeline, index, elapsed_ms)
    return FigureState(
        activity=_activity(timeline, index),
        elapsed_ms=elapsed_ms,
        fraction=min(1.0, elapsed_ms / duration_ms) if duration_ms else 0.0,
        part=(phase.part_number or 1) - 1,
        rep_fraction=rep,
        is_second_side=kind in _OTHER_SIDES,
        mirrored=figure is not None and _is_mirrored(figure, work),
    )


def _next_work(timeline: Timeline, index: int) -> Phase | None:
    """The phase at `index` if it is work, otherwise the next that is."""
    return next((phase for phase in timeline.phases[index:] if phase.kind == "work"), None)


def _activity(timeline: Timeline, index: int) -> FigureActivity:
    phase = timeline.phases[index]
    if phase.kind in {"prepare", "switch"}:
        return "ready"
    if phase.kind == "work":
        moves = phase.self_paced or phase.rep is not None or phase.part_number is not None
        return "cycle" if moves else "hold"
    follows = index + 1 < len(timeline.phases) and timeline.phases[index + 1].kind == "work"
    return "settle" if follows and phase.duration_ms is not None else "neutral"


def _rep_fraction(timeline: Timeline, index: int, elapsed_ms: int) -> float:
    """The share of the rep or round that is over; self-paced reps are shown at a steady pace."""
    phase = timeline.phases[index]
    if phase.self_paced:
        return elapsed_ms % FREE_REP_MS / FREE_REP_MS
    first = last = index
    while first > 0 and _same_rep(timeline.phases[first - 1], phase):
        first -= 1
    while last + 1 < len(timeline.phases) and _same_rep(timeline.phases[last + 1], phase):
        last += 1
    lengths = [part.duration_ms or 0 for part in timeline.phases[first : last + 1]]
    whole_ms = sum(lengths)
    return min(1.0, (sum(lengths[: index - first]) + elapsed_ms) / whole_ms) if whole_ms else 0.0


def _same_rep(one: Phase, other: Phase) -> bool:
    return (one.unit, one.rep, one.round) == (other.unit, other.rep, other.round)


def _is_mirrored(figure: Figure, work: Phase | None) -> bool:
    """Whether the figure is mirrored; in the side view, the near limbs are those of the side that works.

    A figure that faces right shows its right side, so it faces left for the left side.
    """
    if figure.other_side != "mirror" or work is None or work.side_kind is None:
        return False
    is_second = work.side_kind in _OTHER_SIDES
    return not is_second if figure.view == "side" else is_second
