"""Live sound from a separate process, which is replaced when it or its device fails.

`start_sink` chooses the sink: in an output process, or in this one where no device is involved.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from timer_app.audio.base import FADE_MS, AudioError
from timer_app.audio.clips import Clip
from timer_app.audio.mixer_sink import DEVICE_TIMEOUT_S, TAIL_MS, MixerSink
from timer_app.audio.output_process import REPORT_S, output_command, start_output
from timer_app.audio.outputs.devices import open_output
from timer_app.audio.sink import BaseCueSink, ClipSource, ScheduledCue
from timer_app.core.i18n import _
from timer_app.core.player import machine_ms
from timer_app.core.timeline import CueContent
from timer_app.system.processes import ChildProcess

_OPEN_LIMIT_S: Final = (
    22.0  # three libraries may each hang for five seconds before they are given up, then one may not begin
)
_POLL_S: Final = 0.2
_MAX_MISSED_REPORTS: Final = 7
# Some sinks take two seconds at once until they know how much the stream wants.
_STARTUP_S, _STARTUP_TIMEOUT_S = 5.0, 3.0
_SHORT_DELAYS_S: Final = (0.1, 0.2, 0.4, 0.8)
_SOON_S, _SOON_TIMES, _LATER_S = 1.0, 60, 4.0
_LONGEST_WORD_MS: Final = 1_300
_MAX_SENT_BYTES: Final = 32_000_000


class ProcessSink(BaseCueSink):
    """Plays cues through an output process; a `CueSink`.

    When the process or its device is lost, the process is restarted until that succeeds. Cues that fall due meanwhile
    are skipped, later ones are heard.

    Args:
        command: Starts the process; see `output_command`.
        first: The first process; it may have been started long before.
        clips: Where the sound of a cue comes from; called in the thread that schedules.
        now_ms: The real-time clock that `at_ms` refers to, in milliseconds.
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
        first: ChildProcess,
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
        self._sent_clips: OrderedDict[CueContent, Clip] = OrderedDict()
        self._sent_bytes = 0
        self._process: ChildProcess | None = None
        self._adopt(first)
        self._watcher = threading.Thread(target=self._watch, args=(first,), name="output watch", daemon=True)
        self._watcher.start()

    @property
    def trouble(self) -> str | None:
        """Why nothing is heard just now, in a line."""
        return self._trouble

    @property
    def pid(self) -> int | None:
        """The id of the process that plays; `None` while there is none."""
        process = self._process
        return process.pid if process else None

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

    def preload(self, contents: Iterable[CueContent]) -> None:
        """Hand the sound of cues to the process, so that scheduling them soon takes no time."""
        for content in contents:
            with suppress(AudioError):
                clip = self._clips(content)
                with self._lock:
                    if clip and self._process:
                        self._send_clip(self._process, content, clip)

    def schedule(self, content: CueContent, at_ms: float, from_ms: int = 0) -> None:
        """Let a cue be heard at `at_ms`, or as soon as the device allows, without its first `from_ms`."""
        clip = self._find_clip(content, at_ms)
        if clip is None:
            return
        with self._lock:
            now_ms = self._now_ms()
            cue = ScheduledCue(content, from_ms, at_ms, clip)
            self._cues = [each for each in self._cues if each.end_ms > now_ms]
            if cue.is_among(self._cues):
                return
            cue = replace(cue, at_ms=max(at_ms, now_ms + self.latency_ms))
            self._cues.append(cue)
            self._silent_ms = max(self._silent_ms, cue.end_ms)
            if self._process:
                self._send_cue(self._process, cue)

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget the cues that have not begun, and fade out in 30 ms what sounds unless it is to be kept.

        What begins within `latency_ms` counts as begun.
        """
        with self._lock:
            begun_ms = self._now_ms() + self.latency_ms
            self._cues = [cue for cue in self._cues if keep_sounding and cue.at_ms <= begun_ms]
            faded_ms = min(self._silent_ms, begun_ms + FADE_MS)
            self._silent_ms = max((cue.end_ms for cue in self._cues), default=faded_ms)
            if self._process:
                self._process.send({"do": "cancel", "until_ms": begun_ms if keep_sounding else None})

    def pause(self, content: CueContent) -> None:
        """Forget what has not begun, let the word that is being said be finished, and play a sound after it."""
        clip = self._find_clip(content, self._now_ms())
        with self._lock:
            self._cues = []
            length_ms = clip.length_ms if clip else 0
            self._silent_ms = self._now_ms() + self.latency_ms + _LONGEST_WORD_MS + length_ms
            if self._process and clip:
                self._send_clip(self._process, content, clip)
            if self._process:
                self._process.send({"do": "pause", "content": content})

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
            process, self._process = self._process, None
        if process:
            process.send({"do": "cancel", "until_ms": None})
            process.close()
        self._watcher.join(_POLL_S * 5)

    def _watch(self, first: ChildProcess) -> None:
        """Watch one process after another."""
        process: ChildProcess | None = first
        while process is not None:
            why = self._watch_process(process)
            if self._closed.is_set():
                return
            self._drop_process(process, why)
            process = self._restart()

    def _watch_process(self, process: ChildProcess) -> str:
        """Read reports while the process and its device work; returns what went wrong."""
        silent = 0
        young_until_s = time.monotonic() + _STARTUP_S
        while not self._closed.is_set() and silent < _MAX_MISSED_REPORTS:
            # Polls are counted, not seconds: after the whole program was stopped, reports still wait to be read.
            try:
                report = process.receive(_POLL_S + REPORT_S / 10)
            except TimeoutError:
                silent += 1
                continue
            silent = 0
            if report is None:
                return _("what plays the sound has ended")
            self.late_count = report.header["late"]
            if wrong := _fault_in(report.header, young=time.monotonic() < young_until_s):
                return wrong
        return _("what plays the sound does not answer")

    def _drop_process(self, process: ChildProcess, why: str) -> None:
        with self._lock:
            self._process = None
            self._trouble = _("{why}; the session goes on silently").format(why=why)
        process.kill()

    def _restart(self) -> ChildProcess | None:
        """A process to replace a lost one; `None` when none is needed any more."""
        for delay_s in _delays_s():
            if self._closed.wait(delay_s):
                return None
            if process := self._try_restart():
                return process
        return None

    def _try_restart(self) -> ChildProcess | None:
        try:
            process = start_output(self._command)
            self._adopt(process)
        except AudioError:
            return None
        return process

    def _adopt(self, process: ChildProcess) -> None:
        """Play through a process that has just been started; kill it if it cannot play."""
        try:
            self._attach(process, self._wait_until_open(process))
        except AudioError:
            process.kill()
            raise

    def _wait_until_open(self, process: ChildProcess) -> dict[str, Any]:
        """The first report of a process that has just been started, about its device."""
        until_s = time.monotonic() + _OPEN_LIMIT_S
        while time.monotonic() < until_s and not self._closed.is_set():
            try:
                report = process.receive(_POLL_S)
            except TimeoutError:
                continue
            if report is None:
                raise AudioError(_("the output process ended before it could play"))
            if report.header["report"] == "refused":
                raise AudioError(report.header["why"])
            return report.header
        raise AudioError(_("the output process did not answer"))

    def _attach(self, process: ChildProcess, opened: dict[str, Any]) -> None:
        """Play through `process` from now on; of what was scheduled, all that can still be on time."""
        with self._lock:
            if self._closed.is_set():
                raise AudioError(_("the sound was closed meanwhile"))
            self._sent_clips.clear()
            self._sent_bytes = 0
            self.device = opened.get("name", "")
            self.latency_ms = opened["latency_ms"]
            self._process = process
            for message in [self._loudness(), *self._music]:
                process.send(message)
            earliest_ms = self._now_ms() + self.latency_ms
            for cue in self._cues:
                if cue.at_ms >= earliest_ms:
                    self._send_cue(process, cue)
            self._trouble = None

    def _send_cue(self, process: ChildProcess, cue: ScheduledCue) -> None:
        self._send_clip(process, cue.content, cue.clip)
        process.send({"do": "schedule", "content": cue.content, "at_ms": cue.at_ms, "from_ms": cue.from_ms})

    def _send_clip(self, process: ChildProcess, content: CueContent, clip: Clip) -> None:
        """Let the process have a clip, unless it has it."""
        if self._sent_clips.get(content) is not clip:
            self._evict_clips(process, content, clip)
            process.send({"do": "clip", "content": content}, clip.samples.tobytes())
            self._sent_clips[content] = clip
            self._sent_bytes += clip.samples.nbytes
        self._sent_clips.move_to_end(content)

    def _evict_clips(self, process: ChildProcess, content: CueContent, clip: Clip) -> None:
        """Let the process drop the least recently used clips, and the one that this clip replaces."""
        if before := self._sent_clips.pop(content, None):
            self._sent_bytes -= before.samples.nbytes
        while self._sent_clips and self._sent_bytes + clip.samples.nbytes > _MAX_SENT_BYTES:
            forgotten, oldest = self._sent_clips.popitem(last=False)
            self._sent_bytes -= oldest.samples.nbytes
            process.send({"do": "forget", "content": forgotten})

    def _send_music(self, message: dict[str, Any]) -> None:
        with self._lock:
            if message["do"] == "music":
                self._music = [message]
            elif self._music:
                # For a process that replaces this one: the list, the level now, and the levels to come.
                later = [each for each in self._music[1:] if each["at_ms"] < message["at_ms"]]
                self._music = [self._music[0], *later[-1:], message]
            if self._process:
                self._process.send(message)

    def _apply_volume(self) -> None:
        with self._lock:
            if self._process:
                self._process.send(self._loudness())

    def _loudness(self) -> dict[str, object]:
        return {"do": "loudness", "volume": self._volume, "muted": self._muted}


def _fault_in(report: dict[str, Any], *, young: bool) -> str:
    if report["fault"]:
        return _("the sound failed ({fault})").format(fault=report["fault"])
    patience_s = _STARTUP_TIMEOUT_S if young else DEVICE_TIMEOUT_S
    return _("the sound device stopped answering") if report["idle_s"] > patience_s else ""


def _delays_s() -> Iterator[float]:
    yield from _SHORT_DELAYS_S
    for _attempt in range(_SOON_TIMES):
        yield _SOON_S
    while True:
        yield _LATER_S


Sink = MixerSink | ProcessSink

_WITHOUT_DEVICE: Final = ("null", "file")


def start_sink(output: str, latency_ms: int = 0) -> Callable[[ClipSource, float], Sink]:
    """Start an output in the background and return a function that makes its sink.

    The function takes the source of clips and the volume from 0 to 1, and raises an `AudioError` where there is no
    device. The later it is called, the less it has to wait.

    Args:
        output: The device's name, `auto`, or `file:PATH`.
        latency_ms: How much later than the device reports its sound reaches the ear. Cues are played that much
            earlier, so that the screen and the sound stay together.

    Raises:
        AudioError: The output process cannot be started.
    """
    if output.partition(":")[0] in _WITHOUT_DEVICE:
        return lambda clips, volume: MixerSink(open_output(output), clips, volume=volume)
    command = output_command(output, latency_ms)
    first = start_output(command)
    return lambda clips, volume: ProcessSink(command, first, clips, volume=volume)
