"""Rounds by the clock while they run: rests that wait for the next round, and rounds that the user counts."""

from __future__ import annotations

from typing import Any

from tests.core.player_run import Run, cues
from timer_app.core.player import events as ev
from timer_app.core.player.controls import default_command
from timer_app.core.player.lookahead import Cursor, future_cues
from timer_app.core.player.recorder import Recorder
from timer_app.core.player.states import Command, State
from timer_app.core.timeline.model import Phase, Timeline
from timer_app.testing import hold, lead_in, prepare, rest, self_paced, sound, timeline


def _minute(duration_ms: int, until_ms: int = 60_000, **more: Any) -> Phase:
    """The rest of a round."""
    return rest(duration_ms, *more.pop("cues", ()), until_ms=until_ms, **more)


def _emom() -> Timeline:
    """Two rounds of a minute, self-paced."""
    round_ = (self_paced(2, begins_round=True), _minute(60_000, cues=(sound(59_000, from_end=True),)))
    return timeline(*round_, *round_, hold(5_000), resume=lead_in(3_000))


def _begun_ms(run: Run, index: int) -> int:
    return next(e.due_ms for e in run.reported if isinstance(e, ev.PhaseStarted) and e.index == index)


def test_a_rest_lasts_until_the_round_is_over_however_long_the_work_took() -> None:
    run = Run(_emom())
    run.after(20_000)
    run.press(Command.COUNT_REP)
    run.after(15_000)
    run.press(Command.COUNT_REP)
    assert (run.observed.duration_ms, run.observed.remaining_ms) == (25_000, 25_000)
    assert cues(run.after(25_000)) == [(59_000, "tick")]
    assert _begun_ms(run, 2) == 60_000


def test_a_round_that_takes_longer_has_no_rest_and_the_next_begins_at_its_end() -> None:
    run = Run(_emom())
    run.after(70_000)
    run.press(Command.NEXT)
    run.after(10_000)
    assert _begun_ms(run, 2) == 70_000
    run.press(Command.NEXT)
    run.after(50_000)
    assert _begun_ms(run, 4) == 130_000


def test_a_pause_stops_the_clock_of_the_round() -> None:
    run = Run(_emom())
    run.after(20_000)
    run.press(Command.PAUSE)
    run.after(100_000)
    run.press(Command.RESUME)
    run.after(3_000)
    run.press(Command.NEXT)
    assert run.observed.duration_ms == 40_000


def test_time_added_to_work_is_taken_from_the_rest_and_its_cues_are_foreseen() -> None:
    chain = timeline(
        hold(20_000, begins_round=True), _minute(40_000, cues=(sound(39_000, from_end=True),)), hold(1_000)
    )
    run = Run(chain)
    run.press(Command.ADD_TIME, 10_000)
    foreseen = [(cue.due_ms, cue.cue.text) for cue in run.player.upcoming(0, 60_000)]
    assert foreseen == [(59_000, "tick")]
    assert cues(run.after(60_000)) == foreseen
    assert _begun_ms(run, 2) == 60_000


def test_a_set_done_once_more_uses_up_the_minute_too() -> None:
    chain = timeline(hold(20_000, begins_round=True), _minute(40_000), hold(1_000), again=lead_in(6_000))
    run = Run(chain)
    run.press(Command.AGAIN)
    run.after(46_000)
    assert (run.observed.index, run.observed.duration_ms) == (1, 14_000)


def test_a_jump_into_a_round_finds_it_as_planned() -> None:
    chain = timeline(prepare(5_000), hold(20_000, begins_round=True), hold(10_000), _minute(30_000), hold(1_000))
    run = Run(chain)
    run.press(Command.JUMP, 2)
    run.after(10_000)
    assert (run.observed.index, run.observed.duration_ms) == (3, 30_000)


def test_the_cues_of_a_rest_are_foreseen_as_the_round_will_have_gone() -> None:
    chain = timeline(hold(20_000, begins_round=True), _minute(40_000, cues=(sound(39_000, from_end=True),)))
    late = Cursor(0, 5_000, extra_ms=0, round_origin_ms=0)
    assert [cue.due_ms for cue in future_cues(chain, late, 200_000)] == [59_000]


def _clocked(rounds: int | None) -> Timeline:
    return timeline(hold(60_000, counts_rounds=True, rounds=rounds, label="Cindy"), hold(1_000))


def test_rounds_are_counted_by_key_while_one_clock_runs() -> None:
    run = Run(_clocked(None))
    assert default_command(run.observed) is Command.COUNT_ROUND
    run.after(20_000)
    run.press(Command.COUNT_ROUND)
    run.after(15_000)
    assert run.press(Command.COUNT_ROUND) == [ev.RoundCounted(35_000, 0, 2)]
    assert (run.state, run.observed.counted_reps) == (State.RUNNING, 2)
    run.after(25_000)
    assert run.observed.index == 1
    recorder = Recorder(run.player.timeline)
    recorder.observe(run.reported)
    done = recorder.record.steps[0]
    assert (done.rounds, done.held_ms, done.outcome) == (2, 60_000, "done")


def test_the_clock_stops_with_the_last_round_that_is_asked_for() -> None:
    run = Run(_clocked(2))
    run.after(20_000)
    run.press(Command.COUNT_ROUND)
    run.after(15_000)
    reported = run.press(Command.COUNT_ROUND)
    assert [type(event) for event in reported] == [ev.RoundCounted, ev.PhaseEnded, ev.PhaseStarted]
    recorder = Recorder(run.player.timeline)
    recorder.observe(run.reported)
    done = recorder.record.steps[0]
    assert (done.rounds, done.held_ms, done.skipped) == (2, 35_000, 0)


def test_rounds_are_not_counted_where_nobody_counts_them() -> None:
    run = Run(timeline(hold(1_000)))
    assert default_command(run.observed) is Command.PAUSE
