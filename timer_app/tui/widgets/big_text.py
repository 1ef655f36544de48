"""Words and digits as large as the widget, to be read from the floor.

Letters are strokes, drawn in half blocks: a cell holds two pixels, one above the other, so pixels are about square.
Smooth letters have the same size and thickness, but are drawn in quarter blocks: slopes have steps half as wide.
Every glyph is a list of strokes, and every stroke a list of points `xy` on a grid 4 wide and 6 high, y downwards; a
stroke of one point is a dot. Drawing is a pure function of its arguments, and expensive results are cached.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from math import ceil, floor, hypot

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from timer_app.tui.play import wording
from timer_app.tui.play.view import RunView
from timer_app.tui.screen import SizedApp
from timer_app.tui.widgets.cached import CachedWidget
from timer_app.tui.widgets.text_layout import centre_in_width

GridPoint = tuple[float, float]
Stroke = tuple[GridPoint, ...]

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

# By their combining characters: drawn above the letter, which is lower then, or below it. A letter of few pixels goes
# without: it is read more easily.
_MARKS = {
    "\N{COMBINING DIAERESIS}": "00; 40",
    "\N{COMBINING ACUTE ACCENT}": "21 30",
    "\N{COMBINING GRAVE ACCENT}": "10 21",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "11 20 31",
    "\N{COMBINING TILDE}": "11 10 31 30",
    "\N{COMBINING DOT ABOVE}": "20",
    "\N{COMBINING RING ABOVE}": "20",
    "\N{COMBINING CARON}": "10 21 30",
    "\N{COMBINING CEDILLA}": "26 16",
    "\N{COMBINING OGONEK}": "36 46",
}
_MARKS_BELOW = frozenset("\N{COMBINING CEDILLA}\N{COMBINING OGONEK}")
_LETTER_TOP, _LETTER_BOTTOM = 2, 5  # of a letter below or above its mark, on the grid
# Letters that Unicode does not take apart.
_BARRED = {"Ł": ("L", "04 32"), "Ø": ("O", "06 40"), "Đ": ("D", "03 23")}

# These are as narrow as their stroke is thick.
NARROW_GLYPHS = frozenset(":.")


def _strokes(shape: str) -> tuple[Stroke, ...]:
    lines = filter(None, shape.split(";"))
    return tuple(tuple((int(point[0]), int(point[1])) for point in line.split()) for line in lines)


GLYPHS: dict[str, tuple[Stroke, ...]] = {character: _strokes(shape) for character, shape in _SHAPES.items()}
_SQUARE = {character: _strokes(shape) for character, shape in _SQUARE_SHAPES.items()}


@lru_cache(maxsize=128)
def _marked_strokes(character: str) -> tuple[Stroke, ...] | None:
    """The strokes of a letter with its marks; `None` where there is no shape for one of them."""
    if character in _BARRED:
        letter, bar = _BARRED[character]
        return (*GLYPHS[letter], *_strokes(bar))
    letter, *marks = list(unicodedata.normalize("NFD", character))
    if not marks or letter not in GLYPHS or any(mark not in _MARKS for mark in marks):
        return None
    top = 0 if all(mark in _MARKS_BELOW for mark in marks) else _LETTER_TOP
    bottom = _LETTER_BOTTOM if any(mark in _MARKS_BELOW for mark in marks) else GRID_HEIGHT
    scale = (bottom - top) / GRID_HEIGHT
    lower = tuple(tuple((x, top + y * scale) for x, y in stroke) for stroke in GLYPHS[letter])
    return (*lower, *(stroke for mark in marks for stroke in _strokes(_MARKS[mark])))


def _without_marks(character: str) -> str:
    """The letter below the marks; the character itself where there are none."""
    return _BARRED[character][0] if character in _BARRED else unicodedata.normalize("NFD", character)[0]


def strokes_of(character: str, width: int) -> tuple[Stroke, ...]:
    """The strokes of a glyph that is to be `width` pixels wide."""
    is_small = width < SQUARE_BELOW_WIDTH
    if character not in GLYPHS:
        marked = None if is_small else _marked_strokes(character)
        return marked or GLYPHS[_without_marks(character)]
    square = _SQUARE.get(character) if is_small else None
    return square or GLYPHS[character]


_MAX_ASPECT, _MIN_ASPECT = 0.62, 0.42  # width of a glyph by its height; below the second it is hard to read
_LEAST_WIDTH, _LEAST_HEIGHT = 3, 5
_HALF_BLOCKS = (" ", "▄", "▀", "█")  # by upper * 2 + lower
# By left above * 1 + right above * 2 + left below * 4 + right below * 8.
_QUARTER_BLOCKS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_ROUNDING = 1e-6

Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GlyphSize:
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
    return all(character in GLYPHS or _marked_strokes(character) for character in text)


def fit_size(text: str, columns: int, rows: int) -> GlyphSize | None:
    """The largest size at which `text` fits into so many cells; `None` where even the smallest does not.

    The height goes first: of two sizes the higher is read from further away, as long as it is not too slim.
    """
    narrow = sum(character in NARROW_GLYPHS for character in text)
    return _fit_glyphs(len(text) - narrow, narrow, columns, rows)


@lru_cache(maxsize=512)
def _fit_glyphs(wide: int, narrow: int, columns: int, rows: int) -> GlyphSize | None:
    """The size for so many glyphs: a clock that ticks asks for the same one every second."""
    for height in range(2 * rows, _LEAST_HEIGHT - 1, -1):
        least = max(_LEAST_WIDTH, round(height * _MIN_ASPECT))
        for width in range(max(least, round(height * _MAX_ASPECT)), least - 1, -1):
            size = GlyphSize(width, height, _pen(width, height))
            if wide * width + (wide + 2 * narrow - 1) * size.pen <= columns:
                return size
    return None


def _pen(width: int, height: int) -> int:
    return max(1, min(round(height / 6), width // 3))


def glyph_width(character: str, size: GlyphSize) -> int:
    """How many columns one character takes."""
    return size.pen if character in NARROW_GLYPHS else size.width


@lru_cache(maxsize=256)
def draw_text(text: str, size: GlyphSize, *, smooth: bool = False) -> tuple[str, ...]:
    """`text` as rows of blocks, all of one length."""
    glyphs = [
        glyph_rows(character, glyph_width(character, size), size.height, size.pen, smooth=smooth) for character in text
    ]
    return tuple((" " * size.pen).join(parts) for parts in zip(*glyphs, strict=True))


@lru_cache(maxsize=512)
def glyph_rows(character: str, width: int, height: int, pen: int, *, smooth: bool = False) -> tuple[str, ...]:
    """One glyph as rows of half blocks, or with `smooth` of quarter blocks."""
    dots = 2 if smooth else 1  # across a pixel
    inked: set[tuple[int, int]] = set()
    for stroke in strokes_of(character, width):
        line = _scaled_stroke(stroke, width, height, pen)
        for start, end in pairwise(line * 2 if len(line) == 1 else line):
            inked |= _stroke_dots(start, end, pen, dots, is_dot=len(line) == 1)
    draw_cell = _quarter_block if smooth else _half_block
    return tuple("".join(draw_cell(inked, x, y) for x in range(width)) for y in range(0, height, 2))


def _half_block(inked: set[tuple[int, int]], x: int, y: int) -> str:
    return _HALF_BLOCKS[2 * ((x, y) in inked) + ((x, y + 1) in inked)]


def _quarter_block(inked: set[tuple[int, int]], x: int, y: int) -> str:
    dots = ((2 * x, y), (2 * x + 1, y), (2 * x, y + 1), (2 * x + 1, y + 1))
    return _QUARTER_BLOCKS[sum((dot in inked) << bit for bit, dot in enumerate(dots))]


def _scaled_stroke(stroke: Stroke, width: int, height: int, pen: int) -> list[Pixel]:
    """The stroke's points in pixels, such that straight strokes cover whole pixels."""
    return [
        (
            round(x * (width - pen) / GRID_WIDTH) + pen / 2,
            round(y * (height - pen) / GRID_HEIGHT) + pen / 2,
        )
        for x, y in stroke
    ]


