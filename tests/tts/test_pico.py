from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from timer_app.tts.isolated import IsolatedVoice
from timer_app.tts.voice import LanguageError


@pytest.fixture(scope="module")
def pico() -> Iterator[IsolatedVoice]:
    with closing(IsolatedVoice("pico")) as voice:
        yield voice


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Seite wechseln."),
        ("en-us", "Breathe out slowly."),
        ("es", "Cambia de lado."),
        ("fr", "Changez de côté."),
        ("it", "Cambia lato."),
    ],
)
def test_each_of_its_languages_is_spoken_slower_on_demand(pico: IsolatedVoice, language: str, text: str) -> None:
    usual, slow = (pico.render(text, language, wpm).length_ms for wpm in (150, 100))
    assert 500 < usual < 3_000
    assert slow > 1.2 * usual


def test_what_looks_like_its_markup_is_not_obeyed(pico: IsolatedVoice) -> None:
    marked = pico.render('<speed level="20">Langsam tiefer gehen.</speed>', "de", 150)
    assert marked.length_ms == pico.render("Langsam tiefer gehen.", "de", 150).length_ms


def test_another_language_is_refused(pico: IsolatedVoice) -> None:
    with pytest.raises(LanguageError, match='the pico voice does not speak "sv"'):
        pico.render("Byt sida.", "sv", 150)
