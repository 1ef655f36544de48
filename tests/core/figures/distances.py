"""How far shapes of a figure are apart."""

from __future__ import annotations

from itertools import pairwise, product
from math import hypot

from timer_app.core.figures.model import Point
from timer_app.core.figures.shapes import Shape


def gap(one: Shape, other: Shape) -> float:
    """How far two shapes are apart; by how much they overlap, where it is below 0."""
    pieces = product(_pieces(one), _pieces(other))
    return min(_piece_distance(*first, *second) for first, second in pieces) - one.radius - other.radius


def _pieces(shape: Shape) -> list[tuple[Point, Point]]:
    return list(pairwise(shape.points)) or [(shape.points[0], shape.points[0])]


def _piece_distance(a: Point, b: Point, c: Point, d: Point) -> float:
    """The distance of two straight lines, each from its start to its end."""
    if _sides_differ(a, b, c, d) and _sides_differ(c, d, a, b):
        return 0.0
    ends = ((a, c, d), (b, c, d), (c, a, b), (d, a, b))
    return min(_point_distance(point, start, end) for point, start, end in ends)


def _sides_differ(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether `c` and `d` lie on different sides of the line through `a` and `b`."""
    one, other = ((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) for point in (c, d))
    return one * other < 0


def _point_distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    squared = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / squared if squared else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)
