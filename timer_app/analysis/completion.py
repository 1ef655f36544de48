"""Offers what may stand at a place of a text, which may be broken there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from timer_app.analysis.schema import DOSE_KEYS, FileSchemas, Schema, describe_meaning, describe_type, values_of
from timer_app.analysis.syntax import Place, Value, written_key
from timer_app.analysis.vocabulary import Word, placeholder_words, words_for
from timer_app.core.fields import DoseRange, doses, format_duration_ms
from timer_app.core.i18n import _
from timer_app.core.session.model import STEP_KINDS
from timer_app.core.session.translation import TEXT_KEYS
from timer_app.core.wording.doses import exercise_dose_text

if TYPE_CHECKING:
    from timer_app.analysis.analysis import Analysis
    from timer_app.core.diagnostics import KeyPath
    from timer_app.core.session import Exercise

_BEFORE_KEY = re.compile(r"(?:^|[{,])[ \t]*([\w-]*)$")
_HEADER_LINE = re.compile(r"[ \t]*(\[{1,2})[^\]\n]*(\]{0,2})")
_OPEN_BRACE = re.compile(r"(?<!\{)(?:\{\{)*\{([\w:]*)$")
_REST_OF_PLACEHOLDER = re.compile(r"[\w:]*\}?")
_REST_OF_WORD = re.compile(r"[\w/.-]*")
# How the doses of the catalogue are written, and read again.
_WRITTEN_DOSES: dict[str, tuple[Callable[[int], str], Callable[[object], DoseRange]]] = {
    "hold": (format_duration_ms, doses.parse_hold_dose),
    "reps": (str, doses.parse_reps_dose),
}
# Whole steps, to be changed; the key that says what they are comes first.
_STEP_TEMPLATES = (
    '{ rest = "20s" }',
    '{ say = "" }',
    '{ wait = "" }',
    '{ measure = "pain" }',
    '{ name = "", hold = "30s" }',
    '{ name = "", reps = 10 }',
    "{ rounds = 3, steps = [] }",
)


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that may stand at a place.

    Attributes:
        label: What is shown in a list.
        insert_text: What is written.
        start_column: Where what it replaces begins in the line of the place, from 0.
        end_column: Where that ends.
        kind: What it is: `key`, `table`, `value`, `placeholder`, `step`, or the sort of word, such as `exercise`.
        detail: What is shown beside it: the dose of an exercise, the type of a key.
        documentation: What explains it, in Markdown.
    """

    label: str
    insert_text: str
    start_column: int
    end_column: int
    kind: str
    detail: str = ""
    documentation: str = ""


class _Span(NamedTuple):
    """What is replaced, as places in the text, and where the cursor is in it."""

    start: int
    end: int
    cursor: int


def completions(analysis: Analysis, line: int, column: int) -> tuple[Completion, ...]:
    """What may stand at a place, the best first; what is typed before the cursor narrows it.

    Args:
        analysis: The text.
        line: The line of the cursor, from 0.
        column: The character before which it is, from 0.
    """
    offset = analysis.document.offset(line, column)
    if analysis.document.in_comment(offset):
        return ()
    return tuple(_Completer(analysis, offset).found())


