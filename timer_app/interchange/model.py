"""The neutral model of an imported routine, and the ledger of what became of its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from timer_app.core.fields import DoseRange
from timer_app.core.i18n import N_, _

MAX_STEPS = 100_000
"""How many steps may be imported at once, those of all sources taken together."""

# What is added where a source of sets and reps writes no times: enough to hear what comes and to find the position.
PREPARE_MS, REST_MS, SWITCH_MS = 15_000, 10_000, 6_000

# What several formats have.
NOT_UNDERSTOOD = N_("not understood; kept as a comment in the file")
SUPERSET = N_("exercises of one superset are done in turn")

Fate = Literal["taken", "changed", "lost"]
"""What became of something in a source: it is in the session as it was, in another form, or not at all."""
Breath = Literal["in", "hold", "out"]
"""Which way a part of a breath goes."""


class InterchangeError(Exception):
    """A source cannot be read; the message is one clear line."""


NO_DETAILS: Mapping[str, object] = MappingProxyType({})


class LedgerEntry(NamedTuple):
    """What became of one key, cell or line of a source.

    Attributes:
        line: In which line it stands, from 1 on; 0 for the source as a whole.
        key: Its name, such as `items[0].intervals[2].splitRest`, or the text of a line.
        value: What it says, as text.
        fate: What became of it.
        reason: Why, in English with placeholders; empty where there is nothing to say.
        details: What the placeholders of the reason stand for.
    """

    line: int
    key: str
    value: str
    fate: Fate
    reason: str = ""
    details: Mapping[str, object] = NO_DETAILS

    @property
    def note(self) -> str:
        """The reason in English."""
        return self.reason.format(**self.details)

    @property
    def shown_note(self) -> str:
        """The reason in the language of the program."""
        return _(self.reason).format(**self.details) if self.reason else ""

    def to_dict(self) -> dict[str, object]:
        """The same as plain data."""
        return {"line": self.line, "key": self.key, "value": self.value, "fate": self.fate, "note": self.note}


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a rep, or of a breath."""

    name: str
    lasts_ms: int
    breath: Breath | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to be heard during the work; one of `say` and `sound`."""

    at: str
    say: str = ""
    sound: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """An exercise.

    Attributes:
        name: Its name.
        hold: How long, in milliseconds: one for all sets, or one for each.
        reps: How often: one for all sets, or one for each.
        distance: How far, such as `400 m`.
        sets: How many sets, where the dose is one for all.
        rest_ms: The rest between sets; `None` for the session's.
        sides: Empty for none, or a choice of the session format.
        switch_ms: The time to change sides; `None` for the session's.
        tempo: A tempo as sessions write it, or the parts of a rep.
        load: What is lifted.
        rpe: How hard a set is to be.
        rir: How many reps are to be left in reserve.
        say: The instruction.
        overrun: It goes on past its end until the user moves on.
        marks: How it is divided; empty for the session's.
        countdown: How many last seconds are marked; `None` for the usual.
        cues: What is heard.
        exercise: The id of the exercise of the catalogue that it is; empty for none.

    Without hold, reps and distance, the source names no dose.
    """

    name: str
    hold: tuple[DoseRange, ...] = ()
    reps: tuple[DoseRange, ...] = ()
    distance: str = ""
    sets: int = 1
    rest_ms: int | None = None
    sides: str = ""
    switch_ms: int | None = None
    tempo: str | tuple[Part, ...] = ""
    load: str = ""
    rpe: str = ""
    rir: str = ""
    say: str = ""
    overrun: bool = False
    marks: str = ""
    countdown: int | None = None
    cues: tuple[Cue, ...] = ()
    exercise: str = ""

    @property
    def has_dose(self) -> bool:
        """Whether the source says how much of it is to be done."""
        return bool(self.hold or self.reps or self.distance)


@dataclass(frozen=True, slots=True)
class Rest:
    """A rest, with what is said instead of the coach's word."""

    lasts_ms: int
    say: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Something to be said."""

    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Something to do until the user goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was not understood, kept as a comment at its place."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Steps that are repeated; `rest_ms` lies between the rounds, `between_ms` between the steps (`None` for none)."""

    steps: tuple[Step, ...]
    name: str = ""
    rounds: int = 1
    rest_ms: int = 0
    between_ms: int | None = None
    shuffle: bool = False
    every_ms: int | None = None
    within_ms: int | None = None


Step = Work | Rest | Say | Wait | Remark | Block


@dataclass(frozen=True, slots=True)
class ImportedSession:
    """A session that a source describes.

    Attributes:
        name: Its name.
        steps: What is done.
        summary: One line about it.
        language: The code of the language of its texts.
        folder: The folders of the source in which it lies, from the outermost to the innermost.
        prepare_ms: Time to get ready for an exercise.
        rest_ms: The usual rest between sets.
        switch_ms: The usual time to change sides.
        marks: How holds are divided that say nothing else.
    """

    name: str
    steps: tuple[Step, ...]
    summary: str = ""
    language: str = "en"
    folder: tuple[str, ...] = ()
    prepare_ms: int = 0
    rest_ms: int = 0
    switch_ms: int = 0
    marks: str = ""


@dataclass(frozen=True, slots=True)
class ImportedExercise:
    """An exercise for the user's own catalogue; one of `hold_ms` and `reps` is its dose."""

    id: str
    name: str
    say: str
    hold_ms: int | None = None
    reps: int | None = None
    muscles: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """All that a source gives.

    Attributes:
        sessions: The sessions that it describes.
        ledger: What became of everything in it.
        exercises: The exercises that it lists.
    """

    sessions: tuple[ImportedSession, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    exercises: tuple[ImportedExercise, ...] = ()


def all_sessions(found: Iterable[Iterable[ImportedSession]]) -> tuple[ImportedSession, ...]:
    """The sessions that each part of a source gives, as long as there are no more steps in them than can be imported.

    Raises:
        InterchangeError: There are.
    """
    sessions: list[ImportedSession] = []
    steps = 0
    for part in found:
        for session in part:
            sessions.append(session)
            steps += 1 + sum(1 for _step in every_step(session.steps))
            check_steps(steps)
    return tuple(sessions)


def check_steps(steps: int) -> None:
    """Refuse more steps than can be imported.

    Raises:
        InterchangeError: There are more.
    """
    if steps > MAX_STEPS:
        raise InterchangeError(
            _("there are more than {most:,} steps in it; import less at once").format(most=MAX_STEPS)
        )


def superset(works: Sequence[Work], usual_rest_ms: int) -> Block:
    """Exercises that are done in turn, as many rounds as the one with the most sets has.

    Args:
        works: The exercises.
        usual_rest_ms: The rest after a round, where none of them names one.
    """
    rests_ms = [work.rest_ms for work in works if work.rest_ms is not None]
    rounds = max(work.sets for work in works)
    steps = tuple(replace(work, sets=1, rest_ms=None) for work in works)
    return Block(steps, "", rounds, max(rests_ms, default=usual_rest_ms))


def every_step(steps: Iterable[Step]) -> Iterator[Step]:
    """All steps, those in blocks after their block."""
    for step in steps:
        yield step
        if isinstance(step, Block):
            yield from every_step(step.steps)


def is_to_do(steps: Iterable[Step]) -> bool:
    """Whether there is anything in them to be done."""
    return any(not isinstance(step, Remark | Block) for step in every_step(steps))
