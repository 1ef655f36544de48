"""What a key means in the state that a run is in.

Every front end asks here: the screen and its page for keys, the plain run for typed words. None of them looks at the
state of the run to find out what the user wants.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from timer_app.core.player.states import Command, Snapshot, State

TIME_STEP_MS = 10_000

Control = Literal[
    "go", "go_on", "pause", "next", "back", "restart", "again", "more_time", "less_time", "finish", "give_up"
]


class RunCommand(NamedTuple):
    """A command with its arguments, in the order in which `Player.send` and `Conductor.send` take them.

    Attributes:
        command: What to do.
        amount: Milliseconds for `ADD_TIME`, the step's index for `JUMP`.
        value: The number for `ANSWER`; `None` skips the question.
    """

    command: Command
    amount: int = 0
    value: float | None = None


_FIXED_COMMANDS: dict[Control, RunCommand] = {
    "next": RunCommand(Command.NEXT),
    "back": RunCommand(Command.BACK),
    "restart": RunCommand(Command.RESTART),
    "again": RunCommand(Command.AGAIN),
    "more_time": RunCommand(Command.ADD_TIME, TIME_STEP_MS),
    "less_time": RunCommand(Command.ADD_TIME, -TIME_STEP_MS),
    "finish": RunCommand(Command.FINISH),
    "give_up": RunCommand(Command.ABORT),
}


def default_command(now: Snapshot) -> Command:
    """What the main key does: pause, go on, or count a rep or a round.

    It never skips a question: that would lose an answer by a key that usually pauses.
    """
    if now.state is State.WAITING and now.question is None:
        return Command.COUNT_REP if now.phase.self_paced else Command.NEXT
    if now.state is State.RUNNING and now.phase.counts_rounds:
        return Command.COUNT_ROUND
    return pause_command(now)


def pause_command(now: Snapshot) -> Command:
    """Pause, or go on after a pause."""
    return Command.RESUME if now.state is State.PAUSED else Command.PAUSE


def proceed_command(now: Snapshot) -> Command | None:
    """Go on where the run stands still; `None` where it moves by itself."""
    if now.state is State.WAITING:
        return Command.NEXT
    return Command.RESUME if now.state is State.PAUSED else None


def command_for(control: Control, now: Snapshot) -> RunCommand | None:
    """What a control does as the run stands `now`; `None` where it does nothing."""
    if control in _FIXED_COMMANDS:
        return _FIXED_COMMANDS[control]
    command = {"go": default_command, "go_on": proceed_command, "pause": pause_command}[control](now)
    return None if command is None else RunCommand(command)
