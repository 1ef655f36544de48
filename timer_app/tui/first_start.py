"""Detects the first start, and tests the sound for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.core.timeline.utterance import Utterance
    from timer_app.library import library as sessions
    from timer_app.run import LineMeasurer, RunOptions
    from timer_app.run.sound_check import SoundCheck

TEST_LINE = "Hello. I am your coach. I say what comes next, so you can shut your eyes."
FIRST_SESSION = "desk-break"
"""The session that is offered to who has done none."""


class RunningSoundCheck(Protocol):
    """A test of the sound under way."""

    status: str
    done: bool
    failed: bool

    @property
    def is_playing(self) -> bool:
        """Whether the status names what is heard now."""

    def stop(self) -> None:
        """Fall silent soon."""


@dataclass(frozen=True, slots=True)
class Onboarding:
    """What the first start needs.

    Attributes:
        marker_file: A file that is there when the user has been greeted.
        start_test: Begins a test of the sound, with the options as they are now; called in a thread.
    """

    marker_file: Path
    start_test: Callable[[RunOptions], RunningSoundCheck]

    def claim_first_start(self) -> bool:
        """Whether nobody has been greeted; from then on it never is again.

        Where that cannot be written down it is not due either, or it would come at every start.
        """
        from timer_app.system.files import PRIVATE_FILE, make_private_folder

        with contextlib.suppress(OSError):
            make_private_folder(self.marker_file.parent)
            self.marker_file.touch(PRIVATE_FILE, exist_ok=False)
            return True
        return False


def sound_tester(library: sessions.Library) -> Callable[[RunOptions], SoundCheck]:
    """A tester that plays the tones of a theme and a spoken line."""
    play = sample_starter(library)

    def begin(options: RunOptions) -> SoundCheck:
        from timer_app.run.sound_check import CHECK_SOUNDS

        return play(options, CHECK_SOUNDS, TEST_LINE)

    return begin


def sample_starter(library: sessions.Library) -> Callable[[RunOptions, Sequence[str], str], SoundCheck]:
    """What begins to play some sounds and then a line, with the options as they are."""

    def begin(options: RunOptions, sounds: Sequence[str], line: str) -> SoundCheck:
        from timer_app.run import SoundOptions
        from timer_app.run.sound_check import start_sound_check

        resolved = options.resolved()
        choice = SoundOptions(resolved.voice, resolved.style, options.output, options.volume, options.latency_ms)
        return start_sound_check(
            choice,
            lambda sound: library.find_sound(sound, resolved.sound_theme, None, resolved.sounds),
            sounds,
            line,
        )

    return begin


def make_measurer() -> LineMeasurer:
    """What measures how long lines take with the voice that says them."""
    from timer_app.run import LineMeasurer

    return LineMeasurer()


def line_speaker(library: sessions.Library) -> Callable[[RunOptions, Session, Path, Sequence[Utterance]], SoundCheck]:
    """What begins to say lines of a session, with the voice that says them in a run with those options."""

    def begin(options: RunOptions, session: Session, path: Path, lines: Sequence[Utterance]) -> SoundCheck:
        from timer_app.run import SoundOptions
        from timer_app.run.sound_check import start_sound_check

        resolved = options.resolved(session)
        choice = SoundOptions(
            resolved.voice,
            resolved.style,
            options.output,
            options.volume,
            latency_ms=options.latency_ms,
            recordings=library.media(session, path.parent).recordings,
        )
        return start_sound_check(
            choice, lambda sound: library.find_sound(sound, resolved.sound_theme), sounds=(), lines=lines
        )

    return begin
