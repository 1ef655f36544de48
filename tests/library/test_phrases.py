"""The coach's own words: every language says the same things, in the plural forms that it has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.core.compiling import exercises, plan, said, session
from timer_app.core.compiler.compile import compile_session
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.phrases import Counted, Phrases
from timer_app.core.timeline.model import Timeline
from timer_app.library import phrases as phrase_book

FILES = sorted(Path(phrase_book.__file__).parents[1].glob("phrases/*.toml"))
LANGUAGES = [path.stem for path in FILES]
EVERYTHING: list[dict[str, Any]] = [
    {"measure": "pain"},
    {"name": "Hold", "hold": 75, "sides": "each", "sets": 3, "rest": 20},
    {"name": "Reps", "reps": 5, "tempo": "1-1-1-1"},
    {"name": "Own reps", "reps": 2, "tempo": "free"},
    {"name": "Flow", "flow": [{"name": "A", "for": 3}], "rounds": 22, "sides": ["forward", "backward"]},
    {"rest": 95},
    {"steps": [{"name": "Long", "hold": 60, "overrun": True}], "rounds": 3, "rest": 20},
    {"measure": "reach", "sides": "each"},
    {"wait": "Wait."},
    {"say": "Say."},
]


def _words(language: str) -> dict[str, Any]:
    path = next(path for path in FILES if path.stem == language)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _placeholders(words: object) -> set[str]:
    texts = words.values() if isinstance(words, dict) else [words]
    return {name for text in texts for name in re.findall(r"{(\w+)}", str(text))}


def _timeline(language: str, seed: int = 0) -> Timeline:
    made = session(*EVERYTHING, language=language)
    return compile_session(made, plan(language=language, seed=seed)).timeline


def test_ten_languages_are_spoken() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_phrase_with_the_placeholders_of_the_english_one(language: str) -> None:
    words, english = _words(language), _words("en")
    assert words["language"] == language
    assert words.keys() == english.keys() == Phrases.model_fields.keys()
    found = {key: _placeholders(text) for key, text in words.items()}
    assert found == {key: _placeholders(text) for key, text in english.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_plural_forms_that_its_whole_numbers_take(language: str) -> None:
    rule = Locale.parse(language).plural_form
    taken = {rule(number) for number in range(10_001)}
    counted = {key: text for key, text in _words(language).items() if Phrases.model_fields[key].annotation is Counted}
    assert len(counted) >= 5
    assert {key: set(forms) for key, forms in counted.items()} == dict.fromkeys(counted, taken | {"other"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_session_compiles_in_a_language_and_its_phases_are_those_of_the_english_one(language: str) -> None:
    made, english = _timeline(language), _timeline("en")
    assert [(phase.kind, phase.set, phase.rep) for phase in made.phases] == [
        (phase.kind, phase.set, phase.rep) for phase in english.phases
    ]
    assert not any("{" in line or "  " in line for phase in made.phases for line in (*said(phase), phase.label))
    lengths = [phase.duration_ms for phase in made.phases if phase.kind == "work"]
    assert lengths == [phase.duration_ms for phase in english.phases if phase.kind == "work"]


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_nothing_of_the_english_coach_is_left_in_another_language(language: str) -> None:
    words, english = _words(language), _words("en")
    same = {key for key in words if words[key] == english[key] and re.search(r"[^\W{}](?![^{]*})", str(words[key]))}
    assert same <= {"minutes_and_seconds", "minute"}


@pytest.mark.parametrize(
    ("language", "said_of"),
    [
        ("en", ("1 second", "30 seconds", "1 minute", "75 seconds", "1 minute 30 seconds", "3 minutes")),
        ("de", ("eine Sekunde", "30 Sekunden", "eine Minute", "75 Sekunden", "eine Minute 30 Sekunden", "3 Minuten")),
        ("pl", ("jedną sekundę", "30 sekund", "jedną minutę", "75 sekund", "jedną minutę i 30 sekund", "3 minuty")),
        ("fr", ("1 seconde", "30 secondes", "1 minute", "75 secondes", "1 minute et 30 secondes", "3 minutes")),
        ("zh", ("1秒", "30秒", "1分钟", "75秒", "1分钟30秒", "3分钟")),
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(language: str, said_of: tuple[str, ...]) -> None:
    phrases = phrase_book.phrases(language)
    lengths_ms = (1_000, 30_000, 60_000, 75_000, 90_000, 180_000)
    assert tuple(phrases.duration(length_ms) for length_ms in lengths_ms) == said_of


def test_a_number_takes_the_plural_form_of_its_language() -> None:
    polish = phrase_book.phrases("pl")
    assert [polish.plural_text(polish.rounds_of, number) for number in (1, 2, 5, 12, 22, 25)] == [
        "Jedna runda.",
        "2 rundy.",
        "5 rund.",
        "12 rund.",
        "22 rundy.",
        "25 rund.",
    ]


@given(st.sampled_from(LANGUAGES), st.integers(1, 100_000_000))
def test_any_time_and_number_is_said_with_all_its_figures_and_no_placeholder(language: str, number: int) -> None:
    phrases = phrase_book.phrases(language)
    assert "{" not in phrases.duration(number)
    assert number == 1 or str(number) in phrases.plural_text(phrases.reps_of, number)


@pytest.mark.parametrize(("region", "language"), [("de-AT", "de"), ("pt-BR", "pt"), ("ZH-hant", "zh"), ("sv", "en")])
def test_a_region_speaks_its_language_and_a_strange_one_english(region: str, language: str) -> None:
    assert phrase_book.phrases(region).model_dump() == phrase_book.phrases(language).model_dump()


def test_plural_rules_of_a_language_that_nobody_knows_are_the_english_ones() -> None:
    assert [phrase_book.plural_rule("qqx")(number) for number in (0, 1, 2)] == ["other", "one", "other"]


def test_left_and_right_are_translated_and_names_of_an_author_s_own_are_kept() -> None:
    german = phrase_book.phrases("de")
    assert [german.side_name(side) for side in ("left", "right", "forward", "{{x}}", None)] == [
        "links",
        "rechts",
        "forward",
        "{x}",
        None,
    ]


def test_left_and_right_have_whole_sentences_and_other_sides_are_filled_in() -> None:
    polish = phrase_book.phrases("pl")
    sides = [polish.side_name(side) for side in ("left", "right", "forward")]
    assert [polish.side_sentence(polish.side_first, side) for side in sides] == [
        "Najpierw lewa strona.",
        "Najpierw prawa strona.",
        "Najpierw: forward.",
    ]


def test_the_coach_asks_and_names_pain_in_the_language_of_the_session() -> None:
    found: dict[str, Exercise] = exercises(squat={"name": "Kniebeuge", "say": "Tief.", "hold": 20})
    made = session({"rest": 20}, {"measure": "pain"}, {"exercise": "squat"}, language="de", catalogue=found)
    timeline = compile_session(made, plan(language="de", catalogue=found)).timeline
    assert "Als Nächstes: Schmerz." in said(timeline.phases[1])
    assert timeline.phases[2].label == "Schmerz"


@pytest.mark.parametrize(
    ("parts", "words"),
    [(2, ("lift", "lower")), (3, ("lift", "hold", "lower")), (4, ("lift", "hold", "lower", "pause"))],
)
def test_a_tempo_in_numbers_has_words(parts: int, words: tuple[str, ...]) -> None:
    assert phrase_book.phrases("en").tempo.for_parts(parts) == words


@pytest.mark.parametrize(
    ("key", "text"), [("rest", "Rest, {name}."), ("next_is", "{side}"), ("second", {"other": "{seconds} s"})]
)
def test_a_phrase_with_a_placeholder_that_the_coach_does_not_fill_is_refused(key: str, text: object) -> None:
    with pytest.raises(ValidationError, match="unknown placeholder"):
        Phrases.model_validate({**_words("en"), key: text})
