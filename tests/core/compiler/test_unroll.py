"""In which order steps are done."""

from __future__ import annotations

from typing import Any

from tests.core.compiling import Step, session
from timer_app.core.compiler.unroll import StepVisit, Unroller, flat_steps

A: Step = {"say": "A"}
B: Step = {"say": "B"}


def _stops(*steps: Step, level: float = 0.0, seed: int = 0, **more: Any) -> list[StepVisit]:
    return list(Unroller(session(*steps, **more), level, seed).visits())


def _order(stops: list[StepVisit]) -> str:
    """The steps by their letter; a dash for a rest between rounds."""
    return "".join(getattr(stop.step, "say", None) or "R" if stop.step else "-" for stop in stops)


def test_steps_outside_blocks_are_done_once_in_no_round() -> None:
    stops = _stops(A, B)
    assert _order(stops) == "AB"
    assert [(stop.path, stop.round, stop.repeated) for stop in stops] == [
        (("steps", 0), None, False),
        (("steps", 1), None, False),
    ]


def test_rounds_are_counted_from_one_with_a_rest_before_each_but_the_first() -> None:
    stops = _stops({"rounds": 3, "steps": [A, B]})
    assert _order(stops) == "AB-AB-AB"
    assert [(stop.round, stop.rounds) for stop in stops if stop.step is None] == [(2, 3), (3, 3)]
    assert [stop.repeated for stop in stops if stop.step] == [False, False, True, True, True, True]


def test_a_block_takes_its_own_rest_or_the_default_and_none_of_no_length() -> None:
    assert [stop.rest_ms for stop in _stops({"rounds": 2, "steps": [A]}, defaults={"rest": "7s"})] == [0, 7_000, 0]
    assert [stop.rest_ms for stop in _stops({"rounds": 2, "rest": "9s", "steps": [A]})] == [0, 9_000, 0]
    assert _order(_stops({"rounds": 2, "rest": 0, "steps": [A]})) == "AA"


def test_a_range_of_rounds_is_taken_at_the_level() -> None:
    assert _order(_stops({"rounds": "1-3", "rest": 0, "steps": [A]}, level=1.0)) == "AAA"
    assert _order(_stops({"rounds": "1-3", "rest": 0, "steps": [A]}, level=0.0)) == "A"


def test_blocks_in_blocks_are_done_in_each_round_of_the_outer_one() -> None:
    inner = {"rounds": 2, "rest": 0, "steps": [B]}
    stops = _stops({"rounds": 2, "steps": [A, inner]})
    assert _order(stops) == "ABB-ABB"
    assert [(stop.round, stop.rounds) for stop in stops] == [(1, 2), (1, 2), (2, 2), (2, 2), (2, 2), (1, 2), (2, 2)]
    assert stops[1].path == ("steps", 0, "steps", 1, "steps", 0)


def test_a_step_of_an_inner_first_round_is_repeated_in_the_outer_second_one() -> None:
    stops = _stops({"rounds": 2, "rest": 0, "steps": [{"rounds": 2, "rest": 0, "steps": [B]}]})
    assert [stop.repeated for stop in stops] == [False, True, True, True]


def test_only_what_lies_in_a_shuffled_block_is_shuffled_and_inner_blocks_stay_whole() -> None:
    inner = {"steps": [{"say": "x"}, {"say": "y"}]}
    block = {"shuffle": True, "steps": [A, B, inner, {"rest": 5}]}
    orders = {_order(_stops({"say": "1"}, block, {"say": "2"}, seed=seed)) for seed in range(20)}
    assert len(orders) > 3
    for order in orders:
        assert order[0] + order[-1] == "12"
        assert "xy" in order
        assert order[-2] == "R"


def test_every_step_of_the_file_is_a_leaf_once_with_its_depth_and_block() -> None:
    inner = {"rounds": 2, "name": "In", "steps": [B]}
    found = list(flat_steps(session(A, {"name": "Out", "steps": [{"steps": [A]}, inner]}).steps))
    assert [(leaf.path, leaf.depth, leaf.block) for leaf in found] == [
        (("steps", 0), 0, ""),
        (("steps", 1, "steps", 0, "steps", 0), 2, "Out"),
        (("steps", 1, "steps", 1, "steps", 0), 2, "In"),
    ]
