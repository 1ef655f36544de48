"""The mixer: adds clips at their sample positions and limits the mix without a hard edge."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from timer_app.audio.base import FADE_MS, MIX_RATE, Ramp, Samples, ms_to_frames
from timer_app.audio.clips import Clip, word_end
from timer_app.audio.music import DUCK_HOLD_MS, Music, MusicSource

KNEE: Final = 0.85
"""Up to here a sample is left exactly as it is."""


def soft_clip(samples: Samples) -> Samples:
    """Bend what rises above the knee so that nothing leaves -1 to 1; changes `samples` and returns it.

    Every sample is bent by itself, so the result does not depend on how the sound is cut into blocks.
    """
    # Most blocks are left as they are: whether this is one is found without another block in memory.
    if max(samples.max(initial=0), -samples.min(initial=0)) > KNEE:
        size = np.abs(samples)
        loud = size > KNEE
        room = np.float32(1 - KNEE)
        excess = (size[loud] - np.float32(KNEE)) / room
        bent = np.float32(KNEE) + room * (excess / (1 + excess))
        samples[loud] = np.copysign(np.minimum(bent, np.float32(1)), samples[loud])
    return samples


_VOLUME_RAMP_MS: Final = 60
_REPLACED_FADE_MS: Final = 1_000
_MAX_LATE_CLIPS: Final = 256


@dataclass(frozen=True, slots=True)
class LateClip:
    """A clip that was scheduled after its position had been rendered.

    Attributes:
        key: As given with the clip.
        frames: How much later than asked it began.
    """

    key: str
    frames: int


@dataclass(slots=True)
class _PlacedClip:
    """A clip at its position; `fade_at` is the frame at which it begins to fade, `None` for never."""

    samples: Samples
    start: int
    gain: float
    ducks: bool = False
    fade_at: int | None = None
    fade_frames: int = 0

    @property
    def end(self) -> int:
        end = self.start + len(self.samples)
        return end if self.fade_at is None else min(end, self.fade_at + self.fade_frames)

    def mix_into(self, out: Samples, position: int) -> None:
        first, last = max(self.start, position), min(self.end, position + len(out))
        if first >= last:
            return
        block = self.samples[first - self.start : last - self.start] * np.float32(self.gain)
        if self.fade_at is not None:
            left = (self.fade_at + self.fade_frames - np.arange(first, last)) / self.fade_frames
            block = block * np.minimum(left, 1).astype(np.float32)
        out[first - position : last - position] += block


class Mixer:
    """Renders one endless mono stream, block after block, with clips at their positions.

    The samples do not depend on the sizes of the blocks, none leaves -1 to 1, and where nothing is scheduled they are
    exactly 0. Music lies below the clips. May be used from several threads.

    Args:
        rate: Frames a second; clips are made for `MIX_RATE`.
        volume: From 0 to 1.
    """

    def __init__(self, rate: int = MIX_RATE, volume: float = 1.0) -> None:
        self.rate = rate
        self.late_clips: deque[LateClip] = deque(maxlen=_MAX_LATE_CLIPS)
        self._lock = threading.Lock()
        self._position = 0
        self._placed_clips: list[_PlacedClip] = []
        self._end_frame = 0
        self._spoken_until = -1 << 40  # the frame until which speech was rendered
        self._volume = Ramp(volume)
        self._music: Music | None = None
        self._leaving: list[Music] = []  # music that other music has replaced, until it has faded out

    @property
    def position(self) -> int:
        """Frames rendered so far: the next one rendered has this number."""
        return self._position

    @property
    def end_frame(self) -> int:
        """The frame at which the last of all clips ends or ended; 0 where there was none."""
        return self._end_frame

    @property
    def volume(self) -> float:
        """The loudness that was last asked for, from 0 to 1."""
        return self._volume.target

    @volume.setter
    def volume(self, volume: float) -> None:
        with self._lock:
            self._volume.ramp_to(min(1.0, max(0.0, volume)), self._position, ms_to_frames(_VOLUME_RAMP_MS, self.rate))

    def schedule(self, clip: Clip, at_frame: int, gain: float = 1.0, key: str = "", *, ducks: bool = False) -> int:
        """Let `clip` begin at frame `at_frame`, or at once where that has passed; returns where it begins.

        Args:
            clip: What sounds.
            at_frame: Counted from the first frame rendered.
            gain: Factor for its samples.
            key: Its name in `late_clips`.
            ducks: Whether music gets quieter for it.
        """
        with self._lock:
            start = max(at_frame, self._position)
            if start > at_frame:
                self.late_clips.append(LateClip(key, start - at_frame))
            self._placed_clips.append(_PlacedClip(clip.samples, start, gain, ducks))
            self._end_frame = max(self._end_frame, start + len(clip.samples))
            return start

    def cancel(self, from_frame: int | None = None, fade_ms: int = FADE_MS) -> None:
        """Drop what begins at `from_frame` (default: now) or later, and fade out from there what sounds then."""
        fade_frames = max(1, ms_to_frames(fade_ms, self.rate))
        with self._lock:
            at = max(self._position, from_frame or 0)
            self._placed_clips = [placed for placed in self._placed_clips if placed.start < at]
            for placed in self._placed_clips:
                if placed.fade_at is None or at + fade_frames < placed.fade_at + placed.fade_frames:
                    placed.fade_at, placed.fade_frames = at, fade_frames
            self._end_frame = min(self._end_frame, at + fade_frames)

    def finish_words(self, held_frames: int) -> int | None:
        """Fade out everything but speech, and that at the end of the word which is being said.

        Args:
            held_frames: How many of the frames that were rendered are not heard yet.

        Returns:
            The frame at which the last word ends; `None` where nobody speaks, or was heard to speak.
        """
        fade_frames = ms_to_frames(FADE_MS, self.rate)
        with self._lock:
            at, ends = self._position, [self._spoken_until] if self._spoken_until > self._position - held_frames else []
            self._placed_clips = [placed for placed in self._placed_clips if placed.start < at]
            for placed in self._placed_clips:
                end = placed.start + word_end(placed.samples, at - placed.start) if placed.ducks else at
                if placed.ducks:
                    ends.append(min(placed.end, end))
                if placed.fade_at is None or end < placed.fade_at:
                    placed.fade_at, placed.fade_frames = end, fade_frames
            self._end_frame = max((placed.end for placed in self._placed_clips), default=min(self._end_frame, at))
            return max(ends, default=None)

    def play_music(self, source: MusicSource | None, gain: float = 1.0) -> None:
        """Lay music below everything else; it is silent until it is given a level, and what there was fades out.

        Args:
            source: Where it comes from; read in the thread that renders. `None` for no music.
            gain: Factor for its samples at level 1.
        """
        with self._lock:
            if self._music:
                self._music.fade_to(0.0, self._position, ms_to_frames(_REPLACED_FADE_MS, self.rate))
                self._leaving.append(self._music)
            self._music = Music(source, gain, self.rate) if source else None

    def close(self) -> None:
        """Give the music back; nothing more is rendered."""
        with self._lock:
            for music in filter(None, [self._music, *self._leaving]):
                music.close()
            self._music, self._leaving = None, []

    def set_music_level(self, level: float, fade_ms: float, at_frame: int | None = None) -> None:
        """Let the music go to a level from 0 to 1 within `fade_ms`; at 0 it stands still, and goes on from there.

        Args:
            level: Where it goes.
            fade_ms: How long it takes.
            at_frame: When it begins, by default now; replaces the changes scheduled from then on.
        """
        with self._lock:
            if self._music:
                at = max(self._position, at_frame or 0)
                self._music.fade_to(level, at, ms_to_frames(fade_ms, self.rate))

    def _close_faded(self, position: int) -> None:
        over = [music for music in self._leaving if music.is_over(position)]
        self._leaving = [music for music in self._leaving if music not in over]
        for music in over:
            music.close()

    def render(self, n_frames: int) -> Samples:
        with self._lock:
            position = self._position
            out: Samples = np.zeros(n_frames, np.float32)
            for placed in self._placed_clips:
                placed.mix_into(out, position)
            if playing := [*self._leaving, *filter(None, [self._music])]:
                hold = ms_to_frames(DUCK_HOLD_MS, self.rate)
                spoken = [(placed.start, placed.end + hold) for placed in self._placed_clips if placed.ducks]
                spoken.append((position, self._spoken_until + hold))
                for music in playing:
                    music.mix_into(out, position, spoken)
                self._close_faded(position + n_frames)
            self._position = position + n_frames
            begun = (each for each in self._placed_clips if each.ducks and each.start < self._position)
            self._spoken_until = max([self._spoken_until, *(min(each.end, self._position) for each in begun)])
            self._placed_clips = [placed for placed in self._placed_clips if placed.end > self._position]
            if self._placed_clips or out.any():
                out *= self._volume.values(position, n_frames)
        return soft_clip(out)
