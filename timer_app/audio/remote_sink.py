"""Live sound from a separate process; if the process or its device fails, it is replaced."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from timer_app.audio.clips import Clip
from timer_app.audio.frames import FADE_MS, AudioError
from timer_app.audio.live_sink import DEVICE_TIMEOUT_S, TAIL_MS, LiveSink
from timer_app.audio.output_process import REPORT_S
from timer_app.audio.outputs.devices import open_output
from timer_app.audio.sink import BaseCueSink, ClipSource, ScheduledCue
from timer_app.core.player.clock import machine_ms
from timer_app.core.timeline.model import CueKind
from timer_app.core.timeline.utterance import content_key
from timer_app.system.workers import WorkerLink, worker_command

_OPEN_LIMIT_S: Final = 15.0  # two libraries may each hang for five seconds before they are given up
_POLL_S: Final = 0.2
_MAX_MISSED_REPORTS: Final = 7
# Some sinks take two seconds at once until they know how much the stream wants.
_STARTUP_S, _STARTUP_TIMEOUT_S = 5.0, 3.0
_SHORT_DELAYS_S: Final = (0.1, 0.2, 0.4, 0.8)
_SOON_S, _SOON_TIMES, _LATER_S = 1.0, 60, 4.0
_MAX_SENT_BYTES: Final = 32_000_000


def open_link(command: Sequence[str]) -> WorkerLink:
    """Start an output process.

    Raises:
        AudioError: It cannot be started.
    """
    try:
        return WorkerLink(command)
    except OSError as error:
        raise AudioError(f"the output process cannot be started: {error}") from error


class RemoteSink(BaseCueSink):
    """Plays cues through an output process; a `CueSink`.

    When the process is lost, or its device, it is started again until that succeeds. What was to be heard meanwhile is
    left out, and what is still to come is heard.

    Args:
        command: Starts the process, as `worker_command` gives it.
        first: The first process; it may have been started long before.
        clips: Where the sound of a cue comes from; called in the thread that schedules.
        now_ms: The real-time clock in milliseconds that `at_ms` is told on.
        volume: From 0 to 1.

    Attributes:
        device: What the sound comes out of, by the name that it is chosen by.
        latency_ms: A cue handed over this long before its moment is heard on it.
        missed_cues: The last cues that were not heard.
        late_count: How many cues the present process played later than asked.

    Raises:
        AudioError: The first process cannot play; it has been ended.
    """

    def __init__(
        self,
        command: Sequence[str],
        first: WorkerLink,
        clips: ClipSource,
        now_ms: Callable[[], float] = machine_ms,
        volume: float = 1.0,
    ) -> None:
        super().__init__(clips, volume)
        self.device = ""
        self.latency_ms = 0
        self.late_count = 0
        self._command, self._now_ms = command, now_ms
        self._music: list[dict[str, Any]] = []
        self._trouble: str | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._cues: list[ScheduledCue] = []  # still to come, or sounding
        self._silent_ms = 0.0
        self._sent_clips: OrderedDict[tuple[CueKind, str], Clip] = OrderedDict()
        self._sent_bytes = 0
        self._link: WorkerLink | None = None
        self._adopt(first)
        self._watcher = threading.Thread(target=self._watch, args=(first,), name="output watch", daemon=True)
        self._watcher.start()

    @property
    def trouble(self) -> str | None:
        """Why nothing is heard just now, in a line."""
        return self._trouble

    @property
    def pid(self) -> int | None:
        """The number of the process that plays; `None` while there is none."""
        link = self._link
        return link.pid if link else None

    def play_music(self, paths: Sequence[Path], gain: float) -> None:
        """Lay music below the cues; it is silent until it is given a level.

        Args:
            paths: Files, played in turn.
            gain: Factor for their samples.
        """
        self._send_music({"do": "music", "paths": [str(path) for path in paths], "gain": gain})

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        """Let the music go to a level from 0 to 1 within `fade_ms`, from `at_ms` on, or now where that has passed."""
        self._send_music({"do": "music level", "level": level, "fade_ms": fade_ms, "at_ms": at_ms})

    def schedule(self, kind: CueKind, content: str, at_ms: float, from_ms: int = 0) -> None:
        """Let a cue be heard at `at_ms`, or as soon as the device allows, without its first `from_ms`."""
        clip = self._find_clip(kind, content, at_ms, from_ms)
        if clip is None:
            return
        with self._lock:
            now_ms = self._now_ms()
            cue = ScheduledCue(kind, content_key(content, from_ms), at_ms, clip)
            self._cues = [each for each in self._cues if each.end_ms > now_ms]
            if cue.is_among(self._cues):
                return
            cue = replace(cue, at_ms=max(at_ms, now_ms + self.latency_ms))
            self._cues.append(cue)
            self._silent_ms = max(self._silent_ms, cue.end_ms)
            if self._link:
                self._send_cue(self._link, cue)

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget the cues that have not begun, and fade out in 30 ms what sounds unless it is to be kept.

        What begins within `latency_ms` counts as begun.
        """
        with self._lock:
            begun_ms = self._now_ms() + self.latency_ms
            self._cues = [cue for cue in self._cues if keep_sounding and cue.at_ms <= begun_ms]
            faded_ms = min(self._silent_ms, begun_ms + FADE_MS)
            self._silent_ms = max((cue.end_ms for cue in self._cues), default=faded_ms)
            if self._link:
                self._link.send({"do": "cancel", "until_ms": begun_ms if keep_sounding else None})

    def drain(self, limit_s: float) -> bool:
        """Wait until all that was scheduled has been heard, at most `limit_s` seconds; whether it has."""
        until_s = time.monotonic() + limit_s
        while (left_ms := self._silent_ms + TAIL_MS - self._now_ms()) > 0 and self._silent_ms and not self._trouble:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return False
            time.sleep(min(left_s, left_ms / 1000, 0.1))
        return not self._trouble

    def close(self) -> None:
        """Fall silent and give the device back, within about a second."""
        self._closed.set()
        with self._lock:
            link, self._link = self._link, None
        if link:
            link.send({"do": "cancel", "until_ms": None})
            link.close()
        self._watcher.join(_POLL_S * 5)

    def _watch(self, first: WorkerLink) -> None:
        """Live with one process after another."""
        link: WorkerLink | None = first
        while link is not None:
            why = self._watch_link(link)
            if self._closed.is_set():
                return
            self._drop_link(link, why)
            link = self._restart()

    def _watch_link(self, link: WorkerLink) -> str:
        """Listen to a process for as long as it and its device are well; returns what is wrong then."""
        silent = 0
        young_until_s = time.monotonic() + _STARTUP_S
        while not self._closed.is_set() and silent < _MAX_MISSED_REPORTS:
            # Looks are counted and not seconds: after a stop of the whole program the reports are still to be read.
            try:
                report = link.receive_report(_POLL_S + REPORT_S / 10)
            except TimeoutError:
                silent += 1
                continue
            silent = 0
            if report is None:
                return "what plays the sound has ended"
            self.late_count = report["late"]
            if wrong := _fault_in(report, young=time.monotonic() < young_until_s):
                return wrong
        return "what plays the sound does not answer"

    def _drop_link(self, link: WorkerLink, why: str) -> None:
        with self._lock:
            self._link = None
            self._trouble = f"{why}; the session goes on silently"
        link.kill()

    def _restart(self) -> WorkerLink | None:
        """Another process in place of a lost one; `None` when none is needed any more."""
        for delay_s in _delays_s():
            if self._closed.wait(delay_s):
                return None
            if link := self._try_restart():
                return link
        return None

    def _try_restart(self) -> WorkerLink | None:
        try:
            link = open_link(self._command)
            self._adopt(link)
        except AudioError:
            return None
        return link

    def _adopt(self, link: WorkerLink) -> None:
        """Play through a process that has just been started, or see to it that it is gone."""
        try:
            self._attach(link, self._wait_until_open(link))
        except AudioError:
            link.kill()
            raise

    def _wait_until_open(self, link: WorkerLink) -> dict[str, Any]:
        """What a process that has just been started tells of its device."""
        until_s = time.monotonic() + _OPEN_LIMIT_S
        while time.monotonic() < until_s and not self._closed.is_set():
            try:
                report = link.receive_report(_POLL_S)
            except TimeoutError:
                continue
            if report is None:
                raise AudioError("the output process ended before it could play")
            if report["report"] == "refused":
                raise AudioError(report["why"])
            return report
        raise AudioError("the output process did not answer")

    def _attach(self, link: WorkerLink, opened: dict[str, Any]) -> None:
        """Play through `link` from now on; of what was scheduled, all that can still be on time."""
        with self._lock:
            if self._closed.is_set():
                raise AudioError("the sound was closed meanwhile")
            self._sent_clips.clear()
            self._sent_bytes = 0
            self.device = opened.get("name", "")
            self.latency_ms = opened["latency_ms"]
            self._link = link
            for told in [self._loudness(), *self._music]:
                link.send(told)
            earliest_ms = self._now_ms() + self.latency_ms
            for cue in self._cues:
                if cue.at_ms >= earliest_ms:
                    self._send_cue(link, cue)
            self._trouble = None

    def _send_cue(self, link: WorkerLink, cue: ScheduledCue) -> None:
        key = (cue.kind, cue.content)
        names = {"kind": cue.kind, "content": cue.content}
        if self._sent_clips.get(key) is not cue.clip:
            self._evict_clips(link, cue)
            link.send({"do": "clip", **names}, cue.clip.samples.tobytes())
            self._sent_clips[key] = cue.clip
            self._sent_bytes += cue.clip.samples.nbytes
        self._sent_clips.move_to_end(key)
        link.send({"do": "schedule", **names, "at_ms": cue.at_ms})

    def _evict_clips(self, link: WorkerLink, cue: ScheduledCue) -> None:
        """Let the process forget clips that were long not heard, and the one that this cue's takes the place of."""
        if before := self._sent_clips.pop((cue.kind, cue.content), None):
            self._sent_bytes -= before.samples.nbytes
        while self._sent_clips and self._sent_bytes + cue.clip.samples.nbytes > _MAX_SENT_BYTES:
            (kind, content), clip = self._sent_clips.popitem(last=False)
            self._sent_bytes -= clip.samples.nbytes
            link.send({"do": "forget", "kind": kind, "content": content})

    def _send_music(self, message: dict[str, Any]) -> None:
        with self._lock:
            if message["do"] == "music":
                self._music = [message]
            elif self._music:
                # A process that takes the place of this one is told the same: the list, and how loud it is to be.
                later = [each for each in self._music[1:] if each["at_ms"] < message["at_ms"]]
                self._music = [self._music[0], *later[-1:], message]
            if self._link:
                self._link.send(message)

    def _apply_volume(self) -> None:
        with self._lock:
            if self._link:
                self._link.send(self._loudness())

    def _loudness(self) -> dict[str, object]:
        return {"do": "loudness", "volume": self._volume, "muted": self._muted}


