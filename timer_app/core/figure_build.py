"""From the keys of a file to a figure: poses are completed and worked out, and whatever is wrong is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import hypot
from typing import TYPE_CHECKING, Any, NamedTuple

from timer_app.core.figure import ARM, LEG, Figure, Key, Limb, Point, Pose, Prop, Scene, View
from timer_app.core.figure_body import SIDES, Body, direction, joint_names, solve
from timer_app.core.figure_pose_keys import ArmKeys, LegKeys, PoseKeys
from timer_app.core.figure_stock import STOCK, stock
from timer_app.core.problems import Part, Path, nearest, quoted

if TYPE_CHECKING:
    from timer_app.core.figure_keys import FigureKeys, KeyPoint

REACH_TOLERANCE = 0.05
DRIFT_TOLERANCE = 0.12
SLIP_TOLERANCE = 1.5
FLOOR_TOLERANCE = 1.0
_FIRST_SIDE_BENDS = {"arm": -1, "leg": 1}  # elbows bend backwards, knees forwards
_LIMBS = ("arm", "leg")


class Fault(NamedTuple):
    """Something that is wrong with a figure, at a place below it."""

    path: Path
    message: str
    allowed: str = ""
    suggestion: str = ""
    part: Part = "value"


class _Unknown(Exception):  # noqa: N818 - it carries a fault, and never leaves this module
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def build(keys: FigureKeys) -> tuple[Figure | None, tuple[Fault, ...]]:
    """The figure that the keys describe, or everything that is wrong with them."""
    poses, faults = _poses(keys)
    faults += [*_strange_limbs(keys), *_unknown_base(keys), *_unknown_carriers(keys)]
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
    bodies = {name: solve(keys.view, pose) for name, pose in poses.items()}
    for name, body in bodies.items():
        faults += _misplaced(keys, name, body)
    faults += _slips(keys, bodies)
    if faults:
        return None, _once_for_both(faults)
    settled = {name: _settled(keys.view, pose, bodies[name]) for name, pose in poses.items()}
    return _figure(keys, settled), ()


def _once_for_both(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Faults of far limbs that are drawn like the near ones are told for those only."""
    told = {(fault.path, fault.message) for fault in faults}
    alike = ((fault, fault.message.replace("the far-", "the near-")) for fault in faults)
    return tuple(fault for fault, near in alike if near == fault.message or (fault.path, near) not in told)


def _figure(keys: FigureKeys, poses: Mapping[str, Pose]) -> Figure:
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


def _props(keys: FigureKeys) -> tuple[Prop, ...]:
    return tuple(Prop(prop.line, prop.thick / 2, prop.joint, prop.front) for prop in keys.props)


def _steps(keys: FigureKeys) -> Iterator[tuple[str, float, Path]]:
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
    listed: Sequence[str | KeyPoint], times: Sequence[float], start: int, length: int, path: Path
) -> Iterator[tuple[str, float, Path]]:
    for index, (key, usual) in enumerate(zip(listed, times, strict=True)):
        if isinstance(key, str):
            yield key, (start + usual) % length, (*path, index)
        else:
            yield key.pose, (start + key.at) % length, (*path, index, "pose")


# Poses: completed from those that they come from.


def _poses(keys: FigureKeys) -> tuple[dict[str, Pose], list[Fault]]:
    """Every pose of the file that can be completed, and why the others cannot."""
    poses: dict[str, Pose] = {}
    faults = []
    for name in keys.poses:
        try:
            poses[name] = _complete(keys, name, ("poses", name))
        except _Unknown as unknown:
            faults.append(unknown.fault)
    return poses, faults


def _complete(keys: FigureKeys, name: str, path: Path) -> Pose:
    values = _merged(keys, name, path, ())
    if "pelvis" not in values:
        raise _Unknown(Fault(path, "has no pelvis", "pelvis, or from with a pose that has one", part="table"))
    return Pose(
        **{key: values[key] for key in _PLAIN if key in values},
        arms=_limbs(keys.view, "arm", values),
        legs=_limbs(keys.view, "leg", values),
        toes=_toes(keys.view, values),
    )


_PLAIN = ("pelvis", "trunk", "curve", "head", "chin", "turn", "look", "breath", "shoulders", "ball", "roller")


def _merged(keys: FigureKeys, name: str, path: Path, below: tuple[str, ...]) -> dict[str, Any]:
    """The values of a pose with those of the poses it comes from."""
    if name in below:
        raise _Unknown(Fault(path, "comes from itself", "a pose that does not come from this one"))
    own = keys.poses.get(name)
    if own is None:
        ready = stock(keys.view, name)
        if ready is None:
            known = [*keys.poses, *STOCK[keys.view]]
            meant = nearest(name, known) or ""
            raise _Unknown(Fault(path, f"there is no pose {quoted(name)} in this view", ", ".join(known), meant))
        return _values(ready)
    if own.origin is None:
        return _values(own)
    # A pose may have the name of the ready-made one that it changes.
    if own.origin == name and (ready := stock(keys.view, name)):
        base = _values(ready)
    else:
        base = _merged(keys, own.origin, ("poses", name, "from"), (*below, name))
    return _overlaid(_shifted(base, own.move or (0.0, 0.0)), _values(own))


