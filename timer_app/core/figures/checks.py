"""Checks a figure: names that its view does not have, bodies that contradict their keys, and lost contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import hypot
from typing import NamedTuple

from timer_app.core.diagnostics import CaretTarget, KeyPath, nearest, quoted
from timer_app.core.figures.model import ARM, HEAD, LEG, Pose, View
from timer_app.core.figures.schema import FigureFields
from timer_app.core.figures.skeleton import SIDES, TRUNK_JOINTS, Body, joint_names
from timer_app.core.figures.things import BALL, BOX, ROLLER
from timer_app.core.i18n import _

REACH_TOLERANCE = 0.05
DRIFT_TOLERANCE = 0.12
SLIP_TOLERANCE = 1.5
FLOOR_TOLERANCE = 1.0
TOUCH_TOLERANCE = 1.0
HAND_RADIUS = 3.0
_AROUND_TRUNK = 6.0  # how thick the body is around its joints
_AROUND_LIMB = 4.5
LIMBS = ("arm", "leg")


class FigureProblem(NamedTuple):
    """A fault of a figure, at a path below its table."""

    path: KeyPath
    message: str
    allowed: str = ""
    suggestion: str = ""
    part: CaretTarget = "value"


def find_unknown_names(keys: FigureFields) -> list[FigureProblem]:
    """Limbs, joints and carriers that the view does not have."""
    return [*_strange_limbs(keys), *_unknown_base(keys), *_unknown_carriers(keys)]


def find_misplaced_joints(
    keys: FigureFields, bodies: Mapping[str, Body], names: Sequence[str]
) -> tuple[FigureProblem, ...]:
    """Joints that are not where the keys say, that are below the floor, or that slip.

    Args:
        keys: What the file says.
        bodies: Every pose worked out, by its name.
        names: The poses of the cycle, in order.
    """
    faults = [fault for name, body in bodies.items() for fault in _out_of_place(keys, name, body)]
    return _once_for_both([*faults, *_slips(keys, bodies, names)])


def find_lost_contacts(keys: FigureFields, poses: Mapping[str, Pose]) -> tuple[FigureProblem, ...]:
    """Hands that do not touch what they are held at, and balls and rollers that stick in the floor or the wall."""
    return _once_for_both(
        [
            fault
            for name, pose in poses.items()
            for fault in (*_loose_hands(keys, name, pose), *_stuck_things(keys, name, pose))
        ]
    )


def _loose_hands(keys: FigureFields, name: str, pose: Pose) -> Iterator[FigureProblem]:
    for side, arm in zip(SIDES[keys.view], pose.arms, strict=True):
        if not isinstance(arm.target, str):
            continue
        joint = arm.target.removeprefix("other-")
        around = HEAD if joint == "head" else _AROUND_TRUNK if joint in (*TRUNK_JOINTS, "hip") else _AROUND_LIMB
        away, allowed = hypot(*arm.by), around + HAND_RADIUS
        if away > allowed + TOUCH_TOLERANCE:
            hand = f"{side}-hand"
            said = _("the {hand} does not touch the {joint}: it is {away} away")
            said = said.format(hand=hand, joint=joint, away=f"{away:.1f}")
            remedy = _("by of up to {most}, or a point instead of the joint").format(most=f"{allowed:.1f}")
            yield FigureProblem(_limb_path(keys, name, hand), said, remedy)


def _stuck_things(keys: FigureFields, name: str, pose: Pose) -> Iterator[FigureProblem]:
    for thing, middle, radius in (("ball", pose.ball, BALL), ("roller", pose.roller, ROLLER)):
        if middle is None:
            continue
        own = keys.poses.get(name)
        path = ("poses", name, thing) if getattr(own, thing, None) is not None else _pose_path(keys, name)
        if keys.floor and middle[1] < radius - TOUCH_TOLERANCE:
            said = _("the {thing} is {depth} below the floor").format(thing=thing, depth=f"{radius - middle[1]:.1f}")
            yield FigureProblem(path, said, _("at least {least} above the floor").format(least=f"{radius:.1f}"))
        if keys.wall is None:
            continue
        free = middle[0] - keys.wall if keys.wall < BOX / 2 else keys.wall - middle[0]
        if free < radius - TOUCH_TOLERANCE:
            said = _("the {thing} is {depth} inside the wall").format(thing=thing, depth=f"{radius - free:.1f}")
            yield FigureProblem(path, said, _("at least {least} beside the wall").format(least=f"{radius:.1f}"))


def _once_for_both(faults: Sequence[FigureProblem]) -> tuple[FigureProblem, ...]:
    """Report a fault of both limbs once, for the near one."""
    reported = {(fault.path, fault.message) for fault in faults}
    alike = ((fault, fault.message.replace("the far-", "the near-")) for fault in faults)
    return tuple(fault for fault, near in alike if near == fault.message or (fault.path, near) not in reported)


def _strange_limbs(keys: FigureFields) -> Iterator[FigureProblem]:
    """Limbs that the view does not have."""
    strange: View = "front" if keys.view == "side" else "side"
    for name, pose in keys.poses.items():
        for side, own in zip(SIDES[strange], SIDES[keys.view], strict=True):
            for limb in LIMBS:
                if getattr(pose, f"{side}_{limb}") is not None:
                    key = f"{side}_{limb}"
                    said = _("the {view} view has no {key}").format(view=keys.view, key=key)
                    yield FigureProblem(
                        ("poses", name, key),
                        said,
                        f"{limb}, {own}_{limb}",
                        f"{own}_{limb}",
                        "key",
                    )


def _unknown_base(keys: FigureFields) -> Iterator[FigureProblem]:
    known = [*_groups(keys.view), *joint_names(keys.view)]
    for index, joint in enumerate(keys.base):
        if joint not in known:
            said = _("there is no joint {joint} in this view").format(joint=quoted(joint))
            yield FigureProblem(("base", index), said, ", ".join(known), nearest(joint, known) or "")


def _unknown_carriers(keys: FigureFields) -> Iterator[FigureProblem]:
    known = joint_names(keys.view)
    for index, prop in enumerate(keys.props):
        for key, joint in (("joint", prop.joint), ("to", prop.to)):
            if joint is not None and joint not in known:
                said = _("there is no joint {joint} in this view").format(joint=quoted(joint))
                yield FigureProblem(("props", index, key), said, ", ".join(known), nearest(joint, known) or "")


def _groups(view: View) -> dict[str, tuple[str, ...]]:
    """Joints on both sides by one name."""
    plural = {"hands": "hand", "feet": "foot", "knees": "knee", "elbows": "elbow"}
    return {name: tuple(f"{side}-{joint}" for side in SIDES[view]) for name, joint in plural.items()}


def _out_of_place(keys: FigureFields, name: str, body: Body) -> Iterator[FigureProblem]:
    """Ends that are not reached, typed points that do not fit the bones, and joints below the floor."""
    for joint, miss in body.misses.items():
        if miss > REACH_TOLERANCE:
            said = _("the {joint} does not get there: it is {miss} too far or too near for its bones").format(
                joint=joint, miss=f"{miss:.1f}"
            )
            yield FigureProblem(
                _limb_path(keys, name, joint), said, _("a point that the limb reaches, or the body nearer to it")
            )
    yield from _drifts(keys, name, body)
    if not keys.floor:
        return
    lowest = min(body.joints, key=lambda joint: body.joints[joint][1])
    depth = -body.joints[lowest][1]
    if depth > FLOOR_TOLERANCE:
        yield FigureProblem(
            _pose_path(keys, name),
            _("the {lowest} is {depth} below the floor").format(lowest=lowest, depth=f"{depth:.1f}"),
            _("0 and above"),
            part="table",
        )


def _drifts(keys: FigureFields, name: str, body: Body) -> Iterator[FigureProblem]:
    """Middles of limbs that were typed and lie where the bones cannot be."""
    pose = keys.poses.get(name)
    for side in SIDES[keys.view]:
        for limb, root, middle, bones in (("arm", "shoulder", "elbow", ARM), ("leg", "hip", "knee", LEG)):
            for key in (f"{side}_{limb}", limb):
                typed = getattr(getattr(pose, key, None), middle, None)
                if typed is None or (key == limb and side == "right"):
                    continue
                solved, start = body.joints[f"{side}-{middle}"], body.joints[f"{side}-{root}"]
                away = hypot(typed[0] - solved[0], typed[1] - solved[1])
                if away > DRIFT_TOLERANCE * sum(bones):
                    length = hypot(typed[0] - start[0], typed[1] - start[1])
                    said = _("the {middle} is {length} from the {root} and off the bones by {away}").format(
                        middle=middle, length=f"{length:.1f}", root=root, away=f"{away:.1f}"
                    )
                    allowed = _("near {point}; the bone is {length} long").format(
                        point=f"[{solved[0]:.0f}, {solved[1]:.0f}]", length=f"{bones[0]:.0f}"
                    )
                    yield FigureProblem(("poses", name, key, middle), said, allowed)


def _slips(keys: FigureFields, bodies: Mapping[str, Body], names: Sequence[str]) -> Iterator[FigureProblem]:
    """Joints of the base that do not stay where they are from key to key."""
    groups = _groups(keys.view)
    joints = [joint for name in keys.base for joint in groups.get(name, (name,))]
    for joint in joints:
        x, y = bodies[names[0]].joints[joint]
        for name in dict.fromkeys(names[1:]):
            there = bodies[name].joints[joint]
            slip = hypot(there[0] - x, there[1] - y)
            if slip > SLIP_TOLERANCE:
                said = _("the {joint} slips by {slip} from {names} to {name}").format(
                    joint=joint, slip=f"{slip:.1f}", names=quoted(names[0]), name=quoted(name)
                )
                yield FigureProblem(
                    _limb_path(keys, name, joint), said, _("[{x}, {y}], as there").format(x=f"{x:.1f}", y=f"{y:.1f}")
                )


def _pose_path(keys: FigureFields, name: str) -> KeyPath:
    return ("poses", name) if name in keys.poses else ("poses",)


def _limb_path(keys: FigureFields, name: str, joint: str) -> KeyPath:
    """The key of a pose that places a joint, as near as the file has one."""
    side, _, part = joint.rpartition("-")
    limb = "leg" if part in {"knee", "foot", "toe", "hip"} else "arm"
    pose = keys.poses.get(name)
    for key in (f"{side}_{limb}", limb):
        held = getattr(pose, key, None)
        if held is not None:
            end = "foot" if limb == "leg" else "hand"
            return ("poses", name, key, end) if getattr(held, end) is not None else ("poses", name, key)
    return _pose_path(keys, name)
