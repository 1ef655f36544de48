"""The poses that stand for a whole figure where it cannot move: on paper, and in messages."""

from __future__ import annotations

from math import dist

from timer_app.core.figures.model import Figure, Pose
from timer_app.core.figures.skeleton import solve_pose

_SAME = 1.0  # hundredths of the box; less is not seen


def key_poses(figure: Figure) -> tuple[Pose, ...]:
    """How it begins, and the pose that is farthest from that: one alone where the figure does not move."""
    start = figure.keys[0].pose if _is_same(figure, figure.start, figure.keys[0].pose) else figure.start
    farthest = max((key.pose for key in figure.keys), key=lambda pose: _distance(figure, start, pose))
    return (start,) if _is_same(figure, start, farthest) else (start, farthest)


def _is_same(figure: Figure, one: Pose, other: Pose) -> bool:
    return _distance(figure, one, other) < _SAME


def _distance(figure: Figure, one: Pose, other: Pose) -> float:
    before, after = solve_pose(figure.view, one).joints, solve_pose(figure.view, other).joints
    return max(dist(before[joint], after[joint]) for joint in before if joint in after)
