"""A user's own words for the coach: they lie over the shipped ones, and are checked like everything else."""

from __future__ import annotations

import pytest

from tests.library_folders import Place
from timer_app.library.library import Library
from timer_app.library.phrases import PhraseCatalogue

SWEDISH = """language = "sv"
rest = "Vila."
label_rest = "Vila"

[second]
one = "en sekund"
other = "{count} sekunder"
"""


@pytest.fixture
def library(place: Place) -> Library:
    place.write("sv.toml", SWEDISH, place.phrases)
    return place.library()


def test_a_language_of_the_user_s_is_spoken_and_what_it_lacks_is_said_in_english(library: Library) -> None:
    swedish = library.phrases("sv")
    assert (swedish.language, swedish.rest, swedish.switch) == ("sv", "Vila.", "Switch sides.")
    assert [swedish.duration(seconds * 1_000) for seconds in (1, 20)] == ["en sekund", "20 sekunder"]
    assert library.phrase_problems == []


def test_a_file_of_the_user_s_lies_over_the_shipped_one_of_its_language(place: Place) -> None:
    place.write("de.toml", 'language = "de"\nrest = "Verschnaufen."\n', place.phrases)
    german = place.library().phrases("de-AT")
    assert (german.rest, german.switch) == ("Verschnaufen.", "Seite wechseln.")


def test_a_region_of_the_user_s_lies_over_its_language(place: Place) -> None:
    place.write("pt-BR.toml", 'language = "pt-BR"\nrest = "Descanse."\n', place.phrases)
    library = place.library()
    assert [library.phrases(code).rest for code in ("pt-BR", "pt")] == ["Descanse.", "Descanso."]
    assert library.phrases("pt-BR").once_more == "Mais uma vez."


def test_check_names_what_a_language_lacks_and_where(place: Place, library: Library) -> None:
    (problem,) = library.check(place.phrases / "sv.toml")
    assert (problem.severity, problem.line, problem.column, problem.key) == ("warning", 1, 12, "language")
    assert problem.message.startswith('the coach has no words in "sv" for opening, tones_explained, ')
    assert problem.message.endswith(" more, and says them in English")


def test_check_of_a_session_names_what_its_language_lacks(place: Place, library: Library) -> None:
    path = place.write("pass.toml", 'schema = 1\nname = "Pass"\nlanguage = "sv"\n[[steps]]\nsay = "Hej."\n')
    (problem,) = library.check(path)
    assert (problem.line, problem.key, problem.severity) == (3, "language", "warning")
    assert "says them in English" in problem.message


def test_every_language_that_comes_along_is_whole() -> None:
    book = PhraseCatalogue(None)
    assert [book.missing(language) for language in book.languages] == [[]] * 10


def test_faults_have_their_place_and_what_is_broken_is_said_in_the_words_below(place: Place) -> None:
    text = 'language = "de"\nrest = "Pause, {name}."\nswich = "Wechsel."\nswitch = "Wechsel."\n[second]\none = "eine"\n'
    path = place.write("de.toml", text, place.phrases)
    library = place.library()
    found = [(problem.line, problem.key, problem.suggestion) for problem in library.check(path)]
    assert found == [(2, "rest", ""), (3, "swich", "switch"), (5, "second.other", "")]
    assert [problem.message for problem in library.phrase_problems] == [p.message for p in library.check(path)]
    assert [library.phrases("de").rest, library.phrases("de").switch] == ["Pause.", "Wechsel."]
    assert library.phrases("de").duration(1_000) == "eine Sekunde"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('language = "da"\nrest = "Hvile."\n', "it is taken for the language"),
        ('rest = "Vila."\n', "is missing"),
        ('language = 3\nrest = "Vila."\n', "must be a text"),
    ],
)
def test_the_language_of_a_file_must_be_that_of_its_name(place: Place, text: str, said: str) -> None:
    path = place.write("sv.toml", text, place.phrases)
    (problem,) = place.library().check(path)
    assert said in problem.message
    assert (problem.severity, problem.key) == ("error", "language")


def test_what_is_no_toml_is_told_and_the_shipped_words_are_used(place: Place) -> None:
    place.write("de.toml", "language = \n", place.phrases)
    library = place.library()
    assert [problem.line for problem in library.phrase_problems] == [1]
    assert library.phrases("de").rest == "Pause."
