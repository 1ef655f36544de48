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
