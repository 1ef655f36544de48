"""A session as the steps of a watch: short names, times, reps and repeats, and a list of what cannot be said there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from timer_app.core.compiler.contents import Contents, Exercise, Group, Item, Rest, Words
from timer_app.core.fields import shortened, without_placeholders
from timer_app.core.fields.load import parse_load
from timer_app.core.i18n import N_, _, texts_in
from timer_app.interchange import LedgerEntry
from timer_app.sharing.bundle import ShareError
from timer_app.sharing.doses_text import exercise_dose, exercise_notes

if TYPE_CHECKING:
    from timer_app.core.compiler.resolve import Work
    from timer_app.core.session import Phrases

MAX_STEPS: Final = 50
"""How many steps watches take, repeats counted."""
MAX_NAME: Final = 32
MAX_NOTES: Final = 200
_KG: Final = {"kg": 1.0, "lb": 0.45359237}

LOW_END = N_("watches have no ranges: the low end is written, and the notes say the range")
SAID = N_("what is said in between is not there")
ASKED = N_("watches ask no questions")
FLOW = N_("a flow is one time; its parts are in the notes")
TEMPO = N_("the tempo is in the notes; the watch counts the reps")
EVERY = N_("each round is one time; what is done in it is in the notes")
WITHIN = N_("all rounds are one time; what is done in them is in the notes")
CHOICE = N_("watches choose nothing: all steps are written, in their order")
LAST_REST = N_("the rest follows the last set too, as watches repeat whole groups")
OPEN_END = N_("the set ends when you press the lap button")
CUES = N_("cues, reminders and recordings are not there")
CUT = N_("the name is cut to {most} characters")
NOTES_CUT = N_("the instruction is cut to {most} characters")
NO_PREPARE = N_("there are more than {most} steps with the time to get ready, so that is left out")
UNFOLDED = N_("sets inside of rounds are written one by one: watches nest no repeats")

Kind = Literal["time", "reps", "distance", "open"]


@dataclass(frozen=True, slots=True)
class WatchStep:
    """One step of a watch.

    Attributes:
        name: What it is called.
        kind: By what it ends.
        amount: Milliseconds, reps or millimetres; 0 for a step that ends with the lap button.
        notes: How it is done.
        is_rest: It is no work.
        is_preparation: It is time to get ready, the first that is left out where there are too many steps.
        exercise: The id in the catalogue, by which a watch may know it, or else its name.
        kilograms: What is lifted; 0 for nothing, or where it is not a weight.
    """

    name: str
    kind: Kind
    amount: int = 0
    notes: str = ""
    is_rest: bool = False
    is_preparation: bool = False
    exercise: str = ""
    kilograms: float = 0.0


@dataclass(frozen=True, slots=True)
class Repeat:
    """Steps that are done several times."""

    times: int
    steps: tuple[WatchStep, ...]


@dataclass(frozen=True, slots=True)
class Workout:
    """A session for a watch.

    Attributes:
        name: Its name.
        description: What is told before it.
        steps: Its steps.
        ledger: What became of everything that is another thing there, or not there at all.
    """

    name: str
    description: str
    steps: tuple[WatchStep | Repeat, ...]
    ledger: tuple[LedgerEntry, ...]

    @property
    def each_step(self) -> tuple[WatchStep, ...]:
        """Every step, those of a repeat once."""
        return tuple(one for step in self.steps for one in (step.steps if isinstance(step, Repeat) else (step,)))


def workout_of(contents: Contents, phrases: Phrases) -> Workout:
    """The steps of a session for a watch.

    Args:
        contents: The session.
        phrases: The coach's words in its language, for rests and changes of sides.

    Raises:
        ShareError: It has more steps than watches take, or none.
    """
    writer = _Writer(phrases)
    with texts_in(contents.language):
        steps = list(writer.steps(contents.items))
    if _count(steps) > MAX_STEPS:
        writer.note("", "changed", NO_PREPARE, most=MAX_STEPS)
        steps = [left for step in steps if (left := _without_preparation(step)) is not None]
    if not steps:
        raise ShareError(_("there is nothing in the session that a watch could count"))
    if (count := _count(steps)) > MAX_STEPS:
        raise ShareError(
            _("the session has {count} steps for a watch, and watches take {most}; divide it").format(
                count=count, most=MAX_STEPS
            )
        )
    return Workout(contents.name, " ".join(contents.cautions), tuple(steps), writer.ledger)


def _count(steps: Sequence[WatchStep | Repeat]) -> int:
    return sum(len(step.steps) + 1 if isinstance(step, Repeat) else 1 for step in steps)


def _ends_with_rest(step: WatchStep | Repeat) -> bool:
    return step.steps[-1].is_rest if isinstance(step, Repeat) else step.is_rest


def _without_preparation(step: WatchStep | Repeat) -> WatchStep | Repeat | None:
    if isinstance(step, Repeat):
        return replace(step, steps=tuple(one for one in step.steps if not one.is_preparation))
    return None if step.is_preparation else step


class _Writer:
    """Turns items into steps, and notes what that changes."""

    def __init__(self, phrases: Phrases) -> None:
        self._ledger: dict[tuple[str, str], LedgerEntry] = {}  # by what it is and why
        self._phrases = phrases

    @property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """What was changed or lost."""
        return tuple(self._ledger.values())

    def note(self, what: str, fate: Literal["changed", "lost"], reason: str, **details: object) -> None:
        """Note what became of something, once for each."""
        self._ledger.setdefault((what, reason), LedgerEntry(0, what, "", fate, reason, details))

    def steps(self, items: Sequence[Item], *, folded: bool = True) -> Iterator[WatchStep | Repeat]:
        """The steps of some items.

        Args:
            items: The items.
            folded: Sets may become repeats, which cannot stand inside of others.
        """
        was_rest = False
        for item in items:
            match item:
                case Exercise():
                    found = list(self._exercise(item, folded=folded, after_rest=was_rest))
                case Rest(lasts_ms=lasts_ms):
                    found = [WatchStep(self._phrases.label_rest, "time", lasts_ms, is_rest=True)]
                case Words(text=text, waits=True, asks=False):
                    notes = self._cut_notes(shortened(text), text)
                    found = [WatchStep(self._name(shortened(text)), "open", notes=notes, is_rest=True)]
                case Words(text=text, asks=asks):
                    self.note(shortened(text), "lost", ASKED if asks else SAID)
                    continue
                case Group():
                    found = list(self._group(item, folded=folded))
            yield from found
            was_rest = bool(found) and _ends_with_rest(found[-1])

    def _group(self, group: Group, *, folded: bool) -> Iterator[WatchStep | Repeat]:
        if group.picks or group.shuffled:
            self.note(group.name, "changed", CHOICE)
        if group.within_ms or group.every_ms:
            yield from self._by_the_clock(group, folded=folded)
            return
        if group.most_rounds != group.rounds:
            self.note(group.name, "changed", LOW_END)
        rounds = max(1, group.rounds)
        items = group.items * 2 if group.by_sides else group.items
        if rounds == 1:
            yield from self.steps(items, folded=folded)
            return
        inner = [
            step for step in self.steps(self._with_rests(items, group), folded=False) if isinstance(step, WatchStep)
        ]
        if not inner:
            return
        if group.rest_ms:
            inner.append(WatchStep(self._phrases.label_rest, "time", group.rest_ms, is_rest=True))
            self.note(group.name, "changed", LAST_REST)
        if folded:
            yield Repeat(rounds, tuple(inner))
        else:
            yield from inner * rounds

    @staticmethod
    def _with_rests(items: Sequence[Item], group: Group) -> list[Item]:
        if not group.between_ms:
            return list(items)
        spaced: list[Item] = []
        for item in items:
            if spaced and not isinstance(item, Rest) and not isinstance(spaced[-1], Rest):
                spaced.append(Rest(group.between_ms))
            spaced.append(item)
        return spaced

    def _by_the_clock(self, group: Group, *, folded: bool) -> Iterator[WatchStep | Repeat]:
        """Rounds that begin or end by the clock: one time each, or one for all of them."""
        exercises = [item for item in group.items if isinstance(item, Exercise)]
        listed = ", ".join(f"{exercise.name} {exercise_dose(exercise)}" for exercise in exercises)
        name = group.name or ", ".join(exercise.name for exercise in exercises)
        self.note(name, "changed", EVERY if group.every_ms else WITHIN)
        step = WatchStep(self._name(name), "time", group.every_ms or group.within_ms, self._cut_notes(name, listed))
        if not group.every_ms or group.rounds <= 1:
            yield step
        elif folded:
            yield Repeat(group.rounds, (step,))
        else:
            yield from [step] * group.rounds

    def _exercise(self, exercise: Exercise, *, folded: bool, after_rest: bool) -> Iterator[WatchStep | Repeat]:
        work = exercise.work
        if work.cues or work.reminders:
            self.note(exercise.name, "lost", CUES)
        if work.prepare_ms and not after_rest:
            name = self._name(exercise.name)
            yield WatchStep(name, "time", work.prepare_ms, self._notes(exercise), is_rest=True, is_preparation=True)
        rest = [WatchStep(self._phrases.label_rest, "time", work.rest_ms, is_rest=True)] if work.rest_ms else []
        sets = [list(self._set(exercise, work.of_set(number))) for number in range(1, work.sets + 1)]
        if len(sets) > 1 and folded and all(one == sets[0] for one in sets):
            if rest:
                self.note(exercise.name, "changed", LAST_REST)
            yield Repeat(len(sets), (*sets[0], *rest))
            return
        if len(sets) > 1 and not folded:
            self.note(exercise.name, "changed", UNFOLDED)
        for number, steps in enumerate(sets):
            yield from rest if number else []
            yield from steps

    def _set(self, exercise: Exercise, work: Work) -> Iterator[WatchStep]:
        """One set: a step, or one for each side with the change between them."""
        for number, side in enumerate(exercise.side_names or ("",)):
            if number and work.switch_ms:
                yield WatchStep(self._phrases.label_switch, "time", work.switch_ms, is_rest=True)
            kind, amount = self._amount(exercise, work)
            name = self._name(exercise.name, side, work.short)
            kilograms = _kilograms(work.load)
            yield WatchStep(
                name, kind, amount, self._notes(exercise), exercise=exercise.id or exercise.name, kilograms=kilograms
            )

    def _amount(self, exercise: Exercise, work: Work) -> tuple[Kind, int]:
        if exercise.work.dose != exercise.most.dose:
            self.note(exercise.name, "changed", LOW_END)
        if work.is_open or work.overrun:
            self.note(exercise.name, "changed", OPEN_END)
        if work.is_endless or work.overrun:
            return "open", 0
        if work.kind == "distance":
            return "distance", work.count
        if work.kind == "reps":
            if work.has_tempo and work.parts:
                self.note(exercise.name, "changed", TEMPO)
            return ("open", 0) if work.is_open else ("reps", work.count)
        if work.kind == "flow":
            self.note(exercise.name, "changed", FLOW)
        return "time", work.unit_ms or 0

    def _notes(self, exercise: Exercise) -> str:
        dose = exercise_dose(exercise)
        parts = exercise_notes(exercise) if exercise.work.parts else []
        return self._cut_notes(exercise.name, ". ".join(filter(None, (dose, *parts, exercise.instruction))))

    def _cut_notes(self, what: str, text: str) -> str:
        if _size(text) <= MAX_NOTES:
            return text
        self.note(what, "changed", NOTES_CUT, most=MAX_NOTES)
        return cut(text, MAX_NOTES)

    def _name(self, name: str, side: str = "", short: str = "") -> str:
        """A name with its side, the shorter one where the whole one is too long."""
        for each in filter(None, (name, without_placeholders(short))):
            whole = f"{each}, {side}" if side else each
            if _size(whole) <= MAX_NAME:
                return whole
        self.note(name, "changed", CUT, most=MAX_NAME)
        return cut(name, MAX_NAME - _size(side) - 2) + f", {side}" if side else cut(name, MAX_NAME)


def _size(text: str) -> int:
    """Bytes of a text: watches count these."""
    return len(text.encode())


def cut(text: str, most: int) -> str:
    """The beginning of a text, at most so many bytes of it, between words where there are any."""
    if _size(text) <= most:
        return text
    short = text.encode()[: max(1, most - 1)].decode(errors="ignore")
    words = re.sub(r"\W+\w*$", "", short)
    return f"{(words if len(words) > most // 2 else short).rstrip()}."


def _kilograms(load: str) -> float:
    if not load:
        return 0.0
    parsed = parse_load(load)
    return round(float(parsed.low or 0) * _KG[parsed.unit], 2) if parsed.unit in _KG else 0.0