def _stroke_dots(start: Pixel, end: Pixel, pen: int, dots: int, *, is_dot: bool) -> set[tuple[int, int]]:
    """The dots whose middle a pen covers on its way; round, but for what is a dot itself, which is square."""
    reach = pen / 2 + _ROUNDING
    box = product(_dot_range(start[0], end[0], reach, dots), _dot_range(start[1], end[1], reach, 1))
    return {(x, y) for x, y in box if is_dot or _distance(((x + 0.5) / dots, y + 0.5), start, end) <= reach}


def _dot_range(start: float, end: float, reach: float, dots: int) -> range:
    """The dots, so many in each pixel, whose middle lies between two places or within `reach` of them."""
    return range(
        ceil((min(start, end) - reach) * dots - 0.5),
        floor((max(start, end) + reach) * dots - 0.5) + 1,
    )


def _distance(point: Pixel, start: Pixel, end: Pixel) -> float:
    """From `point` to the nearest place on the line between `start` and `end`."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = along_x**2 + along_y**2
    offset = (point[0] - start[0]) * along_x + (point[1] - start[1]) * along_y
    part = min(1.0, max(0.0, offset / length)) if length else 0.0
    return hypot(point[0] - start[0] - part * along_x, point[1] - start[1] - part * along_y)


_INVERTED = Style(reverse=True)


def big_rows(text: str, columns: int, rows: int, *shorter: str, smooth: bool = False) -> tuple[str, ...]:
    """`text` in rows of blocks, or as it is on one row where nothing can be drawn so large.

    Args:
        text: What is drawn.
        columns: How many cells there are in a row.
        rows: How many rows there are.
        shorter: What is drawn in its place where it does not fit, the fullest first; of several lines, one below the
            other.
        smooth: In quarter blocks.
    """
    if not text or columns < 1 or rows < 1:
        return ()
    drawn = (_drawn_lines(each.split("\n"), columns, rows, smooth=smooth) for each in (text, *shorter))
    return next(filter(None, drawn), (text,))


def _drawn_lines(lines: Sequence[str], columns: int, rows: int, *, smooth: bool) -> tuple[str, ...]:
    """Lines of one size with a row of air between them; none where they do not fit."""
    each = (rows - len(lines) + 1) // len(lines)
    sizes = [size for line in lines if can_draw(line) and (size := fit_size(line, columns, each))]
    if len(sizes) < len(lines):
        return ()
    least = min(sizes, key=lambda size: (size.height, size.width))
    drawn = [draw_text(line, least, smooth=smooth) for line in lines]
    width = max(len(line[0]) for line in drawn)
    return tuple(row.center(width) for number, line in enumerate(drawn) for row in ((" ",) * (number > 0) + line))


class BigText(CachedWidget):
    """Shows `text` scaled to the widget; when that changes, only the piece that differs is drawn anew."""

    text: reactive[str] = reactive("", repaint=False)
    GAP_FROM_ROWS = 0  # from so many rows on, the last stays empty; 0 for never
    inverted: reactive[bool] = reactive(False, repaint=False)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id, classes=classes)
        self._rows: tuple[str, ...] = ()
        self._layout_size = Size(0, 0)

    def on_mount(self) -> None:
        if isinstance(self.app, SizedApp):
            self.watch(self.app, "smooth_digits", self._redraw, init=False)

    def _redraw(self) -> None:
        self._layout_rows()
        self.refresh()

    def watch_text(self) -> None:
        """Draw again what differs."""
        before = self._rows
        self._layout_rows()
        if changed := changed_region(before, self._rows):
            self.refresh(changed)

    def watch_inverted(self) -> None:
        """Swap ink and ground of the whole widget."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if self._layout_size != self.size:
            self._layout_rows()
        style = self.own_style + _INVERTED if self.inverted else self.own_style
        row = self._rows[y] if y < len(self._rows) else " " * self.size.width
        return Strip([Segment(row, style)], self.size.width)

    def row_cache_key(self, y: int) -> str | None:
        return self._rows[y] if y < len(self._rows) else None

    def _layout_rows(self) -> None:
        self._layout_size = self.size
        columns, rows = self.size
        gap = 1 if 0 < self.GAP_FROM_ROWS <= rows else 0
        smooth = isinstance(self.app, SizedApp) and self.app.smooth_digits
        drawn = centred_big_rows(self.text, columns, rows - gap, *self.shorter(), smooth=smooth)
        self._rows = (*drawn, *(" " * columns,) * gap)

    def shorter(self) -> Sequence[str]:
        """What is drawn where there is no room for the text itself, the fullest first."""
        return ()


