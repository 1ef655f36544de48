"""Draws what is not the person: walls, chairs, mats, balls, rollers, and signs such as arrows."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, radians, sin, tau

from timer_app.core.figures.model import Figure, Point, Pose, Prop
from timer_app.core.figures.shapes import Layer, Shape
from timer_app.core.figures.skeleton import Body, direction

BOX = 100.0
ENDLESS = 200.0
SEAT = 24.0  # the height of a chair's seat
# A standing person is 92 high, which is taken to be 1.75 m.
CM = 92 / 175
BALL = 6.7 / 2 * CM  # a tennis ball
ROLLER = 15 / 2 * CM
_RIM = 1.3  # half the thickness of a roller's foam, which is hollow
_RIM_PIECES = 16
_CLEAR_THING = 1.0
_CLEAR_BALL = 0.7
_MAT = (46.0, 106.0)  # seen from above
_SLANTING_MAT = (50.0, 11.0, 16.0)
_BARB_ANGLE = 145.0
_SHORTEST_BARB = 5.6
_RAYS = (0.0, 60.0, 120.0)
_RAY = 6.0  # how far a sore spot shines, of half its thickness
_LAYERS: dict[str, Layer] = {"muscle": "muscle", "spot": "spot", "arrow": "sign", "sign": "sign"}


def draw_scene(figure: Figure, pose: Pose) -> Iterator[Shape]:
    """What stands around the person, and the roller, which is below."""
    scene = figure.scene
    if scene.mat and not scene.floor:
        yield from _slanting_mat(pose.pelvis) if figure.view == "side" else _mat_from_above(pose.pelvis)
    if scene.wall is not None:
        side = -1.5 if scene.wall < BOX / 2 else 1.5
        yield Shape("scene", ((scene.wall + side, 0.0), (scene.wall + side, ENDLESS)), 1.5)
    if scene.chair is not None:
        yield from _chair(scene.chair) if figure.view == "side" else _stool(scene.chair)
    if pose.roller is not None:
        yield roller_shape(pose.roller)


def ball_shape(middle: Point) -> Shape:
    """A tennis ball in its true size."""
    return Shape("thing", (middle,), BALL, _CLEAR_BALL)


def roller_shape(middle: Point) -> Shape:
    """The end of a foam roller: a ring, so that it is not taken for a ball."""
    turns = (tau * piece / _RIM_PIECES for piece in range(_RIM_PIECES + 1))
    rim = ROLLER - _RIM
    return Shape("thing", tuple((middle[0] + rim * cos(turn), middle[1] + rim * sin(turn)) for turn in turns), _RIM)


def draw_props(figure: Figure, body: Body, *, front: bool, backwards: bool = False) -> Iterator[Shape]:
    """The things and signs before or behind the person.

    Args:
        figure: Whose they are.
        body: The person in its pose, who carries some of them.
        front: Those before the person; otherwise those behind.
        backwards: Arrows point the other way, since the movement goes the other way.
    """
    shapes: list[Shape] = []
    for prop in figure.scene.props:
        if prop.front == front:
            line = _carried(prop, body)
            shapes += _prop(prop, line[::-1] if backwards and prop.kind == "arrow" else line)
    yield from shapes
    # All margins are cleared before the second pass, or signs that touch would cut one another.
    yield from (shape._replace(clear=0.0) for shape in shapes if shape.clear)


def _carried(prop: Prop, body: Body) -> tuple[Point, ...]:
    """Where the points of a line are now: with its joint, or spread from that one to another."""
    start = body.joints[prop.joint] if prop.joint else (0.0, 0.0)
    end = body.joints[prop.to] if prop.to else start
    last = max(1, len(prop.line) - 1)
    return tuple(
        (start[0] + (end[0] - start[0]) * index / last + dx, start[1] + (end[1] - start[1]) * index / last + dy)
        for index, (dx, dy) in enumerate(prop.line)
    )


def _prop(prop: Prop, points: tuple[Point, ...]) -> Iterator[Shape]:
    layer = _LAYERS.get(prop.kind, "thing")
    clear = _CLEAR_THING if prop.front and prop.kind != "muscle" else 0.0
    lines: list[tuple[Point, ...]] = [points]
    if prop.kind == "spot":
        lines = _rays(points[0], prop.radius)
    elif prop.kind == "arrow":
        lines.append(_barbs(points, prop.radius))
    yield from (Shape(layer, line, prop.radius, clear) for line in lines)


def _rays(middle: Point, radius: float) -> list[tuple[Point, ...]]:
    """The lines of a star."""
    x, y = middle
    ends = ((_RAY * radius * cos(radians(angle)), _RAY * radius * sin(radians(angle))) for angle in _RAYS)
    return [((x - dx, y - dy), (x + dx, y + dy)) for dx, dy in ends]


def _barbs(points: tuple[Point, ...], radius: float) -> tuple[Point, ...]:
    """The head of an arrow."""
    tip, heading = points[-1], direction(points[-2], points[-1])
    length = max(_SHORTEST_BARB, 6 * radius)
    turns = (radians(heading + sign * _BARB_ANGLE) for sign in (1, -1))
    left, right = ((tip[0] + length * cos(turn), tip[1] + length * sin(turn)) for turn in turns)
    return left, tip, right


def _mat_from_above(middle: Point) -> Iterator[Shape]:
    """The edges of a mat under a person who lies along it."""
    left, right = middle[0] - _MAT[0] / 2, middle[0] + _MAT[0] / 2
    bottom, top = middle[1] - _MAT[1] / 2, middle[1] + _MAT[1] / 2
    yield Shape("scene", ((left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)), 0.9)


def _slanting_mat(middle: Point) -> Iterator[Shape]:
    """The edges of a mat that is seen from the side and a little from above, its far edge to the right."""
    (x, y), (half, aside, up) = middle, _SLANTING_MAT
    corners = ((-half - aside, -up), (half - aside, -up), (half + aside, up), (-half + aside, up), (-half - aside, -up))
    yield Shape("scene", tuple((x + dx, y + dy) for dx, dy in corners), 0.7)


def _chair(middle: float) -> Iterator[Shape]:
    left, right, seat = middle - 10, middle + 10, SEAT - 2
    yield Shape("scene", ((left, seat), (right, seat)), 1.3)
    yield Shape("scene", ((left, 0.0), (left - 2, SEAT + 26)), 1.3)
    yield Shape("scene", ((right, 0.0), (right, seat)), 1.3)


def _stool(middle: float) -> Iterator[Shape]:
    """A chair from the front, most of which is behind the person."""
    left, right, seat = middle - 15, middle + 15, SEAT - 2
    yield Shape("scene", ((left, seat), (right, seat)), 1.6)
    for x in (left, right):
        yield Shape("scene", ((x, 0.0), (x, seat)), 1.3)
