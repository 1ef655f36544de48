"""A figure at a moment: what its bones, its contacts and its keys do, without waiting."""

from __future__ import annotations

from itertools import pairwise
from math import dist
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timer_app.core.figures.animation import (
    BREATH_MS,
    KEY_INTERVAL_MS,
    FigureState,
    breath_fill,
    is_animated,
    moves_only_breath,
    pose_at,
)
from timer_app.core.figures.builder import STOCK_POSES
from timer_app.core.figures.drawing import bounding_box, draw_figure, shapes_at
from timer_app.core.figures.model import ARM, LEG, Figure, Pose
from timer_app.core.figures.parse import FigureKeys
from timer_app.core.figures.skeleton import Body, direction, joint_names, solve_pose, two_bones

CAT_COW = {
    "start": "all-fours",
    "base": ["hands", "knees", "feet"],
    "parts": {"Cat": "cat", "Cow": "cow"},
    "poses": {
        "cat": {"from": "all-fours", "trunk": 13, "curve": 96, "head": 25},
        "cow": {"from": "all-fours", "curve": -52, "head": -30},
    },
}
CIRCLES = {
    "view": "front",
    "start": "standing",
    "keys": ["top", "out", "bottom", "in"],
    "even": True,
    "other_side": "reverse",
    "poses": {
        "top": {"from": "standing", "arm": {"angles": [90, 90]}},
        "out": {"from": "standing", "arm": {"angles": [180, 180]}},
        "bottom": {"from": "standing", "arm": {"angles": [270, 270]}},
        "in": {"from": "standing", "arm": {"angles": [0, 0]}},
    },
}
SQUAT = {
    "wall": 20,
    "start": "lean",
    "keys": ["squat"],
    "base": ["feet"],
    "poses": {
        "lean": {"from": "standing", "pelvis": [26, 39.5], "trunk": 90, "leg": {"foot": [48, 3]}},
        "squat": {"from": "lean", "pelvis": [26, 24]},
    },
}


def figure(keys: dict[str, Any]) -> Figure:
    return FigureKeys.model_validate(keys).figure


def body(keys: dict[str, Any], moment: FigureState, **more: Any) -> Body:
    made = figure(keys)
    return solve_pose(made.view, pose_at(made, moment, **more))


def cycle(part: int, fraction: float, **more: Any) -> FigureState:
    return FigureState("cycle", fraction=fraction, part=part, **more)


moments = st.builds(
    FigureState,
    activity=st.sampled_from(["neutral", "ready", "settle", "hold", "cycle"]),
    elapsed_ms=st.integers(0, 60_000),
    fraction=st.floats(0, 1),
    part=st.integers(0, 3),
    rep_fraction=st.floats(0, 1),
    is_second_side=st.booleans(),
    mirrored=st.booleans(),
)


@given(st.sampled_from([CAT_COW, CIRCLES, SQUAT]), moments)
@settings(deadline=None)  # reading a figure from its keys is slow
def test_bones_keep_their_lengths_at_every_moment(keys: dict[str, Any], moment: FigureState) -> None:
    joints = body(keys, moment).joints
    for side in {name.partition("-")[0] for name in joint_names(figure(keys).view) if "-" in name}:
        for names, lengths in ((("shoulder", "elbow", "hand"), ARM), (("hip", "knee", "foot"), LEG)):
            root, middle, end = (joints[f"{side}-{name}"] for name in names)
            assert dist(root, middle) == pytest.approx(lengths[0])
            assert dist(middle, end) == pytest.approx(lengths[1])


@given(moments)
@settings(deadline=None)
def test_contacts_never_slip(moment: FigureState) -> None:
    held = body(CAT_COW, FigureState()).joints
    joints = body(CAT_COW, moment).joints
    for name in ("near-hand", "far-hand", "near-knee", "near-foot"):
        assert dist(joints[name], held[name]) < 0.01


@given(st.floats(-40, 40), st.floats(-40, 40), st.sampled_from([1, -1]))
def test_two_bones_end_where_they_are_held_or_tell_by_how_much_not(x: float, y: float, bend: int) -> None:
    upper, lower, miss = two_bones((0, 0), (x, y), ARM, bend)
    joints = solve_pose("side", Pose((50, 50))).joints
    assert set(joints) >= {"head", "near-hand"}
    assert miss == pytest.approx(max(0, dist((0, 0), (x, y)) - sum(ARM), 1 - dist((0, 0), (x, y))), abs=1e-4)
    assert -360 <= upper <= 360
    assert -360 <= lower <= 360


def test_the_cat_is_round_and_the_cow_is_hollow() -> None:
    start, cat, cow = (body(CAT_COW, moment).joints for moment in (FigureState(), cycle(0, 1.0), cycle(1, 1.0)))
    assert cat["waist"][1] > start["waist"][1] > cow["waist"][1]
    assert cat["head"][1] < start["head"][1] < cow["head"][1]


