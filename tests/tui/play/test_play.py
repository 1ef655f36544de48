from __future__ import annotations

import asyncio
import re
import threading
from datetime import UTC, datetime
from itertools import product
from typing import Any, cast

import pytest
from textual.widgets import Static

from tests.tui.conftest import ENTRIES, LIMIT_S, FakeLiveRun, OpenPlay, at_rest, labelled, make_app, squat_timeline
from tests.tui.pictures import check_picture
from timer_app.core.player.states import State
from timer_app.library import exercises as catalogue
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths
from timer_app.testing import hold, measure, self_paced, step, timeline, wait
from timer_app.tui.dialogs import ConfirmScreen, HelpScreen
from timer_app.tui.play.jump import JumpScreen
from timer_app.tui.play.screen import PlayScreen
from timer_app.tui.summary import SummaryScreen
from timer_app.tui.widgets.answer_scale import AnswerScale

SHIPPED = catalogue.read_catalogue([paths.shipped_sessions_dir() / "exercises"], SoundLibrary(())).exercises
HOLD = step("Hold", hold(30_000))


async def test_a_session_is_led_from_its_start_to_the_summary(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline()) as play:
        assert (play.shown("#word"), play.shown("#time")) == ("PREPARE", "5")
        assert play.shown("#name") == "Wall squat"
        assert play.shown("#text") == "Back flat."
        await play.pass_time(4_000)
        await play.pass_time(1_000)
        assert (play.shown("#word"), play.shown("#time")) == ("HOLD", "30")
        for _ in range(8):
            await play.pass_time(4_000)
        assert (play.shown("#word"), play.shown("#next")) == ("REST", "Next: Plank\n30 s")
        for _ in range(9):
            await play.pass_time(4_000)
        await play.pass_time(2_000)
        assert isinstance(play.top(), SummaryScreen)
        await play.press("enter")
    assert play.app.return_code == 0
    assert play.live_run.recorder.record.work_ms == 60_000


async def test_a_run_that_is_left_while_it_gets_ready_ends_as_given_up(open_play: OpenPlay) -> None:
    live_run = FakeLiveRun(squat_timeline(), ready=False)
    async with open_play(live_run) as play:
        await play.press("q")
    assert (play.app.return_code, live_run.closed) == (130, 1)


async def test_a_run_that_opens_after_it_was_left_is_closed() -> None:
    closed, begun, may_go_on = asyncio.Event(), threading.Event(), threading.Event()
    live_run = FakeLiveRun(squat_timeline())
    cast("Any", live_run).close = closed.set

    def open_slowly() -> FakeLiveRun:
        begun.set()
        may_go_on.wait(LIMIT_S)
        return live_run

    app = make_app(open_slowly, started_with=ENTRIES[0])
    async with asyncio.timeout(LIMIT_S), app.run_test() as pilot:
        while not begun.is_set():
            await pilot.pause()
        await pilot.press("q")
        may_go_on.set()
        await closed.wait()
    assert app.return_code == 130


