"""Clocks: where *now* comes from, in integer milliseconds.

A run has to notice that the computer slept, so its clock must run on meanwhile. Which clock of a system does so:

- Linux: `CLOCK_BOOTTIME`. `CLOCK_MONOTONIC` stops.
- macOS: `CLOCK_MONOTONIC_RAW`. `CLOCK_UPTIME_RAW` stops, and `time.monotonic` reads that one.
- Windows: `QueryInterruptTimePrecise`. `QueryUnbiasedInterruptTime` stops, and ticks of 16 ms are too coarse for sound.
- Elsewhere nothing is certain, and `SleepGuess` watches the wall clock.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from typing import Protocol

ReadClock = Callable[[], int]
"""Reads a clock, in nanoseconds since some fixed moment."""

_POSIX_CLOCKS = {
    "linux": "CLOCK_BOOTTIME",
    "android": "CLOCK_BOOTTIME",
    "darwin": "CLOCK_MONOTONIC_RAW",
    "ios": "CLOCK_MONOTONIC_RAW",
}
_INTERRUPT_TIME = "QueryInterruptTimePrecise"


def sleepless_clock(platform: str, offered: Mapping[str, ReadClock]) -> ReadClock | None:
    """The clock that runs on while the computer sleeps; `None` where none is known to.

    Args:
        platform: As in `sys.platform`.
        offered: The clocks that there are, by their names in the system.
    """
    name = _INTERRUPT_TIME if platform == "win32" else _POSIX_CLOCKS.get(platform, "")
    return offered.get(name)


if sys.platform == "win32":

    def _offered_clocks() -> dict[str, ReadClock]:
        import ctypes

        try:
            query = getattr(ctypes.WinDLL("kernelbase"), _INTERRUPT_TIME)
        except (OSError, AttributeError):  # before Windows 10
            return {}
        query.argtypes, query.restype = (ctypes.POINTER(ctypes.c_ulonglong),), None

        def read() -> int:
            ticks = ctypes.c_ulonglong()  # of its own, as threads read at once
            query(ctypes.byref(ticks))
            return ticks.value * 100

        return {_INTERRUPT_TIME: read}

else:

    def _offered_clocks() -> dict[str, ReadClock]:
        numbers = {name: number for name, number in vars(time).items() if name.startswith("CLOCK_")}
        return {name: partial(time.clock_gettime_ns, number) for name, number in numbers.items()}


_sleepless_clock = sleepless_clock(sys.platform, _offered_clocks())
_read_ns = _sleepless_clock or time.monotonic_ns


def machine_ms() -> float:
    """Real milliseconds since some fixed moment, with fractions; sound is timed with these, in every process."""
    return _read_ns() / 1_000_000


def _wall_ms() -> float:
    return time.time_ns() / 1_000_000


SLEEP_GAP_MS = 5_000
"""A clock that is not looked at for so long in real time means that the computer slept or the program was stopped."""


class SleepGuess:
    """Guesses that the computer slept where no clock tells: the wall clock went ahead of the machine's, which stopped.

    Somebody may as well have set the wall clock. So a sleep counts as `SLEEP_GAP_MS`, which is enough to be noticed,
    and never as the time that seems to have passed.

    Args:
        wall_ms: The wall clock.
        awake_ms: A clock that may stop while the computer sleeps.
    """

    def __init__(self, wall_ms: Callable[[], float] = _wall_ms, awake_ms: Callable[[], float] = machine_ms) -> None:
        self._wall_ms = wall_ms
        self._awake_ms = awake_ms
        self._ahead_ms = wall_ms() - awake_ms()
        self._counted_ms = 0

    def __call__(self) -> int:
        """Milliseconds to count for all sleep until now; they never become less."""
        ahead_ms = self._wall_ms() - self._awake_ms()
        if ahead_ms - self._ahead_ms >= SLEEP_GAP_MS:
            self._counted_ms += SLEEP_GAP_MS
        self._ahead_ms = ahead_ms
        return self._counted_ms


def _no_sleep() -> int:
    return 0


class Clock(Protocol):
    """The clock of a run, whose time may pass faster than real time."""

    @property
    def rate(self) -> float:
        """Clock milliseconds that pass in a real one."""

    def now_ms(self) -> int:
        """Milliseconds since some fixed moment."""

    def machine_ms(self, at_ms: int) -> float:
        """The real moment, as given by `machine_ms`, at which this clock shows `at_ms`."""


class MonotonicClock:
    """Real time, multiplied by `rate`; it shows 0 when it is made.

    Args:
        rate: Clock milliseconds that pass in a real one.
        slept_ms: Real milliseconds to count for sleep in which the machine's clock stopped; by default what this system
            needs.

    Raises:
        ValueError: `rate` is not a finite number above 0.
    """

    def __init__(self, rate: float = 1.0, slept_ms: Callable[[], int] | None = None) -> None:
        self._rate = _checked(rate)
        self._slept_ms = slept_ms or (_no_sleep if _sleepless_clock else SleepGuess())
        self._base_ms = machine_ms()

    @property
    def rate(self) -> float:
        """Clock milliseconds that pass in a real one."""
        return self._rate

    def now_ms(self) -> int:
        """Milliseconds since the clock was made, times the rate."""
        return int((machine_ms() + self._slept_ms() - self._base_ms) * self._rate)

    def machine_ms(self, at_ms: int) -> float:
        """The real moment at which this clock shows `at_ms`."""
        return self._base_ms + at_ms / self._rate - self._slept_ms()


class ManualClock:
    """A clock that moves only by `advance`, for tests and for running a timeline without waiting.

    Raises:
        ValueError: `rate` is not a finite number above 0.
    """

    def __init__(self, start_ms: int = 0, rate: float = 1.0) -> None:
        self._now_ms = start_ms
        self._rate = _checked(rate)

    @property
    def rate(self) -> float:
        """Clock milliseconds that pass in a real one; reported only, since nothing moves by itself."""
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
