"""What phases the blocks of a session become: rounds, rests between them, and their order."""

from __future__ import annotations

from tests.core.compiling import SQUAT, Step, kinds, phases, plan, said, session
from timer_app.core.compiler.compile import compile_session
from timer_app.core.timeline.model import Phase


def test_rounds_of_a_block_are_repeated_with_rests_between_them_and_none_after_the_last() -> None:
    block = {"rounds": 3, "rest": "20s", "steps": [SQUAT, {"name": "Row", "reps": 1}]}
    once = ["work", "prepare", "work"]
    assert kinds(block) == ["prepare", *once, "rest", *once, "rest", *once]
    rests = [phase for phase in phases(block) if phase.kind == "rest"]
    assert [(phase.round, phase.rounds, phase.step) for phase in rests] == [(2, 3, None), (3, 3, None)]


def test_blocks_nest_and_a_step_shows_the_innermost_round() -> None:
    inner = {"rounds": 2, "rest": 0, "steps": [SQUAT]}
    made = phases({"rounds": 2, "rest": 0, "steps": [inner, {"name": "Row", "reps": 1}]})
    work = [(phase.label, phase.round, phase.rounds) for phase in made if phase.kind == "work"]
    squats = [("Squat", 1, 2), ("Squat", 2, 2)]
    assert work == [*squats, ("Row", 1, 2), *squats, ("Row", 2, 2)]


def test_a_block_of_one_round_shows_the_round_around_it() -> None:
    made = phases({"rounds": 2, "rest": 0, "steps": [{"steps": [SQUAT]}]})
    assert [phase.round for phase in made if phase.kind == "work"] == [1, 2]


def test_in_later_rounds_only_the_name_is_said_before_an_exercise() -> None:
    step = {**SQUAT, "say": "Lean on the wall.", "cautions": ["Mind your knees."], "prepare": "1s"}
    first, _, second, _ = phases({"rounds": 2, "rest": 0, "steps": [step]})
    assert [line for line in said(first) if not line.isdigit()] == [
        "Squat.",
        "Lean on the wall.",
        "Mind your knees.",
        "For 20 seconds.",
    ]
    assert [line for line in said(second) if not line.isdigit()] == ["Squat."]


_SHUFFLED: Step = {
    "shuffle": True,
    "rounds": 4,
    "rest": 0,
    "steps": [{"name": name, "hold": 5} for name in "ABCDE"] + [{"rest": 5}, {"name": "F", "hold": 5}],
}


def _order(seed: int) -> list[str]:
    made = session({"name": "First", "hold": 5}, _SHUFFLED, {"name": "Last", "hold": 5})
    timeline = compile_session(made, plan(seed=seed)).timeline
    return [phase.label[0] for phase in timeline.phases if phase.kind in {"work", "rest"}]


def test_a_shuffled_block_has_a_new_order_in_each_round_and_rests_stay_where_they_are() -> None:
    order = _order(seed=1)
    rounds = ["".join(order[1 + 7 * number : 8 + 7 * number]) for number in range(4)]
    assert [sorted(one) for one in rounds] == [sorted("ABCDEFR")] * 4
    assert {one[5] for one in rounds} == {"R"}
    assert len(set(rounds)) > 1
    assert (order[0], order[-1]) == ("F", "L")


def test_the_same_seed_shuffles_alike_and_another_one_differently() -> None:
    assert _order(seed=1) == _order(seed=1)
    assert len({tuple(_order(seed)) for seed in range(4)}) > 1


def test_a_hundred_thousand_phases_are_laid_out_one_after_the_other() -> None:
    made = phases({"rounds": 20, "rest": 0, "steps": [{"name": "Row", "reps": 1_000, "tempo": "1-1-1"}]})
    assert len(made) == 20 * 3_001
    assert _is_row(made)


def _is_row(made: list[Phase]) -> bool:
    return all(phase.label == "Row" for phase in made)
