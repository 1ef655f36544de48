"""Resolves steps: what the step does not say comes from its exercise, then from the session's defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nsmallest
from itertools import islice
from typing import Literal, NamedTuple, TypeVar, cast

from timer_app.core.constraints import Company
from timer_app.core.fields import DoseRange, duration_text, shortened, without_placeholders
from timer_app.core.fields.doses import distance_text
from timer_app.core.fields.load import Load, parse_load
from timer_app.core.fields.types import Asked, Breath, Marks, TempoStart
from timer_app.core.figures import Figure, FigureKeys
from timer_app.core.session import CuePoint, DoseKey, Exercise, Part, Phrases, SetDoses, Tempo, WorkKeys, listed_sets
from timer_app.core.session.model import Block, Defaults, RestStep, WorkStep
from timer_app.core.timeline import SideKind
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner
from timer_app.core.training import ResolvedDose

DEFAULT_REP_MS = 3_000
MAX_LAID_OUT_CUES = 20_000  # of the author, in a session


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


@dataclass(frozen=True, slots=True)
class SetDose:
    """What one set is to be.

    Attributes:
        count: Milliseconds of a hold, reps, or millimetres.
        load: What is lifted, worn or pulled; empty for nothing.
        is_open: It is the least, and the user ends the set; with a count of 0, it is as much as one can.
    """

    count: int
    load: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Work:
    """A step of work, ready to be laid out.

    Attributes:
        kind: `hold`, `reps` or `flow`; `rounds` for a block with one clock for all its rounds.
        name: The exercise's name, placeholders still in it; `short` the shorter form, the same where there is none.
        say: The instruction; empty for none.
        count: Milliseconds of a hold or of the one clock, reps, rounds of a flow, or millimetres; of the first set, or
            of that of `of_set`.
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
        set_doses: The dose of each set; empty where all are alike.
        load: What is lifted, worn or pulled; empty for nothing.
        rpe: How hard it is to be, from 1 to 10; empty where it is not said.
        rir: How many reps are to be left in reserve; empty where it is not said.
        is_open: The count is the least, and the user ends the set; with a count of 0, it is as much as one can.
        has_tempo: The tempo is written, and not the usual one.
        unit: In which a distance is written.
        ask: What is asked after each set.
        ask_ms: How long a question waits; `None` for until it is answered.
        settle_ms: Silence between the instruction and what is said last before the start.
        begin: What is said last before the start; empty for nothing.
        finish: The way out, said after each set; empty for nothing.
        reminders: Reminders of form, from which the coach chooses.
        company: How soon a long silence is broken; `None` where neither file says it.
        second_side: What is said on the second side in place of the instruction; empty for a line of the coach's.
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
    set_doses: tuple[SetDose, ...] = ()
    load: str = ""
    rpe: str = ""
    rir: str = ""
    is_open: bool = False
    has_tempo: bool = False
    unit: str = ""
    ask: tuple[Asked, ...] = ()
    ask_ms: int | None = None
    settle_ms: int = 0
    begin: str = ""
    finish: str = ""
    reminders: tuple[str, ...] = ()
    second_side: str = ""
    company: Company | None = None

    def of_set(self, number: int) -> Work:
        """The same with the dose of set `number`, counted from 1."""
        if not self.set_doses:
            return self
        return self.with_dose(self.set_doses[min(number, len(self.set_doses)) - 1])

    def with_dose(self, dose: SetDose) -> Work:
        """The same with that dose of a set."""
        # Without a tempo of their own, or without a number, open reps are at one's own pace.
        is_paced = not dose.is_open or (dose.count > 0 and self.has_tempo)
        if not dose.is_open and (self.count, self.load, self.is_open) == (dose.count, dose.load, dose.is_open):
            return self  # as it is for most steps, and a copy of so many fields takes a while
        return replace(
            self,
            count=dose.count,
            load=dose.load,
            is_open=dose.is_open,
            overrun=self.overrun or (self.kind == "hold" and dose.is_open and dose.count > 0),
            parts=self.parts if is_paced else (),
        )

    @property
    def is_endless(self) -> bool:
        """Whether a set has no length and no number: the user ends it."""
        return self.is_open and not self.count

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
        if self.is_endless or self.kind == "distance":
            return None
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

    @property
    def cue_placements(self) -> tuple[CuePlacement, ...]:
        """Where the author's cues belong in every set; of too many, only the first."""
        return self._placed_cues[0]

    @property
    def has_too_many_cues(self) -> bool:
        """Whether more cues of the author's belong in a set than are laid out."""
        return self._placed_cues[1]

    @cached_property
    def _placed_cues(self) -> tuple[tuple[CuePlacement, ...], bool]:
        """The cues that are laid out in every set, which are kept, and whether there are more, which are not."""
        places = [place for number, cue in enumerate(self.cues) for place in self._placements_of(number, cue)]
        if len(places) <= MAX_LAID_OUT_CUES:
            return tuple(places), False
        first = nsmallest(MAX_LAID_OUT_CUES, (place.at_ms for place in places if place.at_ms is not None))[-1]
        earliest = (place for place in places if place.at_ms is None or place.at_ms <= first)
        return tuple(islice(earliest, MAX_LAID_OUT_CUES)), True

    def _placements_of(self, number: int, cue: CuePoint) -> list[CuePlacement]:
        # No more moments than could be laid out, of a hold of hours with a cue each second.
        last_ms = cue.at.ms * (MAX_LAID_OUT_CUES + 1) if cue.at.kind == "every" else None
        unit_ms = self.unit_ms if last_ms is None or self.unit_ms is None else min(self.unit_ms, last_ms)
        places = [] if unit_ms is None else cue.at.offsets(unit_ms)
        # A set without an end, or with one that is passed, has every place that is counted from its start.
        endless = self.unit_ms is None or self.overrun
        if not places and endless and cue.at.kind in {"start", "after"}:
            places = [(cue.at.ms, False)]
        return [CuePlacement(number, cue, *place) for place in places] or [CuePlacement(number, cue, None)]

    @property
    def dose(self) -> Dose:
        """What is to be done each time the step is reached."""
        counts = tuple(dose.count for dose in self.set_doses)
        loads = tuple(dict.fromkeys(dose.load for dose in self.set_doses)) if self.set_doses else (self.load,)
        sides = tuple(map(without_placeholders, self.sides))
        opens = tuple(dose.is_open for dose in self.set_doses)
        is_varied = len(set(zip(counts, opens, strict=True))) > 1
        return Dose(
            self.kind,
            self.count,
            self.sets,
            sides,
            self.overrun or self.is_open or (bool(opens) and all(opens)),
            self.rounds,
            amounts=counts if is_varied else (),
            minimums=opens if is_varied else (),
            unit=self.unit,
            loads=tuple(dose.load for dose in self.set_doses) if len(loads) > 1 else tuple(filter(None, loads)),
            effort=self.effort,
        )

    @property
    def effort(self) -> str:
        """How hard it is to be: `RPE 8`, `RIR 2`; empty where it is not said."""
        return f"RPE {self.rpe}" if self.rpe else f"RIR {self.rir}" if self.rir else ""


