"""What lies before and behind what in the picture of a figure."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.figures.distances import gap
from timer_app.core.figures.animation import FigureState, pose_at
from timer_app.core.figures.drawing import bounding_box, draw_figure
from timer_app.core.figures.model import HEAD, Figure
from timer_app.core.figures.parse import FigureKeys
from timer_app.core.figures.shapes import Shape
from timer_app.core.figures.skeleton import solve_pose


def figure(view: str, pose: dict[str, Any]) -> Figure:
    poses = {"held": {"from": "standing", **pose}}
    return FigureKeys.model_validate({"view": view, "start": "standing", "keys": ["held"], "poses": poses}).figure


def shapes(figure: Figure) -> tuple[Shape, ...]:
    return tuple(draw_figure(figure, figure.keys[0].pose))


def arm_at(figure: Figure, side: str) -> int:
    """The place of the forearm in the order of drawing."""
    joints = solve_pose(figure.view, figure.keys[0].pose).joints
    ends = (joints[f"{side}-elbow"], joints[f"{side}-hand"])
    return next(place for place, shape in enumerate(shapes(figure)) if shape.points[-2:] == ends)


def head_at(figure: Figure) -> int:
    return next(place for place, shape in enumerate(shapes(figure)) if shape.radius == HEAD)


@pytest.mark.parametrize(("view", "arm"), [("side", "near"), ("front", "left"), ("front", "right")])
def test_an_arm_is_drawn_over_the_head_unless_it_is_behind_it(view: str, arm: str) -> None:
    raised = {"angles": [88, 120]}
    over, behind = (figure(view, {f"{arm}_arm": raised | more}) for more in ({}, {"behind": True}))
    assert arm_at(over, arm) > head_at(over)
    assert arm_at(behind, arm) < head_at(behind)


def test_the_head_is_set_off_from_an_arm_behind_it_alone() -> None:
    for behind in (True, False):
        held = figure("front", {"arm": {"angles": [88, -60], "behind": behind}})
        assert bool(shapes(held)[head_at(held)].clear) is behind


def test_the_neck_of_the_side_view_is_seen_between_trunk_and_head() -> None:
    held = figure("side", {})
    joints = solve_pose("side", held.start).joints
    (x, y), head = joints["neck"], joints["head"]
    wide = [shape for shape in shapes(held) if shape.layer == "body" and shape.radius > 3]
    middle = Shape("body", ((x, (y + head[1] - HEAD) / 2),), 0)
    assert all(gap(middle, shape) > 0 for shape in wide)


@pytest.mark.parametrize(("fraction", "behind"), [(0.3, False), (0.6, True)])
def test_an_arm_goes_behind_half_way_there(fraction: float, behind: bool) -> None:
    held = figure("front", {"left_arm": {"angles": [88, -60], "behind": True}})
    arms = pose_at(held, FigureState("ready", fraction=fraction)).arms
    assert [arm.behind for arm in arms] == [behind, False]


def test_a_mat_below_somebody_seen_from_above_has_edges_around_the_body() -> None:
    made = FigureKeys.model_validate({"view": "front", "floor": False, "mat": True, "keys": ["lying-front"]}).figure
    (edges,) = (shape for shape in draw_figure(made, made.start) if shape.layer == "scene")
    xs, ys = {x for x, _ in edges.points}, {y for _, y in edges.points}
    joints = solve_pose("front", made.start).joints
    assert min(xs) < min(x for x, _ in joints.values()) < max(x for x, _ in joints.values()) < max(xs)
    assert min(ys) < joints["left-toe"][1] < joints["head"][1] + HEAD < max(ys)
    assert bounding_box(made).ground == "nothing"
