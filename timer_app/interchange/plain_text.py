"""Reads routines as people write them: a line for each exercise, circuits in brackets, a pasted handout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from timer_app.core.fields.types import MAX_COUNT
from timer_app.core.i18n import N_
from timer_app.interchange.circuits import Clock, bracketed, clock_of, intervals, rests_between, work_of
from timer_app.interchange.model import (
    NOT_UNDERSTOOD,
    PREPARE_MS,
    REST_MS,
    SUPERSET,
    SWITCH_MS,
    Block,
    Fate,
    Imported,
    ImportedSession,
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
from timer_app.interchange.source import MAX_LINES, Source
from timer_app.interchange.texts import cleaned, cleaned_name, is_rest, rest_words

NAME = "text"
TITLE = "text"

_SHORT_WORDS = 6
_MAX_INSTRUCTION, _MAX_SAID = 1_000, 600
_MIN_NUMBERED = 3

TITLE_LINE = N_("name of the session")
SUMMARY_LINE = N_("summary in the list of sessions")
SAID = N_("said as the instruction of {name}")
SAID_ALONE = N_("is said")
HEADING = N_("name of a block")
DAY = N_("starts a session of its own")
ROUNDS = N_("{rounds} rounds of what follows")
CLOCK = N_("what follows goes by one clock")
GUESSED = N_("{number} is taken as the number of reps")
HELD = N_("each rep is held for {seconds} s")
BETWEEN = N_("lies between all exercises that have no other rest between them")
PROSE = N_("taken as the dose of {name}")
ADDED = N_(
    "no preparation time given: {prepare} s are added before each exercise, {rest} s between sets without a rest"
)
UNNAMED = N_("has no name, so it is called {name}")

_BULLET = re.compile(r"^\s*(?:[-*•·‣◦▪–—+]|\(?\d{1,2}[.)](?!\d)|\(?[a-zA-Z]\d?[.)])\s+")
_CHECKBOX = re.compile(r"^\s*\[[ xX]?\]\s+")
_MARKDOWN = re.compile(r"^\s*(#{1,6})\s+|\*\*|__|`")
_RULE = re.compile(r"^[\s\-_=*~#.]+$")
_ROUNDS = re.compile(
    r"(?:^|[\s(,:-])(?:[x×]\s*)?(\d{1,4})\s*(?:[x×]\s*)?"
    r"(?:rounds?|runden|circuits?|laps?|times\s+through|durchgänge)\b(?:\s*(?:of|for|:))?"
    r"|\brepeat\s*(?:[x×]\s*)?(\d{1,4})(?:\s*[x×]|\s*times)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(\d{1,2})\s+(?=[A-Za-zÄÖÜäöü])")
_PART = re.compile(
    r"(?:round|circuit|block|part|phase|station|superset|section|set|runde|teil|block)\s+[\dA-Z]{1,2}\s*:?",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|(?:day|tag|workout|session)\s*(?:\d{1,2}|[A-G]))\b\s*(?P<sign>[:.–-]?)\s*(?P<more>.*)",
    re.IGNORECASE,
)
_META = re.compile(r"[A-ZÄÖÜ][\w ./-]{0,24}:\s+\S.*")
_SUPERSET = re.compile(r"\s+(?:super-?set(?:ted)?\s+with|supersatz\s+mit)\s+", re.IGNORECASE)
_BETWEEN_EXERCISES = re.compile(
    r"\bbetween(?:\s\w{1,5}){0,2}\s(?:exercises?|stretches)\b|\bzwischen(?:\s\w{1,6})?\sübungen\b", re.IGNORECASE
)
_DIRECTION = re.compile(r"(?:repeat|hold|perform|do|complete|wiederhole\w*|halte\w*)\b", re.IGNORECASE)
_DIRECTION_WORDS = frozenset(
    (
        "repeat",
        "do",
        "hold",
        "perform",
        "complete",
        "then",
        "for",
        "this",
        "it",
        "a",
        "total",
        "of",
        "in",
        "and",
        "wiederholen",
    )
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])")
_PIECES = re.compile(r"[,;](?!\d)\s*|\s+(?:then|dann)\s+|\s*(?:→|->|=>)\s*")


def sniff(source: Source) -> bool:
    """Any text may be a routine."""
    return bool(source.text.strip())


def read(source: Source) -> Imported:
    """The routine that a text describes: one session, or one for each day that it names."""
    reader = _Reader(source.text)
    for number, raw in enumerate(source.lines, 1):
        reader.line(number, raw)
    reader.end_day("")
    sessions = tuple(_sessions(reader, source, source.title or "Imported"))
    return Imported(sessions, tuple(sorted([*reader.entries, *source.unread], key=lambda entry: entry.line)))


def _sessions(reader: _Reader, source: Source, fallback: str) -> Iterator[ImportedSession]:
    title = reader.name or fallback
    found = [(day, steps) for day, steps in reader.days if is_to_do(steps)]
    for day, steps in found:
        name, folder = (day, (title,)) if day and len(found) > 1 else (title, ())
        session = ImportedSession(name, steps, reader.summary, source.language, folder)
        if not _is_timed(steps):
            session = replace(session, prepare_ms=PREPARE_MS, rest_ms=REST_MS, switch_ms=SWITCH_MS)
            reader.note(0, name, "changed", ADDED, prepare=PREPARE_MS // 1_000, rest=REST_MS // 1_000)
        yield session


def _is_timed(steps: tuple[Step, ...]) -> bool:
    """Whether all work is plain intervals: then the author has written every second, and nothing is added."""
    for step in steps:
        if isinstance(step, Block) and not (step.every_ms or step.within_ms or _is_timed(step.steps)):
            return False
        if isinstance(step, Work) and (not step.hold or step.sets > 1 or step.sides):
            return False
    return True


def _is_spaced(text: str) -> bool:
    """Whether blank lines stand between most lines, so that they end nothing."""
    lines = text.strip().split("\n")
    filled = sum(bool(line.strip()) for line in lines)
    return len(re.findall(r"\n\s*\n", text.strip())) > (filled - 1) // 2


def _numbered_lines(text: str) -> frozenset[int]:
    """The lines of a list that is numbered without dots: 1, 2, 3 and so on."""
    found: list[int] = []
    for number, line in enumerate(text.split("\n")[:MAX_LINES], 1):
        begins = _NUMBERED.match(line)
        if begins and int(begins[1]) == len(found) + 1:
            found.append(number)
    return frozenset(found) if len(found) >= _MIN_NUMBERED else frozenset()


@dataclass
class _Heading:
    """A line that begins a block."""

    name: str
    rounds: int = 1
    rest_ms: int = 0
    clock: Clock | None = None
    steps: list[Step] = field(default_factory=list)


class _Reader:
    """Reads the lines of a text one after the other.

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
        self._heading: _Heading | None = None
        # Where the steps begin that "repeat 3 times" means, behind those that were repeated before.
        self._repeats_from = 0
        self._unnamed = self._between_ms = 0
        # A line that may be the name of an exercise, whose dose comes in the next line.
        self._pending: tuple[int, str] | None = None
        self._is_spaced = _is_spaced(text)
        self._numbered = _numbered_lines(text)

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

    def line(self, number: int, raw: str) -> None:
        """Read a line."""
        text, level = self._bare(number, raw)
        if not text or _RULE.match(raw):
            self._blank(number, raw)
        elif self._day_line(number, text):
            pass
        elif level or _PART.fullmatch(text) or (text.endswith(":") and not parse_line(text[:-1]).has_dose):
            self._settle()
            self._title(number, text.rstrip(": "), may_be_name=not _PART.fullmatch(text))
        else:
            self._content(number, text)

    def _bare(self, number: int, raw: str) -> tuple[str, int]:
        """A line without bullet and markdown, and the level of the heading that it is; 0 for none."""
        found = _MARKDOWN.match(raw)
        level = len(found[1]) if found and found[1] else 0
        text = _MARKDOWN.sub("", _NUMBERED.sub("", raw) if number in self._numbered else raw)
        text = _CHECKBOX.sub("", _BULLET.sub("", text))
        return re.sub(r"\s+", " ", text.replace("\t", " ")).strip(), level

    def _blank(self, number: int, raw: str) -> None:
        if raw.strip():
            self.note(number, raw, "taken")
            return
        self._settle()
        if not self._is_spaced and self._heading is not None and self._heading.steps:
            self._close_heading()

    def _day_line(self, number: int, text: str) -> bool:
        """Begin the session of a day, if a line names one."""
        found = _DAY.fullmatch(text)
        if found is None:
            return False
        more, has_dose = found["more"].strip(), parse_line(found["more"]).has_dose
        if more and not has_dose and (not found["sign"] or len(more.split()) > _SHORT_WORDS):
            return False
        day = found["day"] if has_dose or not more else f"{found['day']} {more}"
        self.end_day(cleaned_name(day)[0])
        self.note(number, text, "taken", DAY)
        if has_dose:
            self._content(number, more)
        return True

    def end_day(self, following: str) -> None:
        """Close the session that is read, and begin that of the day called `following`."""
        self._settle()
        self._close_heading()
        if self._steps:
            self.days.append((self._day, rests_between(self._steps, self._between_ms)))
        self._day, self._steps = following, []
        self._repeats_from = self._unnamed = self._between_ms = 0

    def _content(self, number: int, text: str) -> None:
        """A line that is no heading: something to be done, or words."""
        if steps := intervals(text) or (bracketed(text) if any(sign in text for sign in "[(") else []):
            self._settle()
            self._here.extend(steps)
            self.note(number, text, "taken")
        elif rounds := _rounds_of(text):
            self._settle()
            self._open_rounds(number, text, *rounds)
        elif clock := clock_of(text):
            self._settle()
            self._close_heading()
            self._heading = _Heading(clock.name, clock=clock)
            self.note(number, text, "taken", CLOCK if clock.within_ms else ROUNDS, rounds=clock.rounds)
            if clock.more:
                self._items(number, clock.more)
                self._settle()
                self._close_heading()
        elif not self._direction(number, text):
            self._items(number, text)

    def _title(self, number: int, text: str, *, may_be_name: bool) -> None:
        name, _ = cleaned_name(text)
        if not name:
            self.note(number, text, "lost", NOT_UNDERSTOOD)
        elif self._is_at_start and may_be_name:
            self.name = name
            self.note(number, text, "taken", TITLE_LINE)
        else:
            self._close_heading()
            self._heading = _Heading(name)
            self.note(number, text, "taken", HEADING)

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
            self._heading = _Heading(cleaned_name(name)[0], rounds, rest_ms)

    def _close_heading(self) -> None:
        heading, self._heading = self._heading, None
        if heading is None or not heading.steps:
            return
        steps = tuple(heading.steps) if heading.clock else rests_between(heading.steps, self._between_ms)
        block = heading.clock.block(steps) if heading.clock else Block(steps, rest_ms=heading.rest_ms)
        rounds = block.rounds if heading.clock else heading.rounds
        self._steps.append(replace(block, name=heading.name, rounds=rounds))

    def _settle(self) -> None:
        """Give the line that may have been the name of an exercise its place."""
        if self._pending is None:
            return
        (number, text), self._pending = self._pending, None
        name, _ = cleaned_name(text)
        if not name:
            self.note(number, text, "lost", NOT_UNDERSTOOD)
        elif self._is_at_start:
            self.name = name
            self.note(number, text, "taken", TITLE_LINE)
        else:
            self._here.append(Work(name))
            self.note(number, text, "taken")

    def _items(self, number: int, text: str) -> None:
        """A line with one exercise, or with several of them between commas."""
        pieces = _several(_SUPERSET, text)
        if pieces and all(dose.has_dose and dose.name for _piece, dose in pieces):
            self._settle()
            works = [work_of(cleaned_name(dose.name)[0] or "Exercise", dose) for _piece, dose in pieces]
            self._here.append(superset(works, REST_MS))
            self.note(number, text, "changed", SUPERSET)
            return
        pieces = _several(_PIECES, text)
        if pieces and all(_stands_alone(dose) for _piece, dose in pieces):
            self._settle()
            for piece, dose in pieces:
                self._dose(number, piece, dose)
            return
        dose = parse_line(text)
        if dose.rest_ms is not None and not dose.has_dose and _BETWEEN_EXERCISES.search(text):
            self._settle()
            self._between_ms = dose.rest_ms
            self.note(number, text, "changed", BETWEEN)
        elif dose.has_dose or (dose.rest_ms is not None and not dose.name):
            self._dose(number, text, dose)
        else:
            self._words(number, text, dose)

    def _dose(self, number: int, text: str, dose: WrittenDose) -> None:
        """Put the exercise of a line into the session."""
        if dose.rest_ms is not None and not dose.has_dose:
            self._settle()
            self._rest(number, text, dose.rest_ms)
            return
        name = dose.name
        if not name and self._pending is not None:
            (line, name), self._pending = self._pending, None
            self.note(line, name, "taken")
        self._settle()
        shown, reason = cleaned_name(name)
        if dose.hold and dose.sets <= 1 and not dose.hold[0].is_open and is_rest(shown) and not dose.reps:
            self._rest(number, text, dose.hold[0].low, rest_words(shown))
            return
        self._unnamed += not shown
        used = shown or f"Exercise {self._unnamed}"
        self._here.append(work_of(used, dose))
        if dose.rest_ms and dose.sets <= 1:
            self._here.append(Rest(dose.rest_ms))
        if not shown:
            self.note(number, text, "changed", UNNAMED, name=used)
        elif dose.guesses:
            self.note(number, text, "changed", GUESSED, number=", ".join(dose.guesses))
        elif dose.held_ms:
            self.note(number, text, "changed", HELD, seconds=f"{dose.held_ms / 1_000:g}")
        else:
            self.note(number, text, "changed" if reason else "taken", reason)

    def _rest(self, number: int, text: str, rest_ms: int, say: str = "") -> None:
        """A rest; after an exercise of several sets that names none it is that between the sets."""
        last = self._here[-1] if self._here else None
        if isinstance(last, Work) and last.sets > 1 and last.rest_ms is None and not say:
            self._here[-1] = replace(last, rest_ms=rest_ms)
        elif rest_ms:
            self._here.append(Rest(rest_ms, say))
        self.note(number, text, "taken")

    def _direction(self, number: int, text: str) -> bool:
        """Take the dose of the exercise above from sentences such as "Hold 30 seconds. Repeat 3 times."."""
        sentences = _SENTENCES.split(text)
        if len(sentences) < 2 and not _DIRECTION.match(text):  # noqa: PLR2004 - one may be anything
            return False
        doses = [parse_line(sentence) for sentence in sentences]
        if not any(dose.has_dose for dose in doses):
            return False
        if self._pending is not None and not self._is_at_start:
            self._settle()
        last = self._here[-1] if self._here and self._pending is None else None
        if not isinstance(last, Work) or last.has_dose:
            return False
        said = [
            sentence
            for sentence, dose in zip(sentences, doses, strict=True)
            if set(re.findall(r"\w+", dose.name.casefold())) - _DIRECTION_WORDS
        ]
        say = cleaned(" ".join(filter(None, [last.say, *said])), _MAX_INSTRUCTION)[0]
        self._here[-1] = replace(work_of(last.name, _merged(doses)), say=say)
        self.note(number, text, "changed", PROSE, name=last.name)
        return True

    def _words(self, number: int, text: str, dose: WrittenDose) -> None:
        """A line without a dose: a name, an instruction, or nothing that is known."""
        has_digits = any(sign.isdigit() for sign in text)
        is_sentence = text.endswith((".", "!", "?")) or len(text.split()) > _SHORT_WORDS
        is_part = has_digits and bool(dose.sets or dose.load or dose.rest_ms is not None)
        if not is_sentence and (is_part or _META.fullmatch(text)):
            self._settle()
            self._here.append(Remark(text))
            self.note(number, text, "lost", NOT_UNDERSTOOD)
        elif is_sentence:
            self._sentence(number, text)
        else:
            self._settle()
            self._pending = (number, text)

    def _sentence(self, number: int, text: str) -> None:
        self._settle()
        said, _ = cleaned(text)
        last = self._here[-1] if self._here else None
        if isinstance(last, Work) and said and len(last.say) + len(said) < _MAX_INSTRUCTION:
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


