from __future__ import annotations

import pytest

from timer_app.core.player import events as ev
from timer_app.core.player.clock import SLEEP_GAP_MS
from timer_app.core.player.conductor import (
    MAX_CUE_LATENESS_MS,
    MAX_TICK_INTERVAL_MS,
    SCHEDULE_AHEAD_MS,
    Conductor,
    SilentSink,
)
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command, IllegalTransitionError, State
from timer_app.core.timeline.model import Timeline, content_text
from timer_app.core.timeline.utterance import Utterance
from timer_app.testing import (
    Cancelled,
    ManualClock,
    Part,
    RecordingSink,
    hold,
    lead_in,
    line,
    overrun,
    prepare,
    reps,
    rest,
    say,
    self_paced,
    sound,
    timeline,
    wait,
)


class Stage:
    """A conducted run of `timeline`, started at 0."""

    def __init__(self, timeline: Timeline, *, rate: float = 1, latency_ms: int = 0) -> None:
        self.clock = ManualClock(rate=rate)
        self.sink = RecordingSink(self.clock, latency_ms)
        self.player = Player(timeline, guard_ms=int(latency_ms * rate))
        self.conductor = Conductor(self.player, self.clock, self.sink)
        self.conductor.send(Command.START)

    def after(self, ms: int, *, every_ms: int = 400) -> list[ev.Event]:
        """Let time pass, looking as often as a screen does."""
        reported: list[ev.Event] = []
        while ms > 0:
            self.clock.advance(min(ms, every_ms))
            ms -= every_ms
            reported += self.conductor.tick()
        return reported

    @property
    def heard(self) -> list[tuple[float, str]]:
        return [(cue.at_ms, content_text(cue.content)) for cue in self.sink.heard]

    @property
    def cancelled(self) -> list[bool]:
        """Whether what sounded was kept, for every cancellation after the one at the start."""
        return [call.keep_sounding for call in self.sink.calls if isinstance(call, Cancelled)][1:]


GONG = sound(1_000, "gong", length_ms=6_000)


class TestLongSounds:
    """What a pause has cut of them sounds when the run goes on."""

    def gone_on(self, run: Stage, paused_ms: int = 10_000) -> None:
        run.after(paused_ms)
        run.conductor.send(Command.RESUME)
        run.after(5_000)

    def ends(self, run: Stage) -> list[tuple[float, int]]:
        """When the remains of the gong begin, and how much was heard before."""
        assert {cue.content for cue in run.sink.heard if cue.from_ms} <= {"gong"}
        return [(cue.at_ms, cue.from_ms) for cue in run.sink.heard if cue.from_ms]

    def test_go_on_where_a_pause_cut_them(self) -> None:
        run = Stage(timeline(hold(30_000, GONG)))
        run.after(3_000)
        run.conductor.send(Command.PAUSE)
        self.gone_on(run)
        assert self.ends(run) == [(16_000, 2_000)]

    def test_go_on_as_often_as_they_are_cut(self) -> None:
        run = Stage(timeline(hold(30_000, GONG)))
        run.after(3_000)
        run.conductor.send(Command.PAUSE)
        run.after(1_000)
        run.conductor.send(Command.RESUME)
        run.after(2_000)  # in the lead-in, when the remains have been handed over
        run.conductor.send(Command.PAUSE)
        run.conductor.send(Command.RESUME)
        run.after(3_000 + 1_500)
        run.conductor.send(Command.PAUSE)
        self.gone_on(run, 1_000)
        assert self.ends(run) == [(9_000, 2_000), (14_500, 3_500)]

    @pytest.mark.parametrize("into_ms", [0, 200, 1_400, 1_600])
    @pytest.mark.parametrize("times", [1, 3])
    def test_go_on_though_the_lead_in_is_cut_too(self, into_ms: int, times: int) -> None:
        run = Stage(timeline(hold(30_000, GONG)))
        run.after(3_000)
        run.conductor.send(Command.PAUSE)
        for _ in range(times):
            run.conductor.send(Command.RESUME)
            run.after(into_ms)
            run.conductor.send(Command.PAUSE)
        self.gone_on(run, 1_000)
        assert self.ends(run) == [(3_000 + times * into_ms + 1_000 + 3_000, 2_000)]

    def test_of_the_phase_before_go_on_too(self) -> None:
        run = Stage(timeline(prepare(2_000, GONG), hold(30_000)))
        run.after(3_000)
        run.conductor.send(Command.PAUSE)
        self.gone_on(run)
        assert self.ends(run) == [(16_000, 2_000)]

    @pytest.mark.parametrize("at_ms", [500, 7_000])
    def test_that_have_not_begun_or_have_sounded_leave_nothing(self, at_ms: int) -> None:
        run = Stage(timeline(hold(30_000, GONG)))
        run.after(at_ms)
        run.conductor.send(Command.PAUSE)
        self.gone_on(run)
        assert self.ends(run) == []
        assert [content for _, content in run.heard] == ["gong"]

    def test_stay_cut_where_the_run_goes_elsewhere(self) -> None:
        run = Stage(timeline(hold(30_000, GONG), hold(30_000)))
        run.after(3_000)
        run.conductor.send(Command.PAUSE)
        run.conductor.send(Command.NEXT)
        self.gone_on(run)
        assert self.ends(run) == []

    def test_short_ones_leave_nothing(self) -> None:
        run = Stage(timeline(hold(30_000, sound(1_000, "start", length_ms=900))))
        run.after(1_500)
        run.conductor.send(Command.PAUSE)
        self.gone_on(run)
        assert self.ends(run) == []

    def test_that_began_within_a_line_that_is_said_again_begin_anew(self) -> None:
        run = Stage(timeline(rest(30_000, line(500, "Rest.", length_ms=3_000), GONG)))
        run.after(3_000)
        run.conductor.send(Command.PAUSE)
        self.gone_on(run)
        assert self.ends(run) == []
        assert [cue for cue in run.heard if cue[1] == "gong"][-1] == (16_000 + 500, "gong")

    def test_go_on_after_the_computer_slept(self) -> None:
        run = Stage(timeline(hold(30_000, GONG)))
        run.after(3_000)
        run.after(60_000, every_ms=60_000)
        self.gone_on(run)
        assert self.ends(run) == [(76_000, 2_000)]


