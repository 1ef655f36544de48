"""Translations lie beside what they translate; a library takes that of the language wanted."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.compiling import said
from tests.library_folders import CATALOGUE, Place
from timer_app.core.compiler.compile import compile_session
from timer_app.core.session.model import Session
from timer_app.core.session.translation import texts_of, translated
from timer_app.core.timeline.model import Timeline
from timer_app.library.exercises import read_exercise_file
from timer_app.library.library import Library, LibraryError
from timer_app.library.sounds import SoundLibrary
from timer_app.library.translations import translated_texts
from timer_app.system import paths
from timer_app.system.files import parse_file, toml_files, translation_files, translations_of

SAYING = 'schema = 1\nname = "Break"\n[[steps]]\nsay = "Breathe."\n'
SESSION = """schema = 1
name = "Back"
summary = "One line"
steps = [
  { exercise = "row", sides = "each" },
  { name = "Plank", say = "Your {side} arm.", hold = 20, sides = ["forward", "backward"] },
]
"""
GERMAN = """schema = 1
language = "de"

[texts]
"Back" = "Rücken"
"One line" = "Eine Zeile"
"Plank" = "Brett"
"Your {side} arm." = "Der Arm {side}."
"forward" = "vorwärts"
"backward" = "rückwärts"
"""
EXERCISES = """schema = 1
language = "de"
[texts]
"Wall squat" = "Wandsitz"
"Lean on the wall and slide down." = "Lehn dich an und gleit hinab."
"wall" = "Wand"
"Row" = "Rudern"
"Pull your elbows back." = "Zieh die Ellbogen zurück."
"""
TRANSLATED = [path.stem.removesuffix(".de") for path in translation_files(paths.shipped_sessions_dir())]
FILES = [
    path
    for folder in (paths.shipped_sessions_dir(), paths.shipped_sessions_dir() / "exercises")
    for path in translation_files(folder)
]


@pytest.fixture
def translations(place: Place) -> Place:
    place.write("back.toml", SESSION)
    place.write("back.de.toml", GERMAN)
    place.write("basic.de.toml", EXERCISES, place.shipped / "exercises")
    return place


def _timeline(library: Library, name: str) -> Timeline:
    session, _ = library.load(library.find(name))
    lengths = library.estimated_lengths(session.sound.theme)
    return compile_session(session, library.plan(session, lengths)).timeline


def _found(place: Place, name: str) -> list[tuple[str, int, str, str]]:
    problems = place.library().check(place.own / name)
    return [(problem.severity, problem.line, problem.key, problem.message) for problem in problems]


def test_a_session_is_shown_and_spoken_in_the_language_wanted(translations: Place) -> None:
    library = translations.library("de")
    entry = library.find("back")
    assert (entry.name, entry.summary) == ("Rücken", "Eine Zeile")
    session, _ = library.load(entry)
    assert session.language == "de"
    timeline = _timeline(library, "back")
    lines = [line for phase in timeline.phases for line in said(phase)]
    sides = {"Zuerst die linke Seite.", "Der Arm vorwärts."}
    assert {"Rücken.", "Rudern.", "Zieh die Ellbogen zurück."} | sides <= set(lines)
    assert [step.name for step in timeline.steps] == ["Rudern", "Brett"]


def test_a_load_in_words_is_translated_and_one_in_numbers_is_not_missed(place: Place) -> None:
    place.write(
        "row.toml", 'schema = 1\nname = "Row"\n[[steps]]\nname = "Row"\nreps = 5\nload = ["red band", "5 kg"]\n'
    )
    place.write("row.de.toml", 'schema = 1\nlanguage = "de"\n[texts]\n"Row" = "Rudern"\n"red band" = "rotes Band"\n')
    assert _found(place, "row.toml") == []
    work = [phase for phase in _timeline(place.library("de"), "row").phases if phase.kind == "work"]
    assert list(dict.fromkeys(phase.load for phase in work)) == ["rotes Band", "5 kg"]


def test_translations_are_no_sessions_of_their_own(translations: Place) -> None:
    library = translations.library("de")
    assert library.ids() == ["back"]
    with pytest.raises(LibraryError, match="only translates"):
        library.find(str(translations.own / "back.de.toml"))


@pytest.mark.parametrize("language", ["", "en", "en-GB", "fr"])
def test_without_a_translation_a_session_stays_as_it_is(translations: Place, language: str) -> None:
    session, _ = translations.library(language).load(translations.library(language).find("back"))
    assert (session.name, session.language) == ("Back", "en")


@pytest.mark.parametrize("name", ["back", "back.b", "[back]", "b*k"])
def test_the_translations_of_a_file_are_those_of_its_whole_name(tmp_path: Path, name: str) -> None:
    for stem in ("back", "back.b", "[back]", "b*k", "backs"):
        (tmp_path / f"{stem}.toml").touch()
        (tmp_path / f"{stem}.de.toml").touch()
        (tmp_path / f"{stem}.pt-BR.toml").touch()
    found = translations_of(tmp_path / f"{name}.toml")
    assert found == {"de": tmp_path / f"{name}.de.toml", "pt-br": tmp_path / f"{name}.pt-BR.toml"}


def test_a_region_takes_the_translation_of_its_language(translations: Place) -> None:
    session, _ = translations.library("de-AT").load(translations.library("de-AT").find("back"))
    assert (session.name, session.language) == ("Rücken", "de-AT")
    assert translations.library().catalogue_in("de-AT")["row"].name == "Rudern"


def test_a_session_written_in_a_language_takes_the_exercises_translated_into_it(translations: Place) -> None:
    translations.write("eigen.toml", 'schema = 1\nname = "Eigen"\nlanguage = "de"\nsteps = [{ exercise = "row" }]\n')
    assert [step.name for step in _timeline(translations.library(), "eigen").steps] == ["Rudern"]
    assert _found(translations, "eigen.toml") == []


def test_check_names_an_exercise_that_is_not_in_the_language_of_the_session(place: Place) -> None:
    place.write("eigen.toml", 'schema = 1\nname = "Eigen"\nlanguage = "de"\nsteps = [{ exercise = "row" }]\n')
    message = '"row" is in the language "en", and not translated into "de"'
    assert _found(place, "eigen.toml") == [("warning", 4, "steps[0].exercise", message)]


def test_exercises_may_be_written_in_another_language(place: Place) -> None:
    text = CATALOGUE.replace("schema = 1", 'schema = 1\nlanguage = "de"').replace("row", "zug")
    place.write("deutsch.toml", text, place.own_exercises)
    place.write("eigen.toml", 'schema = 1\nname = "Eigen"\nlanguage = "de"\nsteps = [{ exercise = "zug" }]\n')
    assert _found(place, "eigen.toml") == []


def test_the_list_follows_a_change_of_the_translation_and_of_the_language(translations: Place) -> None:
    assert [entry.name for entry in translations.library("de").entries()] == ["Rücken"]
    assert [entry.name for entry in translations.library().entries()] == ["Back"]
    translations.write("back.de.toml", GERMAN.replace("Rücken", "Oberer Rücken"))
    assert [entry.name for entry in translations.library("de").entries()] == ["Oberer Rücken"]


def test_a_translation_without_faults_checks_clean(translations: Place) -> None:
    assert _found(translations, "back.de.toml") == _found(translations, "back.toml") == []


@pytest.mark.parametrize(
    ("before", "after", "reported"),
    [
        ('"Plank" = "Brett"\n', "", ("warning", 4, "texts", '"Plank" has no translation')),
        ('"Plank"', '"Planks"', ("warning", 7, "texts.Planks", "back.toml has no such text")),
        (
            "Arm {side}.",
            "Arm.",
            (
                "warning",
                8,
                'texts."Your {side} arm."',
                "has other placeholders than the original: none in place of {side}",
            ),
        ),
        ('language = "de"', 'language = "da"', ("error", 2, "language", "is not what the file is called")),
        ('"Brett"', "3", ("error", 7, "texts.Plank", "must be a text, not a whole number")),
        ("Arm {side}.", "Arm {seite}.", ("error", 8, 'texts."Your {side} arm."', "unknown placeholder {seite}")),
    ],
)
def test_what_does_not_fit_is_told_with_its_place_also_by_a_check_of_the_original(
    translations: Place, before: str, after: str, reported: tuple[str, int, str, str]
) -> None:
    translations.write("back.de.toml", GERMAN.replace(before, after))
    found = _found(translations, "back.de.toml")
    assert any(one[:3] == reported[:3] and one[3].startswith(reported[3]) for one in found), found
    assert _found(translations, "back.toml") == found


def test_a_translated_line_that_will_not_be_heard_is_told_at_the_translation(place: Place) -> None:
    cue = 'cues = [{ at = "-4s", say = "Now." }]'
    place.write("a.toml", f'schema = 1\nname = "A"\nsteps = [{{ name = "B", hold = 20, {cue} }}]\n')
    long = "Jetzt noch einmal so lange und so ruhig atmen, wie es nur irgend geht, und noch viel länger."
    texts = f'"A" = "A"\n"B" = "B"\n"Now." = "{long}"\n'
    place.write("a.de.toml", f'schema = 1\nlanguage = "de"\n[texts]\n{texts}')
    ((severity, line, key, message),) = _found(place, "a.de.toml")
    assert (severity, line, key) == ("warning", 6, 'texts."Now."')
    assert "will not be heard" in message


def test_a_translation_of_nothing_and_one_of_a_broken_session_are_told(place: Place) -> None:
    place.write("gone.de.toml", GERMAN)
    ((severity, _, _, message),) = _found(place, "gone.de.toml")
    assert (severity, message) == ("error", "there is no file beside it that this is a translation of")
    place.write("gone.toml", "schema = 1\n")
    ((severity, _, _, message),) = _found(place, "gone.de.toml")
    assert (severity, message) == ("error", "gone.toml has faults; check that first")


@pytest.mark.parametrize("text", ["schema = ", "schema = 1\n", GERMAN.replace("schema = 1", "schema = 2")])
def test_a_broken_translation_leaves_the_session_as_it_is(translations: Place, text: str) -> None:
    path = translations.write("back.de.toml", text)
    library = translations.library("de")
    session, _ = library.load(library.find("back"))
    assert session.name == "Back"
    assert any(problem.severity == "error" for problem in library.check(path))
    assert translated_texts(translations.own / "nowhere.toml", "de") == {}


def test_a_run_is_told_of_the_broken_translation_of_its_own_session_whatever_else_was_read(place: Place) -> None:
    broken = place.write("broken.toml", SAYING)
    place.write("broken.de.toml", 'schema = 1\nlanguage = "de"\n[texts]\n"Breathe." = 3\n')
    sound = place.write("sound.toml", SAYING)
    library = place.library("de")
    read = {path: library.load(library.find(str(path)))[0] for path in (broken, sound)}
    assert library.text_notices(read[sound], sound) == []
    (notice,) = library.text_notices(read[broken], broken)
    assert notice.startswith(f"{broken.with_name('broken.de.toml')}:4: ")


# What comes along.


def test_german_comes_along_for_every_session_and_every_exercise_they_use() -> None:
    library = Library.default()
    shipped = [path.stem for path in toml_files(paths.shipped_sessions_dir())]
    assert shipped == TRANSLATED
    for name in TRANSLATED:
        session, _ = Library.default("de").load(library.find(name))
        assert session.language == "de"
        assert library.check(library.find(name).path) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_translation_is_complete_and_fits(path: Path) -> None:
    assert [problem.render() for problem in Library.default().check(path)] == []


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("name", TRANSLATED)
def test_every_line_of_the_author_is_heard_in_german_too(name: str, level: float) -> None:
    library = Library.default("de")
    session, _ = library.load(library.find(name))
    plan = library.plan(session, library.estimated_lengths(session.sound.theme), level)
    assert [missed for missed in compile_session(session, plan).dropped if missed.origin] == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_translated_session_has_the_phases_of_the_original(name: str) -> None:
    german, english = (_timeline(Library.default(language), name) for language in ("de", ""))
    for one, other in zip(german.phases, english.phases, strict=True):
        assert (one.kind, one.step, one.set, one.rep, one.round) == (
            other.kind,
            other.step,
            other.set,
            other.rep,
            other.round,
        )
        assert one.kind != "work" or one.duration_ms == other.duration_ms
    left = {line for phase in german.phases for line in said(phase) if not line.isdigit()}
    assert left.isdisjoint(line for phase in english.phases for line in said(phase) if not line.isdigit())


def _catalogue_files() -> list[str]:
    return [path.stem for path in toml_files(paths.shipped_sessions_dir() / "exercises")]


@cache
def _shipped_session(path: Path) -> Session:
    return Session.model_validate(parse_file(path).data)


@given(st.data())
def test_whatever_is_translated_only_texts_change(data: st.DataObject) -> None:
    session = _shipped_session(data.draw(st.sampled_from(toml_files(paths.shipped_sessions_dir()))))
    texts = [text for _, text in texts_of(session)]
    chosen = data.draw(st.dictionaries(st.sampled_from(texts), st.just("x"), max_size=len(set(texts))))
    made = translated(session, chosen)
    assert [path for path, _ in texts_of(made)] == [path for path, _ in texts_of(session)]
    assert [text for _, text in texts_of(made)] == [chosen.get(text, text) for text in texts]
    assert translated(session, {}) == session


@pytest.mark.parametrize("name", _catalogue_files())
def test_texts_of_exercises_have_their_place_in_the_file(name: str) -> None:
    path = paths.shipped_sessions_dir() / "exercises" / f"{name}.toml"
    file, _ = read_exercise_file(parse_file(path), SoundLibrary.default(), path.parent)
    assert file is not None
    data = parse_file(path).data
    for place, text in texts_of(file):
        found: Any = data
        for part in place:
            found = found[part]
        assert found == text or place[-2] == "sides"
