from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from timer_app.core.player.controls import Control, RunCommand, command_for, default_command
from timer_app.core.player.player import Player
from timer_app.core.player.states import TRANSITIONS, Command, Snapshot, State
from timer_app.core.timeline.model import Phase
from timer_app.testing import hold, measure, overrun, self_paced, timeline, wait

ONGOING = (State.RUNNING, State.WAITING, State.LEAD_IN, State.PAUSED)


def standing(phase: Phase, state: State) -> Snapshot:
    return replace(Player(timeline(phase)).snapshot(0), state=state)


@pytest.mark.parametrize("phase", [hold(1_000), overrun(), self_paced(3), wait(), measure()])
@pytest.mark.parametrize("state", ONGOING)
def test_the_main_key_never_does_what_the_run_refuses_and_never_skips_a_question(phase: Phase, state: State) -> None:
    command = default_command(standing(phase, state))
    assert command in TRANSITIONS[state]
    assert phase.measure is None or command in (Command.PAUSE, Command.RESUME)


def test_every_control_has_a_command_in_a_run_that_is_paused() -> None:
    now = standing(hold(1_000), State.PAUSED)
    commands = {control: command_for(control, now) for control in get_args(Control)}
    assert None not in commands.values()
    assert commands["go"] == commands["go_on"] == commands["pause"] == RunCommand(Command.RESUME)


def test_there_is_nothing_to_proceed_from_while_the_run_moves_by_itself() -> None:
    assert command_for("go_on", standing(hold(1_000), State.RUNNING)) is None
