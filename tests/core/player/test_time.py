from __future__ import annotations

import pytest

from tests.core.player_run import Run, cues
from timer_app.core.player import events as ev
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command, IllegalTransitionError, State
from timer_app.testing import hold, lead_in, line, prepare, reps, rest, self_paced, sound, step, timeline, wait


def test_one_late_look_tells_everything_across_phases_with_the_moments_it_was_due() -> None:
    run = Run(timeline(prepare(2_000, sound(500)), hold(3_000, sound(0, "start")), rest(1_000)))
    assert run.after(60_000) == [
        ev.CueDue(500, 0, sound(500)),
        ev.PhaseEnded(2_000, 0, 2_000, skipped=False),
        ev.PhaseStarted(2_000, 1),
        ev.CueDue(2_000, 1, sound(0, "start")),
        ev.PhaseEnded(5_000, 1, 3_000, skipped=False),
        ev.PhaseStarted(5_000, 2),
        ev.PhaseEnded(6_000, 2, 1_000, skipped=False),
        ev.Finished(6_000),
    ]


def test_a_cue_is_told_at_its_very_millisecond_and_not_before() -> None:
    run = Run(timeline(hold(2_000, sound(700))))
    assert run.after(699) == []
    assert cues(run.after(1)) == [(700, "tick")]
    assert run.after(1) == []


def test_a_phase_without_length_begins_and_ends_in_the_same_moment() -> None:
    run = Run(timeline(hold(1_000), rest(0), hold(1_000)))
    moments = [(type(event).__name__, event.due_ms) for event in run.after(1_000)]
    assert moments == [("PhaseEnded", 1_000), ("PhaseStarted", 1_000), ("PhaseEnded", 1_000), ("PhaseStarted", 1_000)]
    assert run.player.index == 2


def test_an_open_phase_waits_as_long_as_it_takes_and_its_reminders_come() -> None:
    run = Run(timeline(wait("Ready?", sound(30_000, "reminder")), hold(1_000)))
    assert run.state is State.WAITING
    assert cues(run.after(3_600_000)) == [(30_000, "reminder")]
    assert run.state is State.WAITING
    assert run.observed.elapsed_ms == 3_600_000
    assert run.observed.remaining_ms is None


def test_time_that_seems_to_go_backwards_is_taken_as_standing_still() -> None:
    run = Run(timeline(hold(2_000, sound(1_000))))
    run.after(1_500)
    assert run.player.advance(200) == []
    assert run.player.snapshot(200).elapsed_ms == 1_500


def test_every_rep_of_a_tempo_is_counted_once_when_its_last_part_ends() -> None:
    run = Run(timeline(reps(2, 1_000, 3_000)))
    counted = [event for event in run.after(60_000) if isinstance(event, ev.RepCounted)]
    assert counted == [ev.RepCounted(4_000, 1, 1), ev.RepCounted(8_000, 3, 2)]


def test_a_skipped_rep_is_not_counted() -> None:
    run = Run(timeline(reps(3, 1_000), rest(1_000)))
    run.after(1_500)
    run.press(Command.NEXT)
    assert [event.rep for event in run.reported if isinstance(event, ev.RepCounted)] == [1]


