"""Which cues come next if nobody intervenes, so that sound can be scheduled ahead of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from timer_app.core.player.events import CueDue
from timer_app.core.timeline import Cue, LeadIn, Phase, Timeline


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in a run, with what decides how it goes on.

    Attributes:
        index: The index of the phase.
        origin_ms: When the phase's offset is 0, on the clock.
        extra_ms: Time added to the phase.
        repeats_set: Its unit will be repeated.
        emitted_ms: Cues up to this offset have been emitted and do not come again.
        round_origin_ms: When the round that lasts a fixed time began, on the clock, pauses left out.
    """

    index: int
    origin_ms: int
    extra_ms: int = 0
    repeats_set: bool = False
    emitted_ms: int = -1
    round_origin_ms: int = 0


def rest_change_ms(phase: Phase, round_ms: int) -> int:
    """By how much longer than planned a phase lasts in which the rest of a round is waited for; 0 for any other.

    Args:
        phase: The phase.
        round_ms: How long the round has lasted when the phase begins.
    """
    return 0 if phase.until_ms is None else max(0, phase.until_ms - round_ms) - (phase.duration_ms or 0)


def future_cues(timeline: Timeline, cursor: Cursor, to_ms: int) -> Iterator[CueDue]:
    """Every cue from `cursor` on that is due before `to_ms`, in order; ends where the user must act."""
    index, origin_ms, repeats_set = cursor.index, cursor.origin_ms, cursor.repeats_set
    extra_ms, emitted_ms, round_origin_ms = cursor.extra_ms, cursor.emitted_ms, cursor.round_origin_ms
    # Phases beyond the horizon are not visited: a long timeline without cues costs no more than a short one.
    while index < len(timeline.phases) and origin_ms < to_ms:
        phase = timeline.phases[index]
        for offset_ms, cue in shifted_cues(phase, extra_ms):
            if offset_ms > emitted_ms and origin_ms + offset_ms < to_ms:
                yield CueDue(origin_ms + offset_ms, index, cue)
        if phase.duration_ms is None:
            return
        origin_ms += phase.duration_ms + extra_ms
        emitted_ms = -1
        if repeats_set and timeline.ends_unit(index):
            yield from (due for due in lead_in_cues(timeline.repeat_lead_in, origin_ms) if due.due_ms < to_ms)
            origin_ms += timeline.repeat_lead_in.duration_ms
            index, repeats_set = timeline.unit_start(index), False
        else:
            index += 1
            if index < len(timeline.phases) and timeline.phases[index].begins_round:
                round_origin_ms = origin_ms
        extra_ms = (
            rest_change_ms(timeline.phases[index], origin_ms - round_origin_ms) if index < len(timeline.phases) else 0
        )


def lead_in_cues(lead: LeadIn, from_ms: int) -> Iterator[CueDue]:
    """The cues of a lead-in that begins at `from_ms`."""
    return (CueDue(from_ms + cue.offset_ms, None, cue) for cue in lead.cues if cue.offset_ms <= lead.duration_ms)


class ActiveLeadIn:
    """A lead-in that begins at `from_ms`, and what is left of it.

    Attributes:
        length_ms: From its beginning to its end.
        end_ms: When the run goes on.
        pending: Its cues that have not been emitted yet, in order.
    """

    def __init__(self, lead: LeadIn, from_ms: int) -> None:
        self.length_ms = lead.duration_ms
        self.end_ms = from_ms + lead.duration_ms
        self.pending = list(lead_in_cues(lead, from_ms))

    def pop_due(self, now_ms: int) -> list[CueDue]:
        """The cues that have fallen due by `now_ms`, each once."""
        due = [cue for cue in self.pending if cue.due_ms <= now_ms]
        self.pending = [cue for cue in self.pending if cue.due_ms > now_ms]
        return due

    def remaining_ms(self, now_ms: int) -> int:
        """Time left of it at `now_ms`."""
        return min(max(0, self.end_ms - now_ms), self.length_ms)


def shifted_cues(phase: Phase, extra_ms: int) -> list[tuple[int, Cue]]:
    """The cues with their offsets in a phase that is `extra_ms` longer than planned, in order.

    Cues that count from the end move with it. A line that the end would cut off, or that another would overlap, is
    left out, and so is one that fills a silence where that is none any more.
    """
    return phase.shifted_cues(extra_ms)


_SHORT_REST_MS: Final = 3_000  # the countdown to going on would be longer than what is left
_REPEATED_MS: Final = 5_000


def resume_offset_ms(phase: Phase, extra_ms: int, offset_ms: int) -> int:
    """Where a run that is paused at `offset_ms` goes on.

    Outside work, at the start of the line that the pause cuts. In the last three seconds of a hold, five seconds before
    its end: nobody gets into position for less.
    """
    if phase.kind == "work":
        end_ms = (phase.duration_ms or 0) + extra_ms
        is_short = phase.is_plain_hold and 0 < end_ms - offset_ms < _SHORT_REST_MS
        return min(offset_ms, max(0, end_ms - _REPEATED_MS)) if is_short else offset_ms
    lines = ((at_ms, cue) for at_ms, cue in shifted_cues(phase, extra_ms) if cue.kind == "speech")
    return next((at_ms for at_ms, cue in lines if at_ms <= offset_ms < at_ms + cue.length_ms), offset_ms)
