"""What stands between a device's thread and the rest: nothing raised inside, nothing waited for without a limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeAlias, TypeVar

import numpy as np

from timer_app.audio.base import AudioError, Samples

Pull: TypeAlias = Callable[[int], Samples]
"""Asked for a number of frames, gives exactly so many."""

_T = TypeVar("_T")


class Feed:
    """Calls `pull` for a device: notes the moment, and gives silence where it fails.

    Attributes:
        fault: The first thing `pull` raised; from then on there is silence.
    """

    def __init__(self, pull: Pull) -> None:
        self.fault: Exception | None = None
        self._pull = pull
        self._asked_s = time.monotonic()

    @property
    def idle_s(self) -> float:
        """Seconds since the device last asked, or since the feed was made."""
        return time.monotonic() - self._asked_s

    def touch(self) -> None:
        """Count this moment as one at which the device was seen working."""
        self._asked_s = time.monotonic()

    def __call__(self, n_frames: int) -> Samples:
        """The next `n_frames` samples; never raises."""
        self.touch()
        if self.fault is None:
            try:
                return self._pull(n_frames)
            except Exception as fault:  # noqa: BLE001 - a device's thread has nobody to raise to; `fault` tells
                self.fault = fault
        return np.zeros(n_frames, np.float32)


def within(limit_s: float, what: str, call: Callable[[], _T]) -> _T:
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
        raise AudioError(f"{what} did not answer within {limit_s:g} s")
    return results[0]
