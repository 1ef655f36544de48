"""A run that takes up one that was cut off."""

from __future__ import annotations

from tests.core.player_run import Run, cues
from timer_app.core.player import events as ev
from timer_app.core.player.recorder import Recorder
from timer_app.core.player.states import Command, RunPosition, State
from timer_app.core.timeline.model import Timeline
from timer_app.testing import hold, lead_in, measure, rest, self_paced, sound, step, timeline


def midway(plan: Timeline, index: int, counted: int = 0) -> Run:
    return Run(plan, started=False, start=RunPosition(index, counted))


def test_it_begins_in_its_phase_after_a_lead_in() -> None:
    run = midway(timeline(hold(20_000), rest(5_000), hold(9_000), resume=lead_in(3_000, sound(2_000))), 2)
    assert run.observed.index == 2
    assert run.press(Command.START) == []
    assert run.state is State.LEAD_IN
    assert cues(run.after(2_999)) == [(2_000, "tick")]
    assert run.after(1) == [ev.PhaseStarted(3_000, 2)]
    assert run.after(9_000)[-1] == ev.Finished(12_000)


def test_reps_that_were_counted_by_hand_need_not_be_counted_again() -> None:
    run = midway(timeline(self_paced(4), rest(1_000)), 0, counted=3)
    run.press(Command.START)
    run.after(3_000)
    assert run.observed.counted_reps == 3
    assert run.press(Command.COUNT_REP)[:2] == [ev.RepCounted(3_000, 0, 4), ev.PhaseEnded(3_000, 0, 0, skipped=False)]


def test_a_phase_goes_on_at_its_offset_without_the_cues_before_it() -> None:
    plan = timeline(hold(20_000, sound(0), sound(12_000), sound(15_000)), resume=lead_in(3_000))
    run = Run(plan, started=False, start=RunPosition(0, 0, 12_000))
    run.press(Command.START)
    assert cues(run.after(6_000)) == [(3_000, "tick"), (6_000, "tick")]
    assert run.after(5_000)[-2:] == [ev.PhaseEnded(11_000, 0, 20_000, skipped=False), ev.Finished(11_000)]


def test_the_reps_are_gone_when_the_set_is_begun_anew() -> None:
    run = midway(timeline(self_paced(4), rest(1_000)), 0, counted=3)
    run.press(Command.START)
    run.press(Command.RESTART)
    assert run.observed.counted_reps == 0


def test_the_record_goes_on_with_what_was_done_before() -> None:
    plan = timeline(measure(), step("Squat", hold(10_000), hold(10_000)), measure())
    first, second = Run(plan), midway(plan, 2)
    before = Recorder(plan)
    first.press(Command.ANSWER, value=5)
    first.after(12_000)
    before.observe(first.reported)
    spent_ms = before.record.spent_ms
    after = Recorder(plan, before.record)
    second.press(Command.START)
    second.after(13_000)
    second.press(Command.ANSWER, value=2)
    after.observe(second.reported)
    assert [answer.value for answer in after.record.answers] == [5, 2]
    assert (after.record.steps[1].held_ms, after.record.steps[1].sets) == (20_000, 2)
    assert after.record.spent_ms == spent_ms + 10_000
    assert after.record.ending == "finished"
