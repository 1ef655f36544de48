"""A stage without voice or device, led by a clock that the test moves."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from timer_app.core.clock import ManualClock
from timer_app.core.conductor import Conductor, SilentSink
from timer_app.core.events import Event
from timer_app.core.player import Player
from timer_app.core.record import Recorder
from timer_app.core.timeline import Timeline

PROGRAM = (sys.executable, "-m", "timer_app")


class FakeStage:
    """What the plain mode asks of a stage, with a manual clock; `busy` looks pass before it is ready."""

    def __init__(self, timeline: Timeline, *, busy: int = 0) -> None:
        self.clock = ManualClock()
        self.timeline = timeline
        self.conductor = Conductor(Player(timeline), self.clock, SilentSink())
        self.recorder = Recorder(timeline)
        self.notices: list[str] = []
        self.volume, self.muted = 80, False
        self._busy = busy

    def progress(self) -> tuple[int, int]:
        return 1, 4

    def is_ready(self) -> bool:
        self._busy -= 1
        return self._busy < 0

    def refresh(self) -> list[str]:
        told, self.notices = self.notices, []
        return told

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def set_muted(self, muted: bool) -> None:
        self.muted = muted

    def see(self, events: Iterable[Event]) -> None:
        self.recorder.see(events)

    def close(self) -> None:
        self.conductor.close()


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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without any files; programs started by the test see it too."""
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"TIMER_APP_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONUTF8", "1")
    for name in ("TERM", "_TIMER_APP_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
