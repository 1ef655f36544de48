from __future__ import annotations

import math

import pytest

from tests.core.player_run import Run, cues
from timer_app.core.player import events as ev
from timer_app.core.player.states import Command, IllegalTransitionError, State
from timer_app.core.timeline.model import LeadIn, Phase, Timeline
from timer_app.testing import (
    hold,
    lead_in,
    line,
    measure,
    overrun,
    prepare,
    reps,
    rest,
    self_paced,
    sound,
    step,
    switch,
    timeline,
    wait,
)


class TestNextAndBack:
    def test_next_leaves_all_the_reps_of_a_set(self) -> None:
        run = Run(timeline(reps(10, 1_000, 2_000), rest(5_000)))
        run.after(4_000)
        assert run.press(Command.NEXT) == [ev.PhaseEnded(4_000, 3, 0, skipped=True), ev.PhaseStarted(4_000, 20)]

    def test_back_goes_to_the_start_of_the_unit_before_and_stops_at_the_first(self) -> None:
        run = Run(timeline(reps(4, 1_000), rest(5_000)))
        run.after(4_500)
        run.press(Command.BACK)
        assert run.player.index == 0
        run.after(2_500)
        run.press(Command.BACK)
        assert (run.player.index, run.observed.elapsed_ms) == (0, 0)

    def test_restart_goes_to_the_first_rep_of_the_set(self) -> None:
        run = Run(timeline(rest(1_000), reps(4, 1_000)))
        run.after(3_500)
        run.press(Command.RESTART)
        assert (run.player.index, run.observed.elapsed_ms) == (1, 0)

    def test_next_in_a_step_that_waits_goes_on_and_skips_nothing(self) -> None:
        run = Run(timeline(wait(), hold(1_000)))
        run.after(7_000)
        assert run.press(Command.NEXT) == [ev.PhaseEnded(7_000, 0, 7_000, skipped=False), ev.PhaseStarted(7_000, 1)]

    def test_next_in_a_pause_of_a_step_that_waits_skips_nothing_either(self) -> None:
        run = Run(timeline(wait(), hold(1_000)))
        run.press(Command.PAUSE)
        assert ev.PhaseEnded(0, 0, 0, skipped=False) in run.press(Command.NEXT)

    def test_next_at_the_end_finishes(self) -> None:
        run = Run(timeline(hold(5_000)))
        run.after(1_000)
        assert run.press(Command.NEXT) == [ev.PhaseEnded(1_000, 0, 1_000, skipped=True), ev.Finished(1_000)]

    @pytest.mark.parametrize("last", [True, False])
    def test_next_in_a_self_paced_set_short_of_its_reps_skips_the_rest_of_it(self, last: bool) -> None:
        run = Run(timeline(self_paced(3)) if last else timeline(self_paced(3), rest(1_000)))
        run.press(Command.COUNT_REP)
        assert ev.PhaseEnded(0, 0, 0, skipped=True) in run.press(Command.NEXT)


class TestJump:
    RUN: Timeline = timeline(step("One", prepare(1_000), hold(2_000)), rest(3_000), step("Two", prepare(1_000)))

    def test_goes_to_the_first_phase_of_a_step(self) -> None:
        run = Run(self.RUN)
        run.after(1_500)
        assert run.press(Command.JUMP, 2) == [ev.PhaseEnded(1_500, 1, 500, skipped=True), ev.PhaseStarted(1_500, 3)]

    def test_before_the_start_chooses_where_to_begin(self) -> None:
        run = Run(self.RUN, started=False)
        assert run.press(Command.JUMP, 2) == []
        assert (run.state, run.player.index) == (State.READY, 3)
        assert run.press(Command.START) == [ev.PhaseStarted(0, 3)]

    def test_to_work_that_a_rest_before_it_gets_ready_for_begins_with_a_lead_in(self) -> None:
        made = timeline(step("One", hold(2_000), rest(3_000)), step("Two", hold(1_000)), resume=lead_in(3_000))
        run = Run(made)
        run.after(500)
        assert run.press(Command.JUMP, 1) == [ev.PhaseEnded(500, 0, 500, skipped=True)]
        assert (run.state, run.player.index) == (State.LEAD_IN, 2)
        assert run.after(3_000) == [ev.PhaseStarted(3_500, 2)]
        before = Run(made, started=False)
        before.press(Command.JUMP, 1)
        assert before.press(Command.START) == []
        assert before.state is State.LEAD_IN

    @pytest.mark.parametrize("step_number", [-1, 3])
    def test_to_a_step_that_is_not_there_is_refused(self, step_number: int) -> None:
        run = Run(self.RUN)
        with pytest.raises(IllegalTransitionError, match="no such step"):
            run.press(Command.JUMP, step_number)


AGAIN = lead_in(6_000, line(0, "Once more."))


