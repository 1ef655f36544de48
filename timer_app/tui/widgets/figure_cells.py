"""Draws shapes into terminal cells, four dots per cell: two across and two down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from math import ceil, hypot, sqrt
from operator import or_
from typing import NamedTuple

from timer_app.core.figures import Box, Ground, Layer, Point, Shape

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_MAT_EDGES = 16
_ALL_DOTS = 0b1111
_THINNEST = 0.55  # dots; a thinner line would be missing from some rows
# A ball or a sign is small, so in a cell with few colours it wins over the person.
LAYER_ORDER: tuple[Layer, ...] = ("scene", "far", "body", "near", "eye", "muscle", "thing", "sign", "spot")
_SMALLEST_BALL = 3  # dots across; a smaller one would be a speck
_CORNERS = 0.15  # dots, which are taken off a ball's radius, so that a small one is no square
_SMALLEST_EYE = 0.4  # dots; a smaller one would make a hole in a head of a few dots
_SMALL = ("thing", "sign", "spot")  # these keep their outlines, at the cost of what touches them
_TIP = 0.5  # of the radius; every line is wider than that, so only the tips of what is round are narrower
_EVEN_DOTS, _ODD_DOTS = 0x5555_5555_5555_5555, 0xAAAA_AAAA_AAAA_AAAA


class Cell(NamedTuple):
    """A character, the layer its dots belong to, and the layer of what lies behind them; `None` for nothing."""

    char: str
    front: Layer | None
    back: Layer | None


BLANK_CELL = Cell(" ", None, None)
Rows = tuple[tuple[Cell, ...], ...]


class Grid(NamedTuple):
    """Where the dots lie.

    Attributes:
        columns: Cells across.
        rows: Cells down, without the row of the ground.
        scale: Dots down per unit.
        left: The position of the leftmost dot, in units.
        top: The position of the uppermost.
        ground: What is drawn in a separate row below.
    """

    columns: int
    rows: int
    scale: float
    left: float
    top: float
    ground: Ground = "nothing"

    @classmethod
    def around(cls, box: Box, columns: int, rows: int) -> Grid:
        """A grid in which the box is as large as it can be, in the middle and on the floor.

        A cell is taken to be twice as high as wide, so that a dot is half as wide as high.
        """
        rows -= box.ground != "nothing"
        wide, high = box.right - box.left, box.top - box.bottom
        scale = min(columns / wide, 2 * rows / high)
        left = (box.left + box.right) / 2 - columns / scale / 2
        return cls(columns, rows, scale, left, box.bottom + 2 * rows / scale, box.ground)


def rasterize(shapes: Iterable[Shape], grid: Grid, *, plain: bool = False) -> Rows:
    """The picture of shapes.

    Args:
        shapes: What is drawn, in order.
        grid: Where the dots lie.
        plain: Without colours: what is far is drawn in every other dot, a muscle in stripes, an eye as a hole.
    """
    masks = _layer_masks((_placed(shape, grid, plain=plain) for shape in shapes), grid)
    if plain:
        for y, row in enumerate(masks["far"]):
            masks["far"][y] = row & _pattern(grid.columns, _ODD_DOTS if y % 2 == 0 else _EVEN_DOTS)
        for y, row in enumerate(masks["muscle"]):
            masks["muscle"][y] = row & _pattern(grid.columns, _EVEN_DOTS)
        masks["eye"] = [0] * len(masks["eye"])
    rows = [_row(masks, y, grid.columns, plain=plain) for y in range(grid.rows)]
    return tuple(rows) if grid.ground == "nothing" else (*rows, _ground(grid))


def _ground(grid: Grid) -> tuple[Cell, ...]:
    """The floor as wide as the picture, with a mat on most of it."""
    floor, mat = Cell("▔", "scene", None), Cell("▀", "scene", None)
    if grid.ground == "floor":
        return (floor,) * grid.columns
    edge = grid.columns // _MAT_EDGES
    return (floor,) * edge + (mat,) * (grid.columns - 2 * edge) + (floor,) * edge


def _placed(shape: Shape, grid: Grid, *, plain: bool) -> Shape:
    """A ball in whole dots and inside the grid, since it is so small that half a dot makes it a bell or a block.

    Colours set it off from what it touches, so that it needs no room around it there.
    """
    if shape.layer != "thing" or len(shape.points) > 1:
        return shape
    across = max(_SMALLEST_BALL, round(2 * shape.radius * grid.scale))
    (x, y), scale = shape.points[0], grid.scale
    row = _first_dot((grid.top - y) * scale, across, 2 * grid.rows) + across / 2
    column = _first_dot((x - grid.left) * 2 * scale, 2 * across, 2 * grid.columns) + across
    middle = (grid.left + column / scale / 2, grid.top - row / scale)
    return Shape("thing", (middle,), (across / 2 - _CORNERS) / scale, shape.clear if plain else 0.0)


def _first_dot(middle: float, across: int, dots: int) -> int:
    """Where something so many dots across begins; if its middle is in the picture, all of it is."""
    first = round(middle - across / 2)
    return max(0, min(first, dots - across)) if 0 <= middle <= dots else first


def _layer_masks(shapes: Iterable[Shape], grid: Grid) -> dict[Layer, list[int]]:
    """The dots of each layer, a number a row with a bit a dot; a dot belongs to one layer only.

    The nearest shapes come first, and those behind get what is left.
    """
    height = 2 * grid.rows
    masks: dict[Layer, list[int]] = {layer: [0] * height for layer in LAYER_ORDER}
    taken = [0] * height
    for shape in reversed(tuple(shapes)):
        if shape.layer == "eye" and shape.radius * grid.scale < _SMALLEST_EYE:
            continue
        mask = masks[shape.layer]
        spans = list(_shape_spans(shape, 0.0, grid))
        for y, bits in spans:
            mask[y] |= bits & ~taken[y]
        for y, bits in _shape_spans(shape, shape.clear, grid) if shape.clear else spans:
            taken[y] |= bits
    return masks


def _shape_spans(shape: Shape, margin: float, grid: Grid) -> Iterable[tuple[int, int]]:
    """Rows of dots and the bits that a shape with a margin covers in them."""
    points = shape.points
    radius = max(shape.radius, _THINNEST / grid.scale) + margin
    pieces = [(points[0], points[0])] if len(points) == 1 else list(pairwise(points))
    narrowest = _TIP * radius
    for start, end in pieces:
        top, bottom = max(start[1], end[1]) + radius, min(start[1], end[1]) - radius
        first = max(0, int((grid.top - top) * grid.scale))
        last = min(2 * grid.rows - 1, ceil((grid.top - bottom) * grid.scale))
        for y in range(first, last + 1):
            span = _span_at(start, end, radius, grid.top - (y + 0.5) / grid.scale)
            if span is not None and span[1] - span[0] >= narrowest and (bits := _dot_bits(span, grid)):
                yield y, bits


def _span_at(start: Point, end: Point, radius: float, y: float) -> tuple[float, float] | None:
    """From where to where a thick line lies at height `y`; `None` where it does not."""
    found: list[float] = []
    for x0, y0 in (start, end):
        if abs(y - y0) <= radius:
            half = sqrt(radius * radius - (y - y0) ** 2)
            found += (x0 - half, x0 + half)
    found += _edge_crossings(start, end, radius, y)
    return (min(found), max(found)) if found else None


def _edge_crossings(start: Point, end: Point, radius: float, y: float) -> list[float]:
    """Where the straight edges of a thick line cross height `y`."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    if not length or not dy:
        return []
    across, up = -dy / length * radius, dx / length * radius
    shares = ((y - start[1] - sign * up) / dy for sign in (1, -1))
    return [
        start[0] + sign * across + share * dx for sign, share in zip((1, -1), shares, strict=True) if 0 <= share <= 1
    ]


