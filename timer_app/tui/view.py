"""What the widgets of a running session are given: one frozen picture of the run."""

from __future__ import annotations

from dataclasses import dataclass

from timer_app.core.record import SessionRecord
from timer_app.core.snapshot import Snapshot
from timer_app.core.timeline import StepInfo, Timeline


@dataclass(frozen=True, slots=True)
class RunView:
    """A run at one moment.

    Attributes:
        snapshot: Where the run stands.
        timeline: What runs.
        done: Indices of the steps in which work was done.
        volume: Loudness in percent.
        muted: Nothing is to be heard.
        heard: There is something that plays.
        slept: The run was paused because the computer slept or the program was stopped.
    """

    snapshot: Snapshot
    timeline: Timeline
    done: frozenset[int] = frozenset()
    volume: int = 100
    muted: bool = False
    heard: bool = True
    slept: bool = False

    @property
    def step(self) -> StepInfo | None:
        """The step that runs; `None` in opening and closing words."""
        step = self.snapshot.phase.step
        return None if step is None else self.timeline.steps[step]


def steps_done(record: SessionRecord) -> frozenset[int]:
    """Indices of the steps in which work was done."""
    return frozenset(index for index, step in enumerate(record.steps) if step.was_done)
