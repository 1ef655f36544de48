"""Reads tables of exercises: a row for each, with whatever columns they have, from a spreadsheet or a database."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from timer_app.core.fields import NotationError, parse_tempo
from timer_app.core.fields import load as loads
from timer_app.core.fields.types import MAX_COUNT, MAX_NAME
from timer_app.core.i18n import N_
from timer_app.interchange.amounts import written_hold, written_load, written_ms, written_reps
from timer_app.interchange.model import (
    PREPARE_MS,
    REST_MS,
    SWITCH_MS,
    Block,
    Fate,
    Imported,
    ImportedSession,
    LedgerEntry,
    Rest,
    Step,
    Work,
)
from timer_app.interchange.notation import parse_line
from timer_app.interchange.source import MAX_LINE, Source
from timer_app.interchange.texts import cleaned, cleaned_name, is_rest, rest_words

NAME = "csv"
TITLE = "CSV"

_MAX_ROWS = 20_000
_MAX_COLUMNS = 60
_MAX_SAID = 600
_TEXTS = {"name": MAX_NAME, "say": _MAX_SAID}

_COLUMNS = {
    "name": (
        "name",
        "exercise",
        "exercises",
        "title",
        "step",
        "activity",
        "movement",
        "übung",
        "uebung",
        "interval",
        "label",
    ),
    "hold": (
        "hold",
        "duration",
        "time",
        "seconds",
        "secs",
        "sec",
        "length",
        "work",
        "dauer",
        "zeit",
        "duration s",
        "time s",
        "work s",
        "hold s",
        "duration seconds",
        "sekunden",
    ),
    "minutes": ("minutes", "mins", "min", "duration min", "minuten"),
    "reps": ("reps", "rep", "repetitions", "wdh", "wiederholungen", "count"),
    "sets": ("sets", "set", "sätze", "saetze", "series"),
    "rest": ("rest", "rest s", "pause", "break", "rest between sets", "rest seconds", "recovery", "rest time"),
    "sides": ("side", "sides", "each side", "per side", "seite", "seiten"),
    "tempo": ("tempo",),
    "load": ("load", "weight", "kg", "gewicht", "weight kg", "resistance"),
    "rpe": ("rpe", "effort"),
    "say": (
        "say",
        "notes",
        "note",
        "instruction",
        "instructions",
        "description",
        "comment",
        "cue",
        "hinweis",
        "notizen",
    ),
    "session": ("session", "workout", "routine", "day", "program", "programme", "circuit", "training"),
    "rounds": ("rounds", "round", "runden"),
}
_MEANINGS = {written: key for key, names in _COLUMNS.items() for written in names}
_SIDES = {
    **dict.fromkeys(
        ("each", "both", "l/r", "yes", "y", "x", "true", "2", "per side", "je seite", "beide", "ja"), "each"
    ),
    **dict.fromkeys(("left", "l", "links"), "left"),
    **dict.fromkeys(("right", "r", "rechts"), "right"),
}

HEADER = N_("column heading")
UNKNOWN_COLUMN = N_("unknown column")
NO_VALUE = N_("not a valid value for this column")
NOT_NAMED = N_("the row has no name and no dose")
REST_ROW = N_("named like a rest, so it is one")
ADDED = N_("no preparation time given: {prepare} s are added before each exercise")
TOO_LONG = N_("only the first {most} rows are read")
TOO_WIDE = N_("only the first {most} columns are read")
CELL_CUT = N_("only the first {most} characters of the cell are read")
NO_HEADING = N_("no column has a heading for it")
BROKEN = N_("nothing below this line is read: a cell has no end, or is longer than {most:,} characters")


def sniff(source: Source) -> bool:
    """Whether it is a table whose heading names exercises and a dose."""
    if source.json is not None:
        return False
    rows = _rows(source, 1)[0]
    if not rows:
        return False
    meanings = set(_meanings(rows[0][1]))
    return "name" in meanings and bool(meanings & {"hold", "minutes", "reps", "sets"})


def _rows(source: Source, most: int = _MAX_ROWS) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows of a table that have anything in them, each with its line; and behind which line it is broken, or 0."""
    first = next((line for line in source.text.split("\n") if line.strip()), "")
    delimiter = max(",;\t|", key=first.count)
    if not first.count(delimiter):
        return [], 0
    found: list[tuple[int, list[str]]] = []
    text = source.text
    if delimiter == "|":  # a table in Markdown has them around its rows too
        text = "\n".join(line.strip(" \t").removeprefix("|").removesuffix("|") for line in text.split("\n"))
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip(" :-") for cell in cells):
                found.append((reader.line_num, [" ".join(cell.split()) for cell in cells[: _MAX_COLUMNS + 1]]))
            if len(found) > most:
                break
    except csv.Error:
        return found, found[-1][0] if found else 1
    return found, 0


