"""A frozen picture of a run, made for screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from timer_app.core.moves import State
from timer_app.core.timeline.model import Phase


class Place(NamedTuple):
    """Where a run stands: the index of a phase, and the reps counted by hand in it."""

    phase: int
    counted: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a screen shows of a run at one moment.

    Attributes:
        index: Of the phase in `Timeline.phases`.
        elapsed_ms: Time gone in the phase.
        remaining_ms: Time left in the phase; `None` where it waits for the user.
        duration_ms: The phase's length with what was added; `None` where it waits.
        lead_in_ms: Time left before work goes on; 0 outside a lead-in.
        counted: Reps counted by the user in this phase.
        again: The set will be repeated.
        session_elapsed_ms: Place on the timeline, which is not the time spent: pauses and repeats do not count.
        session_remaining_ms: Time left to the end, open phases counted as zero.
    """

    state: State
    index: int
    phase: Phase
    elapsed_ms: int
    remaining_ms: int | None
    duration_ms: int | None
    lead_in_ms: int
    counted: int
    again: bool
    session_elapsed_ms: int
    session_remaining_ms: int
