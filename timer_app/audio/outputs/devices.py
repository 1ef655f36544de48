"""The sound devices; the only module that touches one.

An output pulls blocks of samples for as long as it is open. A frame is heard `latency_ms` after the earliest moment at
which the device can ask for it, and blocks are asked for up to `block_ms` apart. The figures were found by recording a
real server.
"""

from __future__ import annotations

import atexit
import sys
import time
from collections.abc import Callable, Generator
from typing import Any, Final, NamedTuple

import numpy as np

from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.outputs.base import BaseOutput, NullOutput, Output, PacedOutput, error_line, open_library
from timer_app.audio.outputs.file import FileOutput
from timer_app.audio.outputs.pulse import PulseOutput
from timer_app.core.i18n import _
from timer_app.system import install_command


class SoundDeviceOutput(BaseOutput):
    """PortAudio, where the system has it."""

    name = "sounddevice"
    block_ms = 50
    # It is given half as much again, and lost nothing with both processors of a machine busy.
    _ASKED_S = 0.1

    def __init__(self) -> None:
        super().__init__()
        self._library, self._stream = open_library("PortAudio", self._open)
        self.latency_ms = round(self._stream.latency * 1000)

    def _open(self) -> tuple[Any, Any]:
        import sounddevice

        if sounddevice.default.device[1] < 0:
            raise AudioError(_("PortAudio finds nothing to play on"))
        return sounddevice, sounddevice.OutputStream(
            samplerate=MIX_RATE, channels=1, dtype="float32", latency=self._ASKED_S, callback=self._fill
        )

    def _fill(self, out: Samples, n_frames: int, _time: object, _status: object) -> None:
        out[:, 0] = self._pull_samples(n_frames)

    def _start(self) -> None:
        self._stream.start()

    def _close(self) -> None:
        self._stream.close()

    def _abandon(self) -> None:
        # The library closes what is open when the program ends, and would hang there again.
        atexit.unregister(getattr(self._library, "_exit_handler", lambda: None))


class _BufferConfig(NamedTuple):
    """How a back end of miniaudio is asked to buffer, and what comes of it.

    Attributes:
        period_ms: How far apart it asks for blocks.
        periods: How many of them it holds; 0 leaves that to miniaudio.
        latency_ms: From the earliest moment at which a frame can be asked for until it is heard.
    """

    period_ms: int
    periods: int
    latency_ms: int


# PulseAudio (and PipeWire in its place) takes one period as its buffer; with 100 ms cues strayed by 2.8 ms and once
# slipped by 144, with 400 ms they stay within 0.1 ms beside other work. ALSA asks as soon as one period is free, so a
# frame waits for the others; with three of them and a busy processor cues strayed by 0.3 ms, with four by 0.02 ms.
# The back ends of other systems were not measured: three periods are what miniaudio itself takes for them.
_BUFFER_CONFIGS: Final = {"PULSEAUDIO": _BufferConfig(400, 0, 220), "ALSA": _BufferConfig(50, 4, 150)}
_DEFAULT_BUFFER: Final = _BufferConfig(50, 3, 100)


class MiniaudioOutput(BaseOutput):
    """The self-contained back end that comes in a wheel."""

    name = "miniaudio"

    def __init__(self) -> None:
        super().__init__()
        self._device, shape = open_library("miniaudio", self._open)
        self.latency_ms, self.block_ms = shape.latency_ms, shape.period_ms

    def _open(self) -> tuple[Any, _BufferConfig]:
        from miniaudio import Backend, MiniaudioError, get_enabled_backends

        # The null back end would play to nobody and call that a success.
        enabled = get_enabled_backends() - {Backend.NULL, Backend.CUSTOM}
        refusal = _("it has no back end for this system")
        for backend in sorted(enabled, key=lambda backend: (backend is not Backend.PULSEAUDIO, int(backend.value))):
            shape = _BUFFER_CONFIGS.get(backend.name, _DEFAULT_BUFFER)
            try:
                return self._device_of(backend, shape), shape
            except MiniaudioError as error:
                refusal = error_line(error)
        raise AudioError(_("miniaudio finds nothing to play on ({refusal})").format(refusal=refusal))

    @staticmethod
    def _device_of(backend: Any, shape: _BufferConfig) -> Any:
        from miniaudio import PlaybackDevice, SampleFormat

        return PlaybackDevice(
            output_format=SampleFormat.FLOAT32,
            nchannels=1,
            sample_rate=MIX_RATE,
            buffersize_msec=shape.period_ms,
            callback_periods=shape.periods,
            backends=[backend],
            app_name="timer-app",
        )

    def _blocks(self) -> Generator[bytes, int, None]:
        n_frames = yield b""
        while True:
            n_frames = yield self._pull_samples(n_frames).tobytes()

    def _start(self) -> None:
        blocks = self._blocks()
        next(blocks)
        self._device.start(blocks)

    def _close(self) -> None:
        self._device.close()