_NO_EXERCISE = WorkKeys()
_T = TypeVar("_T")


def resolve(  # noqa: PLR0913 - all that a step's figures depend on
    step: WorkStep,
    catalogue: Mapping[str, Exercise],
    defaults: Defaults,
    level: float,
    phrases: Phrases,
    *,
    today: ResolvedDose | None = None,
) -> Work:
    """Fill in a step from its exercise and the session's defaults.

    Every dose is taken at `level`, but that of a set as `today` has it where that is given, kept within its range.
    """
    exercise = catalogue.get(step.exercise) if step.exercise else None
    base: WorkKeys = exercise or _NO_EXERCISE
    kind, own = own_dose(step, exercise, level)
    each = _set_doses(own, _counts(own, level, today), _loads(step, exercise, level, today))
    sets = next(iter(listed_sets(step, exercise).values()), None) or _first(step.sets, base.sets, _ONCE).at(level)
    name = step.name or (exercise.name if exercise else "")
    parts = _parts(kind, step, exercise, level, phrases, defaults)
    # A step that gives an exercise a name of its own is not helped by the catalogue's short one.
    short = step.short or (None if step.name else base.short) or name
    work = Work(
        kind=kind,
        name=name,
        short=short,
        say=_first(step.say, base.say, ""),
        count=each[0].count,
        parts=parts,
        sides=_first(step.sides, base.sides, ()),
        sets=sets,
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
        # What an exercise shows, and how it goes on, belongs to what it says.
        text=_first(step.text, base.text if step.say is None else None, ""),
        label=_first(step.label, base.label, defaults.label or ""),
        manner=step.manner.over(base.manner),
        figure=_figure(step.figure or base.figure, parts),
        set_doses=each if len(each) > 1 else (),
        load=each[0].load,
        has_tempo=kind == "reps" and (step.tempo is not None or base.tempo is not None),
        unit=own.unit if isinstance(own, DoseRange) else own[0].unit,
        ask=tuple(key for key in _first(step.ask, base.ask, defaults.ask) if key != "reps" or kind == "reps"),
        ask_ms=_first(step.ask_for, base.ask_for, defaults.ask_for) or None,
        settle_ms=_first(step.settle, base.settle, defaults.settle),
        begin=_first(step.begin, base.begin if step.say is None else None, ""),
        finish=_first(step.finish, base.finish, ""),
        reminders=_first(step.reminders, base.reminders, ()),
        company=_first(step.company, base.company, defaults.company),
        second_side=_first(step.second_side, base.second_side if step.say is None else None, ""),
        # A step with a target of its own takes none of its exercise.
        rpe=step.rpe or (base.rpe if step.rir is None else None) or "",
        rir=step.rir or (base.rir if step.rpe is None else None) or "",
        both_sides=step.sides == (),
    )
    return work.with_dose(each[0]) if len(each) == 1 else work


