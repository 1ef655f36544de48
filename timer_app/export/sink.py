"""Renders a run into samples as fast as the computer can, through the mixer that a device is fed from."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from pathlib import Path

from timer_app.audio.clips import Clip
from timer_app.audio.frames import AudioError, Samples, frames_of
from timer_app.audio.mixer import Mixer
from timer_app.audio.music import Playlist
from timer_app.audio.sink import ClipSource
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command
from timer_app.core.timeline.model import CueKind
from timer_app.run.live import Stage

BLOCK_MS = 1_000
"""Shorter than the time by which the conductor hands cues over early."""


class FileSink:
    """A sink whose time passes only as it is rendered.

    A cue is kept until the block that it falls into is rendered, as by the live sink, so that it can be cancelled.

    Args:
        clips: Where the sound of a cue comes from.
        volume: From 0 to 1.

    Attributes:
        clips: As given.
        latency_ms: None: nothing is filled ahead.
        trouble: None: there is no device.
        missing: The cues that have no sound, with the reason, once each.
        mixer: What is rendered.
    """

    latency_ms = 0
    trouble: str | None = None

    def __init__(self, clips: ClipSource, volume: float = 1.0) -> None:
        self.missing: dict[tuple[CueKind, str], str] = {}
        self.mixer = Mixer(volume=volume)
        self.muted = False
        self.clips = clips
        self._pending: list[tuple[int, int, CueKind, str, Clip]] = []
        self._number = 0

    @property
    def volume(self) -> float:
        """Loudness from 0 to 1."""
        return self.mixer.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self.mixer.volume = volume

    def play_music(self, paths: Sequence[Path], gain: float) -> None:
        """Lay music below the cues."""
        self.mixer.play_music(Playlist(paths) if paths else None, gain)

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        """Let the music go to a level from 0 to 1 within `fade_ms`, from `at_ms` on."""
        self.mixer.set_music_level(level, fade_ms, frames_of(at_ms))

    def schedule(self, kind: CueKind, content: str, at_ms: float, from_ms: int = 0) -> None:
        """Let a cue be heard at `at_ms`, counted from the first sample, without its first `from_ms`."""
        try:
            clip = self.clips(kind, content)
        except AudioError as error:
            self.missing[kind, content] = str(error)
            return
        if clip is None:
            self.missing[kind, content] = "there is no sound for it"
            return
        self._number += 1
        heapq.heappush(self._pending, (frames_of(at_ms), self._number, kind, content, clip.since(from_ms)))

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget the cues that have not begun, and fade out what sounds unless it is to be kept."""
        self._pending.clear()
        if not keep_sounding:
            self.mixer.cancel()

    def close(self) -> None:
        """Nothing is held."""

    def render(self, n_frames: int) -> Samples:
        """The next `n_frames` samples."""
        until = self.mixer.position + n_frames
        while self._pending and self._pending[0][0] < until:
            frame, _, kind, content, clip = heapq.heappop(self._pending)
            self.mixer.schedule(clip, frame, key=content, ducks=kind == "speech")
        return self.mixer.render(n_frames)


def rendered(stage: Stage, sink: FileSink, clock: ManualClock) -> Iterator[Samples]:
    """The sound of a whole run, block by block, from its start to the end of its last sound.

    Args:
        stage: A run that has not begun, without open phases, and for which every line is ready.
        sink: Where its cues go.
        clock: What it goes by; it shows 0.
    """
    stage.see(stage.conductor.send(Command.START))
    while (left_ms := stage.timeline.total_ms - clock.now_ms()) > 0:
        block_ms = min(BLOCK_MS, left_ms)
        clock.advance(block_ms)
        stage.see(stage.conductor.tick())
        yield sink.render(frames_of(block_ms))
    while (left := sink.mixer.sounds_until - sink.mixer.position) > 0:
        yield sink.render(min(left, frames_of(BLOCK_MS)))