def test_a_part_moves_from_where_the_last_one_ended() -> None:
    assert pose_at(figure(CAT_COW), cycle(0, 0.0)) == pose_at(figure(CAT_COW), cycle(1, 1.0))
    low, middle, high = (body(CAT_COW, cycle(0, share)).joints["waist"][1] for share in (0.0, 0.5, 1.0))
    assert low < middle < high


def test_a_wall_squat_slides_down_while_getting_ready_and_stays() -> None:
    pelvis = [
        body(SQUAT, moment).joints["pelvis"][1]
        for moment in (
            FigureState("ready", fraction=0.0),
            FigureState("ready", fraction=0.5),
            FigureState("ready", fraction=1.0),
            FigureState("hold", elapsed_ms=20_000),
        )
    ]
    assert pelvis[0] == 39.5
    assert 24 < pelvis[1] < 39.5
    assert pelvis[2:] == [24, 24]


def test_before_a_set_it_comes_back_from_its_rest() -> None:
    assert body(SQUAT, FigureState("settle", fraction=0.5)).joints["pelvis"] == (26, 39.5)
    assert body(SQUAT, FigureState("settle", fraction=1.0)).joints["pelvis"] == pytest.approx((26, 24))


@given(st.floats(0, 1))
def test_four_keys_of_angles_make_an_exact_circle(share: float) -> None:
    joints = body(CIRCLES, FigureState("cycle", rep_fraction=share)).joints
    assert dist(joints["left-shoulder"], joints["left-hand"]) == pytest.approx(sum(ARM))


def test_a_circle_turns_once_a_rep_and_never_stands_still() -> None:
    hands = [body(CIRCLES, FigureState("cycle", rep_fraction=share / 16)).joints["left-hand"] for share in range(17)]
    steps = [dist(one, other) for one, other in pairwise(hands)]
    assert hands[0] == pytest.approx(hands[16])
    assert max(steps) / min(steps) < 1.5


def test_the_other_direction_of_a_circle_is_the_way_round() -> None:
    there = body(CIRCLES, FigureState("cycle", rep_fraction=0.2)).joints["left-hand"]
    back = body(CIRCLES, FigureState("cycle", rep_fraction=0.8, is_second_side=True)).joints["left-hand"]
    assert back == pytest.approx(there)


def test_a_hold_with_two_keys_goes_to_and_fro() -> None:
    keys = {**SQUAT, "keys": ["lean", "squat"]}
    low, high = body(keys, FigureState("hold")), body(keys, FigureState("hold", elapsed_ms=KEY_INTERVAL_MS))
    assert (low.joints["pelvis"][1], high.joints["pelvis"][1]) == (39.5, 24)
    assert body(keys, FigureState("hold", elapsed_ms=2 * KEY_INTERVAL_MS)) == low


def test_reduced_motion_shows_key_poses_only() -> None:
    made = figure(CAT_COW)
    observed = {pose_at(made, cycle(part, share / 10), reduced=True) for part in (0, 1) for share in range(10)}
    assert observed == {key.pose for key in made.keys}
    ready = {pose_at(made, FigureState("ready", fraction=share / 10), reduced=True).curve for share in range(11)}
    assert ready == {0, -52}


