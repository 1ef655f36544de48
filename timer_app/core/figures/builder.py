"""Builds a figure from its keys: completes its poses from stock poses, solves them, and reports every fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from timer_app.core.diagnostics import KeyPath, nearest, quoted
from timer_app.core.figures.checks import (
    LIMBS,
    FigureProblem,
    find_lost_contacts,
    find_misplaced_joints,
    find_unknown_names,
)
from timer_app.core.figures.model import Figure, Key, Limb, Point, Pose, Prop, Scene, View
from timer_app.core.figures.schema import ArmKeys, FigureFields, KeyPoint, LegKeys, PoseKeys
from timer_app.core.figures.skeleton import SIDES, Body, direction, solve_pose
from timer_app.core.i18n import _

_SIDE: dict[str, dict[str, Any]] = {
    "standing": {"pelvis": [50, 45.5], "trunk": 91, "arm": {"angles": [-92, -84]}, "leg": {"foot": [50, 3]}},
    "sitting": {
        "pelvis": [46, 28],
        "trunk": 90,
        "arm": {"hand": [60, 32]},
        "leg": {"foot": [67, 3]},
    },
    "long-sitting": {
        "pelvis": [30, 6],
        "trunk": 92,
        "arm": {"hand": [52, 11]},
        "leg": {"foot": [72.5, 4], "toes": 80},
    },
    "all-fours": {
        "pelvis": [33, 25.5],
        "trunk": 17,
        "arm": {"hand": [60, 2.5]},
        "leg": {"knee": [34, 3.5], "foot": [13, 3], "toes": 180},
    },
    "push-up": {
        "pelvis": [46.5, 23],
        "trunk": 20,
        "arm": {"hand": [72, 2.5]},
        "leg": {"foot": [7, 7], "toes": -75},
    },
    "lying-back": {
        "pelvis": [50, 6],
        "trunk": 180,
        "head": 0,
        "arm": {"angles": [-6, 0]},
        "leg": {"foot": [78, 3]},
    },
    "lying-front": {
        "pelvis": [46, 6],
        "trunk": 0,
        "head": 4,
        "arm": {"angles": [182, 180]},
        "leg": {"angles": [181, 183], "toes": 188},
    },
}
_FRONT: dict[str, dict[str, Any]] = {
    "standing": {"pelvis": [50, 45.5], "arm": {"angles": [-99, -93]}, "leg": {"foot": [43, 3], "toes": 206}},
    "sitting": {
        "pelvis": [50, 28],
        "arm": {"hand": [40, 27]},
        "leg": {"foot": [42, 3], "short": [0.35, 0.95], "toes": 206},
    },
    "lying-front": {
        "pelvis": [50, 52],
        "arm": {"angles": [-100, -93]},
        "leg": {"angles": [-94, -91], "toes": -90},
    },
}
STOCK_POSES: dict[View, dict[str, dict[str, Any]]] = {"side": _SIDE, "front": _FRONT, "back": _FRONT}


@cache
def stock_pose(view: View, name: str) -> PoseKeys | None:
    """The stock pose of that name; `None` where there is none."""
    keys = STOCK_POSES[view].get(name)
    return None if keys is None else PoseKeys.model_validate(keys)


_FIRST_SIDE_BENDS = {"arm": -1, "leg": 1}  # elbows bend backwards, knees forwards


class _Unknown(Exception):  # noqa: N818 - it carries a fault, and never leaves this module
    def __init__(self, fault: FigureProblem) -> None:
        super().__init__(fault.message)
        self.fault = fault


def build_figure(keys: FigureFields) -> tuple[Figure | None, tuple[FigureProblem, ...]]:
    """The figure that the keys describe, or everything that is wrong with them."""
    poses, faults = _poses(keys)
    faults += find_unknown_names(keys)
    used = [(name, path) for name, _, path in _steps(keys)]
    if keys.start is not None:
        used.append((keys.start, ("start",)))
    for name, path in used:
        if name not in poses and name not in keys.poses:
            try:
                poses[name] = _complete(keys, name, path)
            except _Unknown as unknown:
                faults.append(unknown.fault)
    if faults:
        return None, tuple(dict.fromkeys(faults))
    bodies = {name: solve_pose(keys.view, pose) for name, pose in poses.items()}
    if misfits := find_misplaced_joints(keys, bodies, [name for name, _, _ in _steps(keys)]):
        return None, misfits
    if lost := find_lost_contacts(keys, poses):
        return None, lost
    settled = {name: _settled(keys.view, pose, bodies[name]) for name, pose in poses.items()}
    return _figure(keys, settled), ()


def _figure(keys: FigureFields, poses: Mapping[str, Pose]) -> Figure:
    steps = sorted(((at, poses[name]) for name, at, _ in _steps(keys)), key=lambda step: step[0])
    first = next(name for name, _, _ in _steps(keys))
    last_of_cycle = list(_steps(keys))[-1][0] if keys.parts else first
    return Figure(
        view=keys.view,
        start=poses[keys.start or last_of_cycle],
        keys=tuple(Key(at, pose) for at, pose in steps),
        length=len(keys.parts or ()) or 1,
        by_parts=keys.parts is not None,
        even=keys.even,
        other_side=keys.other_side,
        scene=Scene(keys.wall, keys.chair, keys.mat, keys.floor, _props(keys)),
        close=keys.close,
    )


def _props(keys: FigureFields) -> tuple[Prop, ...]:
    return tuple(
        Prop(prop.line, prop.half_thick, prop.joint, prop.to, front=prop.is_in_front, kind=prop.kind)
        for prop in keys.props
    )


def _steps(keys: FigureFields) -> Iterator[tuple[str, float, KeyPath]]:
    """Every key with its place in the cycle and in the file. The end of a cycle is the start of the next."""
    if keys.parts is None:
        count = len(keys.keys or ())
        times = [index / count for index in range(count)]
        yield from _timed(keys.keys or (), times, 0, 1, ("keys",))
        return
    for number, (name, listed) in enumerate(keys.parts.items()):
        times = [(index + 1) / len(listed) for index in range(len(listed))]
        yield from _timed(listed, times, number, len(keys.parts), ("parts", name))


def _timed(
    listed: Sequence[str | KeyPoint], times: Sequence[float], start: int, length: int, path: KeyPath
) -> Iterator[tuple[str, float, KeyPath]]:
    for index, (key, usual) in enumerate(zip(listed, times, strict=True)):
        if isinstance(key, str):
            yield key, (start + usual) % length, (*path, index)
        else:
            yield key.pose, (start + key.at) % length, (*path, index, "pose")


# Poses: completed from those that they come from.


def _poses(keys: FigureFields) -> tuple[dict[str, Pose], list[FigureProblem]]:
    """Every pose of the file that can be completed, and why the others cannot."""
    poses: dict[str, Pose] = {}
    faults = []
    for name in keys.poses:
        try:
            poses[name] = _complete(keys, name, ("poses", name))
        except _Unknown as unknown:
            faults.append(unknown.fault)
    return poses, faults


def _complete(keys: FigureFields, name: str, path: KeyPath) -> Pose:
    values = _merged(keys, name, path, ())
    if "pelvis" not in values:
        raise _Unknown(
            FigureProblem(path, _("has no pelvis"), _("pelvis, or from with a pose that has one"), part="table")
        )
    return Pose(
        **{key: values[key] for key in _PLAIN if key in values},
        arms=_limbs(keys.view, "arm", values),
        legs=_limbs(keys.view, "leg", values),
        toes=_toes(keys.view, values),
    )


_PLAIN = ("pelvis", "trunk", "curve", "head", "chin", "turn", "bow", "look", "breath", "shoulders", "ball", "roller")


def _merged(keys: FigureFields, name: str, path: KeyPath, below: tuple[str, ...]) -> dict[str, Any]:
    """The values of a pose with those of the poses it comes from."""
    if name in below:
        raise _Unknown(FigureProblem(path, _("comes from itself"), _("a pose that does not come from this one")))
    own = keys.poses.get(name)
    if own is None:
        ready = stock_pose(keys.view, name)
        if ready is None:
            known = [*keys.poses, *STOCK_POSES[keys.view]]
            meant = nearest(name, known) or ""
            raise _Unknown(
                FigureProblem(
                    path, _("there is no pose {name} in this view").format(name=quoted(name)), ", ".join(known), meant
                )
            )
        return _values(ready)
    if own.origin is None:
        return _values(own)
    # A pose may have the name of the stock pose that it changes.
    if own.origin == name and (ready := stock_pose(keys.view, name)):
        base = _values(ready)
    else:
        base = _merged(keys, own.origin, ("poses", name, "from"), (*below, name))
    return _overlaid(_shifted(base, own.move or (0.0, 0.0)), _values(own))


def _values(pose: PoseKeys) -> dict[str, Any]:
    fields = ((name, getattr(pose, name)) for name in type(pose).model_fields if name not in {"origin", "move"})
    return {name: value for name, value in fields if value is not None}


def _overlaid(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """`own` over `base`; a limb given for both sides replaces those given for one."""
    for limb in LIMBS:
        if limb in own:
            base = {key: value for key, value in base.items() if not key.endswith(f"_{limb}")}
    return {**base, **own}


def _shifted(values: dict[str, Any], by: Point) -> dict[str, Any]:
    def shifted(value: Any) -> Any:
        if isinstance(value, ArmKeys | LegKeys):
            points = {
                key: shifted(point)
                for key in ("hand", "elbow", "foot", "knee")
                if isinstance(point := getattr(value, key, None), tuple)
            }
            return value.model_copy(update=points)
        return (value[0] + by[0], value[1] + by[1]) if isinstance(value, tuple) else value

    return {key: value if key == "shoulders" else shifted(value) for key, value in values.items()}


def _limbs(view: View, kind: str, values: dict[str, Any]) -> tuple[Limb, Limb]:
    first, second = SIDES[view]
    both = values.get(kind)
    middle = values["pelvis"][0]
    one = _limb(values.get(f"{first}_{kind}") or both, _bend(view, kind, 0))
    other_keys = values.get(f"{second}_{kind}")
    if other_keys is not None or view == "side":
        return one, _limb(other_keys or both, _bend(view, kind, 1))
    return one, _mirrored(_limb(both, _bend(view, kind, 0)), middle)


def _bend(view: View, kind: str, index: int) -> int:
    """To which side elbows and knees usually bend."""
    if view == "side":
        return _FIRST_SIDE_BENDS[kind]
    return -1 if index == 0 else 1


def _limb(keys: ArmKeys | LegKeys | None, bend: int) -> Limb:
    if keys is None:
        return Limb()
    short = keys.short or (1.0, 1.0)
    behind, thumb = (keys.behind, keys.thumb) if isinstance(keys, ArmKeys) else (False, None)
    if keys.angles is not None:
        return Limb(*keys.angles, short=short, behind=behind, thumb=thumb)
    end = keys.hand if isinstance(keys, ArmKeys) else keys.foot
    by = keys.by if isinstance(keys, ArmKeys) and keys.by else (0.0, 0.0)
    return Limb(target=end, by=by, bend=-bend if keys.flip else bend, short=short, behind=behind, thumb=thumb)


def _mirrored(limb: Limb, middle: float) -> Limb:
    target = (2 * middle - limb.target[0], limb.target[1]) if isinstance(limb.target, tuple) else limb.target
    return replace(
        limb,
        upper=180 - limb.upper,
        lower=180 - limb.lower,
        target=target,
        by=(-limb.by[0], limb.by[1]),
        bend=-limb.bend,
        thumb=None if limb.thumb is None else 180 - limb.thumb,
    )


def _toes(view: View, values: dict[str, Any]) -> Point:
    first, second = SIDES[view]
    both = values.get("leg")
    shared = (both and both.toes) or 0.0
    one, other = values.get(f"{first}_leg"), values.get(f"{second}_leg")
    left = one.toes if one and one.toes is not None else shared
    mirrored = shared if view == "side" else 180 - shared
    return left, other.toes if other and other.toes is not None else mirrored


def _settled(view: View, pose: Pose, body: Body) -> Pose:
    """The same pose with the directions of the bones of limbs that are held."""

    def limb(limb: Limb, side: str, names: tuple[str, str, str]) -> Limb:
        if limb.target is None:
            return limb
        points = [body.joints[f"{side}-{name}"] for name in names]
        return replace(limb, upper=direction(points[0], points[1]), lower=direction(points[1], points[2]))

    first, second = SIDES[view]
    arm, leg = ("shoulder", "elbow", "hand"), ("hip", "knee", "foot")
    return replace(
        pose,
        arms=(limb(pose.arms[0], first, arm), limb(pose.arms[1], second, arm)),
        legs=(limb(pose.legs[0], first, leg), limb(pose.legs[1], second, leg)),
    )
