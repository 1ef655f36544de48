"""Music below cues and voice: how loud it is at every frame."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from timer_app.audio.base import MIX_RATE, Samples, frames_of
from timer_app.audio.playlist import MusicSource
from timer_app.audio.ramp import Ramp

DUCK_DB: Final = -12.0
"""By how much music steps back while somebody speaks."""

DUCK_MS: Final = 150
"""How long it takes to step back."""

RETURN_MS: Final = 600
"""How long it takes to come back."""

Spans = Sequence[tuple[int, int]]
"""Stretches of frames, each from its first to the one after its last."""


class _Move(NamedTuple):
    at: int
    level: float
    frames: int


class Music:
    """A source of music and its loudness over time; the same for any sizes of blocks.

    It begins silent. While it is silent nothing is read: after a pause it goes on where it was.

    Args:
        source: Where it comes from.
        gain: Factor for its samples at level 1.
        rate: Frames a second.
    """

    def __init__(self, source: MusicSource, gain: float, rate: int = MIX_RATE) -> None:
        self._source, self._gain = source, gain
        self._level = Ramp(0.0)
        self._moves: deque[_Move] = deque()
        self._duck = _Duck(rate)

    def move(self, level: float, at_frame: int, n_frames: int) -> None:
        """Let it go to a level from 0 to 1 within `n_frames`; takes the place of moves from `at_frame` on."""
        self._moves = deque(move for move in self._moves if move.at < at_frame)
        self._moves.append(_Move(at_frame, min(1.0, max(0.0, level)), n_frames))

    def add_to(self, out: Samples, position: int, spoken: Spans) -> None:
        """Add the music that lies below the block.

        Args:
            out: The block.
            position: Its first frame.
            spoken: When somebody speaks.
        """
        ducked = self._duck.over(position, len(out), spoken)
        for first, last in self._stretches(position, position + len(out)):
            heard = min(last, self._level.silent_from()) - first
            if heard > 0:
                music = self._source.read(heard) * np.float32(self._gain) * self._level.over(first, heard)
                part = slice(first - position, first - position + heard)
                out[part] += music * (ducked if isinstance(ducked, np.float32) else ducked[part])

    def close(self) -> None:
        """Give the source back."""
        self._source.close()

    def _stretches(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The block cut at every move, each taken up before the stretch that it begins."""
        while self._moves and self._moves[0].at < last:
            move = self._moves.popleft()
            at = max(first, move.at)
            if at > first:
                yield first, at
            self._level.aim(move.level, at, move.frames)
            first = at
        if first < last:
            yield first, last


class _Duck:
    """How far music has stepped back, counted in whole units so that no sum depends on how time is cut."""

    def __init__(self, rate: int) -> None:
        self._full = frames_of(RETURN_MS, rate)
        self._haste = RETURN_MS // DUCK_MS
        self._depth = 0

    def over(self, position: int, n_frames: int, spoken: Spans) -> npt.NDArray[np.float32] | np.float32:
        """The factor at each frame of a block; every frame must be asked for, in order."""
        spans = [(max(a, position), min(b, position + n_frames)) for a, b in spoken]
        spans = [(a, b) for a, b in spans if a < b]
        if not n_frames or (not spans and not self._depth):
            return np.float32(1)
        speaking = np.zeros(n_frames, np.bool_)
        for a, b in spans:
            speaking[a - position : b - position] = True
        edges = [0, *(np.flatnonzero(np.diff(speaking)) + 1).tolist(), n_frames]
        depths = [self._along(b - a, speaks=bool(speaking[a])) for a, b in pairwise(edges)]
        share = np.concatenate(depths) / self._full
        factors: npt.NDArray[np.float32] = (10 ** (DUCK_DB / 20 * share)).astype(np.float32)
        return factors

    def _along(self, n_frames: int, *, speaks: bool) -> npt.NDArray[np.int64]:
        step = self._haste if speaks else -1
        depths = np.clip(self._depth + step * np.arange(1, n_frames + 1), 0, self._full)
        self._depth = int(depths[-1])
        return depths