class TestAddedTime:
    @staticmethod
    def run() -> Run:
        return Run(timeline(hold(20_000, sound(17_000, "three", from_end=True), sound(10_000, "half")), rest(5_000)))

    def test_moves_the_end_and_the_countdown_that_belongs_to_it(self) -> None:
        run = self.run()
        run.after(5_000)
        assert run.press(Command.ADD_TIME, 10_000) == [ev.TimeAdded(5_000, 0, 10_000)]
        assert run.observed.remaining_ms == 25_000
        assert cues(run.after(25_000)) == [(10_000, "half"), (27_000, "three")]
        assert run.player.index == 1

    def test_lets_a_countdown_that_has_begun_come_again(self) -> None:
        run = self.run()
        assert cues(run.after(18_000)) == [(10_000, "half"), (17_000, "three")]
        run.press(Command.ADD_TIME, 10_000)
        assert cues(run.after(12_000)) == [(27_000, "three")]

    def test_taken_off_brings_the_countdown_forward_and_drops_what_lies_beyond_the_end(self) -> None:
        run = self.run()
        run.press(Command.ADD_TIME, -11_000)
        assert cues(run.after(9_000)) == [(6_000, "three")]
        assert run.player.index == 1

    def test_more_taken_off_than_is_left_ends_the_phase_now_and_as_done(self) -> None:
        run = self.run()
        run.after(15_000)
        assert run.press(Command.ADD_TIME, -10_000) == [
            ev.TimeAdded(15_000, 0, -5_000),
            ev.PhaseEnded(15_000, 0, 15_000, skipped=False),
            ev.PhaseStarted(15_000, 1),
        ]

    def test_taken_off_in_a_pause_ends_the_phase_only_when_the_run_goes_on(self) -> None:
        run = self.run()
        run.after(15_000)
        run.press(Command.PAUSE)
        assert run.press(Command.ADD_TIME, -10_000) == [ev.TimeAdded(15_000, 0, -5_000)]
        assert run.state is State.PAUSED
        run.press(Command.RESUME)
        assert run.after(3_000)[-1] == ev.PhaseStarted(18_000, 1)

    def test_belongs_to_its_phase_alone(self) -> None:
        run = self.run()
        run.press(Command.ADD_TIME, 10_000)
        run.after(30_000)
        assert run.observed.duration_ms == 5_000

    def test_adds_to_what_is_left_of_the_session(self) -> None:
        run = self.run()
        run.press(Command.ADD_TIME, 10_000)
        assert run.observed.session_remaining_ms == 35_000
        assert run.observed.session_elapsed_ms == 0

    def test_is_refused_where_a_tempo_or_the_user_sets_the_pace(self) -> None:
        paced, free = Run(timeline(reps(3))), Run(timeline(self_paced(3)))
        with pytest.raises(IllegalTransitionError, match="goes by its tempo"):
            paced.press(Command.ADD_TIME, 10_000)
        free.press(Command.PAUSE)
        with pytest.raises(IllegalTransitionError, match="no time limit"):
            free.press(Command.ADD_TIME, 10_000)

    def test_leaves_out_a_line_that_the_countdown_would_talk_over(self) -> None:
        run = Run(timeline(hold(60_000, line(30_000, "half way"), line(57_500, "three", from_end=True))))
        run.press(Command.ADD_TIME, -27_000)
        assert cues(run.after(60_000)) == [(30_000, "half way")]


class TestSettling:
    """What follows a command begins a moment later, so that its first cue can be on time."""

    def test_the_phase_begins_when_its_moment_comes(self) -> None:
        run = Run(timeline(hold(2_000, sound(0)), rest(1_000, sound(0, "rest"))), settle_ms=200)
        assert run.reported == []
        assert run.observed.elapsed_ms == 0
        assert run.after(200) == [ev.PhaseStarted(200, 0), ev.CueDue(200, 0, sound(0))]
        assert run.press(Command.NEXT) == [ev.PhaseEnded(200, 0, 0, skipped=True)]
        assert run.after(200) == [ev.PhaseStarted(400, 1), ev.CueDue(400, 1, sound(0, "rest"))]

    def test_a_phase_left_before_it_began_leaves_no_trace(self) -> None:
        run = Run(timeline(hold(2_000), rest(1_000), hold(2_000)), settle_ms=200)
        run.after(1_000)
        run.press(Command.NEXT)
        run.after(100)
        run.press(Command.NEXT)
        run.after(200)
        started = [event for event in run.reported if isinstance(event, ev.PhaseStarted)]
        assert started == [ev.PhaseStarted(200, 0), ev.PhaseStarted(1_300, 2)]

    def test_a_pause_in_it_holds_the_phase_back(self) -> None:
        run = Run(timeline(hold(2_000), rest(1_000)), settle_ms=200)
        run.press(Command.PAUSE)
        run.press(Command.RESUME)
        assert run.after(3_200) == [ev.Resumed(3_200), ev.PhaseStarted(3_200, 0)]

    def test_every_way_into_a_phase_by_command_leaves_the_time_for_it(self) -> None:
        run = Run(timeline(self_paced(1), hold(5_000), wait(), hold(5_000)), settle_ms=200)
        run.after(200)
        for command, amount in [
            (Command.COUNT_REP, 0),
            (Command.ADD_TIME, -10_000),
            (Command.NEXT, 0),
            (Command.BACK, 0),
        ]:
            run.press(command, amount)
            assert run.player.next_change_ms() == run.now_ms + 200
            run.after(200)

    def test_the_screen_never_shows_a_longer_lead_in_than_there_is(self) -> None:
        run = Run(timeline(hold(2_000)), settle_ms=450)
        run.after(1_000)
        run.press(Command.PAUSE)
        run.press(Command.RESUME)
        assert run.observed.lead_in_ms == 3_000
        run.after(1_450)
        assert run.observed.lead_in_ms == 2_000

    def test_a_rep_counted_at_once_begins_its_set_early(self) -> None:
        run = Run(timeline(hold(1_000), self_paced(2)), settle_ms=200)
        run.after(500)
        run.press(Command.NEXT)
        run.after(50)
        assert run.press(Command.COUNT_REP) == [ev.PhaseStarted(550, 1), ev.RepCounted(550, 1, 1)]
        run.after(100)
        assert run.press(Command.COUNT_REP)[1] == ev.PhaseEnded(650, 1, 100, skipped=False)


