"""Draws the shape that swells and sinks with a breath, to an eighth of a cell.

A pure function of its arguments: cells of lower blocks, and beside them which of those are to be shown inverted, since
there are no blocks that hang from the top of a cell.
"""

from __future__ import annotations

from math import sqrt

_LOWER = " ▁▂▃▄▅▆▇█"
_THIN = "─"
_EIGHTHS = 8
_LEAST = 0.16  # how much of the full size is left when it is sunk, so that it never vanishes
_SLIM = 0.45  # width of the sunk shape by that of the swollen one

Row = tuple[str, str]
"""The characters of a row, and for each `1` where it is inverted, else `0`."""


def balloon(level: float, columns: int, rows: int) -> tuple[Row, ...]:
    """An ellipse in the middle of so many cells, as large as `level` (0 to 1) says."""
    level = min(1.0, max(0.0, level))
    half_height = rows * _EIGHTHS / 2 * (_LEAST + (1 - _LEAST) * level)
    half_width = columns / 2 * (_SLIM + (1 - _SLIM) * level)
    reaches = [_reach(column, columns, half_width, half_height) for column in range(columns)]
    return tuple(_row(row, rows, reaches) for row in range(rows))


def _reach(column: int, columns: int, half_width: float, half_height: float) -> int:
    """By how many eighths the shape reaches above and below its axis in a column."""
    along = (column + 0.5 - columns / 2) / half_width
    return round(half_height * sqrt(1 - along * along)) if abs(along) < 1 else 0


def _row(row: int, rows: int, reaches: list[int]) -> Row:
    axis, top = rows * _EIGHTHS // 2, row * _EIGHTHS
    cells = [_cell(axis - reach - top, axis + reach - top) for reach in reaches]
    return "".join(character for character, _ in cells), "".join(inverted for _, inverted in cells)


def _cell(begin: int, end: int) -> tuple[str, str]:
    """The cell that is filled from eighth `begin` to eighth `end`, counted from its top."""
    first, last = max(0, begin), min(_EIGHTHS, end)
    if first >= last:
        return " ", "0"
    if last == _EIGHTHS:
        return _LOWER[_EIGHTHS - first], "0"
    if first == 0:
        return _LOWER[_EIGHTHS - last], "1"
    return _THIN if last - first < _EIGHTHS / 2 else _LOWER[_EIGHTHS], "0"