class TestFeedingAhead:
    def test_cues_are_handed_over_before_their_moment_with_that_moment(self) -> None:
        live_run = Stage(timeline(hold(10_000, sound(1_000), sound(1_999, "in"), sound(2_000, "out")), rest(1_000)))
        assert live_run.heard == [(1_000, "tick"), (1_999, "in")]
        assert live_run.after(1) == []
        assert live_run.heard[2:] == [(2_000, "out")]

    def test_reaches_into_the_phases_to_come(self) -> None:
        live_run = Stage(timeline(prepare(600), rest(0), hold(10_000, sound(0, "start"))))
        assert live_run.heard == [(600, "start")]

    def test_stops_where_the_user_must_act(self) -> None:
        live_run = Stage(timeline(prepare(500), wait("Ready?", sound(0, "asked")), hold(1_000, sound(0, "start"))))
        live_run.after(2_000)
        assert live_run.heard == [(500, "asked")]
        live_run.conductor.send(Command.NEXT)
        assert live_run.heard == [(500, "asked"), (2_000, "start")]

    def test_a_look_that_comes_late_loses_nothing_that_can_still_be_heard(self) -> None:
        live_run = Stage(timeline(hold(9_000, *(sound(at_ms, str(at_ms)) for at_ms in range(0, 9_000, 500)))))
        live_run.after(SCHEDULE_AHEAD_MS + MAX_CUE_LATENESS_MS, every_ms=SCHEDULE_AHEAD_MS + MAX_CUE_LATENESS_MS)
        assert [at_ms for at_ms, _ in live_run.heard] == [*range(0, 4_500, 500)]

    def test_what_is_far_too_late_is_left_out_rather_than_said_all_at_once(self) -> None:
        live_run = Stage(timeline(hold(9_000, *(sound(at_ms, str(at_ms)) for at_ms in range(0, 9_000, 500)))))
        reported = live_run.after(SLEEP_GAP_MS - 1, every_ms=SLEEP_GAP_MS)
        assert len(reported) == 10
        assert [at_ms for at_ms, _ in live_run.heard] == [0, 500, 1_000, 1_500, 4_500, 5_000, 5_500, 6_000, 6_500]

    def test_at_a_speed_moments_are_those_of_the_machine(self) -> None:
        live_run = Stage(timeline(hold(20_000, sound(3_000), sound(8_000))), rate=4)
        assert live_run.heard == [(750, "tick")]
        live_run.after(2_001)
        assert live_run.heard == [(750, "tick"), (2_000, "tick")]

    def test_without_sound_a_run_goes_on_all_the_same(self) -> None:
        clock = ManualClock()
        conductor = Conductor(Player(timeline(hold(1_000, sound(0)))), clock, SilentSink())
        conductor.send(Command.START)
        clock.advance(1_000)
        assert conductor.tick()[-1] == ev.Finished(1_000)
        conductor.close()


