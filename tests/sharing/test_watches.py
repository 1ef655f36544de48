"""Workouts for watches, read back by the maker's own decoder, which has nothing to do with who wrote them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from garmin_fit_sdk import Decoder, Stream

from tests.command_line import Inside
from timer_app.core.compiler import EstimatedLengths
from timer_app.core.compiler.contents import contents_of
from timer_app.core.i18n import current_language
from timer_app.library import Library
from timer_app.sharing import ShareError
from timer_app.sharing.fit import fit_of
from timer_app.sharing.tcx import tcx_of
from timer_app.sharing.watch_steps import MAX_NAME, MAX_NOTES, MAX_STEPS, Workout, workout_of

CREATED_MS = 1_800_000_000_000
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"


def workout(tmp_path: Path, steps: str, name: str = "Try") -> Workout:
    path = tmp_path / "try.toml"
    path.write_text(f'schema = 1\nname = "{name}"\ndefaults = {{ prepare = 0 }}\n{steps}\n', encoding="utf-8")
    return workout_in(Library.default(), str(path))


def workout_in(library: Library, name: str) -> Workout:
    session, _problems = library.load(library.find(name))
    plan = library.plan(session, EstimatedLengths())
    return workout_of(contents_of(session, plan), plan.texts_in(session.language).phrases)


def decoded(content: bytes) -> Any:
    """What the maker's decoder reads from a file, which it finds whole."""
    stream = Stream.from_byte_array(bytearray(content))
    decoder = Decoder(stream)
    assert decoder.is_fit()
    assert decoder.check_integrity()
    messages, errors = Decoder(Stream.from_byte_array(bytearray(content))).read()
    assert errors == []
    return messages


