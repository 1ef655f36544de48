"""Reads routines as people write them: a line for each exercise, circuits in brackets, a pasted handout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from timer_app.core.fields.types import MAX_COUNT
from timer_app.core.i18n import N_
from timer_app.interchange.amounts import written_ms
from timer_app.interchange.breathing import breath_of
from timer_app.interchange.circuits import (
    bracketed,
    clock_of,
    intervals,
    pace_of,
    turns,
    work_of,
)
from timer_app.interchange.lines import SHORT_WORDS, Line, day_of, is_name, lines_of, rounds_in, rounds_of
from timer_app.interchange.model import (
    NOT_UNDERSTOOD,
    PREPARE_MS,
    REST_MS,
    SUPERSET,
    SWITCH_MS,
    Block,
    Imported,
    ImportedSession,
    Remark,
    Rest,
    Step,
    Work,
    is_to_do,
    superset,
)
from timer_app.interchange.notation import FREQUENCY, WrittenDose, merged, parse_line
from timer_app.interchange.outline import (
    MAX_INSTRUCTION,
    ROUNDS,
    SUMMARY_LINE,
    Heading,
    Named,
    Outline,
    is_only_rest,
)
from timer_app.interchange.source import Source
from timer_app.interchange.spelling import is_advice, spelled_out
from timer_app.interchange.texts import cleaned, cleaned_name, is_rest, rest_words

NAME = "text"
TITLE = "text"

DAY = N_("starts a session of its own")
CLOCK = N_("what follows goes by one clock")
HELD = N_("each rep is held for {seconds} s")
BETWEEN = N_("lies between all exercises that have no other rest between them")
BETWEEN_SETS = N_("lies between the sets of all exercises that name no rest")
PACE = N_("{work} s of work and {rest} s of rest for each exercise below")
PROSE = N_("taken as the dose of {name}")
ADDED = N_(
    "no preparation time given: {prepare} s are added before each exercise, {rest} s between sets without a rest"
)
UNNAMED = N_("has no name, so it is called {name}")

_META = re.compile(r"[A-ZÄÖÜ][\w ./-]{0,24}:\s+\S.*")
_SUPERSET = re.compile(r"\s+(?:super-?set(?:ted)?\s+(?:with\b|w/)|supersatz\s+mit)\s+", re.IGNORECASE)
_BETWEEN_EXERCISES = re.compile(
    r"\bbetween(?:\s\w{1,5}){0,2}\s(?:exercises?|stretches)\b|\bzwischen(?:\s\w{1,6})?\sübungen\b", re.IGNORECASE
)
_BETWEEN_SETS = re.compile(r"\bbetween\s(?:all\s|the\s)?sets\b|\bzwischen\sden\ssätzen\b", re.IGNORECASE)
_SETS_HEADING = re.compile(r"([1-9]\d{0,2})\s*(?:sets?|sätze|serien)(?:\s+of)?\s*:", re.IGNORECASE)
_BETWEEN_ROUNDS = re.compile(
    r"\b(?:between|zwischen)\s(?:the\s|den\s)?(?:rounds|circuits|runden|durchgängen)\b", re.IGNORECASE
)
_LABEL = re.compile(r"\w+\s*[:=]")
_MINUTE = re.compile(r"min(?:ute)?\s*\d{1,2}\s*(?:[:.)-]\s*|$)", re.IGNORECASE)
_PIECE_OF_DOSE = re.compile(r"(?:holds?|holding|held|halten)\b", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–—]\s*(\d{1,2}:\d{2})\s*:?\s+(?=\D)")
_CONTACT = re.compile(r"\d{3}[-. ]\d{3,4}[-. ]\d{3,}|\w@\w+\.\w|https?://|\bwww\.")
_OFTEN_WORDS = frozenset(
    ("do", "this", "these", "them", "it", "all", "exercises", "the", "repeat", "perform", "complete", "routine", "die")
) | {"üben", "übungen", "diese", "alle", "programm", "durchführen", "machen", "wiederholen", "about", "ca"}
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
    for line in lines_of(source.lines):
        reader.line(line)
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


class _Reader(Outline):
    """Reads the lines of a text one after the other."""

    def line(self, line: Line) -> None:
        """Read a line."""
        if line.is_empty:
            self._blank(line)
            return
        self._line = line
        number, text = line.number, line.text
        if self._day_line(number, text):
            pass
        elif (sets := _SETS_HEADING.fullmatch(text)) and not self._is_at_start:
            self._settle()
            self._open_rounds(number, text, "", min(int(sets[1]), MAX_COUNT), 0)
        elif line.is_heading and not (self._is_at_start and line.is_title):
            self._settle()
            self._title(number, line.title, may_be_name=not line.is_part)
        elif self._is_at_start and self._pending is None and line.is_title:
            self._title(number, text, may_be_name=True)
        else:
            self._content(line)
        self._is_apart = False

    def _blank(self, line: Line) -> None:
        if line.raw.strip():
            self.note(line.number, line.raw, "taken")
            return
        self._is_apart = True
        self._settle()
        if not self._is_spaced and self._heading is not None and self._heading.steps:
            self._close_heading()

    def _day_line(self, number: int, text: str) -> bool:
        """Begin the session of a day, if a line names one."""
        found = day_of(text)
        if found is None:
            return False
        day, more = found
        self.end_day(cleaned_name(day)[0])
        self.note(number, text, "taken", DAY)
        if more:
            self._items(number, more)
        return True

    def _content(self, line: Line) -> None:
        """A line that is no heading: something to be done, or words."""
        number, text = line.number, self._without_span(self._without_minute(line))
        self._turn_to(line.letter, text)
        if not text or self._ends_circuit(line, text):
            return
        if (pace := pace_of(text)) and line.next and not line.next.is_empty and is_name(line.next.text):
            self._settle()
            self._close_heading()
            if pace.rounds == 1:
                pace = pace._replace(rounds=rounds_in(self.name) or 1)
            self._heading = Heading(pace.name, pace=pace)
            self.note(number, text, "taken", PACE, work=pace.work_ms // 1_000, rest=pace.rest_ms // 1_000)
        elif steps := _steps_in(text):
            self._settle()
            self._here.extend(steps)
            self.note(number, text, "taken")
        elif rounds := rounds_of(text):
            self._settle()
            self._open_rounds(number, text, *rounds)
        elif clock := clock_of(text):
            self._settle()
            self._close_heading()
            self._heading = Heading(clock.name, clock=clock)
            self.note(number, text, "taken", CLOCK if clock.within_ms else ROUNDS, rounds=clock.rounds)
            if clock.more:
                self._items(number, clock.more)
                self._settle()
                self._close_heading()
        elif not self._direction(number, text):
            self._items(number, text)

    def _ends_circuit(self, line: Line, text: str) -> bool:
        """Take a rest between rounds for that of the circuit above; close a list that a line without a bullet ends."""
        heading = self._heading
        if heading is None:
            return False
        dose = parse_line(text)
        if heading.pace and _BETWEEN_ROUNDS.search(text) and _is_about_all(dose):
            heading.pace = heading.pace._replace(rounds_rest_ms=dose.rest_ms or 0)
            self.note(line.number, text, "taken")
            return True
        if not heading.steps and self._pending is None:
            heading.is_listed = line.is_listed
        elif heading.is_listed and not line.is_listed:
            is_exercise = dose.has_dose and bool(dose.name) and not text.endswith((".", "!"))
            if clock_of(text) or (is_exercise and self._pending is None and not self._is_detail):
                self._settle()
                self._close_heading()
        return False

    @property
    def _is_detail(self) -> bool:
        """Whether a line without a bullet may be the dose of what is above it."""
        return self._named is not None and not self._named.work.has_dose

    def _without_minute(self, line: Line) -> str:
        """A line without the minute of an EMOM that it begins with, such as `Min 2:`."""
        heading, minute = self._heading, _MINUTE.match(line.text)
        if heading is None or not heading.clock or minute is None:
            return line.text
        heading.by_minutes = True
        if minute.end() == len(line.text):
            self._settle()
            self.note(line.number, line.text, "taken")
        return line.text[minute.end() :]

    def _without_span(self, text: str) -> str:
        """A line that begins with from when to when, such as `1:00-3:30 Cat cow`, with how long that is."""
        found = _SPAN.match(text)
        if found is None:
            return text
        begin_ms, end_ms = written_ms(found[1]), written_ms(found[2])
        if begin_ms != self._span_end_ms or end_ms is None or end_ms <= (begin_ms or 0):
            return text
        self._span_end_ms = end_ms
        more = text[found.end() :]
        return more if parse_line(more).has_dose else f"{more} {(end_ms - (begin_ms or 0)) // 1_000} s"

    def _items(self, number: int, text: str) -> None:
        """A line with one exercise, or with several of them between commas."""
        if self._aside(number, text) or self._below(number, text):
            return
        pieces = _several(_SUPERSET, text)
        if pieces and all(dose.has_dose and dose.name for _piece, dose in pieces):
            self._settle()
            works = [work_of(cleaned_name(dose.name)[0] or "Exercise", dose) for _piece, dose in pieces]
            self._here.append(superset(works, REST_MS))
            self.note(number, text, "changed", SUPERSET)
            return
        pieces = _several(_PIECES, text)
        if pieces and all(_stands_alone(*piece) for piece in pieces):
            self._settle()
            for piece, dose in pieces:
                self._dose(number, piece, dose)
            return
        dose = parse_line(text)
        if dose.rest_ms is not None and not dose.has_dose and _BETWEEN_EXERCISES.search(text):
            self._settle()
            self._between_ms = dose.rest_ms
            self.note(number, text, "changed", BETWEEN)
        elif dose.oddity:
            self._settle()
            self._here.append(Remark(text))
            self.note(number, text, "lost", dose.oddity[0], **dose.oddity[1])
        elif dose.has_dose or (dose.rest_ms is not None and not dose.name):
            self._dose(number, text, dose)
        else:
            self._words(number, text, dose)

    def _aside(self, number: int, text: str) -> bool:
        """Take what is said about all of it: advice, how often a week, a rest between all sets."""
        dose = parse_line(text)
        sentences = _SENTENCES.split(text)
        if is_advice(text) and (dose.has_dose or dose.often or self._is_apart) and not self._is_first_line:
            self._settle()
            for sentence in sentences:
                if is_advice(sentence) or not parse_line(sentence).says_how:
                    self._said_alone(number, sentence)
                else:
                    self._items(number, sentence)
            return True
        if len(sentences) > 1 and any(_is_about_all(one) for one in map(parse_line, sentences)):
            for sentence in sentences:
                self._is_apart = True
                self._items(number, sentence)
            return True
        if dose.often and not dose.says_how and _words_of(dose.name) <= _OFTEN_WORDS:
            self._settle()
            said = cleaned(text)[0]
            if not self.summary:
                self.summary = said
                self.note(number, text, "taken", SUMMARY_LINE)
            else:
                self._here.append(Remark(text))
                self.note(number, text, "lost", FREQUENCY, often=dose.often)
            return True
        if self._is_apart and is_only_rest(dose) and _BETWEEN_SETS.search(spelled_out(text)) and not self._letter:
            self._settle()
            self._sets_rest_ms = dose.rest_ms or 0
            self.note(number, text, "changed", BETWEEN_SETS)
            return True
        return False

    def _below(self, number: int, text: str) -> bool:
        """Take a line below the name of an exercise for its dose, or for a part of that."""
        dose = parse_line(text)
        is_listed = self._line is not None and self._line.is_listed
        if not dose.says_how or dose.oddity:
            return False
        pending = self._pending
        named_is_listed = pending.is_listed if pending else bool(self._named and self._named.is_listed)
        if dose.name and (is_listed or not named_is_listed or (pending is not None and not pending.is_listed)):
            return False
        if pending is not None and (not self._is_at_start or pending.is_listed):
            self._settle()
        named = self._named
        if named is None or not self._here or self._here[-1] is not named.work:
            return False
        if named.work.has_dose and (
            dose.name or (dose.has_dose and (dose.hold == named.work.hold or bool(dose.hold) == bool(named.work.hold)))
        ):
            return False
        if is_only_rest(dose) and not any(one.sets > 1 for one in (*named.doses, dose)):
            return False
        named.doses.append(replace(dose, name=""))
        name, more = named.work.name, _joined(named.work.say, dose.name if " " in dose.name else "")
        named.work = replace(work_of(name, merged(named.doses)), say=more)
        self._here[-1] = named.work
        self.note(number, text, "changed" if dose.changes else "taken", PROSE, name=name)
        return True

    def _dose(self, number: int, text: str, dose: WrittenDose) -> None:
        """Put the exercise of a line into the session."""
        if dose.rest_ms is not None and not dose.has_dose:
            self._settle()
            self._rest(number, text, dose.rest_ms)
            return
        name = dose.name
        if not name and self._pending is not None:
            line, self._pending = self._pending, None
            name = line.text
            self.note(line.number, name, "taken")
        self._settle()
        shown, reason = cleaned_name(name)
        if dose.hold and dose.sets <= 1 and not dose.hold[0].is_open and is_rest(shown) and not dose.reps:
            self._rest(number, text, dose.hold[0].low, rest_words(shown))
            return
        self._unnamed += not shown
        used = shown or f"Exercise {self._unnamed}"
        work = work_of(used, dose)
        self._here.append(work)
        if dose.name != name:
            self._named = Named(work, is_listed=False, doses=[dose])
        if dose.rest_ms and dose.sets <= 1:
            self._here.append(Rest(dose.rest_ms))
        if not shown:
            self.note(number, text, "changed", UNNAMED, name=used)
        elif dose.changes:
            for change, details in dose.changes:
                self.note(number, text, "changed", change, **details)
        elif dose.held_ms:
            self.note(number, text, "changed", HELD, seconds=f"{dose.held_ms / 1_000:g}")
        else:
            self.note(number, text, "changed" if reason else "taken", reason)

    def _direction(self, number: int, text: str) -> bool:
        """Take the dose of the exercise above from sentences such as "Hold 30 seconds. Repeat 3 times."."""
        sentences = _SENTENCES.split(text)
        if _LABEL.match(text):
            return False
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
            if dose.often or _words_of(dose.name) - _DIRECTION_WORDS
        ]
        say = cleaned(" ".join(filter(None, [last.say, *said])), MAX_INSTRUCTION)[0]
        self._here[-1] = replace(work_of(last.name, merged(doses)), say=say)
        self.note(number, text, "changed", PROSE, name=last.name)
        return True

    def _words(self, number: int, text: str, dose: WrittenDose) -> None:
        """A line without a dose: a name, an instruction, or nothing that is known."""
        has_digits = any(sign.isdigit() for sign in text)
        is_sentence = text.endswith((".", "!", "?")) or len(text.split()) > SHORT_WORDS
        is_part = has_digits and bool(dose.sets or dose.load or dose.rest_ms is not None)
        line = self._line
        if is_part and line is not None and line.is_listed and line.below is not None and not line.below.is_listed:
            first = parse_line(line.below.text)
            is_part = not (first.has_dose and not first.name)
        if (not is_sentence and (is_part or _META.fullmatch(text))) or _CONTACT.search(text):
            self._settle()
            self._here.append(Remark(text))
            self.note(number, text, "lost", NOT_UNDERSTOOD)
        elif is_sentence:
            self._sentence(number, text)
        else:
            self._settle()
            if self._heading is not None and self._heading.pace:
                self._here.extend(map(self._heading.pace.work, _names(text)))
                self.note(number, text, "taken")
            else:
                self._pending = self._line if self._line is not None and self._line.text == text else None
                if self._pending is None:
                    self._here.append(Work(cleaned_name(text)[0] or text))
                    self.note(number, text, "taken")


def _steps_in(text: str) -> list[Step]:
    """The steps of a line that is a breathing exercise or a circuit; nothing for any other line."""
    if breath := breath_of(text):
        return [breath]
    return intervals(text) or turns(text) or (bracketed(text) if any(sign in text for sign in "[(") else [])


def _several(pattern: re.Pattern[str], text: str) -> list[tuple[str, WrittenDose]]:
    """The pieces of a line with the dose of each; nothing where it is one piece only."""
    pieces = [piece for piece in map(str.strip, pattern.split(text)) if piece]
    return [(piece, parse_line(piece)) for piece in pieces] if len(pieces) > 1 else []


def _words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _joined(said: str, more: str) -> str:
    return cleaned(f"{said} {more}", MAX_INSTRUCTION)[0]


def _names(text: str) -> list[str]:
    """The names in a line, between commas."""
    return list(filter(None, (cleaned_name(piece)[0] for piece in text.split(","))))


def _is_about_all(dose: WrittenDose) -> bool:
    """Whether a sentence only says how often a week, or how long the rests are."""
    return not dose.name and not dose.has_dose and (bool(dose.often) or dose.rest_ms is not None)


def _stands_alone(piece: str, dose: WrittenDose) -> bool:
    if _PIECE_OF_DOSE.match(piece) or _PIECE_OF_DOSE.match(dose.name):
        return False
    return (dose.has_dose and bool(dose.name)) or (dose.rest_ms is not None and not dose.name and not dose.has_dose)
