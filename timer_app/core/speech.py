"""What the rules need to know of speech and sounds: how long each lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Spoken:
    """The measure of a rendered line.

    Attributes:
        length_ms: From the first audible sample to the last.
        beat_ms: Where in it a listener feels the beat: the rise of the first stressed vowel.
    """

    length_ms: int
    beat_ms: int = 0


class Lengths(Protocol):
    """Tells how long lines and sounds last."""

    def speech(self, text: str) -> Spoken:
        """The measure of `text`, spoken; an estimate where it is not rendered yet."""

    def sound(self, name: str) -> int:
        """The length of a cue sound in milliseconds; 0 for one that is not there."""


class EstimatedLengths:
    """Lengths guessed from the number of characters, for plans made without a voice.

    The figure is on the long side of what espeak-ng needs at 160 words a minute, so that what is planned fits.
    """

    def __init__(self, ms_per_character: int = 70, sounds: dict[str, int] | None = None) -> None:
        self._ms_per_character = ms_per_character
        self._sounds = sounds or {}

    def speech(self, text: str) -> Spoken:
        """About the time `text` takes to say."""
        return Spoken(length_ms=250 + self._ms_per_character * len(text), beat_ms=60)

    def sound(self, name: str) -> int:
        """The given length of the sound, 0 if none was given."""
        return self._sounds.get(name, 0)
