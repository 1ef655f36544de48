"""Phases before their lines are placed: their lines and tones, and the priority of each line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, partial
from typing import NamedTuple

from timer_app.core.diagnostics import KeyPath
from timer_app.core.timeline import Phase, PhaseKind
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner

_SECOND_MS = 1_000
_CLEAR_START_MS = 500  # a countdown leaves room for the tone that opens its phase


class Priority(IntEnum):
    """Which line is placed first if there is not room for all; the only table of priorities."""

    SIDE = 0
    SWITCH = 1
    REST = 2
    COUNTDOWN = 3
    COUNT = 4
    AUTHOR = 5
    INSTRUCTION = 6
    NEXT = 7
    HEADS_UP = 8
    TIME_LEFT = 9
    SETS = 10
    SECONDS = 11
    SHARE = 12
    SESSION = 13
    PART = 14
    REMINDER = 15
    COMPANY = 16


class DraftLine(NamedTuple):
    """A line to be placed.

    Attributes:
        text: The words.
        priority: How important it is.
        at_ms: When it is due; `None` for after the lines before it.
        from_end: `at_ms` counts backwards from the end.
        on_beat: Its beat, not its start, falls on `at_ms`.
        as_late_as_possible: It comes as late as there is room; `at_ms` is ignored.
        follows_tone: It follows its tone closely, instead of waiting for the tone to end.
        slack_ms: How much later it may start if something else is being said.
        deadline_ms: When it has to be over; `None` for the end.
        shorter: Shorter forms, the longest first.
        origin: Its key in the session file; empty for the coach's own lines.
        language: The language of its words, where it is not that of the lines around it; empty for theirs.
        manner: How it is spoken, where not like the lines around it; `None` for their manner.
        late: Of the lines without a time, it is one of those that end the draft, and they begin only shortly before.
        last: Of the lines without a time, it is the one right before the countdown, or before the end.
        if_late_soon: What is said in its place where the late lines, which tell the rest of it, follow soon.
        no_place: Why it has no place at all, in words; empty for a line that is placed.
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
    language: str = ""
    manner: Manner | None = None
    late: bool = False
    last: bool = False
    if_late_soon: str = ""
    no_place: str = ""

    def manner_in(self, usual: Manner) -> Manner:
        """How it is spoken among lines that are spoken as `usual`."""
        own = usual if self.manner is None else self.manner
        return own._replace(language=self.language) if self.language else own


class Tone(NamedTuple):
    """A sound to be placed.

    Attributes:
        sound: Its name.
        at_ms: When it begins.
        from_end: `at_ms` counts backwards from the end.
        ends_with_phase: It ends when the phase does; `at_ms` is ignored.
        length_ms: Of a sound made to fit, over which lines are spoken; `None` for others, which lines wait for.
    """

    sound: str
    at_ms: int = 0
    from_end: bool = False
    ends_with_phase: bool = False
    length_ms: int | None = None


class PhaseTemplate(NamedTuple):
    """A phase without its length and its cues."""

    make: partial[Phase]
    duration_ms: int | None


@dataclass(slots=True)
class Draft:
    """Unfinished phases that are planned together: a set, a rest with the time to get ready that it lacks, or a phase.

    Attributes:
        templates: The phases; more than one only where all have a length.
        is_work: They are work, so that the next draft begins with the tone that ends it.
        lines: In the order in which they should be said; times count from the start of the first phase.
        tones: The sounds.
        grows: The last phase gets longer if the lines need it.
        countdown: How many last seconds are counted down.
        manner: How the lines are spoken.
        untimed: The phases are no part of the session's time.
        retell: Called when its only phase has become longer, so that what is told of its length is true.
        refill: Called with the length of the rest of a timed round when that is known, to fill its silence.
        lasts_ms: How long the rest of a timed round is at the most, until that is known.
        until_ms: It is the rest of a round that lasts so long from its beginning; `None` elsewhere.
        begins_round: Such a round begins with it.
        since_ms: At least so much time has passed since the session began.
        settle_ms: Silence that it has between the lines without a time and the last of them, or the countdown.
    """

    templates: list[PhaseTemplate]
    is_work: bool = False
    lines: list[DraftLine] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)
    grows: bool = False
    countdown: int = 0
    manner: Manner = DEFAULT_MANNER
    untimed: bool = False
    retell: Callable[[Draft], None] | None = None
    refill: Callable[[Draft, int], None] | None = None
    lasts_ms: int = 0
    until_ms: int | None = None
    begins_round: bool = False
    since_ms: int = 0
    settle_ms: int = 0

    @property
    def kind(self) -> PhaseKind:
        """What its phases are."""
        kind: PhaseKind = self.templates[0].make.args[0]
        return kind

    @property
    def length_ms(self) -> int | None:
        """How long the phases last, without growth; `None` for a phase that waits for the user."""
        last_ms = self.templates[-1].duration_ms
        if last_ms is None or len(self.templates) == 1:
            return last_ms
        return sum([duration_ms or 0 for _make, duration_ms in self.templates])

    def count_down(self, seconds: int) -> None:
        """Mark the last seconds with ticks and numbers, as many as the phase has room for."""
        room_ms = (self.length_ms or 0) - _CLEAR_START_MS
        self.countdown = seconds if self.grows else max(0, min(seconds, room_ms // _SECOND_MS))
        ticks, lines = _last_seconds(self.countdown)
        self.tones += ticks
        self.lines += lines


@cache
def _last_seconds(count: int) -> tuple[tuple[Tone, ...], tuple[DraftLine, ...]]:
    """Ticks and numbers of a countdown; most phases of a session have the same one."""
    seconds = range(count, 0, -1)
    ticks = (Tone("tick", second * _SECOND_MS, from_end=True) for second in seconds)
    lines = (
        DraftLine(str(second), Priority.COUNTDOWN, second * _SECOND_MS, from_end=True, on_beat=True)
        for second in seconds
    )
    return tuple(ticks), tuple(lines)


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line that did not fit as it is.

    Attributes:
        text: The line.
        phase: Index of the phase it belonged to.
        origin: Its key in the session file; empty for the coach's own lines.
        reason: Why, in words.
        at_ms: When it was due, from the start of the phase; `None` for no fixed time.
        replacement: The shorter form that is said; empty for none.
        priority: How important it is.
        length_ms: How long it takes to say.
        lacking_ms: About how much more time there would have to be for it; 0 where time is not what is missing.
        moved_ms: It is said as it is, but so much later than its time.
    """

    text: str
    phase: int
    origin: KeyPath
    reason: str
    at_ms: int | None = None
    replacement: str = ""
    priority: Priority = field(default=Priority.SESSION, compare=False)
    length_ms: int = field(default=0, compare=False)
    lacking_ms: int = field(default=0, compare=False)
    moved_ms: int = field(default=0, compare=False)

    @property
    def is_said_before_work(self) -> bool:
        """Whether it belongs to the time before an exercise."""
        return self.priority is Priority.INSTRUCTION
