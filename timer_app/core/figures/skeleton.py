"""Works out the joints of a pose. Bones have fixed lengths, so that no limb can stretch."""

from __future__ import annotations

from math import acos, atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

from timer_app.core.figures.model import ARM, FOOT, HIPS, LEG, NECK, SHOULDERS, THUMB, TRUNK, Limb, Point, Pose, View

SPINE_PIECES = 6
_BELOW_NECK = 2.5  # how far down the spine the shoulders sit

SIDES: dict[View, tuple[str, str]] = {"side": ("near", "far"), "front": ("left", "right"), "back": ("left", "right")}
TRUNK_JOINTS = ("pelvis", "waist", "chest", "neck", "head")
ARM_JOINTS = ("shoulder", "elbow", "hand")
LEG_JOINTS = ("hip", "knee", "foot", "toe")
# What the end of a limb may be held at, besides a point.
HAND_ANCHORS = (*TRUNK_JOINTS, "shoulder", "hip", "knee", "other-shoulder", "other-elbow", "other-hand", "other-knee")


class Body(NamedTuple):
    """The points of a body.

    Attributes:
        joints: By name: those of the trunk, and those of the limbs with their side before them, as in `near-hand`.
        spine: Points from the pelvis to the neck.
        facing: The direction of the nose from the middle of the head; its length is from 0 to 1.
        misses: By how much the end of a limb is away from where it is held, by joint; only those that do not reach.
    """

    joints: dict[str, Point]
    spine: tuple[Point, ...]
    facing: Point
    misses: dict[str, float]


def joint_names(view: View) -> tuple[str, ...]:
    """All joints of a body in that view."""
    limbs = (*ARM_JOINTS, *LEG_JOINTS)
    return (*TRUNK_JOINTS, *(f"{side}-{joint}" for side in SIDES[view] for joint in limbs))


def solve_pose(view: View, pose: Pose) -> Body:
    """Where the joints of a pose are."""
    spine, end = _spine(pose)
    along, forward = _unit(end), _unit(end - 90)
    neck = spine[-1]
    head = _moved(_moved(neck, _unit(end - pose.head), NECK * cos(radians(pose.bow))), forward, pose.chin)
    joints = {"pelvis": pose.pelvis, "waist": spine[2], "chest": spine[4], "neck": neck, "head": head}
    _attach(view, pose, joints, along, forward)
    misses: dict[str, float] = {}
    for index, side in enumerate(SIDES[view]):
        _leg(pose, index, side, joints, misses)
    for index in _arm_order(pose):
        _arm(pose, index, SIDES[view], joints, misses)
    return Body(joints, spine, _facing(view, pose, end), misses)


def two_bones(root: Point, target: Point, lengths: tuple[float, float], bend: int) -> tuple[float, float, float]:
    """The directions of two bones from `root` to `target`, and by how much they do not reach it."""
    upper, lower = lengths
    dx, dy = target[0] - root[0], target[1] - root[1]
    wanted = hypot(dx, dy)
    reach = min(max(wanted, abs(upper - lower) + 1e-6), upper + lower - 1e-6)
    straight = degrees(atan2(dy, dx))
    opening = degrees(acos((upper**2 + reach**2 - lower**2) / (2 * upper * reach)))
    first = straight + bend * opening
    middle = _moved((0, 0), _unit(first), upper)
    end = _moved((0, 0), _unit(straight), reach)
    return first, direction(middle, end), abs(wanted - reach)


def direction(start: Point, end: Point) -> float:
    """The direction from one point to another, in degrees."""
    return degrees(atan2(end[1] - start[1], end[0] - start[0]))


def _unit(angle: float) -> Point:
    return cos(radians(angle)), sin(radians(angle))


def _moved(point: Point, unit: Point, length: float) -> Point:
    return point[0] + unit[0] * length, point[1] + unit[1] * length


def _spine(pose: Pose) -> tuple[tuple[Point, ...], float]:
    """An arc from the pelvis to the neck, and the direction in which it ends."""
    points, angle = [pose.pelvis], pose.trunk + pose.curve / 2
    for _ in range(SPINE_PIECES):
        points.append(_moved(points[-1], _unit(angle), TRUNK / SPINE_PIECES))
        angle -= pose.curve / (SPINE_PIECES - 1)
    return tuple(points), pose.trunk - pose.curve / 2


