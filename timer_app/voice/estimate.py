"""How long a line will about take to say, before it is rendered."""

from __future__ import annotations

import unicodedata

from timer_app.core.speech import Spoken

_START_MS = 250
_BEAT_MS = 60
_MS_PER_CHARACTER = 75
_REFERENCE_WPM = 150
_SENTENCE_ENDS = ".!?:;。！？"  # noqa: RUF001 - the full-width marks of Chinese and Japanese
_COMMAS = ",、，"  # noqa: RUF001 - the full-width marks of Chinese and Japanese
_SILENT = "'\"()-–—…"  # noqa: RUF001 - the dashes that authors type


def _weight(character: str) -> float:
    """How many plain letters it takes as long as."""
    if character in _SENTENCE_ENDS:
        return 6
    if character in _COMMAS:
        return 3
    if character in _SILENT:
        return 1
    if character.isdigit():
        return 8
    if unicodedata.east_asian_width(character) in "WF":
        return 5  # a whole syllable
    return 1 if character.isalpha() or character.isspace() else 12  # a sign is read by its name


def _capitals(text: str) -> int:
    """Letters in words of capitals, which are spelled one by one."""
    return sum(len(word) for word in text.split() if len(word) > 1 and word.isupper())


def estimate(text: str, wpm: int) -> Spoken:
    """About the time `text` takes, on the long side, so that what is planned with it fits.

    Args:
        text: The line.
        wpm: Words a minute, above 0.
    """
    letters = sum(map(_weight, text)) + 4 * _capitals(text)
    length_ms = _START_MS + letters * _MS_PER_CHARACTER * _REFERENCE_WPM / wpm
    return Spoken(length_ms=round(length_ms), beat_ms=_BEAT_MS)
