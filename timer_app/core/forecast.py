"""Which cues come next if nobody intervenes, so that sound can be handed over ahead of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from timer_app.core.events import CueDue
from timer_app.core.timeline import Cue, LeadIn, Phase, Timeline


@dataclass(frozen=True, slots=True)
class Stand:
    """A place in a run.

    Attributes:
        index: Of the phase.
        origin_ms: When the phase's offset is 0, on the clock.
        extra_ms: Time added to the phase.
        again: Its unit will be repeated.
        told_ms: Cues up to this offset have been told and do not come again.
    """

    index: int
    origin_ms: int
    extra_ms: int = 0
    again: bool = False
    told_ms: int = -1


def future_cues(timeline: Timeline, stand: Stand) -> Iterator[CueDue]:
    """Every cue from `stand` on, in order of its due moment; ends where the user must act."""
    index, origin_ms, again = stand.index, stand.origin_ms, stand.again
    extra_ms, told_ms = stand.extra_ms, stand.told_ms
    while index < len(timeline.phases):
        phase = timeline.phases[index]
        for offset_ms, cue in placed(phase, extra_ms):
            if offset_ms > told_ms:
                yield CueDue(origin_ms + offset_ms, index, cue)
        if phase.duration_ms is None:
            return
        origin_ms += max(0, phase.duration_ms + extra_ms)
        extra_ms, told_ms = 0, -1
        if again and timeline.ends_unit(index):
            yield from lead_cues(timeline.again, origin_ms)
            origin_ms += timeline.again.duration_ms
            index, again = timeline.unit_start(index), False
        else:
            index += 1


def lead_cues(lead: LeadIn, from_ms: int) -> Iterator[CueDue]:
    """The cues of a lead-in that begins at `from_ms`."""
    return (CueDue(from_ms + cue.offset_ms, None, cue) for cue in lead.cues)


def placed(phase: Phase, extra_ms: int) -> list[tuple[int, Cue]]:
    """The cues with their offsets in a phase that is `extra_ms` longer than planned, in order."""
    if not extra_ms:
        return [(cue.offset_ms, cue) for cue in phase.cues]
    end_ms = (phase.duration_ms or 0) + extra_ms
    moved = [(cue.offset_ms + extra_ms if cue.from_end else cue.offset_ms, cue) for cue in phase.cues]
    return sorted(((at_ms, cue) for at_ms, cue in moved if 0 <= at_ms < end_ms), key=lambda pair: pair[0])
