"""The figure on the screen: what is drawn, how large, and when it is drawn anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region

from timer_app.core.figures.animation import FigureState
from timer_app.core.figures.drawing import bounding_box, shapes_at
from timer_app.core.figures.parse import FigureKeys
from timer_app.core.figures.shapes import Box, Shape
from timer_app.core.figures.things import ball_shape
from timer_app.core.player.player import Player
from timer_app.core.player.states import State
from timer_app.core.timeline.model import Timeline
from timer_app.testing import hold, prepare, rest, step, timeline
from timer_app.tui.play.view import RunView
from timer_app.tui.widgets.figure import FigureView, changed_rows
from timer_app.tui.widgets.figure_cells import BLANK_CELL, Cell, Grid, rasterize

SQUAT = FigureKeys.model_validate(
    {
        "wall": 20,
        "start": "lean",
        "keys": ["squat"],
        "poses": {
            "lean": {"from": "standing", "pelvis": [26, 39.5], "trunk": 90, "leg": {"foot": [48, 3]}},
            "squat": {"from": "lean", "pelvis": [26, 24]},
        },
    }
).figure
BOX = Box(0, 0, 100, 100)
# The upper and the lower two dots of a cell.
_DOTS = {
    char: ("".join(".#"[at >> bit & 1] for bit in (0, 1)), "".join(".#"[at >> bit & 1] for bit in (2, 3)))
    for at, char in enumerate(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
}


def text(rows: Any) -> list[str]:
    return ["".join(cell.char for cell in row) for row in rows]


def test_a_disc_is_round_and_in_its_place() -> None:
    grid = Grid.around(BOX, 20, 10)
    assert text(rasterize([Shape("body", ((50, 50),), 20)], grid)) == [
        " " * 20,
        " " * 20,
        " " * 20,
        "       ▄████▄       ",
        "      ▟██████▙      ",
        "      ▜██████▛      ",
        "       ▀████▀       ",
        " " * 20,
        " " * 20,
        " " * 20,
    ]


@given(st.integers(16, 60), st.integers(8, 30), st.floats(1, 99), st.floats(1, 99))
def test_a_ball_is_round_and_whole_wherever_it_lies(columns: int, rows: int, x: float, y: float) -> None:
    drawn = text(rasterize([ball_shape((x, y))], Grid.around(BOX, columns, rows)))
    dots = ["".join(_DOTS[char][half] for char in row) for row in drawn for half in (0, 1)]
    lines = [row.strip(".") for row in dots if row.strip(".")]
    assert lines == lines[::-1]
    assert all(set(line) == {"#"} for line in lines)
    assert len(lines) >= 3
    assert len(lines[0]) < len(lines[1]) == pytest.approx(2 * len(lines), abs=2)


def test_a_thin_line_is_never_missing() -> None:
    grid = Grid.around(BOX, 16, 8)
    for y in range(5, 95, 3):
        rows = rasterize([Shape("body", ((10, float(y)), (90, float(y))), 0.01)], grid)
        assert sum(cell.front == "body" for row in rows for cell in row) >= 12


def test_an_arm_before_the_trunk_is_set_off_from_it() -> None:
    grid = Grid.around(BOX, 40, 20)
    trunk, arm = Shape("body", ((50, 20), (50, 80)), 15), Shape("near", ((50, 30), (50, 70)), 3, clear=4)
    row = rasterize([trunk, arm], grid)[10]
    assert "".join(cell.char for cell in row).strip() == "███  ██  ███"
    assert [cell.front for cell in row if cell.front] == ["body"] * 3 + ["near"] * 2 + ["body"] * 3


def test_without_colours_what_is_far_is_checked() -> None:
    grid = Grid.around(BOX, 16, 8)
    far = Shape("far", ((50, 50),), 40)
    assert rasterize([far], grid)[4][8].char == "█"
    assert rasterize([far], grid, plain=True)[4][8].char in "▚▞"


def test_two_layers_in_one_cell_are_front_and_back() -> None:
    grid = Grid(1, 1, 1.0, 0.0, 2.0)
    shapes = [Shape("body", ((-9.0, 1.5), (9.0, 1.5)), 0.4), Shape("near", ((-9.0, 0.5), (9.0, 0.5)), 0.4)]
    assert rasterize(shapes, grid) == ((Cell("▄", "near", "body"),),)


@given(st.integers(16, 120), st.integers(8, 60), st.integers(0, 40), st.booleans())
def test_a_picture_has_exactly_the_size_of_its_place(columns: int, rows: int, tenths: int, mirrored: bool) -> None:
    moment = FigureState("ready", fraction=tenths / 40, mirrored=mirrored)
    drawn = rasterize(shapes_at(SQUAT, moment), Grid.around(bounding_box(SQUAT), columns, rows))
    assert [len(row) for row in drawn] == [columns] * rows
    assert any(cell.front in {"body", "near"} for row in drawn for cell in row)


def test_only_rows_that_differ_are_drawn_anew() -> None:
    filled = Cell("█", "body", None)
    one = tuple(tuple(BLANK_CELL for _ in range(6)) for _ in range(4))
    other = tuple(tuple(filled if (x, y) in {(2, 1), (4, 2)} else BLANK_CELL for x in range(6)) for y in range(4))
    assert changed_rows(one, one) is None
    assert changed_rows(one, other) == Region(0, 1, 6, 2)
    assert changed_rows((), other) == Region(0, 0, 6, 4)


def squats(**more: Any) -> Timeline:
    made = timeline(
        step("Wall squat", prepare(10_000), hold(30_000), **more),
        step("Rest", rest(10_000), kind="rest"),
        step("Plank", hold(30_000)),
    )
    return replace(made, steps=(replace(made.steps[0], figure=SQUAT), *made.steps[1:]))


class Seconds:
    """A clock for the time between two views."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class OneFigure(App[None]):
    """Nothing but a figure."""

    def __init__(self, clock: Seconds, **more: Any) -> None:
        super().__init__()
        self.figure = FigureView(clock=clock, **more)
        self.figure.styles.width = "1fr"
        self.figure.styles.height = "1fr"

    def compose(self) -> ComposeResult:
        yield self.figure