class TestFollowingCommands:
    def test_a_pause_takes_back_what_has_not_begun_and_the_way_on_brings_it_again(self) -> None:
        counting = lead_in(3_000, sound(0, "3"), sound(1_000, "2"), sound(2_000, "1"))
        live_run = Stage(timeline(hold(9_000, sound(1_000, "a"), sound(2_000, "b")), resume=counting))
        live_run.after(1_000)
        live_run.conductor.send(Command.PAUSE)
        assert live_run.heard == [(1_000, "a")]
        live_run.after(60_000)
        live_run.conductor.send(Command.RESUME)
        live_run.after(5_000)
        assert live_run.heard[1:] == [(61_000, "3"), (62_000, "2"), (63_000, "1"), (65_000, "b")]

    def test_a_jump_replaces_what_was_to_come(self) -> None:
        live_run = Stage(timeline(hold(2_000, sound(1_000, "half")), rest(5_000, sound(0, "rest"))))
        live_run.after(800)
        live_run.conductor.send(Command.NEXT)
        assert live_run.heard == [(800, "rest")]
        assert live_run.cancelled == [False]

    def test_the_first_cue_after_a_command_leaves_the_output_its_time(self) -> None:
        live_run = Stage(timeline(hold(5_000), rest(5_000, sound(0, "rest"))), latency_ms=450)
        live_run.after(1_000)
        live_run.conductor.send(Command.NEXT)
        assert live_run.heard == [(1_450, "rest")]

    def test_added_time_moves_the_countdown_and_leaves_a_line_alone(self) -> None:
        live_run = Stage(timeline(hold(5_000, line(3_000, "Nearly."), sound(4_500, "3", from_end=True))))
        live_run.after(3_200)
        live_run.conductor.send(Command.ADD_TIME, 10_000)
        live_run.after(13_000)
        assert live_run.heard == [(3_000, "Nearly."), (14_500, "3")]
        assert live_run.cancelled == [True]

    def test_what_the_output_has_taken_in_is_not_handed_over_twice(self) -> None:
        cues = [sound(1_200, "soon"), sound(1_800, "later"), sound(1_900, "3", from_end=True)]
        live_run = Stage(timeline(hold(2_000, *cues)), latency_ms=450)
        live_run.after(1_400)
        live_run.conductor.send(Command.ADD_TIME, 10_000)
        live_run.after(12_000)
        assert live_run.heard == [(1_650, "soon"), (2_250, "later"), (12_350, "3")]

    @pytest.mark.parametrize("command", [Command.AGAIN, Command.COUNT_REP, Command.ADD_TIME])
    def test_a_command_that_changes_nothing_near_leaves_the_sound_alone(self, command: Command) -> None:
        part = self_paced(5, sound(1_000)) if command is Command.COUNT_REP else hold(60_000, sound(1_000))
        live_run = Stage(timeline(part))
        live_run.conductor.send(command, 10_000)
        assert live_run.cancelled == []
        live_run.after(3_000)
        assert live_run.heard == [(1_000, "tick")]

    def test_a_line_that_would_talk_over_the_next_one_gives_way(self) -> None:
        long_line = line(1_000, "Lie on your side and let your knees sink.", length_ms=9_000)
        live_run = Stage(timeline(prepare(20_000, long_line), hold(9_000, line(0, "Go"))))
        live_run.after(3_000)
        live_run.conductor.send(Command.ADD_TIME, -10_000)
        assert live_run.cancelled == []
        live_run.conductor.send(Command.ADD_TIME, -5_000)
        assert live_run.cancelled == [False]

    @pytest.mark.parametrize("command", [Command.ADD_TIME, Command.COUNT_REP, Command.AGAIN])
    def test_a_command_that_leaves_the_phase_leaves_its_line_too(self, command: Command) -> None:
        first = self_paced(1, line(0, "One.")) if command is Command.COUNT_REP else hold(500)
        live_run = Stage(timeline(first, rest(9_000, line(0, "Rest."), line(5_000, "Soon."))))
        live_run.after(0 if command is Command.COUNT_REP else 1_000)
        live_run.conductor.send(command, -10_000)
        assert live_run.cancelled == [False]

    def test_once_more_near_the_end_of_a_set_changes_what_comes_after_it(self) -> None:
        once_more = lead_in(2_000, sound(0, "again"))
        live_run = Stage(timeline(hold(2_000), rest(5_000, sound(0, "rest")), again=once_more))
        live_run.after(1_000)
        assert live_run.heard == [(2_000, "rest")]
        live_run.conductor.send(Command.AGAIN)
        assert live_run.heard == [(2_000, "again")]
        live_run.conductor.send(Command.AGAIN)
        assert live_run.heard == [(2_000, "rest")]

    def test_a_refused_command_leaves_the_sound_alone_and_tells_what_was_due(self) -> None:
        live_run = Stage(timeline(hold(2_000, sound(500), sound(1_500))))
        live_run.clock.advance(1_000)
        with pytest.raises(IllegalTransitionError) as refusal:
            live_run.conductor.send(Command.RESUME)
        assert refusal.value.due_events == [ev.CueDue(500, 0, sound(500))]
        assert live_run.cancelled == []
        assert live_run.heard == [(500, "tick"), (1_500, "tick")]

    def test_giving_up_ends_the_sound(self) -> None:
        live_run = Stage(timeline(hold(2_000, sound(1_000))))
        live_run.conductor.send(Command.ABORT)
        assert live_run.heard == []
        live_run.conductor.close()
        assert live_run.sink.closed


