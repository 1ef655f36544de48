"""Recorded lines: read once, and played in place of being spoken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from timer_app.audio.base import AudioError
from timer_app.audio.clips import Clip
from timer_app.audio.tracks import read_track

MOST_RECORDED_S: Final = 120


class Recordings:
    """The sound of lines that are played from a file.

    Args:
        files: A file for each line.

    Attributes:
        faults: Why lines are spoken though there is a file for them.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.faults: list[str] = []
        self._clips: dict[str, Clip] = {}
        for line, path in files.items():
            try:
                self._clips[line] = Clip(read_track(path, MOST_RECORDED_S))
            except AudioError as error:
                self.faults.append(f"A recording is left out: {error}")

    def clip(self, text: str) -> Clip | None:
        """The sound of a line, in whatever manner it would be spoken; `None` for one that is not recorded."""
        return self._clips.get(str(text))
