"""Doses as people write them: one for each set, with a load and an effort, open upward, or as a distance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from tests.core.compiling import Step, compiled, exercises, lines, phases, plan, said, session, words
from timer_app.core.compiler.compile import compile_session
from timer_app.core.compiler.lint import check_session
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.model import Phase, StepInfo
from timer_app.core.wording.doses import dose_text

ROW: Step = {"name": "Row", "reps": [12, 10, 8], "tempo": "1-1", "rest": "30s"}


def _work(*steps: Step, **more: Any) -> list[Phase]:
    return [phase for phase in phases(*steps, **more) if phase.kind == "work"]


def _info(step: Step, **more: Any) -> StepInfo:
    return compiled(step, **more).timeline.steps[0]


def _refused(step: Step, **more: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        session(step, **more)
    return str(caught.value)


def test_a_list_has_one_number_a_set_and_the_sets_follow_from_it() -> None:
    work = _work(ROW)
    assert [(phase.set, phase.sets, phase.reps) for phase in work if phase.rep == 1 and phase.part == "lift"] == [
        (1, 3, 12),
        (2, 3, 10),
        (3, 3, 8),
    ]
    assert len(work) == 2 * (12 + 10 + 8)


def test_a_list_of_holds_has_one_time_a_set_on_each_side() -> None:
    work = _work({"name": "Plank", "hold": ["20s", "30s", "40s"], "sides": "each"})
    assert [(phase.set, phase.side, phase.duration_ms) for phase in work] == [
        (number, side, ms) for number, ms in ((1, 20_000), (2, 30_000), (3, 40_000)) for side in ("left", "right")
    ]


def test_the_dose_of_each_set_is_said_before_it() -> None:
    made = phases(ROW)
    prepare = made[0]
    rests = [phase for phase in made if phase.kind == "rest"]
    assert "12 times." in said(prepare)
    assert ["10 times." in said(rests[0]), "8 times." in said(rests[1])] == [True, True]
    assert [words(rest)[1] for rest in rests] == ["Set 2 of 3 is next.", "The last set is next."]


def test_a_set_of_one_among_others_is_said_too() -> None:
    made = phases({**ROW, "reps": [1, 2, 1]})
    assert words(made[0])[:2] == ["Row.", "Once."]
    assert [words(rest)[2] for rest in made if rest.kind == "rest"] == ["2 times.", "Once."]


def test_a_dose_that_is_the_same_each_time_is_said_once() -> None:
    rests = [phase for phase in phases({**ROW, "reps": 8, "sets": 3}) if phase.kind == "rest"]
    assert not any("8 times." in said(rest) for rest in rests)


def test_a_list_is_shown_with_all_its_sets() -> None:
    assert dose_text(_info(ROW).dose) == "12, 10, 8 reps"
    assert dose_text(_info({"name": "Plank", "hold": ["20s", "90s"], "sides": "each"}).dose) == "20 s, 1:30 each side"
    block = compiled({"rounds": 2, "steps": [ROW]}).timeline.steps[0]
    assert dose_text(block.whole_dose) == "2 × (12, 10, 8 reps)"


def test_ranges_in_a_list_go_with_the_level() -> None:
    work = _work({"name": "Plank", "hold": ["20-30s", "40s"]}, level=1.0)
    assert [phase.duration_ms for phase in work] == [30_000, 40_000]


def test_cues_and_placeholders_know_the_dose_of_their_set() -> None:
    cue = {"at": "1/2", "say": "Of {seconds} seconds, {remaining} are left."}
    work = _work({"name": "Plank", "hold": ["20s", "40s"], "marks": "none", "cues": [cue]})
    assert [words(phase) for phase in work] == [
        ["Of 20 seconds, 10 are left."],
        ["Of 40 seconds, 20 are left."],
    ]


def test_sets_may_repeat_what_the_list_says_and_not_contradict_it() -> None:
    assert len(_work({"name": "Plank", "hold": ["20s", "30s"], "sets": 2})) == 2
    said_ = _refused({"name": "Plank", "hold": ["20s", "30s"], "sets": 3})
    assert "hold lists 2 sets, and sets says otherwise" in said_
    assert "hold lists 2 sets" in _refused({"name": "Plank", "hold": ["20s", "30s"], "sets": "1-2"})


def test_a_list_of_the_catalogue_holds_unless_the_step_has_a_dose_of_its_own() -> None:
    catalogue = exercises(plank={"name": "Plank", "say": "Stay.", "hold": ["20s", "30s"]})

    def lengths(step: Step) -> list[int | None]:
        made = session({"exercise": "plank", **step}, catalogue=catalogue)
        timeline = compile_session(made, plan(catalogue=catalogue)).timeline
        return [phase.duration_ms for phase in timeline.phases if phase.kind == "work"]

    assert lengths({}) == [20_000, 30_000]
    assert lengths({"hold": "5s", "sets": 3}) == [5_000] * 3
    assert lengths({"hold": ["5s", "6s", "7s"]}) == [5_000, 6_000, 7_000]
    with pytest.raises(ValidationError, match="hold lists 2 sets"):
        lengths({"sets": 4})


@pytest.mark.parametrize("reps", [[], [12, "many"], [0], [[1]], [True]])
def test_a_list_of_what_are_no_doses_is_refused(reps: Any) -> None:
    _refused({"name": "Row", "reps": reps})


PRESS: Step = {"name": "Press", "reps": 5, "tempo": "1-1", "sets": 2, "load": "20kg", "rpe": "7-8"}


def test_load_and_effort_are_said_with_the_dose_and_shown() -> None:
    prepare, *others = phases(PRESS)
    assert said(prepare)[:4] == ["Press.", "5 times.", "20 kg.", "Effort 7-8 of 10."]
    (rest,) = [phase for phase in others if phase.kind == "rest"]
    assert "20 kg." not in said(rest)
    assert dose_text(_info(PRESS).dose) == "2 × 5 reps, 20 kg, RPE 7-8"
    assert {(phase.load, phase.effort) for phase in _work(PRESS)} == {("20 kg", "RPE 7-8")}


def test_a_list_of_loads_has_one_a_set_and_each_is_said_before_it() -> None:
    step = {**PRESS, "sets": 3, "load": ["20 kg", "22,5 kg", "red band"], "rest": "30s"}
    made = phases(step)
    rests = [phase for phase in made if phase.kind == "rest"]
    assert ["22.5 kg." in said(rests[0]), "Red band." in said(rests[1])] == [True, True]
    assert list(dict.fromkeys(phase.load for phase in made if phase.kind == "work")) == ["20 kg", "22.5 kg", "red band"]
    assert dose_text(_info(step).dose) == "3 × 5 reps, 20 kg / 22.5 kg / red band, RPE 7-8"


def test_lists_of_reps_and_loads_go_together() -> None:
    step = {"name": "Row", "reps": [12, 8], "load": ["10 kg", "12 kg"], "tempo": "1-1"}
    assert list(dict.fromkeys((phase.reps, phase.load) for phase in _work(step))) == [(12, "10 kg"), (8, "12 kg")]
    assert "load lists 3 sets, and reps lists 2" in _refused({**step, "load": ["1 kg", "2 kg", "3 kg"]})


def test_texts_may_name_the_load() -> None:
    assert "Take 20 kg." in said(phases({**PRESS, "say": "Take {load}."})[0])


def test_a_target_of_the_step_takes_the_place_of_that_of_its_exercise() -> None:
    catalogue = exercises(
        row={"name": "Row", "say": "Pull.", "reps": 2, "load": "10 kg", "increment": "1 kg", "rpe": 8}
    )
    made = session({"exercise": "row"}, {"exercise": "row", "load": "12 kg", "rir": 2}, catalogue=catalogue)
    steps = compile_session(made, plan(catalogue=catalogue)).timeline.steps
    assert [dose_text(step.dose) for step in steps] == ["2 reps, 10 kg, RPE 8", "2 reps, 12 kg, RIR 2"]


def test_a_range_of_loads_goes_with_the_level_in_whole_increments() -> None:
    step = {**PRESS, "load": "20-30 kg", "increment": "4 kg"}
    assert [_work(step, level=level)[0].load for level in (0.0, 0.5, 1.0)] == ["20 kg", "24 kg", "30 kg"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"load": "20-30 kg"}, "a range of loads needs its increment"),
        ({"increment": "2 kg"}, "there is no load to grow"),
        ({"load": "red band", "increment": "2 kg"}, 'a load of "red band" cannot grow by 2 kg'),
        ({"load": "20 lb", "increment": "2 kg"}, 'a load of "20 lb" cannot grow by 2 kg'),
        ({"rpe": 8, "rir": 2}, "rpe and rir are two ways to say the same"),
        ({"load": 20}, "20 does not say what it weighs"),
        ({"rpe": 11}, "is not an effort"),
    ],
)
def test_loads_and_efforts_that_contradict_are_refused(more: Step, message: str) -> None:
    assert message in _refused({"name": "Press", "reps": 5, **more})


def test_reps_without_an_end_wait_for_the_user_and_are_asked_for_if_nobody_counted() -> None:
    made = phases({"name": "Push-up", "reps": "max", "sets": 2, "rest": "5s"})
    assert [phase.kind for phase in made] == ["prepare", "work", "measure", "rest", "work", "measure"]
    work, asked = made[1], made[2]
    assert (work.duration_ms, work.self_paced, work.reps, work.is_open_ended) == (None, True, None, True)
    assert asked.measure is not None
    assert (asked.duration_ms, asked.measure.of_set, asked.measure.unless_counted) == (10_000, "reps", True)
    assert "As many as you can." in said(made[0])


def test_a_tempo_paces_the_least_and_the_user_goes_on_from_there() -> None:
    work = _work({"name": "Push-up", "reps": "3+", "tempo": "1-1"})
    *paced, more = work
    assert [phase.rep for phase in paced] == [1, 1, 2, 2, 3, 3]
    assert (more.duration_ms, more.self_paced, more.reps, more.reps_before) == (None, True, 3, 3)
    assert len({phase.unit for phase in work}) == 1


def test_a_last_set_that_is_open_upward_stands_in_a_list() -> None:
    step = {"name": "Push-up", "reps": [2, 3, "3+", "max"], "tempo": "free"}
    assert [(phase.reps, phase.is_open_ended) for phase in _work(step)] == [
        (2, False),
        (3, False),
        (3, True),
        (None, True),
    ]
    assert dose_text(_info(step).dose) == "2, 3, 3+, max reps"
    assert dose_text(_info({**step, "reps": "max"}).dose) == "max reps"
    assert dose_text(_info({**step, "reps": "8+", "sets": 3}).dose) == "3 × 8 reps or more"
    assert dose_text(_info({**step, "reps": ["max", "max"]}).dose) == "2 × max reps"


def test_a_hold_as_long_as_one_can_counts_up_from_its_start_and_never_says_time() -> None:
    prepare, work = phases({"name": "Plank", "hold": "max"})
    assert "As long as you can." in said(prepare)
    assert (work.duration_ms, work.count_up, work.overrun, work.counts_time) == (None, True, False, True)
    assert said(work)[:3] == ["10", "20", "30"]
    assert lines(work)["10"] == 10_000 - 80
    assert not any("Time" in line for line in said(work))


def test_a_hold_that_is_open_upward_may_go_on_past_its_time() -> None:
    hold, more = _work({"name": "Plank", "hold": "30s+"})
    assert (hold.duration_ms, more.duration_ms, more.overrun) == (30_000, None, True)


def test_a_distance_is_done_at_one_s_own_pace() -> None:
    prepare, work = phases({"name": "Run", "distance": "400m"})
    assert "400 metres." in said(prepare)
    assert (work.kind, work.duration_ms, work.distance, work.self_paced) == ("work", None, "400 m", False)
    assert dose_text(_info({"name": "Run", "distance": ["1 km", "0.5 km"]}).dose) == "1 km, 0.5 km"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("400 m", "400 m"), ("1.5km", "1.5 km"), ("1 mile", "1 mi"), ("100 yards", "100 yd"), ("0,5 mi", "0.5 mi")],
)
def test_distances_are_shown_in_the_unit_in_which_they_are_written(written: str, shown: str) -> None:
    assert _work({"name": "Run", "distance": written})[0].distance == shown


@pytest.mark.parametrize("distance", ["400", 400, "five m", "0 m", "800-400 m", "2000 km", "3 parsecs"])
def test_what_is_no_distance_is_refused(distance: Any) -> None:
    _refused({"name": "Run", "distance": distance})


def test_a_range_of_distances_goes_with_the_level() -> None:
    assert [_work({"name": "Run", "distance": "400-800 m"}, level=level)[0].distance for level in (0.0, 0.5, 1.0)] == [
        "400 m",
        "600 m",
        "800 m",
    ]


ASKING: Step = {**PRESS, "ask": ["reps", "load", "rpe"]}


def test_questions_follow_each_set_and_go_on_by_themselves() -> None:
    made = phases(ASKING)
    kinds = [phase.kind for phase in made if phase.kind != "work"]
    assert kinds == ["prepare", "measure", "measure", "measure", "rest", "measure", "measure", "measure"]
    asked = [phase for phase in made if phase.kind == "measure"][:3]
    assert [(phase.duration_ms, phase.measure.planned) for phase in asked if phase.measure] == [
        (10_000, "5"),
        (10_000, "20 kg"),
        (10_000, "7-8"),
    ]
    assert [said(one)[1:] for one in asked] == [["No answer counts as planned."], [], []]  # told once


def test_the_defaults_may_ask_after_every_set_what_makes_sense_there() -> None:
    defaults = {"ask": ["reps", "rir"], "ask_for": "wait"}
    made = phases(PRESS, {"name": "Plank", "hold": "5s"}, {**ROW, "ask": []}, defaults=defaults)
    asked = [(phase.label, phase.measure.of_set, phase.duration_ms) for phase in made if phase.measure]
    assert asked == [*[("Press", "reps", None), ("Press", "rir", None)] * 2, ("Plank", "rir", None)]
    assert said(next(phase for phase in made if phase.measure)) == ["How many reps?"]


def test_nothing_is_asked_where_nobody_can_answer() -> None:
    made = compile_session(session(ASKING, {"name": "Push-up", "reps": "max"}), replace(plan(), asks=False))
    assert not any(phase.measure for phase in made.timeline.phases)


def test_a_hold_as_long_as_one_can_lasts_as_long_as_it_is_told_to_where_there_is_no_user() -> None:
    closed = compiled({"name": "Plank", "hold": "max"}).timeline.without_open_phases(25_000)
    (work,) = [phase for phase in closed.phases if phase.kind == "work"]
    assert (work.duration_ms, said(work)) == (25_000, ["10", "20"])


def test_a_load_in_words_alone_is_not_asked_for() -> None:
    assert not any(phase.measure for phase in phases({**PRESS, "load": "red band", "ask": ["load"]}))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"hold": "5s", "ask": ["reps"]}, "there are no reps to ask for in a hold"),
        ({"reps": 5, "ask": ["weight"]}, "ask"),
        ({"reps": 5, "ask_for": "1s"}, "is too short to answer"),
        ({"reps": 5, "sets": "2+"}, "is not a count"),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(more: Step, message: str) -> None:
    assert message in _refused({"name": "Press", **more})


def _parts(step: Step, **more: Any) -> list[tuple[str, int | None]]:
    return [(phase.part, phase.duration_ms) for phase in _work({"name": "Squat", "reps": 1, **step}, **more)]


LIFT_FIRST = [("lift", 4_000), ("hold", 2_000), ("lower", 1_000)]
LOWER_FIRST = [("lower", 4_000), ("pause", 2_000), ("lift", 1_000)]


def test_a_tempo_in_numbers_starts_with_what_the_step_or_the_session_says() -> None:
    assert _parts({"tempo": "4-2-1-0"}) == LIFT_FIRST
    assert _parts({"tempo": "4-2-1-0", "tempo_starts": "lower"}) == LOWER_FIRST
    assert _parts({"tempo": "4-2-1-0"}, defaults={"tempo_starts": "lower"}) == LOWER_FIRST
    assert _parts({"tempo": "4-2-1-0", "tempo_starts": "lift"}, defaults={"tempo_starts": "lower"}) == LIFT_FIRST


def test_a_tempo_as_trainers_write_it_starts_with_lowering_unless_the_step_says_otherwise() -> None:
    assert _parts({"tempo": "4210"}, defaults={"tempo_starts": "lift"}) == LOWER_FIRST
    assert _parts({"tempo": "30X1"}) == [("lower", 3_000), ("lift", 1_000), ("hold", 1_000)]
    assert _parts({"tempo": "4210", "tempo_starts": "lift"}) == LIFT_FIRST


def test_an_exercise_of_the_catalogue_may_say_with_what_its_reps_start() -> None:
    catalogue = exercises(dip={"name": "Dip", "say": "Down.", "reps": 1, "tempo": "4-2-1", "tempo_starts": "lower"})
    for step in ({"exercise": "dip"}, {"exercise": "dip", "tempo": "4-2-1"}):
        made = session(step, catalogue=catalogue, defaults={"tempo_starts": "lift"})
        timeline = compile_session(made, plan(catalogue=catalogue)).timeline
        assert [(p.part, p.duration_ms) for p in timeline.phases if p.kind == "work"] == LOWER_FIRST


def _warnings(*steps: Step, **more: Any) -> list[str]:
    return [str(problem.message) for problem in check_session(session(*steps, **more), plan())[1]]


def test_the_order_of_a_bare_tempo_is_told_once() -> None:
    bare: Step = {"name": "Squat", "reps": 3, "tempo": "4-2-1-0"}
    assert _warnings(bare, bare) == ['"4-2-1-0" is taken as lift 4 s, hold 2 s, lower 1 s']
    assert _warnings({**bare, "tempo_starts": "lift"}, {**bare, "tempo": "4210"}, {**bare, "tempo": "free"}) == []
    assert _warnings(bare, defaults={"tempo_starts": "lower"}) == []


def test_a_tempo_paces_nothing_where_nobody_knows_how_many_reps_there_are() -> None:
    most: Step = {"name": "Push-up", "reps": "max", "tempo": "1-1"}
    assert _warnings(most) == ["will not be heard: as many reps as you can are done at your own pace"]
    assert _warnings({**most, "tempo": [{"name": "down", "for": "1s"}]}) == _warnings(most)
    assert _warnings({**most, "tempo": "free"}) == []
    assert _warnings({**most, "reps": "3+", "tempo_starts": "lower"}) == []


BREATH: Step = {"name": "4-7-8", "flow": [{"name": name, "for": s} for name, s in (("In", 4), ("Hold", 7), ("Out", 8))]}


def test_a_flow_by_time_has_as_many_whole_rounds_as_end_in_it() -> None:
    work = _work({**BREATH, "within": "5m"})
    assert {phase.rounds for phase in work} == {15}
    assert sum(phase.duration_ms or 0 for phase in work) == 15 * 19_000
    assert dose_text(_info({**BREATH, "within": "2-5m"}, level=1.0).dose) == "15 rounds"


def test_a_flow_by_time_has_at_least_one_round_and_check_says_if_that_takes_longer() -> None:
    step = {**BREATH, "within": "10s"}
    assert len(_work(step)) == 3
    assert _warnings(step) == ["one round takes 19 s, which is longer"]


def test_a_time_of_a_step_takes_the_place_of_the_rounds_of_its_exercise() -> None:
    catalogue = exercises(breathing={**BREATH, "say": "Breathe.", "rounds": 3})
    made = session({"exercise": "breathing", "within": "60s"}, catalogue=catalogue)
    assert compile_session(made, plan(catalogue=catalogue)).timeline.steps[0].dose == Dose("flow", 3)
    with pytest.raises(ValidationError, match="by its rounds or by a time"):
        session({"exercise": "breathing", "flow": BREATH["flow"], "rounds": 2, "within": "60s"}, catalogue=catalogue)


def test_a_flow_may_have_a_hundred_parts_and_no_more() -> None:
    parts = [{"name": f"Pose {number}", "for": 1} for number in range(101)]
    assert len(_work({"name": "Sun salutation", "flow": parts[:100], "rounds": 1})) == 100
    _refused({"name": "Sun salutation", "flow": parts, "rounds": 1})