def _several(pattern: re.Pattern[str], text: str) -> list[tuple[str, WrittenDose]]:
    """The pieces of a line with the dose of each; nothing where it is one piece only."""
    pieces = [piece for piece in map(str.strip, pattern.split(text)) if piece]
    return [(piece, parse_line(piece)) for piece in pieces] if len(pieces) > 1 else []


def _stands_alone(dose: WrittenDose) -> bool:
    return (dose.has_dose and bool(dose.name)) or (dose.rest_ms is not None and not dose.name and not dose.has_dose)


def _merged(doses: list[WrittenDose]) -> WrittenDose:
    """What several sentences say of one exercise."""
    whole = WrittenDose("")
    for dose in doses:
        whole = replace(
            whole,
            hold=whole.hold or dose.hold,
            reps=whole.reps or dose.reps,
            distance=whole.distance or dose.distance,
            sets=whole.sets or dose.sets,
            rest_ms=dose.rest_ms if whole.rest_ms is None else whole.rest_ms,
            sides=whole.sides or dose.sides,
            held_ms=whole.held_ms or dose.held_ms,
            tempo=whole.tempo or dose.tempo,
            load=whole.load or dose.load,
        )
    if whole.hold and whole.reps:
        whole = replace(whole, held_ms=whole.hold[0].low, hold=())
    return whole


def _rounds_of(text: str) -> tuple[str, int, int] | None:
    """The name, the rounds and the rest of a line that only says how often what follows is done."""
    found = _ROUNDS.search(text)
    if found is None:
        return None
    rounds = int(found[1] or found[2])
    dose = parse_line(f"{text[: found.start()]} ; {text[found.end() :]}")
    if dose.has_dose or dose.sets or not 1 <= rounds <= MAX_COUNT or len(dose.name.split()) > _SHORT_WORDS:
        return None
    return dose.name.strip(" :,-"), rounds, dose.rest_ms or 0
