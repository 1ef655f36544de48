"""Finds the line and column of every key and value of a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from timer_app.core.diagnostics.problems import CaretTarget, KeyPath

if TYPE_CHECKING:
    from tree_sitter import Node

_LISTED = "table_array_element"
_TABLES = {"table", _LISTED}
_NOT_DATA = {"comment", "ERROR"}


class TextSpan(NamedTuple):
    """A stretch of text in rows and columns counted from 0, columns in bytes of UTF-8."""

    row: int
    column: int
    end_row: int
    end_column: int

    @classmethod
    def of(cls, first: Node, last: Node | None = None) -> TextSpan:
        """From the start of one node to the end of it or of another."""
        return cls(*first.start_point, *(last or first).end_point)


@dataclass(slots=True)
class NodeSpans:
    """Where one key, table or list item stands.

    Attributes:
        key: The key; of a list item, the item itself.
        value: The value; `None` for tables with a header.
        table: The header, or the opening brace of an inline table.
        children: The marks inside it by key or index.
    """

    key: TextSpan | None = None
    value: TextSpan | None = None
    table: TextSpan | None = None
    children: dict[str | int, NodeSpans] = field(default_factory=dict)

    def child(self, name: str, key: TextSpan) -> NodeSpans:
        """The mark of a key inside, made if need be; of tables in a list, the latest one."""
        mark = self.children.setdefault(name, NodeSpans(key=key))
        while mark.children and isinstance(last := next(reversed(mark.children)), int):
            mark = mark.children[last]
        return mark

    def span(self, part: CaretTarget) -> TextSpan | None:
        """The stretch that stands for a part; another one where it has no such part."""
        order = {
            "key": (self.key, self.table, self.value),
            "value": (self.value, self.table, self.key),
            "table": (self.table, self.key, self.value),
        }
        return next(filter(None, order[part]), None)


def read_spans(text: str, max_nesting: int) -> NodeSpans:
    """Marks of everything in a valid TOML text, values nested deeper than `max_nesting` left out."""
    root = NodeSpans()
    for node in _data(_document(text)):
        if node.type == "pair":
            _add_pair(root, node, max_nesting)
        elif node.type in _TABLES:
            _add_table(root, node, max_nesting)
    return root


def find_span(root: NodeSpans, path: KeyPath, part: CaretTarget) -> TextSpan | None:
    """The stretch of text at a path, or of the nearest table around it; `None` where only the root is left."""
    trail = [root]
    for name in path:
        if name not in trail[-1].children:
            part = "table"
            break
        trail.append(trail[-1].children[name])
    return next(filter(None, (mark.span(part) for mark in reversed(trail))), None)


def span_columns(lines: list[str], span: TextSpan) -> tuple[int, int, int]:
    """A span's first line, first column and the column after its last in that line, 1-based and in characters."""
    line = lines[span.row]
    column = _characters(line, span.column) + 1
    end = _characters(line, span.end_column) if span.end_row == span.row else len(line)
    return span.row + 1, column, max(end + 1, column + 1)


def _characters(line: str, size: int) -> int:
    """How many characters the first `size` bytes of a line are."""
    return size if line.isascii() else len(line.encode(errors="replace")[:size].decode())


def key_before(text: str, line: int, column: int) -> TextSpan | None:
    """The key of the last header or pair that ends at or before a position, which is 1-based and in characters."""
    rows = text.split("\n")
    place = line - 1, len(rows[line - 1][: column - 1].encode(errors="replace"))
    ends = [(end, TextSpan.of(key)) for key, end in _keys(_document(text)) if end <= place]
    return max(ends)[1] if ends else None


def _document(text: str) -> Node:
    # Loaded only here: most files have no fault, and the parser takes as long to load as they take to read.
    import tree_sitter
    import tree_sitter_toml

    language = tree_sitter.Language(tree_sitter_toml.language())
    return tree_sitter.Parser(language).parse(text.encode(errors="replace")).root_node


def _data(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in _NOT_DATA]


def _keys(root: Node) -> Iterator[tuple[Node, tuple[int, int]]]:
    """Every key, and where what it names ends: a pair with its value, a header with its key."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        children = _data(node)
        if children and (node.type == "pair" or node.type in _TABLES):
            end = (node if node.type == "pair" else children[0]).end_point
            yield children[0], (end.row, end.column)
        waiting += children


def _key_parts(node: Node) -> list[tuple[str, TextSpan]]:
    """The names of a dotted key, each with its own position."""
    parts: list[Node] = []
    while node.type == "dotted_key":
        node, last = _data(node)
        parts.append(last)
    return [(_name(part), TextSpan.of(part)) for part in reversed([*parts, node])]


def _name(node: Node) -> str:
    text = (node.text or b"").decode()
    return next(iter(tomllib.loads(f"{text} = 0"))) if node.type == "quoted_key" else text


def _add_pair(table: NodeSpans, node: Node, depth: int) -> None:
    key, value = _data(node)
    *parents, (name, span) = _key_parts(key)
    for parent, parent_span in parents:
        table = table.child(parent, parent_span)
    mark = table.children[name] = NodeSpans(key=span)
    _add_value(mark, value, depth)


def _add_value(mark: NodeSpans, node: Node, depth: int) -> None:
    mark.value = TextSpan.of(node)
    if depth and node.type == "array":
        for index, item in enumerate(_data(node)):
            mark.children[index] = NodeSpans(key=TextSpan.of(item))
            _add_value(mark.children[index], item, depth - 1)
    elif depth and node.type == "inline_table":
        mark.table = TextSpan.of(node.children[0])
        for pair in _data(node):
            _add_pair(mark, pair, depth - 1)


def _add_table(root: NodeSpans, node: Node, depth: int) -> None:
    key, *pairs = _data(node)
    *parents, (name, span) = _key_parts(key)
    mark = root
    for parent, parent_span in parents:
        mark = mark.child(parent, parent_span)
    mark = mark.children.setdefault(name, NodeSpans(key=span))
    if node.type == _LISTED:
        mark = mark.children.setdefault(len(mark.children), NodeSpans())
    mark.key = span
    mark.table = TextSpan.of(node.children[0], next(child for child in node.children if child.type in {"]", "]]"}))
    for pair in pairs:
        _add_pair(mark, pair, depth)
