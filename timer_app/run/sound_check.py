"""Lets the user hear whether there is sound: plays sounds and a line, and says what is heard or why nothing is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

from timer_app.audio.frames import AudioError
from timer_app.audio.remote_sink import Sink, start_sink
from timer_app.audio.sink import ClipSource
from timer_app.core.player.clock import machine_ms
from timer_app.run.live_sound import FindSound, build_sound_system
from timer_app.run.sound import RunSound, SoundOptions

CHECK_SOUNDS = ("start", "tick", "finish")

_SOON_MS = 60  # so that a sound is not late for having been asked for
_GAP_S = 0.25
_LOOK_S = 0.05
_RENDER_TIMEOUT_S = 20.0
_PLAYBACK_TIMEOUT_S = 40.0  # longer than any sound may last


class SoundCheck:
    """A test under way, made by `play_test`; read it as often as you like, from any thread.

    Attributes:
        status: What is heard just now, what was heard, or why nothing is; one line.
        done: Whether it has ended.
        failed: Whether it ended because there is no sound.
    """

    def __init__(self, choice: SoundOptions, find_sound: FindSound, sounds: Sequence[str], line: str) -> None:
        self.status = "Opening the sound."
        self.done = self.failed = False
        self._stopped = threading.Event()
        self._steps = iter_sound_check(choice, find_sound, sounds, line, self._stopped)
        self._thread = threading.Thread(target=self._play, name="sound test", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Fall silent soon; does not wait for it."""
        self._stopped.set()

    def wait(self, limit_s: float) -> bool:
        """Wait for the end, at most `limit_s` seconds; whether it has come."""
        self._thread.join(limit_s)
        return self.done

    def _play(self) -> None:
        try:
            for step in self._steps:
                self.status = step
        except AudioError as error:
            self.status, self.failed = f"No sound: {str(error).removeprefix('no sound: ')}", True
        self.done = True


def start_sound_check(
    choice: SoundOptions, find_sound: FindSound, sounds: Sequence[str] = CHECK_SOUNDS, line: str = ""
) -> SoundCheck:
    """Play some sounds and then a spoken line, in the background.

    Args:
        choice: The output, the voice and the volume.
        find_sound: Gives the file of a sound, as for `open_desk`.
        sounds: Names, played in turn.
        line: What the voice says then; nothing if empty.
    """
    return SoundCheck(choice, find_sound, sounds, line)


def iter_sound_check(
    choice: SoundOptions,
    find_sound: FindSound,
    sounds: Sequence[str],
    line: str = "",
    stopped: threading.Event | None = None,
) -> Iterator[str]:
    """Play sounds and a line in turn; yields the name of each as it begins, and in the end where it was played.

    Raises:
        AudioError: There is no sound, or it was lost on the way.
    """
    stopped = stopped or threading.Event()
    sinks: list[Sink] = []
    start = start_sink(choice.output, choice.latency_ms)

    def opened(clips: ClipSource, volume: float) -> Sink:
        sinks.append(start(clips, volume))
        return sinks[0]

    desk = build_sound_system(choice, find_sound, opened)
    (sink,) = sinks
    try:
        for name in sounds:
            sink.schedule("sound", name, machine_ms() + sink.latency_ms + _SOON_MS)
            yield name
            _wait_until_heard(sink, stopped)
        if line and _wait_until_rendered(desk.sound, line, stopped):
            sink.schedule("speech", line, machine_ms() + sink.latency_ms + _SOON_MS)
            yield line
            _wait_until_heard(sink, stopped)
        yield from desk.sound.notices()
        yield f"Played through {sink.device}." if not stopped.is_set() else "Stopped."
    finally:
        sink.close()
        desk.sound.close()


def _wait_until_heard(sink: Sink, stopped: threading.Event) -> None:
    until_s = time.monotonic() + _PLAYBACK_TIMEOUT_S
    while not stopped.is_set() and not sink.drain(_LOOK_S):
        if sink.trouble or time.monotonic() > until_s:
            raise AudioError(sink.trouble or "the sound device does not play")
    stopped.wait(_GAP_S)


def _wait_until_rendered(run_sound: RunSound, line: str, stopped: threading.Event) -> bool:
    """Whether the line can be said; waits for it, but not for ever."""
    run_sound.prepare([line])
    until_s = time.monotonic() + _RENDER_TIMEOUT_S
    while not run_sound.ready([line]) and not stopped.is_set() and time.monotonic() < until_s:
        stopped.wait(_LOOK_S)
    return run_sound.ready([line]) and not stopped.is_set()