class TestBetterLengths:
    """Speech lengths become known while the run is under way."""

    def test_replace_the_phases_to_come_and_leave_the_one_in_hand(self) -> None:
        run = Run(timeline(prepare(2_000), hold(1_000), prepare(2_000)))
        run.after(500)
        run.player.revise(timeline(prepare(9_000), hold(1_000), prepare(4_000)))
        assert [phase.duration_ms for phase in run.player.timeline.phases] == [2_000, 1_000, 4_000]
        assert run.player.timeline.total_ms == 7_000
        assert run.observed.remaining_ms == 1_500

    def test_replace_everything_before_the_start_even_after_a_jump(self) -> None:
        run = Run(timeline(prepare(2_000), hold(1_000)), started=False)
        run.press(Command.JUMP, 1)
        run.player.revise(timeline(prepare(3_000), hold(2_000)))
        assert [phase.duration_ms for phase in run.player.timeline.phases] == [3_000, 2_000]

    def test_bring_the_lead_ins_along_but_not_into_one_that_is_under_way(self) -> None:
        run = Run(timeline(hold(1_000), rest(9_000), again=lead_in(6_000)))
        run.after(2_000)
        run.press(Command.AGAIN)
        run.player.revise(timeline(hold(1_000), rest(9_000), again=lead_in(4_000)))
        assert run.after(6_000) == [ev.PhaseStarted(8_000, 0)]

    def test_must_be_for_the_same_phases(self) -> None:
        with pytest.raises(ValueError, match="same phases"):
            Player(timeline(hold(1_000))).revise(timeline(hold(1_000), rest(1_000)))


def test_the_session_clock_is_the_place_on_the_timeline() -> None:
    run = Run(timeline(step("One", prepare(2_000), hold(10_000)), rest(5_000)))
    run.after(6_000)
    assert (run.observed.session_elapsed_ms, run.observed.session_remaining_ms) == (6_000, 11_000)
    run.press(Command.RESTART)
    assert (run.observed.session_elapsed_ms, run.observed.session_remaining_ms) == (2_000, 15_000)


def test_a_finished_run_shows_its_end() -> None:
    run = Run(timeline(hold(2_000)))
    run.after(10_000)
    assert (run.state, run.observed.elapsed_ms, run.observed.remaining_ms) == (State.FINISHED, 2_000, 0)
    assert run.observed.session_remaining_ms == 0
    assert run.player.upcoming(0, 100_000) == []


def test_a_run_that_is_heard_begins_a_little_after_its_output_could() -> None:
    player = Player(timeline(hold(5_000)), guard_ms=100, start_ms=250)
    player.send(Command.START, 0)
    assert player.next_change_ms() == 350
    player.send(Command.NEXT, 1_000)
    assert player.state is State.FINISHED
