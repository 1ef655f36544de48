"""Reads JSON with the line of every key, and keeps account of what becomes of each.

Python's own reader tells no positions. Readers of formats take values with the methods of `Node`, each of which notes
what became of the value; whatever no reader has asked for is lost, and `ledger` says so. So nothing is lost unsaid.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined] # not in the types, but public in every version
from typing import Any

from timer_app.core.fields.types import MAX_COUNT, MAX_DURATION_MS
from timer_app.core.i18n import N_, _
from timer_app.interchange.model import NO_DETAILS, Fate, InterchangeError, LedgerEntry
from timer_app.interchange.texts import UNNAMED, cleaned, cleaned_name

MAX_DEPTH = 60
MAX_VALUES = 500_000
_MAX_DIGITS = 30
_MAX_IDENTIFIER = 2**31
_MAX_SHOWN, _MAX_PATH = 80, 200  # of a key or value, and of all keys that lead to one
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
# What nearly all values and keys are, read in one step.
_PLAIN = re.compile(
    r'"([^"\\\x00-\x1f]*)"|(-?[0-9]{1,15})(?![0-9.eE])|(true|false|null|NaN|Infinity|-Infinity)(?![A-Za-z])'
)
_PLAIN_KEY = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*')
_SEPARATOR = re.compile(r"[ \t\r\n]*([,}\]])[ \t\r\n]*")

# What several formats have.
ZERO = N_("lasts 0 s, so it is skipped")
NOTHING = N_("has nothing to do, so there is no session")
COLOUR = N_("sessions have no colours of their own")
MUSIC = N_("the music is on the phone; sessions play music files")
SOUNDS = N_("the coach has its own tones")
INTERNAL = N_("only the other app uses it")
HALF = N_("a tone and a word mark the half")
CALLED_REST = N_("named like a rest, so it is one")
ORDER = N_("the list of sessions is in the order of the names")
OVERRUNS = N_("continues past its end until you go on")

UNKNOWN = N_("has no equivalent here")
TWICE = N_("given again further on; the last one counts")
NO_NUMBER = N_("is not a number; {used} is used")
OUT_OF_RANGE = N_("is out of range; {used} is used")
NO_LIST = N_("is not a list, so it is left out")
NO_TABLE = N_("is not an object, so it is left out")
NO_TEXT = N_("is not text, so it is left out")


class Node:
    """A value of a JSON text.

    Attributes:
        data: What it is: a dict and a list have nodes in them.
        line: In which line it begins.
        fate: What became of it; `None` as long as nobody has asked for it.
        reason: Why.
        details: What the placeholders of the reason stand for.
        doubles: Values of an object that are given again further on, with their keys; `None` for none.
    """

    __slots__ = ("data", "details", "doubles", "fate", "line", "reason")

    def __init__(self, data: Any, line: int) -> None:
        self.data, self.line = data, line
        self.fate: Fate | None = None
        self.reason = ""
        self.details: Mapping[str, object] = NO_DETAILS
        self.doubles: list[tuple[str, Node]] | None = None

    def mark(self, fate: Fate, reason: str = "", **details: object) -> None:
        """Note what became of it; for a container, of everything in it that has no note of its own."""
        self.fate, self.reason, self.details = fate, reason, details or NO_DETAILS

    def forget(self, reason: str) -> None:
        """Note that all of it is lost, whatever was taken of it before."""
        self.mark("lost", reason)
        for node in self.inside:
            node.forget(reason)

    def put(self, other: Node) -> int:
        """Become what another value is, whose text stood in this one; gives how many values that are."""
        self.data, self.doubles = other.data, other.doubles
        return self.stand_in(self.line)

    def stand_in(self, line: int) -> int:
        """Note that all of it stands in that line; gives how many values it is."""
        self.line = line
        return 1 + sum(node.stand_in(line) for node in self.inside)

    @property
    def inside(self) -> Iterable[Node]:
        """What is in it: the values of an object, also those that are given again, or of a list."""
        if isinstance(self.data, list):
            return self.data
        return (*self.data.values(), *(node for _, node in self.doubles or ())) if isinstance(self.data, dict) else ()

    @property
    def is_table(self) -> bool:
        """Whether it is an object."""
        return isinstance(self.data, dict)

    def has(self, *keys: str) -> bool:
        """Whether it is an object with all these keys."""
        return isinstance(self.data, dict) and all(key in self.data for key in keys)

    def find(self, key: str) -> Node | None:
        """The value of a key, which is not noted; `None` where there is none."""
        return self.data.get(key) if isinstance(self.data, dict) else None

    def lose(self, reason: str, *keys: str) -> None:
        """Note that the values of some keys are lost, as far as they are there."""
        for key in keys:
            if (node := self.find(key)) is not None and node.fate is None:
                node.mark("lost", reason)

    def refuse(self, key: str, reason: str) -> None:
        """Note that the value of a key, which is there, is lost although it was read."""
        if (node := self.find(key)) is not None:
            node.mark("lost", reason)

    def change(self, key: str, reason: str, **details: object) -> None:
        """Note that the value of a key, which is there, is in the session in another form."""
        if (node := self.find(key)) is not None:
            node.mark("changed", reason, **details)

    def table(self, key: str) -> Node | None:
        """The object at a key; `None` where there is none."""
        node = self.find(key)
        if node is None or node.data is None:
            if node is not None:
                node.mark("taken")
            return None
        if not node.is_table:
            if node.fate != "lost":
                node.mark("lost", NO_TABLE)
            return None
        return node

    def items(self, key: str, *, tables: bool = True) -> list[Node]:
        """The values of the list at a key; what is no object among them is lost, if objects are wanted."""
        node = self.find(key)
        if node is None:
            return []
        return node.elements(tables=tables)

    def elements(self, *, tables: bool = True) -> list[Node]:
        """The values of this list."""
        if self.data is None:
            self.mark("taken")
            return []
        if not isinstance(self.data, list):
            if self.fate != "lost":
                self.mark("lost", NO_LIST)
            return []
        if not self.data:
            self.mark("taken")
        found = []
        for node in self.data:
            if tables and not node.is_table:
                node.mark("lost", NO_TABLE)
            else:
                found.append(node)
        return found

    def raw(self, key: str) -> str:
        """The text at a key as it is; empty where there is none."""
        node = self.find(key)
        if node is None:
            return ""
        return node.own_text()

    def own_text(self) -> str:
        """This value as a text."""
        if self.data is None:
            self.mark("taken")
            return ""
        if isinstance(self.data, str):
            self.mark("taken")
            return self.data
        if isinstance(self.data, int | float) and not isinstance(self.data, bool):
            self.mark("taken")
            return _shown_number(self.data)
        self.mark("lost", NO_TEXT)
        return ""

    def text(self, key: str, placeholders: dict[str, str] | None = None) -> str:
        """The text at a key as sessions may have it."""
        text, reason = cleaned(self.raw(key), placeholders=placeholders)
        if reason:
            self.change(key, reason)
        return text

    def name(self, key: str, fallback: str, placeholders: dict[str, str] | None = None) -> str:
        """The name at a key; `fallback` where nothing of it can be used."""
        raw = self.raw(key)
        name, reason = cleaned_name(raw, placeholders)
        if not name:
            self.change(key, UNNAMED, name=fallback)
            return fallback
        if reason:
            self.change(key, reason)
        return name

    def flag(self, key: str) -> bool:
        """Whether the value of a key says yes."""
        node = self.find(key)
        if node is None:
            return False
        node.mark("taken")
        if isinstance(node.data, str):
            return node.data.strip().lower() in {"true", "yes", "1"}
        return bool(node.data) if isinstance(node.data, bool | int | float) else False

    def number(self, key: str, default: float = 0.0) -> float:
        """The finite number at a key, or the one that a text there writes."""
        node = self.find(key)
        if node is None:
            return default
        value = node.data
        if value is None:
            node.mark("taken")
            return default
        if isinstance(value, str) and len(value) <= _MAX_DIGITS and _NUMBER.fullmatch(value.strip()):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(float(value)):
            node.mark("changed", NO_NUMBER, used=_shown_number(default))
            return default
        node.mark("taken")
        return float(value)

    def identifier(self, key: str, default: int = 0) -> int:
        """The number at a key that stands for something else, such as an exercise in a database."""
        return int(min(max(self.number(key, default), 0.0), float(_MAX_IDENTIFIER)))

    def milliseconds(self, key: str, unit_ms: int = 1_000, default_ms: int = 0) -> int:
        """The length at a key, from 0 to 24 hours.

        Args:
            key: The key.
            unit_ms: What a length of 1 means.
            default_ms: What holds without the key.
        """
        found_ms = self.number(key, default_ms / unit_ms) * unit_ms
        used_ms = round(min(max(found_ms, 0.0), float(MAX_DURATION_MS)))
        if not 0 <= found_ms <= MAX_DURATION_MS:
            self.change(key, OUT_OF_RANGE, used=f"{used_ms / 1_000:g} s")
        return used_ms

    def count(self, key: str, default: int = 1, least: int = 1) -> int:
        """The count at a key, from `least` to what sessions allow."""
        found = self.number(key, default)
        used = int(min(max(found, least), MAX_COUNT))
        if used != found:
            self.change(key, OUT_OF_RANGE, used=used)
        return used


def _shown_number(number: float) -> str:
    if isinstance(number, int):
        return str(number)
    return f"{number:g}"


class _Parser:
    """Reads one JSON text of no more than so many values."""

    def __init__(self, text: str, most: int) -> None:
        self._text = text
        self._most, self._count = most, 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def whole(self) -> Node:
        node, at = self._value(self._skip(0), 0)
        at = self._skip(at)
        if at != len(self._text):
            raise self._error(at, _("something follows its end"))
        return node

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _error(self, at: int, reason: str) -> InterchangeError:
        return InterchangeError(_("line {line}: {reason}").format(line=self._line(at), reason=reason))

    def _value(self, at: int, depth: int) -> tuple[Node, int]:
        text, line = self._text, self._line(at)
        self._count += 1
        if self._count > self._most:
            raise self._error(at, _("more than {most:,} values").format(most=MAX_VALUES))
        if found := _PLAIN.match(text, at):
            string, number, word = found.groups()
            data = string if string is not None else int(number) if number is not None else _WORDS[word]
            return Node(data, line), found.end()
        sign = text[at : at + 1]
        if sign in ("{", "["):
            if depth >= MAX_DEPTH:
                raise self._error(at, _("more than {most} objects and lists in one another").format(most=MAX_DEPTH))
            return self._table(at, line, depth) if sign == "{" else self._list(at, line, depth)
        if sign == '"':
            string, at = self._string(at)
            return Node(string, line), at
        if found := _NUMBER.match(text, at):
            return Node(_number(found), line), found.end()
        raise self._error(at, _("this is not JSON"))

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self._text, at + 1, False)
        except ValueError:
            raise self._error(at, _("a text has no end, or a wrong escape")) from None
        return str(text), int(end)

    def _key(self, at: int) -> tuple[str, int]:
        """A key, and where its value begins."""
        if found := _PLAIN_KEY.match(self._text, at):
            return found[1], found.end()
        if self._text[at : at + 1] != '"':
            raise self._error(at, _("a key in quotes is missing"))
        key, at = self._string(at)
        at = self._skip(at)
        if self._text[at : at + 1] != ":":
            raise self._error(at, _("a colon is missing"))
        return key, self._skip(at + 1)

    def _table(self, at: int, line: int, depth: int) -> tuple[Node, int]:
        table: dict[str, Node] = {}
        node = Node(table, line)
        at = self._skip(at + 1)
        if self._text[at : at + 1] == "}":
            return node, at + 1
        while True:
            key_at = at
            key, at = self._key(at)
            value, at = self._value(at, depth + 1)
            value.line = self._line(key_at)
            if key in table:
                table[key].mark("lost", TWICE)
                node.doubles = node.doubles or []
                node.doubles.append((key, table[key]))
            table[key] = value
            at, is_end = self._separator(at, "}")
            if is_end:
                return node, at

    def _list(self, at: int, line: int, depth: int) -> tuple[Node, int]:
        values: list[Node] = []
        node = Node(values, line)
        at = self._skip(at + 1)
        if self._text[at : at + 1] == "]":
            return node, at + 1
        while True:
            value, at = self._value(at, depth + 1)
            values.append(value)
            at, is_end = self._separator(at, "]")
            if is_end:
                return node, at

    def _separator(self, at: int, end: str) -> tuple[int, bool]:
        """Behind the comma or the bracket that follows a value, and whether it was the bracket."""
        found = _SEPARATOR.match(self._text, at)
        if found is None or found[1] not in (",", end):
            raise self._error(self._skip(at), _("a comma or {end} is missing").format(end=end))
        return (found.end(1), True) if found[1] == end else (found.end(), False)


def _number(found: re.Match[str]) -> float:
    # More digits than these are no figure of a routine, and Python refuses to read some thousands of them.
    if found[1] is None and found[2] is None and len(found[0]) <= _MAX_DIGITS:
        return int(found[0])
    return float(found[0][:400])


def parse_json(text: str, most: int = MAX_VALUES) -> Node:
    """The value of a JSON text.

    Args:
        text: The text.
        most: How many values may be in it.

    Raises:
        InterchangeError: It is none, too large, or nested too deeply.
    """
    return _Parser(text, most).whole()


def ledger(root: Node) -> tuple[LedgerEntry, ...]:
    """What became of everything in a JSON text, in its order."""
    entries: list[LedgerEntry] = []
    _add_entries(entries, root, "", None)
    return tuple(entries)


def _add_entries(entries: list[LedgerEntry], node: Node, path: str, above: Node | None) -> None:
    noted = node if node.fate is not None else above
    data = node.data
    if data and isinstance(data, dict | list):
        # That an object was read says nothing of the keys in it that were not.
        passed_on = noted if noted is not None and noted.fate != "taken" else None
        if isinstance(data, list):
            for index, value in enumerate(data):
                _add_entries(entries, value, f"{path}[{index}]", passed_on)
            return
        for key, value in (*(node.doubles or ()), *data.items()):
            _add_entries(entries, value, _path(path, _shown(key)), passed_on)
    elif noted is None:
        entries.append(LedgerEntry(node.line, path, _shown(data), "lost", UNKNOWN))
    else:
        entries.append(LedgerEntry(node.line, path, _shown(data), noted.fate or "lost", noted.reason, noted.details))


def _path(path: str, key: str) -> str:
    """Where a key is: of a very long path the end, or objects in one another would take more room than their file."""
    whole = f"{path}.{key}" if path else key
    return whole if len(whole) <= _MAX_PATH else f"…{whole[1 - _MAX_PATH :]}"


def _shown(data: object) -> str:
    if isinstance(data, str):
        return data if len(data) <= _MAX_SHOWN else f"{data[: _MAX_SHOWN - 1]}…"
    if data is None:
        return "null"
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, int | float):
        return _shown_number(data)
    return "{}" if isinstance(data, dict) else "[]"
