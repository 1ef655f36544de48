"""What a run will tell and have done at each moment: the same run with a clock that is moved."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import State
from timer_app.history.store import UnfinishedRecord
from timer_app.library.library import Library
from timer_app.plain.runner import PlainRun
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import silent_sound_system
from timer_app.run.tracker import ResumableRun, RunTracker


class Done(NamedTuple):
    """How far a run has come; none of it ever becomes less while a run goes on."""

    phase: int
    work_ms: int
    reps: int
    answers: int

    @classmethod
    def of(cls, cut_off: UnfinishedRecord, work_ms: int) -> Done:
        """What the history has of a run; `work_ms` with that of the set under way."""
        return cls(cut_off.phase, work_ms, cut_off.record.reps, len(cut_off.record.answers))


class Foreseen:
    """A run from its start, or from where it was cut off, to its end; whoever does it answers at once.

    Attributes:
        told: Every line with how far the run had come by then.
        moments: How far it had come, after so many milliseconds of the session.
        begins_at: The phase it begins with.
        timeline: What is done.
    """

    def __init__(self, library: Library, path: Path, diary: RunTracker, offer: ResumableRun | None, seed: int) -> None:
        self.reported: list[tuple[str, Done]] = []
        self.moments: list[tuple[int, Done]] = []
        session, _ = library.load(library.find(str(path)))
        options = RunOptions(seed=seed, sound=False)
        self._clock = ManualClock()
        environment = RunEnvironment(lambda *_: silent_sound_system(), self._clock)
        starter = RunTracker(diary.store, is_enabled=False).starter(path.stem, path, offer)
        options = offer.restore_options(options) if offer else options
        self._stage = open_run(session, options, library, path, environment, starter=starter)
        self.begins_at, self.timeline = self._stage.snapshot().index, self._stage.timeline
        PlainRun(self._stage, self._tell, self._wait, answers=True).play()
        self._stage.close()

    def at(self, session_ms: float) -> Done:
        """How far the run can have come by then."""
        return next((done for at_ms, done in self.moments if at_ms >= session_ms), self.moments[-1][1])

    def _tell(self, line: str) -> None:
        self.reported.append((line, _done(self._stage)))

    def _wait(self, limit_ms: float) -> str | None:
        self.moments.append((self._clock.now_ms(), _done(self._stage)))
        if self._stage.state is State.WAITING:
            return "4" if self._stage.snapshot().phase.measure else ""
        self._clock.advance(math.ceil(limit_ms))
        return None


def _done(live_run: LiveRun) -> Done:
    record, now = live_run.record, live_run.snapshot()
    under_way_ms = now.elapsed_ms if now.phase.kind == "work" else 0
    return Done(now.index, record.work_ms + under_way_ms, record.reps, len(record.answers))
