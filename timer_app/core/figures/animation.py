"""The state of a figure at any moment of a run, as a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import cos, tau
from typing import Literal

from timer_app.core.figures.model import Figure, Key, Limb, Point, Pose

KEY_INTERVAL_MS = 3_000  # of a hold, from one key to the next
FREE_REP_MS = 4_000  # reps that the user counts have no time of their own
BREATH_MS = 5_000

FigureActivity = Literal["neutral", "ready", "settle", "hold", "cycle"]
_WINDOWS: dict[FigureActivity, tuple[float, float]] = {"ready": (0.2, 0.7), "settle": (0.7, 1.0)}
_SAMPLES = 4  # of the way from key to key
_SOON = 0.1
_HALF_TURN = 180.0


@dataclass(frozen=True, slots=True)
class FigureState:
    """Where in its exercise a figure is.

    Attributes:
        activity: Standing by, getting ready, coming back from a rest, holding, or going through a rep or round.
        elapsed_ms: Time gone in the phase.
        fraction: The share of the phase that is over, 0 to 1.
        part: Which part of the rep or round it is, from 0.
        rep_fraction: The share of the rep or round that is over, 0 to 1.
        is_second_side: It is the second side's turn.
        mirrored: The picture is turned about.
    """

    activity: FigureActivity = "neutral"
    elapsed_ms: int = 0
    fraction: float = 0.0
    part: int = 0
    rep_fraction: float = 0.0
    is_second_side: bool = False
    mirrored: bool = False


def pose_at(figure: Figure, moment: FigureState, *, reduced: bool = False) -> Pose:
    """The pose of a figure at a moment.

    Args:
        figure: Who moves.
        moment: Where the run is.
        reduced: Only key poses, with nothing in between.
    """
    if moment.activity == "neutral":
        return figure.start
    first = _cycle_at(figure, 0.0, reduced=True)
    if moment.activity in _WINDOWS:
        low, high = _WINDOWS[moment.activity]
        share = smoothstep((moment.fraction - low) / (high - low))
        return blend((figure.start, first), _weights(float(share >= 0.5) if reduced else share))  # noqa: PLR2004 - half
    position = position_in_cycle(figure, moment)
    if moment.is_second_side and figure.other_side == "reverse":
        position = -position
    return _cycle_at(figure, position % figure.length, reduced=reduced)


def moving_poses(figure: Figure) -> Iterator[Pose]:
    """Poses close enough to one another that nothing lies far outside all of them: the keys, and some between."""
    shares = [step / _SAMPLES for step in range(1, _SAMPLES)]
    first = figure.keys[0].pose
    yield from figure.poses
    yield from (blend((figure.start, first), _weights(share)) for share in shares if figure.start != first)
    ends = [key.at for key in figure.keys] + [figure.keys[0].at + figure.length]
    if len(figure.keys) > 1:
        for start, end in pairwise(ends):
            for share in shares:
                yield _cycle_at(figure, (start + share * (end - start)) % figure.length, reduced=False)


def position_in_cycle(figure: Figure, moment: FigureState) -> float:
    """The position in the cycle, in parts."""
    if moment.activity == "hold":
        round_ms = KEY_INTERVAL_MS * len(figure.keys)
        return moment.elapsed_ms % round_ms / round_ms * figure.length
    if figure.by_parts and moment.part < figure.length:
        return moment.part + min(1.0, moment.fraction)
    return moment.rep_fraction * figure.length


def breath_fill(moment: FigureState, *, reduced: bool = False) -> float:
    """How full the lungs are, 0 to 1, in a hold; 0 elsewhere, where the movement shows the time."""
    if reduced or moment.activity != "hold":
        return 0.0
    return (1 - cos(tau * (moment.elapsed_ms % BREATH_MS) / BREATH_MS)) / 2


def moves_only_breath(figure: Figure, moment: FigureState) -> bool:
    """Whether nothing but the breath moves, which needs few frames."""
    return moment.activity == "hold" and len(figure.keys) == 1


def is_animated(figure: Figure, moment: FigureState, *, reduced: bool = False) -> bool:
    """Whether the next moment may look different from this one."""
    if moment.activity in _WINDOWS:
        low, high = _WINDOWS[moment.activity]
        return figure.start != figure.keys[0].pose and low - _SOON <= moment.fraction < high
    return moment.activity != "neutral" and not (reduced and moves_only_breath(figure, moment))


def smoothstep(share: float) -> float:
    """Starts and ends gently."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _cycle_at(figure: Figure, position: float, *, reduced: bool) -> Pose:
    keys = figure.keys
    if len(keys) == 1:
        return keys[0].pose
    index = _last_reached(keys, position)
    if reduced:
        return keys[index].pose
    before, after = keys[index], keys[(index + 1) % len(keys)]
    span = (after.at - before.at) % figure.length or float(figure.length)
    share = (position - before.at) % figure.length / span
    if not figure.even:
        return blend((before.pose, after.pose), _weights(smoothstep(share)))
    around = tuple(keys[(index + step) % len(keys)].pose for step in (-1, 0, 1, 2))
    return blend(around, _curve_weights(share))


