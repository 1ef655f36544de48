"""What phases the steps of a session become, what they show, and how long they last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.compiling import (
    SQUAT,
    PlainLengths,
    Step,
    compiled,
    exercises,
    kinds,
    lines,
    phases,
    plan,
    said,
    session,
    sounds,
)
from timer_app.core.compiler.compile import compile_session
from timer_app.core.session.translation import in_language
from timer_app.core.training import ResolvedDose


def _shape(*steps: Step, **more: Any) -> list[tuple[str, int | None]]:
    """Kind and seconds of every phase between the opening and the closing words."""
    return [(p.kind, None if p.duration_ms is None else p.duration_ms // 1_000) for p in phases(*steps, **more)]


def test_a_hold_is_prepared_and_held() -> None:
    assert _shape(SQUAT) == [("prepare", 6), ("work", 20)]


def test_a_session_begins_with_its_name_and_cautions_and_ends_with_a_closing_word() -> None:
    timeline = compiled(SQUAT, name="Morning", cautions=["Stop if it hurts."]).timeline
    assert said(timeline.phases[0]) == ["Morning.", "Stop if it hurts."]
    assert timeline.phases[0].text == "Stop if it hurts."
    assert said(timeline.phases[-1]) == ["Done. That was your session."]
    assert [timeline.phases[0].step, timeline.phases[-1].step] == [None, None]


def test_both_sides_get_the_full_time_with_a_switch_between_them_and_a_rest_between_sets() -> None:
    step = {**SQUAT, "sides": "each", "sets": 2, "rest": "15s", "switch": "7s", "prepare": "8s"}
    left, right = ("work", 20), ("work", 20)
    assert _shape(step) == [("prepare", 8), left, ("switch", 7), right, ("rest", 15), left, ("switch", 7), right]
    assert [phase.side for phase in phases(step) if phase.kind == "work"] == ["left", "right"] * 2


def test_an_exercise_for_one_side_only_names_it() -> None:
    assert said(phases({**SQUAT, "sides": "right"})[0])[1] == "Right side."


def test_directions_of_an_author_s_own_are_named_without_a_switch_of_sides() -> None:
    switch = phases({**SQUAT, "sides": ["forward", "backward"]})[2]
    assert [line for line in said(switch) if not line.isdigit()] == ["Now backward."]


def test_a_rest_or_switch_of_no_length_is_no_phase() -> None:
    step = {**SQUAT, "sets": 2, "sides": "each", "rest": 0, "switch": "0s"}
    assert kinds(step, {"rest": "0s"}) == ["prepare", "work", "work", "work", "work"]


def test_a_rest_of_no_length_is_not_in_the_list_of_steps() -> None:
    steps: list[Step] = [{"rest": "0-20s"}, {"name": "Plank", "hold": "20-30s"}, {"rest": "0s"}, SQUAT]
    assert [step.name for step in compiled(*steps).timeline.steps if step.is_listed] == ["Plank", "Squat"]
    assert [step.name for step in compiled(*steps, level=1.0).timeline.steps if step.is_listed] == [
        "Rest",
        "Plank",
        "Squat",
    ]
    doses = {1: ResolvedDose(27_000)}
    timeline = compile_session(session(*steps), replace(plan(), doses=doses)).timeline
    assert [phase.duration_ms for phase in timeline.phases if phase.kind == "work"] == [27_000, 20_000]


def test_a_range_of_rests_that_begins_at_zero_is_a_phase_at_higher_levels_only() -> None:
    assert kinds({"rest": "0-20s"}, SQUAT) == ["prepare", "work"]
    assert kinds({"rest": "0-20s"}, SQUAT, level=0.5) == ["rest", "work"]


def test_reps_are_a_phase_for_each_part_of_the_tempo_and_all_of_a_set_is_one_unit() -> None:
    made = phases({"name": "Row", "reps": 2, "tempo": "1-3-2"})[1:]
    assert [(p.rep, p.reps, p.part, p.duration_ms) for p in made] == [
        (rep, 2, part, ms) for rep in (1, 2) for part, ms in (("lift", 1_000), ("hold", 3_000), ("lower", 2_000))
    ]
    assert len({phase.unit for phase in made}) == 1


def test_reps_without_a_tempo_take_three_seconds() -> None:
    assert _shape({"name": "Row", "reps": 3})[1:] == [("work", 3)] * 3


def test_a_part_of_a_tempo_that_takes_no_time_is_left_out() -> None:
    assert [p.part for p in phases({"name": "Row", "reps": 1, "tempo": "2-0-1"})[1:]] == ["lift", "lower"]


def test_reps_at_one_s_own_pace_wait_for_the_user() -> None:
    (work,) = phases({"name": "Row", "reps": 8, "tempo": "free"})[1:]
    assert (work.duration_ms, work.self_paced, work.reps, work.rep) == (None, True, 8, None)


def test_a_flow_is_a_phase_for_each_part_of_each_round() -> None:
    flow = [{"name": "Cat", "for": "4s", "say": "Round your back.", "breath": "out"}, {"name": "Cow", "for": "5s"}]
    made = phases({"name": "Cat and cow", "say": "On all fours.", "flow": flow, "rounds": 2})[1:]
    assert [(p.part, p.duration_ms, p.round, p.rounds, p.breath, p.text) for p in made] == [
        ("Cat", 4_000, 1, 2, "out", "Round your back."),
        ("Cow", 5_000, 1, 2, None, "On all fours."),
        ("Cat", 4_000, 2, 2, "out", "Round your back."),
        ("Cow", 5_000, 2, 2, None, "On all fours."),
    ]


def test_a_hold_that_may_be_longer_is_followed_by_an_open_phase_of_the_same_unit() -> None:
    hold, over = phases({**SQUAT, "overrun": True})[1:]
    assert (hold.duration_ms, hold.overrun, over.duration_ms, over.overrun, over.count_up) == (
        20_000,
        False,
        None,
        True,
        True,
    )
    assert hold.unit == over.unit


@pytest.mark.parametrize(("level", "seconds", "reps"), [(0.0, 20, 10), (0.5, 25, 13), (1.0, 30, 15)])
def test_every_range_is_taken_at_the_level(level: float, seconds: int, reps: int) -> None:
    made = phases({"name": "A", "hold": "20-30s"}, {"name": "B", "reps": "10-15"}, level=level)
    assert made[1].duration_ms == seconds * 1_000
    assert made[-1].rep == reps


def test_getting_ready_lasts_until_the_instruction_and_the_countdown_are_over() -> None:
    instruction = "Lie down. " * 20
    (prepare, _) = phases({**SQUAT, "say": instruction, "prepare": "6s"})
    assert prepare.duration_ms is not None
    (cue,) = [cue for cue in prepare.cues if cue.text.startswith("Lie down.")]
    assert cue.length_ms == len(instruction.strip()) * 50
    assert cue.end_ms < lines(prepare)["20 seconds, about 3 breaths."] < lines(prepare)["3"]
    assert prepare.duration_ms % 1_000 == 0


def test_getting_ready_is_as_long_as_asked_where_the_instruction_is_shorter() -> None:
    assert _shape({**SQUAT, "prepare": "30s"})[0] == ("prepare", 30)


def test_steps_that_say_wait_or_ask_become_phases_of_their_kind() -> None:
    made = phases({"say": "Welcome."}, {"wait": "Fetch a mat."}, {"measure": "pain"}, SQUAT)
    assert [(p.kind, p.text, p.up_next) for p in made[:3]] == [
        ("say", "Welcome.", ""),
        ("wait", "Fetch a mat.", "Pain"),
        ("measure", "How strong is the pain now, from zero to ten?", ""),
    ]
    assert [phase.is_open for phase in made[:3]] == [False, True, True]


def test_pain_is_asked_from_0_to_10_and_anything_else_without_limits_unless_they_are_given() -> None:
    steps: list[Step] = [
        {"measure": "pain"},
        {"measure": "reach"},
        {"measure": "reach", "range": "-5-40", "unit": "cm"},
    ]
    asked = [phase.measure for phase in phases(*steps)]
    assert [(m.low, m.high, m.unit) for m in asked if m] == [(0, 10, ""), (None, None, ""), (-5, 40, "cm")]


def test_pain_is_asked_about_the_area_that_is_named() -> None:
    made = phases({"measure": "pain", "name": "Neck"}, {"measure": "pain", "name": "Neck", "say": "And now?"})
    assert [phase.text for phase in made if phase.kind == "measure"] == [
        "Neck: How strong is the pain now, from zero to ten?",
        "And now?",
    ]


def test_a_question_without_words_fits_what_is_counted_and_what_is_measured() -> None:
    made = phases({"measure": "rounds", "name": "Rounds", "range": "0-60"}, {"measure": "reach", "unit": "cm"})
    assert [phase.text for phase in made] == ["Rounds: what number?", "Reach: what number?"]


def test_what_the_session_calls_a_question_is_its_area_and_no_name_of_ours_is() -> None:
    made = phases({"measure": "pain", "name": "Neck"}, {"measure": "pain"}, {"measure": "reach"})
    assert [phase.measure.area for phase in made if phase.measure] == ["neck", "", ""]


def test_an_area_that_is_not_known_has_the_key_of_its_name_as_written_in_every_language() -> None:
    german = in_language(session({"measure": "pain", "name": "Left ear"}), {"Left ear": "Linkes Ohr"}, "de")
    again = in_language(german, {"Linkes Ohr": "Das linke Ohr"}, "de")
    (asked,) = (phase for phase in compile_session(again, plan(language="de")).timeline.phases if phase.measure)
    assert asked.measure is not None
    assert (asked.label, asked.measure.area) == ("Das linke Ohr", "left-ear")


def test_a_measure_of_each_side_is_asked_twice() -> None:
    made = phases({"measure": "reach", "name": "Reach", "sides": "each"})
    assert [(p.label, p.side, said(p)) for p in made] == [
        ("Reach", "left", ["Left side.", "Reach: what number?"]),
        ("Reach", "right", ["Right side.", "Reach: what number?"]),
    ]


def test_what_comes_next_is_shown_in_rests_and_during_work() -> None:
    made = phases({"rest": "5s"}, SQUAT, {"rest": "5s"}, {"say": "Nearly there."}, {"name": "Row", "reps": 1})
    assert [(p.kind, p.up_next) for p in made] == [
        ("rest", "Squat"),
        ("prepare", ""),
        ("work", "Row"),
        ("rest", "Row"),
        ("say", "Row"),
        ("prepare", ""),
        ("work", ""),
    ]


def test_nothing_is_announced_across_a_step_that_waits() -> None:
    assert phases({"rest": "5s"}, {"wait": "Sit down."}, SQUAT)[0].up_next == ""


def test_a_step_takes_what_it_does_not_say_from_its_exercise_and_then_from_the_defaults() -> None:
    catalogue = exercises(
        wall_squat={"name": "Wall squat", "say": "Lean.", "hold": "30-60s", "sets": 2, "rest": "40s", "sides": "each"}
    )
    steps: list[Step] = [
        {"exercise": "wall-squat", "sets": 1},
        {"exercise": "wall-squat", "hold": "9s", "sides": "both"},
    ]
    made = session(*steps, catalogue=catalogue)
    timeline = compile_session(made, plan(catalogue=catalogue)).timeline
    assert [phase.duration_ms for phase in timeline.phases if phase.kind == "work"] == [30_000, 30_000, 9_000, 9_000]
    assert [phase.duration_ms for phase in timeline.phases if phase.kind in {"rest", "switch"}] == [6_000, 40_000]


def test_a_step_may_give_an_exercise_another_kind_of_dose() -> None:
    catalogue = exercises(plank={"name": "Plank", "say": "Stay.", "hold": "30s", "count": "up"})
    made = session({"exercise": "plank", "reps": 2, "tempo": "1-1"}, catalogue=catalogue)
    timeline = compile_session(made, plan(catalogue=catalogue)).timeline
    assert [phase.rep for phase in timeline.phases if phase.kind == "work"] == [1, 1, 2, 2]


def test_a_tempo_in_numbers_takes_the_exercise_s_words_where_there_are_as_many() -> None:
    tempo = [{"name": "squeeze", "for": "1s"}, {"name": "release", "for": "2s"}]
    catalogue = exercises(row={"name": "Row", "say": "Pull.", "reps": 1, "tempo": tempo})

    def parts(tempo: str) -> list[str]:
        made = session({"exercise": "row", "tempo": tempo}, catalogue=catalogue)
        return [p.part for p in compile_session(made, plan(catalogue=catalogue)).timeline.phases if p.kind == "work"]

    assert parts("2-3") == ["squeeze", "release"]
    assert parts("2-1-3") == ["lift", "hold", "lower"]


def test_which_side_comes_is_said_even_where_a_long_countdown_leaves_little_time() -> None:
    step = {**SQUAT, "sides": ["front", "back"], "countdown": 5, "switch": "6s"}
    (switch,) = [phase for phase in phases(step, lengths=PlainLengths(70)) if phase.kind == "switch"]
    assert said(switch)[0] == "Now back."
    assert said(switch)[-3:] == ["3", "2", "1"]
    assert [sound for _, sound in sounds(switch)].count("tick") == 5
