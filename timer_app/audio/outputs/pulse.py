"""PulseAudio, and PipeWire in its place, through the server's own library for simple clients.

The library comes with every desktop that has one of the two servers. Its `write` blocks until the server has room, so a
plain loop keeps the buffer filled, and the server says at any moment when the next frame will be heard.
"""

from __future__ import annotations

import ctypes
import threading
import time
from statistics import median
from typing import Any, Final

import numpy as np

from timer_app.audio.base import FADE_MS, MIX_RATE, AudioError, Samples, ms_to_frames
from timer_app.audio.outputs.base import BaseOutput, open_library
from timer_app.core.i18n import _

_PLAYBACK: Final = 1  # pa_stream_direction_t
_FLOAT32LE: Final = 5  # pa_sample_format_t
_DEFAULT: Final = 0xFFFFFFFF  # of a field of pa_buffer_attr

# The server keeps about two thirds of it filled. With 100 ms cues slipped by 47 ms beside four busy processes on two
# processors; with 200 ms single cues strayed by 50 to 150 ms at a load of 8 to 15, perhaps for the same reason. A pause
# throws it away, so a long one costs only a skip some time.
_BUFFER_MS: Final = 300
_REQUEST_MS: Final = 20
_BLOCK: Final = ms_to_frames(10)
_FIRST_ASKS, _LATER_ASKS = 60, 30
_KEPT: Final = ms_to_frames(2 * _BUFFER_MS)
_START_LIMIT_S: Final = 1.5
_MOVED_MS: Final = 30.0  # so much later or earlier is another device


