"""Drafts of phases: what should be said and sounded, with priorities, before lines are placed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, partial
from typing import NamedTuple

from timer_app.core.diagnostics.problems import KeyPath
from timer_app.core.timeline.model import Phase
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner, with_manner

_SECOND_MS = 1_000
_CLEAR_START_MS = 500  # a countdown leaves the start of its phase to the tone that opens it


class Priority(IntEnum):
    """Who speaks first where there is not room for all; the one table of priorities."""

    SIDE = 0
    COUNTDOWN = 1
    COUNT = 2
    AUTHOR = 3
    INSTRUCTION = 4
    NEXT = 5
    HEADS_UP = 6
    TIME_LEFT = 7
    SETS = 8
    SECONDS = 9
    SHARE = 10
    SESSION = 11
    PART = 12


class DraftLine(NamedTuple):
    """Something to be said.

    Attributes:
        text: The words.
        priority: How much it matters.
        at_ms: Where it belongs; `None` for after the lines before it.
        from_end: `at_ms` counts backwards from the end.
        on_beat: Its beat, not its start, falls on that place.
        as_late_as_possible: As late as there is room; `at_ms` does not count.
        follows_tone: It follows its tone closely, instead of waiting until that has died away.
        slack_ms: How much later it may start where something else is being said.
        deadline_ms: When it must have been said; `None` for the end.
        shorter: What may be said instead, the longest first.
        origin: The key in the session file that asks for it; empty for the coach's own lines.
    """

    text: str
    priority: Priority
    at_ms: int | None = None
    from_end: bool = False
    on_beat: bool = False
    as_late_as_possible: bool = False
    follows_tone: bool = False
    slack_ms: int = 0
    deadline_ms: int | None = None
    shorter: tuple[str, ...] = ()
    origin: KeyPath = ()

    def with_manner(self, manner: Manner) -> DraftLine:
        """The same line in a manner of its own."""
        shorter = tuple(with_manner(text, manner) for text in self.shorter)
        return self._replace(text=with_manner(self.text, manner), shorter=shorter)


class Tone(NamedTuple):
    """A sound at a place.

    Attributes:
        sound: Its name.
        at_ms: Where it begins.
        from_end: `at_ms` counts backwards from the end.
        ends_with_phase: It is over as the phase is; `at_ms` does not count.
        length_ms: Of a sound made to measure, which lies under what is said; `None` for others, which lines wait for.
    """

    sound: str
    at_ms: int = 0
    from_end: bool = False
    ends_with_phase: bool = False
    length_ms: int | None = None


class PhaseTemplate(NamedTuple):
    """A phase that lacks its length and its cues."""

    make: partial[Phase]
    duration_ms: int | None


@dataclass(slots=True)
class Draft:
    """Phases in the making that follow one another as one: all parts of all reps of a set, or a single phase.

    Attributes:
        templates: The phases; more than one only where all have a length.
        is_work: They are work, so that what follows begins with the tone of its end.
        lines: In the order in which they should be said; places count from the start of the first phase.
        tones: The sounds.
        grows: The only phase gets longer where its lines need it.
        countdown: How many last seconds are counted down.
    """

    templates: list[PhaseTemplate]
    is_work: bool = False
    lines: list[DraftLine] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)
    grows: bool = False
    countdown: int = 0

    @property
    def length_ms(self) -> int | None:
        """How long it all lasts, growth left out; `None` for a phase that waits for the user."""
        if self.templates[-1].duration_ms is None:
            return None
        return sum(blank.duration_ms or 0 for blank in self.templates)

    def apply_manner(self, manner: Manner) -> None:
        """Have everything spoken in that manner."""
        if manner != DEFAULT_MANNER:
            self.lines = [line.with_manner(manner) for line in self.lines]

    def count_down(self, seconds: int) -> None:
        """Mark the last seconds with ticks and numbers, as far as there are so many."""
        room_ms = (self.length_ms or 0) - _CLEAR_START_MS
        self.countdown = seconds if self.grows else max(0, min(seconds, room_ms // _SECOND_MS))
        marks, lines = _last_seconds(self.countdown)
        self.tones += marks
        self.lines += lines


@cache
def _last_seconds(count: int) -> tuple[tuple[Tone, ...], tuple[DraftLine, ...]]:
    """Ticks and numbers of a countdown; most phases of a session have the same one."""
    seconds = range(count, 0, -1)
    marks = (Tone("tick", second * _SECOND_MS, from_end=True) for second in seconds)
    lines = (
        DraftLine(str(second), Priority.COUNTDOWN, second * _SECOND_MS, from_end=True, on_beat=True)
        for second in seconds
    )
    return tuple(marks), tuple(lines)


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line for which there was no room as it is.

    Attributes:
        text: The line.
        phase: Index of the phase it belonged to.
        origin: The key in the session file that asks for it; empty for the coach's own lines.
        reason: Why, in words.
        at_ms: Where it was wanted, from the start of the phase; `None` for no certain place.
        replacement: The shorter form that is said; empty where nothing is.
    """

    text: str
    phase: int
    origin: KeyPath
    reason: str
    at_ms: int | None = None
    replacement: str = ""