def test_a_hold_breathes_and_reduced_motion_does_not() -> None:
    full, empty = FigureState("hold", elapsed_ms=BREATH_MS // 2), FigureState("hold", elapsed_ms=BREATH_MS)
    assert breath_fill(full) == pytest.approx(1)
    assert breath_fill(empty) == pytest.approx(0)
    assert breath_fill(full, reduced=True) == breath_fill(cycle(0, 0.5)) == 0


def test_a_mirrored_picture_has_the_same_edges() -> None:
    made = figure(SQUAT)
    box = bounding_box(made)
    plain, turned = (shapes_at(made, FigureState("hold", mirrored=mirrored)) for mirrored in (False, True))
    for one, other in zip(plain, turned, strict=True):
        for (x, y), (turned_x, turned_y) in zip(one.points, other.points, strict=True):
            assert x + turned_x == pytest.approx(box.left + box.right)
            assert y == turned_y


def test_right_limbs_mirror_the_left_ones() -> None:
    joints = solve_pose("front", figure({"view": "front", "keys": ["sitting"]}).start).joints
    for name in ("hand", "elbow", "knee", "foot", "toe"):
        (left, y), (right, other_y) = joints[f"left-{name}"], joints[f"right-{name}"]
        assert (left + right, y) == pytest.approx((100, other_y))


def test_a_hand_held_at_the_other_elbow_follows_it() -> None:
    pose = {
        "from": "standing",
        "left_arm": {"angles": [0, 90]},
        "right_arm": {"hand": "other-elbow", "by": [0, -2]},
    }
    made = figure({"view": "front", "keys": ["hug"], "poses": {"hug": pose}})
    joints = solve_pose("front", made.start).joints
    assert joints["right-hand"] == pytest.approx((joints["left-elbow"][0], joints["left-elbow"][1] - 2))


def test_a_pose_that_is_moved_takes_hands_and_feet_along() -> None:
    moved = {"from": "all-fours", "move": [10, 0]}
    joints = solve_pose("side", figure({"keys": ["all-fours"]}).start).joints
    there = solve_pose("side", figure({"keys": ["away"], "poses": {"away": moved}}).start).joints
    for name, (x, y) in joints.items():
        assert there[name] == pytest.approx((x + 10, y))


@pytest.mark.parametrize(("view", "name"), [(view, name) for view, poses in STOCK_POSES.items() for name in poses])
def test_a_ready_made_pose_has_no_faults(view: str, name: str) -> None:
    assert figure({"view": view, "keys": [name]}).poses


def test_only_what_may_look_different_is_looked_at_again() -> None:
    squat, cats = figure(SQUAT), figure(CAT_COW)
    assert not is_animated(squat, FigureState())
    assert not is_animated(squat, FigureState("ready", fraction=0.0))
    assert is_animated(squat, FigureState("ready", fraction=0.4))
    assert not is_animated(squat, FigureState("ready", fraction=0.8))
    assert is_animated(squat, FigureState("hold"))
    assert not is_animated(squat, FigureState("hold"), reduced=True)
    assert is_animated(cats, cycle(0, 0.5), reduced=True)
    assert moves_only_breath(squat, FigureState("hold"))
    assert not moves_only_breath(cats, cycle(0, 0.5))


def test_an_arm_behind_the_trunk_is_drawn_before_it() -> None:
    for view, side in (("side", "near_arm"), ("front", "left_arm")):
        for behind in (False, True):
            arm = {"angles": [80, -60], "behind": behind}
            made = figure({"view": view, "keys": ["up"], "poses": {"up": {"from": "standing", side: arm}}})
            shapes = shapes_at(made, FigureState("hold"))
            hand = solve_pose(made.view, made.start).joints[side.replace("_arm", "-hand")]
            trunk = max(index for index, shape in enumerate(shapes) if shape.layer == "body")
            assert (shapes.index(next(shape for shape in shapes if shape.points == (hand,))) < trunk) == behind


def test_a_thing_stays_where_it_is_unless_a_joint_carries_it() -> None:
    props = [{"line": [[2, 0]], "joint": "pelvis", "front": True}, {"line": [[80, 10], [90, 10]], "thick": 4}]
    squat = figure({**SQUAT, "props": props})
    lying, carried = (
        [
            next(s for s in draw_figure(squat, pose) if s.layer == "thing" and len(s.points) == count)
            for pose in squat.poses
        ]
        for count in (2, 1)
    )
    assert [shape.points for shape in carried] == [((28.0, 39.5),), ((28.0, 24.0),)]
    assert {(shape.points, shape.radius) for shape in lying} == {(((80.0, 10.0), (90.0, 10.0)), 2.0)}


def test_a_thing_is_drawn_behind_the_person_unless_it_is_in_front() -> None:
    props = [{"line": [[50, 50]]}, {"line": [[50, 60]], "front": True}]
    observed = figure({**SQUAT, "props": props})
    layers = [shape.layer for shape in draw_figure(observed, observed.start)]
    assert [layers.index("thing"), layers[::-1].index("thing")] == [1, 0]


def test_a_thing_is_inside_the_picture() -> None:
    box = bounding_box(figure({**SQUAT, "props": [{"line": [[95, 10], [130, 10]], "thick": 4}]}))
    assert 132 < box.right < 135


def test_a_thumb_turns_the_shorter_way_with_its_hand_and_is_mirrored() -> None:
    poses = {
        name: {"from": "standing", "arm": {"angles": [-99, -93], "thumb": thumb}}
        for name, thumb in {"in": -10, "out": -170}.items()
    }
    turning = {"view": "front", "keys": ["in", "out"], "poses": poses}
    thumb = [
        direction(at["left-hand"], at["left-thumb"])
        for at in (body(turning, hold_at(ms)).joints for ms in (0, KEY_INTERVAL_MS // 2, KEY_INTERVAL_MS))
    ]
    assert thumb == pytest.approx([-10, -90, -170])
    joints = body(turning, hold_at(0)).joints
    assert direction(joints["right-hand"], joints["right-thumb"]) == pytest.approx(-170)


def test_a_thumb_that_one_of_two_poses_lacks_appears_half_way() -> None:
    keys = {"keys": ["standing", "up"], "poses": {"up": {"from": "standing", "arm": {"angles": [0, 0], "thumb": 90}}}}
    shown = [
        "near-thumb" in body(keys, hold_at(ms)).joints
        for ms in (0, KEY_INTERVAL_MS * 4 // 10, KEY_INTERVAL_MS * 6 // 10, KEY_INTERVAL_MS)
    ]
    assert shown == [False, False, True, True]


def hold_at(elapsed_ms: int) -> FigureState:
    return FigureState(activity="hold", elapsed_ms=elapsed_ms)
