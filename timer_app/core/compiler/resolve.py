"""Resolves steps: what the step does not say comes from its exercise, then from the session's defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar, cast

from timer_app.core.fields import DoseRange, duration_text, shortened, without_placeholders
from timer_app.core.fields.types import Marks
from timer_app.core.figures import Figure, FigureKeys
from timer_app.core.session import CuePoint, DoseKey, Exercise, Part, Phrases, Tempo, WorkKeys
from timer_app.core.session.model import Block, Defaults, RestStep, WorkStep
from timer_app.core.timeline import Breath, SideKind
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner

DEFAULT_REP_MS = 3_000


@dataclass(frozen=True, slots=True)
class ResolvedPart:
    """A part of a rep or of a flow, its length settled.

    Attributes:
        name: Its word; empty for a rep in one piece.
        duration_ms: How long it lasts.
        say: An author's line for it; empty for none.
        breath: Which way to breathe in it.
        number: Which part it is, from 1, those of no length counted.
        part_count: How many parts there are, those of no length counted.
    """

    name: str
    duration_ms: int
    say: str = ""
    breath: Breath | None = None
    number: int = 1
    part_count: int = 1


class PartOccurrence(NamedTuple):
    """A part at one of the times it is done in a set.

    Attributes:
        at_ms: From the start of the set.
        number: The rep, or the round of the flow.
        part: What is done.
        is_first: It is the first of its rep or round.
    """

    at_ms: int
    number: int
    part: ResolvedPart
    is_first: bool


class CuePlacement(NamedTuple):
    """An author's cue at one of the places it belongs to.

    Attributes:
        number: Its index among the cues of the step.
        cue: The cue.
        at_ms: From the start of the set; `None` where the set has no such place.
        from_end: The place belongs to the end of the set.
    """

    number: int
    cue: CuePoint
    at_ms: int | None
    from_end: bool = False


@dataclass(frozen=True)
class Work:
    """A step of work, ready to be laid out.

    Attributes:
        kind: `hold`, `reps` or `flow`; `rounds` for a block with one clock for all its rounds.
        name: The exercise's name, placeholders still in it; `short` the shorter form, the same where there is none.
        say: The instruction; empty for none.
        count: Milliseconds of a hold or of the one clock, reps, or rounds of a flow.
        parts: The parts of a rep or a flow; empty for holds and self-paced reps.
        sides: In order; empty where both are worked at once.
        cues: The author's cues for each set.
        marks: Into which shares a hold is divided.
        heads_up_ms: How long before the end of a hold there is a warning; 0 for none.
        tell_every_ms: How often in a hold the time left is told; 0 for never.
        text: The instruction as shown; empty where it is shown as it is spoken.
        label: The author's word for the work; empty for none.
        manner: How its lines are spoken.
        figure: Who does it along; `None` for nobody.
        rounds: After how many rounds the one clock stops; 0 for none.
        round_steps: What is done in each of these rounds, without rests.
        both_sides: It takes both sides at once even where the whole sequence is done by sides.
    """

    kind: DoseKey | Literal["rounds"]
    name: str
    short: str
    say: str
    count: int
    parts: tuple[ResolvedPart, ...]
    sides: tuple[str, ...]
    sets: int
    prepare_ms: int
    rest_ms: int
    switch_ms: int
    countdown: int
    cues: tuple[CuePoint, ...]
    cautions: tuple[str, ...]
    equipment: tuple[str, ...]
    count_up: bool = False
    overrun: bool = False
    marks: Marks = "halves"
    heads_up_ms: int = 0
    tell_every_ms: int = 0
    text: str = ""
    label: str = ""
    manner: Manner = DEFAULT_MANNER
    figure: Figure | None = None
    rounds: int = 0
    round_steps: tuple[Work, ...] = ()
    both_sides: bool = False

    def on_side(self, side: str | None) -> Work:
        """The same on one side, where the whole sequence is done by sides; as it is with `None`."""
        return self if side is None or self.both_sides else replace(self, sides=(side,))

    @property
    def self_paced(self) -> bool:
        """Whether the user counts the reps."""
        return self.kind == "reps" and not self.parts

    @property
    def has_left_and_right(self) -> bool:
        """Whether its sides are those of the body, and not an author's own."""
        return set(self.sides) <= {"left", "right"}

    def side_kind(self, side: str | None) -> SideKind | None:
        """Which side that is: one of the body's, or one of an author's own two."""
        if side is None or side in {"left", "right"}:
            return cast("SideKind | None", side)
        return "first" if side == self.sides[0] else "second"

    @property
    def side_sequence(self) -> tuple[str | None, ...]:
        """The sides one after the other; a single `None` where there are none."""
        return self.sides or (None,)

    @cached_property
    def unit_ms(self) -> int | None:
        """How long one set on one side lasts, as planned; `None` where the user decides."""
        if self.kind in {"hold", "rounds"}:
            return self.count
        return None if self.self_paced else self.count * sum(part.duration_ms for part in self.parts)

    def count_as(self, number: int) -> dict[str, int]:
        """Placeholders, and fields of a phase, that say which rep or round of a flow is done."""
        if self.kind == "reps":
            return {"rep": number, "reps": self.count}
        return {"round": number, "rounds": self.count}

    def part_occurrences(self) -> Iterator[PartOccurrence]:
        """Every part of a set in the order done; none for holds and self-paced reps."""
        at_ms = 0
        for number in range(1, self.count + 1 if self.parts else 1):
            for index, part in enumerate(self.parts):
                yield PartOccurrence(at_ms, number, part, is_first=index == 0)
                at_ms += part.duration_ms

    @cached_property
    def cue_placements(self) -> tuple[CuePlacement, ...]:
        """Where the author's cues belong in every set."""
        return tuple(
            placement for number, cue in enumerate(self.cues) for placement in self._placements_of(number, cue)
        )

    def _placements_of(self, number: int, cue: CuePoint) -> list[CuePlacement]:
        places = [] if self.unit_ms is None else cue.at.offsets(self.unit_ms)
        # A set without an end, or with one that is passed, has every place that is counted from its start.
        endless = self.unit_ms is None or self.overrun
        if not places and endless and cue.at.kind in {"start", "after"}:
            places = [(cue.at.ms, False)]
        return [CuePlacement(number, cue, *place) for place in places] or [CuePlacement(number, cue, None)]

    @property
    def dose(self) -> Dose:
        """What is to be done each time the step is reached."""
        sides = tuple(map(without_placeholders, self.sides))
        return Dose(self.kind, self.count, self.sets, sides, self.overrun, self.rounds)