def read_steps(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = decoded(content)["workout_step_mesgs"]
    return found


def of(steps: Sequence[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(step.get(key) for key in keys) for step in steps]


def test_sets_reps_and_rests_are_a_repeat_that_is_not_unrolled(tmp_path: Path) -> None:
    found = workout(tmp_path, 'steps = [{ name = "Push-up", reps = 12, sets = 3, rest = "45s", load = "20 kg" }]')
    messages = decoded(fit_of(found, CREATED_MS))
    (head,) = messages["workout_mesgs"]
    assert (head["wkt_name"], head["sport"], head["sub_sport"]) == ("Try", "training", "strength_training")
    (file,) = messages["file_id_mesgs"]
    assert (file["type"], file["manufacturer"]) == ("workout", "development")
    work, rest, repeat = messages["workout_step_mesgs"]
    assert head["num_valid_steps"] == 3
    assert (work["wkt_step_name"], work["duration_type"], work["duration_reps"]) == ("Push-up", "reps", 12)
    assert (work["exercise_category"], work["exercise_weight"], work["intensity"]) == ("push_up", 20.0, "active")
    assert (rest["wkt_step_name"], rest["duration_time"], rest["intensity"]) == ("Rest", 45.0, "rest")
    assert (repeat["duration_type"], repeat["duration_step"], repeat["repeat_steps"]) == (
        "repeat_until_steps_cmplt", 0, 3
    )  # fmt: skip
    assert [step["message_index"] for step in messages["workout_step_mesgs"]] == [0, 1, 2]


def test_holds_sides_waits_and_distances_end_as_they_should(tmp_path: Path) -> None:
    steps = """steps = [
      { name = "Side plank", hold = "1:30", sides = "each", switch = "8s" },
      { wait = "Fetch the band." },
      { name = "Walk", distance = "400 m" },
      { name = "Dead hang", hold = "max" },
      { rest = "20s" },
    ]"""
    found = read_steps(fit_of(workout(tmp_path, steps), CREATED_MS))
    keys = ("wkt_step_name", "duration_type", "duration_time", "duration_distance")
    assert of(found, *keys) == [
        ("Side plank, left", "time", 90.0, None),
        ("Switch sides", "time", 8.0, None),
        ("Side plank, right", "time", 90.0, None),
        ("Fetch the band.", "open", None, None),
        ("Walk", "distance", None, 400.0),
        ("Dead hang", "open", None, None),
        ("Rest", "time", 20.0, None),
    ]


def test_rounds_hold_their_sets_one_by_one_as_watches_nest_no_repeats(tmp_path: Path) -> None:
    steps = """steps = [{ name = "Circuit", rounds = 3, rest = "60s", steps = [
      { name = "Squat", reps = 8, sets = 2, rest = "15s" }, { name = "Plank", hold = "20s" },
    ] }]"""
    found = workout(tmp_path, steps)
    read = read_steps(fit_of(found, CREATED_MS))
    assert of(read, "wkt_step_name", "duration_step", "repeat_steps") == [
        ("Squat", None, None),
        ("Rest", None, None),
        ("Squat", None, None),
        ("Plank", None, None),
        ("Rest", None, None),
        (None, 0, 3),
    ]
    assert {entry.key for entry in found.ledger} == {"Squat", "Circuit"}


def test_what_a_watch_cannot_say_is_listed(tmp_path: Path) -> None:
    steps = """steps = [
      { say = "Here we go." },
      { name = "Squat", reps = "8-12", tempo = "3-1-2", reminders = ["Heels down."] },
      { measure = "pain" },
      { name = "EMOM", every = "60s", rounds = 5, steps = [{ name = "Burpee", reps = 8 }] },
      { name = "AMRAP", within = "12m", steps = [{ name = "Row", reps = 8, tempo = "free" }] },
      { pick = 1, steps = [{ name = "A", hold = "5s" }, { name = "B", hold = "5s" }] },
    ]"""
    found = workout(tmp_path, steps)
    fates = [(entry.key, entry.fate) for entry in found.ledger]
    assert fates == [
        ("Here we go.", "lost"),
        ("Squat", "lost"),
        ("Squat", "changed"),
        ("Squat", "changed"),
        ("How strong is the pain now, from zero to ten?", "lost"),
        ("EMOM", "changed"),
        ("AMRAP", "changed"),
        ("", "changed"),
    ]
    assert all(entry.note and "{" not in entry.note for entry in found.ledger)
    squat, emom, repeat, amrap, *_rest = read_steps(fit_of(found, CREATED_MS))
    assert (squat["duration_reps"], squat["notes"]) == (8, "8\N{EN DASH}12 reps. tempo: lift 3 s, hold 1 s, lower 2 s")
    assert (emom["duration_time"], emom["notes"], repeat["repeat_steps"]) == (60.0, "Burpee 8 reps", 5)
    assert (amrap["duration_time"], amrap["notes"]) == (720.0, "Row 8 reps")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", ["desk-break", "cat-cow-mobility", "wall-and-shoulders", "seated-stretches"])
def test_shipped_sessions_keep_to_what_watches_take(name: str, language: str) -> None:
    found = workout_in(Library.default(language), name)
    messages = decoded(fit_of(found, CREATED_MS))
    steps = messages["workout_step_mesgs"]
    assert 0 < len(steps) == messages["workout_mesgs"][0]["num_valid_steps"] <= MAX_STEPS
    assert all(len(step.get("wkt_step_name", "").encode()) <= MAX_NAME for step in steps)
    assert all(len(step.get("notes", "").encode()) <= MAX_NOTES for step in steps)
    assert any("exercise_category" in step for step in steps)


def test_more_steps_than_a_watch_takes_are_refused_and_preparation_goes_first(tmp_path: Path) -> None:
    many = ", ".join(f'{{ name = "Number {number}", hold = "5s", prepare = "10s" }}' for number in range(40))
    found = workout(tmp_path, f"steps = [{many}]")
    assert len(found.steps) == 40
    assert [entry.fate for entry in found.ledger] == ["changed"]
    with pytest.raises(ShareError, match="80 steps for a watch, and watches take 50"):
        workout(tmp_path, f"steps = [{many}, {many}]")
    with pytest.raises(ShareError, match="nothing in the session that a watch could count"):
        workout(tmp_path, 'steps = [{ say = "Only words." }]')


@pytest.mark.parametrize("created_ms", [0, 2**53])
def test_a_clock_that_is_set_to_anything_is_no_hindrance(tmp_path: Path, created_ms: int) -> None:
    assert read_steps(fit_of(workout(tmp_path, 'steps = [{ name = "A", hold = "5s" }]'), created_ms))


def test_two_workouts_made_at_once_are_told_apart(tmp_path: Path) -> None:
    one, other = (workout(tmp_path, f'steps = [{{ name = "A", hold = "{hold}s" }}]') for hold in (5, 6))
    ids = [decoded(fit_of(each, CREATED_MS))["file_id_mesgs"][0] for each in (one, other)]
    assert ids[0] != ids[1]


def test_the_command_writes_it_and_tells_what_is_lost(timer_app: Inside, tmp_path: Path) -> None:
    out = tmp_path / "desk.fit"
    found = timer_app("share", "desk-break", "--to", "fit", "-o", out)
    assert found.status == 0
    assert "what is said in between is not there" in found.out
    assert len(read_steps(out.read_bytes())) > 5
    (told,) = [json.loads(timer_app("share", "desk-break", "--to", "fit", "-o", out, "--force", "--json").out)]
    assert {"line", "key", "value", "fate", "note"} == told["ledger"][0].keys()


def test_tcx_has_steps_of_the_types_that_it_knows(tmp_path: Path) -> None:
    steps = """steps = [
      { name = "Shoulder-blade push-up", reps = 8, sets = 2, rest = "30s" },
      { wait = "Fetch the band." },
    ]"""
    content, ledger = tcx_of(workout(tmp_path, steps, "A name that is far too long"))
    tree = ET.fromstring(content)  # noqa: S314 - the program's own
    (found,) = tree.iter(f"{TCX}Workout")
    assert (found.findtext(f"{TCX}Name"), found.get("Sport")) == ("A name that is", "Other")
    assert [step.text for step in found.iter(f"{TCX}StepId")] == ["1", "2", "3", "4"]
    assert found.findtext(f".//{TCX}Repetitions") == "2"
    assert all(len(name.text or "") <= 15 for name in found.iter(f"{TCX}Name"))
    types = [
        duration.get("{http://www.w3.org/2001/XMLSchema-instance}type") for duration in found.iter(f"{TCX}Duration")
    ]
    assert types == ["UserInitiated_t", "Time_t", "UserInitiated_t"]
    assert any("TCX knows no reps" in entry.note for entry in ledger)


def test_more_rounds_than_one_repeat_of_tcx_has_are_all_there(tmp_path: Path) -> None:
    steps = 'steps = [{ rounds = 250, rest = 0, steps = [{ name = "Skip", hold = "5s" }] }]'
    tree = ET.fromstring(tcx_of(workout(tmp_path, steps))[0])  # noqa: S314 - the program's own
    assert [found.text for found in tree.iter(f"{TCX}Repetitions")] == ["99", "99", "52"]
    assert [found.text for found in tree.iter(f"{TCX}StepId")] == ["1", "2", "3", "4", "5", "6"]


def test_notes_are_in_the_language_of_the_session(tmp_path: Path) -> None:
    step = 'language = "de"\nsteps = [{ name = "Stütz", hold = "20s", sets = 2, sides = "each" }]'
    found = workout(tmp_path, step)
    assert {one.notes for one in found.each_step if not one.is_rest} == {"2 × 20 s je Seite"}
    assert current_language() == "en"
