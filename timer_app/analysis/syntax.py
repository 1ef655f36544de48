"""Reads the structure of a TOML text that may be broken, as texts are while they are typed.

Nothing here says what is wrong: that is the reader's job. What cannot be read is passed over, up to where it is clear
again: a text without its closing quote ends with its line, a table in braces does too, and a list ends where a line
starts a table or a key of its own. Of what is nested more than it may be, no more is read.
"""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from timer_app.core.diagnostics import KeyPath
from timer_app.core.diagnostics.problems import MAX_NESTING

ValueKind = Literal["table", "list", "text", "word", "missing"]
PlacePart = Literal["key", "value", "header"]

_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?(?:"{3,5}|\Z)|'
    r"'''.*?(?:'{3,5}|\Z)|"
    r'"(?:\\[^\n]|[^"\\\n])*(?:"|\\?(?=\n|\Z))|'
    r"'[^'\n]*'?)|"
    r"(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<blank>[ \t\r\f\v]+)|(?P<sign>[\[\]{}=,])|"
    r"""(?P<word>[^\s\[\]{}=,\#"']+)|(?P<other>.)""",
    re.DOTALL,
)
# A line that starts a table although a list before it is not closed. Lists hold no bare words but these values.
_HEADER = re.compile(r"\[\[?[ \t]*(?!(?:true|false|inf|nan)\b)[A-Za-z_](?:[\w.-]|\"[^\"\n]*\")*[ \t]*(?:\]|(?=\n|\Z))")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONG_QUOTES = ('"""', "'''")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Value:
    """A value: a table, a list, or what stands for itself.

    Attributes:
        kind: What it is; `missing` where a key has none yet.
        start: Where it begins in the text; for a table with a header, where the header does.
        end: Where it ends; for a table with a header, where its last line does.
        text: The words of a text without its quotes, or a bare word such as `30` and `true`.
        is_closed: Whether its closing quote or bracket is there.
        is_section: Whether it is a table with a header, or the root.
        entries: The keys of a table, in the order written.
        items: The values of a list.
    """

    kind: ValueKind
    start: int
    end: int
    text: str = ""
    is_closed: bool = True
    is_section: bool = False
    entries: list[Entry] = field(default_factory=list)
    items: list[Value] = field(default_factory=list)
    _first: dict[str, Entry] = field(default_factory=dict, init=False, repr=False, compare=False)

    def add(self, entry: Entry) -> None:
        """Put a key behind the others."""
        self.entries.append(entry)
        self._first.setdefault(entry.name, entry)

    def entry(self, name: str) -> Entry | None:
        """The first entry of that name."""
        return self._first.get(name)

    def get(self, name: str) -> Value | None:
        """The value of a key; `None` where it is not there."""
        found = self.entry(name)
        return found.value if found else None

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of a table."""
        return tuple(entry.name for entry in self.entries)


@dataclass(slots=True)
class Entry:
    """A key with its value.

    Attributes:
        name: The key, without quotes.
        start: Where the key begins.
        end: Where it ends.
        value: Its value.
        has_equals: Whether the sign that joins them is there, or the key is that of a header.
    """

    name: str
    start: int
    end: int
    value: Value
    has_equals: bool = True


class Place(NamedTuple):
    """What stands at a place of the text.

    Attributes:
        path: The path of the table around it, or of the value that it is in.
        table: The innermost table around it.
        table_path: The path of that table.
        part: Whether it is in a key (or where one may begin), in a value, or in a header.
        entry: The key or the header that it belongs to; `None` where a new one may begin.
        value: The value that it is in; `None` where a value may begin.
    """

    path: KeyPath
    table: Value
    table_path: KeyPath
    part: PlacePart
    entry: Entry | None = None
    value: Value | None = None


class Section(NamedTuple):
    """The lines from a header to the next one.

    Attributes:
        start: Where the header begins.
        head_end: Where it ends.
        path: The path of its table.
        table: Its table.
    """

    start: int
    head_end: int
    path: KeyPath
    table: Value


@dataclass
class Document:
    """The structure of a text.

    Attributes:
        text: The text, lines ended by a line feed alone.
        root: Everything in it.
        sections: The parts of the text between headers, the first of which has none.
    """

    text: str
    root: Value
    sections: list[Section]
    comments: list[tuple[int, int]]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def offset(self, line: int, column: int) -> int:
        """The place of a line and a column, both from 0; past the end of a line, its end."""
        line = min(max(line, 0), len(self._starts) - 1)
        end = self._starts[line + 1] - 1 if line + 1 < len(self._starts) else len(self.text)
        return min(self._starts[line] + max(column, 0), end)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of a place, both from 0."""
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    def line(self, offset: int) -> int:
        """The line of a place, from 0."""
        return bisect_right(self._starts, offset) - 1

    def last_line_within(self, value: Value) -> int:
        """The last line of a value and of all that belongs to it, blank lines and comments at its end left out."""
        last, waiting = value.start, [value]
        while waiting:
            one = waiting.pop()
            last = max(last, one.end - 1 if one.end > one.start else one.start)
            waiting += one.items
            waiting += [entry.value for entry in one.entries]
        return self.line(last)

    def at(self, path: KeyPath) -> Value | None:
        """The value at a path."""
        value: Value | None = self.root
        for part in path:
            if value is None:
                return None
            if isinstance(part, int):
                value = value.items[part] if value.kind == "list" and part < len(value.items) else None
            else:
                value = value.get(part) if value.kind == "table" else None
        return value

    def in_comment(self, offset: int) -> bool:
        """Whether a place lies in a comment, its end included."""
        at = bisect_right(self.comments, (offset, 0)) - 1
        return at >= 0 and self.comments[at][0] < offset <= self.comments[at][1]

    def section_at(self, offset: int) -> Section:
        """The part of the text between headers in which a place lies."""
        return self.sections[bisect_right(self.sections, offset, key=lambda section: section.start) - 1]

    def place(self, offset: int) -> Place:
        """What stands at a place."""
        section = self.section_at(offset)
        if offset <= section.head_end and section.head_end > section.start:
            return Place(section.path, section.table, section.path, "header", None, section.table)
        return self._inside(section.table, section.path, offset)

    def _inside(self, table: Value, path: KeyPath, offset: int) -> Place:
        """The place within the lines or the braces of a table."""
        for entry in table.entries:
            value = entry.value
            if value.is_section or (value.kind == "list" and any(item.is_section for item in value.items)):
                continue
            if entry.start <= offset <= entry.end:
                return Place((*path, entry.name), table, path, "key", entry, value)
            if value.kind == "table" and not value.start:  # the table of a dotted key
                inner = self._inside(value, (*path, entry.name), offset)
                if inner.entry is not None:
                    return inner
                continue
            if entry.end < offset and entry.has_equals and _reaches(value, offset):
                return self._in_value(value, Place((*path, entry.name), table, path, "value", entry), offset)
        return Place(path, table, path, "key")

    def _in_value(self, value: Value, around: Place, offset: int) -> Place:
        """The place before or in a value, of which `around` has everything but the value."""
        if offset < value.start or value.kind == "missing":
            return around
        if value.kind == "table" and offset > value.start:
            return self._inside(value, around.path, offset)
        if value.kind == "list" and offset > value.start:
            for index, item in enumerate(value.items):
                if item.start <= offset and _reaches(item, offset):
                    return self._in_value(item, around._replace(path=(*around.path, index)), offset)
            return around._replace(path=(*around.path, len(value.items)))
        return around._replace(value=value)