class TestOnceMore:
    def test_in_a_set_repeats_it_after_its_end_and_a_lead_in(self) -> None:
        run = Run(timeline(hold(5_000, sound(0, "start")), rest(2_000), again=AGAIN))
        run.after(1_000)
        assert run.press(Command.AGAIN) == []
        assert run.observed.repeats_set
        assert run.after(4_000) == [
            ev.PhaseEnded(5_000, 0, 5_000, skipped=False),
            ev.CueDue(5_000, None, AGAIN.cues[0]),
        ]
        assert (run.state, run.observed.lead_in_ms, run.observed.repeats_set) == (State.LEAD_IN, 6_000, False)
        assert run.after(6_000) == [ev.PhaseStarted(11_000, 0), ev.CueDue(11_000, 0, sound(0, "start"))]
        assert run.after(5_000)[-1] == ev.PhaseStarted(16_000, 1)

    def test_asked_again_is_taken_back(self) -> None:
        run = Run(timeline(hold(5_000), rest(2_000)))
        run.press(Command.AGAIN)
        run.press(Command.AGAIN)
        assert not run.observed.repeats_set
        assert run.after(5_000)[-1] == ev.PhaseStarted(5_000, 1)

    def test_in_a_set_of_reps_repeats_all_of_them(self) -> None:
        run = Run(timeline(reps(3, 1_000), again=LeadIn(0)))
        run.after(1_500)
        run.press(Command.AGAIN)
        counted = [event.rep for event in run.after(10_000) if isinstance(event, ev.RepCounted)]
        assert counted == [2, 3, 1, 2, 3]

    @pytest.mark.parametrize("between", [rest(9_000), switch(9_000), prepare(9_000), wait(), measure()])
    def test_after_a_set_repeats_the_last_one_at_once(self, between: Phase) -> None:
        run = Run(timeline(hold(4_000, label="Left"), rest(1_000), hold(5_000, label="Right"), between))
        run.after(12_000)
        ended = run.press(Command.AGAIN)
        assert ended == [ev.PhaseEnded(12_000, 3, 2_000, skipped=True)]
        assert (run.state, run.observed.phase.label) == (State.LEAD_IN, "Right")
        assert run.after(6_000) == [ev.PhaseStarted(18_000, 2)]

    def test_before_the_first_set_is_refused(self) -> None:
        run = Run(timeline(prepare(5_000), hold(5_000)))
        with pytest.raises(IllegalTransitionError, match="no set has been done yet"):
            run.press(Command.AGAIN)

    def test_next_gives_up_the_set_in_hand_but_not_the_one_asked_for(self) -> None:
        run = Run(timeline(hold(5_000), rest(2_000)))
        run.after(1_000)
        run.press(Command.AGAIN)
        assert run.press(Command.NEXT) == [ev.PhaseEnded(1_000, 0, 1_000, skipped=True)]
        assert run.state is State.LEAD_IN
        assert run.after(6_000) == [ev.PhaseStarted(7_000, 0)]

    def test_next_in_a_pause_stands_at_the_start_of_the_set_asked_for(self) -> None:
        run = Run(timeline(hold(5_000), rest(2_000)))
        run.after(1_000)
        run.press(Command.AGAIN)
        run.press(Command.PAUSE)
        run.press(Command.NEXT)
        assert (run.state, run.player.index, run.observed.elapsed_ms, run.observed.repeats_set) == (
            State.PAUSED,
            0,
            0,
            False,
        )

    def test_outlasts_a_restart_of_the_set_and_a_pause(self) -> None:
        run = Run(timeline(hold(5_000), rest(2_000)))
        run.press(Command.AGAIN)
        run.press(Command.RESTART)
        run.press(Command.PAUSE)
        run.press(Command.RESUME)
        run.after(8_000)
        assert (run.state, run.player.index) == (State.LEAD_IN, 0)

    def test_is_forgotten_when_the_user_goes_elsewhere(self) -> None:
        run = Run(timeline(rest(1_000), hold(5_000), rest(2_000)))
        run.after(2_000)
        run.press(Command.AGAIN)
        run.press(Command.BACK)
        assert not run.observed.repeats_set
        assert run.after(6_000)[-1] == ev.PhaseStarted(8_000, 2)

    def test_a_pause_in_its_lead_in_is_told_and_ended_like_any_other(self) -> None:
        run = Run(timeline(hold(5_000), rest(2_000)))
        run.after(6_000)
        run.press(Command.AGAIN)
        run.after(1_000)
        run.press(Command.PAUSE)
        run.press(Command.RESUME)
        assert run.after(3_000) == [ev.Resumed(10_000), ev.PhaseStarted(10_000, 0)]