def observed(figure: FigureView) -> list[str]:
    return [figure.render_line(y).text for y in range(figure.size.height)]


def at(index: int, elapsed_ms: int, state: State = State.RUNNING) -> RunView:
    run = squats()
    phase = run.phases[index]
    snapshot = replace(
        Player(run).snapshot(0),
        state=state,
        index=index,
        phase=phase,
        elapsed_ms=elapsed_ms,
        duration_ms=phase.duration_ms,
    )
    return RunView(snapshot, run)


async def test_it_goes_on_between_two_views_and_stands_still_in_a_pause() -> None:
    clock = Seconds()
    app = OneFigure(clock)
    async with app.run_test(size=(40, 20)):
        app.figure.view = at(0, 2_000)
        before = observed(app.figure)
        clock.now_s += 3
        app.figure.draw_frame()
        assert observed(app.figure) != before
        app.figure.view = at(0, 2_000, State.PAUSED)
        clock.now_s += 3
        app.figure.draw_frame()
        assert observed(app.figure) == before


async def test_at_twice_the_speed_it_moves_twice_as_fast() -> None:
    clock = Seconds()
    app = OneFigure(clock, speed=2.0)
    async with app.run_test(size=(40, 20)):
        app.figure.view = at(0, 2_000)
        clock.now_s += 1.5
        app.figure.draw_frame()
        fast = observed(app.figure)
        app.figure.view = at(0, 5_000)
        assert observed(app.figure) == fast


async def test_reduced_motion_has_key_poses_alone() -> None:
    app = OneFigure(Seconds(), reduced=True)
    pictures = set()
    async with app.run_test(size=(40, 20)):
        for second in range(10):
            app.figure.view = at(0, second * 1_000)
            pictures.add(tuple(observed(app.figure)))
        app.figure.view = at(1, 7_000)
        pictures.add(tuple(observed(app.figure)))
    assert len(pictures) == 2


@pytest.mark.parametrize(("size", "drawn"), [((16, 8), True), ((15, 8), False), ((16, 7), False), ((90, 50), True)])
async def test_it_is_drawn_from_sixteen_by_eight_cells_on(size: tuple[int, int], drawn: bool) -> None:
    app = OneFigure(Seconds())
    async with app.run_test(size=size):
        app.figure.view = at(1, 5_000)
        assert bool("".join(observed(app.figure)).strip()) == drawn


async def test_it_is_blank_where_the_step_has_no_figure_and_after_a_change_of_size_whole() -> None:
    app = OneFigure(Seconds())
    async with app.run_test(size=(40, 20)) as pilot:
        app.figure.view = at(3, 5_000)
        assert "".join(observed(app.figure)).strip() == ""
        app.figure.view = at(1, 5_000)
        await pilot.resize_terminal(60, 30)
        await pilot.pause()
        assert {len(row) for row in observed(app.figure)} == {60}
        assert "".join(observed(app.figure)).strip()
