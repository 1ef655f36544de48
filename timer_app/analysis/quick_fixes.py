"""Quick fixes: edits that remove a problem where it is plain what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timer_app.analysis.syntax import Document, Entry, Place, Value, written_key, written_text
from timer_app.core.diagnostics import LocatedProblem, nearest, problems, quoted
from timer_app.core.fields import NotationError, clean_text
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.analysis.analysis import Analysis

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_DOSE = re.compile(r"[\d.:hms+-]+")
_STATEMENT = re.compile(r"(?m)^(?![^\S\n]*(?:#|$))")
_SCHEMA_LINE = "schema = 1"


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of text and what takes its place; lines and columns from 0.

    Attributes:
        line: The line where the stretch begins.
        start_column: Where it begins.
        end_line: The line where it ends.
        end_column: Where it ends.
        new_text: What takes its place.
    """

    line: int
    start_column: int
    end_line: int
    end_column: int
    new_text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that remove a problem.

    Attributes:
        title: What they do, in a few words.
        edits: The edits, none of which overlap.
        problem: The problem.
        is_sure: Nothing else can have been meant, so that nobody need be asked.
    """

    title: str
    edits: tuple[Edit, ...]
    problem: LocatedProblem
    is_sure: bool = False


def fixes(analysis: Analysis, line: int | None = None) -> tuple[Fix, ...]:
    """The quick fixes of a text, the best of each problem first.

    Args:
        analysis: The text.
        line: Only of problems on this line, from 0; `None` for all.
    """
    concerned = [one for one in analysis.own_problems if line in {None, one.line - 1}]
    return tuple(fix for problem in concerned for fix in _fixes_of(analysis, problem))


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """A text with some edits made; those of one `Fix`, for example."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def offset(line: int, column: int) -> int:
        return min((starts[line] if line < len(starts) else len(text)) + column, len(text))

    spans = [(offset(e.line, e.start_column), offset(e.end_line, e.end_column), e.new_text) for e in edits]
    for start, end, new_text in sorted(spans, reverse=True):
        text = text[:start] + new_text + text[end:]
    return text


def _fixes_of(analysis: Analysis, problem: LocatedProblem) -> Iterator[Fix]:
    if problem.mending is not None:
        # Without the structure of the text, which is not read for each of many slips.
        title, start, end, new_text = problem.mending
        edit = Edit(*_position(analysis.text, start), *_position(analysis.text, end), new_text)
        yield Fix(title, (edit,), problem, is_sure=True)
        return
    document = analysis.document
    start = document.offset(problem.line - 1, problem.column - 1)
    end = document.offset(problem.line - 1, problem.end_column - 1)
    place = document.place(start)
    key, value = _at_key(place, start), _at_value(place, start)
    if problem.suggestion and (key is None or place.table.entry(problem.suggestion) is None):
        yield from _replacements(document, problem, key, value)
    elif problem.key == "schema" and value is not None:
        yield _fix(document, _("Write {text}").format(text=_SCHEMA_LINE), [(value.start, value.end, "1")], problem)
    there = quoted(analysis.text[start:end])
    is_double = problem.message == _("{key} is there a second time").format(key=there)
    if key is not None and (is_double or problem.message.startswith(_("unknown key"))):
        title = _("Remove {name}").format(name=quoted(key.name))
        yield _fix(document, title, [_removal(document, place.table, key)], problem)
    if problem.key == "schema" and analysis.document.root.entry("schema") is None:
        at = _first_statement(document)
        title = _("Add {text}").format(text=_SCHEMA_LINE)
        yield _fix(document, title, [(at, at, _line_at(document, at, _SCHEMA_LINE))], problem, is_sure=True)
    if problem.key == "name" and analysis.document.root.entry("name") is None and analysis.kind == "session":
        at = _after_schema(document)
        line = f'name = "{_title(analysis.path.stem)}"'
        yield _fix(document, _("Add {text}").format(text=line), [(at, at, _line_at(document, at, line))], problem)


