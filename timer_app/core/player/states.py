"""The states of a run, the commands that move it, and its snapshot for screens; `docs/player.md` draws the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from timer_app.core.i18n import N_, _
from timer_app.core.player.events import Event
from timer_app.core.timeline import Measure, Phase


class State(StrEnum):
    """The state of a run."""

    READY = "ready to start"
    RUNNING = "running"
    WAITING = "waiting for you"
    LEAD_IN = "about to go on"
    PAUSED = "paused"
    FINISHED = "finished"
    ABORTED = "given up"

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen."""
        return self in (State.FINISHED, State.ABORTED)


class Command(StrEnum):
    """What a user can ask of a run."""

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
    COUNT_ROUND = "count a round"
    ANSWER = "answer"
    FINISH = "finish"
    ABORT = "give up"


_S, _C = State, Command
_ACTIVE_STATES = (_S.RUNNING, _S.WAITING)
# What follows a phase: another, the same set once more, or the end.
_ONWARD = (*_ACTIVE_STATES, _S.LEAD_IN, _S.FINISHED)
_ENDS = {_C.FINISH: (_S.FINISHED,), _C.ABORT: (_S.ABORTED,)}

# state -> command -> the states it may lead to. Everything else is refused and changes nothing.
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
        _C.JUMP: (*_ACTIVE_STATES, _S.LEAD_IN),
        _C.AGAIN: (_S.RUNNING, _S.LEAD_IN),
        _C.ADD_TIME: _ONWARD,
        _C.ANSWER: _ONWARD,
        _C.COUNT_ROUND: _ONWARD,
        **_ENDS,
    },
    _S.WAITING: {
        _C.PAUSE: (_S.PAUSED,),
        _C.NEXT: _ONWARD,
        _C.BACK: _ACTIVE_STATES,
        _C.RESTART: _ACTIVE_STATES,
        _C.JUMP: (*_ACTIVE_STATES, _S.LEAD_IN),
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
        _C.JUMP: (*_ACTIVE_STATES, _S.LEAD_IN),
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

# Time moves a run too: from each of these states to one of those.
TIMED_TRANSITIONS: dict[State, tuple[State, ...]] = {
    _S.RUNNING: _ONWARD,
    _S.LEAD_IN: _ACTIVE_STATES,
}


class IllegalTransitionError(Exception):
    """A command that the run cannot follow now; the run is unchanged.

    Args:
        command: The command.
        state: The state of the run.
        reason: A better reason than the state, if there is one.

    Attributes:
        due_events: The events that fell due before the command.
    """

    def __init__(self, command: Command, state: State, reason: str = "") -> None:
        self.command = command
        self.state = state
        self.due_events: list[Event] = []
        super().__init__(_refusal(command, state, reason))


_STATE_REASONS = {
    State.READY: N_("the run is ready to start"),
    State.RUNNING: N_("the run is running"),
    State.WAITING: N_("the run is waiting for you"),
    State.LEAD_IN: N_("the run is about to go on"),
    State.PAUSED: N_("the run is paused"),
    State.FINISHED: N_("the run is finished"),
    State.ABORTED: N_("the run is given up"),
}
_COMMAND_NAMES = {
    Command.START: N_("start"),
    Command.PAUSE: N_("pause"),
    Command.RESUME: N_("resume"),
    Command.NEXT: N_("next"),
    Command.BACK: N_("back"),
    Command.RESTART: N_("restart this phase"),
    Command.JUMP: N_("jump to a step"),
    Command.AGAIN: N_("once more"),
    Command.ADD_TIME: N_("add or take off time"),
    Command.COUNT_REP: N_("count a rep"),
    Command.COUNT_ROUND: N_("count a round"),
    Command.ANSWER: N_("answer"),
    Command.FINISH: N_("finish"),
    Command.ABORT: N_("give up"),
}


def _refusal(command: Command, state: State, reason: str) -> str:
    """The line to show; for a bad answer the moment does not matter, only the reason."""
    if command is Command.ANSWER and reason:
        return f"{reason[:1].upper()}{reason[1:]}."
    why = reason or _(_STATE_REASONS[state])
    return _("Not now: “{command}” — {reason}.").format(command=_(_COMMAND_NAMES[command]), reason=why)


def allowed_targets(state: State, command: Command) -> tuple[State, ...]:
    """The states that `command` may lead to from `state`.

    Raises:
        IllegalTransitionError: The table has no such transition.
    """
    try:
        return TRANSITIONS[state][command]
    except KeyError:
        raise IllegalTransitionError(command, state) from None


class RunPosition(NamedTuple):
    """A position in a run: the index of a phase, the reps or rounds counted by hand in it, and how much is over."""

    phase: int
    counted_reps: int = 0
    offset_ms: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a screen shows of a run at one moment.

    Attributes:
        index: The index of the phase in `Timeline.phases`.
        elapsed_ms: Time elapsed in the phase.
        remaining_ms: Time left in the phase; `None` where it waits for the user.
        duration_ms: The phase's length including added time; `None` where it waits.
        lead_in_ms: Time left before work goes on; 0 outside a lead-in.
        counted_reps: Reps, or rounds by one clock, counted by the user in this phase.
        repeats_set: The set will be repeated.
        session_elapsed_ms: Position on the timeline, which is not the time spent: pauses and repeats do not count.
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

    @property
    def question(self) -> Measure | None:
        """The question that can be answered now; one with a time goes on by itself."""
        return self.phase.measure if self.state in (State.WAITING, State.RUNNING) else None
