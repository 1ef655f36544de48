"""Music below cues and voice: files in an endless loop with crossfades, and how loud they are at every frame."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from timer_app.audio.base import MIX_RATE, AudioError, Ramp, Samples, ms_to_frames
from timer_app.audio.decode import open_track
from timer_app.core.i18n import _

CROSSFADE_MS: Final = 3_000
"""How long one piece of music fades into the next."""

_AHEAD_S: Final = 3
_REFILL: Final = 8_192

OpenTrack = Callable[[Path], Iterator[Samples]]


class MusicSource(Protocol):
    """Where the mixer takes music from."""

    def read(self, n_frames: int) -> Samples:
        """The next `n_frames` samples; silence where there is no music."""

    def close(self) -> None:
        """Give files back."""


class Playlist:
    """All the files in turn, again and again; decoded only as far as they are read.

    Args:
        paths: The files.
        open_track: Gives the samples of a file; raises an `AudioError` for one that cannot be played.

    Attributes:
        faults: Why files were left out, one line each.
    """

    def __init__(self, paths: Sequence[Path], open_track: OpenTrack = open_track) -> None:
        self.faults: list[str] = []
        self._paths, self._open_track = list(paths), open_track
        self._blocks = _crossfaded(self._tracks(), ms_to_frames(CROSSFADE_MS))
        self._rest: Samples = np.zeros(0, np.float32)

    def read(self, n_frames: int) -> Samples:
        """The next `n_frames` samples; silence where no file can be played."""
        taken, missing = [self._rest[:n_frames]], n_frames - len(self._rest)
        self._rest = self._rest[n_frames:]
        while missing > 0:
            block = next(self._blocks, None)
            if block is None:
                taken.append(np.zeros(missing, np.float32))
                break
            taken.append(block[:missing])
            self._rest, missing = block[missing:], missing - len(block)
        return np.concatenate(taken)

    def close(self) -> None:
        """Nothing more will be read."""
        self._blocks = iter(())
        self._rest = self._rest[:0]

    def _tracks(self) -> Iterator[Iterator[Samples]]:
        """A file after the other for as long as there is one that can be played."""
        while self._paths:
            for path in list(self._paths):
                try:
                    track = _not_empty(path, self._open_track(path))
                except AudioError as error:
                    self.faults.append(str(error))
                    self._paths.remove(path)
                    continue
                yield track


def _not_empty(path: Path, track: Iterator[Samples]) -> Iterator[Samples]:
    for block in track:
        if len(block):
            return _chained(block, track)
    raise AudioError(_("{path}: holds no sound").format(path=path))


def _chained(first: Samples, others: Iterator[Samples]) -> Iterator[Samples]:
    yield first
    yield from others


def _crossfaded(tracks: Iterator[Iterator[Samples]], fade_frames: int) -> Iterator[Samples]:
    """One track fading into the next; a track shorter than two fades gives half of itself to each."""
    tail: Samples = np.zeros(0, np.float32)  # the end of what was read so far, which may have to fade
    for track in tracks:
        head = _head(track, len(tail) + fade_frames)
        overlap = min(len(tail), len(head) // 2)
        yield tail[: len(tail) - overlap]
        yield _crossfade(tail[len(tail) - overlap :], head[:overlap])
        tail = head[overlap:]
        for block in track:
            tail = np.concatenate([tail, block])
            ready = max(0, len(tail) - fade_frames)
            yield tail[:ready]
            tail = tail[ready:]
        ready = max(0, len(tail) - fade_frames)
        yield tail[:ready]
        tail = tail[ready:]
    yield tail


def _head(track: Iterator[Samples], n_frames: int) -> Samples:
    """At least so many frames of the beginning of a track, or all of it."""
    blocks: list[Samples] = []
    missing = n_frames
    while missing > 0 and (block := next(track, None)) is not None:
        blocks.append(block)
        missing -= len(block)
    return np.concatenate(blocks)


def _crossfade(ending: Samples, beginning: Samples) -> Samples:
    """Two stretches of one length, one going and one coming, about equally loud all along."""
    turn = (np.arange(len(ending)) + 0.5) / max(1, len(ending)) * (np.pi / 2)
    faded: Samples = (ending * np.cos(turn) + beginning * np.sin(turn)).astype(np.float32)
    return faded


class ReadAhead:
    """Reads music ahead in a thread, for a device's thread that must not wait for a disk.

    Args:
        source: What is read.
    """

    def __init__(self, source: MusicSource) -> None:
        self._source = source
        self._blocks: deque[Samples] = deque()
        self._held = 0
        self._wanted = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._fill, name="music", daemon=True)
        self._thread.start()

    def read(self, n_frames: int) -> Samples:
        """The next `n_frames` samples; what is not there yet is silence, and heard afterwards."""
        out: Samples = np.zeros(n_frames, np.float32)
        filled = 0
        with self._wanted:
            while filled < n_frames and self._blocks:
                block = self._blocks.popleft()
                used = block[: n_frames - filled]
                out[filled : filled + len(used)] = used
                filled += len(used)
                if len(used) < len(block):
                    self._blocks.appendleft(block[len(used) :])
            self._held -= filled
            self._wanted.notify()
        return out

    def close(self) -> None:
        """Stop reading."""
        with self._wanted:
            self._closed = True
            self._wanted.notify()

    def _fill(self) -> None:
        while self._is_wanted():
            block = self._source.read(_REFILL)
            with self._wanted:
                self._blocks.append(block)
                self._held += len(block)
        self._source.close()

    def _is_wanted(self) -> bool:
        """Wait until more is needed; whether it is."""
        with self._wanted:
            self._wanted.wait_for(lambda: self._closed or self._held < _AHEAD_S * MIX_RATE)
            return not self._closed


DUCK_DB: Final = -12.0
"""How much quieter music gets during speech."""

DUCK_ATTACK_MS: Final = 150
"""How long music takes to get quieter."""

DUCK_HOLD_MS: Final = 1_500
"""How long it stays quieter after speech, so that it does not come and go between the words of a countdown."""

DUCK_RELEASE_MS: Final = 600
"""How long music takes to return to its level."""

FrameSpans = Sequence[tuple[int, int]]
"""Stretches of frames, each from its first to the one after its last."""


class _Fade(NamedTuple):
    at: int
    level: float
    frames: int


class Music:
    """A source of music and its loudness over time; the same for any sizes of blocks.

    It begins silent. While it is silent nothing is read, so that it resumes after a pause where it stopped.

    Args:
        source: Where it comes from.
        gain: Factor for its samples at level 1.
        rate: Frames a second.
    """

    def __init__(self, source: MusicSource, gain: float, rate: int = MIX_RATE) -> None:
        self._source, self._gain = source, gain
        self._level = Ramp(0.0)
        self._fades: deque[_Fade] = deque()
        self._duck = _Ducker(rate)

    def fade_to(self, level: float, at_frame: int, n_frames: int) -> None:
        """Let it go to a level from 0 to 1 within `n_frames`; replaces the moves from `at_frame` on."""
        self._fades = deque(move for move in self._fades if move.at < at_frame)
        self._fades.append(_Fade(at_frame, min(1.0, max(0.0, level)), n_frames))

    def mix_into(self, out: Samples, position: int, spoken: FrameSpans) -> None:
        """Add the music that lies below the block.

        Args:
            out: The block.
            position: Its first frame.
            spoken: When somebody speaks.
        """
        ducked = self._duck.gains(position, len(out), spoken)
        for first, last in self._stretches(position, position + len(out)):
            heard = min(last, self._level.silent_from()) - first
            if heard > 0:
                music = self._source.read(heard) * np.float32(self._gain) * self._level.values(first, heard)
                part = slice(first - position, first - position + heard)
                out[part] += music * (ducked if isinstance(ducked, np.float32) else ducked[part])

    def is_over(self, position: int) -> bool:
        """Whether it is silent from a frame on, and stays so."""
        return not self._fades and self._level.silent_from() <= position

    def close(self) -> None:
        """Give the source back."""
        self._source.close()

    def _stretches(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The block cut at every move, each taken up before the stretch that it begins."""
        while self._fades and self._fades[0].at < last:
            move = self._fades.popleft()
            at = max(first, move.at)
            if at > first:
                yield first, at
            self._level.ramp_to(move.level, at, move.frames)
            first = at
        if first < last:
            yield first, last


