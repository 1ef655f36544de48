"""Steps that are left out: by chance in a block that does some of its steps, and by priority where time is short."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.core.compiling import Step, plan, said, session
from tests.core.random_sessions import step_lists
from timer_app.core.compiler.compile import compile_session, fit_time, outline
from timer_app.core.compiler.picks import left_out_by_chance
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import Timeline


def _steps(names: str, **more: Any) -> list[Step]:
    return [{"name": name, "hold": 5, **more} for name in names]


def _works(timeline: Timeline) -> str:
    return "".join(phase.label for phase in timeline.phases if phase.kind == "work")


def _timeline(made: Session, left_out: frozenset[int] | None = None) -> Timeline:
    return compile_session(made, replace(plan(), left_out=left_out)).timeline


def _kept(made: Session, chance: str, recent: str = "") -> str:
    left_out = left_out_by_chance(made, chance, lambda leaf: getattr(leaf.step, "name", "") in recent)
    return _works(_timeline(made, left_out))


def test_so_many_steps_are_done_in_the_order_written_and_the_same_in_each_round() -> None:
    made = session({"pick": 3, "rounds": 2, "rest": 0, "steps": _steps("ABCDEF")})
    once = {_kept(made, str(chance)) for chance in range(30)}
    assert all(len(works) == 6 and works[:3] == works[3:] == "".join(sorted(works[:3])) for works in once)
    assert len(once) > 5
    assert _kept(made, "x") == _kept(made, "x")


def test_those_of_last_time_are_chosen_only_where_there_are_no_others() -> None:
    made = session({"pick": 3, "steps": _steps("ABCDE")})
    for chance in range(20):
        stored = _kept(made, str(chance), recent="ABC")
        assert set("DE") < set(stored)
        assert len(stored) == 3


def test_a_higher_priority_is_chosen_first_even_if_it_was_done_the_last_time() -> None:
    steps = [*_steps("A", priority=1), *_steps("BC"), *_steps("D", priority=3), *_steps("E", priority="optional")]
    made = session({"pick": 3, "steps": steps})
    assert {_kept(made, str(chance), recent="A") for chance in range(20)} == {"ABC"}


def test_a_block_is_chosen_as_a_whole_and_rests_between_what_is_left_out_go() -> None:
    pair = {"name": "Pair", "steps": _steps("XY")}
    made = session({"pick": 1, "steps": [pair, {"rest": 5}, *_steps("A"), {"rest": 5}, *_steps("B")]})
    timelines = [_timeline(made, left_out_by_chance(made, str(chance))) for chance in range(20)]
    assert {_works(timeline) for timeline in timelines} == {"XY", "A", "B"}
    assert all(phase.kind != "rest" for timeline in timelines for phase in timeline.phases)


@pytest.mark.parametrize(
    ("names", "rests"), [("ABC", 2), ("AB", 1), ("AC", 1), ("BC", 1), ("A", 0), ("B", 0), ("C", 0)]
)
def test_a_rest_that_only_words_part_from_what_is_left_out_goes_with_it(names: str, rests: int) -> None:
    say = {"say": "On it goes."}
    a, b, c = (_steps(name) for name in "ABC")
    made = session(*a, say, {"rest": 7}, say, *b, say, {"rest": 7}, say, *c, say)
    left_out = {index for name, index in zip("ABC", (0, 4, 8), strict=True) if name not in names}
    timeline = _timeline(made, frozenset(left_out))
    assert _works(timeline) == names
    assert sum(phase.kind == "rest" for phase in timeline.phases) == rests


def test_words_go_with_what_they_announce_where_all_of_that_is_left_out() -> None:
    steps = [{"say": "Stand up."}, *_steps("A"), {"rest": 7}, *_steps("B"), {"say": "Lie down."}, *_steps("C")]
    made = session(*steps, {"say": "That was it."})

    def heard(left_out: set[int]) -> set[str]:
        return {phase.text for phase in _timeline(made, frozenset(left_out)).phases if phase.kind == "say"}

    assert heard({1}) >= {"Stand up.", "Lie down.", "That was it."}
    assert heard({1, 3}) >= {"Lie down.", "That was it."}
    assert "Stand up." not in heard({1, 3})
    assert "Lie down." not in heard({5})
    assert heard({5}) >= {"Stand up.", "That was it."}


def test_words_and_waits_are_no_choice() -> None:
    made = session({"pick": 1, "steps": [{"say": "Choose well."}, *_steps("AB")]})
    for chance in range(5):
        assert "Choose well." in {phase.text for phase in _timeline(made, left_out_by_chance(made, str(chance))).phases}


def test_what_is_chosen_is_told_before_the_start() -> None:
    made = session({"pick": 2, "steps": _steps("ABC")}, cautions=["Mind your knees."])
    timeline = _timeline(made, frozenset({1}))
    assert timeline.picked == ("A", "C")
    assert said(timeline.phases[0]) == ["Test.", "Today: A, C.", "Mind your knees."]
    assert timeline.phases[0].text == "Today: A, C. Mind your knees."
    assert [step.is_left_out for step in timeline.steps] == [False, True, False]
    assert timeline.steps[1].whole_dose is None


def test_the_same_input_gives_the_same_choice_and_without_one_the_seed_decides() -> None:
    made = session({"pick": 2, "steps": _steps("ABCDEF")})
    by_seed = [compile_session(made, plan(seed=seed)).timeline.picked for seed in range(8)]
    assert by_seed == [compile_session(made, plan(seed=seed)).timeline.picked for seed in range(8)]
    assert len(set(by_seed)) > 1


@pytest.mark.parametrize(
    "block",
    [
        {"pick": 2, "steps": _steps("AB")},
        {"pick": 0, "steps": _steps("AB")},
        {"pick": 2, "steps": [*_steps("AB"), {"rest": 5}, {"say": "Now."}]},
        {"pick": 1, "within": "2m", "steps": _steps("AB")},
        {"steps": _steps("A", priority=4)},
        {"steps": _steps("A", priority="sometimes")},
        {"steps": _steps("A", priority=True)},
    ],
)
def test_what_leaves_nothing_to_choose_is_refused(block: Step) -> None:
    with pytest.raises(ValidationError):
        session(block)


def test_where_time_is_short_the_last_of_the_lowest_priority_is_left_out_first() -> None:
    steps = [*_steps("AB"), *_steps("C", priority="optional"), *_steps("D", priority=3), *_steps("E", priority=1)]
    made = session(*steps)
    whole_ms = outline(made, plan()).length_ms
    stored = []
    for less_ms in range(0, 60_000, 1_000):
        planned = fit_time(made, plan(), whole_ms - less_ms)
        works = _works(compile_session(made, planned).timeline)
        stored += [works] if works not in stored else []
    assert stored == ["ABCDE", "ABDE", "ABE", "AE", "E"]


def test_the_steps_of_a_block_have_its_priority_unless_they_have_their_own() -> None:
    block = {"priority": 3, "rounds": 2, "rest": "9s", "steps": [*_steps("A"), *_steps("B", priority=1)]}
    made = session(block, *_steps("C"))
    assert _works(compile_session(made, fit_time(made, plan(), 1_000)).timeline) == "BB"


def test_a_block_of_which_nothing_is_left_has_no_rests_either() -> None:
    made = session({"priority": 3, "rounds": 3, "rest": "20s", "steps": _steps("A")}, *_steps("B", priority=1))
    kinds = [phase.kind for phase in compile_session(made, fit_time(made, plan(), 1_000)).timeline.phases]
    assert kinds == ["say", "prepare", "work", "say"]


# What is said of the step that is left out makes the opening longer.
@example([{"name": "Squat", "hold": "1s"}, {"name": "Squat", "hold": "max"}, {"name": "Squat", "hold": "1s"}], 18_000)
@given(step_lists, st.integers(0, 600_000))
def test_no_session_takes_longer_than_asked_unless_only_priority_one_is_left(steps: list[Step], max_ms: int) -> None:
    made = session(*steps)
    planned = fit_time(made, plan(), max_ms)
    timeline = compile_session(made, planned).timeline
    assert timeline.total_ms <= max_ms or all(phase.kind != "work" for phase in timeline.phases)
    assert _works(compile_session(made, fit_time(made, plan(), 10**9)).timeline) == _works(_timeline(made))


def test_what_there_is_no_time_for_is_said_and_what_chance_left_out_is_not() -> None:
    made = session({"say": "Hello."}, *_steps("A"), *_steps("BC", priority="optional"))
    opening = compile_session(made, fit_time(made, plan(), 1_000)).timeline.phases[0]
    assert "Left out today: A, B, C." in said(opening)
    without = _timeline(made, frozenset({2})).phases[0]
    assert [line for line in said(without) if "eft out" in line] == []