class _SampleSpec(ctypes.Structure):
    _fields_ = (("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8))


class _BufferAttributes(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


def _load() -> tuple[Any, Any]:
    """The library for simple clients, and the one that has the words for its errors.

    Raises:
        AudioError: They are not there.
    """
    try:
        simple, words = ctypes.CDLL("libpulse-simple.so.0"), ctypes.CDLL("libpulse.so.0")
    except OSError as error:
        raise AudioError(_("PulseAudio's library, libpulse-simple, is not there")) from error
    text, stream, fault = ctypes.c_char_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)
    spec, buffer = ctypes.POINTER(_SampleSpec), ctypes.POINTER(_BufferAttributes)
    simple.pa_simple_new.argtypes = [text, text, ctypes.c_int, text, text, spec, ctypes.c_void_p, buffer, fault]
    simple.pa_simple_new.restype = stream
    simple.pa_simple_write.argtypes = [stream, text, ctypes.c_size_t, fault]
    simple.pa_simple_flush.argtypes = [stream, fault]
    simple.pa_simple_get_latency.argtypes = [stream, fault]
    simple.pa_simple_get_latency.restype = ctypes.c_uint64
    simple.pa_simple_free.argtypes = [stream]
    simple.pa_simple_free.restype = None
    words.pa_strerror.argtypes = [ctypes.c_int]
    words.pa_strerror.restype = text
    return simple, words


class PulseStream:
    """One stream of mono floats; every call is made in the thread of the caller, and may hang with the server.

    Raises:
        AudioError: The library is not there, or no server answers.
    """

    def __init__(self) -> None:
        self._library, self._words = _load()
        self._fault = ctypes.c_int(0)
        size_of = np.dtype(np.float32).itemsize
        buffered, asked = (ms_to_frames(ms) * size_of for ms in (_BUFFER_MS, _REQUEST_MS))
        spec = _SampleSpec(_FLOAT32LE, MIX_RATE, 1)
        buffer = _BufferAttributes(_DEFAULT, buffered, buffered, asked, _DEFAULT)
        names = None, b"timer-app", _PLAYBACK, None, b"coach"
        self._stream = self._library.pa_simple_new(
            *names, ctypes.byref(spec), None, ctypes.byref(buffer), ctypes.byref(self._fault)
        )
        if not self._stream:
            raise AudioError(f"PulseAudio: {self._reason()}")

    def write(self, samples: Samples) -> None:
        """Append samples; waits until there is room for them."""
        data = samples.tobytes()
        self._check(self._library.pa_simple_write(self._stream, data, len(data), ctypes.byref(self._fault)))

    def flush(self) -> None:
        """Throw away what is not heard yet."""
        self._check(self._library.pa_simple_flush(self._stream, ctypes.byref(self._fault)))

    def delay_ms(self) -> float:
        """How long from now until the next sample written is heard."""
        self._fault.value = 0
        delay_us = self._library.pa_simple_get_latency(self._stream, ctypes.byref(self._fault))
        self._check(-1 if self._fault.value else 0)
        return float(delay_us) / 1000

    def free(self) -> None:
        """Give the stream back; it must not be used any more."""
        self._library.pa_simple_free(self._stream)

    def _check(self, status: int) -> None:
        if status < 0:
            raise AudioError(f"PulseAudio: {self._reason()}")

    def _reason(self) -> str:
        words: bytes | None = self._words.pa_strerror(self._fault.value)
        return (words or b"unknown error").decode(errors="replace").lower()


class PulseOutput(BaseOutput):
    """A stream of the sound server of a Linux desktop.

    The server moves it to a new default device by itself. When the server ends, `fault` says so at once; when it hangs,
    nobody asks for samples any more.
    """

    name = "pulseaudio"
    block_ms = _REQUEST_MS
    latency_ms = _BUFFER_MS

    def __init__(self) -> None:
        super().__init__()
        self._stream: PulseStream = open_library("PulseAudio", PulseStream)
        self._measured_ms = self.latency_ms  # what of `latency_ms` is the server's
        self._told_ms = self.latency_ms
        self._pulled = 0
        self._written = np.zeros(0, np.float32)  # the latest samples, more than the server holds
        self._asked: list[float] = []  # when frame 0 would have been asked for, by each ask of late
        self._heard: list[float] = []  # and heard, as the server told
        self._failure: AudioError | None = None
        self._ended, self._steady, self._flushes = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    @property
    def fault(self) -> Exception | None:
        return self._failure or super().fault

    def flush(self) -> bool:
        self._flushes.set()
        return True

    def _start(self) -> None:
        self._thread.start()
        self._steady.wait(_START_LIMIT_S)

    def _close(self) -> None:
        self._ended.set()
        if self._thread.ident is None:
            self._stream.free()
        else:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._measure()
                samples = self._pull_samples(_BLOCK)
                self._pulled += _BLOCK
                if self._flushes.is_set():
                    self._flushes.clear()
                    self._discard()
                self._written = np.concatenate([self._written, samples])[-_KEPT:]
                self._stream.write(samples)
        except AudioError as error:
            self._failure = error
        self._steady.set()
        self._stream.free()

    def _measure(self) -> None:
        """Find how long after the earliest moment at which a frame can be asked for it is heard.

        What the server tells strays by milliseconds on a busy machine, while the earliest asks lie on a line to within
        a tenth of one. So its word is taken once, in the middle, and again only where the stream has been moved to
        another device.
        """
        now_ms, played_ms = time.monotonic() * 1000, self._pulled * 1000 / MIX_RATE
        self._asked.append(now_ms - played_ms)
        self._heard.append(now_ms + self._stream.delay_ms() - played_ms)
        first = not self._steady.is_set()
        # The first asks fill the buffer.
        if len(self._asked) < (_FIRST_ASKS if first else _LATER_ASKS):
            return
        begin = _FIRST_ASKS // 2 if first else 0
        delay_ms = round(median(self._heard[begin:]) - min(self._asked[begin:]))
        # A move in the midst of these asks would be told wrongly, so that the next ones have to agree.
        agrees, self._told_ms = abs(delay_ms - self._told_ms) < _MOVED_MS / 2, delay_ms
        if first or (agrees and abs(delay_ms - self._measured_ms) > _MOVED_MS):
            self.latency_ms += delay_ms - self._measured_ms
            self._measured_ms = delay_ms
        self._asked.clear()
        self._heard.clear()
        self._steady.set()

    def _discard(self) -> None:
        """Let what is heard at this moment fade out, and nothing follow it."""
        queued = ms_to_frames(self._stream.delay_ms())
        self._stream.flush()
        fade = self._written[-queued:][: ms_to_frames(FADE_MS)] if queued else self._written[:0]
        self._stream.write((fade * np.linspace(1, 0, len(fade), endpoint=False)).astype(np.float32))
        self._asked.clear()
        self._heard.clear()
