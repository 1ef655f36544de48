"""Fits text into columns of the terminal, where some characters take two."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size


def fitted(text: str, width: int) -> str:
    """`text` in exactly `width` cells; what is cut off leaves an ellipsis."""
    if width < 1:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def centred(text: str, width: int) -> str:
    """`text` in the middle of exactly `width` cells."""
    return fitted(" " * max(0, (width - cell_len(text)) // 2) + text, width)


def beside_or_below(text: str, more: str, width: int) -> Iterator[str]:
    """`text` with `more` at the right of the same line where there is room for both, else below it."""
    room = width - cell_len(more) - 1
    if more and cell_len(text) <= room:
        yield f"{fitted(text, room)} {more}"
        return
    yield fitted(text, width)
    if more:
        yield fitted(more, width).rstrip().rjust(width)
