"""What the play screen says of the exercise that runs and of the one that comes next."""

from __future__ import annotations

from timer_app.core.fields.notation import duration_text
from timer_app.core.timeline.model import Phase, Timeline
from timer_app.tui.view import RunView
from timer_app.tui.wording import needs, seconds_left, set_and_side

# The kinds of phase in which the person does something: what "next" may name.
_DOINGS = ("work", "measure", "wait")
# These are part of what they lead to.
_LEADING = ("prepare", "switch")
_BREAKS = ("rest", "say")


def instruction(view: RunView) -> str:
    """The text of the phase, unless it only repeats the name; while nothing is to be done, that of what comes next."""
    phase = view.snapshot.phase
    if phase.text and phase.text != phase.label:
        return phase.text
    following = next_phase(view.timeline, view.snapshot.index)
    if phase.kind != "rest" or following is None or following.text == following.label:
        return ""
    return following.text


def next_line(view: RunView) -> str:
    """What comes after this: its name, and below that how much of it and what is needed."""
    following = next_phase(view.timeline, view.snapshot.index)
    if following is None:
        return "Nothing comes after this."
    return "\n".join(line for line in (f"Next: {_title(view.timeline, following)}", _details(view, following)) if line)


def next_phase(timeline: Timeline, index: int) -> Phase | None:
    """The first phase of what is to be done after what phase `index` is part of; `None` when that is the last."""
    at: int | None = index
    if timeline.phases[index].kind in _LEADING:
        at = _next_doing(timeline, index)
    at = None if at is None else _next_doing(timeline, at)
    return None if at is None else timeline.phases[at]


def _next_doing(timeline: Timeline, index: int) -> int | None:
    """The first phase after the unit of phase `index` in which something is to be done."""
    at = timeline.next_unit(index)
    while at is not None and timeline.phases[at].kind not in _DOINGS:
        at = timeline.next_unit(at)
    return at


def _title(timeline: Timeline, phase: Phase) -> str:
    """What a phase is called; a step that waits has no name but what it asks for."""
    return timeline.steps[phase.step].name if phase.kind == "wait" and phase.step is not None else phase.label


def _details(view: RunView, following: Phase) -> str:
    """Set and side of more of the same exercise; else how much there is of another, and what it needs."""
    here = view.snapshot.phase
    if following.step is None:
        return ""
    if following.step == here.step:
        more = " · ".join(part for part in (set_and_side(following), _length(following)) if part)
        return more[:1].upper() + more[1:]
    step = view.timeline.steps[following.step]
    needed = needs(step) if here.kind in _BREAKS else ""
    return " · ".join(part for part in (step.dose or _length(following), needed) if part)


def _length(phase: Phase) -> str:
    """How long one uninterrupted piece of work lasts."""
    if phase.duration_ms is None or phase.part:
        return ""
    return duration_text(seconds_left(phase.duration_ms) * 1_000)
