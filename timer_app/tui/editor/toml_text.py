"""Finds the parts of a TOML text by its syntax tree, and writes values as TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tomlkit

from timer_app.analysis import written_key as written_key  # noqa: PLC0414 - for those who write here too

if TYPE_CHECKING:
    from tree_sitter import Node

TABLE, LISTED_TABLE = "table", "table_array_element"
TABLES = frozenset((TABLE, LISTED_TABLE))


def document(text: str) -> Node:
    """The root of the syntax tree of a text."""
    import tree_sitter
    import tree_sitter_toml

    language = tree_sitter.Language(tree_sitter_toml.language())
    return tree_sitter.Parser(language).parse(text.encode()).root_node


def pairs_of(node: Node) -> list[Node]:
    """The keys with their values that stand directly in a document or a table."""
    return [child for child in node.named_children if child.type == "pair"]


def pair_of(node: Node, key: str) -> Node | None:
    """The pair of a key that is not dotted; `None` where there is none."""
    return next((pair for pair in pairs_of(node) if key_of(pair) == [key]), None)


def value_of(pair: Node) -> Node:
    """The value of a pair."""
    return without_comments(pair)[-1]


def tables_of(root: Node) -> list[Node]:
    """The tables with headers of a document."""
    return [node for node in root.named_children if node.type in TABLES]


def without_comments(node: Node) -> list[Node]:
    """What a node consists of: the items of a list, the key and the pairs of a table."""
    return [child for child in node.named_children if child.type not in {"comment", "ERROR"}]


def followers(node: Node) -> Iterator[Node]:
    """What stands behind a node, commas and comments included."""
    while (after := node.next_sibling) is not None:
        yield after
        node = after


def next_token(node: Node) -> Node:
    """What stands behind a node, but comments."""
    return next(after for after in followers(node) if after.type != "comment")


def key_of(node: Node) -> list[str]:
    """The parts of the key of a pair, or of a header."""
    parts: list[str] = []
    key = without_comments(node)[0]
    while key.type == "dotted_key":
        key, last = without_comments(key)
        parts.append(_name(last))
    return [_name(key), *reversed(parts)]


def _name(node: Node) -> str:
    text = text_of(node)
    return next(iter(tomllib.loads(f"{text} = 0"))) if node.type == "quoted_key" else text


def pair_text(pair: Node) -> str:
    """A key with its value, without a comment behind it."""
    return (pair.text or b"")[: value_of(pair).end_byte - pair.start_byte].decode()


def text_of(node: Node) -> str:
    """What a node is in the text."""
    return (node.text or b"").decode()


def comments_of(node: Node) -> list[str]:
    """The comments in a node, in their order."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here.type == "comment":
            found.append(text_of(here).rstrip())
        waiting += reversed(here.children)
    return found


def comment_rows(text: str, within: Node) -> set[int]:
    """The rows that have a comment and nothing else."""
    lines = text.split("\n")
    waiting, found = [within], set[int]()
    while waiting:
        node = waiting.pop()
        if node.type == "comment" and lines[node.start_point.row].lstrip().startswith("#"):
            found.add(node.start_point.row)
        waiting += node.children
    return found


def rows_of_opening_comment(text: str) -> int:
    """How many rows a comment takes with which a text begins."""
    count = 0
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        count += 1
    return count


def lines_of(text: str) -> list[str]:
    """The lines with their ends; the last one has none."""
    *whole, last = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([last] if last else [])]


def ended_lines_of(text: str) -> list[str]:
    """The lines with their ends, the last one included."""
    lines = lines_of(text)
    return [*lines[:-1], lines[-1] if lines[-1].endswith("\n") else f"{lines[-1]}\n"] if lines else []


def spliced(text: str, start: int, end: int, other: str) -> str:
    """A text with something else between two places, which count bytes."""
    data = text.encode()
    return (data[:start] + other.encode() + data[end:]).decode()


def written(value: Any) -> str:
    """A value as it is written behind a key, lists and tables in one row."""
    if isinstance(value, Mapping):
        return braces([f"{written_key(key)} = {written(one)}" for key, one in value.items()])
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return str(tomlkit.item(value).as_string())


def written_in_rows(value: Any) -> str:
    """A value as it is written below a header: a list of tables has a row for each."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return "".join(["[\n", *(f"  {written(one)},\n" for one in value), "]"])
    return written(value)


def braces(pairs: Sequence[str]) -> str:
    """A table in one row."""
    return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