def _meanings(heading: Sequence[str]) -> list[str]:
    """What each column means; empty for one that is not known."""
    found: list[str] = []
    for cell in heading:
        written = " ".join(re.findall(r"\w+", cell.casefold().replace("_", " ")))
        meaning = _MEANINGS.get(written, "")
        found.append(meaning if meaning not in found else "")
    return found


@dataclass
class _Table:
    """What is known while the rows are read."""

    entries: list[LedgerEntry] = field(default_factory=list)

    def note(self, line: int, key: str, value: str, fate: Fate, reason: str = "", **details: object) -> None:
        self.entries.append(LedgerEntry(line, key, value[:120], fate, reason, details))


def read(source: Source) -> Imported:
    """The rows of a table as steps; a column for the session makes several of them."""
    table = _Table()
    rows, broken_at = _rows(source)
    if not rows:
        return Imported()
    heading_line, heading = rows[0]
    heading = heading[:_MAX_COLUMNS]
    meanings = _meanings(heading)
    for cell, meaning in zip(heading, meanings, strict=True):
        table.note(heading_line, cell, "", "taken" if meaning else "lost", HEADER if meaning else UNKNOWN_COLUMN)
    if len(rows[0][1]) > _MAX_COLUMNS:
        table.note(heading_line, "", "", "lost", TOO_WIDE, most=_MAX_COLUMNS)
    if len(rows) > _MAX_ROWS:
        table.note(0, source.name, "", "lost", TOO_LONG, most=_MAX_ROWS)
    if broken_at:
        table.note(broken_at, source.name, "", "lost", BROKEN, most=csv.field_size_limit())
    columns = list(zip(meanings, heading, strict=True))
    titles = dict(columns)
    sessions: dict[str, list[Step]] = {}
    for line, cells in rows[1 : _MAX_ROWS + 1]:
        values = _values(table, line, cells, columns)
        where = cleaned_name(values.pop("session", ""))[0]
        if where:
            table.note(line, titles["session"], where, "taken")
        sessions.setdefault(where, []).extend(_row(table, line, values, titles))
    fallback = source.title or "Imported"
    found = tuple(_session(table, name or fallback, steps, source) for name, steps in sessions.items() if steps)
    return Imported(found, tuple(table.entries))


