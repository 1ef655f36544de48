"""The bundled voice reads the coach's words in their own language, by the phonemes that it would speak."""

from __future__ import annotations

import ctypes
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from timer_app.core.wording.languages import best_match
from timer_app.library import phrases as phrase_book
from timer_app.tts.espeak import EspeakVoice

FILES = sorted(Path(phrase_book.__file__).parents[1].glob("phrases/*.toml"))
_IPA = 2
_UTF8 = 1
SEVEN = {
    "de": "sieben",
    "en": "seven",
    "es": "siete",
    "fr": "sept",
    "it": "sette",
    "nl": "zeven",
    "pl": "siedem",
    "pt": "sete",
    "zh": "七",
}


def _phonemes(text: str, language: str) -> str:
    voice = EspeakVoice()
    code = best_match(language, voice._by_code)
    assert code is not None
    library = voice._engine._library
    speak = library.espeak_TextToPhonemes
    speak.restype, speak.argtypes = ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    with voice._engine._lock:
        voice._engine._choose(voice._by_code[code].identifier)
        rest, clauses = ctypes.c_char_p(text.encode()), []
        while rest.value is not None:
            clauses.append(speak(ctypes.byref(rest), _UTF8, _IPA) or b"")
    return b" ".join(clauses).decode()


def _spoken(words: dict[str, Any]) -> list[str]:
    """Every text that is said, numbers in the place of its placeholders; labels are only shown."""
    unspoken = {"language", "breath_words"}
    texts = [text for key, text in words.items() if not key.startswith("label_") and key not in unspoken]
    parts = [text.values() if isinstance(text, dict) else text for text in texts]
    flat = [one for part in parts for one in ([part] if isinstance(part, str) else part)]
    return [re.sub(r"{\w+}", "2", text) for text in [*flat, words["label_pain"]]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_word_falls_back_to_another_language_or_to_the_name_of_a_character(path: Path) -> None:
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    numbers = [str(number) for number in (*range(1, 61), 90, 120, 300)]
    read = {text: _phonemes(text, path.stem) for text in [*_spoken(words), *numbers]}
    # A change of language is written as its code in brackets, such as "(en)".
    assert {text: heard for text, heard in read.items() if "(" in heard or not heard.strip()} == {}


@pytest.mark.parametrize(("language", "word"), SEVEN.items())
def test_a_number_is_read_as_the_word_of_the_language(language: str, word: str) -> None:
    assert _phonemes("7", language).strip() == _phonemes(word, language).strip()