def _set_doses(own: SetDoses, counts: tuple[int, ...], loads: tuple[str, ...]) -> tuple[SetDose, ...]:
    """The dose of each set, from a list of amounts or loads with one of the other for all of them."""
    opens = tuple(dose.is_open for dose in (own if isinstance(own, tuple) else (own,)))
    sets = max(len(counts), len(loads))
    if len(counts) == 1:
        counts, opens = counts * sets, opens * sets
    return tuple(map(SetDose, counts, loads * sets if len(loads) == 1 else loads, opens))


def own_loads(step: WorkKeys, exercise: Exercise | None) -> tuple[tuple[Load, ...], Load | None]:
    """The loads of a step, one a set or one for all, and by how much they grow; none where it has none."""
    load = step.load if step.load is not None else exercise.load if exercise else None
    increment = step.increment or (exercise.increment if exercise else None)
    texts = load if isinstance(load, tuple) else (load,) if load else ()
    return tuple(map(parse_load, texts)), parse_load(increment) if increment else None


def _loads(step: WorkStep, exercise: Exercise | None, level: float, today: ResolvedDose | None) -> tuple[str, ...]:
    """The load of each set, or of all, as a list of one."""
    loads, increment = own_loads(step, exercise)
    if not loads:
        return ("",)
    if today and len(today.loads) == len(loads):
        return today.loads
    return tuple(str(load.at(level, increment.low if increment else None)) for load in loads)


def _counts(own: SetDoses, level: float, today: ResolvedDose | None) -> tuple[int, ...]:
    """How much each set is to be, or all of them, as a list of one."""
    ranges = own if isinstance(own, tuple) else (own,)
    counts = tuple(dose.at(level) for dose in ranges)
    grown = (today.amounts or (today.amount,)) if today else ()
    if len(grown) != len(ranges):  # the list was another one when the dose was set
        return counts
    return tuple(min(dose.high, max(dose.low, amount)) for dose, amount in zip(ranges, grown, strict=True))


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
        company=defaults.company,
        marks=defaults.marks,
        heads_up_ms=defaults.heads_up,
        tell_every_ms=defaults.tell_time,
        text=" · ".join(filter(None, listed)),
        label=defaults.label or "",
        rounds=block.rounds.at(level) if block.rounds else 0,
        round_steps=works,
    )


def _listed(work: Work, phrases: Phrases) -> str:
    """How a step is shown among those of a round: `5 × Pull-up (bodyweight + 5 kg)`, `Plank 30 s`."""
    name = without_placeholders(work.name)
    amount = f"{work.count}{'+' if work.is_open else ''}"
    if work.is_endless:
        once = f"{name} max"
    elif work.kind == "distance":
        once = f"{name} {distance_text(work.count, work.unit)}"
    else:
        once = f"{name} {duration_text(work.count)}" if work.kind == "hold" else f"{amount} × {name}"
    sides = " + ".join(filter(None, map(phrases.side_name, work.sides)))
    more = ", ".join(filter(None, (sides, work.load, work.effort)))
    return f"{f'{work.sets} × ' if work.sets > 1 else ''}{once}{f' ({more})' if more else ''}"


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


