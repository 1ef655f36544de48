"""The figures that are shipped: true sizes, contacts that touch, nothing outside the picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import dist

import pytest

from tests.core.figures.distances import gap
from timer_app.core.figures.animation import FigureActivity, FigureState, pose_at
from timer_app.core.figures.drawing import bounding_box, draw_figure, shapes_at
from timer_app.core.figures.model import HEAD, Figure, Pose
from timer_app.core.figures.parse import FigureKeys
from timer_app.core.figures.shapes import Box, Shape
from timer_app.core.figures.skeleton import SIDES, solve_pose
from timer_app.core.figures.things import BALL, ENDLESS, ROLLER, ball_shape, roller_shape
from timer_app.library.exercises import read_exercise_file
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths
from timer_app.system.files import parse_file, toml_files
from timer_app.tui.widgets.figure_cells import Grid, Rows, rasterize

TOUCH = 0.8
QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
SHARES = [step / 12 for step in range(12)]
MOVES: tuple[FigureActivity, ...] = ("ready", "hold", "cycle")


def shipped() -> Iterator[tuple[str, FigureKeys]]:
    sounds = SoundLibrary.default()
    for path in toml_files(paths.shipped_sessions_dir() / "exercises"):
        found, _ = read_exercise_file(parse_file(path), sounds, path.parent)
        assert found is not None
        for name, exercise in found.exercises.items():
            if exercise.figure is not None:
                yield name, exercise.figure


KEYS = dict(shipped())
FIGURES = {name: keys.figure for name, keys in KEYS.items()}
BASES = {name: keys.base for name, keys in KEYS.items()}
ROLLED = [name for name, figure in FIGURES.items() if any(pose.ball or pose.roller for pose in figure.poses)]


def pictures(figure: Figure, plain: bool) -> set[object]:
    grid = Grid(48, 24, 0.48, 0.0, 100.0)
    return {rasterize(draw_figure(figure, pose), grid, plain=plain) for pose in figure.poses}


def test_ball_and_roller_have_their_true_sizes_beside_a_standing_person() -> None:
    standing = Box(*bounding_box(FIGURES["spinal-balance-test"]))
    cm = 175 / (standing.top - 1.5)
    assert 2 * BALL * cm == pytest.approx(6.7, abs=0.2)
    assert 2 * ROLLER * cm == pytest.approx(15, abs=0.4)
    rim = roller_shape((50, 50))
    assert max(x for x, _ in rim.points) + rim.radius - 50 == pytest.approx(ROLLER)


@pytest.mark.parametrize("name", ROLLED)
def test_a_ball_or_roller_touches_the_body_and_what_it_rests_on(name: str) -> None:
    figure = FIGURES[name]
    for pose in figure.poses:
        shapes = tuple(draw_figure(figure, pose))
        thing = ball_shape(pose.ball) if pose.ball else roller_shape(pose.roller or (0, 0))
        body = min(gap(thing, shape) for shape in shapes if shape.layer == "body")
        floor = min(y for _, y in thing.points) - thing.radius
        support = min([floor, *(gap(thing, shape) for shape in shapes if shape.layer == "scene")])
        assert abs(body) <= TOUCH
        assert abs(support) <= TOUCH


@pytest.mark.parametrize("size", [(48, 24), (36, 17), (16, 8)])
@pytest.mark.parametrize("name", [name for name in ROLLED if FIGURES[name].start.ball])
def test_no_gap_is_seen_between_a_ball_and_what_it_touches(name: str, size: tuple[int, int]) -> None:
    figure = FIGURES[name]
    grid = Grid.around(bounding_box(figure), *size)
    for pose in figure.poses:
        dots = drawn_dots(rasterize(draw_figure(figure, pose), grid))
        around = {
            dots.get((x + dx, y + dy), "ground" if y + dy >= 2 * grid.rows else None)
            for (x, y), layer in dots.items()
            if layer == "thing"
            for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1))
        }
        assert around & {"body", "near", "muscle"}
        assert around & {"scene", "ground"}


def drawn_dots(rows: Rows) -> dict[tuple[int, int], str | None]:
    """The layer of each dot."""
    return {
        (2 * x + bit % 2, 2 * y + bit // 2): cell.front if QUADRANTS.index(cell.char) >> bit & 1 else cell.back
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
        if cell.char in QUADRANTS
        for bit in range(4)
    }


@pytest.mark.parametrize("name", FIGURES)
def test_a_hand_touches_what_it_is_held_at(name: str) -> None:
    figure = FIGURES[name]
    for pose in figure.poses:
        for index, hand in held_hands(figure, pose):
            parts = [shape for shape in draw_figure(figure, pose) if shape.layer in {"body", "near"}]
            joints, side = solve_pose(figure.view, pose).joints, SIDES[figure.view][index]
            own = {joints[f"{side}-{part}"] for part in ("elbow", "hand")}
            others = [shape for shape in parts if not own & set(shape.points)]
            assert min(gap(hand, shape) for shape in others) <= 0


def held_hands(figure: Figure, pose: Pose) -> Iterator[tuple[int, Shape]]:
    joints = solve_pose(figure.view, pose).joints
    for index, (side, arm) in enumerate(zip(SIDES[figure.view], pose.arms, strict=True)):
        if isinstance(arm.target, str) and side != "far":
            yield index, Shape("near", (joints[f"{side}-hand"],), 3.0)


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_outside_the_picture(name: str) -> None:
    figure = FIGURES[name]
    box = bounding_box(figure)
    for activity, share, mirrored in product(MOVES, SHARES, (False, True)):
        parts = figure.length if activity == "cycle" else 1
        for part in range(parts):
            moment = FigureState(activity, int(share * 10_000), share, part, (part + share) / parts, mirrored=mirrored)
            for shape in shapes_at(figure, moment):
                for x, y in shape.points:
                    if figure.close and y < box.bottom:
                        continue
                    assert box.left <= x - shape.radius
                    assert x + shape.radius <= box.right
                    assert y + shape.radius <= box.top or y >= ENDLESS
                    assert figure.close or y - shape.radius >= box.bottom - 3.5


@pytest.mark.parametrize("name", FIGURES)
def test_hands_and_feet_that_stay_do_so_from_the_start_pose_on(name: str) -> None:
    figure = FIGURES[name]
    at_start = solve_pose(figure.view, figure.start).joints
    for joint in (f"{side}-foot" for side in SIDES[figure.view] if "feet" in BASES[name]):
        for share in SHARES:
            joints = solve_pose(figure.view, pose_at(figure, FigureState("ready", fraction=share))).joints
            assert dist(joints[joint], at_start[joint]) < 1.5


@pytest.mark.parametrize("plain", [False, True])
def test_ball_sore_spot_and_muscle_look_different(plain: bool) -> None:
    trunk = Shape("body", ((50, 20), (50, 80)), 15)
    grid = Grid.around(Box(0, 0, 100, 100), 40, 20)
    ball, spot = ball_shape((50, 50)), Shape("spot", ((46, 50), (54, 50)), 0.7, 1)
    muscle = Shape("muscle", ((50, 45), (50, 55)), 2)
    drawn = [rasterize([trunk, *more], grid, plain=plain) for more in ([], [ball], [spot], [muscle])]
    texts = {tuple((cell.char, None if plain else cell.front) for row in rows for cell in row) for rows in drawn}
    assert len(texts) == 4


@pytest.mark.parametrize("plain", [False, True])
def test_no_two_figures_look_the_same(plain: bool) -> None:
    seen: dict[object, str] = {}
    for name, figure in FIGURES.items():
        key = frozenset(pictures(figure, plain))
        assert key not in seen, f"{name} looks like {seen[key]}"
        seen[key] = name


def test_the_stretches_of_trapezius_and_levator_look_different() -> None:
    one, other = (FIGURES[f"{name}-stretch"] for name in ("upper-trapezius", "levator-scapulae"))
    grid = Grid(48, 24, 0.9, 20.0, 105.0)
    rows = [rasterize(draw_figure(figure, figure.keys[-1].pose), grid, plain=True) for figure in (one, other)]
    pairs = (pair for lines in zip(*rows, strict=True) for pair in zip(*lines, strict=True))
    differing = sum(cell.char != other_cell.char for cell, other_cell in pairs)
    assert differing > 100


@pytest.mark.parametrize("name", ["upper-trapezius-stretch", "posture-check-neck"])
def test_the_mark_of_the_neck_follows_the_head(name: str) -> None:
    figure = FIGURES[name]
    for pose in figure.poses:
        head = solve_pose(figure.view, pose).joints["head"]
        marks = [shape for shape in draw_figure(figure, pose) if shape.layer == "muscle"]
        assert all(gap(mark, Shape("near", (head,), HEAD)) <= 0 for mark in marks)


def test_arrows_turn_round_where_the_second_side_goes_backwards() -> None:
    figure = FIGURES["shoulder-circles"]
    there, back = (
        next(shape for shape in shapes_at(figure, FigureState("cycle", is_second_side=second)) if shape.layer == "sign")
        for second in (False, True)
    )
    assert there.points == back.points[::-1]
