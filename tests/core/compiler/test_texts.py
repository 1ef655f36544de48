"""What a compiled session shows and says: its list of steps, its placeholders, its language."""

from __future__ import annotations

import pytest

from tests.core.compiling import SQUAT, Step, compiled, phases, plan, said, session
from timer_app.core.compiler.compile import compile_session
from timer_app.core.wording.doses import dose_text


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
    assert dose_text(compiled(step).timeline.steps[0].dose) == dose


def test_the_plan_of_a_step_counts_the_rounds_of_the_blocks_around_it() -> None:
    row, both = {"name": "Row", "reps": 2}, {**SQUAT, "sets": 2, "sides": "each"}
    inner = {"name": "Inner", "rounds": 2, "shuffle": True, "steps": [row, {"rest": 5}]}
    steps = compiled(SQUAT, {"name": "Outer", "rounds": 3, "steps": [both, inner]}).timeline.steps
    assert [dose_text(step.whole_dose) for step in steps] == ["20 s", "6 × 20 s each side", "6 × 2 reps", "5 s"]
    assert [dose_text(step.dose) for step in steps] == ["20 s", "2 × 20 s each side", "2 reps", "5 s"]


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


def test_the_coach_speaks_the_language_of_the_session() -> None:
    made = session({**SQUAT, "sides": "each"}, language="de")
    timeline = compile_session(made, plan(language="de")).timeline
    switch = next(phase for phase in timeline.phases if phase.kind == "switch")
    assert said(switch)[:2] == ["Langsam lösen.", "Die rechte Seite."]
    assert (switch.side, timeline.phases[-1].label) == ("rechts", "Geschafft")
