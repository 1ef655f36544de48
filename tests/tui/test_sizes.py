from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from tests.tui.conftest import ENTRIES, FakeLiveRun, OpenPlay, Play, make_app, squat_timeline
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.model import StepInfo
from timer_app.library.library import SessionEntry
from timer_app.testing import hold, step, timeline, wait
from timer_app.tui.play.screen import PlayScreen
from timer_app.tui.play.step_list import StepList, first_visible_row, step_rows
from timer_app.tui.widgets.big_text import Countdown, PhaseWord
from timer_app.tui.widgets.text_layout import MessageLine

SIZES = [(200, 60), (120, 40), (80, 24), (43, 46), (40, 12), (20, 5), (10, 3), (1, 1)]


def drawn_rows(play: Play) -> int:
    countdown = play.screen.query_one(Countdown)
    rows = [countdown.render_line(y).text for y in range(countdown.size.height)]
    return sum(1 for row in rows if row.strip())


@pytest.mark.parametrize("size", SIZES[::2] + SIZES[-1:])
async def test_every_screen_can_be_drawn_at_any_size(open_play: OpenPlay, size: tuple[int, int]) -> None:
    async with open_play(squat_timeline(), size=size) as play:
        await play.pass_time(1_000)
        for keys in (["space"], ["j"], ["escape"], ["question_mark"], ["escape"], ["q"], ["n"], ["f", "y"], ["enter"]):
            await play.press(*keys)


async def test_digits_stand_at_least_twelve_rows_high_on_a_wide_terminal(open_play: OpenPlay) -> None:
    async with open_play(timeline(step("Squat", hold(30_000, side="left"))), size=(120, 40)) as play:
        assert drawn_rows(play) >= 12


@pytest.mark.parametrize(("size", "rows"), [((80, 24), 5), ((43, 46), 10), ((20, 5), 3)])
async def test_digits_stay_large_on_smaller_terminals(open_play: OpenPlay, size: tuple[int, int], rows: int) -> None:
    async with open_play(timeline(step("Squat", hold(30_000))), size=size) as play:
        assert drawn_rows(play) >= rows


async def test_a_tiny_terminal_shows_the_word_and_the_time_and_nothing_else(open_play: OpenPlay) -> None:
    async with open_play(timeline(step("Squat", hold(30_000))), size=(20, 5)) as play:
        shown = {widget.id for widget in play.screen.query("*") if widget.display and widget.region.area}
        assert shown == {"run", "main", "middle", "face", "word", "time"}


async def test_a_long_notice_on_a_tiny_terminal_leaves_the_time_in_sight(open_play: OpenPlay) -> None:
    async with open_play(timeline(step("Squat", hold(30_000))), size=(20, 5)) as play:
        play.screen.query_one(MessageLine).show_message("No sound: no device answers. The session goes on silently.")
        await play.pilot.pause()
        assert play.screen.query_one(MessageLine).region.height == 1


@pytest.mark.parametrize("size", SIZES[:6])
@pytest.mark.parametrize("ready", [True, False])
async def test_the_word_and_the_figure_are_on_the_screen_from_the_first_moment(
    open_play: OpenPlay, size: tuple[int, int], ready: bool
) -> None:
    live_run = FakeLiveRun(timeline(step("Wait", wait("Fetch the ball."), kind="wait")), ready=ready)
    async with open_play(live_run, size=size) as play:
        live_run.ready = True
        await play.pass_time(0)
        word = play.screen.query_one(PhaseWord).region
        rows = [strip.text for strip in play.app.screen._compositor.render_strips()]
        assert any(row[word.x : word.right].strip() for row in rows[word.y : word.bottom])


async def test_the_list_of_steps_is_beside_or_below_where_there_is_room(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline(), size=(120, 40)) as play:
        steps = play.screen.query_one(StepList)
        assert steps.region.x > 60
        await play.pilot.resize_terminal(43, 46)
        await play.pilot.pause()
        assert (steps.region.x, steps.region.y > 30) == (1, True)
        await play.pilot.resize_terminal(80, 24)
        await play.pilot.pause()
        assert not play.screen.query_one("#side").display


