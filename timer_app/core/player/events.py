"""Events of a run; each carries the moment it was due, in clock milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

from timer_app.core.timeline import Cue


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the run.

    Attributes:
        due_ms: When it happened or was due, on the clock the player is driven with.
    """

    due_ms: int


@dataclass(frozen=True, slots=True)
class PhaseStarted(Event):
    """Phase `index` begins."""

    index: int


@dataclass(frozen=True, slots=True)
class PhaseEnded(Event):
    """Phase `index` ends after `done_ms` spent in it; `skipped` when the user left it early."""

    index: int
    done_ms: int
    skipped: bool


@dataclass(frozen=True, slots=True)
class CueDue(Event):
    """A cue of phase `index`; `index` is `None` for the lead-in after a pause.

    `from_ms` of a sound that a pause has cut were heard before the pause.
    """

    index: int | None
    cue: Cue
    from_ms: int = 0


@dataclass(frozen=True, slots=True)
class RepCounted(Event):
    """Rep `rep` of phase `index` was completed, by the tempo or by the user."""

    index: int
    rep: int


@dataclass(frozen=True, slots=True)
class RoundCounted(Event):
    """The user has completed round `round` of phase `index`, in which one clock runs for all rounds."""

    index: int
    round: int


@dataclass(frozen=True, slots=True)
class TimeAdded(Event):
    """`added_ms` were added to phase `index` (negative: taken off)."""

    index: int
    added_ms: int


@dataclass(frozen=True, slots=True)
class Measured(Event):
    """The user answered the question of phase `index`; `None` when it was skipped."""

    index: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Paused(Event):
    """The run is paused."""


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """The run goes on after its lead-in."""


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """The session is finished; `early` when the user ended it before its end."""

    early: bool = False


@dataclass(frozen=True, slots=True)
class Aborted(Event):
    """The user gave up the session."""
