"""What a live run needs from its sound system, what a session asks of it, and a sound system that is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from timer_app.core.compiler import EstimatedLengths
from timer_app.core.player import CueSink, SilentSink
from timer_app.core.timeline import CueContent
from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.tts import SpeechStyle

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.library import Library
    from timer_app.run.options import RunOptions

FindSound = Callable[[str], Path | None]


@dataclass(frozen=True, slots=True)
class SoundOptions:
    """What is heard, and where.

    Attributes:
        voice: The voice's name.
        style: In which language, how fast and how high it speaks.
        output: The output's name, or `auto` for the best there is.
        volume: 0 to 100.
        music: Files that play in the background.
        music_volume: How loud, 0 to 100.
        recordings: Recorded lines, by their text; they are played instead of being spoken.
        theme: The set of cue sounds.
        sounds: Files that replace single cue sounds, by the name of the sound.
        latency_ms: Extra delay of the output, such as a wireless headset.
    """

    voice: str
    style: SpeechStyle
    output: str
    volume: int
    music: tuple[Path, ...] = field(default=(), kw_only=True)
    music_volume: int = field(default=0, kw_only=True)
    recordings: Mapping[str, Path] = field(default_factory=dict, kw_only=True)
    theme: str = field(default="", kw_only=True)
    sounds: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    latency_ms: int = 0


class SessionSound(NamedTuple):
    """What a session is to sound like.

    Attributes:
        choice: Who speaks and what plays.
        find_sound: Gives the file of a cue sound.
        length_ms: How long a cue sound is.
    """

    choice: SoundOptions
    find_sound: FindSound
    length_ms: Callable[[str], int]


def session_sound(session: Session, options: RunOptions, library: Library, folder: Path | None) -> SessionSound:
    """What a session is to sound like.

    Args:
        session: The session.
        options: How it is run.
        library: Where sounds, music and recordings come from.
        folder: That of the session's file, which may have sounds of its own.
    """
    resolved, media = options.resolved(session), library.media(session, folder)
    theme, own_sounds = resolved.sound_theme, resolved.sounds
    choice = SoundOptions(
        resolved.voice,
        resolved.style,
        options.output,
        options.volume,
        options.latency_ms,
        music=tuple(media.music),
        music_volume=session.sound.music_volume,
        recordings=media.recordings,
        theme=theme,
        sounds=own_sounds,
    )

    def find_sound(sound: str) -> Path | None:
        return library.find_sound(sound, theme, folder, own_sounds)

    return SessionSound(choice, find_sound, library.sound_lengths(theme, folder, own_sounds))


class SoundChange(Protocol):
    """Other sound for a run that goes on; exactly one of both is called."""

    def take_over(self) -> None:
        """Let it be heard from now on."""

    def drop(self) -> None:
        """Give back what was opened for it."""


class RunSound(Protocol):
    """Renders the lines of a session, and knows how long they are."""

    def speech(self, line: Utterance, /) -> SpeechTiming:
        """The length of a line; an estimate until it is rendered."""

    def prepare(self, lines: Iterable[Utterance]) -> bool:
        """Render lines in the background, in order; returns whether any is still to be rendered."""

    def ready(self, lines: Iterable[Utterance]) -> bool:
        """Whether these lines can be spoken now."""

    def preload(self, cues: Iterable[CueContent]) -> None:
        """Have the sound of cues at hand that are soon to be heard; lines must be ready."""

    @property
    def progress(self) -> tuple[int, int]:
        """How many lines are rendered, and how many there are."""

    @property
    def is_heard(self) -> bool:
        """Whether anything can be heard now."""

    def notices(self) -> list[str]:
        """What the user should know, such as that there is no sound: one line for each event, never removed."""

    def set_volume(self, percent: int) -> None:
        """Make everything louder or quieter."""

    def set_muted(self, muted: bool) -> None:
        """Silence everything for now, or end that."""

    def set_music_level(self, level: float, fade_ms: int, at_ms: float) -> None:
        """Fade the music to a level from 0 to 1, starting at a moment of the machine's clock; at 0 it pauses."""

    def prepare_change(self, choice: SoundOptions, find_sound: FindSound) -> SoundChange | None:
        """Open what is needed to sound otherwise; it may be called in a thread, and take some seconds.

        Args:
            choice: What is to be heard; the output and its volume stay as they are.
            find_sound: Gives the file of a cue sound.

        Returns:
            The change, or `None` where it would sound the same.
        """

    def close(self) -> None:
        """Stop rendering."""


class SilentSound:
    """For runs without sound: nothing is rendered, and a line takes as long as it takes to read.

    Args:
        notices: What the user should know.
    """

    is_heard = False

    def __init__(self, *notices: str) -> None:
        self._notices = list(notices)
        self._lengths = EstimatedLengths()

    def speech(self, line: Utterance, /) -> SpeechTiming:
        """About the time it takes to read the line."""
        return self._lengths.speech(line)

    def prepare(self, lines: Iterable[Utterance]) -> bool:  # noqa: ARG002 - as the protocol has it
        """Nothing is rendered."""
        return False

    def ready(self, lines: Iterable[Utterance]) -> bool:  # noqa: ARG002 - as the protocol has it
        """Always true."""
        return True

    def preload(self, cues: Iterable[CueContent]) -> None:
        """There is nothing to hear."""

    @property
    def progress(self) -> tuple[int, int]:
        """No line is to be rendered."""
        return 0, 0

    def notices(self) -> list[str]:
        """The notices given."""
        return self._notices

    def set_volume(self, percent: int) -> None:
        """There is nothing to hear."""

    def set_muted(self, muted: bool) -> None:
        """There is nothing to hear."""

    def set_music_level(self, level: float, fade_ms: int, at_ms: float) -> None:
        """There is nothing to hear."""

    def prepare_change(self, choice: SoundOptions, find_sound: FindSound) -> None:
        """There is nothing to hear."""

    def close(self) -> None:
        """Nothing is held."""


class SoundSystem(NamedTuple):
    """The voice, and where cues are heard."""

    sound: RunSound
    sink: CueSink


def silent_sound_system(*notices: str) -> SoundSystem:
    """A sound system that makes no sound; `notices` say why."""
    return SoundSystem(SilentSound(*notices), SilentSink())
