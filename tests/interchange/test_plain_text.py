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
        ("Squat – 2 sets x 15", {"reps": 15, "sets": 2}),  # noqa: RUF001 - the dash of a handout
        ("Squat 3x8-12 60kg @8", {"reps": "8-12", "sets": 3, "load": "60 kg", "rpe": "8"}),
        ("Squat 3x5 @ 80%", {"reps": 5, "sets": 3, "load": "80 %"}),
        ("Squat 3x8 RIR 2", {"reps": 8, "sets": 3, "rir": "2"}),
        ("Squat 3×AMRAP", {"reps": "max", "sets": 3, "tempo": "free"}),
        ("Squat 12/10/8", {"reps": [12, 10, 8]}),
        ("10 Squat", {"reps": 10}),
        ("Squat 20", {"reps": 20}),
        ("Squat x 10, tempo 3010", {"reps": 10, "tempo": "3010"}),
        ("Squat 400 m", {"distance": "400 m"}),
        ("Squat 10 m", {"hold": "10:00"}),
        ("5km Squat", {"distance": "5 km"}),
        ("- [ ] Squat 45s", {"hold": "45s"}),
        ("1) Squat 45s", {"hold": "45s"}),
        ("• **Squat**: 45s", {"hold": "45s"}),
        ("Squat 3x12, Pause 60 Sek", {"reps": 12, "sets": 3, "rest": "1:00"}),
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
    assert any("get ready" in entry.note for entry in added.ledger)