async def test_space_pauses_and_goes_on_after_three_seconds(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.pass_time(4_000)
        await play.press("space")
        assert play.shown("#word") == "PAUSED"
        assert play.shown("#hint") == "Press Space to go on. Paused for 0 s."
        await play.press("space")
        assert (play.shown("#word"), play.shown("#time")) == ("GET READY", "3")
        await play.pass_time(3_000)
        assert (play.shown("#word"), play.shown("#time")) == ("HOLD", "26")


async def test_next_back_and_restart_move_the_run(open_play: OpenPlay) -> None:
    async with open_play(timeline(*labelled("A", "B"))) as play:
        await play.press("n")
        assert play.shown("#name") == "B"
        await play.press("left")
        assert play.shown("#name") == "A"
        await play.pass_time(4_000)
        await play.press("r")
        assert play.shown("#time") == "30"


async def test_ten_seconds_are_added_and_taken_off(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.press("plus")
        assert play.shown("#time") == "40"
        await play.press("minus", "minus")
        assert play.shown("#time") == "20"


async def test_reps_at_ones_own_pace_are_counted_with_space(open_play: OpenPlay) -> None:
    run = timeline(step("Press-ups", self_paced(3, label="Press-ups"), kind="reps"), HOLD)
    async with open_play(run) as play:
        await play.press("space", "space")
        assert play.shown("#time") == "2/3"
        await play.press("space")
        assert play.shown("#word") == "HOLD"


async def test_enter_goes_on_where_the_session_waits(open_play: OpenPlay) -> None:
    async with open_play(timeline(wait("Fetch the ball."), HOLD)) as play:
        assert (play.shown("#word"), play.shown("#time"), play.shown("#text")) == ("WAIT", "", "Fetch the ball.")
        await play.press("enter")
        assert play.shown("#word") == "HOLD"


async def test_a_number_is_typed_checked_and_taken(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure("pain", 0, 10), HOLD)) as play:
        assert play.focus() == "answer"
        await play.press("1", "2", "enter")
        assert "from 0 to 10" in play.message
        await play.press("backspace", "comma", "5", "enter")
        assert play.shown("#word") == "HOLD"
        assert play.focus() is None
    (answer,) = play.live_run.recorder.record.answers
    assert answer.value == 1.5


@pytest.mark.parametrize("size", [(120, 40), (43, 46), (60, 15)])
async def test_a_number_is_clicked(open_play: OpenPlay, size: tuple[int, int]) -> None:
    async with open_play(timeline(measure("pain", 0, 10), measure("pain", 0, 10), HOLD), size=size) as play:
        for number in (10, 0):
            scale = play.screen.query_one(AnswerScale)
            places = product(range(scale.size.width), range(scale.size.height))
            place = next(place for place in places if scale.number_at(*place) == number)
            await play.pilot.click(scale, offset=place)
            await play.pilot.pause()
        assert play.shown("#word") == "HOLD"
    assert [answer.value for answer in play.live_run.recorder.record.answers] == [10, 0]


@pytest.mark.parametrize(
    ("name", "size"),
    [("wide", (120, 40)), ("narrow", (43, 46)), ("phone", (46, 35)), ("short", (60, 15)), ("tiny", (20, 5))],
)
async def test_a_question_fits_every_layout(
    open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch, name: str, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(PlayScreen, "wall_clock", lambda: datetime(2026, 1, 2, 12, tzinfo=UTC))
    live_run = FakeLiveRun(timeline(step("Pain", measure("pain", 0, 10, label="Pain"), kind="measure"), HOLD))
    live_run.answered_before = {0: 4.0}
    async with open_play(live_run, size=size) as play:
        await play.press("7")
        check_picture(play.app, f"question-{name}")


async def test_the_scale_has_words_marks_what_is_typed_and_what_was_answered_last_time(open_play: OpenPlay) -> None:
    live_run = FakeLiveRun(timeline(measure("pain", 0, 10), measure("reach", 0, 120, unit="cm")))
    live_run.answered_before = {0: 4.0, 1: 12.5}
    async with open_play(live_run, size=(80, 24)) as play:
        scale = play.screen.query_one(AnswerScale)
        lines = [scale.render_line(y).text for y in range(scale.size.height)]
        assert lines[1].split() == [str(number) for number in range(11)]
        assert lines[2].index("last") == pytest.approx(lines[1].index("4"), abs=2)
        assert re.split(" {2,}", lines[3].strip()) == ["0 no pain", "10 worst imaginable"]
        await play.press("1", "0")
        mark = scale.get_component_rich_style("scale--typed")
        typed = {segment.text.strip() for segment in scale.render_line(1) if segment.style == mark}
        assert typed == {"10"}
        await play.press("enter")
        assert play.shown("#question") == "Reach?  Last time: 12.5 cm."
        assert not scale.display


async def test_what_was_wrong_with_an_answer_is_not_shown_at_the_next_question(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure("pain", 0, 10), measure("reach", 0, 120))) as play:
        await play.press("1", "2", "enter")
        assert "from 0 to 10" in play.message
        await play.press("backspace", "enter")
        assert play.message == ""


async def test_what_is_not_a_number_is_refused_and_may_be_mended(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure("reach", None, None), HOLD)) as play:
        await play.press("minus", "enter")
        assert play.message == "That is not a number."
        await play.press("4", "enter")
    assert play.live_run.recorder.record.answers[0].value == -4


async def test_enter_alone_passes_a_question_over(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure(), HOLD)) as play:
        await play.press("enter")
        assert play.shown("#word") == "HOLD"
    assert play.live_run.recorder.record.answers == []


async def test_letters_keep_their_meaning_while_a_number_is_asked(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure(), HOLD)) as play:
        await play.press("4", "p")
        assert play.shown("#word") == "PAUSED"
        await play.press("p", "n")
        assert play.shown("#word") == "HOLD"