class TestRepsOfOnesOwn:
    def test_end_by_themselves_at_the_last_one(self) -> None:
        run = Run(timeline(self_paced(2), rest(1_000)))
        run.after(3_000)
        assert run.press(Command.COUNT_REP) == [ev.RepCounted(3_000, 0, 1)]
        assert run.observed.counted_reps == 1
        run.after(3_000)
        assert run.press(Command.COUNT_REP) == [
            ev.RepCounted(6_000, 0, 2),
            ev.PhaseEnded(6_000, 0, 6_000, skipped=False),
            ev.PhaseStarted(6_000, 1),
        ]
        assert run.observed.counted_reps == 0

    def test_without_a_target_go_on_until_next(self) -> None:
        run = Run(timeline(self_paced(None), rest(1_000)))
        for _ in range(50):
            run.press(Command.COUNT_REP)
        assert run.press(Command.NEXT)[0] == ev.PhaseEnded(0, 0, 0, skipped=False)

    def test_are_not_counted_where_there_are_none(self) -> None:
        run = Run(timeline(wait()))
        with pytest.raises(IllegalTransitionError, match="no reps to count"):
            run.press(Command.COUNT_REP)


class TestAnswers:
    @pytest.mark.parametrize("value", [0, 10, 3.5])
    def test_a_number_in_range_is_taken_and_the_run_goes_on(self, value: float) -> None:
        run = Run(timeline(measure(), rest(1_000)))
        reported = run.press(Command.ANSWER, value=value)
        assert reported[0] == ev.Measured(0, 0, value)
        assert isinstance(reported[0], ev.Measured)
        assert isinstance(reported[0].value, float)
        assert run.player.index == 1

    @pytest.mark.parametrize("value", [-0.1, 10.5, math.nan, math.inf])
    def test_a_number_out_of_range_is_refused_with_the_range(self, value: float) -> None:
        run = Run(timeline(measure(), rest(1_000)))
        with pytest.raises(IllegalTransitionError, match="a number from 0 to 10"):
            run.press(Command.ANSWER, value=value)
        assert run.player.index == 0

    @pytest.mark.parametrize(
        ("low", "high", "value", "words"),
        [
            (0, None, -3, "of at least 0"),
            (None, 99, 100, "of at most 99"),
            (None, None, math.nan, "is a number\\."),
            (0, None, math.inf, "is a number\\."),
        ],
    )
    def test_a_limit_on_one_side_or_none_is_said_as_such(
        self, low: float | None, high: float | None, value: float, words: str
    ) -> None:
        run = Run(timeline(measure("reach", low, high)))
        with pytest.raises(IllegalTransitionError, match=words):
            run.press(Command.ANSWER, value=value)

    @pytest.mark.parametrize("command", [Command.ANSWER, Command.NEXT])
    def test_a_question_can_be_passed_over(self, command: Command) -> None:
        run = Run(timeline(measure(), rest(1_000)))
        assert run.press(command) == [
            ev.Measured(0, 0, None),
            ev.PhaseEnded(0, 0, 0, skipped=False),
            ev.PhaseStarted(0, 1),
        ]

    def test_nothing_is_answered_where_nothing_is_asked(self) -> None:
        run = Run(timeline(wait()))
        with pytest.raises(IllegalTransitionError, match=r"Nothing is asked here\."):
            run.press(Command.ANSWER, value=3)


class TestPastZero:
    """A hold may count on past its end until the user moves on."""

    def test_counts_on_until_next_and_is_then_done(self) -> None:
        run = Run(timeline([hold(20_000), overrun()], rest(5_000)))
        run.after(32_000)
        assert run.state is State.WAITING
        assert (run.observed.phase.overrun, run.observed.elapsed_ms) == (True, 12_000)
        assert run.press(Command.NEXT)[0] == ev.PhaseEnded(32_000, 1, 12_000, skipped=False)

    @pytest.mark.parametrize("command", [Command.BACK, Command.JUMP, Command.FINISH, Command.ABORT])
    def test_can_no_longer_be_left_early(self, command: Command) -> None:
        run = Run(timeline([hold(20_000), overrun()], rest(5_000)))
        run.after(32_000)
        assert run.press(command)[0] == ev.PhaseEnded(32_000, 1, 12_000, skipped=False)

    def test_next_before_zero_leaves_all_of_it(self) -> None:
        run = Run(timeline([hold(20_000), overrun()], rest(5_000)))
        run.after(5_000)
        run.press(Command.NEXT)
        assert run.player.index == 2


@pytest.mark.parametrize(
    ("command", "last"), [(Command.FINISH, ev.Finished(2_000, early=True)), (Command.ABORT, ev.Aborted(2_000))]
)
def test_ending_a_run_closes_its_phase_first(command: Command, last: ev.Event) -> None:
    run = Run(timeline(hold(5_000), rest(1_000)))
    run.after(2_000)
    assert run.press(command) == [ev.PhaseEnded(2_000, 0, 2_000, skipped=True), last]
    assert run.player.state.is_over


def test_a_refusal_hands_over_what_fell_due_before_it() -> None:
    run = Run(timeline(hold(5_000, sound(1_000)), rest(1_000)))
    with pytest.raises(IllegalTransitionError) as refusal:
        run.player.send(Command.COUNT_REP, 1_500)
    assert cues(refusal.value.due_events) == [(1_000, "tick")]
    assert run.after(1_500) == []
