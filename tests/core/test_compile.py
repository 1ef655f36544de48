"""What phases a session becomes, what they show, and how long they last."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.core.compiling import PlainLengths, Step, compiled, exercises, lines, phases, plan, said, session, sounds
from timer_app.core.compile import compile_session
from timer_app.core.timeline import Phase

SQUAT: Step = {"name": "Squat", "hold": "20s"}


def _shape(*steps: Step, **more: Any) -> list[tuple[str, int | None]]:
    """Kind and seconds of every phase between the opening and the closing words."""
    return [(p.kind, None if p.duration_ms is None else p.duration_ms // 1_000) for p in phases(*steps, **more)]


def _kinds(*steps: Step, **more: Any) -> list[str]:
    return [phase.kind for phase in phases(*steps, **more)]


def test_a_hold_is_prepared_and_held() -> None:
    assert _shape(SQUAT) == [("prepare", 6), ("work", 20)]


def test_a_session_begins_with_its_name_and_cautions_and_ends_with_a_closing_word() -> None:
    timeline = compiled(SQUAT, name="Morning", cautions=["Stop if it hurts."]).timeline
    assert said(timeline.phases[0]) == ["Morning.", "Stop if it hurts."]
    assert timeline.phases[0].text == "Stop if it hurts."
    assert said(timeline.phases[-1]) == ["Done. That was your session."]
    assert [timeline.phases[0].step, timeline.phases[-1].step] == [None, None]


def test_both_sides_get_the_full_time_with_a_switch_between_them_and_a_rest_between_sets() -> None:
    step = {**SQUAT, "sides": "each", "sets": 2, "rest": "15s", "switch": "7s"}
    left, right = ("work", 20), ("work", 20)
    assert _shape(step) == [("prepare", 6), left, ("switch", 7), right, ("rest", 15), left, ("switch", 7), right]
    assert [phase.side for phase in phases(step) if phase.kind == "work"] == ["left", "right"] * 2


def test_an_exercise_for_one_side_only_names_it() -> None:
    assert said(phases({**SQUAT, "sides": "right"})[0])[2] == "Now right."


def test_directions_of_an_author_s_own_are_named_without_a_switch_of_sides() -> None:
    switch = phases({**SQUAT, "sides": ["forward", "backward"]})[2]
    assert [line for line in said(switch) if not line.isdigit()] == ["Now backward."]


def test_a_rest_or_switch_of_no_length_is_no_phase() -> None:
    step = {**SQUAT, "sets": 2, "sides": "each", "rest": 0, "switch": "0s"}
    assert _kinds(step, {"rest": "0s"}) == ["prepare", "work", "work", "work", "work"]


def test_a_range_of_rests_that_begins_at_zero_is_a_phase_at_higher_levels_only() -> None:
    assert _kinds({"rest": "0-20s"}, SQUAT) == ["prepare", "work"]
    assert _kinds({"rest": "0-20s"}, SQUAT, level=0.5) == ["rest", "prepare", "work"]


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


def test_rounds_of_a_block_are_repeated_with_rests_between_them_and_none_after_the_last() -> None:
    block = {"rounds": 3, "rest": "20s", "steps": [SQUAT, {"name": "Row", "reps": 1}]}
    once = ["prepare", "work", "prepare", "work"]
    assert _kinds(block) == [*once, "rest", *once, "rest", *once]
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


def test_getting_ready_lasts_until_the_instruction_and_the_countdown_are_over() -> None:
    instruction = "Lie down. " * 20
    (prepare, _) = phases({**SQUAT, "say": instruction, "prepare": "6s"})
    assert prepare.duration_ms is not None
    (cue,) = [cue for cue in prepare.cues if cue.content.startswith("Lie down.")]
    assert cue.length_ms == len(instruction.strip()) * 50
    assert cue.end_ms < lines(prepare)["For 20 seconds."] < lines(prepare)["3"]
    assert prepare.duration_ms % 1_000 == 0


def test_getting_ready_is_as_long_as_asked_where_the_instruction_is_shorter() -> None:
    assert _shape({**SQUAT, "prepare": "30s"})[0] == ("prepare", 30)


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


def test_a_measure_of_each_side_is_asked_twice() -> None:
    made = phases({"measure": "reach", "name": "Reach", "sides": "each"})
    assert [(p.label, p.side, said(p)) for p in made] == [
        ("Reach", "left", ["Now left.", "Reach: how much?"]),
        ("Reach", "right", ["Now right.", "Reach: how much?"]),
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


@pytest.mark.parametrize(
    ("step", "dose"),
    [
        (SQUAT, "20 s"),
        ({**SQUAT, "hold": "1:30", "sets": 2, "sides": "each"}, "2 × 1:30 each side"),
        ({**SQUAT, "overrun": True, "sides": "left"}, "20 s or more, left"),
        ({"name": "Row", "reps": 1}, "1 rep"),
        ({"name": "Row", "reps": "8-12"}, "8 reps"),
        ({"name": "Row", "rounds": 1, "flow": [{"name": "In", "for": 1}]}, "1 round"),
        ({**SQUAT, "hold": "1.5s"}, "1.5 s"),
        ({"rest": "30s"}, "30 s"),
        ({"say": "Hello."}, ""),
    ],
)
def test_the_list_of_steps_says_what_is_to_be_done(step: Step, dose: str) -> None:
    assert compiled(step).timeline.steps[0].dose == dose


def test_the_plan_of_a_step_counts_the_rounds_of_the_blocks_around_it() -> None:
    row, both = {"name": "Row", "reps": 2}, {**SQUAT, "sets": 2, "sides": "each"}
    inner = {"name": "Inner", "rounds": 2, "shuffle": True, "steps": [row, {"rest": 5}]}
    steps = compiled(SQUAT, {"name": "Outer", "rounds": 3, "steps": [both, inner]}).timeline.steps
    assert [step.planned or step.dose for step in steps] == ["20 s", "6 × 20 s each side", "6 × 2 reps", "5 s"]
    assert [step.dose for step in steps] == ["20 s", "2 × 20 s each side", "2 reps", "5 s"]


def test_which_side_comes_is_said_even_where_a_long_countdown_leaves_little_time() -> None:
    step = {**SQUAT, "sides": ["front", "back"], "countdown": 5, "switch": "6s"}
    (switch,) = [phase for phase in phases(step, lengths=PlainLengths(70)) if phase.kind == "switch"]
    assert said(switch)[0] == "Now back."
    assert said(switch)[-3:] == ["3", "2", "1"]
    assert [sound for _, sound in sounds(switch)].count("tick") == 5


def test_a_step_that_waits_is_listed_with_a_gap_where_only_the_run_knows_the_word() -> None:
    steps = compiled({"wait": "Fetch {{it}}. Next is {next}."}, SQUAT).timeline.steps
    assert steps[0].name == "Fetch {it}. Next is …."


def test_the_list_of_steps_names_every_step_once_with_the_block_around_it() -> None:
    long = "Walk around for a while and shake out your arms, your legs and your neck."
    steps = compiled(
        {"name": "Circuit", "rounds": 2, "steps": [SQUAT, {"steps": [{"say": long}]}]}, {"rest": 5}
    ).timeline.steps
    assert [(step.name, step.kind, step.depth, step.block) for step in steps] == [
        ("Squat", "hold", 1, "Circuit"),
        ("Walk around for a while and shake out your…", "say", 2, "Circuit"),
        ("Rest", "rest", 0, ""),
    ]


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{name}, set {set} of {sets}", "Squat, set 1 of 2"),
        ("On your {side} side", "On your left side"),
        ("{side} side", "Left side"),
        ("{seconds} s, {remaining} left", "20 s, 20 left"),
        ("round {round} of {rounds}", "round 1 of 3"),
        ("then {next}", "then Squat"),
        ("{reps}{rep}no reps", "No reps"),
        ("{{literally}}", "{literally}"),
        ("[red]x[/]", "[red]x[/]"),
    ],
)
def test_placeholders_of_an_instruction_are_filled_in(text: str, shown: str) -> None:
    step = {**SQUAT, "say": text, "sets": 2, "sides": "each"}
    prepare = phases({"rounds": 3, "steps": [step]})[0]
    assert prepare.text == shown
    assert shown in said(prepare)


def test_placeholders_and_braces_in_names_are_filled_in_wherever_names_are_shown() -> None:
    step = {"name": "Row {round}/{rounds} {{x}}", "short": "R{round}", "hold": 5, "equipment": ["{{mat}}"]}
    timeline = compiled({"rounds": 2, "rest": "20s", "steps": [step]}, name="Set {{1}}").timeline
    assert timeline.name == "Set {1}"
    assert [p.label for p in timeline.phases if p.kind == "work"] == ["Row 1/2 {x}", "Row 2/2 {x}"]
    assert [p.up_next for p in timeline.phases if p.kind == "rest"] == ["Row 2/2 {x}"]
    assert timeline.steps[0].equipment == ("{mat}",)


def test_parts_fill_in_their_rep_or_round() -> None:
    tempo = [{"name": "Push {rep}", "for": "5s", "say": "{rep} of {reps}"}]
    made = phases({"name": "Press", "reps": 2, "tempo": tempo})[1:]
    assert [(phase.part, phase.text) for phase in made] == [("Push 1", "1 of 2"), ("Push 2", "2 of 2")]


def test_words_between_exercises_may_name_the_session_the_round_and_what_is_next() -> None:
    text = "{name}, {round} of {rounds}, then {next}."
    made = phases({"rounds": 2, "rest": 0, "steps": [{"wait": text}, {"say": text}, SQUAT]}, name="Morning")
    assert [p.text for p in made if p.kind in {"say", "wait"}] == [
        f"Morning, {number} of 2, then Squat." for number in (1, 1, 2, 2)
    ]


def test_a_paused_run_goes_on_after_three_seconds_counted_on_the_beat() -> None:
    resume = compiled(SQUAT).timeline.resume
    spoken = [cue for cue in resume.cues if cue.kind == "speech"]
    assert [(cue.content, resume.duration_ms - cue.offset_ms) for cue in spoken] == [
        ("3", 3_080),
        ("2", 2_080),
        ("1", 1_080),
    ]
    assert resume.duration_ms == 3_080
    assert [resume.duration_ms - cue.offset_ms for cue in resume.cues if cue.kind == "sound"] == [3_000, 2_000, 1_000]


@pytest.mark.parametrize(("switch", "duration_ms"), [("3s", 6_000), ("15s", 15_000)])
def test_a_set_is_repeated_after_time_to_change_places(switch: str, duration_ms: int) -> None:
    again = compiled(SQUAT, defaults={"switch": switch}).timeline.again
    assert again.duration_ms == duration_ms
    assert [cue.content for cue in again.cues if cue.kind == "speech"] == ["Once more.", "3", "2", "1"]


@pytest.mark.parametrize("ms_per_character", [0, 50, 400])
def test_lines_of_a_lead_in_never_overlap(ms_per_character: int) -> None:
    timeline = compiled(SQUAT, lengths=PlainLengths(ms_per_character)).timeline
    for lead in (timeline.resume, timeline.again):
        spoken = [cue for cue in lead.cues if cue.kind == "speech"]
        assert all(before.offset_ms + before.length_ms <= after.offset_ms for before, after in pairwise(spoken))
        assert all(0 <= cue.offset_ms < lead.duration_ms for cue in lead.cues)


def test_the_coach_speaks_the_language_of_the_session() -> None:
    made = session({**SQUAT, "sides": "each"}, language="de")
    timeline = compile_session(made, plan(language="de")).timeline
    switch = next(phase for phase in timeline.phases if phase.kind == "switch")
    assert said(switch)[:2] == ["Seite wechseln.", "Jetzt rechts."]
    assert (switch.side, timeline.phases[-1].label) == ("rechts", "Geschafft")


def test_a_hundred_thousand_phases_are_laid_out_one_after_the_other() -> None:
    made = phases({"rounds": 20, "rest": 0, "steps": [{"name": "Row", "reps": 1_000, "tempo": "1-1-1"}]})
    assert len(made) == 20 * 3_001
    assert _is_row(made)


def _is_row(made: list[Phase]) -> bool:
    return all(phase.label == "Row" for phase in made)
