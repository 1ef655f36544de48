"""The shapes of big letters and digits, as strokes through a grid.

Every glyph is a list of strokes, every stroke a list of points `xy` on a grid 4 wide and 6 high, y downwards. A
stroke of one point is a dot.
"""

from __future__ import annotations

Point = tuple[int, int]
Stroke = tuple[Point, ...]

GRID_WIDTH, GRID_HEIGHT = 4, 6

_SHAPES = {
    "0": "10 30 41 45 36 16 05 01 10",
    "1": "01 20 26; 06 46",
    "2": "01 10 30 41 42 06 46",
    "3": "01 10 30 41 42 33 13; 33 44 45 36 16 05",
    "4": "36 30 04 44",
    "5": "40 00 03 33 44 45 36 16 05",
    "6": "41 30 10 01 05 16 36 45 44 33 03",
    "7": "00 40 16",
    "8": "10 30 41 42 33 13 02 01 10; 33 44 45 36 16 05 04 13",
    "9": "43 13 02 01 10 30 41 45 36 16 05",
    "A": "06 02 20 42 46; 04 44",
    "B": "33 03 00 30 41 42 33 44 45 36 06 03",
    "C": "41 30 10 01 05 16 36 45",
    "D": "00 20 42 44 26 06 00",
    "E": "40 00 06 46; 03 33",
    "F": "40 00 06; 03 33",
    "G": "41 30 10 01 05 16 36 45 43 23",
    "H": "00 06; 40 46; 03 43",
    "I": "00 40; 20 26; 06 46",
    "J": "20 40 45 36 16 05 04",
    "K": "00 06; 40 03 46",
    "L": "00 06 46",
    "M": "06 00 23 40 46",
    "N": "06 00 46 40",
    "O": "00 40 46 06 00",
    "P": "06 00 30 41 42 33 03",
    "Q": "10 30 41 45 36 16 05 01 10; 24 46",
    "R": "06 00 30 41 42 33 03; 23 46",
    "S": "41 30 10 01 02 13 33 44 45 36 16 05",
    "T": "00 40; 20 26",
    "U": "00 05 16 36 45 40",
    "V": "00 26 40",
    "W": "00 06 23 46 40",
    "X": "00 46; 40 06",
    "Y": "00 23 40; 23 26",
    "Z": "00 40 06 46",
    "-": "03 43",
    "+": "03 43; 21 25",
    "/": "40 06",
    "'": "20 21",
    ":": "02; 05",
    ".": "06",
    " ": "",
}

# Corners that are cut off make digits look alike where there are few pixels; there they are square.
_SQUARE_SHAPES = {
    "0": "00 40 46 06 00",
    "2": "00 40 43 03 06 46",
    "3": "00 40 46 06; 03 43",
    "4": "00 03 43; 40 46",
    "5": "40 00 03 43 46 06",
    "6": "40 00 06 46 43 03",
    "7": "00 40 46",
    "8": "00 40 46 06 00; 03 43",
    "9": "43 03 00 40 46 06",
}
SQUARE_BELOW_WIDTH = 5

# These are as narrow as their stroke is thick.
NARROW = frozenset(":.")


def _strokes(shape: str) -> tuple[Stroke, ...]:
    lines = filter(None, shape.split(";"))
    return tuple(tuple((int(point[0]), int(point[1])) for point in line.split()) for line in lines)


GLYPHS: dict[str, tuple[Stroke, ...]] = {character: _strokes(shape) for character, shape in _SHAPES.items()}
_SQUARE = {character: _strokes(shape) for character, shape in _SQUARE_SHAPES.items()}


def strokes_of(character: str, width: int) -> tuple[Stroke, ...]:
    """The strokes of a glyph that is to be `width` pixels wide."""
    square = _SQUARE.get(character) if width < SQUARE_BELOW_WIDTH else None
    return square or GLYPHS[character]
