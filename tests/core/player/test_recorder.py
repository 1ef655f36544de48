from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from tests.core.player_run import Run
from tests.core.random_runs import Press, run, timelines, users
from timer_app.core.player import events as ev
from timer_app.core.player.player import Player
from timer_app.core.player.recorder import Answer, Pause, Recorder, SessionRecord, SetRecord, StepRecord
from timer_app.core.player.states import Command, RunPosition
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.model import LeadIn, Timeline
from timer_app.core.wording.record import done_text, sets_text
from timer_app.testing import hold, measure, overrun, prepare, reps, rest, say, self_paced, step, timeline

PLANK = step("Plank", prepare(5_000), hold(20_000), rest(10_000), hold(20_000), dose=Dose("hold", 20_000, 2))
SESSION = timeline(PLANK, step("Row", reps(5, 2_000), kind="reps", dose=Dose("reps", 5)), name="Morning")


def record(performed: Run) -> SessionRecord:
    recorder = Recorder(performed.player.timeline)
    recorder.observe(performed.reported)
    return recorder.record


def test_a_session_done_as_planned_is_recorded_as_planned() -> None:
    performed = Run(SESSION)
    performed.after(100_000)
    done = record(performed)
    assert done.name == "Morning"
    assert done.steps == [
        StepRecord("Plank", held_ms=40_000, sets=2, planned_sets=2),
        StepRecord("Row", held_ms=10_000, reps=5, sets=1, planned_sets=1),
    ]
    assert (done.ending, done.spent_ms, done.paused_ms, done.active_ms) == ("finished", 65_000, 0, 65_000)
    assert (done.work_ms, done.reps) == (50_000, 5)


def test_a_set_left_early_counts_its_time_and_reps_but_not_as_a_set() -> None:
    performed = Run(SESSION)
    performed.after(12_000)
    performed.press(Command.NEXT)
    performed.after(10_000 + 20_000 + 5_000)
    performed.press(Command.NEXT)
    plank, row = record(performed).steps
    assert (plank.held_ms, plank.sets, plank.skipped) == (27_000, 1, 1)
    assert (row.held_ms, row.reps, row.sets, row.skipped) == (5_000, 2, 0, 1)


def test_a_step_jumped_over_was_not_done() -> None:
    performed = Run(SESSION)
    performed.press(Command.JUMP, 1)
    performed.after(100_000)
    plank, row = record(performed).steps
    assert not plank.was_done
    assert row.was_done


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ({}, "not done"),
        ({"skipped": 1}, "not done"),
        ({"held_ms": 20_400, "sets": 1}, "1 set, 20 s"),
        ({"held_ms": 90_000, "sets": 2, "sides": {"left": 1, "right": 1}}, "1 set each side, 1:30"),
        (
            {"held_ms": 60_000, "reps": 10, "sets": 2, "repeated": 1, "skipped": 1, "planned_sets": 2},
            "2 sets, 10 reps, 1:00, 1 once more, ended early",
        ),
        ({"held_ms": 20_000, "sets": 1, "planned_sets": 3}, "1 set, 20 s, 2 sets missing"),
        ({"held_ms": 25_000, "sets": 1, "skipped": 1, "planned_sets": 3}, "1 set, 25 s, ended early, 1 set missing"),
    ],
)
def test_what_was_done_of_a_step_is_told_in_words(done: dict[str, Any], words: str) -> None:
    assert done_text(StepRecord("Plank", **done)) == words


def test_a_step_jumped_away_from_is_done_in_part() -> None:
    performed = Run(SESSION)
    performed.after(26_000)
    performed.press(Command.JUMP, 1)
    performed.after(100_000)
    plank, row = record(performed).steps
    assert (plank.outcome, row.outcome) == ("in part", "done")
    assert done_text(plank) == "1 set, 20 s, 1 set missing"


