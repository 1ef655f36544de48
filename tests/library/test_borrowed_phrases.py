"""Where a language lacks phrases, the coach says English ones, and an English voice speaks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.core.compiling import PlainLengths, session
from tests.library.test_phrases import EVERYTHING
from timer_app.core.compiler.compile import CompileContext, compile_session
from timer_app.core.session.phrases import Phrases
from timer_app.library.phrases import PhraseCatalogue

PLANKS: list[dict[str, Any]] = [
    {"name": "Planka", "say": "Håll ryggen rak.", "hold": "20s", "sets": 2},
    {"rest": 20, "say": "Vila nu."},
    {"name": "Sidoplanka", "hold": "20s", "sides": "each"},
    {"name": "Knäböj", "reps": 4, "tempo": "2-2"},
]


def languages(phrases: Phrases, *steps: dict[str, Any], language: str) -> dict[str, str]:
    made = session(*steps, name="Morgonpass", language=language)
    timeline = compile_session(made, CompileContext({}, phrases, PlainLengths(10))).timeline
    return {line.text: line.language for line in timeline.spoken_lines()}


def test_the_coach_s_english_is_spoken_in_english_and_the_author_s_words_in_theirs() -> None:
    spoken = languages(PhraseCatalogue().phrases("sv"), *PLANKS, language="sv")
    swedish = {"Morgonpass.", "Planka.", "Håll ryggen rak.", "Vila nu.", "Sidoplanka.", "Knäböj.", "1", "2", "3"}
    assert {text: spoken[text] for text in swedish} == dict.fromkeys(swedish, "sv")
    assert {text for text, language in spoken.items() if language == "sv"} == swedish | {"4"}
    english = {
        "20 seconds.",
        "Left side first.",
        "Let go slowly.",
        "Right side.",
        "4 times.",
        "lift",
        "The last set is next.",
    }
    assert english | {"Once more.", "Done. That was your session."} <= spoken.keys() - swedish
    assert "Next: Sidoplanka." not in spoken


def test_a_phrase_of_the_user_s_own_is_spoken_in_its_language(tmp_path: Path) -> None:
    (tmp_path / "sv.toml").write_text(
        'language = "sv"\nrelease = "Släpp långsamt."\n[second]\nother = "{count} sekunder"\n'
    )
    spoken = languages(
        PhraseCatalogue(tmp_path).phrases("sv"), *PLANKS, {"name": "Häng", "hold": 40, "heads_up": 20}, language="sv"
    )
    assert spoken["Släpp långsamt."] == spoken["20 sekunder."] == "sv"
    assert spoken["Right side."] == "en"


@pytest.mark.parametrize("language", ["de", "de-AT", "pt-BR", "en-US"])
def test_a_language_with_phrases_speaks_all_of_them_itself(language: str) -> None:
    spoken = languages(PhraseCatalogue().phrases(language), *EVERYTHING, language=language)
    assert set(spoken.values()) == {language}
