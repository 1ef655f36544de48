"""`check` says which lines are not said as they are, by how much they lack time, and what would help."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.compiling import PlainLengths, plan, session
from timer_app.core.compiler.lint import check_session

CUES: list[dict[str, Any]] = [{"at": "10s", "say": "Let the shoulders sink."}, {"at": "10.2s", "say": "Breathe."}]


def warnings(*steps: dict[str, Any], ms_per_character: int = 50) -> list[tuple[str, str]]:
    _, found = check_session(session(*steps), plan(PlainLengths(ms_per_character)))
    return [(problem.message, problem.allowed) for problem in found]


@pytest.mark.parametrize(
    "steps",
    [
        [{"name": "A name that takes its time", "hold": "1s", "prepare": "0s"}],
        [{"rest": "2s"}, {"name": "Stand", "say": "Stand with both feet on the floor.", "hold": "9s", "prepare": "0s"}],
        [{"name": "Press", "reps": [3, 2], "load": ["40 kg", "50 kg"], "rpe": 8, "rest": "4s", "tempo": "free"}],
    ],
)
def test_the_edit_that_is_offered_makes_room(steps: list[dict[str, Any]]) -> None:
    ((message, allowed), *_) = warnings(*steps)
    key, _, rest = allowed.partition(" = ")
    assert "more would do" in message
    assert warnings(*({**step, key: rest.split('"')[1]} if key in step else step for step in steps)) == []


def test_a_cue_that_cannot_be_said_at_its_time_has_its_lack_and_its_room_told() -> None:
    step = {"name": "Squat", "hold": "5s", "cues": [{"at": "3s", "say": "Breathe out slowly, and sink."}]}
    ((message, allowed),) = warnings(step)
    assert "more would do" in message
    assert allowed.startswith("up to ") or allowed == "another time for it"


def test_a_line_without_time_in_the_rest_of_a_timed_round_asks_for_no_rest_which_a_round_cannot_have() -> None:
    step = {"name": "A name that takes its time", "hold": "18s", "prepare": 0}
    told = dict(warnings({"every": "20s", "rounds": 2, "steps": [step]}))
    ((message, allowed),) = told.items()
    assert message.startswith('"Next: A name that takes its time."')
    assert allowed == "a longer every, less to do in a round, or fewer words"


def test_a_cue_that_is_said_late_is_told() -> None:
    ((message, allowed),) = warnings({"name": "Squat", "hold": "30s", "cues": CUES})
    assert message == '"Breathe." is said 1.2 s late: something else is being said at its time'
    assert allowed == "another time for it, or fewer words before it"