def _values(pose: PoseKeys) -> dict[str, Any]:
    fields = ((name, getattr(pose, name)) for name in type(pose).model_fields if name not in {"origin", "move"})
    return {name: value for name, value in fields if value is not None}


def _overlaid(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Both arms together take the place of each that was given."""
    for limb in _LIMBS:
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
    """On which side elbows and knees usually lie."""
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
    mirrored = 180 - shared if view == "front" else shared
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


# What may be wrong with them.


def _strange_limbs(keys: FigureKeys) -> Iterator[Fault]:
    """Limbs that the view does not have."""
    strange: View = "front" if keys.view == "side" else "side"
    for name, pose in keys.poses.items():
        for side, own in zip(SIDES[strange], SIDES[keys.view], strict=True):
            for limb in _LIMBS:
                if getattr(pose, f"{side}_{limb}") is not None:
                    key = f"{side}_{limb}"
                    said = f"the {keys.view} view has no {key}"
                    yield Fault(("poses", name, key), said, f"{limb}, {own}_{limb}", f"{own}_{limb}", "key")


def _unknown_base(keys: FigureKeys) -> Iterator[Fault]:
    known = [*_groups(keys.view), *joint_names(keys.view)]
    for index, joint in enumerate(keys.base):
        if joint not in known:
            said = f"there is no joint {quoted(joint)} in this view"
            yield Fault(("base", index), said, ", ".join(known), nearest(joint, known) or "")


def _unknown_carriers(keys: FigureKeys) -> Iterator[Fault]:
    known = joint_names(keys.view)
    for index, prop in enumerate(keys.props):
        if prop.joint is not None and prop.joint not in known:
            said = f"there is no joint {quoted(prop.joint)} in this view"
            yield Fault(("props", index, "joint"), said, ", ".join(known), nearest(prop.joint, known) or "")


def _groups(view: View) -> dict[str, tuple[str, ...]]:
    """Joints on both sides by one name."""
    plural = {"hands": "hand", "feet": "foot", "knees": "knee", "elbows": "elbow"}
    return {name: tuple(f"{side}-{joint}" for side in SIDES[view]) for name, joint in plural.items()}


def _misplaced(keys: FigureKeys, name: str, body: Body) -> Iterator[Fault]:
    """Ends that are not reached, typed points that do not fit the bones, and joints below the floor."""
    for joint, miss in body.misses.items():
        if miss > REACH_TOLERANCE:
            said = f"the {joint} does not get there: it is {miss:.1f} too far or too near for its bones"
            yield Fault(_limb_path(keys, name, joint), said, "a point that the limb reaches, or the body nearer to it")
    yield from _drifts(keys, name, body)
    if not keys.floor:
        return
    lowest = min(body.joints, key=lambda joint: body.joints[joint][1])
    depth = -body.joints[lowest][1]
    if depth > FLOOR_TOLERANCE:
        yield Fault(_pose_path(keys, name), f"the {lowest} is {depth:.1f} below the floor", "0 and above", part="table")


def _drifts(keys: FigureKeys, name: str, body: Body) -> Iterator[Fault]:
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
                    said = f"the {middle} is {length:.1f} from the {root} and off the bones by {away:.1f}"
                    allowed = f"near [{solved[0]:.0f}, {solved[1]:.0f}]; the bone is {bones[0]:.0f} long"
                    yield Fault(("poses", name, key, middle), said, allowed)


def _slips(keys: FigureKeys, bodies: Mapping[str, Body]) -> Iterator[Fault]:
    """Joints of the base that do not stay where they are from key to key."""
    groups = _groups(keys.view)
    joints = [joint for name in keys.base for joint in groups.get(name, (name,))]
    names = [name for name, _, _ in _steps(keys)]
    for joint in joints:
        x, y = bodies[names[0]].joints[joint]
        for name in dict.fromkeys(names[1:]):
            there = bodies[name].joints[joint]
            slip = hypot(there[0] - x, there[1] - y)
            if slip > SLIP_TOLERANCE:
                said = f"the {joint} slips by {slip:.1f} from {quoted(names[0])} to {quoted(name)}"
                yield Fault(_limb_path(keys, name, joint), said, f"[{x:.1f}, {y:.1f}], as there")


def _pose_path(keys: FigureKeys, name: str) -> Path:
    return ("poses", name) if name in keys.poses else ("poses",)


def _limb_path(keys: FigureKeys, name: str, joint: str) -> Path:
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
