"""Draws words and figures as large as a space allows, in half blocks.

A cell of the screen holds two pixels above each other, so pixels are about square. Everything here is a pure function
of its arguments, and what costs time is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from math import ceil, floor, hypot

from timer_app.tui.widgets.strokes import GLYPHS, GRID_HEIGHT, GRID_WIDTH, NARROW, Stroke, strokes_of

_WIDEST, _SLIMMEST = 0.62, 0.42  # width of a glyph by its height; below the second it is hard to read
_LEAST_WIDTH, _LEAST_HEIGHT = 3, 5
_CELLS = (" ", "▄", "▀", "█")  # by upper * 2 + lower
_ROUNDING = 1e-6

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """The size of a text's glyphs, in pixels.

    Attributes:
        width: Of a glyph.
        height: Of a glyph.
        pen: Thickness of the strokes, and the gap between glyphs.
    """

    width: int
    height: int
    pen: int


def can_draw(text: str) -> bool:
    """Whether there is a shape for every character of `text`."""
    return all(character in GLYPHS for character in text)


def fit(text: str, columns: int, rows: int) -> Fit | None:
    """The largest size at which `text` fits into so many cells; `None` where even the smallest does not.

    The height goes first: of two sizes the higher is read from further away, as long as it is not too slim.
    """
    narrow = sum(character in NARROW for character in text)
    return _fit(len(text) - narrow, narrow, columns, rows)


@lru_cache(maxsize=512)
def _fit(wide: int, narrow: int, columns: int, rows: int) -> Fit | None:
    """The size for so many glyphs: a clock that ticks asks for the same one every second."""
    for height in range(2 * rows, _LEAST_HEIGHT - 1, -1):
        least = max(_LEAST_WIDTH, round(height * _SLIMMEST))
        for width in range(max(least, round(height * _WIDEST)), least - 1, -1):
            size = Fit(width, height, _pen(width, height))
            if wide * width + (wide + 2 * narrow - 1) * size.pen <= columns:
                return size
    return None


def _pen(width: int, height: int) -> int:
    return max(1, min(round(height / 6), width // 3))


def text_width(text: str, size: Fit) -> int:
    """How many columns `text` takes."""
    widths = [glyph_width(character, size) for character in text]
    return sum(widths) + size.pen * (len(widths) - 1)


def glyph_width(character: str, size: Fit) -> int:
    """How many columns one character takes."""
    return size.pen if character in NARROW else size.width


@lru_cache(maxsize=256)
def draw(text: str, size: Fit) -> tuple[str, ...]:
    """`text` as rows of half blocks, all of one length."""
    glyphs = [glyph_rows(character, glyph_width(character, size), size.height, size.pen) for character in text]
    return tuple((" " * size.pen).join(parts) for parts in zip(*glyphs, strict=True))


@lru_cache(maxsize=512)
def glyph_rows(character: str, width: int, height: int, pen: int) -> tuple[str, ...]:
    """One glyph as rows of half blocks."""
    inked: set[tuple[int, int]] = set()
    for stroke in strokes_of(character, width):
        line = _placed(stroke, width, height, pen)
        for start, end in pairwise(line * 2 if len(line) == 1 else line):
            inked |= _ink(start, end, pen, is_dot=len(line) == 1)
    return tuple(
        "".join(_CELLS[2 * ((x, y) in inked) + ((x, y + 1) in inked)] for x in range(width))
        for y in range(0, height, 2)
    )


def _placed(stroke: Stroke, width: int, height: int, pen: int) -> list[Place]:
    """The stroke's points in pixels, such that straight strokes cover whole pixels."""
    return [
        (
            round(x * (width - pen) / GRID_WIDTH) + pen / 2,
            round(y * (height - pen) / GRID_HEIGHT) + pen / 2,
        )
        for x, y in stroke
    ]


def _ink(start: Place, end: Place, pen: int, *, is_dot: bool) -> set[tuple[int, int]]:
    """The pixels whose middle a pen covers on its way; round, but for dots, which are square."""
    reach = pen / 2 + _ROUNDING
    box = product(_pixels(start[0], end[0], reach), _pixels(start[1], end[1], reach))
    return {(x, y) for x, y in box if is_dot or _distance((x + 0.5, y + 0.5), start, end) <= reach}


def _pixels(start: float, end: float, reach: float) -> range:
    """The pixels whose middle lies between two places or within `reach` of them."""
    return range(ceil(min(start, end) - reach - 0.5), floor(max(start, end) + reach - 0.5) + 1)


def _distance(point: Place, start: Place, end: Place) -> float:
    """From `point` to the nearest place on the line between `start` and `end`."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = along_x**2 + along_y**2
    offset = (point[0] - start[0]) * along_x + (point[1] - start[1]) * along_y
    part = min(1.0, max(0.0, offset / length)) if length else 0.0
    return hypot(point[0] - start[0] - part * along_x, point[1] - start[1] - part * along_y)