async def test_a_session_that_is_over_is_done_again_by_a_key() -> None:
    opened: list[FakeLiveRun] = []

    def open_run() -> FakeLiveRun:
        opened.append(FakeLiveRun(timeline(wait("Fetch the ball."))))
        return opened[-1]

    app = make_app(open_run, started_with=ENTRIES[0])
    async with asyncio.timeout(LIMIT_S), app.run_test() as pilot:
        await at_rest(app)
        await pilot.press("enter")
        await at_rest(app)
        await pilot.pause()
        shown = [type(app.screen)]
        await pilot.press("a")
        await at_rest(app)
        await pilot.pause()
        assert [*shown, type(app.screen)] == [SummaryScreen, PlayScreen]
        assert len(opened) == 2


async def test_giving_up_asks_first_and_the_run_stands_meanwhile(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.pass_time(2_000)
        await play.press("q")
        assert isinstance(play.top(), ConfirmScreen)
        assert play.state() is State.PAUSED
        await play.press("enter")
        assert play.state() is State.LEAD_IN
        await play.press("escape", "y")
        assert isinstance(play.top(), SummaryScreen)
        await play.press("q")
    assert play.app.return_code == 130
    assert play.live_run.recorder.record.ending == "given up"


async def test_a_run_that_was_paused_before_stays_so_after_a_no(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.press("p", "q", "n")
        assert play.state() is State.PAUSED


async def test_giving_up_before_anything_was_done_shows_no_summary(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline()) as play:
        await play.press("q", "down", "enter")
    assert play.app.return_code == 130


async def test_finishing_early_asks_and_keeps_what_was_done(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.pass_time(3_000)
        await play.press("f", "y")
        assert isinstance(play.top(), SummaryScreen)
        await play.press("enter")
    assert play.app.return_code == 0
    assert play.live_run.recorder.record.ending == "finished early"


async def test_a_step_is_chosen_from_the_list_and_gone_to(open_play: OpenPlay) -> None:
    async with open_play(timeline(*labelled("A", "B", "C"))) as play:
        await play.press("j")
        assert isinstance(play.top(), JumpScreen)
        await play.press("down", "down", "enter")
        assert play.shown("#name") == "C"
        await play.press("j", "escape")
        assert play.shown("#name") == "C"


async def test_the_keys_are_shown_over_a_dialogue_once(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        for key, dialogue in (("j", JumpScreen), ("q", ConfirmScreen)):
            await play.press(key, "f1")
            assert isinstance(play.top(), HelpScreen)
            await play.press("f1", "escape")
            assert isinstance(play.top(), dialogue)
            await play.press("escape")


async def test_the_help_lies_over_the_run_which_goes_on(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.press("question_mark")
        top = play.top()
        assert isinstance(top, HelpScreen)
        assert str(top.query_one("#help-lines", Static).render()).startswith("While a session runs")
        await play.pass_time(2_000)
        assert play.shown("#time") == "28"
        await play.press("escape")
        assert play.top() is play.screen


async def test_keys_are_those_of_the_settings(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD), keys={"go": "x", "next": "space"}) as play:
        await play.press("x")
        assert play.shown("#word") == "PAUSED"
        assert play.shown("#hint") == "Press x to go on. Paused for 0 s."


async def test_control_c_leaves_at_once_whatever_has_the_focus(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure(), HOLD)) as play:
        await play.press("ctrl+c")
    assert play.app.return_code == 130


@pytest.mark.parametrize("key", ["ctrl+q", "f10"])
async def test_the_key_that_leaves_asks_first_while_a_session_runs(open_play: OpenPlay, key: str) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.press(key)
        assert isinstance(play.top(), ConfirmScreen)
        await play.press("n")
        assert play.app.is_running
        await play.press(key, "y")
    assert play.app.return_code == 130


async def test_every_command_can_be_found_by_its_name(open_play: OpenPlay) -> None:
    from timer_app.tui.key_bindings import commands_of

    async with open_play(timeline(HOLD)) as play:
        offered = {command.title for command in play.app.get_system_commands(cast("Any", play.screen))}
        assert {command.label for command in commands_of("play")} <= offered
        await play.press("ctrl+p")
        await play.pilot.press(*"restart")
        await play.pilot.pause(0.3)
        await play.pass_time(4_000)
        await play.press("enter", "enter")
        await play.pilot.pause()
        assert play.shown("#time") == "30"
