"""Sessions that put other sessions in: what holds inside, and what is wrong at the place that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.compiling import said
from tests.library_folders import Place, check, fault_lines
from timer_app.core.compiler import all_cautions, compile_session
from timer_app.core.compiler.limits import check_limits
from timer_app.core.timeline.model import Timeline

WARM_UP = """schema = 1
name = "Warm-up"
cautions = ["Stop if it hurts."]
[defaults]
rest = "4s"
[[steps]]
name = "March"
hold = "20s"
sets = 2
"""
GERMAN = """schema = 1
name = "Aufwärmen"
language = "de"
steps = [{ name = "Kniebeuge", reps = 5 }, { measure = "pain" }, { rest = "20s" }]
"""
MAIN = """schema = 1
name = "Main"
[defaults]
rest = "30s"
[[steps]]
session = "warm-up"
[[steps]]
name = "Squat"
hold = "20s"
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.write("warm-up.toml", WARM_UP)
    made.write("aufwaermen.toml", GERMAN)
    return made


def _timeline(place: Place, text: str, language: str = "") -> Timeline:
    library = place.library(language)
    session, problems = library.load(library.find(str(place.write("main.toml", text))))
    assert problems == []
    planned = library.plan(session, library.estimated_lengths("calm"))
    return compile_session(session, planned).timeline


def test_the_defaults_of_a_session_hold_inside_and_those_around_it_outside(place: Place) -> None:
    timeline = _timeline(place, MAIN.replace('hold = "20s"', 'hold = "20s"\nsets = 2'))
    assert [(step.name, step.depth, step.block) for step in timeline.steps] == [
        ("March", 1, "Warm-up"),
        ("Squat", 0, ""),
    ]
    rests = [phase.duration_ms for phase in timeline.phases if phase.kind == "rest"]
    assert rests == [4_000, 30_000]


def test_its_cautions_are_said_at_its_beginning_and_shown_before_the_start(place: Place) -> None:
    timeline = _timeline(place, MAIN)
    opening, cautions, first, *_ = timeline.phases
    assert said(opening) == ["Main."]
    assert (cautions.kind, cautions.label, said(cautions)) == ("say", "Warm-up", ["Stop if it hurts."])
    assert first.label == "March"
    library = place.library()
    session, _ = library.load(library.find("main"))
    assert all_cautions(session) == ("Stop if it hurts.",)


def test_cautions_are_said_once_in_a_block_of_rounds(place: Place) -> None:
    block = 'schema = 1\nname = "M"\n[[steps]]\nrounds = 3\nsteps = [{ session = "warm-up" }]\n'
    assert [phase.label for phase in _timeline(place, block).phases].count("Warm-up") == 1


def test_its_language_holds_inside_for_the_coach_too(place: Place) -> None:
    timeline = _timeline(place, MAIN.replace("warm-up", "aufwaermen"))
    spoken = {cue.content for phase in timeline.phases for cue in phase.cues if not isinstance(cue.content, str)}
    languages = {line.text: line.language for line in spoken}
    assert languages["5 Mal."] == "de"
    assert languages["20 seconds."] == "en"
    assert [step.name for step in timeline.steps] == ["Kniebeuge", "Schmerz", "Pause", "Squat"]
    # What is said of a rest is that of its session, and what is said of an exercise that of its own.
    assert languages["20 Sekunden Pause."] == "de"
    assert languages["Next: Squat."] == "en"
    assert "Als Nächstes: Squat." not in languages


def test_a_session_that_is_put_in_is_translated_where_there_is_a_translation(place: Place) -> None:
    place.write("warm-up.de.toml", 'schema = 1\nlanguage = "de"\n[texts]\n"March" = "Marschieren"\n')
    timeline = _timeline(place, MAIN, language="de")
    assert timeline.steps[0].name == "Marschieren"


def test_it_is_found_beside_the_file_that_names_it_before_the_library(place: Place, tmp_path: Path) -> None:
    near = tmp_path / "elsewhere"
    place.write("warm-up.toml", WARM_UP.replace("March", "Skip"), near)
    library = place.library()
    session, _ = library.load(library.find(str(place.write("main.toml", MAIN, near))))
    assert (
        compile_session(session, library.plan(session, library.estimated_lengths("calm"))).timeline.steps[0].name
        == "Skip"
    )