def _last_reached(keys: Sequence[Key], position: float) -> int:
    """The key that was passed last; before the first one, that is the last of the cycle before."""
    passed = [index for index, key in enumerate(keys) if key.at <= position + 1e-9]
    return passed[-1] if passed else len(keys) - 1


def _weights(share: float) -> tuple[float, float]:
    return 1 - share, share


def _curve_weights(t: float) -> tuple[float, float, float, float]:
    """The weights of four points in the Catmull-Rom curve between the two in the middle."""
    return (
        (-(t**3) + 2 * t**2 - t) / 2,
        (3 * t**3 - 5 * t**2 + 2) / 2,
        (-3 * t**3 + 4 * t**2 + t) / 2,
        (t**3 - t**2) / 2,
    )


def blend(poses: Sequence[Pose], weights: Sequence[float]) -> Pose:
    """A pose between others: angles go the shorter way, held limbs follow their targets."""

    def number(name: str) -> float:
        return sum((weight * float(getattr(pose, name)) for pose, weight in zip(poses, weights, strict=True)), 0.0)

    def limb(kind: str, index: int) -> Limb:
        return _limb([getattr(pose, kind)[index] for pose in poses], weights)

    first = poses[0]
    return replace(
        first,
        pelvis=_point([pose.pelvis for pose in poses], weights),
        trunk=_angle([pose.trunk for pose in poses], weights),
        curve=number("curve"),
        head=number("head"),
        chin=number("chin"),
        turn=number("turn"),
        bow=number("bow"),
        look=number("look"),
        breath=number("breath"),
        shoulders=_point([pose.shoulders for pose in poses], weights),
        arms=(limb("arms", 0), limb("arms", 1)),
        legs=(limb("legs", 0), limb("legs", 1)),
        toes=(
            _angle([pose.toes[0] for pose in poses], weights),
            _angle([pose.toes[1] for pose in poses], weights),
        ),
        ball=_thing([pose.ball for pose in poses], weights),
        roller=_thing([pose.roller for pose in poses], weights),
    )


def _point(points: Sequence[Point], weights: Sequence[float]) -> Point:
    x = sum(weight * point[0] for point, weight in zip(points, weights, strict=True))
    y = sum(weight * point[1] for point, weight in zip(points, weights, strict=True))
    return x, y


def _thing(points: Sequence[Point | None], weights: Sequence[float]) -> Point | None:
    """A thing between poses; one that is missing from a pose appears without moving."""
    there = [point for point in points if point is not None]
    if len(there) < len(points):
        return max(zip(weights, points, strict=True), key=lambda pair: pair[0])[1]
    return _point(there, weights)


def _angle(angles: Sequence[float], weights: Sequence[float]) -> float:
    """Each angle is taken the shorter way from the one before it."""
    steps = [(after - before + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN for before, after in pairwise(angles)]
    unwound = accumulate(steps, initial=angles[0])
    return sum(weight * angle for weight, angle in zip(weights, unwound, strict=True))


def _limb(limbs: Sequence[Limb], weights: Sequence[float]) -> Limb:
    first = limbs[0]
    behind = max(zip(weights, limbs, strict=True), key=lambda pair: pair[0])[1].behind
    targets = [limb.target for limb in limbs]
    points = [target for target in targets if isinstance(target, tuple)]
    named = isinstance(first.target, str) and set(targets) == {first.target}
    short = _point([limb.short for limb in limbs], weights)
    thumb = _thumb([limb.thumb for limb in limbs], weights)
    same_bend = {limb.bend for limb in limbs} == {first.bend}
    if same_bend and (named or len(points) == len(limbs)):
        target = first.target if named else _point(points, weights)
        by = _point([limb.by for limb in limbs], weights)
        return replace(first, target=target, by=by, short=short, behind=behind, thumb=thumb)
    upper = _angle([limb.upper for limb in limbs], weights)
    lower = _angle([limb.lower for limb in limbs], weights)
    # The angles of held limbs were worked out for their poses, so the ways between them begin and end in place.
    return Limb(upper, lower, short=short, behind=behind, thumb=thumb)


def _thumb(thumbs: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """Where a thumb points; one that is missing from a pose appears without moving."""
    there = [thumb for thumb in thumbs if thumb is not None]
    if len(there) < len(thumbs):
        return max(zip(weights, thumbs, strict=True), key=lambda pair: pair[0])[1]
    return _angle(there, weights)
