"""Draws a body as thick lines in layers, the far ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import cos, dist, radians, sin

from timer_app.core.figures.animation import FigureState, breath_fill, moving_poses, pose_at
from timer_app.core.figures.model import HEAD, Figure, Point, Pose
from timer_app.core.figures.shapes import Box, Ground, Layer, Shape
from timer_app.core.figures.skeleton import ARM_JOINTS, SIDES, Body, solve_pose
from timer_app.core.figures.things import ENDLESS, ball_shape, draw_props, draw_scene

_ABOVE_PELVIS = 4.0  # where a close picture ends
_MARGIN = 1.5  # around everything, so that nothing seems cut off
_ASIDE = (3.2, 1.0)  # far limbs of the side view, so that they can be seen beside the near ones
_BESIDE = 3.0  # how far apart two arms look like two
_CLEAR = 1.3  # left free around a near arm, so that it shows before the trunk
_CLEAR_FROM = 0.45  # of the upper arm; nearer to the shoulder it is part of the trunk
_CHIN = 0.65  # where the neck meets the head, of the way from its middle
_EYE = 0.9
_EYES = (0.38, 0.12)  # from the middle of the head: to the sides and up, of its radius
_TRUNK_RADIUS = 5.0
_SHOULDERS_END = 0.2  # where the trunk of the side view ends, of the last piece of the spine
_SWELL = 2.4
_FRONT_SPREAD = 0.55  # how far the sides of the trunk are from its middle, of the way to shoulders and hips


def shapes_at(figure: Figure, moment: FigureState, *, reduced: bool = False) -> tuple[Shape, ...]:
    """The shapes of a figure at a moment, in drawing order."""
    pose = pose_at(figure, moment, reduced=reduced)
    backwards = moment.is_second_side and figure.other_side == "reverse"
    shapes = tuple(draw_figure(figure, pose, breath_fill(moment, reduced=reduced), backwards=backwards))
    if not moment.mirrored:
        return shapes
    box = bounding_box(figure)
    return tuple(_turned(shape, box.left + box.right) for shape in shapes)


def draw_figure(figure: Figure, pose: Pose, full: float = 0.0, *, backwards: bool = False) -> Iterator[Shape]:
    """What is drawn of a figure in a pose.

    Args:
        figure: Whose pose it is.
        pose: How it stands.
        full: How full the lungs are, 0 to 1.
        backwards: It moves the other way round, so its arrows point there.
    """
    body, full = solve_pose(figure.view, pose), max(full, pose.breath)
    yield from draw_scene(figure, pose)
    yield from draw_props(figure, body, front=False, backwards=backwards)
    if figure.view == "side":
        yield from _side(body, pose, full)
    else:
        yield from _front(body, pose, full, faces_viewer=figure.view == "front" and figure.scene.floor)
    yield from draw_props(figure, body, front=True, backwards=backwards)
    if pose.ball is not None:
        yield ball_shape(pose.ball)


@lru_cache(maxsize=64)
def bounding_box(figure: Figure) -> Box:
    """The smallest box around a figure in all its poses and on the ways between them, with a margin."""
    shapes = [shape for pose in moving_poses(figure) for shape in draw_figure(figure, pose, 1.0)]
    bottom = _bottom(figure, shapes)
    points = [(x, y, shape.radius) for shape in shapes for x, y in shape.points if y >= bottom]
    left, right = min(x - radius for x, _, radius in points), max(x + radius for x, _, radius in points)
    # A wall goes on above the picture.
    top = max(y + radius for _, y, radius in points if y < ENDLESS)
    return Box(left - _MARGIN, bottom, right + _MARGIN, top + _MARGIN, _ground(figure))


def _bottom(figure: Figure, shapes: Iterable[Shape]) -> float:
    if figure.close:
        return min(pose.pelvis[1] for pose in figure.poses) + _ABOVE_PELVIS
    if figure.scene.floor:
        return 0.0
    return min(y - shape.radius for shape in shapes for _, y in shape.points) - _MARGIN


def _ground(figure: Figure) -> Ground:
    if figure.close or not figure.scene.floor:
        return "nothing"
    return "mat" if figure.scene.mat else "floor"


def _turned(shape: Shape, edges: float) -> Shape:
    """A shape mirrored inside its picture, of which `edges` is the sum of the left and right edge."""
    return shape._replace(points=tuple((edges - x, y) for x, y in shape.points))


def _side(body: Body, pose: Pose, full: float) -> Iterator[Shape]:
    near, far = SIDES["side"]
    yield from map(_aside, _leg(body, far, "far"))
    # Of a far arm beside the near one, only specks would show.
    if any(dist(body.joints[f"{near}-{joint}"], body.joints[f"{far}-{joint}"]) > _BESIDE for joint in ARM_JOINTS):
        yield from map(_aside, _arm(body, far, "far"))
    behind = pose.arms[0].behind
    if behind:
        yield from _arm(body, near, "near")
    yield from _trunk(body, full)
    yield from _head(body, pose)
    yield from _leg(body, near, "near")
    if not behind:
        yield from _arm(body, near, "near", clear=True)


def _front(body: Body, pose: Pose, full: float, *, faces_viewer: bool) -> Iterator[Shape]:
    left, right = SIDES["front"]
    for side in (left, right):
        yield from _leg(body, side, "near")
    arms = list(zip((left, right), pose.arms, strict=True))
    for side in (side for side, arm in arms if arm.behind):
        yield from _arm(body, side, "near")
    yield from _broad_trunk(body, full)
    yield from _head(body, pose, faces_viewer=faces_viewer)
    if faces_viewer:
        yield from _eyes(body, pose)
    for side in (side for side, arm in arms if not arm.behind):
        yield from _arm(body, side, "near", clear=True)


def _aside(shape: Shape) -> Shape:
    return shape._replace(points=tuple((x + _ASIDE[0], y + _ASIDE[1]) for x, y in shape.points))


def _trunk(body: Body, full: float) -> Iterator[Shape]:
    # Its round end would hide the neck.
    spine = (*body.spine[:-1], _between(body.spine[-2], body.spine[-1], _SHOULDERS_END))
    yield Shape("body", spine, _TRUNK_RADIUS)
    yield Shape("body", body.spine[2:5], _TRUNK_RADIUS + 0.4 + _SWELL * full)


def _broad_trunk(body: Body, full: float) -> Iterator[Shape]:
    joints, radius = body.joints, _TRUNK_RADIUS - 1.2
    for side in SIDES["front"]:
        shoulder, hip = joints[f"{side}-shoulder"], joints[f"{side}-hip"]
        inner = _between(joints["neck"], shoulder, _FRONT_SPREAD)
        yield Shape("body", (inner, _between(joints["waist"], hip, _FRONT_SPREAD), hip), radius + _SWELL * full / 2)
        yield Shape("body", (joints["neck"], shoulder), 2.6)
    yield Shape("body", body.spine, radius)


def _head(body: Body, pose: Pose, *, faces_viewer: bool = False) -> Iterator[Shape]:
    head, (x, y) = body.joints["head"], body.facing
    neck = Shape("body", (body.joints["neck"], _between(head, body.joints["neck"], _CHIN)), 2.6)
    # Arms behind it have its colour.
    skull = Shape("near", (head,), HEAD, _CLEAR if any(arm.behind for arm in pose.arms) else 0.0)
    yield from (neck, skull) if pose.bow and faces_viewer else (skull, neck)
    if x or y:
        yield Shape("near", ((head[0] + x * HEAD, head[1] + y * HEAD),), 1.7)


def _eyes(body: Body, pose: Pose) -> Iterator[Shape]:
    """Two eyes, which tell the front from the back; those of a turned or bowed head are off its middle."""
    (x, y), tip = body.joints["head"], radians(pose.trunk - pose.curve / 2 - pose.head)
    up, across = (cos(tip), sin(tip)), (sin(tip), -cos(tip))
    high = _EYES[1] - sin(radians(pose.bow)) * 0.75
    for side in (-1, 1):
        # The eye that is turned away from the viewer is not seen.
        turned = radians(pose.look) + side * _EYES[0]
        if cos(turned) > 0:
            aside = sin(turned)
            place = (x + HEAD * (across[0] * aside + up[0] * high), y + HEAD * (across[1] * aside + up[1] * high))
            yield Shape("eye", (place,), _EYE)


def _leg(body: Body, side: str, layer: Layer) -> Iterator[Shape]:
    hip, knee, foot, toe = (body.joints[f"{side}-{joint}"] for joint in ("hip", "knee", "foot", "toe"))
    yield Shape(layer, (hip, knee), 4.2)
    yield Shape(layer, (knee, foot), 3.2)
    yield Shape(layer, (foot, toe), 2.2)


def _arm(body: Body, side: str, layer: Layer, *, clear: bool = False) -> Iterator[Shape]:
    shoulder, elbow, hand = (body.joints[f"{side}-{joint}"] for joint in ("shoulder", "elbow", "hand"))
    middle = _between(shoulder, elbow, _CLEAR_FROM)
    room = _CLEAR if clear else 0.0
    # The margin is cleared before the arm is drawn, or its own pieces would cut one another.
    yield Shape(layer, (middle, elbow, hand), 2.5, room)
    yield Shape(layer, (shoulder, elbow), 2.8)
    if thumb := body.joints.get(f"{side}-thumb"):
        yield Shape(layer, (hand, thumb), 1.3, room)
    yield Shape(layer, (hand,), 3.0)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
