"""Sound for a page in a browser: sends clips and the times at which the page plays them."""

from __future__ import annotations

import base64
import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np

from timer_app.audio import BaseCueSink, ClipSource, ScheduledCue
from timer_app.audio.base import FADE_MS, MIX_RATE, PAUSE_GAP_MS, AudioError, ms_to_frames
from timer_app.audio.clips import Clip, word_end
from timer_app.audio.music import DUCK_ATTACK_MS, DUCK_DB, DUCK_HOLD_MS, DUCK_RELEASE_MS
from timer_app.core.player import machine_ms
from timer_app.core.timeline import CueContent
from timer_app.core.timeline.utterance import Utterance
from timer_app.web.page_channel import PageLink

PAGE_LATENCY_MS: Final = 200
"""The usual worst case of a wireless network plus the buffer of a browser."""

_FULL_SCALE: Final = 32_767
_MAX_SENT_BYTES: Final = 24_000_000


class PageSink(BaseCueSink):
    """Sends cues to the page that shows the run; a `CueSink`.

    A clip is sent once, before it is first needed. A page that takes the place of another is sent everything that is
    still to come.

    Args:
        link: Reaches the page.
        clips: Where the sound of a cue comes from; called in the thread that schedules.
        now_ms: The real-time clock in milliseconds that `at_ms` is told on.
        volume: From 0 to 1.

    Attributes:
        device: What the sound comes out of.
        latency_ms: A cue handed over this long before its moment is heard on it.
        missed_cues: The last cues that had no sound.
        trouble: Always `None`: whether sound is heard is for the page to say.
    """

    trouble: str | None = None
    device = "page"

    def __init__(
        self, link: PageLink, clips: ClipSource, now_ms: Callable[[], float] = machine_ms, volume: float = 1.0
    ) -> None:
        super().__init__(clips, volume)
        self.latency_ms = PAGE_LATENCY_MS
        self._link, self._now_ms = link, now_ms
        self._lock = threading.RLock()
        self._cues: list[ScheduledCue] = []  # still to come, or sounding
        self._sent_clips: OrderedDict[tuple[CueContent, int], tuple[int, Clip]] = OrderedDict()  # what the page has
        self._bytes = 0
        self._numbers = itertools.count(1)
        self._music: dict[str, Any] | None = None
        self._levels: list[dict[str, Any]] = []
        self._unsubscribe = link.on_reconnect(self._resend_all)
        self._resend_all()

    def play_music(self, paths: Sequence[Path], gain: float) -> None:
        """Lay music below the cues; it is silent until it is given a level.

        Args:
            paths: Files, played in turn.
            gain: Factor for their samples.
        """
        times = {"in_ms": DUCK_ATTACK_MS, "hold_ms": DUCK_HOLD_MS, "back_ms": DUCK_RELEASE_MS}
        steps_back = {"to": 10 ** (DUCK_DB / 20), **times}
        with self._lock:
            self._music = {"paths": [str(path) for path in paths], "gain": gain, "duck": steps_back}
            self._send_command("music", **self._music)

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        """Let the music go to a level from 0 to 1 within `fade_ms`, from `at_ms` on, or now where that has passed."""
        with self._lock:
            # A page that connects later needs the present level and the ones to come.
            now_ms = self._now_ms()
            passed = [each for each in self._levels if each["at_ms"] <= now_ms][-1:]
            awaited = [each for each in self._levels if now_ms < each["at_ms"] < at_ms]
            self._levels = [*passed, *awaited, {"level": level, "fade_ms": fade_ms, "at_ms": at_ms}]
            self._send_command("level", **self._levels[-1])

    def preload(self, contents: Iterable[CueContent]) -> None:
        """Send the page the sound of cues, so that scheduling them soon takes no time."""
        for content in contents:
            with suppress(AudioError):
                if clip := self._clips(content):
                    with self._lock:
                        self._ensure_sent(ScheduledCue(content, 0, 0.0, clip))

    def schedule(self, content: CueContent, at_ms: float, from_ms: int = 0) -> None:
        """Let a cue be heard at `at_ms`, or as soon as it can be, without its first `from_ms`."""
        clip = self._find_clip(content, at_ms)
        if clip is None:
            return
        with self._lock:
            cue, now_ms = ScheduledCue(content, from_ms, at_ms, clip), self._now_ms()
            self._cues = [each for each in self._cues if each.end_ms > now_ms]
            if not cue.is_among(self._cues):
                self._cues.append(cue)
                self._play(cue)

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget the cues that have not begun, and fade out in 30 ms what sounds unless it is to be kept.

        What begins within `latency_ms` counts as begun, as with a device that is filled ahead.
        """
        with self._lock:
            until_ms = self._now_ms() + self.latency_ms if keep_sounding else None
            self._cues = [cue for cue in self._cues if until_ms is not None and cue.at_ms <= until_ms]
            self._send_command("cancel", until_ms=until_ms, fade_ms=FADE_MS)

    def pause(self, content: CueContent) -> None:
        """Forget what has not begun, let the word that is being said be finished, and play a sound after it."""
        with self._lock:
            now_ms = self._now_ms()
            ends_ms = [_word_end_ms(cue, now_ms) for cue in self._cues if _is_spoken(cue, now_ms)]
            self._cues = []
            until_ms = max(ends_ms, default=None)
            self._send_command("cancel", until_ms=None, fade_ms=FADE_MS, speech_until_ms=until_ms)
        self.schedule(content, max(now_ms + self.latency_ms, until_ms or 0.0) + PAUSE_GAP_MS)

    def close(self) -> None:
        """Fall silent."""
        self._unsubscribe()
        with self._lock:
            self._cues.clear()
            self._send_command("reset")

    def _resend_all(self) -> None:
        """Send a new page the volume and everything that is still to come."""
        with self._lock:
            self._send_command("reset")
            self._apply_volume()
            if self._music:
                self._send_command("music", **self._music)
            for level in self._levels:
                self._send_command("level", **level)
            self._sent_clips.clear()
            self._bytes = 0
            for cue in self._cues:
                if cue.at_ms > self._now_ms():
                    self._play(cue)

    def _play(self, cue: ScheduledCue) -> None:
        key = self._ensure_sent(cue)
        self._send_command("play", key=key, at_ms=cue.at_ms, speech=isinstance(cue.content, Utterance))

    def _ensure_sent(self, cue: ScheduledCue) -> int:
        """The number by which the page knows the clip, which is sent if the page does not have it."""
        name, clip = (cue.content, cue.from_ms), cue.clip
        known = self._sent_clips.pop(name, None)
        if known and known[1] is clip:
            self._sent_clips[name] = known
            return known[0]
        if known:
            self._forget(*known)
        self._evict_clips(clip)
        key = next(self._numbers)
        self._sent_clips[name] = key, clip
        self._bytes += clip.samples.nbytes
        self._send_clip(key, clip.starting_at(cue.from_ms))
        return key

    def _evict_clips(self, clip: Clip) -> None:
        while self._sent_clips and self._bytes + clip.samples.nbytes > _MAX_SENT_BYTES:
            _, (key, oldest) = self._sent_clips.popitem(last=False)
            self._forget(key, oldest)

    def _forget(self, key: int, clip: Clip) -> None:
        self._bytes -= clip.samples.nbytes
        self._send_command("forget", key=key)

    def _send_clip(self, key: int, clip: Clip) -> None:
        whole = np.rint(np.clip(clip.samples, -1, 1) * _FULL_SCALE).astype("<i2")
        self._send_command("clip", key=key, rate=MIX_RATE, pcm=base64.b64encode(whole.tobytes()).decode())

    def _apply_volume(self) -> None:
        self._send_command("loudness", volume=0.0 if self._muted else self._volume)

    def _send_command(self, do: str, **more: object) -> None:
        self._link.send({"type": "sound", "do": do, **more})


def _is_spoken(cue: ScheduledCue, now_ms: float) -> bool:
    return isinstance(cue.content, Utterance) and cue.at_ms <= now_ms < cue.end_ms


def _word_end_ms(cue: ScheduledCue, now_ms: float) -> float:
    """When the word of a line that is being said ends."""
    begin_ms = cue.at_ms - cue.from_ms
    return begin_ms + word_end(cue.clip.samples, ms_to_frames(now_ms - begin_ms)) * 1000 / MIX_RATE
