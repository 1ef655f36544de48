"""Estimates how long lines take to say, before they are rendered."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from timer_app.core.timeline.utterance import DEFAULT_RATE, SpeechTiming, manner_of

_START_MS = 250
_BEAT_MS = 60
_MS_PER_CHARACTER = 75
_REFERENCE_WPM = 150
# What the bundled voice takes on the average; measured over the lines of the shipped sessions, in both their languages.
_LIKELY_START_MS = 100
_LIKELY_MS_PER_CHARACTER = 59
_LIKELY_DIGIT_LESS = 4.5  # most numbers that are counted are words of a syllable or two
_UNHEARD_ENDS = ".!?。！？ "  # noqa: RUF001 - the full-width marks of Chinese and Japanese
# How many plain letters a mark takes as long as.
_MARKS = {
    **dict.fromkeys(".!?:;。！？", 6.0),  # noqa: RUF001 - the full-width marks of Chinese and Japanese
    **dict.fromkeys(",、，", 4.0),  # noqa: RUF001 - the full-width marks of Chinese and Japanese
    **dict.fromkeys("'\"()-–—…", 1.0),  # noqa: RUF001 - the dashes that authors type
}
_DIGIT = 9.5
_KANA = 2.5
_SYLLABLE = 5.0
_SIGN = 12.0  # read by its name


@lru_cache(maxsize=4_096)
def _weight(character: str) -> float:
    if character in _MARKS:
        return _MARKS[character]
    if character.isdigit():
        return _DIGIT
    if "\u3040" <= character <= "\u30ff":
        return _KANA
    if unicodedata.east_asian_width(character) in "WF":
        return _SYLLABLE
    return 1.0 if character.isalpha() or character.isspace() else _SIGN


def _capitals(text: str) -> int:
    """Letters in words of capitals, which are spelled one by one."""
    return sum(len(word) for word in text.split() if len(word) > 1 and word.isupper())


def estimate_upper(text: str, wpm: int) -> SpeechTiming:
    """About the time `text` takes, on the long side, so that what is planned with it fits.

    Args:
        text: The line.
        wpm: Words a minute, above 0.
    """
    if text.isdecimal():
        # A counted number has its place; one that were thought too long for it would never be said, nor measured.
        return estimate_likely(text, wpm)
    length_ms = (_START_MS + _letters(text) * _MS_PER_CHARACTER) * _REFERENCE_WPM / wpm
    return SpeechTiming(length_ms=round(length_ms), beat_ms=_BEAT_MS)


def estimate_likely(text: str, wpm: int) -> SpeechTiming:
    """The time that `text` most likely takes: shorter or longer in single lines, right over a whole session.

    Args:
        text: The line.
        wpm: Words a minute, above 0.
    """
    # The pause that ends a sentence is no part of a line that ends with it.
    letters = _letters(text.rstrip(_UNHEARD_ENDS)) - _LIKELY_DIGIT_LESS * sum(map(str.isdigit, text))
    length_ms = (_LIKELY_START_MS + letters * _LIKELY_MS_PER_CHARACTER) * _REFERENCE_WPM / wpm
    return SpeechTiming(length_ms=round(length_ms), beat_ms=_BEAT_MS)


def _letters(text: str) -> float:
    """How many plain letters a text takes as long as."""
    return sum(map(_weight, text)) + 4 * _capitals(text)


class EstimatedLengths:
    """Lengths guessed from the text, the same ones for lists of sessions and for runs without a voice.

    Args:
        sounds: Tells the length of a sound by its name.
    """

    def __init__(self, sounds: Callable[[str], int] | None = None) -> None:
        self._sounds = sounds

    def speech(self, text: str) -> SpeechTiming:
        """About the time `text` takes to say."""
        return estimate_likely(text, manner_of(text).rate or DEFAULT_RATE)

    def sound(self, name: str) -> int:
        """The length of the sound, 0 where nobody knows."""
        return self._sounds(name) if self._sounds else 0