def own_dose(step: WorkStep, exercise: Exercise | None, level: float = 0.0) -> tuple[DoseKey, SetDoses]:
    """By what a set of a step goes, and how long or how often: the time of a hold, the reps, or the rounds of a flow.

    A list has the dose of each set.

    Args:
        step: As written.
        exercise: What it uses of the catalogue; `None` for nothing.
        level: At which the parts of a flow are as long as they are, where it goes by a time.
    """
    kind = step.dose or (exercise.dose if exercise else "hold")
    if kind == "flow":
        return kind, _rounds(step, exercise, level)
    own = vars(step).get(kind) or (vars(exercise).get(kind) if exercise else None)
    return kind, own if isinstance(own, DoseRange | tuple) else _ONCE


def _rounds(step: WorkStep, exercise: Exercise | None, level: float) -> DoseRange:
    """How many rounds a flow has; by a time as many whole ones as end in it, but at least one."""
    own = (step.rounds, step.within)
    base = (exercise.rounds, exercise.within) if exercise else (None, None)
    rounds, within = own if any(value is not None for value in own) else base
    if within is None:
        return rounds or _ONCE
    round_ms = sum(part.duration_ms for part in _flow_parts(step, exercise, level))
    low, high = (max(1, ms // max(1, round_ms)) for ms in (within.low, within.high))
    return DoseRange(low, high)


def _flow_parts(step: WorkStep, exercise: Exercise | None, level: float) -> tuple[ResolvedPart, ...]:
    flow = vars(step).get("flow") or (exercise.flow if exercise else None) or ()
    return _resolve_parts(flow, level)


def _parts(  # noqa: PLR0913, PLR0917 - all that the parts follow from
    kind: DoseKey, step: WorkStep, exercise: Exercise | None, level: float, phrases: Phrases, defaults: Defaults
) -> tuple[ResolvedPart, ...]:
    if kind in {"hold", "distance"}:
        return ()
    if kind == "flow":
        return _flow_parts(step, exercise, level)
    usual = exercise.tempo if exercise else None
    # What the step says itself comes before what a notation means, and that before what is usual.
    own = step.tempo_starts or (exercise.tempo_starts if exercise and step.tempo is None else None)
    usual_start = (exercise.tempo_starts if exercise else None) or defaults.tempo_starts or "lift"
    return _tempo(step.tempo, usual, level, phrases, own, usual_start)


def _resolve_parts(parts: tuple[Part, ...], level: float) -> tuple[ResolvedPart, ...]:
    return tuple(
        ResolvedPart(part.name, part.lasts.at(level), part.say or "", part.breath, number, len(parts))
        for number, part in enumerate(parts, 1)
    )


def _tempo(  # noqa: PLR0913, PLR0917 - all that the parts of a rep follow from
    own: Tempo | None,
    usual: Tempo | None,
    level: float,
    phrases: Phrases,
    own_start: TempoStart | None,
    usual_start: TempoStart,
) -> tuple[ResolvedPart, ...]:
    tempo = own if own is not None else usual
    if tempo is None:
        return (ResolvedPart("", DEFAULT_REP_MS),)
    if tempo == "free":
        return ()
    if isinstance(tempo, tuple):
        return _resolve_parts(tempo, level)
    lengths_ms, starts = tempo.lengths_ms, own_start or tempo.starts or usual_start
    names = _usual_names(usual, len(lengths_ms)) or phrases.tempo.for_parts(len(lengths_ms), starts)
    # A part of no length, as in "2-0-2", is not there.
    beats = zip(names, lengths_ms, range(1, len(lengths_ms) + 1), strict=True)
    return tuple(ResolvedPart(name, ms, number=number, part_count=len(lengths_ms)) for name, ms, number in beats if ms)


def _usual_names(usual: Tempo | None, count: int) -> tuple[str, ...]:
    """The exercise's own words for the parts, where there are as many."""
    names = tuple(part.name for part in usual) if isinstance(usual, tuple) else ()
    return names if len(names) == count else ()
