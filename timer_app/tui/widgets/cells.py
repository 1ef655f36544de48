"""Fits text into columns of the terminal, where some characters take two."""

from __future__ import annotations

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