@pytest.mark.parametrize("command", [Command.RESTART, Command.AGAIN, Command.BACK])
def test_a_step_is_done_once_each_set_was_completed_in_some_attempt(command: Command) -> None:
    performed = Run(timeline(step("Plank", hold(20_000), hold(20_000)), again=LeadIn(0)))
    performed.after(28_000)
    if command is Command.AGAIN:
        performed.after(12_000 - 1)
    performed.press(command)
    performed.after(8_000)
    performed.press(Command.RESTART)
    performed.after(100_000)
    (plank,) = record(performed).steps
    assert (plank.outcome, plank.skipped) == ("done", 0)
    assert "ended early" not in done_text(plank)
    assert plank.held_ms > 40_000


def test_a_set_left_twice_is_one_set_left_also_if_the_run_was_cut_off_between() -> None:
    plan = timeline(step("Plank", hold(20_000), hold(20_000)))
    performed = Run(plan)
    performed.after(8_000)
    performed.press(Command.NEXT)
    performed.after(5_000)
    cut_off = as_stored(record(performed))
    assert cut_off.steps[0].skipped == 1
    again = Run(plan, start=RunPosition(1))
    again.after(8_000)
    again.press(Command.NEXT)
    resumed = Recorder(plan, cut_off)
    resumed.observe(again.reported)
    assert resumed.record.steps[0].skipped == 2
    assert resumed.record.steps[0].outcome == "in part"


def as_stored(done: SessionRecord) -> SessionRecord:
    """A record as the history gives it back, in which no set is under way."""
    done.sets = [replace(one, is_over=True) for one in done.sets]
    return done


def test_a_set_done_once_more_is_told_apart() -> None:
    performed = Run(timeline(hold(20_000), rest(5_000), again=LeadIn(6_000)))
    performed.press(Command.AGAIN)
    performed.after(100_000)
    done = record(performed).steps[0]
    assert (done.held_ms, done.sets, done.repeated) == (40_000, 2, 1)


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        ([], "1 set"),
        (["left"], "1 set (left)"),
        (["left", "right"], "1 set each side"),
        (["left", "right", "left", "right"], "2 sets each side"),
        (["left", "right", "left"], "2 sets (left), 1 set (right)"),
    ],
)
def test_sets_of_two_sides_are_not_told_as_twice_as_many(sides: list[str], words: str) -> None:
    work = [hold(5_000, side=side) for side in sides] or [hold(5_000)]
    performed = Run(timeline(step("Stretch", *work)))
    performed.after(100_000)
    assert sets_text(record(performed).steps[0]) == words


def test_rounds_of_a_flow_are_counted_each_when_its_last_part_ends() -> None:
    parts = [hold(2_000, part=part, round=number) for number in (1, 2, 3) for part in ("Cat", "Cow")]
    performed = Run(timeline(step("Cat and cow", parts, rest(5_000), parts, kind="flow", dose=Dose("flow", 3, 2))))
    performed.after(11_000)
    assert record(performed).steps[0].rounds == 2
    performed.after(6_000 + 6_000)
    performed.press(Command.NEXT)
    done = record(performed).steps[0]
    assert (done.rounds, done.sets, done.reps) == (4, 1, 0)
    assert "4 rounds" in done_text(done)


def test_the_rounds_of_a_block_are_no_rounds_of_its_steps() -> None:
    squats = [step("Squat", hold(5_000, round=number, rounds=2)) for number in (1, 2)]
    curls = [step("Curl", reps(2, 1_000, round=number, rounds=2), kind="reps") for number in (1, 2)]
    performed = Run(timeline(*squats, *curls))
    performed.after(100_000)
    assert [done.rounds for done in record(performed).steps] == [0, 0, 0, 0]


def test_a_side_that_was_left_early_is_not_told_as_done() -> None:
    performed = Run(timeline(step("Stretch", hold(5_000, side="left"), hold(5_000, side="right"))))
    performed.press(Command.NEXT)
    assert sets_text(record(performed).steps[0]) == ""
    performed.after(5_000)
    assert sets_text(record(performed).steps[0]) == "1 set (right)"


