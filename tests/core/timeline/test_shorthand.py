"""What a voice would misread is expanded before it is spoken, in the language of the line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.timeline.shorthand import expand_shorthand

LANGUAGES = st.sampled_from(["en", "en-GB", "de", "fr", "es", "it", "pt-BR", "nl", "pl", "sv", "ja"])
# Pieces from which any shorthand can be put together, and much that only looks like it.
PIECES = [
    *"xLRsM310-:/.,×→½🔥",
    "1/2",
    "kg",
    "min",
    "w/",
    "->",
    "<-",
    "👍🏽",
    "e.g.",
    "z.B.",
    "T-spine",
    "your",
    "Row",
    "Übung",
]
PIECES += [" ", "\u2013", "\u200d", "\ufe0f", "\u20e3"]
WRITTEN = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
LETTERS = st.characters(categories=["Ll"], max_codepoint=0x17F) | st.sampled_from("\u06a9\u062a\u0627\u0628")
ORDINARY = st.lists(st.text(LETTERS, min_size=5, max_size=9), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("en", "Row w/ band, 3x10, 20 kg.", "Row with band, 3 times 10, 20 kilograms."),
        ("en", "5-8 reps, hold 30 s, 1/2 range", "5 to 8 reps, hold 30 seconds, half range"),
        ("en", "2-3×10-12 w/20kg w/o belt", "2 to 3 times 10 to 12 with 20 kilograms without belt"),
        ("en", "1 kg, 30s, 1:30 min, 1:00 min, 20s–30s", "1 kilogram, 30 seconds, 1 minute 30 seconds, 1 minute, 20 seconds to 30 seconds"),  # noqa: E501
        ("en", "L → R, R->L. Squat → press", "left to right, right to left. Squat, press"),
        ("en", "E.g. the T-spine, i.e. 1½ turns", "for example the thoracic spine, that is 1 and a half turns"),
        ("en", "Plank 🔥🔥. 3️⃣ rounds 👩🏽‍🦰!", "Plank. 3 rounds!"),
        ("de", "3x10 z.B. mit 20kg, ca. 30s", "3 mal 10 zum Beispiel mit 20 Kilo, zirka 30 Sekunden"),
        ("de-AT", "5-8 Wdh., 1 min, 3/4, L → R", "5 bis 8 Wiederholungen, 1 Minute, drei Viertel, links nach rechts"),
        ("fr", "3x10, 20 kg", "3 fois 10, 20 kilos"),
        ("sv", "Planka 🔥 → 3x10", "Planka, 3x10"),
        ("en", "Repeaters 7/3, circuit 40/20, 30/30, 5/3/1, 24/7", "Repeaters 7 3, circuit 40 20, 30 30, 5 3 1, 24 7"),
        ("en", "The 90-90 stretch, a 4-7-8 breath, 2-3-2-2-3+", "The 90 90 stretch, a 4 7 8 breath, 2 3 2 2 3+"),
        ("en", "Tempo 4-2-1-0, then 3x7/3 and 40/20s", "Tempo 4 2 1 0, then 3 times 7 3 and 40 20 seconds"),
        ("sv", "4-7-8 i 20/10", "4 7 8 i 20 10"),
        ("en", "🔥", ""),
        ("en", "→", ""),
    ],
)  # fmt: skip
def test_shorthand_is_expanded_in_the_language_of_the_line(language: str, written: str, spoken: str) -> None:
    assert expand_shorthand(written, language) == spoken


@pytest.mark.parametrize(
    "written",
    [
        "Tempo 30X0, pain 3/10, one 1/8, 120/180, a 4-2-1st, 10-8",
        "In your 30s, since the 1980s, on 2024-05-06, 06-05-24, 1/2/2024 or 1/2/24",
        "Walk 5 m at 8 km/h, vertebrae C5-C6, at 1:30, half-way, -10, a 6-pack",
        "Follow the matrix, with ease. MRI, LR, mins",
        "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627",  # a joiner is a letter
        "...",
    ],
)
def test_what_only_looks_like_shorthand_or_could_mean_two_things_stays(written: str) -> None:
    assert expand_shorthand(written, "en") == written


@given(WRITTEN, LANGUAGES)
def test_what_is_expanded_is_not_expanded_again(written: str, language: str) -> None:
    spoken = expand_shorthand(written, language)
    assert expand_shorthand(spoken, language) == spoken


@given(ORDINARY, st.lists(WRITTEN, min_size=8, max_size=8), LANGUAGES)
def test_no_letter_of_an_ordinary_word_is_lost(words: list[str], between: list[str], language: str) -> None:
    text = "".join(f"{word} {shorthand} " for word, shorthand in zip(words, between, strict=False))
    spoken = iter(re.findall(r"\w+", expand_shorthand(text, language)))
    assert all(word in spoken for word in words)  # each found behind the one before


@given(ORDINARY, st.sampled_from([" ", ", ", ". ", " – ", "-", "' "]), LANGUAGES)
def test_text_without_shorthand_is_unchanged(words: list[str], between: str, language: str) -> None:
    text = between.join(words) + "."
    assert expand_shorthand(text, language) == text
