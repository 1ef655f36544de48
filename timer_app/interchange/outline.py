"""What is read of a routine so far: its name, its days, blocks and steps, and what became of each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from timer_app.core.i18n import N_
from timer_app.interchange.circuits import Clock, Pace, rests_between
from timer_app.interchange.lines import Line, is_spaced
from timer_app.interchange.model import (
    NOT_UNDERSTOOD,
    REST_MS,
    SUPERSET,
    Block,
    Fate,
    LedgerEntry,
    Remark,
    Rest,
    Say,
    Step,
    Work,
    is_to_do,
    superset,
)
from timer_app.interchange.notation import WrittenDose, parse_line
from timer_app.interchange.texts import cleaned, cleaned_name

MAX_INSTRUCTION = 1_000
_MAX_SAID = 600

TITLE_LINE = N_("name of the session")
SUMMARY_LINE = N_("summary in the list of sessions")
SAID = N_("said as the instruction of {name}")
SAID_ALONE = N_("is said")
HEADING = N_("name of a block")
ROUNDS = N_("{rounds} rounds of what follows")

_THEN = frozenset(("then", "and then", "after that", "dann", "danach", "anschließend"))


@dataclass
class Heading:
    """A line that begins a block."""

    name: str
    rounds: int = 1
    rest_ms: int = 0
    clock: Clock | None = None
    pace: Pace | None = None
    by_minutes: bool = False
    is_listed: bool = False
    steps: list[Step] = field(default_factory=list)


@dataclass
class Named:
    """An exercise whose name stood alone, so that its dose may come in the lines below.

    Attributes:
        work: The exercise as far as it is read.
        is_listed: Whether its name had a bullet or a number.
        doses: What was said of it.
    """

    work: Work
    is_listed: bool
    doses: list[WrittenDose] = field(default_factory=list)


class Outline:
    """Collects steps into blocks and days, in the order in which they are read.

    Args:
        text: The whole text.
    """

    def __init__(self, text: str) -> None:
        self.entries: list[LedgerEntry] = []
        self.name = ""
        self.summary = ""
        self.days: list[tuple[str, tuple[Step, ...]]] = []
        self._day = ""
        self._steps: list[Step] = []
        self._heading: Heading | None = None
        # Where the steps begin that "repeat 3 times" means, behind those that were repeated before.
        self._repeats_from = 0
        self._unnamed = self._between_ms = 0
        # A line that may be the name of an exercise, whose dose comes in the next line.
        self._pending: Line | None = None
        self._named: Named | None = None
        # The letter of the exercises that are done in turn, and where they begin.
        self._letter, self._letter_from = "", 0
        self._sets_rest_ms = self._span_end_ms = 0
        self._line: Line | None = None
        self._is_apart = False
        self._is_spaced = is_spaced(text)

    def note(self, line: int, text: str, fate: Fate, reason: str = "", **details: object) -> None:
        """Note what became of a line, or of a part of it."""
        self.entries.append(LedgerEntry(line, text.strip()[:120], "", fate, reason, details))

    @property
    def _here(self) -> list[Step]:
        return self._steps if self._heading is None else self._heading.steps

    @property
    def _is_at_start(self) -> bool:
        """Whether nothing was read yet, so that a line may be the name of the session."""
        return not self.name and not self._steps and self._heading is None and not self.days

    def end_day(self, following: str) -> None:
        """Close the session that is read, and begin that of the day called `following`."""
        self._settle()
        self._close_heading()
        if self._steps:
            steps = _with_rests(self._steps, self._sets_rest_ms) if self._sets_rest_ms else self._steps
            self.days.append((self._day, rests_between(steps, self._between_ms)))
        self._day, self._steps = following, []
        self._repeats_from = self._unnamed = self._between_ms = self._sets_rest_ms = self._span_end_ms = 0

    def _turn_to(self, letter: str, text: str) -> None:
        """Begin the exercises with a letter, and put those of another one into a block."""
        if letter == self._letter or (self._letter and not letter and is_only_rest(parse_line(text))):
            return
        self._settle()
        if self._letter:
            self._close_turns()
        self._letter, self._letter_from = letter, len(self._here)

    def _close_turns(self) -> None:
        found = self._here[self._letter_from :]
        self._letter = ""
        works = [step for step in found if isinstance(step, Work)]
        if len(works) < 2 or not all(isinstance(step, Work | Rest) for step in found):  # noqa: PLR2004 - in turn
            return
        rest_ms = max((step.lasts_ms for step in found if isinstance(step, Rest)), default=REST_MS)
        self._here[self._letter_from :] = [superset(works, rest_ms)]
        self.note(0, ", ".join(work.name for work in works), "changed", SUPERSET)

    def _title(self, number: int, text: str, *, may_be_name: bool) -> None:
        name, _ = cleaned_name(text)
        if not name:
            self.note(number, text, "lost", NOT_UNDERSTOOD)
        elif self._is_at_start and may_be_name:
            self.name = name
            self.note(number, text, "taken", TITLE_LINE)
        else:
            self._close_heading()
            self._heading = Heading(name) if name.casefold() not in _THEN else None
            self.note(number, text, "taken", HEADING if self._heading else "")

    def _open_rounds(self, number: int, text: str, name: str, rounds: int, rest_ms: int) -> None:
        is_below = text.lower().startswith(("repeat", "x"))
        above = self._steps[self._repeats_from :]
        if is_below and self._heading is None and self._steps and not is_to_do(above):
            # What is behind remarks alone is no list that they belong to; a thousand such lines look at each once.
            self._steps.append(Remark(text))
            self._repeats_from = len(self._steps)
            self.note(number, text, "lost", NOT_UNDERSTOOD)
            return
        self.note(number, text, "taken", ROUNDS, rounds=rounds)
        if is_below and self._heading is not None and self._heading.steps:
            # "Repeat 3 times" below a list means the list above.
            self._heading.rounds, self._heading.rest_ms = rounds, rest_ms
            self._close_heading()
            self._repeats_from = len(self._steps)
        elif is_below and self._heading is None and self._steps:
            self._steps[self._repeats_from :] = [Block(tuple(above), "", rounds, rest_ms)]
            self._repeats_from = len(self._steps)
        else:
            if self._heading is not None and not self._heading.steps:
                name = name or self._heading.name
            self._close_heading()
            self._heading = Heading(cleaned_name(name)[0], rounds, rest_ms)

    def _close_heading(self) -> None:
        if self._letter:
            self._close_turns()
        self._named = None
        heading, self._heading = self._heading, None
        if heading is None or not heading.steps:
            return
        steps = tuple(heading.steps) if heading.clock else rests_between(heading.steps, self._between_ms)
        if heading.clock:
            block = heading.clock.block(steps, by_minutes=heading.by_minutes)
        elif heading.pace:
            block = heading.pace.block(steps)
        else:
            block = Block(steps, rounds=heading.rounds, rest_ms=heading.rest_ms)
        self._steps.append(replace(block, name=heading.name))

    def _settle(self) -> None:
        """Give the line that may have been the name of an exercise its place."""
        if self._pending is None:
            return
        line, self._pending = self._pending, None
        name, _ = cleaned_name(line.text)
        if not name:
            self.note(line.number, line.text, "lost", NOT_UNDERSTOOD)
        elif self._is_at_start and not line.is_listed:
            self.name = name
            self.note(line.number, line.text, "taken", TITLE_LINE)
        else:
            self._named = Named(Work(name), line.is_listed)
            self._here.append(self._named.work)
            self.note(line.number, line.text, "taken")

    @property
    def _is_first_line(self) -> bool:
        return self._is_at_start and self._pending is None

    def _said_alone(self, number: int, text: str) -> None:
        said = cleaned(text)[0]
        if said and not self._here and self._heading is None and not self.summary:
            self.summary = said
            self.note(number, text, "taken", SUMMARY_LINE)
        elif said:
            self._here.append(Say(cleaned(text, _MAX_SAID)[0]))
            self.note(number, text, "taken", SAID_ALONE)

    def _rest(self, number: int, text: str, rest_ms: int, say: str = "") -> None:
        """A rest; after an exercise of several sets that names none it is that between the sets."""
        last = self._here[-1] if self._here else None
        if isinstance(last, Work) and last.sets > 1 and last.rest_ms is None and not say:
            self._here[-1] = replace(last, rest_ms=rest_ms)
        elif rest_ms:
            self._here.append(Rest(rest_ms, say))
        self.note(number, text, "taken")

    def _sentence(self, number: int, text: str) -> None:
        self._settle()
        said, _ = cleaned(text)
        last = self._here[-1] if self._here else None
        if isinstance(last, Work) and said and len(last.say) + len(said) < MAX_INSTRUCTION:
            self._here[-1] = replace(last, say=f"{last.say} {said}".strip())
            self.note(number, text, "taken", SAID, name=last.name)
        elif said and not self._here and self._heading is None and not self.summary:
            self.summary = said
            self.note(number, text, "taken", SUMMARY_LINE)
        elif said and len(said) <= _MAX_SAID:
            self._here.append(Say(said))
            self.note(number, text, "taken", SAID_ALONE)
        else:
            self._here.append(Remark(text))
            self.note(number, text, "lost", NOT_UNDERSTOOD)


def is_only_rest(dose: WrittenDose) -> bool:
    """Whether a line names a rest and nothing else."""
    return dose.rest_ms is not None and not dose.has_dose and not dose.name


def _with_rests(steps: Sequence[Step], rest_ms: int) -> list[Step]:
    """The steps with a rest between the sets of each exercise that names none."""
    found: list[Step] = []
    for step in steps:
        if isinstance(step, Block):
            found.append(replace(step, steps=tuple(_with_rests(step.steps, rest_ms))))
        elif isinstance(step, Work) and step.sets > 1 and step.rest_ms is None:
            found.append(replace(step, rest_ms=rest_ms))
        else:
            found.append(step)
    return found