class SimpleAudioOutput(PacedOutput):
    """simpleaudio, which plays buffers and knows no streams.

    It reads the buffer it plays a tenth of a second ahead of what is heard, so one long buffer is played and the sound
    written into it before the reader arrives. The library reports no position: a sound card whose clock is a little
    off drifts by less than 10 ms until the next buffer begins, which happens after a minute, in a pause.
    While a sound server hangs, beginning a buffer stops the whole program: the library holds the interpreter's lock.

    It is refused on Python 3.12 and later, where it crashes when a buffer ends.
    """

    name = "simpleaudio"
    block_ms = 50
    latency_ms = 290
    _AHEAD_MS = 350
    _BUFFER_S = 120
    _CHANGE_S = 60

    def __init__(self) -> None:
        refusal = simpleaudio_refusal(sys.version_info[:2])
        if refusal:
            raise AudioError(refusal)
        super().__init__()
        self._library = open_library("simpleaudio", self._open)
        self._playing: Any = None
        self._first = 0
        self._loud_until = 0
        self._working_s = time.monotonic()

    @staticmethod
    def _open() -> Any:
        try:
            import simpleaudio
        except ImportError as error:
            raise AudioError(
                _("simpleaudio is not installed: {command}").format(command=install_command("simpleaudio"))
            ) from error

        # A library that finds no device says so only when it plays.
        simpleaudio.play_buffer(np.zeros(MIX_RATE // 100, np.int16), 1, 2, MIX_RATE).wait_done()
        return simpleaudio

    def idle_s(self) -> float:
        return time.monotonic() - self._working_s if self._playing else 0.0

    def _start(self) -> None:
        self._begin_buffer(0)
        super()._start()

    def _close(self) -> None:
        super()._close()
        if self._playing:
            self._playing.stop()
            self._playing.wait_done()

    def _begin_buffer(self, now: int) -> None:
        before, self._first = self._playing, now
        self._buffer = np.zeros(self._BUFFER_S * MIX_RATE, np.int16)
        self._playing = self._library.play_buffer(self._buffer, 1, 2, MIX_RATE)
        if before:
            before.stop()

    def _consume(self, samples: Samples, at_frame: int, now: int) -> None:
        if self._playing.is_playing():
            self._working_s = time.monotonic()
        if samples.any():
            self._loud_until = at_frame + len(samples)
        age = at_frame + len(samples) - self._first
        if age > len(self._buffer) or (age > self._CHANGE_S * MIX_RATE and self._loud_until < now):
            self._begin_buffer(now)
        if self._loud_until > at_frame:
            start = at_frame - self._first
            self._buffer[start : start + len(samples)] = np.rint(samples * 32767)


def simpleaudio_refusal(version: tuple[int, ...]) -> str:
    """Why simpleaudio is not used on this Python version; empty where it is."""
    if version < (3, 12):
        return ""
    return _("simpleaudio crashes on Python 3.12 and later; take sounddevice or miniaudio")


_OUTPUTS: Final[dict[str, Callable[[], Output]]] = {
    "pulseaudio": PulseOutput,
    "sounddevice": SoundDeviceOutput,
    "miniaudio": MiniaudioOutput,
    "simpleaudio": SimpleAudioOutput,
    "null": NullOutput,
    "file": FileOutput,
}


def preferred_outputs(platform: str) -> tuple[str, ...]:
    """What `auto` tries on a system, the best first.

    On Linux the sound server moves a stream to a new default device, whichever library plays it, and its own library
    is the most accurate. Elsewhere miniaudio follows the default by itself, while PortAudio stays with the device that
    it found when it was loaded.
    """
    return ("pulseaudio", "sounddevice", "miniaudio") if platform.startswith("linux") else ("miniaudio", "sounddevice")


def output_names() -> tuple[str, ...]:
    """Every output that can be chosen, `auto` left out."""
    return tuple(_OUTPUTS)


def open_output(choice: str = "auto") -> Output:
    """Open a device by name, or for `auto` the best that works.

    Args:
        choice: The name; `file:PATH` says where the file is written.

    Raises:
        AudioError: None could be opened; the message says what was tried and why it failed.
    """
    kind, colon, path = choice.partition(":")
    if kind == "file" and colon:
        return FileOutput(path)
    failures = []
    for name in preferred_outputs(sys.platform) if choice == "auto" else (choice,):
        if name not in _OUTPUTS:
            raise AudioError(
                _("no output called {name}; there is: auto, {outputs}").format(
                    name=f"{name!r}", outputs=", ".join(_OUTPUTS)
                )
            )
        try:
            return _OUTPUTS[name]()
        except AudioError as error:
            failures.append(str(error))
    raise AudioError(
        _("no sound: {failures}; is a sound server running? (--no-sound goes without)").format(
            failures="; ".join(failures)
        )
        if choice == "auto"
        else failures[0]
    )
