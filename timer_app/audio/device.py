"""What every output is, and those that have no device behind them that asks."""

from __future__ import annotations

import threading
import time
from typing import Final, Protocol

import numpy as np

from timer_app.audio.base import MIX_RATE, AudioError, Samples, frames_of
from timer_app.audio.feed import Feed, Pull, within

OPEN_LIMIT_S: Final = 5.0
CLOSE_LIMIT_S: Final = 1.0


class Output(Protocol):
    """An open device.

    Attributes:
        name: What the user calls it.
        latency_ms: From the earliest moment a frame can be asked for until it is heard.
        block_ms: How far apart the device asks, at most.
    """

    name: str
    latency_ms: int
    block_ms: int

    def start(self, pull: Pull) -> None:
        """Begin to ask `pull` for samples, from a thread of the device.

        Raises:
            AudioError: The device refuses.
        """

    def idle_s(self) -> float:
        """Seconds since the device was last seen working; 0 before it was started."""

    @property
    def fault(self) -> Exception | None:
        """What the pull function raised, if it ever did."""

    def close(self) -> None:
        """Give the device back, within a second even where the device hangs."""


class Device:
    """The half that all outputs share: limits of time, and errors in a line."""

    name: str
    latency_ms: int
    block_ms: int

    def __init__(self) -> None:
        self._feed: Feed | None = None

    def start(self, pull: Pull) -> None:
        """Begin to ask `pull`, or raise an `AudioError`."""
        self._feed = Feed(pull)
        try:
            within(OPEN_LIMIT_S, self.name, self._start)
        except AudioError:
            raise
        except Exception as error:
            raise AudioError(f"{self.name} does not start: {line_of(error)}") from error

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
            within(CLOSE_LIMIT_S, self.name, self._close)
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

    def _samples(self, n_frames: int) -> Samples:
        return self._feed(n_frames) if self._feed else np.zeros(n_frames, np.float32)


class Paced(Device):
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
            now = frames_of((time.monotonic() - began_s) * 1000)
            due = now + frames_of(self._AHEAD_MS)
            # After a long stop the rest is left out rather than made up for.
            pulled = max(pulled, due - MIX_RATE)
            self._take(self._samples(due - pulled), pulled, now)
            pulled = due

    def _take(self, samples: Samples, at_frame: int, now: int) -> None:
        """Let `samples` be heard from frame `at_frame` on; the clock stands at frame `now`."""


class NullOutput(Paced):
    """A silent clock."""

    name = "null"
    latency_ms = 0


def line_of(error: Exception) -> str:
    """The words of an error, in a line; some libraries put a number beside them."""
    words = [part for part in error.args if isinstance(part, str)]
    return " ".join(" ".join(words or [str(error)]).split()) or type(error).__name__