def _position(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of a place, both from 0."""
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)


def _replacements(document: Document, problem: LocatedProblem, key: Entry | None, value: Value | None) -> Iterator[Fix]:
    """What writes the suggestion of a problem in the place of what is there."""
    meant = problem.suggestion
    title = _("Change to {name}").format(name=quoted(meant))
    if key is not None:
        sure = problem.severity == "error" and problems.is_slip(key.name, meant)
        yield _fix(document, title, [(key.start, key.end, written_key(meant))], problem, is_sure=sure)
    elif value is not None and value.kind == "text" and _PLACEHOLDER.fullmatch(meant):
        if span := _unknown_placeholder(document.text, value, meant):
            yield _fix(document, title, [(*span, meant)], problem)
    elif value is not None and value.kind in {"text", "word"}:
        is_meant = problems.is_slip(value.text, meant) or _is_spelled_out(value.text, meant, problem.key)
        sure = problem.severity == "error" and is_meant
        yield _fix(document, title, [(value.start, value.end, written_text(meant))], problem, is_sure=sure)


def _is_spelled_out(text: str, meant: str, key: str) -> bool:
    """Whether a dose is the one that is meant, with a unit in words: `30 sec`, or `10 reps` for a key of reps."""
    if not _DOSE.fullmatch(meant) or re.findall(r"\d+", text) != re.findall(r"\d+", meant):
        return False
    # "3 sets" for reps may be the wrong key as well as the wrong word.
    return any(unit in meant for unit in "hms") or key.rpartition(".")[2].removesuffix("s") in text.lower()


def _fix(
    document: Document,
    title: str,
    changes: Sequence[tuple[int, int, str]],
    problem: LocatedProblem,
    *,
    is_sure: bool = False,
) -> Fix:
    edits = tuple(Edit(*document.position(start), *document.position(end), new) for start, end, new in changes)
    return Fix(title, edits, problem, is_sure)


def _at_key(place: Place, start: int) -> Entry | None:
    """The key that begins at a place."""
    return place.entry if place.entry is not None and place.entry.start == start and place.part == "key" else None


def _at_value(place: Place, start: int) -> Value | None:
    """The value that begins at a place."""
    return place.value if place.value is not None and place.value.start == start and place.part == "value" else None


def _unknown_placeholder(text: str, value: Value, meant: str) -> tuple[int, int] | None:
    """Where the placeholder stands for which another one was probably meant."""
    inner = meant.strip("{}")
    for found in _PLACEHOLDER.finditer(text, value.start, value.end):
        name = found[1]
        if nearest(name, [inner]) or nearest(name.removeprefix("key:"), [inner[4:]]):
            try:
                clean_text(found[0])
            except NotationError:
                return found.span()
    return None


def _removal(document: Document, table: Value, entry: Entry) -> tuple[int, int, str]:
    """What takes an entry away with its line, or with the comma that parts it from its neighbour."""
    end = max(entry.value.end, entry.end)
    text = document.text
    line_start = text.rfind("\n", 0, entry.start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if table.is_section:
        return line_start, min(line_end + 1, len(text)), ""
    at = table.entries.index(entry)
    if at + 1 < len(table.entries):
        return entry.start, table.entries[at + 1].start, ""
    if at:
        before = table.entries[at - 1]
        return max(before.value.end, before.end), end, ""
    return entry.start, end, ""


def _first_statement(document: Document) -> int:
    """Where the first line begins that is neither blank nor a comment."""
    found = _STATEMENT.search(document.text)
    return found.start() if found else len(document.text)


def _line_at(document: Document, at: int, line: str) -> str:
    """A line as it is put in at a place, which may be the end of a line that has no end yet."""
    return line + "\n" if not at or document.text[at - 1] == "\n" else f"\n{line}\n"


def _after_schema(document: Document) -> int:
    schema = document.root.entry("schema")
    if schema is None:
        return _first_statement(document)
    end = document.text.find("\n", schema.value.end)
    return len(document.text) if end < 0 else end + 1


def _title(stem: str) -> str:
    words = re.sub(r"[^\w]+", " ", stem).strip()
    return words[:1].upper() + words[1:] or _("My session")
