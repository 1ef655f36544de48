"""The coach's own words in every language that it speaks, read from `phrases/LANGUAGE.toml` when they are needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from timer_app.core.phrases import Phrases
from timer_app.core.problems import FileFault
from timer_app.files import parse_file

FALLBACK_LANGUAGE = "en"
_FOLDER = Path(__file__).parent / "phrases"


def phrases(language: str) -> Phrases:
    """The coach's words in a language, in its base language (`de` for `de-AT`), or in English.

    Raises:
        FileFault: The installation is damaged.
    """
    for code in (language, _base(language)):
        path = _FOLDER / f"{code.lower()}.toml"
        if path.is_file():
            return _read(path)
    return _read(_FOLDER / f"{FALLBACK_LANGUAGE}.toml")


def speaks(language: str) -> bool:
    """Whether the coach has words of its own in the language."""
    return phrases(language).language == _base(language)


def _base(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


@cache
def _read(path: Path) -> Phrases:
    source = parse_file(path)
    try:
        return Phrases.model_validate(source.data)
    except ValueError:
        raise FileFault.about(str(path), "is damaged", "install the program again") from None
