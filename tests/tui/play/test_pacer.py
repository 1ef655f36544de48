from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.viewing import at
from timer_app.core.player.events import CueDue
from timer_app.core.player.states import Command
from timer_app.core.timeline.model import Cue, Timeline
from timer_app.testing import hold, line, phase, sound, step, timeline
from timer_app.tui.play.driver import is_countdown_beep
from timer_app.tui.play.pacer import breath_shape, level_at, pacer_state

BLOCKS = " ▁▂▃▄▅▆▇█"


def cycle(*parts: tuple[str, str | None], rep: int | None = None) -> Timeline:
    return timeline(
        step("Parts", [phase("work", 4_000, part=part, breath=breath, rep=rep, reps=rep) for part, breath in parts])
    )


def ends(run: Timeline) -> list[tuple[float, float]]:
    """The level at the start and at the end of each part."""
    return [(level_at(run, index, 0.0), level_at(run, index, 1.0)) for index in range(len(run.phases))]


def test_it_swells_while_breathing_in_and_sinks_while_breathing_out() -> None:
    run = cycle(("In", "in"), ("Keep", "hold"), ("Out", "out"), ("Wait", "hold"))
    assert ends(run) == [(0, 1), (1, 1), (1, 0), (0, 0)]


def test_a_cycle_that_begins_with_breathing_out_begins_swollen() -> None:
    assert ends(cycle(("Cat", "out"), ("Cow", "in"))) == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("names", "levels"),
    [
        (["squeeze", "release"], [(0, 1), (1, 0)]),
        (["lift", "hold", "return"], [(0, 1), (1, 1), (1, 0)]),
        (["lower", "press"], [(1, 0), (0, 1)]),
        (["Down", "hold", "up", "hold"], [(1, 0), (0, 0), (0, 1), (1, 1)]),
        (["a", "b", "c", "d", "e"], [(0, 1), (1, 0), (0, 1), (1, 0), (0, 1)]),
    ],
)
def test_a_tempo_goes_by_the_order_of_its_parts(names: list[str], levels: list[tuple[float, float]]) -> None:
    assert ends(cycle(*((name, None) for name in names), rep=1)) == levels


def test_a_single_part_swells_and_sinks_within_itself() -> None:
    run = cycle(("turn", None), rep=1)
    levels = [round(level_at(run, 0, part), 3) for part in (0.0, 0.5, 1.0)]
    assert levels == [0, 1, 0]


def test_reps_do_not_run_into_each_other() -> None:
    reps = [phase("work", 1_000, part=part, rep=rep, reps=2) for rep in (1, 2) for part in ("up", "down")]
    assert ends(timeline(step("Circles", reps))) == [(0, 1), (1, 0), (0, 1), (1, 0)]


def test_its_word_and_seconds_are_those_of_the_part() -> None:
    now = pacer_state(at(cycle(("Cat", "out"), ("Cow", "in")), 5_500))
    assert now is not None
    assert (now.word, now.seconds) == ("Cow", 3)


def test_with_reduced_motion_it_stands_still_for_a_second_at_a_time() -> None:
    run = cycle(("In", "in"), ("Out", "out"))
    stepped = {now.level for ms in range(1_000, 2_000, 50) if (now := pacer_state(at(run, ms), in_whole_seconds=True))}
    gliding = {now.level for ms in range(1_000, 2_000, 50) if (now := pacer_state(at(run, ms)))}
    assert (len(stepped), len(gliding)) == (1, 20)


def test_a_hold_has_no_pacer_and_a_pause_keeps_it_where_it_was() -> None:
    assert pacer_state(at(timeline(hold(30_000)), 1_000)) is None
    run = cycle(("In", "in"), ("Out", "out"))
    assert pacer_state(at(run, 2_000, Command.PAUSE)) == pacer_state(at(run, 2_000))


@given(st.floats(0, 1), st.integers(1, 90), st.integers(1, 12))
def test_the_shape_fills_its_cells_exactly_and_is_alike_left_and_right(level: float, columns: int, rows: int) -> None:
    drawn = breath_shape(level, columns, rows)
    assert len(drawn) == rows
    for row in drawn:
        assert len(row) == columns
        assert row == row[::-1]


@given(st.floats(0, 1), st.floats(0, 1), st.integers(4, 60), st.integers(1, 9))
def test_the_more_it_swells_the_more_of_every_cell_it_covers(one: float, other: float, columns: int, rows: int) -> None:
    low, high = sorted((one, other))
    for less, more in zip(
        "".join(breath_shape(low, columns, rows)), "".join(breath_shape(high, columns, rows)), strict=True
    ):
        assert BLOCKS.index(less) <= BLOCKS.index(more)


def test_it_never_vanishes_and_fills_its_room_when_it_is_full() -> None:
    assert breath_shape(0, 20, 3)[-1].strip()
    assert "█" in breath_shape(1, 20, 3)[0]


def test_it_moves_by_an_eighth_of_a_cell() -> None:
    middles = {breath_shape(step / 100, 21, 5)[0][10] for step in range(101)}
    assert middles == set(BLOCKS)


@pytest.mark.parametrize(
    ("cue", "index", "flashes"),
    [
        (sound(27_000, "tick", from_end=True), 0, True),
        (sound(0, "start"), 0, True),
        (sound(0, "end"), 1, True),
        (sound(0, "finish"), 1, True),
        (sound(500, "rest"), 1, False),
        (sound(0, "tick"), 1, False),
        (sound(15_000, "halfway"), 0, False),
        (line(27_000, "3", from_end=True), 0, False),
        (sound(1_000, "tick"), None, True),
    ],
)
def test_the_beeps_of_a_countdown_and_its_zero_flash_and_nothing_else(
    cue: Cue, index: int | None, flashes: bool
) -> None:
    assert is_countdown_beep(CueDue(1, index, cue)) is flashes
