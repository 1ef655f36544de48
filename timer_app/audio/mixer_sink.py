"""Hands every cue to the mixer at the sample at which it is to be heard, live as well as in an export.

An export differs only in its output, whose *now* moves as samples are rendered (`OfflineOutput`).
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from timer_app.audio.base import PAUSE_GAP_MS, AudioError, Samples, ms_to_frames
from timer_app.audio.clips import Clip
from timer_app.audio.mixer import Mixer
from timer_app.audio.music import Playlist, ReadAhead
from timer_app.audio.outputs.base import Output
from timer_app.audio.sink import BaseCueSink, ClipSource, MissedCue
from timer_app.audio.stream_clock import NOTICE_MS, ExactStreamClock, StreamClock
from timer_app.core.i18n import _
from timer_app.core.player import machine_ms
from timer_app.core.timeline import CueContent, content_text
from timer_app.core.timeline.utterance import Utterance

DEVICE_TIMEOUT_S: Final = 1.6
"""A device that has not asked for samples for so long has gone away."""

_TOO_LATE_MS: Final = 1_000
# So much silence goes before the first cue: an amplifier or a headset that slept is awake then.
_AWAKE_MS: Final = 500
# A device that asks so often is late for a second only where its stream has moved.
_OFTEN_MS, _SOON_NOTICE_MS = 20, 1_000
_RELEARN_MS: Final = 250
# A device that is closed throws away what it holds, and may hold a little more than it says.
TAIL_MS: Final = 100


@dataclass(order=True, slots=True)
class _PendingCue:
    due_ms: float  # when it can be heard at the earliest, or is to be
    number: int
    content: CueContent = field(compare=False)
    from_ms: int = field(compare=False)
    at_ms: float = field(compare=False)
    clip: Clip = field(compare=False)  # what is left of it after `from_ms`

    def is_the_same(self, other: _PendingCue) -> bool:
        """Whether both are one cue: `cancel` may spare one that is about to begin, and it is then scheduled again."""
        return (self.content, self.from_ms, self.at_ms) == (other.content, other.from_ms, other.at_ms)


class MixerSink(BaseCueSink):
    """Plays cues through an open output; a `CueSink`.

    A cue waits with its due time and gets a sample position only when the device asks for the block that it falls
    into: drift and gaps in the stream do not move it, and what has not begun can still be cancelled.

    Args:
        output: The device; the sink starts it, and closes it in the end.
        clips: Where the sound of a cue comes from; called in the thread that schedules.
        now_ms: The clock that `at_ms` refers to, in milliseconds: real time, or that of an offline output.
        volume: From 0 to 1.

    Attributes:
        device: What the sound comes out of, by the name that it is chosen by.
        missed_cues: The last cues that were not heard.
        mixer: What is played; its `late_clips` are those that came too late to begin on time.

    Raises:
        AudioError: The device does not start.
    """

    def __init__(
        self, output: Output, clips: ClipSource, now_ms: Callable[[], float] = machine_ms, volume: float = 1.0
    ) -> None:
        super().__init__(clips, volume)
        self.mixer = Mixer(volume=volume)
        self.device = output.name
        self._output, self._now_ms = output, now_ms
        notice_ms = _SOON_NOTICE_MS if output.block_ms <= _OFTEN_MS else NOTICE_MS
        rate = self.mixer.rate
        self._clock = StreamClock(rate, notice_ms) if output.is_realtime else ExactStreamClock(rate)
        self._lock = threading.Lock()
        self._pending: list[_PendingCue] = []
        self._number = 0
        self._trouble: str | None = None
        try:
            output.start(self._render_block)
        except AudioError:
            output.close()
            raise

    @property
    def latency_ms(self) -> int:
        """A cue handed over this long before its moment is heard on it."""
        return self._output.latency_ms + self._output.block_ms

    @property
    def is_awake(self) -> bool:
        """Whether the device has played silence for half a second, and it is known when a frame is heard."""
        return self.mixer.position >= ms_to_frames(_AWAKE_MS) and self._clock.is_learnt

    @property
    def trouble(self) -> str | None:
        """Why nothing is heard any more, in a line; stays once it is set."""
        if self._trouble is None:
            self._trouble = self._look_for_trouble()
        return self._trouble

    @property
    def idle_s(self) -> float:
        """Seconds since the device last asked for samples."""
        return self._output.idle_s()

    @property
    def fault(self) -> str:
        """What went wrong inside while samples were made; empty for nothing."""
        return str(self._output.fault or "")

    @property
    def late_count(self) -> int:
        """How many of the last cues were heard later than asked."""
        return len(self.mixer.late_clips)

    def play_music(self, paths: Sequence[Path], gain: float) -> None:
        """Lay music below the cues; it is silent until it is given a level.

        Args:
            paths: Files, played in turn.
            gain: Factor for their samples.
        """
        playlist = Playlist(paths) if paths else None
        self.mixer.play_music(ReadAhead(playlist) if playlist and self._output.is_realtime else playlist, gain)

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        """Let the music go to a level from 0 to 1 within `fade_ms`, from `at_ms` on, or now where that has passed."""
        with self._lock:
            wait_ms = max(0.0, at_ms - self._output.latency_ms - self._now_ms())
            self.mixer.set_music_level(level, fade_ms, self.mixer.position + ms_to_frames(wait_ms))

    def schedule(self, content: CueContent, at_ms: float, from_ms: int = 0) -> None:
        """Let a cue be heard at `at_ms`, or as soon as the device allows, without its first `from_ms`."""
        clip = self._find_clip(content, at_ms)
        if clip is None:
            return
        earliest_ms = self._now_ms() + self._output.latency_ms
        with self._lock:
            self._number += 1
            due_ms, left = max(at_ms, earliest_ms), clip.starting_at(from_ms)
            cue = _PendingCue(due_ms, self._number, content, from_ms, at_ms, left)
            if not any(cue.is_the_same(each) for each in self._pending):
                heapq.heappush(self._pending, cue)
            self._drop_stale()

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget the cues that have not begun, and fade out in 30 ms what sounds unless it is to be kept.

        What begins within `latency_ms` counts as begun, whether or not the device has asked for it.
        """
        self.cancel_after(self._now_ms() + self.latency_ms if keep_sounding else None)

    def cancel_after(self, until_ms: float | None) -> None:
        """Forget the cues that are to begin later than `until_ms`; where that is `None`, fade out what sounds too."""
        with self._lock:
            self._pending = [cue for cue in self._pending if until_ms is not None and cue.due_ms <= until_ms]
            heapq.heapify(self._pending)
            if until_ms is None:
                self.mixer.cancel()

    def pause(self, content: CueContent) -> None:
        """Forget what has not begun, let the word that is being said be finished, and play a sound after it.

        Where nobody speaks, the device throws away what it holds, if it can.
        """
        with self._lock:
            self._pending.clear()
            at_ms = self._now_ms() + self.latency_ms
            spoken_until = self.mixer.finish_words(ms_to_frames(self._output.latency_ms))
            if spoken_until is not None:
                at_ms += max(0.0, (spoken_until - self.mixer.position) * 1000 / self.mixer.rate)
            elif self._output.flush():
                self.mixer.cancel(fade_ms=0)
                self._clock.restart()
                at_ms += _RELEARN_MS
        self.schedule(content, at_ms + PAUSE_GAP_MS)

    def drain(self, limit_s: float) -> bool:
        """Wait until all that was scheduled has been heard, at most `limit_s` seconds; whether it has."""
        until_s = time.monotonic() + limit_s
        while self._remaining_ms() > 0 and self.trouble is None:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return False
            time.sleep(min(left_s, 0.02))
        return self._remaining_ms() <= 0

    def close(self) -> None:
        """Fall silent and give the device back, within a second."""
        self.cancel()
        self._output.close()
        self.mixer.close()

    def _remaining_ms(self) -> float:
        """How long sound will still be heard; unknown but above 0 while cues wait."""
        with self._lock:
            if self._pending:
                return float(self.latency_ms)
            ends_ms = self._clock.origin_ms + self.mixer.end_frame * 1000 / self.mixer.rate
            return ends_ms + self._output.latency_ms + TAIL_MS - self._now_ms() if self.mixer.end_frame else 0.0

    def _look_for_trouble(self) -> str | None:
        if self._output.fault is not None:
            return _("the sound failed ({fault}); the session goes on silently").format(fault=self._output.fault)
        if self._output.idle_s() > DEVICE_TIMEOUT_S:
            return _("the sound device stopped answering; the session goes on silently")
        return None

    def _apply_volume(self) -> None:
        self.mixer.volume = 0.0 if self._muted else self._volume

    def _render_block(self, n_frames: int) -> Samples:
        """The device's next block, in the device's thread."""
        with self._lock:
            position = self.mixer.position
            self._clock.observe(self._now_ms(), position)
            if self._clock.is_stable:
                self._schedule_before(position + n_frames)
        return self.mixer.render(n_frames)

    def _schedule_before(self, frame: int) -> None:
        """Give the mixer the cues that begin before `frame`."""
        self._drop_stale()
        while self._pending and self._frame_of(self._pending[0]) < frame:
            cue = heapq.heappop(self._pending)
            ducks = isinstance(cue.content, Utterance)
            self.mixer.schedule(cue.clip, self._frame_of(cue), key=content_text(cue.content), ducks=ducks)

    def _frame_of(self, cue: _PendingCue) -> int:
        return self._clock.frame_at(cue.due_ms - self._output.latency_ms)

    def _drop_stale(self) -> None:
        """A device that stood still must not play everything it missed at once."""
        before_ms = self._now_ms() + self._output.latency_ms - _TOO_LATE_MS
        while self._pending and self._pending[0].due_ms < before_ms:
            cue = heapq.heappop(self._pending)
            self.missed_cues.append(MissedCue(cue.content, cue.at_ms, "too late"))
