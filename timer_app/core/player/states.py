"""The legal moves of a run, as one table; `docs/player.md` draws it.

A frozen picture of a run, made for screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from timer_app.core.player.events import Event
from timer_app.core.timeline.model import Phase


class State(StrEnum):
    """Where a run stands. The words are those that messages use."""

    READY = "ready to start"
    RUNNING = "running"
    WAITING = "waiting for you"
    LEAD_IN = "about to go on"
    PAUSED = "paused"
    FINISHED = "finished"
    ABORTED = "given up"


class Command(StrEnum):
    """What a user can ask of a run. The words are those that messages use."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    BACK = "back"
    RESTART = "restart this phase"
    JUMP = "jump to a step"
    AGAIN = "once more"
    ADD_TIME = "add or take off time"
    COUNT_REP = "count a rep"
    ANSWER = "answer"
    FINISH = "finish"
    ABORT = "give up"


_S, _C = State, Command
_ACTIVE_STATES = (_S.RUNNING, _S.WAITING)
_ONWARD = (
    *_ACTIVE_STATES,
    _S.LEAD_IN,
    _S.FINISHED,
)  # what follows a phase: another, the same set once more, or the end
_ENDS = {_C.FINISH: (_S.FINISHED,), _C.ABORT: (_S.ABORTED,)}

# state -> command -> the states it may lead to. What is not in here is refused and changes nothing.
TRANSITIONS: dict[State, dict[Command, tuple[State, ...]]] = {
    _S.READY: {
        _C.START: (*_ACTIVE_STATES, _S.LEAD_IN),
        _C.JUMP: (_S.READY,),
        _C.ABORT: (_S.ABORTED,),
    },
    _S.RUNNING: {
        _C.PAUSE: (_S.PAUSED,),
        _C.NEXT: _ONWARD,
        _C.BACK: _ACTIVE_STATES,
        _C.RESTART: _ACTIVE_STATES,
        _C.JUMP: _ACTIVE_STATES,
        _C.AGAIN: (_S.RUNNING, _S.LEAD_IN),
        _C.ADD_TIME: _ONWARD,
        **_ENDS,
    },
    _S.WAITING: {
        _C.PAUSE: (_S.PAUSED,),
        _C.NEXT: _ONWARD,
        _C.BACK: _ACTIVE_STATES,
        _C.RESTART: _ACTIVE_STATES,
        _C.JUMP: _ACTIVE_STATES,
        _C.AGAIN: (_S.WAITING, _S.LEAD_IN),
        _C.COUNT_REP: _ONWARD,
        _C.ANSWER: _ONWARD,
        **_ENDS,
    },
    _S.LEAD_IN: {
        _C.PAUSE: (_S.PAUSED,),
        _C.NEXT: _ONWARD,
        _C.BACK: _ACTIVE_STATES,
        _C.RESTART: _ACTIVE_STATES,
        _C.JUMP: _ACTIVE_STATES,
        **_ENDS,
    },
    _S.PAUSED: {
        _C.RESUME: (_S.LEAD_IN,),
        _C.NEXT: (_S.PAUSED, _S.FINISHED),
        _C.BACK: (_S.PAUSED,),
        _C.RESTART: (_S.PAUSED,),
        _C.JUMP: (_S.PAUSED,),
        _C.ADD_TIME: (_S.PAUSED,),
        **_ENDS,
    },
    _S.FINISHED: {},
    _S.ABORTED: {},
}

# Time passing moves a run too, always from one of these to one of those.
TIMED_TRANSITIONS: dict[State, tuple[State, ...]] = {
    _S.RUNNING: _ONWARD,
    _S.LEAD_IN: _ACTIVE_STATES,
}


class IllegalTransitionError(Exception):
    """A command that the run cannot follow now; the run is unchanged.

    Args:
        command: What was asked.
        state: Where the run stood.
        reason: Said instead of the state where that tells more.

    Attributes:
        due_events: What fell due before the command was looked at.
    """

    def __init__(self, command: Command, state: State, reason: str = "") -> None:
        self.command = command
        self.state = state
        self.due_events: list[Event] = []
        super().__init__(_refusal(command, state, reason))


def _refusal(command: Command, state: State, reason: str) -> str:
    """The line to show; a bad answer is no bad moment, so its reason stands alone."""
    if command is Command.ANSWER and reason:
        return f"{reason[:1].upper()}{reason[1:]}."
    return f"Not now: “{command}” — {reason or f'the run is {state}'}."


def allowed_targets(state: State, command: Command) -> tuple[State, ...]:
    """The states that `command` may lead to from `state`.

    Raises:
        IllegalMoveError: The table has no such move.
    """
    try:
        return TRANSITIONS[state][command]
    except KeyError:
        raise IllegalTransitionError(command, state) from None


class RunPosition(NamedTuple):
    """Where a run stands: the index of a phase, and the reps counted by hand in it."""

    phase: int
    counted_reps: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a screen shows of a run at one moment.

    Attributes:
        index: Of the phase in `Timeline.phases`.
        elapsed_ms: Time gone in the phase.
        remaining_ms: Time left in the phase; `None` where it waits for the user.
        duration_ms: The phase's length with what was added; `None` where it waits.
        lead_in_ms: Time left before work goes on; 0 outside a lead-in.
        counted_reps: Reps counted by the user in this phase.
        repeats_set: The set will be repeated.
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
    counted_reps: int
    repeats_set: bool
    session_elapsed_ms: int
    session_remaining_ms: int
