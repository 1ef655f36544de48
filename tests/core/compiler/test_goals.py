"""What `then` of a question names, and what is wrong with the name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.core.compiling import Step, compiled, exercises, plan, session
from timer_app.core.compiler.compile import compile_session
from timer_app.core.compiler.limits import check_limits
from timer_app.core.session.translation import in_language, texts_of
from timer_app.core.timeline.model import JumpRule

A: Step = {"name": "A", "hold": "9s"}
STRETCH: Step = {"name": "Stretch", "hold": "9s"}


def _asks(*then: dict[str, Any], **more: Any) -> Step:
    return {"measure": "pain", "then": list(then), **more}


def _jumps(*steps: Step, **more: Any) -> tuple[JumpRule, ...]:
    timeline = compiled(*steps, **more).timeline
    return next(phase.measure.jumps for phase in timeline.phases if phase.measure)


def test_a_goal_is_the_end_or_a_later_step_by_its_name() -> None:
    then = ({"answer": "6-10", "go": "end"}, {"answer": 5, "go": "Stretch"}, {"apart": 3, "go": "Stretch"})
    assert _jumps(_asks(*then), A, STRETCH) == (
        JumpRule(None, 6.0, 10.0),
        JumpRule(2, 5.0, 5.0),
        JumpRule(2, apart=3.0),
    )


def test_a_block_is_entered_at_its_first_step_and_an_exercise_named_by_its_id() -> None:
    catalogue = exercises(row={"name": "Row it", "say": "Row.", "reps": 5})
    block = {"name": "Easy", "rounds": 2, "steps": [STRETCH, {"exercise": "row"}]}
    then = ({"answer": "0-3", "go": "Easy"}, {"answer": "4-5", "go": "row"})
    made = session(_asks(*then), A, block, catalogue=catalogue)
    timeline = compile_session(made, plan(catalogue=catalogue)).timeline
    assert [rule.step for phase in timeline.phases if phase.measure for rule in phase.measure.jumps] == [2, 3]


@pytest.mark.parametrize(
    ("go", "said", "near"),
    [
        ("Strech", 'there is no step "Strech"', "Stretch"),
        ("A", '"A" comes before the question', ""),
        ("ende", 'there is no step "ende"', "end"),
    ],
)
def test_a_goal_that_does_not_come_is_told_where_it_is_named(go: str, said: str, near: str) -> None:
    (problem,) = check_limits(session(A, _asks({"answer": 1, "go": go}), STRETCH), plan())
    assert (problem.path, problem.message, problem.suggestion) == (("steps", 1, "then", 0, "go"), said, near)


@pytest.mark.parametrize("then", [{"go": "end"}, {"answer": 1, "apart": 2, "go": "end"}, {"answer": 1}])
def test_what_follows_needs_an_answer_and_a_goal(then: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        session(_asks(then))


def test_a_goal_is_translated_with_the_step_that_it_names() -> None:
    made = session(_asks({"answer": 5, "go": "Stretch"}, {"answer": 1, "go": "end"}), STRETCH)
    assert [text for _, text in texts_of(made)].count("Stretch") == 1
    german = in_language(made, {"Stretch": "Dehnen"}, "de")
    assert check_limits(german, plan(language="de")) == []
    assert [rule.step for rule in _rules(german)] == [1, None]


def _rules(made: Any) -> tuple[JumpRule, ...]:
    timeline = compile_session(made, plan(language="de")).timeline
    return next(phase.measure.jumps for phase in timeline.phases if phase.measure)
