"""Where *now* comes from, in integer milliseconds."""

from __future__ import annotations

import time
from math import inf
from typing import Protocol

# The boot clock goes on while a laptop sleeps, so a run notices that it slept; the monotonic one does not.
_BOOT_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def machine_ms() -> float:
    """Real milliseconds since some fixed moment, with fractions; what sound is timed with."""
    nanoseconds = time.monotonic_ns() if _BOOT_CLOCK is None else time.clock_gettime_ns(_BOOT_CLOCK)
    return nanoseconds / 1_000_000


class Clock(Protocol):
    """Tells the time of a run, which may pass faster than real time."""

    @property
    def rate(self) -> float:
        """Clock milliseconds that pass in a real one."""

    def now_ms(self) -> int:
        """Milliseconds since some fixed moment."""

    def machine_ms(self, at_ms: int) -> float:
        """The real moment, as `machine_ms` tells it, at which this clock shows `at_ms`."""


class MonotonicClock:
    """Real time, multiplied by `rate`; it shows 0 at the moment it was made.

    Raises:
        ValueError: `rate` is not a finite number above 0.
    """

    def __init__(self, rate: float = 1.0) -> None:
        self._rate = _checked(rate)
        self._base_ms = machine_ms()

    @property
    def rate(self) -> float:
        """Clock milliseconds that pass in a real one."""
        return self._rate

    def now_ms(self) -> int:
        """Milliseconds since the clock was made, times the rate."""
        return int((machine_ms() - self._base_ms) * self._rate)

    def machine_ms(self, at_ms: int) -> float:
        """The real moment at which this clock shows `at_ms`."""
        return self._base_ms + at_ms / self._rate


class ManualClock:
    """A clock that moves only when told to, for tests and for running a timeline without waiting.

    Raises:
        ValueError: `rate` is not a finite number above 0.
    """

    def __init__(self, start_ms: int = 0, rate: float = 1.0) -> None:
        self._now_ms = start_ms
        self._rate = _checked(rate)

    @property
    def rate(self) -> float:
        """Clock milliseconds that pass in a real one; told, not acted upon."""
        return self._rate

    def now_ms(self) -> int:
        """The moment last moved to."""
        return self._now_ms

    def machine_ms(self, at_ms: int) -> float:
        """The moment itself, divided by the rate."""
        return at_ms / self._rate

    def advance(self, by_ms: int) -> int:
        """Move on by `by_ms` (not backwards) and return the new moment."""
        if by_ms < 0:
            raise ValueError("a clock does not go backwards")
        self._now_ms += by_ms
        return self._now_ms


def _checked(rate: float) -> float:
    if not 0 < rate < inf:
        raise ValueError("a clock's rate must be above 0")
    return rate
