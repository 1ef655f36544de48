"""A stage without voice or device, led by a clock that the test moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from tests.fake_run import FakeRun
from timer_app.core.player.clock import ManualClock
from timer_app.core.timeline.model import Timeline
from timer_app.plain.runner import PlainRun

if TYPE_CHECKING:
    from timer_app.run.live import LiveRun


class FakeLiveRun(FakeRun):
    """A run whose voice is ready after `busy` looks."""

    def __init__(self, timeline: Timeline, *, busy: int = 0) -> None:
        super().__init__(timeline)
        self._busy = busy

    def progress(self) -> tuple[int, int]:
        return 1, 4

    def is_ready(self) -> bool:
        self._busy -= 1
        return self._busy < 0


class SleepyStage(FakeLiveRun):
    """A stage whose computer sleeps for a minute when ten seconds of the run are over."""

    _SLEEPS_AT_MS, _SLEEPS_MS = 10_000, 60_000

    def refresh(self) -> list[str]:
        if self._SLEEPS_AT_MS < self.clock.now_ms() < self._SLEEPS_MS:
            self.clock.advance(self._SLEEPS_MS)
        return super().refresh()


class Typist:
    """Stands for waiting: moves the clock, and types each line when its moment comes."""

    def __init__(self, clock: ManualClock, typed: Sequence[tuple[int, str]] = ()) -> None:
        self._clock = clock
        self._typed = list(typed)

    def __call__(self, limit_ms: float) -> str | None:
        until_ms = self._clock.now_ms() + math.ceil(limit_ms)
        if self._typed and self._typed[0][0] <= until_ms:
            at_ms, line = self._typed.pop(0)
            self._clock.advance(max(0, at_ms - self._clock.now_ms()))
            return line
        self._clock.advance(until_ms - self._clock.now_ms())
        return None


@dataclass(frozen=True)
class Played:
    """A run that is over: what was told and how it ended."""

    reported: list[str]
    status: int
    live_run: FakeLiveRun

    def lines(self, word: str) -> list[str]:
        """The texts of all lines that have this word."""
        return [row[19:] for row in self.reported if row[9:17].strip() == word]


def play(
    timeline: Timeline,
    typed: Sequence[tuple[int, str]] = (),
    *,
    answers: bool = True,
    live_run: FakeLiveRun | None = None,
) -> Played:
    """Run a timeline to its end, each line of `typed` entered at its moment on the clock."""
    live_run = live_run or FakeLiveRun(timeline)
    reported: list[str] = []
    run = PlainRun(cast("LiveRun", live_run), reported.append, Typist(live_run.clock, typed), answers=answers)
    return Played(reported, run.play(), live_run)
