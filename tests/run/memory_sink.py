"""A sink for runs that are heard by a test: it notes cues and music, and gives the sound of cues."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from timer_app.audio.sink import ClipSource
from timer_app.testing import RecordingSink


class Laid(NamedTuple):
    """Music that was laid below the cues: the names of its files, and its gain."""

    names: list[str]
    gain: float


class MemorySink(RecordingSink):
    """Notes what becomes of the music: what was laid, and its levels with their moments."""

    device = "memory"
    trouble: str | None = None

    def __init__(self, clips: ClipSource) -> None:
        super().__init__()
        self.volume, self.muted, self.clips = 1.0, False, clips
        self.music: list[Laid] = []
        self.levels: list[tuple[float, float]] = []

    def play_music(self, paths: Sequence[Path], gain: float) -> None:
        self.music.append(Laid([path.name for path in paths], gain))

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        assert fade_ms > 0
        self.levels.append((at_ms, level))
