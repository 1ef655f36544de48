"""Sets that the user ends, and the questions after a set."""

from __future__ import annotations

from typing import Any

from tests.core.compiling import Step, compiled
from tests.core.player_run import Run
from timer_app.core.player import events as ev
from timer_app.core.player.recorder import Recorder, SessionRecord, SetRecord
from timer_app.core.player.states import Command, State
from timer_app.core.timeline.model import Phase
from timer_app.core.wording.record import answer_lines

PUSH_UP: Step = {"name": "Push-up", "reps": "max"}
AT_LEAST: Step = {"name": "Push-up", "reps": "2+"}
PRESS: Step = {"name": "Press", "reps": 2, "tempo": "1-1", "load": "2 x 12 kg", "ask": ["reps", "load", "rpe"]}


class Session(Run):
    """A run of steps, from the start of the first set on."""

    def __init__(self, *steps: Step, **more: Any) -> None:
        super().__init__(compiled(*steps, **more).timeline)
        while self.phase.kind != "work":
            self.after(1_000)

    @property
    def phase(self) -> Phase:
        return self.observed.phase

    @property
    def record(self) -> SessionRecord:
        recorder = Recorder(self.player.timeline)
        recorder.observe(self.reported)
        return recorder.record

    @property
    def last_set(self) -> SetRecord:
        return self.record.sets[-1]


def test_the_user_ends_a_set_and_what_was_counted_is_not_asked_for() -> None:
    run = Session(PUSH_UP)
    for _ in range(3):
        run.press(Command.COUNT_REP)
    run.press(Command.NEXT)
    assert run.phase.kind == "say"
    assert (run.last_set.reps, run.last_set.done) == (3, True)
    assert (run.record.steps[0].reps, run.record.steps[0].sets, run.record.steps[0].skipped) == (3, 1, 0)


def test_what_was_not_counted_is_asked_for() -> None:
    run = Session(PUSH_UP)
    run.after(60_000)
    assert run.state is State.WAITING
    run.press(Command.NEXT)
    assert (run.phase.kind, run.state, run.observed.question) == ("measure", State.RUNNING, run.phase.measure)
    run.press(Command.ANSWER, value=14)
    assert (run.last_set.reps, run.record.steps[0].reps) == (14, 14)
    assert run.record.answers == []


def test_a_question_goes_on_as_planned_by_itself() -> None:
    run = Session(AT_LEAST)
    run.press(Command.NEXT)
    events = run.after(10_000)
    assert ev.Measured(run.now_ms, run.player.index - 1, None) in events
    assert (run.last_set.reps, run.last_set.done) == (2, True)


def test_counting_past_the_least_does_not_end_a_set() -> None:
    run = Session(AT_LEAST)
    for _ in range(5):
        run.press(Command.COUNT_REP)
    assert (run.state, run.observed.counted_reps) == (State.WAITING, 5)


def test_reps_past_a_paced_number_are_counted_on() -> None:
    run = Session({**AT_LEAST, "tempo": "1-1"})
    run.after(4_000)
    assert run.phase.reps_before == 2
    events = run.press(Command.COUNT_REP)
    assert events == [ev.RepCounted(run.now_ms, run.player.index, 3)]
    run.press(Command.NEXT)
    assert (run.last_set.reps, run.last_set.done) == (3, True)


def test_a_hold_as_long_as_one_can_lasts_until_the_user_ends_it() -> None:
    run = Session({"name": "Plank", "hold": "max"})
    run.after(73_000)
    run.press(Command.NEXT)
    assert (run.last_set.held_ms >= 73_000, run.last_set.done, run.record.steps[0].skipped) == (True, True, 0)


def test_a_distance_ends_when_the_user_is_there() -> None:
    run = Session({"name": "Run", "distance": "400 m"})
    run.after(90_000)
    run.press(Command.NEXT)
    assert (run.last_set.done, run.record.steps[0].outcome) == (True, "done")


def test_answers_belong_to_the_set_before_them() -> None:
    run = Session(PRESS)
    run.after(4_000)
    run.press(Command.ANSWER, value=1)
    run.press(Command.ANSWER, value=14.5)
    run.press(Command.ANSWER, value=9)
    assert (run.last_set.reps, run.last_set.load, run.last_set.rpe) == (1, "2 x 14.5 kg", 9)
    assert (run.record.steps[0].reps, run.record.steps[0].sets, run.record.answers) == (1, 1, [])
    assert list(answer_lines(run.record)) == ["Press, set 1: 2 x 14.5 kg, RPE 9"]


def test_without_answers_a_set_was_as_planned() -> None:
    run = Session(PRESS)
    run.after(4_000 + 3 * 10_000)
    assert run.phase.kind == "say"
    assert (run.last_set.reps, run.last_set.load, run.last_set.rpe) == (2, None, None)


def test_a_set_that_was_left_is_not_made_up_by_a_question_without_an_answer() -> None:
    run = Session({"name": "Row", "reps": 5, "tempo": "free", "ask": ["reps"]})
    run.press(Command.NEXT)
    run.after(10_000)
    assert (run.last_set.reps, run.last_set.done, run.record.steps[0].sets) == (0, False, 0)


def test_reps_at_one_s_own_pace_may_be_answered_instead_of_counted() -> None:
    run = Session({"name": "Row", "reps": 5, "tempo": "free", "ask": ["reps"]})
    run.press(Command.NEXT)
    run.press(Command.ANSWER, value=5)
    (step,) = run.record.steps
    assert (step.reps, step.sets, step.outcome) == (5, 1, "done")


def test_more_time_for_an_answer_is_no_more_work() -> None:
    run = Session(PRESS)
    run.after(4_000 + 8_000)
    run.press(Command.ADD_TIME, 8_000)
    run.after(9_000)
    assert run.phase.measure is not None
    assert run.phase.measure.of_set == "reps"
    assert run.record.steps[0].added_ms == 0
