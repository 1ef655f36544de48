"""Estimates how long lines take to say, before they are rendered."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from timer_app.core.timeline.utterance import SpeechTiming, Utterance, usual_rate

_START_MS = 250
_BEAT_MS = 60
_MS_PER_CHARACTER = 75
# What the bundled voice takes on the average; measured over the lines of the shipped sessions, in both their languages.
_LIKELY_START_MS = 100
_LIKELY_MS_PER_CHARACTER = 59
_LIKELY_DIGIT_LESS = 4.5  # most numbers that are counted are words of a syllable or two
_UNHEARD_ENDS = ".!?。！？ "
# How many plain letters a mark takes as long as.
_MARKS = {
    **dict.fromkeys(".!?:;。！？", 6.0),
    **dict.fromkeys(",、，", 4.0),
    **dict.fromkeys("'\"()-–—…", 1.0),
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


def estimate_upper(line: Utterance) -> SpeechTiming:
    """About the time `line` takes, on the long side, so that what is planned with it fits."""
    if not line.text:
        return SpeechTiming(length_ms=0)
    if line.text.isdecimal():
        # A counted number has a fixed time; if it were estimated too long for that, it would never be said or measured.
        return estimate_likely(line)
    length_ms = (_START_MS + _letters(line.text) * _MS_PER_CHARACTER) * _slowness(line)
    return SpeechTiming(length_ms=round(length_ms), beat_ms=_BEAT_MS)


def estimate_likely(line: Utterance) -> SpeechTiming:
    """The time that `line` most likely takes: too short or too long for single lines, right over a whole session."""
    # The pause that ends a sentence is no part of a line that ends with it.
    letters = _letters(line.text.rstrip(_UNHEARD_ENDS)) - _LIKELY_DIGIT_LESS * sum(map(str.isdigit, line.text))
    milliseconds = _LIKELY_START_MS + letters * _LIKELY_MS_PER_CHARACTER
    return SpeechTiming(length_ms=round(milliseconds * _slowness(line)), beat_ms=_BEAT_MS)


def _slowness(line: Utterance) -> float:
    """How many times as long a line takes as at the usual rate."""
    return usual_rate(line.language) / line.effective_rate


def _letters(text: str) -> float:
    """How many plain letters a text takes as long as."""
    return sum(map(_weight, text)) + 4 * _capitals(text)


@lru_cache(
    maxsize=8_192
)  # the same lines in many sessions, and the same line for its limits, its place and its warnings
def _estimate(line: Utterance) -> SpeechTiming:
    spoken = line.in_words()
    return estimate_likely(spoken) if spoken.text else SpeechTiming(length_ms=0)


class EstimatedLengths:
    """Lengths guessed from the text, the same ones for lists of sessions and for runs without a voice.

    Args:
        sounds: Tells the length of a sound by its name.
    """

    def __init__(self, sounds: Callable[[str], int] | None = None) -> None:
        self._sounds = sounds

    def speech(self, line: Utterance, /) -> SpeechTiming:
        """About the time `line` takes to say."""
        return _estimate(line)

    def sound(self, name: str, /) -> int:
        """The length of the sound, 0 where nobody knows."""
        return self._sounds(name) if self._sounds else 0
