"""Explains what stands at a place of a text: a key, an exercise, a placeholder, a step with its times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timer_app.analysis.schema import FileSchemas, describe_meaning, describe_type
from timer_app.analysis.syntax import Place, Value
from timer_app.analysis.vocabulary import (
    exercise_facts,
    exercise_text,
    exercises_for,
    in_markdown,
    placeholder_words,
    words_for,
)
from timer_app.core.i18n import _
from timer_app.core.session.model import STEP_KINDS
from timer_app.core.wording.formatting import clock_text, length_text

if TYPE_CHECKING:
    from timer_app.analysis.analysis import Analysis
    from timer_app.core.diagnostics import KeyPath

_PLACEHOLDER = re.compile(r"(?<!\{)\{([\w:]+)\}")


@dataclass(frozen=True, slots=True)
class Hover:
    """What explains a place.

    Attributes:
        markdown: The explanation.
        line: The line of what it explains, from 0.
        start_column: Where that begins, from 0.
        end_column: Where it ends.
    """

    markdown: str
    line: int
    start_column: int
    end_column: int


def hover(analysis: Analysis, line: int, column: int) -> Hover | None:
    """What explains a place; `None` where nothing does.

    Args:
        analysis: The text.
        line: The line, from 0.
        column: The character, from 0.
    """
    document = analysis.document
    offset = document.offset(line, column)
    if document.in_comment(offset):
        return None
    place = document.place(offset)
    if place.part == "header":
        section = document.section_at(offset)
        lines = [*_about_key(analysis, _without_index(section.path)), *_about_step(analysis, section.path)]
        return _hover(analysis, lines, section.start, section.head_end)
    if place.part == "key" and place.entry is not None:
        lines = list(_about_key(analysis, place.path))
        if place.entry.name in STEP_KINDS:
            lines += _about_step(analysis, place.table_path)
        return _hover(analysis, lines, place.entry.start, place.entry.end)
    if place.value is not None and place.value.kind in {"text", "word"}:
        return _about_value(analysis, place, place.value, offset)
    return None


def _hover(analysis: Analysis, lines: list[str], start: int, end: int) -> Hover | None:
    line, column = analysis.document.position(start)
    last, end_column = analysis.document.position(end)
    if not lines:
        return None
    return Hover("\n\n".join(lines), line, column, end_column if last == line else len(analysis.lines[line]))


def _without_index(path: KeyPath) -> KeyPath:
    return path[:-1] if path and isinstance(path[-1], int) else path


def _about_key(analysis: Analysis, path: KeyPath) -> Iterator[str]:
    """What a key means, and what its value may be."""
    schemas = FileSchemas(analysis.kind, analysis.document)
    schema = schemas.value_schema(path) if path else None
    if schema is None or not path:
        return
    yield f"**{in_markdown(str(path[-1]))}**: {describe_meaning(schemas, schema)}".rstrip(": ")
    yield describe_type(schemas, schema)


def _about_step(analysis: Analysis, path: KeyPath) -> Iterator[str]:
    """How long a step lasts and when it begins; what its exercise is."""
    entry = next((entry for entry in analysis.entries() if entry.path == path), None)
    if entry is None:
        return
    if entry.start_ms is not None and entry.duration_ms is not None:
        text = _("**{name}**: {length}, from {start} on").format(
            name=in_markdown(entry.name), length=length_text(entry.duration_ms), start=clock_text(entry.start_ms)
        )
        yield text
    if (used := analysis.exercise_at(entry.line)) and (exercise := exercises_for(analysis).get(used)):
        yield in_markdown(exercise_facts(exercise))


def _about_value(analysis: Analysis, place: Place, value: Value, offset: int) -> Hover | None:
    for found in _PLACEHOLDER.finditer(analysis.text, value.start, value.end) if value.kind == "text" else ():
        if found.start() <= offset < found.end():
            meaning = next((word.detail for word in placeholder_words() if word.text == found[1]), "")
            return _hover(analysis, [f"**`{found[0]}`**: {meaning}"] if meaning else [], *found.span())
    lines: list[str] = []
    keys = [part for part in place.path if isinstance(part, str)]
    if keys[-1:] == ["exercise"] and (exercise := exercises_for(analysis).get(value.text)):
        lines = [f"**{in_markdown(exercise_facts(exercise))}**", exercise_text(exercise)]
        lines += [
            line for line in _about_step(analysis, place.table_path) if line != in_markdown(exercise_facts(exercise))
        ]
    else:
        word = next((word for word in words_for(analysis, place.path) if word.text == value.text), None)
        if word is not None and (word.detail or word.documentation):
            lines = [line for line in (f"**{in_markdown(word.text)}**: {word.detail}", word.documentation) if line]
    return _hover(analysis, lines or list(_about_key(analysis, _without_index(place.path))), value.start, value.end)