class _Completer:
    """Finds what may stand at one place."""

    def __init__(self, analysis: Analysis, offset: int) -> None:
        self._analysis = analysis
        self._document = analysis.document
        self._schemas = FileSchemas(analysis.kind, analysis.document)
        self._offset = offset
        self._line, self._column = analysis.document.position(offset)
        self._text = analysis.lines[self._line]
        self._start = offset - self._column

    def found(self) -> Iterable[Completion]:
        if (header := _HEADER_LINE.match(self._text)) and self._is_statement():
            return self._headers(_Span(*header.span(), self._column), typed=self._text[: self._column].strip())
        place = self._document.place(self._offset)
        if place.part == "value":
            return self._values(place)
        if place.part == "key" and (typed := _BEFORE_KEY.search(self._text[: self._column])):
            return self._keys(place, len(typed[1]))
        return ()

    def _is_statement(self) -> bool:
        """Whether the line begins outside of lists and texts of several lines."""
        place = self._document.place(self._start + len(self._text) - len(self._text.lstrip()))
        return place.part == "header" or (place.part == "key" and place.table.is_section)

    # Headers.

    def _headers(self, span: _Span, typed: str) -> Iterator[Completion]:
        for name, schema in sorted(self._tables(), key=lambda table: not table[0].startswith(typed)):
            if typed.strip("[]") in name:
                yield Completion(name, name, span.start, span.end, "table", documentation=self._meaning(schema))

    def _tables(self) -> Iterator[tuple[str, Schema]]:
        """The headers that may follow: those of the file, and those of the step or the exercise they follow."""
        around = [self._document.section_at(max(self._start - 1, 0)).path]
        while around[-1]:
            around.append(around[-1][:-1])
        for path in around[::-1] if len(around) > 1 else around:
            table = self._document.at(path)
            if table is None or table.kind != "table":
                continue
            for key, schema in self._schemas.table_keys(path).known.items():
                dotted = ".".join(written_key(part) for part in (*path, key) if isinstance(part, str))
                if self._schemas.is_list_of_tables(schema):
                    if not self._is_inline(table.get(key)):
                        yield f"[[{dotted}]]", schema
                elif table.get(key) is None and any(f.get("type") == "object" for f in self._schemas.forms(schema)):
                    yield f"[{dotted}]", schema

    @staticmethod
    def _is_inline(value: Value | None) -> bool:
        return value is not None and not any(item.is_section for item in value.items)

    # Keys.

    def _keys(self, place: Place, typed: int) -> Iterator[Completion]:
        """The keys that may stand at a place before which so many signs of one are typed."""
        entry = place.entry
        if entry is not None:
            span = _Span(entry.start, entry.end, self._offset)
        else:
            span = _Span(self._offset - typed, self._offset, self._offset)
        keys = self._keys_at(place)
        there = {other.name for other in place.table.entries if other is not entry}
        joined = "" if entry is not None and entry.has_equals else " = "
        found = [
            replace(
                self._value(
                    key,
                    f"{written_key(key)}{joined}",
                    span,
                    self._key_detail(key, schema, place),
                    self._meaning(schema),
                ),
                kind="key",
            )
            for key, schema in keys.items()
            if key not in there
        ]
        yield from self._narrowed(found, span)
        if place.table.is_section and not self._text.strip():
            yield from self._headers(_Span(self._column, self._column, self._column), "")

    def _keys_at(self, place: Place) -> Mapping[str, Schema]:
        """The keys of a table; those of a step that does an exercise are the ones that have a meaning for it."""
        keys = dict(self._schemas.table_keys(place.table_path).known)
        used = self._used(place)
        if used is None or self._analysis.kind != "session":
            return keys
        doses = self._schemas.dose_keys(place.table_path)
        strange: frozenset[str] = getattr(STEP_KINDS[used.dose], "refused_keys", frozenset())
        return {**{key: doses[key] for key in doses if key == used.dose}, **_without(keys, strange)}

    def _used(self, place: Place) -> Exercise | None:
        """The exercise that a step does as the catalogue has it."""
        table = place.table
        if any(table.get(dose) is not None for dose in DOSE_KEYS):
            return None
        return self._analysis.library.catalogue.get(_text_of(table.get("exercise")))

    def _key_detail(self, key: str, schema: Schema, place: Place) -> str:
        """The type of a key; of a dose that the exercise of the step has already, that dose."""
        used = self._used(place)
        if used is not None and used.dose == key:
            return _("else {dose}").format(dose=exercise_dose_text(used))
        return describe_type(self._schemas, schema).replace("`", "")

    # Values.

    def _values(self, place: Place) -> Iterable[Completion]:
        value, schema = place.value, self._schemas.value_schema(place.path)
        if value is not None and value.kind == "text" and self._offset > value.start:
            return self._in_text(value, place.path, schema)
        span = _Span(self._offset, self._offset, self._offset)
        if value is not None and value.kind == "word":
            span = _Span(value.start, value.end, self._offset)
        found = [self._word(word, f'"{word.text}"', span) for word in words_for(self._analysis, place.path)]
        if own := self._own_dose(place):
            found.append(self._value(f'"{own}"', f'"{own}"', span, _("the dose of the exercise")))
        if schema is not None:
            found += self._choices(schema, span)
            found += self._steps(place.path, span)
        return self._narrowed(found, span)

    def _choices(self, schema: Schema, span: _Span) -> Iterator[Completion]:
        """The values among which a key chooses, and examples of others."""
        for form in sorted(self._schemas.forms(schema), key=lambda form: form.get("type") == "array"):
            if form.get("type") == "array" and not self._document.text[span.start : span.end]:
                yield self._value("[ ]", "[]", span, _("a list"))
            if (template := _template(form)) and not self._document.text[span.start : span.end]:
                yield self._value(template, template, span)
            for option in values_of(form):
                yield self._value(option, option, span, "", self._meaning(schema))
            for example in form.get("examples", ()):
                written = f'"{example}"' if isinstance(example, str) else str(example)
                yield self._value(written, written, span, _("for example"))

    def _own_dose(self, place: Place) -> str:
        """The dose that the exercise of a step has, as it is written; empty for none."""
        key = place.path[-1] if place.path else ""
        used = self._analysis.library.catalogue.get(_text_of(place.table.get("exercise")))
        if used is None or used.dose != key or key not in _WRITTEN_DOSES:
            return ""
        dose, (written, parse) = getattr(used, key), _WRITTEN_DOSES[key]
        if isinstance(dose, tuple):
            return ""
        text = "-".join(dict.fromkeys((written(dose.low), written(dose.high))))
        with suppress(ValueError):
            return text if parse(text) == dose else ""
        return ""

    def _steps(self, path: KeyPath, span: _Span) -> Iterator[Completion]:
        """Whole steps, where a list of them goes on."""
        if len(path) < 2 or path[-2] != "steps" or not isinstance(path[-1], int):  # noqa: PLR2004 - a key and an index
            return
        for word in words_for(self._analysis, ("exercise",)):
            yield self._word(word, f'{{ exercise = "{word.text}" }}', span)
        for template in _STEP_TEMPLATES:
            yield replace(self._value(template, template, span), kind="step")

    def _in_text(self, value: Value, path: KeyPath, schema: Schema | None) -> Iterable[Completion]:
        """What may stand between the quotes of a text."""
        before = self._document.text[value.start + 1 : self._offset]
        if self._document.line(value.start) != self._line:
            before = self._text[: self._column]
        keys = [part for part in path if isinstance(part, str)]
        if (opened := _OPEN_BRACE.search(before)) and keys and keys[-1] in TEXT_KEYS:
            rest = _REST_OF_PLACEHOLDER.match(self._text, self._column)
            end = self._start + rest.end() if rest else self._offset
            span = _Span(self._offset - len(opened[1]), end, self._offset)
            return self._narrowed([self._word(word, f"{word.text}}}", span) for word in placeholder_words()], span)
        if self._document.position(value.end)[0] != self._line or self._document.line(value.start) != self._line:
            return ()
        end, closing = value.end - 1, ""
        if not value.is_closed:
            rest = _REST_OF_WORD.match(self._text, self._column)
            end, closing = self._start + rest.end() if rest else self._offset, '"'
        if self._offset > end:
            return ()
        span = _Span(value.start + 1, end, self._offset)
        found = [self._word(word, word.text + closing, span) for word in words_for(self._analysis, path)]
        for form in self._schemas.forms(schema) if schema is not None else ():
            options = [option for option in form.get("enum", [form.get("const")]) if isinstance(option, str)]
            found += [self._value(option, option + closing, span, "", self._meaning(schema)) for option in options]
            examples = (example for example in form.get("examples", ()) if isinstance(example, str))
            found += [self._value(example, example + closing, span, _("for example")) for example in examples]
        return self._narrowed(found, span)

    # What is found.

    def _meaning(self, schema: Schema | None) -> str:
        return describe_meaning(self._schemas, schema) if schema is not None else ""

    def _word(self, word: Word, written: str, span: _Span) -> Completion:
        columns = span.start - self._start, span.end - self._start
        return Completion(word.text, written, *columns, word.kind, word.detail, word.documentation)

    def _value(self, label: str, written: str, span: _Span, detail: str = "", documentation: str = "") -> Completion:
        columns = span.start - self._start, span.end - self._start
        return Completion(label, written, *columns, "value", detail, documentation)

    def _narrowed(self, found: Iterable[Completion], span: _Span) -> Iterator[Completion]:
        """Those that what is typed may become, those that begin with it first, each once."""
        typed = self._document.text[span.start : span.cursor].casefold().strip("\"'")
        unique = {one.label: one for one in reversed(list(found))}
        fitting = [one for one in reversed(unique.values()) if typed in _searched(one).casefold()]
        return iter(sorted(fitting, key=lambda one: not one.label.casefold().lstrip('{ "').startswith(typed)))


def _searched(found: Completion) -> str:
    """What is typed is looked for in this: exercises are found by their names too."""
    return f"{found.label} {found.detail}" if found.kind == "exercise" else found.label


def _template(form: Schema) -> str:
    """A table with the keys that it needs, to be filled in; empty where a form is none, or needs none."""
    properties = form.get("properties", {})
    pairs = [f"{written_key(key)} = {_first_value(properties.get(key, {}))}" for key in form.get("required", ())]
    return f"{{ {', '.join(pairs)} }}" if pairs else ""


def _first_value(schema: Schema) -> str:
    example = next(iter(schema.get("examples", ())), "")
    return f'"{example}"' if isinstance(example, str) else str(example)


def _without(keys: Mapping[str, Schema], strange: Collection[str]) -> dict[str, Schema]:
    return {key: schema for key, schema in keys.items() if key not in strange}


def _text_of(value: Value | None) -> str:
    return value.text if value is not None else ""
