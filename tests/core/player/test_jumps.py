"""Answers that lead on: to the end, or to a later step."""

from __future__ import annotations

from dataclasses import replace

from tests.core.player_run import Run
from timer_app.core.player import events as ev
from timer_app.core.player.recorder import Recorder
from timer_app.core.player.states import Command, State
from timer_app.core.timeline.model import JumpRule, Phase, Timeline
from timer_app.testing import hold, measure, rest, say, timeline


def _asks(*jumps: JumpRule, side: str | None = None) -> Phase:
    made = measure("pain", side=side)
    assert made.measure is not None
    return replace(made, measure=replace(made.measure, jumps=jumps, prompt=f"Pain {side}?"))


def _chain(*jumps: JumpRule) -> Timeline:
    """A question, two holds with a rest between them, and last words."""
    return timeline(_asks(*jumps), hold(5_000, label="A"), rest(2_000), hold(5_000, label="B"), say("Done.", 1_000))


def _answered(chain: Timeline, *answers: float | None) -> Run:
    run = Run(chain)
    for answer in answers:
        run.press(Command.ANSWER, value=answer)
    return run


def test_an_answer_in_the_range_leads_to_the_last_words_and_the_session_is_finished() -> None:
    run = _answered(_chain(JumpRule(None, 6, 10)), 7)
    assert (run.observed.index, run.state) == (4, State.RUNNING)
    assert ev.Jumped(0, 0, 4) in run.reported
    assert run.after(1_000)[-1] == ev.Finished(1_000, early=False)
    recorder = Recorder(run.player.timeline)
    recorder.observe(run.reported)
    assert [answer.value for answer in recorder.record.answers] == [7]
    assert [step.outcome for step in recorder.record.steps[1:4]] == ["not done"] * 3


def test_any_other_answer_and_none_at_all_go_on_as_written() -> None:
    for answer in (5, None):
        run = _answered(_chain(JumpRule(None, 6, 10)), answer)
        assert run.observed.phase.label == "A"
        assert not any(isinstance(event, ev.Jumped) for event in run.reported)


def test_an_answer_leads_to_a_later_step_and_the_first_rule_that_holds_counts() -> None:
    rules = (JumpRule(3, 4, 10), JumpRule(None, 0, 10))
    assert _answered(_chain(*rules), 4).observed.phase.label == "B"
    assert _answered(_chain(*rules), 3).observed.index == 4


def test_a_step_that_does_not_come_any_more_is_no_goal() -> None:
    chain = timeline(hold(1_000), _asks(JumpRule(0, 0, 10)), hold(5_000, label="B"))
    run = Run(chain)
    run.after(1_000)
    run.press(Command.ANSWER, value=3)
    assert run.observed.phase.label == "B"


def _sided(*jumps: JumpRule) -> Timeline:
    left, right = (_asks(*jumps, side=side) for side in ("left", "right"))
    made = timeline(left, right, hold(5_000, label="A"), say("Done.", 1_000))
    return replace(made, phases=(made.phases[0], replace(made.phases[1], step=0), *made.phases[2:]))


def test_a_question_about_two_sides_decides_once_both_are_answered() -> None:
    run = _answered(_sided(JumpRule(None, 6, 10)), 8)
    assert run.observed.phase.side == "right"
    run.press(Command.ANSWER, value=0)
    assert run.observed.index == 3


def test_sides_that_are_so_far_apart_lead_on() -> None:
    rule = JumpRule(None, apart=3)
    assert _answered(_sided(rule), 2, 5).observed.index == 3
    assert _answered(_sided(rule), 2, 4).observed.index == 2
    assert _answered(_sided(rule), None, 9).observed.index == 2