_BROKEN = 'the session "broken" has a fault: broken.toml:3: steps[0].hold: a hold must take some time'
_TOO_DEEP = 'in the session "deep-3": sessions are put into one another more than 3 deep'
FAULTS = {
    "nobody": ('session = "warm-pu"', '7:11: e steps[1].session: there is no session "warm-pu"'),
    "itself": ('session = "test"', "7:11: e steps[1].session: a session cannot be put into itself: test > test"),
    "a circle": (
        'session = "circle"',
        '7:11: e steps[1].session: in the session "circle": a session cannot be put into itself: test > circle > test',
    ),
    "a broken one": (
        'session = "broken"',
        f"7:11: e steps[1].session: {_BROKEN}",
    ),
    "too deep": (
        'session = "deep-1"',
        f'7:11: e steps[1].session: in the session "deep-1": in the session "deep-2": {_TOO_DEEP}',
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_put_in_is_told_where_it_is_named(name: str, place: Place) -> None:
    lines, expected = FAULTS[name]
    place.write("circle.toml", 'schema = 1\nname = "C"\nsteps = [{ session = "test" }]\n')
    place.write("broken.toml", 'schema = 1\nname = "B"\nsteps = [{ name = "A", hold = 0 }]\n')
    for number in (1, 2, 3):
        steps = f'steps = [{{ session = "deep-{number + 1}" }}]'
        place.write(f"deep-{number}.toml", f'schema = 1\nname = "D"\n{steps}\n')
    place.write("deep-4.toml", WARM_UP)
    steps = f'[[steps]]\nname = "A"\nhold = 3\n[[steps]]\n{lines}\n'
    found = check(place, f'schema = 1\nname = "Test"\n{steps}')
    assert fault_lines(found) == [expected]


def test_a_misspelt_name_is_guessed(place: Place) -> None:
    (found,) = check(place, 'schema = 1\nname = "Test"\nsteps = [{ session = "warm-pu" }]\n')
    assert found.suggestion == "warm-up"


def test_what_is_too_much_together_is_told_where_the_session_is_named(place: Place) -> None:
    place.write("long.toml", 'schema = 1\nname = "L"\nsteps = [{ name = "A", hold = "20h" }]\n')
    steps = 'steps = [{ session = "long" }, { rounds = 2, steps = [{ session = "long" }] }]'
    found = check(place, f'schema = 1\nname = "Test"\n{steps}\n')
    assert [(one.key, one.message) for one in found] == [("steps[1]", "this step takes more than 24 hours")]


def test_sides_inside_contradict_a_sequence_by_sides_at_the_name(place: Place) -> None:
    place.write("sided.toml", 'schema = 1\nname = "S"\nsteps = [{ name = "A", hold = "9s", sides = "left" }]\n')
    found = check(place, 'schema = 1\nname = "Test"\nsteps = [{ sides = "each", steps = [{ session = "sided" }] }]\n')
    assert [one.key for one in found] == ["steps[0].steps[0].session"]
    assert found[0].message.startswith('in the session "sided": ')


def test_the_list_notices_that_a_session_which_is_put_in_has_changed(place: Place) -> None:
    place.write("main.toml", MAIN)
    before = place.library().find("main").length_ms
    assert place.library().find("main").length_ms == before
    place.write("warm-up.toml", WARM_UP.replace('"20s"', '"50s"'))
    assert place.library().find("main").length_ms == before + 2 * 30_000


def test_warnings_about_a_session_that_is_put_in_belong_to_its_own_file(place: Place) -> None:
    place.write("odd.toml", 'schema = 1\nname = "O"\nsteps = [{ name = "A", hold = "9s", sides = "both" }]\n')
    assert [one.severity for one in place.library().check(place.own / "odd.toml")] == ["warning"]
    assert check(place, 'schema = 1\nname = "Test"\nsteps = [{ session = "odd" }]\n') == []


def test_limits_hold_for_a_session_as_it_is_put_in(place: Place) -> None:
    library = place.library()
    session, _ = library.load(library.find(str(place.write("main.toml", MAIN))))
    assert check_limits(session, library.plan(session, library.estimated_lengths("calm"))) == []


def test_the_order_of_a_bare_tempo_is_no_question_where_the_session_put_in_says_it(place: Place) -> None:
    bare = 'steps = [{ name = "Squat", reps = 3, tempo = "4-2-1" }]\n'
    outer = 'schema = 1\nname = "Test"\nsteps = [{ session = "squats" }]\n'
    place.write("squats.toml", f'schema = 1\nname = "S"\n{bare}')
    (told,) = check(place, outer)
    assert told.message.endswith('"4-2-1" is taken as lift 4 s, hold 2 s, lower 1 s')
    place.write("squats.toml", f'schema = 1\nname = "S"\ndefaults = {{ tempo_starts = "lower" }}\n{bare}')
    assert check(place, outer) == []