def test_better_lengths_replace_what_was_already_handed_over() -> None:
    def session(said_ms: int) -> Timeline:
        return timeline(hold(1_000, sound(900)), say("Rest now.", said_ms), hold(9_000, sound(0, "start")))

    live_run = Stage(session(300))
    assert live_run.heard == [(900, "tick"), (1_000, "Rest now."), (1_300, "start")]
    live_run.after(100)
    live_run.conductor.revise(session(2_000))
    live_run.after(5_000)
    assert live_run.heard == [(900, "tick"), (1_000, "Rest now."), (3_000, "start")]


class TestSleep:
    def test_a_computer_that_slept_pauses_the_run_where_it_was_last_seen(self) -> None:
        live_run = Stage(timeline(hold(60_000, *(sound(at_ms) for at_ms in range(0, 60_000, 1_000)))))
        live_run.after(10_000)
        live_run.clock.advance(8 * 3_600_000)
        assert live_run.conductor.tick() == [ev.Paused(10_000)]
        assert live_run.conductor.slept
        assert live_run.conductor.snapshot().elapsed_ms == 10_000
        live_run.after(2_000)
        assert all(at_ms < 10_000 + SCHEDULE_AHEAD_MS for at_ms, _ in live_run.heard)

    def test_nothing_is_skipped_when_the_run_goes_on(self) -> None:
        live_run = Stage(timeline(hold(20_000, *(sound(at_ms, str(at_ms)) for at_ms in range(0, 20_000, 1_000)))))
        reported = live_run.after(10_000)
        live_run.clock.advance(3_600_000)
        reported += live_run.conductor.send(Command.RESUME)
        assert not live_run.conductor.slept
        reported += live_run.after(13_000)
        marks = [event.cue.text for event in reported if isinstance(event, ev.CueDue)]
        assert marks == [str(at_ms) for at_ms in range(0, 20_000, 1_000)]

    def test_a_shorter_absence_is_made_up_for(self) -> None:
        live_run = Stage(timeline(hold(4_000), rest(60_000)))
        assert live_run.after(SLEEP_GAP_MS - 1, every_ms=SLEEP_GAP_MS)[-1] == ev.PhaseStarted(4_000, 1)
        assert not live_run.conductor.slept

    def test_the_length_of_the_absence_is_real_time_at_any_speed(self) -> None:
        live_run = Stage(timeline(hold(600_000)), rate=60)
        live_run.after(60 * (SLEEP_GAP_MS - 100), every_ms=60 * SLEEP_GAP_MS)
        assert live_run.conductor.snapshot().state is State.RUNNING
        live_run.after(60 * SLEEP_GAP_MS, every_ms=60 * SLEEP_GAP_MS)
        assert live_run.conductor.snapshot().state is State.PAUSED

    @pytest.mark.parametrize("part", [[hold(1_000), overrun()], self_paced(5), wait()])
    def test_does_not_count_as_exercise_where_the_run_waits(self, part: Part) -> None:
        live_run = Stage(timeline(part))
        live_run.after(2_000)
        live_run.clock.advance(3_600_000)
        assert live_run.conductor.tick() == [ev.Paused(2_000)]

    @pytest.mark.parametrize("command", [None, Command.PAUSE, Command.FINISH])
    def test_means_nothing_to_a_run_that_stands_still(self, command: Command | None) -> None:
        clock, player = ManualClock(), Player(timeline(hold(9_000)))
        conductor = Conductor(player, clock, SilentSink())
        if command is not None:
            conductor.send(Command.START)
            conductor.send(command)
        clock.advance(3_600_000)
        assert conductor.tick() == []
        assert not conductor.slept