_NO_EXERCISE = WorkKeys()
_T = TypeVar("_T")


def resolve(  # noqa: PLR0913 - all that a step's figures depend on
    step: WorkStep,
    catalogue: Mapping[str, Exercise],
    defaults: Defaults,
    level: float,
    phrases: Phrases,
    *,
    amount: int | None = None,
) -> Work:
    """Fill in a step from its exercise and the session's defaults.

    Every dose is taken at `level`, but that of a set is `amount` where that is given, kept within its range.
    """
    exercise = catalogue.get(step.exercise) if step.exercise else None
    base: WorkKeys = exercise or _NO_EXERCISE
    kind, own = own_dose(step, exercise)
    name = step.name or (exercise.name if exercise else "")
    parts = _parts(kind, step, exercise, level, phrases)
    # A step that gives an exercise a name of its own is not helped by the catalogue's short one.
    short = step.short or (None if step.name else base.short) or name
    return Work(
        kind=kind,
        name=name,
        short=short,
        say=_first(step.say, base.say, ""),
        count=own.at(level) if amount is None else min(own.high, max(own.low, amount)),
        parts=parts,
        sides=_first(step.sides, base.sides, ()),
        sets=_first(step.sets, base.sets, _ONCE).at(level),
        prepare_ms=_first(step.prepare, base.prepare, defaults.prepare),
        rest_ms=_first(step.rest, base.rest, defaults.rest),
        switch_ms=_first(step.switch, base.switch, defaults.switch),
        countdown=_first(step.countdown, base.countdown, defaults.countdown),
        cues=_first(step.cues, base.cues, ()),
        cautions=_first(step.cautions, base.cautions, ()),
        equipment=_first(step.equipment, base.equipment, ()),
        count_up=kind == "hold" and _first(step.count, base.count, "down") == "up",
        overrun=kind == "hold" and _first(step.overrun, base.overrun, False),
        marks=_first(step.marks, base.marks, defaults.marks),
        heads_up_ms=_first(step.heads_up, base.heads_up, defaults.heads_up),
        tell_every_ms=_first(step.tell_time, base.tell_time, defaults.tell_time),
        # What an exercise shows belongs to what it says.
        text=_first(step.text, base.text if step.say is None else None, ""),
        label=_first(step.label, base.label, defaults.label or ""),
        manner=step.manner.over(base.manner),
        figure=_figure(step.figure or base.figure, parts),
        both_sides=step.sides == (),
    )


