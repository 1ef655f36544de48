"""The protocol of a voice, the speech that it returns, and the voice that says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from timer_app.core.timeline.utterance import DEFAULT_PITCH, SpeechTiming
from timer_app.tts.names import LanguageError, VoiceError, VoiceGoneError

__all__ = [
    "Language",
    "LanguageError",
    "Samples",
    "SilentVoice",
    "Speech",
    "Voice",
    "VoiceError",
    "VoiceGoneError",
    "lines_at_once",
    "silence",
]

Samples = NDArray[np.float32]


class Language(NamedTuple):
    """A language that a voice speaks, such as `("en-gb", "English (Great Britain)")`."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A rendered line, trimmed of silence at both ends.

    Attributes:
        samples: Mono, float32, within -1..1; read-only, so that threads may share it.
        rate: Samples a second, in Hz.
        beat_ms: Where a listener feels the beat, counted from the first sample.
    """

    samples: Samples
    rate: int
    beat_ms: int = 0

    def __post_init__(self) -> None:
        self.samples.setflags(write=False)

    @property
    def length_ms(self) -> int:
        """How long it sounds, rounded up."""
        return -(-len(self.samples) * 1000 // self.rate)

    @property
    def timing(self) -> SpeechTiming:
        """Its length and beat, which the compiler needs."""
        return SpeechTiming(length_ms=self.length_ms, beat_ms=self.beat_ms)


def silence(rate: int = 22_050) -> Speech:
    """A line in which nothing is heard."""
    return Speech(np.zeros(0, dtype=np.float32), rate)


class Voice(Protocol):
    """Turns text into samples."""

    @property
    def name(self) -> str:
        """The name it is chosen by."""

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different; part of the cache's key."""

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:
        """Speak `text`.

        Args:
            text: Plain text; markup in it is spoken as it stands.
            language: A code such as `en`, `en-gb` or `pt_BR`.
            wpm: Words a minute; a voice takes the nearest rate it can.
            pitch: From 0, low, to 100, high; a voice that has only one takes no notice.

        Raises:
            LanguageError: The voice does not speak the language; it is not asked for that language again.
            VoiceGoneError: The voice has ended; it is opened anew for the next line.
            VoiceError: The voice cannot speak this line.
        """

    def languages(self) -> list[Language]:
        """The languages it speaks, ordered by code; empty if that is not known."""

    def close(self) -> None:
        """Release everything; may be called from another thread, and makes a running `render` end soon."""


def lines_at_once(voice: Voice) -> int:
    """How many threads may render with a voice at once: its attribute of that name, or one."""
    return int(getattr(voice, "lines_at_once", 1))


class SilentVoice:
    """Renders every line as nothing, in every language."""

    name = "none"
    version = "1"

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:  # noqa: ARG002 - the protocol's signature
        return silence()

    def languages(self) -> list[Language]:
        """None: silence is understood everywhere."""
        return []

    def close(self) -> None:
        """Nothing to release."""
