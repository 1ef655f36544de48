"""What every output has in common, and the outputs that have no device.

Nothing raised in a device's thread is lost, and no call into a device waits without a limit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias, TypeVar

import numpy as np

from timer_app.audio.base import MIX_RATE, AudioError, Samples, ms_to_frames
from timer_app.core.i18n import _

PullCallback: TypeAlias = Callable[[int], Samples]
"""Asked for a number of frames, gives exactly so many."""

_T = TypeVar("_T")


class GuardedPull:
    """Calls `pull` for a device: notes the moment, and gives silence where it fails.

    Attributes:
        fault: The first thing `pull` raised; from then on there is silence.
    """

    def __init__(self, pull: PullCallback) -> None:
        self.fault: Exception | None = None
        self._pull = pull
        self._last_pull_s = time.monotonic()

    @property
    def idle_s(self) -> float:
        """Seconds since the device last asked, or since the feed was made."""
        return time.monotonic() - self._last_pull_s

    def touch(self) -> None:
        """Note that the device works at this moment."""
        self._last_pull_s = time.monotonic()

    def __call__(self, n_frames: int) -> Samples:
        """The next `n_frames` samples; never raises."""
        self.touch()
        if self.fault is None:
            try:
                return self._pull(n_frames)
            except Exception as fault:  # noqa: BLE001 - a device's thread has nobody to raise to; see `fault`
                self.fault = fault
        return np.zeros(n_frames, np.float32)


def call_with_timeout(limit_s: float, what: str, call: Callable[[], _T]) -> _T:
    """The result of `call`, run in a thread that is left behind if it takes longer than `limit_s` seconds.

    Raises:
        AudioError: It took too long.
        Exception: Whatever `call` raised.
    """
    results: list[_T] = []
    faults: list[BaseException] = []

    def work() -> None:
        try:
            results.append(call())
        except BaseException as fault:  # noqa: BLE001 - handed to the caller below
            faults.append(fault)

    thread = threading.Thread(target=work, name=what, daemon=True)
    thread.start()
    thread.join(limit_s)
    if faults:
        raise faults[0]
    if not results:
        raise AudioError(_("{name} did not answer within {seconds} s").format(name=what, seconds=f"{limit_s:g}"))
    return results[0]


OPEN_LIMIT_S: Final = 5.0
CLOSE_LIMIT_S: Final = 1.0


class Output(Protocol):
    """An open device.

    Attributes:
        name: What the user calls it.
        latency_ms: From the earliest moment a frame can be asked for until it is heard.
        block_ms: How far apart the device asks, at most.
        is_realtime: Whether the device asks in step with the machine's clock, and cannot wait for an answer.
    """

    name: str
    latency_ms: int
    block_ms: int
    is_realtime: bool

    def start(self, pull: PullCallback) -> None:
        """Begin to ask `pull` for samples, from a thread of the device.

        Raises:
            AudioError: The device refuses.
        """

    def flush(self) -> bool:
        """Throw away what was asked for and is not heard yet, where the device can; returns at once, whether it can."""

    def idle_s(self) -> float:
        """Seconds since the device last worked; 0 before it was started."""

    @property
    def fault(self) -> Exception | None:
        """What the pull function raised, if it ever did."""

    def close(self) -> None:
        """Give the device back, within a second even where the device hangs."""


class BaseOutput:
    """The part that all outputs share: time limits, and errors in one line."""

    name: str
    latency_ms: int
    block_ms: int
    is_realtime = True

    def __init__(self) -> None:
        self._feed: GuardedPull | None = None

    def start(self, pull: PullCallback) -> None:
        """Begin to ask `pull`, or raise an `AudioError`."""
        self._feed = GuardedPull(pull)
        try:
            call_with_timeout(OPEN_LIMIT_S, self.name, self._start)
        except AudioError:
            raise
        except Exception as error:
            raise AudioError(
                _("{name} does not start: {error}").format(name=self.name, error=error_line(error))
            ) from error

    def flush(self) -> bool:
        """What the device holds is heard."""
        return False

    def idle_s(self) -> float:
        """Seconds since the device last asked."""
        return self._feed.idle_s if self._feed else 0.0

    @property
    def fault(self) -> Exception | None:
        """What the pull function raised."""
        return self._feed.fault if self._feed else None

    def close(self) -> None:
        """Give the device back, or leave it where it hangs."""
        try:
            call_with_timeout(CLOSE_LIMIT_S, self.name, self._close)
        except AudioError:
            self._abandon()
        except Exception:  # noqa: BLE001, S110 - the device is given up either way
            pass

    def _start(self) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError

    def _abandon(self) -> None:
        """The device hangs: see to it that nothing waits for it later."""

    def _pull_samples(self, n_frames: int) -> Samples:
        return self._feed(n_frames) if self._feed else np.zeros(n_frames, np.float32)


class PacedOutput(BaseOutput):
    """An output without a device that asks: a thread pulls in step with the machine's clock."""

    block_ms = 100
    _AHEAD_MS = 0

    def __init__(self) -> None:
        super().__init__()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def _start(self) -> None:
        self._thread.start()

    def _close(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        began_s, pulled = time.monotonic(), 0
        while not self._ended.wait(self.block_ms / 1000):
            now = ms_to_frames((time.monotonic() - began_s) * 1000)
            due = now + ms_to_frames(self._AHEAD_MS)
            # After a long stop the rest is left out rather than made up for.
            pulled = max(pulled, due - MIX_RATE)
            self._consume(self._pull_samples(due - pulled), pulled, now)
            pulled = due

    def _consume(self, samples: Samples, at_frame: int, now: int) -> None:
        """Let `samples` be heard from frame `at_frame` on; the clock stands at frame `now`."""


class NullOutput(PacedOutput):
    """A silent clock."""

    name = "null"
    latency_ms = 0


class OfflineOutput:
    """An output whose time passes only as blocks are rendered, as fast as the computer can; for export.

    Attributes:
        frames: How many frames were rendered.
    """

    name = "offline"
    latency_ms = 0
    block_ms = 0
    is_realtime = False
    fault: Exception | None = None

    def __init__(self) -> None:
        self.frames = 0
        self._pull: PullCallback | None = None

    def now_ms(self) -> float:
        """The moment up to which sound is rendered, counted from the first frame; the clock for cues."""
        return self.frames * 1000 / MIX_RATE

    def start(self, pull: PullCallback) -> None:
        """Take blocks from `pull` in `render`."""
        self._pull = pull

    def render(self, n_frames: int) -> Samples:
        if self._pull is None:
            raise RuntimeError("the output was not started")
        samples = self._pull(n_frames)
        self.frames += n_frames
        return samples

    def flush(self) -> bool:
        """Nothing is held."""
        return False

    def idle_s(self) -> float:
        """Nothing is ever late."""
        return 0.0

    def close(self) -> None:
        """Nothing is held."""


def open_library(what: str, call: Callable[[], _T]) -> _T:
    """What `call` opens; every way in which a library can refuse becomes one line.

    Raises:
        AudioError: It refuses, is not installed, or does not answer.
    """
    try:
        return call_with_timeout(OPEN_LIMIT_S, what, call)
    except AudioError:
        raise
    except ImportError as error:
        raise AudioError(_("{name} is not installed").format(name=what)) from error
    except Exception as error:
        raise AudioError(f"{what}: {error_line(error)}") from error


def error_line(error: Exception) -> str:
    """The words of an error, in a line; some libraries put a number beside them."""
    words = [part for part in error.args if isinstance(part, str)]
    return " ".join(" ".join(words or [str(error)]).split()) or type(error).__name__