def test_a_set_begun_anew_before_its_end_is_no_repetition() -> None:
    performed = Run(timeline(hold(20_000), rest(5_000)))
    performed.after(8_000)
    performed.press(Command.RESTART)
    performed.after(20_000)
    done = record(performed).steps[0]
    assert (done.held_ms, done.sets, done.repeated, done.skipped) == (28_000, 1, 0, 0)


def test_the_time_past_zero_belongs_to_the_set() -> None:
    performed = Run(timeline([hold(20_000), overrun()], rest(5_000)))
    performed.after(33_000)
    performed.press(Command.BACK)
    done = record(performed).steps[0]
    assert (done.held_ms, done.sets, done.skipped) == (33_000, 1, 0)


def test_pauses_with_their_lead_ins_are_kept_apart_from_the_time_spent() -> None:
    performed = Run(timeline(hold(20_000)))
    for _ in range(2):
        performed.after(5_000)
        performed.press(Command.PAUSE)
        performed.after(60_000)
        performed.press(Command.RESUME)
        performed.after(3_000)
    performed.after(100_000)
    done = record(performed)
    assert (done.spent_ms, done.paused_ms, done.active_ms, done.work_ms) == (146_000, 126_000, 20_000, 20_000)


def test_every_attempt_at_a_set_is_recorded_with_what_was_done_in_it() -> None:
    performed = Run(timeline(step("Curl", reps(2, 1_000, side="left"), hold(5_000, set=2)), again=LeadIn(1_000)))
    performed.after(2_000 + 5_000 - 1)
    performed.press(Command.AGAIN)
    performed.after(1 + 1_000 + 2_000)
    assert record(performed).sets == [
        SetRecord(0, 0, 1, "left", 0, held_ms=2_000, reps=2, is_over=True, done=True),
        SetRecord(1, 0, 2, None, 2_000, held_ms=5_000, is_over=True, done=True),
        SetRecord(1, 0, 2, None, 8_000, repeated=True),
    ]
    performed.press(Command.NEXT)
    assert record(performed).sets[2] == SetRecord(1, 0, 2, None, 8_000, repeated=True, held_ms=2_000, is_over=True)


def test_a_pause_in_the_lead_in_of_a_pause_loses_none_of_the_first() -> None:
    performed = Run(timeline(hold(20_000)))
    performed.press(Command.PAUSE)
    performed.after(10_000)
    performed.press(Command.RESUME)
    performed.after(1_000)
    performed.press(Command.PAUSE)
    performed.after(10_000)
    performed.press(Command.RESUME)
    performed.after(3_000)
    assert record(performed).paused_ms == 24_000
    assert record(performed).pauses == [Pause(0, 24_000)]


def test_moving_on_in_the_lead_in_ends_the_pause() -> None:
    performed = Run(timeline(hold(20_000), rest(5_000), hold(20_000)))
    performed.press(Command.PAUSE)
    performed.after(10_000)
    performed.press(Command.RESUME)
    performed.after(1_000)
    performed.press(Command.NEXT)
    performed.after(100_000)
    assert record(performed).paused_ms == 11_000


def test_moving_about_in_a_pause_does_not_end_it() -> None:
    performed = Run(timeline(hold(20_000), rest(5_000), hold(20_000)))
    performed.press(Command.PAUSE)
    performed.after(10_000)
    performed.press(Command.NEXT)
    performed.after(10_000)
    performed.press(Command.FINISH)
    done = record(performed)
    assert (done.ending, done.spent_ms, done.paused_ms) == ("finished early", 20_000, 20_000)


def test_time_added_and_taken_off_adds_up() -> None:
    performed = Run(timeline(hold(20_000), rest(5_000)))
    performed.press(Command.ADD_TIME, 10_000)
    performed.after(25_000)
    performed.press(Command.ADD_TIME, -10_000)
    done = record(performed).steps[0]
    assert (done.added_ms, done.held_ms, done.sets) == (5_000, 25_000, 1)


