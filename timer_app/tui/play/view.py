"""The view that the widgets of the play screen show: a run at one moment, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from timer_app.core.player.recorder import Outcome
from timer_app.core.player.states import Snapshot
from timer_app.core.timeline import StepInfo, Timeline

OUTCOME_SIGNS: dict[str, str] = {"done": "✓", "in part": "~", "not done": "-"}
"""The sign before a step that is over, by its outcome."""


@dataclass(frozen=True, slots=True)
class RunView:
    """A run at one moment.

    Attributes:
        snapshot: Where the run stands.
        timeline: What runs.
        outcomes: Of each step so far; empty in a view for a frame of figure and pacer.
        volume: In percent.
        muted: The sound is off.
        has_sound: There is a sound device, and it plays.
        slept: The run was paused because the computer slept or the program was stopped.
        paused_s: Seconds since the run was paused; 0 while it is not.
        ends_at: When the session ends by the wall clock if nothing holds it up; `None` where nobody asked for that.
        has_open_phases_left: It waits for the user now, or will later.
    """

    snapshot: Snapshot
    timeline: Timeline
    outcomes: tuple[Outcome, ...] = ()
    volume: int = 100
    muted: bool = False
    has_sound: bool = True
    slept: bool = False
    paused_s: int = 0
    ends_at: datetime | None = None
    has_open_phases_left: bool = False

    @property
    def step(self) -> StepInfo | None:
        """The step that runs; `None` in opening and closing words."""
        step = self.snapshot.phase.step
        return None if step is None else self.timeline.steps[step]


@runtime_checkable
class RunViewWidget(Protocol):
    """A widget that shows something of the run; it redraws only when that changes."""

    def show_view(self, view: RunView) -> None:
        """Show the run as it is now."""