@pytest.mark.parametrize(("width", "rows"), [(42, 2), (26, 4)])
def test_the_list_of_steps_tells_each_dose_in_all_rounds_beside_its_step_or_below_it(width: int, rows: int) -> None:
    steps = (
        StepInfo("Seated upper-back turn", "reps", Dose("reps", 10, sides=("left", "right"))),
        StepInfo("Shoulder-blade squeeze", "reps", Dose("reps", 8), depth=1, planned=Dose("reps", 8, 3)),
    )
    shown = list(step_rows(steps, ("current", "coming"), width))
    assert [index for index, _ in shown] == sorted([0, 1] * (rows // 2))
    assert {cell_len(row) for _, row in shown} == {width}
    reported = " ".join(row for _, row in shown)
    assert "10 reps each side" in reported
    assert "3 × 8 reps" in reported


async def test_the_current_step_stays_in_sight_where_steps_have_two_rows(open_play: OpenPlay) -> None:
    doses = [
        step(f"An exercise with a long name {n}", hold(4_000), dose=Dose("reps", 10, sides=("left", "right")))
        for n in range(9)
    ]
    async with open_play(timeline(*doses), size=(43, 46)) as play:
        for number in range(9):
            steps = play.screen.query_one(StepList)
            rows = [steps.render_line(y).text for y in range(steps.size.height)]
            (at,) = [y for y, row in enumerate(rows) if row.startswith("▸")]
            assert f"name {number}" in rows[at]
            assert "10 reps each side" in rows[at + 1]
            await play.press("n")


@pytest.mark.parametrize(
    ("size", "reported"),
    [
        ((80, 24), "1:02 left · ends at 18:30 or later"),
        ((43, 24), "1:02 left · ends at 18:30"),
        ((34, 24), "1:02 left"),
    ],
)
async def test_the_time_that_is_left_is_told_without_a_cut_word(
    open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], reported: str
) -> None:
    monkeypatch.setattr(PlayScreen, "wall_clock", staticmethod(lambda: datetime(2024, 5, 10, 18, 29, tzinfo=UTC)))
    steps = step("Squat", hold(62_000)), step("Wait", wait("Fetch the ball."), kind="wait")
    for first in (size, (80, 24), (20, 5)):
        async with open_play(timeline(*steps), size=first) as play:
            await play.pilot.resize_terminal(*size)
            await play.pilot.pause()
            assert play.shown("#left") == reported


async def test_a_run_and_what_is_typed_live_through_any_change_of_size(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline()) as play:
        await play.pass_time(3_000)
        for size in reversed(SIZES):
            await play.pilot.resize_terminal(*size)
            await play.pilot.pause()
            assert play.shown("#time") == "2"
        await play.pass_time(1_000)
        assert play.shown("#time") == "1"


@pytest.mark.parametrize(
    ("started_with", "theme"), [(None, "textual-dark"), (ENTRIES[0], "textual-light"), (ENTRIES[0], "ansi-dark")]
)
async def test_without_colours_everything_is_still_drawn(
    monkeypatch: pytest.MonkeyPatch, started_with: SessionEntry | None, theme: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(FakeLiveRun(squat_timeline()), started_with=started_with)
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = theme
        await app.workers.wait_for_complete()
        await pilot.pause()
        for key in ("question_mark", "escape", "down", "space", "j", "escape"):
            await pilot.press(key)
        await pilot.pause()
        assert app.no_color


@pytest.mark.parametrize(
    ("count", "current", "rows", "first"), [(3, 0, 9, 0), (30, 0, 9, 0), (30, 10, 9, 7), (30, 29, 9, 21), (3, 2, 0, 2)]
)
def test_the_list_follows_the_current_step_and_leaves_no_row_empty(
    count: int, current: int, rows: int, first: int
) -> None:
    assert first_visible_row(count, current, rows) == first


async def test_a_screen_that_shows_the_same_is_not_drawn_again(
    open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_play(squat_timeline()) as play:
        await play.pass_time(100)
        drawn: list[object] = []
        for widget in play.screen.query("*"):
            monkeypatch.setattr(widget, "refresh", lambda *_, w=widget, **__: drawn.append(w.id))
        await play.pass_time(10)
        await play.pass_time(10)
        assert drawn == []
        await play.pass_time(1_000)
        assert "time" in drawn
        assert "word" not in drawn


@pytest.mark.parametrize("size", SIZES[:6])
async def test_a_notice_never_covers_the_time(open_play: OpenPlay, size: tuple[int, int]) -> None:
    async with open_play(timeline(step("Squat", hold(30_000))), size=size) as play:
        notice = play.screen.query_one(MessageLine)
        notice.show_message(
            "No sound: no device answers. The session goes on silently; look into the log to learn more. " * 3
        )
        await play.pilot.pause()
        assert notice.region.area
        assert not notice.region.overlaps(play.screen.query_one(Countdown).region)