def resolve_clock(
    block: Block, catalogue: Mapping[str, Exercise], defaults: Defaults, level: float, phrases: Phrases
) -> Work:
    """What a block with one clock for all its rounds asks for."""
    steps = [
        resolve(step, catalogue, defaults, level, phrases) if isinstance(step, WorkStep) else step
        for step in block.steps
    ]
    works = tuple(step for step in steps if isinstance(step, Work))
    name = block.name or ", ".join(dict.fromkeys(without_placeholders(work.short) for work in works))
    listed = (
        _listed(step, phrases) if isinstance(step, Work) else _listed_rest(step, level, phrases) for step in steps
    )
    return Work(
        kind="rounds",
        name=shortened(name),
        short=shortened(name),
        say="",
        count=block.within or 0,
        parts=(),
        sides=(),
        sets=1,
        prepare_ms=defaults.prepare,
        rest_ms=0,
        switch_ms=0,
        countdown=defaults.countdown,
        cues=(),
        cautions=tuple(dict.fromkeys(caution for work in works for caution in work.cautions)),
        equipment=tuple(dict.fromkeys(item for work in works for item in work.equipment)),
        marks=defaults.marks,
        heads_up_ms=defaults.heads_up,
        tell_every_ms=defaults.tell_time,
        text=" · ".join(filter(None, listed)),
        label=defaults.label or "",
        rounds=block.rounds.at(level) if block.rounds else 0,
        round_steps=works,
    )


def _listed(work: Work, phrases: Phrases) -> str:
    """How a step is shown among those of a round: `5 × Pull-up`, `Plank 30 s`."""
    name = without_placeholders(work.name)
    once = f"{name} {duration_text(work.count)}" if work.kind == "hold" else f"{work.count} × {name}"
    sides = " + ".join(filter(None, map(phrases.side_name, work.sides)))
    return f"{f'{work.sets} × ' if work.sets > 1 else ''}{once}{f' ({sides})' if sides else ''}"


def _listed_rest(step: object, level: float, phrases: Phrases) -> str:
    rest_ms = step.rest.at(level) if isinstance(step, RestStep) else 0
    return f"{phrases.label_rest} {duration_text(rest_ms)}" if rest_ms else ""


def _figure(keys: FigureKeys | None, parts: tuple[ResolvedPart, ...]) -> Figure | None:
    """The figure; with other parts than it was made for, it goes evenly over them."""
    if keys is None or not keys.figure.by_parts:
        return None if keys is None else keys.figure
    fits = bool(parts) and parts[0].part_count == keys.figure.length
    return replace(keys.figure, by_parts=fits)


_ONCE = DoseRange(1, 1)


def _first(own: _T | None, base: _T | None, otherwise: _T) -> _T:
    """The step's own value, else the exercise's, else the default."""
    if own is not None:
        return own
    return otherwise if base is None else base


def own_dose(step: WorkStep, exercise: Exercise | None) -> tuple[DoseKey, DoseRange]:
    """By what a set of a step goes, and how long or how often: the time of a hold, the reps, or the rounds of a flow.

    Args:
        step: As written.
        exercise: What it uses of the catalogue; `None` for nothing.
    """
    kind = step.dose or (exercise.dose if exercise else "hold")
    if kind == "flow":
        return kind, _first(step.rounds, exercise.rounds if exercise else None, _ONCE)
    own = getattr(step, kind, None) or getattr(exercise, kind, None)
    return kind, own if isinstance(own, DoseRange) else _ONCE


def _parts(
    kind: DoseKey, step: WorkStep, exercise: Exercise | None, level: float, phrases: Phrases
) -> tuple[ResolvedPart, ...]:
    if kind == "hold":
        return ()
    if kind == "flow":
        flow = getattr(step, "flow", None) or (exercise.flow if exercise else None) or ()
        return _resolve_parts(flow, level)
    return _tempo(step.tempo, exercise.tempo if exercise else None, level, phrases)


def _resolve_parts(parts: tuple[Part, ...], level: float) -> tuple[ResolvedPart, ...]:
    return tuple(
        ResolvedPart(part.name, part.lasts.at(level), part.say or "", part.breath, number, len(parts))
        for number, part in enumerate(parts, 1)
    )


def _tempo(own: Tempo | None, usual: Tempo | None, level: float, phrases: Phrases) -> tuple[ResolvedPart, ...]:
    tempo = own if own is not None else usual
    if tempo is None:
        return (ResolvedPart("", DEFAULT_REP_MS),)
    if tempo == "free":
        return ()
    named = tuple(part for part in tempo if isinstance(part, Part))
    if named:
        return _resolve_parts(named, level)
    lengths_ms = tuple(length for length in tempo if isinstance(length, int))
    names = _usual_names(usual, len(lengths_ms)) or phrases.tempo.for_parts(len(lengths_ms))
    # A part of no length, as in "2-0-2", is not there.
    beats = zip(names, lengths_ms, range(1, len(lengths_ms) + 1), strict=True)
    return tuple(ResolvedPart(name, ms, number=number, part_count=len(lengths_ms)) for name, ms, number in beats if ms)


def _usual_names(usual: Tempo | None, count: int) -> tuple[str, ...]:
    """The exercise's own words for the parts, where there are as many."""
    names = tuple(part.name for part in usual or () if isinstance(part, Part))
    return names if len(names) == count else ()
