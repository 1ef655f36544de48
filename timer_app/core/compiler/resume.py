"""What is said besides the timeline: before a paused run goes on, and when its session was changed.

Before it goes on, that is where it stands, what is left, a countdown, and the zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from timer_app.core.compiler.compile import RESUME_LEAD_IN_MS, CompileContext, counted_lead_in
from timer_app.core.compiler.draft import DraftLine, Priority
from timer_app.core.fields import fill_placeholders
from timer_app.core.session.model import Session
from timer_app.core.timeline import Cue, LeadIn, Phase
from timer_app.core.timeline.utterance import Utterance

_GAP_MS: Final = 250
_SECOND_MS: Final = 1_000


class ResumePlace(NamedTuple):
    """Where a run goes on.

    Attributes:
        phase: The phase.
        left_ms: How much is left of it; `None` where it waits for the user.
        elapsed_ms: How much of it is over; at its very beginning its own tone marks zero.
    """

    phase: Phase
    left_ms: int | None
    elapsed_ms: int


def resume_lines(plan: CompileContext, place: ResumePlace) -> list[DraftLine]:
    """The exercise, its side, and what is left of a hold; nothing outside of work, where a cut line is said again."""
    return list(_lines(plan, place)) if plan.speaks and place.phase.kind == "work" else []


def _lines(plan: CompileContext, place: ResumePlace) -> Iterator[DraftLine]:
    phrases, (phase, left_ms, _) = plan.phrases, place
    said = [("introduce", fill_placeholders(phrases.introduce, {"name": phase.label}))]
    if phase.side is not None:
        said.append(("side_now", phrases.side_sentence(phrases.side_now, phase.side)))
    if left_ms is not None and phase.is_plain_hold and round(left_ms / _SECOND_MS):
        said.append(("time_left", fill_placeholders(phrases.time_left, {"seconds": phrases.duration(left_ms)})))
    for key, text in said:
        yield DraftLine(text, Priority.SIDE, language=phrases.language_of(key))


def changed_lines(plan: CompileContext, steps_left: int) -> list[DraftLine]:
    """That the session was changed, and how many steps are left."""
    if not plan.speaks:
        return []
    text = plan.phrases.plural_text(plan.phrases.changed, steps_left)
    return [DraftLine(text, Priority.SESSION, language=plan.phrases.language_of("changed"))]


def utterances(session: Session, lines: Sequence[DraftLine]) -> list[Utterance]:
    """The lines as they are spoken."""
    return [Utterance.in_manner(line.text, line.manner_in(session.manner)) for line in lines]


def resume_lead_in(
    session: Session, plan: CompileContext, place: ResumePlace, is_ready: Callable[[Utterance], bool]
) -> LeadIn:
    """The lead-in of a run that goes on within a phase.

    Args:
        session: The session.
        plan: What it is compiled with.
        place: Where the run goes on.
        is_ready: Whether a line can be spoken now; another one is left out.
    """
    lines, at_ms = [], 0
    for line in resume_lines(plan, place):
        (spoken,) = utterances(session, [line])
        length_ms = plan.lengths.speech(spoken).length_ms
        if length_ms and is_ready(spoken):  # without a voice a line takes no time
            lines.append(line._replace(at_ms=at_ms))
            at_ms += length_ms + _GAP_MS
    whole_ms = -(-at_ms // _SECOND_MS) * _SECOND_MS
    lead_in = counted_lead_in(session, plan, RESUME_LEAD_IN_MS + (whole_ms + _SECOND_MS if lines else 0), *lines)
    phase = place.phase
    if phase.kind != "work" or not place.elapsed_ms or phase.part or phase.rep is not None:
        return lead_in
    zero = Cue(lead_in.duration_ms, "start", plan.lengths.sound("start"))
    return replace(lead_in, cues=(*lead_in.cues, zero))
