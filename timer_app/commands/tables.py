"""Aligned columns of text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_GAP = "  "


def cells(text: str) -> int:
    """How many terminal cells a text takes."""
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def table(rows: Sequence[Sequence[str]], *, width: int | None = None) -> Iterator[str]:
    """Lines with the columns of `rows` below one another.

    Args:
        rows: All of the same length; the first may be the heading.
        width: Cells to which each line is cut; `None` for no limit.
    """
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (room - cells(text)) for text, room in zip(row, widths, strict=True))
        yield clipped(_GAP.join(padded).rstrip(), width)


def clipped(text: str, width: int | None) -> str:
    """`text` cut to `width` cells, with a sign where it was cut."""
    if width is None or cells(text) <= width:
        return text
    room, kept = max(width - 1, 0), 0
    for index, character in enumerate(text):
        kept += _cells(character)
        if kept > room:
            return text[:index] + "…"
    return text


def wrapped(text: str, width: int) -> Iterator[str]:
    """The words of `text` on lines of at most `width` cells; a word that is longer is cut."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cells(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = clipped(word, width)
    if line:
        yield line