class TestWaking:
    def test_the_run_wants_to_be_looked_at_for_the_next_cue_or_change(self) -> None:
        live_run = Stage(timeline(prepare(2_000, sound(1_900)), hold(9_000)))
        assert live_run.conductor.ms_until_next_tick() == MAX_TICK_INTERVAL_MS
        live_run.after(1_750)
        assert live_run.conductor.ms_until_next_tick() == 150
        live_run.after(150)
        assert live_run.conductor.ms_until_next_tick() == 100

    def test_at_a_speed_it_is_sooner(self) -> None:
        live_run = Stage(timeline(hold(9_000, sound(1_000))), rate=10)
        assert live_run.conductor.ms_until_next_tick() == 100

    def test_a_look_that_is_overdue_is_wanted_now(self) -> None:
        live_run = Stage(timeline(hold(9_000, sound(1_000))))
        live_run.clock.advance(1_200)
        assert live_run.conductor.ms_until_next_tick() == 0

    def test_a_phase_that_is_about_to_begin_is_a_change(self) -> None:
        live_run = Stage(timeline(wait()), latency_ms=250)
        assert live_run.conductor.ms_until_next_tick() == 250

    def test_a_run_that_stands_still_is_looked_at_now_and_then(self) -> None:
        live_run = Stage(timeline(wait()))
        live_run.conductor.send(Command.PAUSE)
        assert live_run.conductor.ms_until_next_tick() == MAX_TICK_INTERVAL_MS

    def test_looking_when_wanted_leads_a_run_to_its_end(self) -> None:
        live_run = Stage(timeline(prepare(700), reps(3, 500, 250), rest(0), hold(1_234)))
        looks = 0
        while not live_run.player.state.is_over:
            live_run.clock.advance(max(1, int(live_run.conductor.ms_until_next_tick())))
            live_run.conductor.tick()
            looks += 1
        assert looks < 20


def test_a_pause_sounds_a_low_note_and_nothing_else_until_the_run_goes_on() -> None:
    run = Stage(timeline(hold(20_000, sound(3_000), sound(6_500))))
    run.after(5_000)
    run.conductor.send(Command.PAUSE)
    run.after(20_000)
    assert run.sink.paused_with == ["rest"]
    assert run.heard == [(3_000, "tick")]
    run.conductor.send(Command.RESUME)
    run.after(8_000)
    assert run.heard == [(3_000, "tick"), (29_500, "tick")]


def test_a_line_that_is_asked_for_takes_the_place_of_what_would_be_said_meanwhile_and_tones_stay() -> None:
    spoken = hold(10_000, line(900, "Before."), sound(2_000, "tick"), line(2_500, "Meanwhile."), line(6_000, "After."))
    run = Stage(timeline(spoken))
    run.after(1_200)
    run.conductor.say_now(Utterance("Stand tall."), 3_000)
    assert run.cancelled == [False]
    run.after(6_000)
    heard = [text for _, text in run.heard]
    assert "Stand tall." in heard
    assert {"tick", "After."} <= set(heard)
    assert "Meanwhile." not in heard
    (at_ms,) = [at_ms for at_ms, text in run.heard if text == "Stand tall."]
    assert 1_200 <= at_ms <= 1_300


def test_after_a_command_that_moves_the_run_everything_is_said_again() -> None:
    run = Stage(timeline(hold(10_000, line(2_000, "Meanwhile."))))
    run.after(800)
    run.conductor.say_now(Utterance("Stand tall."), 5_000)
    run.conductor.send(Command.RESTART)
    run.after(3_000)
    assert "Meanwhile." in [text for _, text in run.heard]