def _attach(view: View, pose: Pose, joints: dict[str, Point], along: Point, forward: Point) -> None:
    """Place shoulders and hips."""
    root = _moved(joints["neck"], along, pose.shoulders[1] - _BELOW_NECK)
    first, second = SIDES[view]
    if view == "side":
        shoulder = _moved(root, forward, pose.shoulders[0])
        joints |= {f"{side}-shoulder": shoulder for side in (first, second)}
        joints |= {f"{side}-hip": pose.pelvis for side in (first, second)}
        return
    half = (SHOULDERS + pose.shoulders[0]) * cos(radians(pose.turn))
    joints |= {f"{first}-shoulder": _moved(root, forward, -half), f"{second}-shoulder": _moved(root, forward, half)}
    across = _unit(pose.trunk + pose.curve / 2 - 90) if abs(pose.trunk - 90) > 45 else (1.0, 0.0)  # noqa: PLR2004 - lying
    joints |= {f"{first}-hip": _moved(pose.pelvis, across, -HIPS), f"{second}-hip": _moved(pose.pelvis, across, HIPS)}


def _leg(pose: Pose, index: int, side: str, joints: dict[str, Point], misses: dict[str, float]) -> None:
    limb, root = pose.legs[index], joints[f"{side}-hip"]
    target = limb.target if isinstance(limb.target, tuple) else None
    upper, lower, miss = (
        two_bones(root, target, limb.visible_lengths(LEG), limb.bend) if target else (limb.upper, limb.lower, 0.0)
    )
    knee = _moved(root, _unit(upper), limb.visible_lengths(LEG)[0])
    foot = _moved(knee, _unit(lower), limb.visible_lengths(LEG)[1])
    toe = _moved(foot, _unit(pose.toes[index]), FOOT)
    joints |= {f"{side}-knee": knee, f"{side}-foot": foot, f"{side}-toe": toe}
    if miss > 0:
        misses[f"{side}-foot"] = miss


def _arm_order(pose: Pose) -> tuple[int, int]:
    """The order in which arms are solved: one that is held at the other comes second."""
    target = pose.arms[0].target
    return (1, 0) if isinstance(target, str) and target.startswith("other-") else (0, 1)


def _arm(pose: Pose, index: int, sides: tuple[str, str], joints: dict[str, Point], misses: dict[str, float]) -> None:
    limb, side = pose.arms[index], sides[index]
    root = joints[f"{side}-shoulder"]
    target = _held(limb, side, sides[1 - index], joints)
    upper, lower, miss = (
        two_bones(root, target, limb.visible_lengths(ARM), limb.bend) if target else (limb.upper, limb.lower, 0.0)
    )
    bones = limb.visible_lengths(ARM)
    elbow = _moved(root, _unit(upper), bones[0])
    hand = _moved(elbow, _unit(lower), bones[1])
    joints |= {f"{side}-elbow": elbow, f"{side}-hand": hand}
    if limb.thumb is not None:
        joints[f"{side}-thumb"] = _moved(hand, _unit(limb.thumb), THUMB)
    if miss > 0:
        misses[f"{side}-hand"] = miss


def _held(limb: Limb, side: str, other: str, joints: dict[str, Point]) -> Point | None:
    """The point at which the end of an arm is held."""
    if not isinstance(limb.target, str):
        return limb.target
    name = limb.target
    if name.startswith("other-"):
        name = f"{other}-{name.removeprefix('other-')}"
    elif name not in TRUNK_JOINTS:
        name = f"{side}-{name}"
    at = joints.get(name, joints["chest"])
    return at[0] + limb.by[0], at[1] + limb.by[1]


def _facing(view: View, pose: Pose, end: float) -> Point:
    """Where the nose points, as seen."""
    x, y = _unit(end - pose.head - 90)
    seen = cos(radians(pose.look)) if view == "side" else sin(radians(pose.look))
    return x * seen, y * seen
