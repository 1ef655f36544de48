"""What the rules need to know of speech and sounds: how long each lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class SpeechTiming:
    """The measure of a rendered line.

    Attributes:
        length_ms: From the first audible sample to the last.
        beat_ms: Where in it a listener feels the beat: the rise of the first stressed vowel.
    """

    length_ms: int
    beat_ms: int = 0


DEFAULT_RATE = 150  # words a minute
DEFAULT_PITCH = 50


class Manner(NamedTuple):
    """How something is spoken; what is left open is as usual.

    Attributes:
        rate: Words a minute.
        pitch: From 0, low, to 100, high.
        language: A code such as `de`; empty for the usual one.
    """

    rate: int | None = None
    pitch: int | None = None
    language: str = ""

    def over(self, usual: Manner) -> Manner:
        """This manner, with what it leaves open taken from `usual`."""
        return Manner(
            usual.rate if self.rate is None else self.rate,
            usual.pitch if self.pitch is None else self.pitch,
            self.language or usual.language,
        )


DEFAULT_MANNER = Manner()


class LineWithManner(str):
    """A line that is spoken in a manner of its own: the same words in another manner are another line.

    It reads like any text, so only who speaks or measures lines need look for its manner. Made by `in_manner`.
    """

    __slots__ = ("manner",)
    manner: Manner

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True and manner_of(other) == self.manner

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((str.__hash__(self), self.manner))

    def __reduce__(self) -> tuple[Any, ...]:
        return with_manner, (str(self), self.manner)


def with_manner(text: str, manner: Manner) -> str:
    """`text` to be spoken in `manner`, over which a manner that the text has already goes first."""
    wanted = manner_of(text).over(manner)
    if wanted == DEFAULT_MANNER:
        return text
    said = LineWithManner(text)
    said.manner = wanted
    return said


def manner_of(text: object) -> Manner:
    """How a line is to be spoken; as usual for a plain text."""
    return text.manner if isinstance(text, LineWithManner) else DEFAULT_MANNER


def content_key(text: str, from_ms: int = 0) -> str:
    """A plain text that is another one for every other line: the same words in another manner have another key.

    Args:
        text: The line, or the name of a sound.
        from_ms: How much of its start is left out.
    """
    manner = manner_of(text)
    key = str(text) if manner == DEFAULT_MANNER else "\x1f".join([str(text), *map(str, manner)])
    return f"{key}\x1f{from_ms}" if from_ms else key


class Lengths(Protocol):
    """Tells how long lines and sounds last."""

    def speech(self, text: str) -> SpeechTiming:
        """The measure of `text`, spoken in its manner; an estimate where it is not rendered yet."""

    def sound(self, name: str) -> int:
        """The length of a cue sound in milliseconds; 0 for one that is not there."""