def _dot_bits(span: tuple[float, float], grid: Grid) -> int:
    """The dots whose middles lie in a span, at least one."""
    per_unit = 2 * grid.scale
    low, high = (span[0] - grid.left) * per_unit, (span[1] - grid.left) * per_unit
    first, last = ceil(low - 0.5), ceil(high - 0.5)
    first, last = max(0, first), min(2 * grid.columns, max(last, first + 1))
    return (1 << last) - (1 << first) if last > first else 0


def _pattern(columns: int, pattern: int) -> int:
    """A pattern of 64 dots, repeated over a row."""
    words = -(-2 * columns // 64)
    return sum(pattern << 64 * word for word in range(words))


def _row(masks: dict[Layer, list[int]], y: int, columns: int, *, plain: bool) -> tuple[Cell, ...]:
    drawn = [
        (upper, lower, layer)
        for layer in LAYER_ORDER
        if (upper := masks[layer][2 * y]) | (lower := masks[layer][2 * y + 1])
    ]
    covered = reduce(or_, (upper | lower for upper, lower, _ in drawn), 0)
    if not covered:
        return (BLANK_CELL,) * columns
    offsets = range(0, 2 * columns, 2)
    return tuple(_cell(drawn, at, plain=plain) if covered >> at & 3 else BLANK_CELL for at in offsets)


def _cell(drawn: Sequence[tuple[int, int, Layer]], at: int, *, plain: bool) -> Cell:
    """A cell shows two layers, or one and nothing: those with the most dots, the nearer one first."""
    counts = []
    for upper, lower, layer in drawn:
        dots = (upper >> at & 3) | (lower >> at & 3) << 2
        if dots:
            counts.append((dots, layer))
    covered = sum(dots for dots, _ in counts)
    front = counts[-1]
    if len(counts) == 1:
        return Cell(_QUADRANTS[front[0]], front[1], None)
    if covered == _ALL_DOTS:
        return Cell(_QUADRANTS[front[0]], front[1], counts[-2][1])
    if front[1] == "thing" and not plain:
        # What it touches goes up to it, or there would be a gap between them.
        return Cell(_QUADRANTS[front[0]], front[1], counts[-2][1])
    if front[1] in _SMALL:
        return Cell(_QUADRANTS[front[0]], front[1], None)
    # There are dots of two layers and empty ones, but only two colours: what is nearer takes all.
    person = [dots for dots, layer in counts if layer != "scene"] or [covered]
    return Cell(_QUADRANTS[sum(person)], front[1], None)