def _values(table: _Table, line: int, cells: Sequence[str], columns: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What a row says in the columns that are known, by their meanings; whatever else it says is lost."""
    found: dict[str, str] = {}
    for cell, (meaning, title) in zip_longest(cells[:_MAX_COLUMNS], columns, fillvalue=("", "")):
        if not isinstance(cell, str) or not cell:
            continue
        if not meaning:
            table.note(line, title, cell, "lost", UNKNOWN_COLUMN if title else NO_HEADING)
            continue
        found[meaning] = cell[:MAX_LINE]
        if len(cell) > MAX_LINE:
            table.note(line, title, cell, "lost", CELL_CUT, most=MAX_LINE)
    return found


def _session(table: _Table, name: str, steps: list[Step], source: Source) -> ImportedSession:
    session = ImportedSession(name, tuple(steps), language=source.language)
    works = [step for step in steps if isinstance(step, Work)]
    if all(work.hold and work.sets == 1 and not work.sides for work in works):
        return session
    table.note(0, name, "", "changed", ADDED, prepare=PREPARE_MS // 1_000)
    return replace(session, prepare_ms=PREPARE_MS, rest_ms=REST_MS, switch_ms=SWITCH_MS)


def _row(table: _Table, line: int, values: dict[str, str], titles: dict[str, str]) -> Iterator[Step]:
    work = _named(values)
    named, rest_ms, rounds = work.name, None, 1
    for key, value in values.items():
        before = work
        if key == "rest":
            rest_ms = written_ms(value)
            is_understood = rest_ms is not None
        elif key == "rounds":
            rounds = _count(value) or 1
            is_understood = bool(_count(value))
        elif key == "name":
            is_understood = bool(named)
        else:
            work = _with(work, key, value)
            is_understood = work != before or _says_nothing(key, value)
        reason = cleaned(value, _TEXTS[key])[1] if key in _TEXTS else ""
        fate: Fate = "lost" if not is_understood else "changed" if reason else "taken"
        table.note(line, titles[key], value, fate, reason if is_understood else NO_VALUE)
    if not named and not work.has_dose:
        if rest_ms is None:
            table.note(line, titles.get("name", ""), "", "lost", NOT_NAMED)
        else:
            yield Rest(rest_ms)
    elif is_rest(named) and (work.hold or rest_ms) and not work.reps:
        table.note(line, titles["name"], named, "changed", REST_ROW)
        yield Rest(work.hold[0].low if work.hold else rest_ms or 0, rest_words(named))
    else:
        yield from _row_steps(replace(work, name=named or "Exercise"), rest_ms, rounds)


def _named(values: dict[str, str]) -> Work:
    """The work that the name of a row describes: in a table without columns for it, the dose is there too."""
    raw = values.get("name", "")
    written = None if values.keys() & {"hold", "minutes", "reps"} else parse_line(raw)
    if written is not None and written.has_dose and written.name:
        name = cleaned_name(written.name)[0]
        return Work(name, written.hold, written.reps, sets=max(1, written.sets), sides=written.sides)
    return Work(cleaned_name(raw)[0])


def _row_steps(work: Work, rest_ms: int | None, rounds: int) -> Iterator[Step]:
    """The work of a row with its rest: between its sets, between its rounds, or after it."""
    if len(work.reps) > 1:
        work = replace(work, sets=1)
    if work.sets > 1 or len(work.reps) > 1:
        work, rest_ms = replace(work, rest_ms=rest_ms), None
    if rounds > 1:
        yield Block((work,), rounds=rounds, rest_ms=rest_ms or 0)
        return
    yield work
    if rest_ms:
        yield Rest(rest_ms)


def _count(value: str) -> int:
    """The count that a cell holds; 0 for none."""
    is_count = value.isascii() and value.isdigit() and int(value[:5]) <= MAX_COUNT
    return int(value[:5]) if is_count else 0


def _says_nothing(key: str, value: str) -> bool:
    """Whether a value is what holds anyway."""
    if key in ("sets", "sides", "hold", "minutes", "reps"):
        return value.casefold() in ("0", "1", "-", "no", "none", "n", "false", "nein", "0:00")
    return value == "-"


def _with(work: Work, key: str, value: str) -> Work:
    """A piece of work with one more column; the same where the cell says nothing that is understood."""
    if key in ("hold", "minutes", "reps", "sets"):
        return _with_dose(work, key, value)
    if key == "sides":
        return replace(work, sides=_SIDES.get(value.casefold(), work.sides))
    if key == "load":
        bare = re.fullmatch(r"\d{1,4}(?:[.,]\d{1,2})?", value)
        return replace(work, load=written_load(f"{value} kg" if bare else value))
    if key == "say":
        return replace(work, say=cleaned(value, _MAX_SAID)[0])
    try:
        effort, tempo = (loads.checked_rpe(value), "") if key == "rpe" else ("", parse_tempo(value).written)
    except NotationError:
        return work
    return replace(work, rpe=effort or work.rpe, tempo=tempo or work.tempo)


def _with_dose(work: Work, key: str, value: str) -> Work:
    if key == "sets":
        return replace(work, sets=_count(value) or work.sets)
    if key == "reps":
        listed = [written_reps(one) for one in re.split(r"\s*[/,;]\s*", value)]
        is_whole = not work.hold and all(listed) and len(listed) <= 100  # noqa: PLR2004 - what a list may have
        return replace(work, reps=tuple(one for one in listed if one)) if is_whole else work
    hold = written_hold(f"{value} min" if key == "minutes" else value)
    return work if hold is None else replace(work, hold=(hold,), reps=())
