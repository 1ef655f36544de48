"""Routines as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interchange import read, session_of, steps_of
from timer_app.core.fields import DoseRange
from timer_app.interchange.limits import length_ms
from timer_app.interchange.model import Block, Remark, Rest, Work
from timer_app.library import Library


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.default()


def test_repeat_means_what_stands_above_it_and_was_not_repeated_yet() -> None:
    text = "Plan\n\nSquat 10\nRepeat 3 times\nPlank 30s\nRepeat 2 times\nRepeat 2 times"
    first, second, left = session_of(text).steps
    assert isinstance(first, Block)
    assert isinstance(second, Block)
    assert (first.rounds, len(first.steps), second.rounds, len(second.steps)) == (3, 1, 2, 1)
    assert left == Remark("Repeat 2 times")
    assert [(entry.line, entry.fate) for entry in read(text).ledger if entry.fate == "lost"] == [(7, "lost")]


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("Squat 5x30s, rest 20", {"hold": "30s", "sets": 5, "rest": "20s"}),
        (
            "3 x 12 band external rotation each side @2-1-2",
            {"name": "band external rotation", "reps": 12, "sets": 3, "sides": "each", "tempo": "2-1-2"},
        ),
        ("Squat 45 sec", {"hold": "45s"}),
        ("Squat - 1:00", {"hold": "1:00"}),
        ("Squat for 30 seconds", {"hold": "30s"}),
        ("1'30\" Squat", {"hold": "1:30"}),
        ("1m30 Squat", {"hold": "1:30"}),
        ("Squat 1.5 min", {"hold": "1:30"}),
        ("Squat: 2x20-30s per side", {"hold": "20-30s", "sets": 2, "sides": "each"}),
        ("Squat (30 s each side) x 3", {"hold": "30s", "sets": 3, "sides": "each"}),
        ("3 sets of 12 Squat", {"reps": 12, "sets": 3}),
        ("Squat: 3 sets of 15 reps, 60 s rest between sets", {"reps": 15, "sets": 3, "rest": "1:00"}),
        ("Squat – 2 sets x 15", {"reps": 15, "sets": 2}),
        ("Squat 3x8-12 60kg @8", {"reps": "8-12", "sets": 3, "load": "60 kg", "rpe": "8"}),
        ("Squat 3x5 @ 80%", {"reps": 5, "sets": 3, "load": "80 %"}),
        ("Squat 3x8 RIR 2", {"reps": 8, "sets": 3, "rir": "2"}),
        ("Squat 3×AMRAP", {"reps": "max", "sets": 3, "tempo": "free"}),
        ("Squat 12/10/8", {"reps": [12, 10, 8]}),
        ("10 Squat", {"reps": 10}),
        ("Squat 20", {"reps": 20}),
        ("Squat x 10, tempo 3010", {"reps": 10, "tempo": "3010"}),
        ("Squat 400 m", {"distance": "400 m"}),
        ("4 x 400m Squat", {"distance": "400 m", "sets": 4}),
        ("Squat (10 each leg) x 3", {"reps": 10, "sets": 3, "sides": "each"}),
        ("Squat 10/side", {"reps": 10, "sides": "each"}),
        ("Squat  Sets: 3  Reps: 15", {"reps": 15, "sets": 3}),
        ("Squat 3 reps, hold 20 s", {"hold": "20s", "sets": 3}),
        ("A1. Squat 3x5", {"reps": 5, "sets": 3}),
        ("Squat 10 m", {"hold": "10:00"}),
        ("5km Squat", {"distance": "5 km"}),
        ("- [ ] Squat 45s", {"hold": "45s"}),
        ("1) Squat 45s", {"hold": "45s"}),
        ("• **Squat**: 45s", {"hold": "45s"}),
        ("Squat 3x12, Pause 60 Sek", {"reps": 12, "sets": 3, "rest": "1:00"}),
        ("Squat left/right 30s", {"hold": "30s", "sides": "each"}),
        ("Squat rechts/links je 30s", {"hold": "30s", "sides": "each"}),
        ("Squat links und rechts 2 x 30s", {"hold": "30s", "sets": 2, "sides": "each"}),
        ("Squat 2 x 30 Sek. je Seite", {"hold": "30s", "sets": 2, "sides": "each"}),
    ],
)
def test_an_exercise_is_read_in_many_spellings(library: Library, line: str, step: dict[str, Any]) -> None:
    assert steps_of(line, library) == [{"name": "Squat", **step}]


def test_a_hold_in_each_rep_is_a_part_of_it(library: Library) -> None:
    (step,) = steps_of("Chin tuck 10 reps, hold 5 s", library)
    assert [(part["name"], part["for"]) for part in step["tempo"]] == [("lift", "1s"), ("hold", "5s"), ("lower", "1s")]


@pytest.mark.parametrize(
    "text",
    [
        "10s ready, [1m work, 30s rest]x5",
        "10s (Get ready), [1m (Work), 30s (Rest)]x5",
        "10s ready; 5x[1:00 work; 0:30 rest]",
        "10s ready, (1 min work, 30 sec rest) × 5",
        "ready 10s\n5 rounds:\nwork 1m\nrest 30s",
        "ready 10s\n1:00 work / 0:30 rest x 5",
        "ready 10s\n60/30 x 5 rounds",
        "ready 10s\n60s on, 30s off, 5 rounds",
        "ready 10s\n5 rounds of 60s work / 30s rest",
        "ready 10s\n\n5 rounds\n- work 1m\n- 30s rest",
    ],
)
def test_a_circuit_is_read_in_many_spellings(text: str) -> None:
    session = session_of(text)
    assert (session.prepare_ms, session.rest_ms, session.switch_ms) == (0, 0, 0)
    assert length_ms(session) == 460_000


def test_brackets_in_brackets(library: Library) -> None:
    (block,) = session_of("[[10s a, 5s rest]x2, 1m b]x3").steps
    assert isinstance(block, Block)
    assert (block.rounds, length_ms(session_of("[[10s a, 5s rest]x2, 1m b]x3"))) == (3, 3 * (2 * 15 + 60) * 1_000)
    assert steps_of("[[10s a, 5s rest]x2, 1m b]x3", library)[0]["rounds"] == 3


def test_repeat_below_a_list_repeats_it() -> None:
    assert length_ms(session_of("work 1m\nrest 30s\nRepeat 4 times")) == 360_000


def test_a_handout_gives_name_summary_instructions_and_blocks() -> None:
    text = (
        "Knee programme\nDo this every day, and stop if it hurts.\n\n"
        "Warm-up:\nHeel slides 10 reps\n\n"
        "Bridge 3 x 10\nPress your heels down, and lift your hips.\n"
    )
    session = session_of(text)
    assert (session.name, session.summary) == ("Knee programme", "Do this every day, and stop if it hurts.")
    warm_up, bridge = session.steps
    assert warm_up == Block((Work("Heel slides", reps=(DoseRange(10, 10),)),), "Warm-up")
    assert isinstance(bridge, Work)
    assert bridge.say == "Press your heels down, and lift your hips."


def test_a_name_and_its_dose_may_stand_in_two_lines() -> None:
    text = "Plan\n\nSide plank\n2 x 30 s each side\n"
    assert session_of(text).steps == (Work("Side plank", (DoseRange(30_000, 30_000),), sets=2, sides="each"),)


def test_a_rest_after_sets_without_one_lies_between_them_and_any_other_after_the_exercise() -> None:
    assert session_of("Squat 3x10\nrest 30s\nrest 1 min").steps == (
        Work("Squat", reps=(DoseRange(10, 10),), sets=3, rest_ms=30_000),
        Rest(60_000),
    )


@pytest.mark.parametrize(
    "line", ["Rest 1 minute between exercises", "1 min rest between each exercise", "60 s Pause zwischen den Übungen"]
)
def test_a_rest_between_exercises_lies_between_all_of_them_that_have_none(line: str) -> None:
    text = f"Plan\n\n1. Squat 10\n2. Row 2x10\n3. Plank 30s\nrest 10s\n4. Bridge 10\n{line}"
    kinds = [step.lasts_ms if isinstance(step, Rest) else getattr(step, "name", "") for step in session_of(text).steps]
    assert kinds == ["Squat", 60_000, "Row", 60_000, "Plank", 10_000, "Bridge"]
    assert [(entry.line, entry.fate) for entry in read(text).ledger if entry.line == 8] == [(8, "changed")]


def test_what_is_not_understood_is_a_comment_in_the_file_and_lost_in_the_ledger(library: Library) -> None:
    text = "Plan\nSquat 3x10\nSomething odd 5 sets\nPlank 30s"
    found = read(text)
    assert Remark("Something odd 5 sets") in found.sessions[0].steps
    assert [entry.line for entry in found.ledger if entry.fate == "lost"] == [3]
    assert len(steps_of(text, library)) == 2


def test_an_exercise_without_a_dose_has_that_of_the_catalogue_or_waits(library: Library) -> None:
    assert steps_of("Plan\nPlank 30s\nWall sit\nSomersault", library)[1:] == [
        {"exercise": "wall-squat", "name": "Wall sit"},
        {"wait": "Somersault"},
    ]


def test_nothing_is_added_where_every_second_is_written() -> None:
    assert session_of("30s a\n20s rest\n30s b").prepare_ms == 0
    added = read("Squat 3x10")
    assert added.sessions[0].prepare_ms > 0
    assert any("no preparation time" in entry.note for entry in added.ledger)


@pytest.mark.parametrize(
    "text", ["EMOM 10 min: 8 burpees", "10 min EMOM\n8 burpees", "EMOM for 10 minutes:\n8 burpees"]
)
def test_every_minute_on_the_minute(library: Library, text: str) -> None:
    (block,) = steps_of(text, library)
    assert (block["every"], block["rounds"]) == ("1:00", 10)
    assert block["steps"] == [{"name": "burpees", "reps": 8}]


def test_as_many_rounds_as_possible(library: Library) -> None:
    (block,) = steps_of("AMRAP 12 min\n5 pull-ups\n10 push-ups", library)
    assert (block["within"], len(block["steps"])) == ("12:00", 2)


def test_days_are_sessions_in_a_folder() -> None:
    found = read("My week\n\nMonday: Squat 3x5, Bench 3x5\n\nDay 2 - Legs\nLunge 3x8\nPlank 30s").sessions
    assert [(session.name, session.folder, len(session.steps)) for session in found] == [
        ("Monday", ("My week",), 2),
        ("Day 2 Legs", ("My week",), 2),
    ]


def test_the_dose_of_an_exercise_may_stand_in_sentences_below_it() -> None:
    text = (
        "Home programme\n\n1. Pendulum\nLet the arm hang. Swing it in circles.\n"
        "Repeat 10 times. Do 2 sets. Twice a day.\n"
        "2. Sleeper stretch\nLie on that side. Hold 30 seconds. Repeat 3 times.\n"
    )
    pendulum, stretch = session_of(text).steps
    assert pendulum == Work(
        "Pendulum",
        reps=(DoseRange(10, 10),),
        sets=2,
        say="Let the arm hang. Swing it in circles. Twice a day.",
    )
    assert stretch == Work("Sleeper stretch", (DoseRange(30_000, 30_000),), sets=3, say="Lie on that side.")


def test_a_list_may_be_numbered_without_dots() -> None:
    session = session_of("1 Squat 3x8\n2 Lunge 10 reps\n3 Plank 30s")
    assert [step.name for step in session.steps if isinstance(step, Work)] == ["Squat", "Lunge", "Plank"]
    assert session_of("1 Squat 3x8\n5 Lunges").steps[1] == Work("Lunges", reps=(DoseRange(5, 5),))


def test_a_superset_is_done_in_turn(library: Library) -> None:
    (block,) = steps_of("3x12 curls superset with 3x10 dips", library)
    assert (block["rounds"], [step["reps"] for step in block["steps"]]) == (3, [12, 10])


def test_who_it_is_for_is_no_exercise() -> None:
    found = read("Programme\nPatient: J. Doe\nSquat 3x5")
    assert Remark("Patient: J. Doe") in found.sessions[0].steps
    assert [entry.line for entry in found.ledger if entry.fate == "lost"] == [2]


def test_rounds_that_are_written_one_by_one_are_blocks() -> None:
    session = session_of("Round 1\nJacks 30s\nRound 2\nSquats 30s")
    assert [step.name for step in session.steps if isinstance(step, Block)] == ["Round 1", "Round 2"]