def test_reps_of_ones_own_are_counted() -> None:
    performed = Run(timeline(self_paced(3), rest(5_000)))
    performed.press(Command.COUNT_REP)
    performed.press(Command.COUNT_REP)
    performed.press(Command.NEXT)
    done = record(performed).steps[0]
    assert (done.reps, done.sets, done.skipped) == (2, 0, 1)


def test_a_self_paced_set_is_one_only_where_a_rep_was_counted() -> None:
    bridge = step("Bridge", self_paced(1), rest(5_000), replace(self_paced(1), duration_ms=1_000), kind="reps")
    performed = Run(timeline(bridge))
    performed.press(Command.COUNT_REP)
    performed.after(20_000)
    (done,) = record(performed).steps
    assert (performed.player.state.is_over, done.reps, done.sets, done.held_ms) == (True, 1, 1, 1_000)


def test_answers_are_kept_in_order_and_questions_passed_over_are_not() -> None:
    performed = Run(
        timeline(
            measure(label="Pain"),
            measure("reach", 0, None, unit="cm", side="left", label="Reach"),
            measure("reach"),
        )
    )
    performed.press(Command.ANSWER, value=3)
    performed.press(Command.ANSWER, value=41.5)
    performed.press(Command.NEXT)
    assert record(performed).answers == [
        Answer("pain", "Pain", "", None, 3.0, phase=0),
        Answer("reach", "Reach", "cm", "left", 41.5, phase=1),
    ]


def test_going_back_to_a_question_replaces_its_answer_and_no_other() -> None:
    performed = Run(timeline(measure(), measure("reach"), measure()))
    for value in (3, 5):
        performed.press(Command.ANSWER, value=value)
    performed.press(Command.BACK)
    performed.press(Command.ANSWER, value=6)
    performed.press(Command.ANSWER, value=2)
    assert [(answer.key, answer.value) for answer in record(performed).answers] == [
        ("pain", 3.0),
        ("reach", 6.0),
        ("pain", 2.0),
    ]


@pytest.mark.parametrize(
    ("command", "ending"), [(None, "running"), (Command.FINISH, "finished early"), (Command.ABORT, "given up")]
)
def test_what_was_done_is_there_however_it_ends(command: Command | None, ending: str) -> None:
    performed = Run(SESSION)
    performed.after(30_000)
    if command is not None:
        performed.press(command)
    done = record(performed)
    assert (done.ending, done.steps[0].held_ms, done.steps[0].sets) == (ending, 20_000, 1)
    assert done.spent_ms == (25_000 if command is None else 30_000)


def test_words_before_and_after_the_steps_belong_to_none() -> None:
    opening = say("Welcome.", 2_000)
    performed = Run(Timeline("Test", (opening, hold(1_000)), steps=()))
    performed.after(5_000)
    done = record(performed)
    assert (done.steps, done.work_ms, done.ending) == ([], 0, "finished")


@settings(deadline=None, max_examples=60)
@given(timelines(), users())
def test_a_record_always_adds_up(timeline: Timeline, user: list[Press]) -> None:
    reported = run(Player(timeline), user)
    at_once, bit_by_bit = Recorder(timeline), Recorder(timeline)
    at_once.observe(reported)
    for event in reported:
        bit_by_bit.observe([event])
    done = at_once.record
    assert done == bit_by_bit.record
    assert 0 <= done.paused_ms <= done.spent_ms
    assert done.work_ms <= done.active_ms
    assert all(0 <= each.repeated <= each.sets for each in done.steps)
    planned = {(phase.step, phase.unit) for phase in timeline.phases if phase.kind == "work"}
    completed = {(one.step, one.unit) for one in done.sets if one.done}
    attempted = {(one.step, one.unit) for one in done.sets if one.is_over}
    for number, each in enumerate(done.steps):
        assert each.missing_sets == sum(step == number for step, _ in planned - completed)
        assert 0 <= each.skipped <= sum(step == number for step, _ in attempted - completed)
    assert done.reps == sum(isinstance(event, ev.RepCounted) for event in reported)
    assert (done.ending == "running") == (not isinstance(reported[-1], ev.Finished | ev.Aborted))