def _reaches(value: Value, offset: int) -> bool:
    """Whether a place behind a key lies before or in its value."""
    if value.kind == "missing" or offset < value.end:
        return offset <= value.end
    # Behind its last sign one may still be typing it, but not behind a bracket or a quote that closes it.
    return offset == value.end and (value.kind == "word" or not value.is_closed)


@lru_cache(maxsize=1)  # an editor asks whether a text is a session, and then what is in it
def read_document(text: str) -> Document:
    """The structure of a text, as far as it has one."""
    return _Reader(text).document()


def written_text(text: str) -> str:
    """A text in quotes, as it is read again."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def written_key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE_KEY.fullmatch(name) else written_text(name)


class _Reader:
    """Reads one text from its start to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._comments: list[tuple[int, int]] = []
        self._tokens = list(self._scan())
        self._count = len(self._tokens)
        self._at = 0
        # One more than is ever looked at ahead, so that no look need ask whether there is anything.
        self._tokens += 2 * [_Token("end", "", len(text), len(text))]

    def _scan(self) -> Iterator[_Token]:
        for found in _TOKEN.finditer(self._text):
            kind = found.lastgroup or "other"
            if kind == "comment":
                self._comments.append(found.span())
            elif kind not in {"blank", "other"}:
                yield _Token(kind, found[0], *found.span())

    def _peek(self, ahead: int = 0) -> _Token:
        return self._tokens[self._at + ahead]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, self._count)
        return token

    def document(self) -> Document:
        root = Value("table", 0, len(self._text), is_section=True)
        table = root
        sections = [Section(0, 0, (), root)]
        while (token := self._peek()).kind != "end":
            if token.kind == "newline":
                self._at += 1
            elif token.text == "[":
                table.end = self._end_of_content()
                section = self._header(root)
                sections.append(section)
                table = section.table
                self._skip_line()
            elif token.kind in {"word", "text"}:
                self._pair(table, 0)
                self._skip_line()
            else:
                self._at += 1
                self._skip_line()
        table.end = self._end_of_content()
        root.end = len(self._text)
        return Document(self._text, root, sections, self._comments)

    def _end_of_content(self) -> int:
        """Where the last thing ends that was read."""
        at = self._at - 1
        while at >= 0 and self._tokens[at].kind == "newline":
            at -= 1
        return self._tokens[at].end if at >= 0 else 0

    def _skip_line(self) -> None:
        """Pass over the rest of a line; nothing, where what was read has ended with a line already."""
        while (token := self._peek()).kind not in {"newline", "end"} and not self._begins_line(token):
            self._at += 1

    def _begins_line(self, token: _Token) -> bool:
        return token.start > 0 and self._text[token.start - 1] == "\n"

    def _header(self, root: Value) -> Section:
        start = self._next().start
        is_listed = self._peek().text == "["
        end = self._next().end if is_listed else start + 1
        names: list[tuple[str, int, int]] = []
        while (token := self._peek()).kind in {"word", "text"}:
            names += _key_parts(self._next())
            end = token.end
        while self._peek().text == "]":
            end = self._next().end
        names = names[:MAX_NESTING]
        table: Value = root
        path: KeyPath = ()
        for number, (name, name_start, name_end) in enumerate(names):
            is_last = number == len(names) - 1
            table, path = self._enter(
                table, path, Entry(name, name_start, name_end, self._new(start)), is_listed=is_listed and is_last
            )
        if not names:
            table = self._new(start)
        table.start, table.is_section = start, True
        return Section(start, end, path, table)

    @staticmethod
    def _new(start: int) -> Value:
        return Value("table", start, start, is_section=True)

    def _enter(self, table: Value, path: KeyPath, entry: Entry, *, is_listed: bool) -> tuple[Value, KeyPath]:
        """The table that a part of a header names, made if need be."""
        known = table.entry(entry.name)
        new, path = entry.value, (*path, entry.name)
        if known is None:
            known = entry
            if is_listed:
                known.value = Value("list", new.start, new.end)
            table.add(known)
        found = known.value
        if found.kind == "list":
            if is_listed or not found.items:
                found.items.append(new)
            if found.items[-1].kind == "table":
                return found.items[-1], (*path, len(found.items) - 1)
        return (found if found.kind == "table" else new), path

    def _pair(self, table: Value, depth: int) -> None:
        """A key with its value, or the beginning of one."""
        found: list[tuple[str | None, int, int]] = [*_key_parts(self._next())]
        while self._peek().kind in {"word", "text"}:
            parts = _key_parts(self._next())
            if parts and (not found or self._text[parts[0][1] - 1] == "."):
                found += parts
            elif parts:  # words in a row: what a key with a blank in it looks like
                found[-1] = (None, found[-1][1], parts[-1][2])
        if not found:
            return
        names = [
            (self._text[start:end] if name is None else name, start, end)
            for name, start, end in found[: max(MAX_NESTING - depth, 1)]
        ]
        for name, start, end in names[:-1]:
            known = table.entry(name)
            if known is None or known.value.kind != "table":
                known = Entry(name, start, end, Value("table", 0, 0))
                table.add(known)
            table = known.value
        name, start, end = names[-1]
        entry = Entry(name, start, end, Value("missing", end, end), has_equals=False)
        table.add(entry)
        if self._peek().text == "=":
            after = self._next().end
            entry.has_equals = True
            entry.value = self._value(after, depth + len(names) - 1)

    def _value(self, after: int, depth: int) -> Value:
        """The value that begins here; `after` is where what is before it ends."""
        token = self._peek()
        if token.kind == "text":
            return _text_value(self._next())
        if depth < MAX_NESTING and token.text == "[":
            return self._list(depth + 1)
        if depth < MAX_NESTING and token.text == "{":
            return self._braces(depth + 1)
        if token.kind == "word":
            first = last = self._next()
            while self._peek().kind == "word":
                last = self._next()
            return Value("word", first.start, last.end, self._text[first.start : last.end])
        end = token.start if token.kind in {"newline", "end"} or token.text in {",", "}", "]"} else after
        return Value("missing", after, max(after, end))

    def _list(self, depth: int) -> Value:
        opening = self._next()
        value = Value("list", opening.start, opening.end, is_closed=False)
        while True:
            token = self._peek()
            if token.text == "]":
                value.end, value.is_closed = self._next().end, True
                return value
            if token.kind == "end" or token.text == "}" or self._starts_something_else(token):
                value.end = self._end_of_line_before(token)
                return value
            if token.kind == "newline" or token.text in {",", "="}:
                self._at += 1
            elif token.kind in {"word", "text"} and self._peek(1).text == "=":
                value.items.append(self._bare_braces(depth + 1))
            else:
                before = self._at
                value.items.append(self._value(token.start, depth))
                self._at = max(self._at, before + 1)

    def _starts_something_else(self, token: _Token) -> bool:
        """Whether a line begins here that cannot belong to the list that is open."""
        if not self._begins_line(token):
            return False
        if token.text == "[":
            return _HEADER.match(self._text, token.start) is not None
        return token.kind == "word" and self._peek(1).text == "="

    def _end_of_line_before(self, token: _Token) -> int:
        """Where a list ends that goes on until another line begins, or until a bracket that is not its own."""
        if token.kind == "end" or token.text == "}":
            return token.start
        return max(self._text.rfind("\n", 0, token.start), 0)

    def _braces(self, depth: int) -> Value:
        opening = self._next()
        return self._pairs(Value("table", opening.start, opening.end, is_closed=False), depth)

    def _bare_braces(self, depth: int) -> Value:
        """A table whose opening brace is missing."""
        start = self._peek().start
        return self._pairs(Value("table", start, start, is_closed=False), depth)

    def _pairs(self, value: Value, depth: int) -> Value:
        """The pairs of a table in braces, which ends with its line at the latest."""
        while True:
            token = self._peek()
            if token.text == "}":
                value.end, value.is_closed = self._next().end, True
                return value
            if token.kind in {"newline", "end"} or token.text == "]":
                value.end = token.start
                return value
            if token.kind in {"word", "text"}:
                self._pair(value, depth)
            else:
                self._at += 1


