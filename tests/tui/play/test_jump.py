from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui.conftest import OpenPlay, squat_timeline
from timer_app.core.timeline.dose import Dose
from timer_app.testing import hold, reps, step, timeline
from timer_app.tui.widgets.inputs import MarkedList


@asynccontextmanager
async def listed(*names: str) -> AsyncIterator[Pilot[None]]:
    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield MarkedList([(None if name == "gone" else name, name) for name in names])

    async with Shown().run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        yield pilot


def marked(pilot: Pilot[None]) -> list[str]:
    shown = pilot.app.screen.query_one(MarkedList)
    lines = [str(shown.get_option_at_index(index).prompt) for index in range(shown.option_count)]
    return [line.removeprefix("▸ ") for line in lines if line.startswith("▸ ")]


async def test_one_line_has_the_mark_and_it_moves_with_the_keys() -> None:
    async with listed("one", "two", "gone", "four") as pilot:
        assert marked(pilot) == ["one"]
        await pilot.press("down")
        assert marked(pilot) == ["two"]
        await pilot.press("down")
        assert marked(pilot) == ["four"]
        await pilot.press("up", "up")
        assert marked(pilot) == ["one"]


async def test_the_step_that_runs_is_marked_in_the_list_to_jump_by(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline()) as play:
        await play.press("j")
        assert marked(play.pilot)[0].startswith("Wall squat")
        await play.press("down", "down")
        assert marked(play.pilot)[0].startswith("Plank")


async def test_no_is_the_answer_marked_at_first(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline()) as play:
        await play.press("q")
        assert marked(play.pilot)[0].startswith("No, go on")
        await play.press("down")
        assert marked(play.pilot)[0].startswith("Yes, end it")


async def test_the_list_to_jump_by_has_doses_of_all_rounds_at_the_right_or_below(open_play: OpenPlay) -> None:
    clap = step("Clap above the head", reps(3), dose=Dose("reps", 3))
    steps = (step("Plank", hold(30_000), dose=Dose("hold", 30_000)), clap)
    rounds = timeline(*steps)
    info = replace(rounds.steps[1], depth=1, planned=Dose("reps", 3, 2))
    rounds = replace(rounds, steps=(rounds.steps[0], info))
    for columns, rows in (
        (46, [("▸ Plank", "30 s"), ("    Clap above the head", "2 × 3 reps")]),
        (28, [("▸ Plank", "30 s"), ("    Clap above the head", ""), ("", "2 × 3 reps")]),
    ):
        async with open_play(rounds, size=(columns, 20)) as play:
            await play.press("j")
            shown = play.app.screen.query_one(MarkedList)
            width = shown.scrollable_content_region.width - 1
            drawn = [shown.render_line(row).text.rstrip() for row in range(len(rows))]
            assert drawn == [f"{left}{right:>{width - len(left)}}".rstrip() for left, right in rows]
