"""What a stage needs from whoever speaks, and the one who says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.core.player.conductor import CueSink, SilentSink
from timer_app.core.timeline.utterance import SpeechTiming
from timer_app.tts.delivery import SpeechStyle


@dataclass(frozen=True, slots=True)
class SoundOptions:
    """What is to be heard and where.

    Attributes:
        voice: The voice's name.
        style: In which language, how fast and how high it speaks.
        output: The output's name, or `auto` for the best there is.
        volume: 0 to 100.
        music: Files that play below everything else.
        music_volume: How loud, 0 to 100.
        recordings: Files of lines that are played in place of being spoken.
        latency_ms: By how much later than usual a headset is heard.
    """

    voice: str
    style: SpeechStyle
    output: str
    volume: int
    music: tuple[Path, ...] = field(default=(), kw_only=True)
    music_volume: int = field(default=0, kw_only=True)
    recordings: Mapping[str, Path] = field(default_factory=dict, kw_only=True)
    latency_ms: int = 0


class RunSound(Protocol):
    """Has the lines of a session ready, and knows how long they are."""

    def speech(self, text: str) -> SpeechTiming:
        """The measure of a line; an estimate where it is not rendered yet."""

    def prepare(self, texts: Iterable[str]) -> bool:
        """Have lines rendered, the first ones first; whether any is still to be rendered."""

    def ready(self, texts: Iterable[str]) -> bool:
        """Whether nothing has to be waited for before these are said."""

    @property
    def progress(self) -> tuple[int, int]:
        """How many lines are rendered, and how many there are."""

    @property
    def is_heard(self) -> bool:
        """Whether anything can be heard just now."""

    def notices(self) -> list[str]:
        """What the user should know, such as that there is no sound: a list that only grows, a line for each event."""

    def set_volume(self, percent: int) -> None:
        """Make everything louder or quieter."""

    def set_muted(self, muted: bool) -> None:
        """Silence everything for now, or end that."""

    def set_music_level(self, level: float, fade_ms: int, at_ms: float) -> None:
        """Let the music go to a level from 0 to 1 from a moment of the machine's clock on; at 0 it stands still."""

    def close(self) -> None:
        """Stop rendering."""


class SilentSound:
    """For runs without sound: nothing is rendered, and lines last as long as they take to read.

    Args:
        notices: What the user should know.
    """

    is_heard = False

    def __init__(self, *notices: str) -> None:
        self._notices = list(notices)
        self._lengths = EstimatedLengths()

    def speech(self, text: str) -> SpeechTiming:
        """About the time it takes to read."""
        return self._lengths.speech(text)

    def prepare(self, texts: Iterable[str]) -> bool:  # noqa: ARG002 - said for the protocol
        """There is nothing to do."""
        return False

    def ready(self, texts: Iterable[str]) -> bool:  # noqa: ARG002 - said for the protocol
        """Always."""
        return True

    @property
    def progress(self) -> tuple[int, int]:
        """Nothing of nothing."""
        return 0, 0

    def notices(self) -> list[str]:
        """Those given."""
        return self._notices

    def set_volume(self, percent: int) -> None:
        """There is nothing to hear."""

    def set_muted(self, muted: bool) -> None:
        """There is nothing to hear."""

    def set_music_level(self, level: float, fade_ms: int, at_ms: float) -> None:
        """There is nothing to hear."""

    def close(self) -> None:
        """Nothing is held."""


class SoundSystem(NamedTuple):
    """Who speaks, and where cues are heard."""

    sound: RunSound
    sink: CueSink


def silent_sound_system(*notices: str) -> SoundSystem:
    """A desk that makes no sound, and why."""
    return SoundSystem(SilentSound(*notices), SilentSink())
