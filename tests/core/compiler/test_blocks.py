"""What phases the blocks of a session become: rounds, rests between them, and their order."""

from __future__ import annotations

from tests.core.compiling import HOLD, SQUAT, Step, compiled, kinds, phases, plan, said, session
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


def test_in_later_rounds_only_name_and_dose_are_said_before_an_exercise() -> None:
    step = {**SQUAT, "say": "Lean on the wall.", "cautions": ["Mind your knees."], "prepare": "1s"}
    first, _, second, _ = phases({"rounds": 2, "rest": 0, "steps": [step]})
    assert [line for line in said(first) if not line.isdigit()] == [
        "Squat.",
        "Lean on the wall.",
        "20 seconds, about 3 breaths.",
        "Mind your knees.",
    ]
    assert [line for line in said(second) if not line.isdigit()] == ["Squat.", "20 seconds."]


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


INNER: Step = {"name": "Inner", "cautions": ["Mind the neck."], "steps": [{"name": "Nod", "hold": "10s"}]}


def test_a_block_rests_before_a_session_that_is_put_in_and_after_its_cautions() -> None:
    made = phases({"between": "8s", "steps": [HOLD, {"included": INNER}, HOLD]})
    assert [phase.kind for phase in made] == ["prepare", "work", "say", "rest", "work", "rest", "work"]
    begins_with_rest = {**INNER, "steps": [{"rest": "9s"}, *INNER["steps"]]}
    made = phases({"between": "8s", "steps": [HOLD, {"included": begins_with_rest}]})
    assert [(phase.kind, phase.duration_ms) for phase in made[-2:]] == [("rest", 9_000), ("work", 10_000)]


def test_by_the_clock_a_session_that_is_put_in_goes_by_the_clock_too() -> None:
    defaults = {"fit": "words", "prepare": "3s"}
    steps = [{"say": "Now the neck."}, *INNER["steps"], {"say": "And the other."}, {"rest": "6s"}, *INNER["steps"]]
    inner = {"included": {**INNER, "defaults": defaults, "steps": steps}}
    timeline = compiled(HOLD, {"rounds": 2, "rest": "7s", "steps": [inner]}, defaults={"fit": "clock"}).timeline
    assert timeline.total_ms == (6 + 30 + 3 + 2 * 26 + 7) * 1_000
    assert said(timeline.phases[0]) == ["Test.", "Mind the neck."]
    assert [step.name for step in timeline.steps if step.is_listed] == ["Squat", "Nod", "Rest", "Nod"]
    rest = next(phase for phase in timeline.phases if phase.kind == "rest")
    assert "And the other." in said(rest)


def test_a_session_that_is_put_in_by_the_clock_keeps_its_numbers_where_words_count_around_it() -> None:
    inner = {
        **INNER,
        "defaults": {"fit": "clock", "prepare": "2s"},
        "steps": [{**INNER["steps"][0], "say": "No. " * 99}],
    }
    made = phases({"included": {**inner, "cautions": []}}, {**HOLD, "say": "Slowly down. " * 20})
    assert [phase.duration_ms for phase in made[:2]] == [2_000, 10_000]
    assert made[2].kind == "prepare"
    assert (made[2].duration_ms or 0) > 6_000
