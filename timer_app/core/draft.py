"""Phases before their lines are placed: what should be said and sounded, and how much each line matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from timer_app.core.problems import Path
from timer_app.core.timeline import Phase


class Rank(IntEnum):
    """Who speaks first where there is not room for all; the one table of priorities."""

    COUNTDOWN = 0
    COUNT = 1
    AUTHOR = 2
    SIDE = 3
    INSTRUCTION = 4
    NEXT = 5
    SETS = 6
    HALFWAY = 7
    PART = 8


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be said in a phase.

    Attributes:
        text: The words.
        rank: How much it matters.
        at_ms: Where it belongs; `None` for after the lines before it.
        from_end: `at_ms` counts backwards from the end of the phase.
        on_beat: Its beat, not its start, falls on that place.
        latest: As late in the phase as there is room; `at_ms` does not count.
        slack_ms: How much later it may start where something else is being said.
        shorter: What may be said instead, the longest first.
        origin: The key in the session file that asks for it; empty for the coach's own lines.
    """

    text: str
    rank: Rank
    at_ms: int | None = None
    from_end: bool = False
    on_beat: bool = False
    latest: bool = False
    slack_ms: int = 0
    shorter: tuple[str, ...] = ()
    origin: Path = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A sound in a phase, at a place counted from its start or backwards from its end."""

    sound: str
    at_ms: int = 0
    from_end: bool = False


@dataclass(slots=True)
class Draft:
    """A phase in the making.

    Attributes:
        phase: Without cues; its duration may still grow.
        lines: In the order in which they should be said.
        marks: The sounds.
        grows: The phase gets longer where its lines need it.
        countdown: How many last seconds are counted down.
    """

    phase: Phase
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    grows: bool = False
    countdown: int = 0

    def count_down(self, seconds: int) -> None:
        """Mark the last seconds with ticks and numbers, as far as the phase has them."""
        duration_ms = self.phase.duration_ms or 0
        self.countdown = seconds if self.grows else max(0, min(seconds, (duration_ms - 1) // 1_000))
        for second in countdown_seconds(self.countdown):
            self.marks.append(Mark("tick", second * 1_000, from_end=True))
            self.lines.append(Line(str(second), Rank.COUNTDOWN, second * 1_000, from_end=True, on_beat=True))


def countdown_seconds(count: int) -> Iterator[int]:
    """The seconds of a countdown, in order: 3, 2, 1."""
    return iter(range(count, 0, -1))


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line for which there was no room.

    Attributes:
        text: The line.
        phase: Index of the phase it belonged to.
        origin: The key in the session file that asks for it; empty for the coach's own lines.
        reason: Why, in words.
    """

    text: str
    phase: int
    origin: Path
    reason: str