def centred_big_rows(text: str, columns: int, rows: int, *shorter: str, smooth: bool = False) -> tuple[str, ...]:
    """What `big_rows` draws, in the middle of `rows` rows of exactly `columns` cells."""
    drawn = big_rows(text, columns, rows, *shorter, smooth=smooth)
    above = (rows - len(drawn)) // 2
    blank = " " * columns
    below = rows - len(drawn) - above
    return (*(blank,) * above, *(centre_in_width(row, columns) for row in drawn), *(blank,) * below)


def changed_region(before: tuple[str, ...], after: tuple[str, ...]) -> Region | None:
    """The smallest part of the widget that covers all differences; `None` where there are none."""
    if before == after:
        return None
    width = max((cell_len(row) for row in (*before, *after)), default=0)
    plain = all(len(row) == width == cell_len(row) for row in (*before, *after))
    if len(before) != len(after) or not plain:  # after a change of size, or with characters two cells wide
        return Region(0, 0, width, max(len(before), len(after)))
    pairs = zip(before, after, strict=True)
    changed = [(y, old, new) for y, (old, new) in enumerate(pairs) if old != new]
    left = min(_common_prefix_length(old, new) for _, old, new in changed)
    right = width - min(_common_prefix_length(old[::-1], new[::-1]) for _, old, new in changed)
    first, last = changed[0][0], changed[-1][0]
    return Region(left, first, right - left, last - first + 1)


