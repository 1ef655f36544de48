from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.player.controls import RunCommand
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command, Snapshot, State
from timer_app.core.timeline.model import Measure, Phase, Timeline
from timer_app.plain.line_input import (
    DisplayRequest,
    NotUnderstoodError,
    VolumeRequest,
    help_lines,
    is_quit,
    parse_input,
)

HOLD = Phase("work", "Wall squat", 30_000, 0, 0)
WAIT = Phase("wait", "Wait", None, 0, 0, text="Fetch the roller.")
FREE = Phase("work", "Heel raise", None, 0, 0, self_paced=True, reps=8)
PAIN = Phase("measure", "Pain", None, 0, 0, measure=Measure("pain", "How strong?", 0, 10))


def standing(phase: Phase, state: State) -> Snapshot:
    return replace(Player(Timeline("Test", (phase,))).snapshot(0), state=state)


@pytest.mark.parametrize(
    ("phase", "state", "expected"),
    [
        (HOLD, State.RUNNING, Command.PAUSE),
        (HOLD, State.LEAD_IN, Command.PAUSE),
        (HOLD, State.PAUSED, Command.RESUME),
        (WAIT, State.WAITING, Command.NEXT),
        (FREE, State.WAITING, Command.COUNT_REP),
        (PAIN, State.WAITING, Command.ANSWER),
        (PAIN, State.PAUSED, Command.RESUME),
    ],
)
def test_enter_alone_does_what_is_most_wanted(phase: Phase, state: State, expected: Command) -> None:
    assert parse_input(" \n", standing(phase, state)) == RunCommand(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("n", RunCommand(Command.NEXT)),
        ("NEXT", RunCommand(Command.NEXT)),
        ("b", RunCommand(Command.BACK)),
        ("r", RunCommand(Command.RESTART)),
        ("p", RunCommand(Command.PAUSE)),
        ("o", RunCommand(Command.AGAIN)),
        ("f", RunCommand(Command.FINISH)),
        ("q", RunCommand(Command.ABORT)),
        ("+", RunCommand(Command.ADD_TIME, 10_000)),
        ("-", RunCommand(Command.ADD_TIME, -10_000)),
        ("+30", RunCommand(Command.ADD_TIME, 30_000)),
        ("- 5s", RunCommand(Command.ADD_TIME, -5_000)),
        ("j 3", RunCommand(Command.JUMP, 2)),
        ("jump 12", RunCommand(Command.JUMP, 11)),
        ("j", DisplayRequest.STEPS),
        ("m", DisplayRequest.MUTE),
        ("?", DisplayRequest.HELP),
        ("v 60", VolumeRequest(60)),
        ("v 400", VolumeRequest(100)),
    ],
)
def test_words_mean_commands(typed: str, expected: object) -> None:
    assert parse_input(typed, standing(HOLD, State.RUNNING)) == expected


@pytest.mark.parametrize(("typed", "value"), [("3", 3), ("0", 0), ("2,5", 2.5), ("-4", -4), ("+4", 4), (".5", 0.5)])
def test_a_number_answers_the_question_that_is_asked(typed: str, value: float) -> None:
    assert parse_input(typed, standing(PAIN, State.WAITING)) == RunCommand(Command.ANSWER, value=value)


def test_a_number_where_nothing_is_asked_is_not_understood() -> None:
    with pytest.raises(NotUnderstoodError, match="Nothing is asked now"):
        parse_input("3", standing(HOLD, State.RUNNING))


def test_a_mistyped_word_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotUnderstoodError, match='"finsh" means nothing here; did you mean "finish"'):
        parse_input("finsh", standing(HOLD, State.RUNNING))


def test_p_goes_on_where_the_run_is_paused() -> None:
    assert parse_input("p", standing(HOLD, State.PAUSED)) == RunCommand(Command.RESUME)


def test_giving_up_is_understood_before_the_start() -> None:
    assert [typed for typed in ("q", " Quit ", "", "n", "f") if is_quit(typed)] == ["q", " Quit "]


def test_help_names_every_word() -> None:
    page = "\n".join(help_lines())
    for word in ("Enter", "n", "b", "r", "p", "+", "o", "j", "m", "v", "f", "q", "?"):
        assert word in page


@given(st.text(max_size=20), st.sampled_from([HOLD, WAIT, FREE, PAIN]), st.sampled_from(list(State)))
def test_whatever_is_typed_is_an_order_or_not_understood(typed: str, phase: Phase, state: State) -> None:
    try:
        asked: object = parse_input(typed, standing(phase, state))
    except NotUnderstoodError as error:
        asked = error
    assert isinstance(asked, RunCommand | DisplayRequest | VolumeRequest) or "\n" not in str(asked)
