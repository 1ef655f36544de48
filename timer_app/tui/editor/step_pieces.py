"""A step on its way from one list of steps to another, which may be written in another way.

A list of steps is written with a header for each (`[[steps]]`), or in brackets, each step in braces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from timer_app.tui.editor.toml_text import (
    TABLE,
    TABLES,
    braces,
    comments_of,
    document,
    ended_lines_of,
    key_of,
    pair_text,
    pairs_of,
    spliced,
    tables_of,
    text_of,
    value_of,
    without_comments,
    written_in_rows,
    written_key,
)

if TYPE_CHECKING:
    from tree_sitter import Node

KEY = "steps"
_PREFIX = f"{KEY}."
_LONG_QUOTES = ('"""', "'''")


class OperationError(Exception):
    """The text is no TOML, or has its steps where no operation can change them."""


@dataclass(frozen=True)
class HeadedStep:
    """A step with a header.

    Attributes:
        rows: Its rows with their ends: comments that belong to it, its header, its keys, and the tables in it.
    """

    rows: tuple[str, ...]

    @property
    def comments(self) -> list[str]:
        """All comments in it."""
        return comments_of(document("".join(self.rows)))


@dataclass(frozen=True)
class BracedStep:
    """A step in braces.

    Attributes:
        above: The comments that belong to it.
        written: The braces and all in them; rows behind the first are as far in as if that one was not indented.
        behind: What stands behind its comma in the same row, as far as that is a comment.
    """

    above: tuple[str, ...]
    written: str
    behind: str = ""

    @property
    def comments(self) -> list[str]:
        """All comments in it, above it and behind it."""
        behind = [self.behind.strip()] if self.behind else []
        return [*self.above, *comments_of(document(f"x = {self.written}")), *behind]


Piece = HeadedStep | BracedStep


def new_piece(step: Mapping[str, Any]) -> HeadedStep:
    """A step that was in no text so far."""
    pairs = (f"{written_key(key)} = {written_in_rows(value)}\n" for key, value in step.items())
    return HeadedStep((f"[[{KEY}]]\n", *pairs))


def headed(piece: Piece) -> HeadedStep:
    """A step with a header, however it was written."""
    if isinstance(piece, HeadedStep):
        return piece
    table = value_of(pairs_of(document(f"x = {piece.written}"))[0])
    pairs = "\n".join(pair_text(pair) for pair in pairs_of(table))
    comments = "".join(f"{comment}\n" for comment in piece.above)
    behind = f" {piece.behind.strip()}" if piece.behind else ""
    return HeadedStep(tuple(ended_lines_of(f"{comments}[[{KEY}]]{behind}\n{pairs}")))


def braced(piece: Piece) -> BracedStep:
    """A step in braces, however it was written; comments that have no place in them stand above."""
    if isinstance(piece, BracedStep):
        return piece
    root = document("".join(piece.rows))
    table = _Table()
    for node in tables_of(root):
        _, *keys = key_of(node)
        table.at(keys, is_listed=node.type != TABLE).pairs += [pair_text(pair) for pair in pairs_of(node)]
    return BracedStep(tuple(_comments_outside_values(root)), table.written)


@dataclass
class _Table:
    """A table and those in it."""

    pairs: list[str] = field(default_factory=list)
    inner: dict[str, _Table | list[_Table]] = field(default_factory=dict)

    def at(self, keys: list[str], *, is_listed: bool) -> _Table:
        """The table of a header below this one."""
        if not keys:
            return self
        key, *more = keys
        if is_listed and not more:
            found = self.inner.setdefault(key, [])
            if isinstance(found, _Table):
                raise OperationError(key)
            found.append(_Table())
            return found[-1]
        there = self.inner.setdefault(key, _Table())
        return (there[-1] if isinstance(there, list) else there).at(more, is_listed=is_listed)

    @property
    def written(self) -> str:
        """The table in braces."""
        inner = (f"{written_key(key)} = {self._in_braces(one)}" for key, one in self.inner.items())
        return braces([*self.pairs, *inner])

    @staticmethod
    def _in_braces(table: _Table | list[_Table]) -> str:
        return f"[{', '.join(one.written for one in table)}]" if isinstance(table, list) else table.written


def _comments_outside_values(node: Node) -> Iterator[str]:
    for child in node.named_children:
        if child.type == "comment":
            yield text_of(child).rstrip()
        elif child.type == "pair":
            value = value_of(child)
            yield from (comment for one in child.named_children if one != value for comment in comments_of(one))
        elif child.type in TABLES:
            yield from _comments_outside_values(child)


def with_comments(piece: Piece, comments: list[str], behind: str = "") -> Piece:
    """A step with more comments above it, and with one behind it if it has none."""
    if isinstance(piece, HeadedStep):
        return HeadedStep((*(f"{comment}\n" for comment in comments), *piece.rows))
    more = [behind.strip()] if behind and piece.behind else []
    return BracedStep((*comments, *more, *piece.above), piece.written, piece.behind or behind)


def nested(text: str) -> str:
    """Tables of a list of steps as those of a block are headed: `steps.` before each header."""
    for key in reversed(_header_keys(text)):
        text = spliced(text, key.start_byte, key.start_byte, _PREFIX)
    return text


def unnested(text: str) -> str:
    """Tables of a block as those of a list of steps are headed.

    Raises:
        OperationError: A header is written in another way, such as in quotes.
    """
    for key in reversed(_header_keys(text)):
        if not text_of(key).startswith(_PREFIX):
            raise OperationError(text_of(key))
        text = spliced(text, key.start_byte, key.start_byte + len(_PREFIX), "")
    return text


def _header_keys(text: str) -> list[Node]:
    return [without_comments(table)[0] for table in tables_of(document(text))]


def set_in(text: str, indent: str) -> str:
    """Rows behind the first one as far in as the first; texts of several rows stay as they are."""
    return text if _has_long_text(text) else text.replace("\n", f"\n{indent}")


def set_out(text: str, indent: str) -> str:
    """The same the other way round."""
    return text if _has_long_text(text) else text.replace(f"\n{indent}", "\n")


def _has_long_text(text: str) -> bool:
    return any(quotes in text for quotes in _LONG_QUOTES)
