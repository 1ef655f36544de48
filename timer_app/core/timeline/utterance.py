"""A line as it is spoken: the one form in which it goes from the compiler to the cache and the mixer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

DEFAULT_LANGUAGE = "en"
# Words a minute where nobody sets a rate, measured over the lines of the shipped sessions, each without the silence at
# its ends: the bundled espeak-ng takes 172 in English and 150 in German, the neural voice for English 178.
_USUAL_RATES = {"en": 175}
_USUAL_RATE = 150
DEFAULT_PITCH = 50


@dataclass(frozen=True, slots=True)
class SpeechTiming:
    """How long a rendered line lasts.

    Attributes:
        length_ms: From the first audible sample to the last.
        beat_ms: Where in it a listener feels the beat: the rise of the first stressed vowel.
    """

    length_ms: int
    beat_ms: int = 0


def usual_rate(language: str) -> int:
    """Words a minute in a language where nobody sets a rate: the pace at which the voices speak best."""
    return _USUAL_RATES.get(language[:2].lower(), _USUAL_RATE)


class Manner(NamedTuple):
    """How lines are spoken, as a session, a step or the run's options set it; `None` and "" leave it to others.

    Attributes:
        rate: Words a minute.
        pitch: From 0, low, to 100, high.
        language: A code such as `de`.
    """

    rate: int | None = None
    pitch: int | None = None
    language: str = ""

    def over(self, usual: Manner) -> Manner:
        """This manner, with what it leaves open taken from `usual`."""
        if self == DEFAULT_MANNER:
            return usual
        return Manner(
            usual.rate if self.rate is None else self.rate,
            usual.pitch if self.pitch is None else self.pitch,
            self.language or usual.language,
        )


DEFAULT_MANNER = Manner()


class Utterance(NamedTuple):
    """A line, and how it is spoken.

    The compiler makes it from what the session says. What that leaves open is filled in from the run's options when
    the line is rendered, see `SpeechStyle.apply`.

    Attributes:
        text: The words.
        language: A code such as `de`.
        rate: Words a minute; `None` for the run's usual rate.
        pitch: From 0, low, to 100, high; `None` for the run's usual pitch.
    """

    text: str
    language: str = DEFAULT_LANGUAGE
    rate: int | None = None
    pitch: int | None = None

    @classmethod
    def in_manner(cls, text: str, manner: Manner) -> Utterance:
        """`text` spoken in `manner`."""
        return cls(text, manner.language or DEFAULT_LANGUAGE, manner.rate, manner.pitch)

    def in_words(self) -> Utterance:
        """The line with its shorthand in words, as it is spoken; its text is empty if it says nothing."""
        from timer_app.core.timeline.shorthand import expand_shorthand  # the first screen says nothing

        return self._replace(text=expand_shorthand(self.text, self.language))

    @property
    def manner(self) -> Manner:
        """How it is spoken."""
        return Manner(self.rate, self.pitch, self.language)

    @property
    def effective_rate(self) -> int:
        """The rate at which it is spoken if nothing more is said about it."""
        return usual_rate(self.language) if self.rate is None else self.rate

    @property
    def effective_pitch(self) -> int:
        """The pitch at which it is spoken if nothing more is said about it."""
        return DEFAULT_PITCH if self.pitch is None else self.pitch


class Lengths(Protocol):
    """Knows how long lines and sounds last."""

    def speech(self, line: Utterance, /) -> SpeechTiming:
        """How long `line` lasts; an estimate where it is not rendered yet."""

    def sound(self, name: str, /) -> int:
        """The length of a cue sound in milliseconds; 0 for one that does not exist."""


class KnownLengths(NamedTuple):
    """`Lengths` put together from two functions."""

    speech: Callable[[Utterance], SpeechTiming]
    sound: Callable[[str], int]
