"""Routines in the manner of handouts, gym notes and forums: what a therapist or a lifter means is what is written."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.interchange import read, session_of, steps_of
from timer_app.core.fields import DoseRange
from timer_app.interchange.limits import length_ms
from timer_app.interchange.model import Block, Part, Remark, Rest, Say, Step, Work
from timer_app.library import Library

HELD_10_S = [{"name": "lift", "for": "1s"}, {"name": "hold", "for": "10s"}, {"name": "lower", "for": "1s"}]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.default()


def lost(text: str) -> list[int]:
    """The lines of a text that are not understood."""
    return [entry.line for entry in read(text).ledger if entry.fate == "lost"]


def works(steps: tuple[Step, ...]) -> list[tuple[str, int]]:
    """The names of the exercises, and how many sets each has."""
    return [(step.name, step.sets) for step in steps if isinstance(step, Work)]


@pytest.mark.parametrize(
    ("line", "step"),
    [
        # Fractions and numbers in words.
        ("Squat 1½ min", {"hold": "1:30"}),
        ("Squat 1/2 min", {"hold": "30s"}),
        ("Squat 1 1/2 min per side", {"hold": "1:30", "sides": "each"}),
        ("Squat – three sets of ten each leg", {"reps": 10, "sets": 3, "sides": "each"}),
        ("Squat, drei Sätze mit je 15 Wiederholungen", {"reps": 15, "sets": 3}),
        ("Squat: half a minute", {"hold": "30s"}),
        ("Squat eine halbe Minute", {"hold": "30s"}),
        # Sides.
        ("Squat x 5 ea", {"reps": 5, "sides": "each"}),
        ("Squat — 1 min ea. side", {"hold": "1:00", "sides": "each"}),
        ("Squat - 5/side", {"reps": 5, "sides": "each"}),
        ("Squat 2 x 30 Sek. beide Seiten", {"hold": "30s", "sets": 2, "sides": "each"}),
        ("Squat\t2 x 30 Sek.\tre./li.", {"hold": "30s", "sets": 2, "sides": "each"}),
        ("Squat 30 Sek. re + li", {"hold": "30s", "sides": "each"}),
        ("Squat: 20 sek. re., 20 sek. li., 3 mal", {"hold": "20s", "sets": 3, "sides": "each"}),
        # What is held, and how often.
        ("Squat - 3 reps x 30 second hold, each side", {"hold": "30s", "sets": 3, "sides": "each"}),
        ("Squat – hold 20–30 seconds, 3 times per side", {"hold": "20-30s", "sets": 3, "sides": "each"}),
        ("Squat, 10 Wdh., 20 Sek. halten", {"hold": "20s", "sets": 10}),
        # Sets and reps.
        ("Squat (5-10)", {"reps": "5-10"}),
        ("Squat x 10 total", {"reps": 10}),
        ("Squat 8-12", {"reps": "8-12"}),
        ("8–12 Squat", {"reps": "8-12"}),
        ("Squat 3x20 steps", {"reps": 20, "sets": 3}),
        ("Squat 2 Durchgänge à 12 Stück", {"reps": 12, "sets": 2}),
        ("Squat 4 × 15, 45s rest", {"reps": 15, "sets": 4, "rest": "45s"}),
        ("Squat till failure x 3", {"reps": "max", "sets": 3, "tempo": "free"}),
        ("Squat 2-3 x 15-20", {"reps": "15-20", "sets": 2}),
        ("finisher: 100 Squat", {"name": "finisher: Squat", "reps": 100}),
        ("Squat 3xF", {"reps": "max", "sets": 3, "tempo": "free"}),
        ("Squat 10 slow reps", {"reps": 10}),
        ("Squat: 12 reps x 3 sets (3s up, 2s hold, 3s down)", {"reps": 12, "sets": 3, "tempo": "3-2-3"}),
        ("1.) Squat: 10 x 10 Sek. halten, 3 Durchgänge", {"reps": 10, "sets": 3, "tempo": HELD_10_S}),
        ("Squat 2-3 reps, 20-30 sec each side", {"hold": "20-30s", "sets": 2, "sides": "each"}),
        ("Squat :45 each", {"hold": "45s", "sides": "each"}),
        ("Squat 2x tägl. 10 Wdh.", {"reps": 10}),
        ("8 x 50 m Squat", {"distance": "50 m", "sets": 8}),
        # Rests.
        ("Squat: 4 × 6–8, 2–3 min", {"reps": "6-8", "sets": 4, "rest": "3:00"}),
        ("5x3 min Squat w/ 2 min easy between", {"hold": "3:00", "sets": 5, "rest": "2:00"}),
        (
            "6 x 400m Squat @ 5k pace, 90 sec jog recovery",
            {"name": "Squat @ 5k pace", "distance": "400 m", "sets": 6, "rest": "1:30"},
        ),
        ("Squat 3x12, 2 min rest b/w sets", {"reps": 12, "sets": 3, "rest": "2:00"}),
        ("Squat 3x12, rest 30-60 sec", {"reps": 12, "sets": 3, "rest": "1:00"}),
        ("Squat 3 Sätze à 30 Sekunden, dazwischen 1 Min. Pause", {"hold": "30s", "sets": 3, "rest": "1:00"}),
        # How often a day is no dose.
        ("Squat 2 x 12, 3x/day", {"reps": 12, "sets": 2}),
        ("Squat: 30 Sek. halten, 3x täglich", {"hold": "30s"}),
        ("Squat 10 reps twice a day", {"reps": 10}),
        # Ways, labels and brackets.
        ("D: Farmer's carry 4 x 40 m", {"name": "Farmer's carry", "distance": "40 m", "sets": 4}),
        ("Squat w/ band 3x15 (red band)", {"name": "Squat w/ band (red band)", "reps": 15, "sets": 3}),
    ],
)
def test_an_exercise_is_what_its_writer_meant(library: Library, line: str, step: dict[str, Any]) -> None:
    assert steps_of(line, library) == [{"name": "Squat", **step}]


def test_each_rep_is_held_and_not_done_on_each_side() -> None:
    (work,) = session_of("Bird-dog – 2 sets of 10 reps, hold each 3 seconds").steps
    assert isinstance(work, Work)
    assert (work.sides, work.sets, work.tempo) == (
        "",
        2,
        (Part("lift", 1_000), Part("hold", 3_000), Part("lower", 1_000)),
    )
    (bridge,) = session_of("Glute bridges – 3 sets of 10 reps, holding for 5 sec at the top").steps
    assert isinstance(bridge, Work)
    assert (bridge.name, bridge.sets, bridge.tempo[1]) == ("Glute bridges", 3, Part("hold", 5_000))


def test_breaths_are_counted_as_breaths() -> None:
    (work,) = session_of("Pigeon: 8 breaths per side").steps
    assert isinstance(work, Work)
    assert (work.name, work.reps, work.sides) == ("Pigeon", (DoseRange(8, 8),), "each")
    assert [part.lasts_ms for part in work.tempo if isinstance(part, Part)] == [3_000, 3_000]
    assert any("breath" in entry.note for entry in read("Pigeon: 8 breaths per side").ledger)


@pytest.mark.parametrize(
    "text",
    [
        "Plan\nPerform 2x/day, 5 days/week\n\nSquat 10",
        "Plan\n\nSquat 10\nFrequency: 3x per day",
        "Plan\n\nSquat 10\n\nDo every other day.",
        "Plan\n\nSquat 10\n\nDie Übungen bitte 1x täglich durchführen. Bei Schmerzen abbrechen!",
        "Plan\n\nSquat 10\n\nStop if pain > 5/10. Ice for 10-15 min after.",
    ],
)
def test_advice_and_how_often_a_week_are_no_exercises(text: str) -> None:
    session = session_of(text)
    assert works(session.steps) == [("Squat", 1)]
    assert not [step for step in session.steps if isinstance(step, Work) and step.say]


def test_labelled_lines_below_a_name_are_its_dose() -> None:
    text = (
        "Lower back\n\n1) Press up\n Sets: 3\n Reps: 10\n Hold: 2 sec\n Frequency: 3x per day\n\n"
        "2) Knee to chest\n Sets: 2\n Hold: 30 sec each side\n\n3) Pelvic tilt\n 10 reps, 5 sec hold, 2 sets\n"
    )
    press, knee, tilt = session_of(text).steps
    assert isinstance(press, Work)
    assert (press.name, press.reps, press.sets, press.tempo[1]) == (
        "Press up",
        (DoseRange(10, 10),),
        3,
        Part("hold", 2_000),
    )
    assert knee == Work("Knee to chest", (DoseRange(30_000, 30_000),), sets=2, sides="each")
    assert isinstance(tilt, Work)
    assert (tilt.reps, tilt.sets, tilt.tempo[1]) == ((DoseRange(10, 10),), 2, Part("hold", 5_000))


def test_a_line_without_a_number_below_one_with_it_is_its_dose() -> None:
    text = (
        "Übungsplan\n\n1. Schultern senken\n   Spannung 5 Sekunden halten, 10 Wiederholungen, 3 Serien\n"
        "2. Außenrotation\n   3 Serien mit je 15 Wiederholungen, Pause 30 Sekunden\n"
        "3. Brustdehnung\n   30 Sek. halten, 3x wiederholen, re + li\n4. Rudern 10x\n"
    )
    lower, rotation, chest, row = session_of(text).steps
    assert works((lower, rotation, chest, row)) == [
        ("Schultern senken", 3),
        ("Außenrotation", 3),
        ("Brustdehnung", 3),
        ("Rudern", 1),
    ]
    assert isinstance(rotation, Work)
    assert rotation.rest_ms == 30_000
    assert isinstance(chest, Work)
    assert (chest.hold, chest.sides) == ((DoseRange(30_000, 30_000),), "each")


@pytest.mark.parametrize("dots", [True, False])
def test_exercises_with_the_same_letter_are_done_in_turn(dots: bool) -> None:
    text = (
        "Push day\n\nA1. Press 3x8-12\nA2. Row 3x8-12\nRest 90s\n"
        "B1) Raise 3x15\nB2) Pull 3x15\n60 sec rest b/w sets\nC. Plank 3x max"
    )
    text = re.sub(r"(?<=\d)[.)]", "", text) if not dots else text
    first, second, plank = session_of(text).steps
    assert isinstance(first, Block)
    assert isinstance(second, Block)
    assert [(block.rounds, block.rest_ms, works(block.steps)) for block in (first, second)] == [
        (3, 90_000, [("Press", 1), ("Row", 1)]),
        (3, 60_000, [("Raise", 1), ("Pull", 1)]),
    ]
    assert isinstance(plank, Work)
    assert (plank.name, plank.sets) == ("Plank", 3)


def test_a_line_above_a_list_is_a_name_with_how_long_it_takes() -> None:
    text = (
        "**Morning mobility (10 min)**\n\n* Cat cow x10\n\nWarm up (5-10 minutes)\n- Reaches (5-10)\n\n"
        "First pair\n- 3x5-8 Pull-ups\n\nCool down\nbike 2 min"
    )
    session = session_of(text)
    assert session.name == "Morning mobility (10 min)"
    assert [(step.name, len(step.steps)) for step in session.steps if isinstance(step, Block)] == [
        ("Warm up", 1),
        ("First pair", 1),
        ("Cool down", 1),
    ]
    german = session_of("Dehnprogramm nach dem Laufen (ca. 10 Min.)\n\nWaden 2 x 30 Sek.")
    assert (german.name, works(german.steps)) == ("Dehnprogramm nach dem Laufen (ca. 10 Min.)", [("Waden", 2)])
    assert works(session_of("Plank (30s)\nSquat (1 min)").steps) == [("Plank", 1), ("Squat", 1)]


@pytest.mark.parametrize(
    ("text", "rounds", "minutes"),
    [
        ("Circuit\n3 rounds, 40s work 20s rest, 1 min between rounds\n1. Squats\n2. Push ups\n3. Plank", 3, 9 + 2 - 1),
        ("Circuit\n40s on / 20s off x 3\nSquats\nPush ups\nPlank", 3, 9),
        ("Zirkel\n3 Runden, 40 Sek. Arbeit, 20 Sek. Pause\n- Kniebeugen\n- Liegestütze\n- Plank", 3, 9),
    ],
)
def test_work_and_rest_are_those_of_the_exercises_below(text: str, rounds: int, minutes: int) -> None:
    session = session_of(text)
    (block,) = session.steps
    assert isinstance(block, Block)
    assert block.rounds == rounds
    assert [step.hold for step in block.steps if isinstance(step, Work)] == [(DoseRange(40_000, 40_000),)] * 3
    assert abs(length_ms(session) - minutes * 60_000) <= 20_000
    assert session.prepare_ms == 0


def test_repeaters_have_sets_of_rounds() -> None:
    (block,) = session_of("Repeaters: 7s on / 3s off x 6, 3 sets, 2:30 rest between sets").steps
    assert isinstance(block, Block)
    (inner,) = block.steps
    assert isinstance(inner, Block)
    assert (block.rounds, block.rest_ms, inner.rounds) == (3, 150_000, 6)


@pytest.mark.parametrize(
    "line",
    [
        "Alternate 60 sec jog and 90 sec walk for 20 min",
        "Alternate 60 sec jog and 90 sec walk, 8 times",
        "60 sec jog / 90 sec walk x 8",
        "Im Wechsel 1 Min. laufen, 90 Sek. gehen, 8 mal",
    ],
)
def test_two_things_in_turn(line: str) -> None:
    (block,) = session_of(line).steps
    assert isinstance(block, Block)
    assert (block.rounds, length_ms(session_of(line))) == (8, 20 * 60_000)
    assert len(block.steps) == 2
    assert all(isinstance(step, Work) and step.name for step in block.steps)


@pytest.mark.parametrize(
    ("line", "name", "breaths", "parts_s"),
    [
        ("Box breathing: inhale 4, hold 4, exhale 4, hold 4 - 5 min", "Box breathing", 19, [4, 4, 4, 4]),
        ("4-7-8 breathing x 4", "4-7-8 breathing", 4, [4, 7, 8]),
        ("4-7-8-Atmung, 4 Runden", "4-7-8-Atmung", 4, [4, 7, 8]),
        ("Breathing (4-7-8): 4 rounds", "Breathing (4-7-8)", 4, [4, 7, 8]),
        ("Box breathing 4-4-4-4, 5 min", "Box breathing 4-4-4-4", 19, [4, 4, 4, 4]),
        ("Atmen: 4 Sek. einatmen, 6 Sek. ausatmen, 10 mal", "Atmen", 10, [4, 6]),
        ("Breathe in for 4, out for 6, 5 minutes", "Breathing", 30, [4, 6]),
    ],
)
def test_a_breath_is_made_of_its_parts(line: str, name: str, breaths: int, parts_s: list[int]) -> None:
    (work,) = session_of(f"Plan\n\nSquat 10\n{line}").steps[1:]
    assert isinstance(work, Work)
    assert (work.name, work.reps) == (name, (DoseRange(breaths, breaths),))
    assert [part.lasts_ms for part in work.tempo if isinstance(part, Part)] == [one * 1_000 for one in parts_s]


def test_minutes_of_an_emom_follow_each_other() -> None:
    text = "EMOM 12:\nMin 1: 12 KB swings\nMin 2: 10 push-ups\nMin 3: 30 sec hollow hold"
    (block,) = session_of(text).steps
    assert isinstance(block, Block)
    assert (block.rounds, len(block.steps), length_ms(session_of(text))) == (4, 3, 12 * 60_000)
    assert lost(text) == []
    below = text.replace(": ", ":\n").replace("Min 2:", "Minute 2")
    assert session_of(below).steps == session_of(text).steps


def test_a_rest_between_sets_at_the_end_is_that_of_all_sets() -> None:
    text = "Plan\n\n1. Squat 3x10\n2. Row 2x10, 90s rest\n3. Plank 30s\n\nDaily. Rest 30-60 seconds between sets."
    squat, row, plank, *rest = session_of(text).steps
    assert [step.rest_ms for step in (squat, row, plank) if isinstance(step, Work)] == [60_000, 90_000, None]
    assert not [step for step in rest if not isinstance(step, Remark | Say)]


def test_loads_without_a_unit_are_not_taken_for_sets() -> None:
    text = "Log\n\nSquat 135x5, 185x5, 225x3x5\nBench 3x5"
    assert works(session_of(text).steps) == [("Bench", 3)]
    assert lost(text) == [3]


def test_a_superset_may_be_shortened() -> None:
    (block,) = session_of("Curls 3x12 superset w/ Dips 3x10").steps
    assert isinstance(block, Block)
    assert (block.rounds, works(block.steps)) == (3, [("Curls", 1), ("Dips", 1)])
    assert not [step for step in block.steps if isinstance(step, Rest)]


def test_a_line_from_when_to_when_lasts_as_long() -> None:
    text = "10 minute morning stretch\n\n0:00-1:00 Neck rolls\n1:00-2:30 Cat cow\n2:30-5:00 Low lunge (1 min each side)"
    session = session_of(text)
    assert session.name == "10 minute morning stretch"
    assert session.steps == (
        Work("Neck rolls", (DoseRange(60_000, 60_000),)),
        Work("Cat cow", (DoseRange(90_000, 90_000),)),
        Work("Low lunge", (DoseRange(60_000, 60_000),), sides="each"),
    )


def test_a_load_in_a_name_and_whom_to_call_are_no_doses() -> None:
    text = (
        "HEP\n\n1. Rotation with 1-2 lb weight\n   3 sets of 10 to 15\n2. Tucks 2x10, 5s holds\n"
        "Call if you have questions: 555-123-4567"
    )
    rotation, tucks, call = session_of(text).steps
    assert isinstance(rotation, Work)
    assert (rotation.name, rotation.sets) == ("Rotation with 1-2 lb weight", 3)
    assert isinstance(tucks, Work)
    assert tucks.tempo[1] == Part("hold", 5_000)
    assert isinstance(call, Remark)


def test_breaths_and_a_hold_in_lines_below_a_name_make_a_step_that_is_right(library: Library) -> None:
    steps = steps_of("Plan\n\n1. Pigeon\n   5 breaths\n   Hold: 30 sec", library)
    assert steps == [{"name": "Pigeon", "hold": "30s", "sets": 5}]


@pytest.mark.parametrize("title", ["Knee rehab week 3-4:", "Schulter Reha Phase 2", "Level 1"])
def test_a_number_of_a_part_is_no_dose(title: str) -> None:
    session = session_of(f"{title}\n\nSquat 10")
    assert (session.name, works(session.steps)) == (title.rstrip(":"), [("Squat", 1)])


def test_a_week_is_no_exercise() -> None:
    found = read("Week 1\nDay 1: 30 min run\nDay 2: 5x3 min run").sessions
    assert [(session.name, works(session.steps)) for session in found] == [
        ("Day 1", [("run", 1)]),
        ("Day 2", [("run", 5)]),
    ]


def test_how_often_a_week_in_brackets_is_no_exercise() -> None:
    assert works(session_of("Plan\n\nSquat 2x10\n(do this 3-4 times a week)").steps) == [("Squat", 2)]


def test_rounds_and_the_rest_between_them_may_stand_above_and_below_the_circuit() -> None:
    text = (
        "HIIT 20 min – 4 Durchgänge\n45 Sek Belastung / 15 Sek Pause\n1. Hampelmänner\n2. Bergsteiger\n"
        "1 Min Pause zwischen den Runden"
    )
    (block,) = session_of(text).steps
    assert isinstance(block, Block)
    assert (block.rounds, block.rest_ms, block.between_ms, len(block.steps)) == (4, 60_000, 15_000, 2)


def test_a_list_ends_where_a_line_without_a_bullet_comes() -> None:
    text = (
        "Plan\n\n3 sets:\n  - Squat x 10\n  - Row x 10/arm\n  - rest 90 sec\n"
        "Finisher: 5 min AMRAP\n  - 5 burpees\nCooldown: stretch 5 min"
    )
    sets, finisher, cooldown = session_of(text).steps
    assert isinstance(sets, Block)
    assert isinstance(finisher, Block)
    assert (sets.rounds, len(sets.steps), finisher.within_ms, len(finisher.steps)) == (3, 3, 300_000, 1)
    assert isinstance(cooldown, Work)


@pytest.mark.parametrize("line", ["3 rounds, rest 1 min:", "3 rounds, 1 min rest:", "3 Runden, Pause 1 Min.:"])
def test_a_colon_behind_a_rest_is_no_part_of_it(line: str) -> None:
    (block,) = session_of(f"Plan\n\n{line}\n- Push-ups 12\n- Squat 10").steps
    assert isinstance(block, Block)
    assert (block.name, block.rounds, block.rest_ms, len(block.steps)) == ("", 3, 60_000, 2)