class _Ducker:
    """How far music is ducked, counted in whole units so that the result does not depend on block sizes."""

    def __init__(self, rate: int) -> None:
        self._full = ms_to_frames(DUCK_RELEASE_MS, rate)
        self._attack_ratio = DUCK_RELEASE_MS // DUCK_ATTACK_MS
        self._depth = 0

    def gains(self, position: int, n_frames: int, spoken: FrameSpans) -> npt.NDArray[np.float32] | np.float32:
        """The factor at each frame of a block; every frame must be asked for, in order."""
        spans = [(max(a, position), min(b, position + n_frames)) for a, b in spoken]
        spans = [(a, b) for a, b in spans if a < b]
        if not n_frames or (not spans and not self._depth):
            return np.float32(1)
        speaking = np.zeros(n_frames, np.bool_)
        for a, b in spans:
            speaking[a - position : b - position] = True
        edges = [0, *(np.flatnonzero(np.diff(speaking)) + 1).tolist(), n_frames]
        depths = [self._advance(b - a, speaks=bool(speaking[a])) for a, b in pairwise(edges)]
        share = np.concatenate(depths) / self._full
        factors: npt.NDArray[np.float32] = (10 ** (DUCK_DB / 20 * share)).astype(np.float32)
        return factors

    def _advance(self, n_frames: int, *, speaks: bool) -> npt.NDArray[np.int64]:
        step = self._attack_ratio if speaks else -1
        depths = np.clip(self._depth + step * np.arange(1, n_frames + 1), 0, self._full)
        self._depth = int(depths[-1])
        return depths