def _text_value(token: _Token) -> Value:
    quotes = token.text[:3] if token.text.startswith(_LONG_QUOTES) and len(token.text) > 2 else token.text[:1]  # noqa: PLR2004 - an empty text is no opening of a long one
    rest = token.text[len(quotes) :]
    is_closed = rest.endswith(quotes) and not (quotes == '"' and _ends_escaped(rest[:-1]))
    return Value("text", token.start, token.end, _plain(token.text, quotes, is_closed=is_closed), is_closed)


def _ends_escaped(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _plain(written: str, quotes: str, *, is_closed: bool) -> str:
    """What a text says."""
    inner = written[len(quotes) : -len(quotes) if is_closed else None]
    if "\\" in inner and quotes[0] == '"' and is_closed:
        try:
            return str(tomllib.loads(f"x = {written}")["x"])
        except ValueError:
            return inner
    return inner


def _key_parts(token: _Token) -> list[tuple[str, int, int]]:
    """The names in a token of a key, each with its place; a bare one may hold several, joined by dots."""
    if token.kind == "text":
        return [(_text_value(token).text, token.start, token.end)]
    if "." not in token.text:
        return [(token.text, token.start, token.end)]
    parts = re.finditer(r"[^.]+", token.text)
    return [(part[0], token.start + part.start(), token.start + part.end()) for part in parts]
