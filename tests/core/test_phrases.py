"""The coach's own words: every language says the same things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from timer_app import phrase_book
from timer_app.core.phrases import Phrases

LANGUAGES = sorted(path.stem for path in Path(phrase_book.__file__).parent.glob("phrases/*.toml"))


def _placeholders(phrases: Phrases) -> dict[str, set[str]]:
    texts = {**phrases.model_dump(exclude={"sides", "tempo", "time"}), **phrases.time.model_dump()}
    return {key: set(re.findall(r"{(\w+)}", text)) for key, text in texts.items()}


def test_english_and_german_are_spoken() -> None:
    assert LANGUAGES == ["de", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_fills_in_only_what_the_coach_gives_it(language: str) -> None:
    phrases = phrase_book.phrases(language)
    assert phrases.language == language
    known, english = _placeholders(phrases), _placeholders(phrase_book.phrases("en"))
    assert {key: found - english[key] for key, found in known.items() if not key.startswith("one_")} == {
        key: set() for key in english if not key.startswith("one_")
    }


@pytest.mark.parametrize(
    ("length_ms", "english", "german"),
    [
        (1_000, "1 second", "eine Sekunde"),
        (30_000, "30 seconds", "30 Sekunden"),
        (60_000, "1 minute", "eine Minute"),
        (75_000, "75 seconds", "75 Sekunden"),
        (90_000, "1 minute 30 seconds", "eine Minute 30 Sekunden"),
        (180_000, "3 minutes", "3 Minuten"),
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(length_ms: int, english: str, german: str) -> None:
    assert [phrase_book.phrases(language).duration(length_ms) for language in ("en", "de")] == [english, german]


def test_left_and_right_are_translated_and_names_of_an_author_s_own_are_kept() -> None:
    german = phrase_book.phrases("de")
    assert [german.side(side) for side in ("left", "right", "forward", "{{x}}", None)] == [
        "links",
        "rechts",
        "forward",
        "{x}",
        None,
    ]


@pytest.mark.parametrize(
    ("parts", "words"),
    [(2, ("lift", "lower")), (3, ("lift", "hold", "lower")), (4, ("lift", "hold", "lower", "pause"))],
)
def test_a_tempo_in_numbers_has_words(parts: int, words: tuple[str, ...]) -> None:
    assert phrase_book.phrases("en").tempo.for_parts(parts) == words