def _common_prefix_length(one: str, other: str) -> int:
    """How many characters two texts of one length have in common at their start."""
    low, high = 0, len(one)
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class ContinueHint(BigText):
    """How to go on, large, where the run stands still.

    Args:
        keys: The user's own keys.
        id: The widget's name in style sheets.
    """

    def __init__(self, keys: Mapping[str, str], *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._keys = keys

    def show_view(self, view: RunView) -> None:
        """Take the words from what is shown of the run."""
        self.text = wording.big_hint(view, self._keys)


class Countdown(BigText):
    """The time left, the time gone, or the reps."""

    def shorter(self) -> Sequence[str]:
        """Of reps, how many are done; of hours, the minutes that they are."""
        count, of, _ = self.text.partition("/")
        if of:
            return (count,)
        hours, *rest = self.text.lstrip("+").split(":")
        return (f"{int(hours) * 60 + int(rest[0])}:{rest[1]}",) if len(rest) == 2 else ()  # noqa: PLR2004 - h:mm:ss

    def show_view(self, view: RunView) -> None:
        """Take the figure from what is shown of the run."""
        self.text = wording.big_time(view.snapshot)


class PhaseWord(BigText):
    """The word for what to do now, a little above what stands below it."""

    GAP_FROM_ROWS = 4

    def shorter(self) -> Sequence[str]:
        """The same on two lines: `HOLD` above `LEFT`."""
        first, space, rest = self.text.partition(" ")
        return (f"{first}\n{rest}",) if space else ()

    def show_view(self, view: RunView) -> None:
        """Take the word from what is shown of the run."""
        self.text = wording.phase_word(view)
