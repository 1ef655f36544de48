from __future__ import annotations

import pytest

from tests.core.player_run import Run, cues
from timer_app.core.player import events as ev
from timer_app.core.player.states import Command, State
from timer_app.testing import hold, lead_in, line, prepare, rest, self_paced, sound, timeline


def test_after_a_pause_work_goes_on_where_it_stood_after_a_lead_in_of_three_seconds() -> None:
    run = Run(timeline(hold(20_000, sound(4_000), sound(6_000))))
    run.after(5_000)
    assert run.press(Command.PAUSE) == [ev.Paused(5_000)]
    assert run.after(60_000) == []
    assert run.press(Command.RESUME) == []
    assert run.state is State.LEAD_IN
    assert run.observed.lead_in_ms == 3_000
    assert run.after(3_000) == [ev.Resumed(68_000)]
    assert run.observed.elapsed_ms == 5_000
    assert cues(run.after(1_000)) == [(69_000, "tick")]
    assert run.after(14_000)[0] == ev.PhaseEnded(83_000, 0, 20_000, skipped=False)


def test_the_lead_in_counts_down() -> None:
    counting = lead_in(3_000, *(line(n * 1_000, word) for n, word in enumerate(("three", "two", "one"))))
    run = Run(timeline(hold(20_000, sound(5_000, "start")), resume=counting))
    run.after(4_999)
    run.press(Command.PAUSE)
    run.press(Command.RESUME)
    assert cues(run.after(3_001)) == [(4_999, "three"), (5_999, "two"), (6_999, "one"), (8_000, "start")]


def test_outside_work_a_line_that_was_cut_off_is_spoken_again() -> None:
    reported = line(2_000, "Lie on your back.", length_ms=4_000)
    run = Run(timeline(prepare(9_000, sound(0, "chime"), reported, sound(3_000)), hold(1_000)))
    assert cues(run.after(5_000)) == [(0, "chime"), (2_000, reported.text), (3_000, "tick")]
    run.press(Command.PAUSE)
    assert run.observed.elapsed_ms == 2_000
    run.press(Command.RESUME)
    assert cues(run.after(9_999)) == [(8_000, reported.text), (9_000, "tick")]


@pytest.mark.parametrize("offset_ms", [1_999, 6_000])
def test_a_pause_beside_a_line_moves_nothing(offset_ms: int) -> None:
    run = Run(timeline(rest(9_000, line(2_000, "Lie on your back.", length_ms=4_000))))
    run.after(offset_ms)
    run.press(Command.PAUSE)
    assert run.observed.elapsed_ms == offset_ms


def test_in_work_a_cut_line_is_not_a_reason_to_hold_longer() -> None:
    run = Run(timeline(hold(9_000, line(2_000, "Shoulders down.", length_ms=4_000))))
    run.after(5_000)
    run.press(Command.PAUSE)
    assert run.observed.elapsed_ms == 5_000


def test_a_pause_in_the_lead_in_stands_still_again_and_the_lead_in_begins_anew() -> None:
    run = Run(timeline(hold(9_000)))
    run.after(5_000)
    run.press(Command.PAUSE)
    run.press(Command.RESUME)
    run.after(2_000)
    assert run.press(Command.PAUSE) == [ev.Paused(7_000)]
    run.press(Command.RESUME)
    assert run.after(3_000) == [ev.Resumed(10_000)]
    assert run.observed.elapsed_ms == 5_000


def test_a_pause_in_an_open_phase_goes_back_to_waiting() -> None:
    run = Run(timeline(self_paced(3)))
    run.press(Command.COUNT_REP)
    run.press(Command.PAUSE)
    run.press(Command.RESUME)
    run.after(3_000)
    assert run.state is State.WAITING
    assert run.observed.counted_reps == 1


@pytest.mark.parametrize("command", [Command.NEXT, Command.BACK, Command.RESTART, Command.JUMP])
def test_moving_on_from_the_lead_in_ends_the_pause(command: Command) -> None:
    run = Run(timeline(hold(9_000), rest(5_000)))
    run.after(5_000)
    run.press(Command.PAUSE)
    run.press(Command.RESUME)
    run.after(1_000)
    assert run.press(command)[0] == ev.Resumed(6_000)
    assert run.state is State.RUNNING


@pytest.mark.parametrize(("command", "index"), [(Command.NEXT, 2), (Command.BACK, 0), (Command.RESTART, 1)])
def test_a_paused_run_moves_and_stays_paused(command: Command, index: int) -> None:
    run = Run(timeline(prepare(2_000), hold(9_000), rest(5_000)))
    run.after(5_000)
    run.press(Command.PAUSE)
    run.press(command)
    assert (run.state, run.player.index, run.observed.elapsed_ms) == (State.PAUSED, index, 0)
    run.press(Command.RESUME)
    assert ev.Resumed(8_000) in run.after(3_000)
    assert (run.state, run.player.index) == (State.RUNNING, index)


def test_what_a_lead_in_holds_beyond_its_end_is_left_out() -> None:
    run = Run(timeline(hold(9_000), resume=lead_in(1_000, sound(500, "in"), sound(1_000, "zero"), sound(1_001, "out"))))
    run.press(Command.PAUSE)
    run.press(Command.RESUME)
    assert [due.cue.text for due in run.player.upcoming(0, 9_000)] == ["in", "zero"]
    assert cues(run.after(5_000)) == [(500, "in"), (1_000, "zero")]


@pytest.mark.parametrize(
    ("length_ms", "paused_ms", "resumed_ms"),
    [(20_000, 16_999, 16_999), (20_000, 17_001, 15_000), (20_000, 19_990, 15_000), (4_000, 2_500, 0)],
)
def test_a_pause_in_the_last_three_seconds_of_a_hold_gives_five_of_them_back(
    length_ms: int, paused_ms: int, resumed_ms: int
) -> None:
    run = Run(timeline(hold(length_ms), rest(5_000)))
    run.after(paused_ms)
    run.press(Command.PAUSE)
    assert run.observed.elapsed_ms == resumed_ms


def test_the_lead_in_that_was_made_for_this_place_is_played_once() -> None:
    run = Run(timeline(hold(9_000), resume=lead_in(3_000)))
    run.after(2_000)
    for lasting_ms in (1_000, 3_000):
        run.press(Command.PAUSE)
        if lasting_ms == 1_000:
            run.player.next_lead_in = lead_in(1_000, sound(1_000, "start"))
        run.press(Command.RESUME)
        assert run.observed.lead_in_ms == lasting_ms
        run.after(lasting_ms)
        assert run.state is State.RUNNING
