"""Draws the shape that swells and sinks with a breath, to an eighth of a cell: a dome on a flat ground."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

_LOWER = " ▁▂▃▄▅▆▇█"
_EIGHTHS = 8
_LEAST = 0.1  # how much of the full height is left when it is sunk, so that it never vanishes
_SLIM = 0.6  # width of the sunk dome by that of the swollen one


@lru_cache(maxsize=128)  # two breaths
def dome(level: float, columns: int, rows: int) -> tuple[str, ...]:
    """Half an ellipse in the middle of so many cells, as large as `level` (0 to 1) says."""
    level = min(1.0, max(0.0, level))
    height = max(1.0, rows * _EIGHTHS * (_LEAST + (1 - _LEAST) * level))
    half_width = columns / 2 * (_SLIM + (1 - _SLIM) * level)
    heights = [_height(column, columns, half_width, height) for column in range(columns)]
    return tuple("".join(_cell(each - (rows - 1 - row) * _EIGHTHS) for each in heights) for row in range(rows))


def _height(column: int, columns: int, half_width: float, height: float) -> int:
    """By how many eighths the dome rises over the ground in a column."""
    along = (column + 0.5 - columns / 2) / half_width
    return round(height * sqrt(1 - along * along)) if abs(along) < 1 else 0


def _cell(eighths: int) -> str:
    return _LOWER[min(_EIGHTHS, max(0, eighths))]