def _fault_in(report: dict[str, Any], *, young: bool) -> str:
    if report["fault"]:
        return f"the sound failed ({report['fault']})"
    patience_s = _STARTUP_TIMEOUT_S if young else DEVICE_TIMEOUT_S
    return "the sound device stopped answering" if report["idle_s"] > patience_s else ""


def _delays_s() -> Iterator[float]:
    yield from _SHORT_DELAYS_S
    for _ in range(_SOON_TIMES):
        yield _SOON_S
    while True:
        yield _LATER_S


Sink = LiveSink | RemoteSink

_WITHOUT_DEVICE: Final = ("null", "file")


def start_sink(output: str, latency_ms: int = 0) -> Callable[[ClipSource, float], Sink]:
    """Start an output; what is returned makes the sink, which has to wait less the later that is asked for.

    It is given the sound of every cue and the volume from 0 to 1, and raises an `AudioError` where there is no device.

    Args:
        output: The device's name, `auto`, or `file:PATH`.
        latency_ms: By how much later than the device says its sound reaches the ear. Cues are played so much earlier,
            so what the screen shows and what is heard belong together.

    Raises:
        AudioError: The output process cannot be started.
    """
    if output.partition(":")[0] in _WITHOUT_DEVICE:
        return lambda clips, volume: LiveSink(open_output(output), clips, volume=volume)
    command = worker_command(output, latency_ms)
    first = open_link(command)
    return lambda clips, volume: RemoteSink(command, first, clips, volume=volume)
