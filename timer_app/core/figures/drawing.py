"""From a body to what is drawn: thick lines in layers, the far ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from timer_app.core.figures.animation import FigureState, breath_fill, pose_at
from timer_app.core.figures.model import HEAD, Figure, Point, Pose
from timer_app.core.figures.skeleton import SIDES, Body, solve_pose

Layer = Literal["scene", "thing", "far", "body", "near"]

BOX = 100.0
_ENDLESS = 200.0
SEAT = 24.0  # the height of a chair's seat
BALL = 5.5
ROLLER = 5.0
_ABOVE_PELVIS = 4.0  # where a close picture ends
_ASIDE = (2.0, 1.0)  # far limbs of the side view, so that they can be seen beside the near ones
_CLEAR = 1.7  # left free around a near arm, so that it shows before the trunk
_CLEAR_FROM = 0.45  # of the upper arm; nearer to the shoulder it is part of the trunk
_CHIN = 0.65  # where the neck meets the head, of the way from its middle
_CLEAR_THING = 1.0
_TRUNK_RADIUS = 5.0
_SWELL = 2.4
_MAT = (46.0, 106.0)  # seen from above
_FRONT_SPREAD = 0.55  # how far the sides of the trunk are from its middle, of the way to shoulders and hips


class Shape(NamedTuple):
    """A line as thick as twice its radius with round ends; a single point is a disc.

    Attributes:
        layer: What it is part of.
        points: The line.
        radius: Half its thickness.
        clear: How far around it everything drawn before is taken away.
    """

    layer: Layer
    points: tuple[Point, ...]
    radius: float
    clear: float = 0.0


Ground = Literal["nothing", "floor", "mat"]


class Box(NamedTuple):
    """A rectangle, and what it stands on."""

    left: float
    bottom: float
    right: float
    top: float
    ground: Ground = "nothing"


def shapes_at(figure: Figure, moment: FigureState, *, reduced: bool = False) -> tuple[Shape, ...]:
    """What is drawn of a figure at a moment, in the order in which it is drawn."""
    pose = pose_at(figure, moment, reduced=reduced)
    shapes = tuple(draw_figure(figure, pose, breath_fill(moment, reduced=reduced)))
    if not moment.mirrored:
        return shapes
    box = bounding_box(figure)
    return tuple(_turned(shape, box.left + box.right) for shape in shapes)


def draw_figure(figure: Figure, pose: Pose, full: float = 0.0) -> Iterator[Shape]:
    """What is drawn of a figure in a pose.

    Args:
        figure: Whose pose it is.
        pose: How it stands.
        full: How full the lungs are, 0 to 1.
    """
    body, full = solve_pose(figure.view, pose), max(full, pose.breath)
    yield from _scene(figure, pose)
    yield from _props(figure, body, front=False)
    if figure.view == "side":
        yield from _side(body, pose, full)
    else:
        yield from _front(body, pose, full)
    if pose.ball is not None:
        yield Shape("thing", (pose.ball,), BALL, _CLEAR_THING)
    yield from _props(figure, body, front=True)


@lru_cache(maxsize=64)
def bounding_box(figure: Figure) -> Box:
    """The smallest box around a figure in all its poses."""
    poses = figure.poses
    shapes = [shape for pose in poses for shape in draw_figure(figure, pose, 1.0)]
    bottom = _bottom(figure, shapes)
    points = [(x, y, shape.radius) for shape in shapes for x, y in shape.points if y >= bottom]
    left, right = min(x - radius for x, _, radius in points), max(x + radius for x, _, radius in points)
    # A wall goes on above the picture.
    top = max(y + radius for _, y, radius in points if y < _ENDLESS)
    return Box(left, bottom, right, top, _ground(figure))


def _bottom(figure: Figure, shapes: Iterable[Shape]) -> float:
    if figure.close:
        return min(pose.pelvis[1] for pose in figure.poses) + _ABOVE_PELVIS
    return 0.0 if figure.scene.floor else min(y - shape.radius for shape in shapes for _, y in shape.points)


def _ground(figure: Figure) -> Ground:
    if figure.close or not figure.scene.floor:
        return "nothing"
    return "mat" if figure.scene.mat else "floor"


def _turned(shape: Shape, edges: float) -> Shape:
    """A shape mirrored inside its picture, of which `edges` is the sum of the left and right edge."""
    return shape._replace(points=tuple((edges - x, y) for x, y in shape.points))


def _scene(figure: Figure, pose: Pose) -> Iterator[Shape]:
    scene = figure.scene
    if scene.mat and not scene.floor:
        yield from _mat_from_above(pose.pelvis)
    if scene.wall is not None:
        side = -1.5 if scene.wall < BOX / 2 else 1.5
        yield Shape("scene", ((scene.wall + side, 0.0), (scene.wall + side, _ENDLESS)), 1.5)
    if scene.chair is not None:
        yield from _chair(scene.chair) if figure.view == "side" else _stool(scene.chair)
    if pose.roller is not None:
        yield Shape("thing", (pose.roller,), ROLLER)


def _props(figure: Figure, body: Body, *, front: bool) -> Iterator[Shape]:
    for prop in figure.scene.props:
        if prop.front == front:
            x, y = body.joints[prop.joint] if prop.joint else (0.0, 0.0)
            points = tuple((x + dx, y + dy) for dx, dy in prop.line)
            yield Shape("thing", points, prop.radius, _CLEAR_THING if front else 0.0)


def _mat_from_above(middle: Point) -> Iterator[Shape]:
    """The edges of a mat below somebody who lies along it."""
    left, right = middle[0] - _MAT[0] / 2, middle[0] + _MAT[0] / 2
    bottom, top = middle[1] - _MAT[1] / 2, middle[1] + _MAT[1] / 2
    yield Shape("scene", ((left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)), 0.9)


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


def _side(body: Body, pose: Pose, full: float) -> Iterator[Shape]:
    near, far = SIDES["side"]
    yield from (_aside(shape) for shape in (*_leg(body, far, "far"), *_arm(body, far, "far")))
    behind = pose.arms[0].behind
    if behind:
        yield from _arm(body, near, "near")
    yield from _trunk(body, full)
    yield from _head(body, pose)
    yield from _leg(body, near, "near")
    if not behind:
        yield from _arm(body, near, "near", clear=True)


def _front(body: Body, pose: Pose, full: float) -> Iterator[Shape]:
    left, right = SIDES["front"]
    for side in (left, right):
        yield from _leg(body, side, "near")
    arms = list(zip((left, right), pose.arms, strict=True))
    for side in (side for side, arm in arms if arm.behind):
        yield from _arm(body, side, "near")
    yield from _broad_trunk(body, full)
    yield from _head(body, pose)
    for side in (side for side, arm in arms if not arm.behind):
        yield from _arm(body, side, "near", clear=True)


def _aside(shape: Shape) -> Shape:
    return shape._replace(points=tuple((x + _ASIDE[0], y + _ASIDE[1]) for x, y in shape.points))


def _trunk(body: Body, full: float) -> Iterator[Shape]:
    yield Shape("body", body.spine, _TRUNK_RADIUS)
    yield Shape("body", body.spine[2:6], _TRUNK_RADIUS + 0.4 + _SWELL * full)


def _broad_trunk(body: Body, full: float) -> Iterator[Shape]:
    joints, radius = body.joints, _TRUNK_RADIUS - 1.2
    for side in SIDES["front"]:
        shoulder, hip = joints[f"{side}-shoulder"], joints[f"{side}-hip"]
        inner = _between(joints["neck"], shoulder, _FRONT_SPREAD)
        yield Shape("body", (inner, _between(joints["waist"], hip, _FRONT_SPREAD), hip), radius + _SWELL * full / 2)
        yield Shape("body", (joints["neck"], shoulder), 2.6)
    yield Shape("body", body.spine, radius)


def _head(body: Body, pose: Pose) -> Iterator[Shape]:
    head, (x, y) = body.joints["head"], body.facing
    # Arms behind it have its colour.
    yield Shape("near", (head,), HEAD, _CLEAR if any(arm.behind for arm in pose.arms) else 0.0)
    yield Shape("body", (body.joints["neck"], _between(head, body.joints["neck"], _CHIN)), 2.6)
    if x or y:
        yield Shape("near", ((head[0] + x * HEAD, head[1] + y * HEAD),), 1.7)


def _leg(body: Body, side: str, layer: Layer) -> Iterator[Shape]:
    hip, knee, foot, toe = (body.joints[f"{side}-{joint}"] for joint in ("hip", "knee", "foot", "toe"))
    yield Shape(layer, (hip, knee), 4.2)
    yield Shape(layer, (knee, foot), 3.2)
    yield Shape(layer, (foot, toe), 2.2)


def _arm(body: Body, side: str, layer: Layer, *, clear: bool = False) -> Iterator[Shape]:
    shoulder, elbow, hand = (body.joints[f"{side}-{joint}"] for joint in ("shoulder", "elbow", "hand"))
    middle = _between(shoulder, elbow, _CLEAR_FROM)
    room = _CLEAR if clear else 0.0
    # The room is taken before any of the arm is drawn, or its own pieces would cut one another.
    yield Shape(layer, (middle, elbow, hand), 2.5, room)
    yield Shape(layer, (shoulder, elbow), 2.8)
    if thumb := body.joints.get(f"{side}-thumb"):
        yield Shape(layer, (hand, thumb), 1.3, room)
    yield Shape(layer, (hand,), 3.0)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
