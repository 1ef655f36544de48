from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest
from textual.widgets import Static

from tests.core.compiling import plan
from tests.tui.conftest import FakeStage, OpenPlay, squat_timeline
from timer_app import catalogue, paths
from timer_app.core.compile import compile_session
from timer_app.core.model import Session
from timer_app.core.moves import State
from timer_app.core.timeline import StepInfo
from timer_app.soundbox import SoundBox
from timer_app.testing import hold, measure, phase, rest, self_paced, sound, step, timeline, wait
from timer_app.tui.screens import play as play_module
from timer_app.tui.screens.confirm import ConfirmScreen
from timer_app.tui.screens.help import HelpScreen
from timer_app.tui.screens.jump import JumpScreen
from timer_app.tui.screens.summary import SummaryScreen
from timer_app.tui.widgets import message
from timer_app.tui.widgets.big_text import BigText
from timer_app.tui.widgets.figure import Figure
from timer_app.tui.widgets.step_list import StepList

SHIPPED = catalogue.read_catalogue([paths.shipped_sessions() / "exercises"], SoundBox(())).exercises
HOLD = step("Hold", hold(30_000))


def labelled(*names: str) -> list[object]:
    return [step(name, hold(30_000, label=name), dose="30 s") for name in names]


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
    assert play.stage.recorder.record.work_ms == 60_000


async def test_getting_ready_shows_cautions_and_progress_and_then_begins_by_itself(open_play: OpenPlay) -> None:
    stage = FakeStage(squat_timeline(), ready=False)
    stage.cautions = ("Stop if it [red]hurts[/].",)
    stage.lines = (2, 7)
    async with open_play(stage) as play:
        screen = play.screen
        assert screen.has_class("-preparing")
        assert "2 of 7" in str(screen.query_one("#ready-progress").render())
        assert "[red]hurts[/]" in str(screen.query_one("#ready-cautions").render())
        stage.ready = True
        await play.pass_time(0)
        assert not screen.has_class("-preparing")
        assert play.shown("#time") == "5"


async def test_a_run_that_is_left_while_it_gets_ready_ends_as_given_up(open_play: OpenPlay) -> None:
    stage = FakeStage(squat_timeline(), ready=False)
    async with open_play(stage) as play:
        await play.press("q")
    assert (play.app.return_code, stage.closed) == (130, 1)


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
    async with open_play(timeline(*labelled("A", "B"))) as play:  # type: ignore[arg-type]
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


async def test_what_is_refused_is_said_in_a_line_that_goes_away_by_itself(
    open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_play(timeline(wait())) as play:
        await play.press("plus")
        assert play.message.startswith("Not now: ")
        assert play.screen.query_one("#message").display
        monkeypatch.setattr(message, "_SHOWN_S", 0.01)
        monkeypatch.setattr(message, "_PER_CHARACTER_S", 0.0)
        await play.press("minus")
        async with asyncio.timeout(5):
            while play.message:
                await play.pilot.pause(0.01)
        assert not play.screen.query_one("#message").display


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
    (answer,) = play.stage.recorder.record.answers
    assert answer.value == 1.5


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
    assert play.stage.recorder.record.answers[0].value == -4


async def test_enter_alone_passes_a_question_over(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure(), HOLD)) as play:
        await play.press("enter")
        assert play.shown("#word") == "HOLD"
    assert play.stage.recorder.record.answers == []


async def test_letters_keep_their_meaning_while_a_number_is_asked(open_play: OpenPlay) -> None:
    async with open_play(timeline(measure(), HOLD)) as play:
        await play.press("4", "p")
        assert play.shown("#word") == "PAUSED"
        await play.press("p", "n")
        assert play.shown("#word") == "HOLD"


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
    assert play.stage.recorder.record.ending == "given up"


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
    assert play.stage.recorder.record.ending == "finished early"


async def test_a_step_is_chosen_from_the_list_and_gone_to(open_play: OpenPlay) -> None:
    async with open_play(timeline(*labelled("A", "B", "C"))) as play:  # type: ignore[arg-type]
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


async def test_the_list_of_steps_marks_what_was_done_passed_over_and_runs(open_play: OpenPlay) -> None:
    async with open_play(timeline(*labelled("A", "B", "C"))) as play:  # type: ignore[arg-type]
        await play.pass_time(4_000)
        await play.press("n")
        await play.press("n")
        rows = [play.screen.query_one(StepList).render_line(y).text.split() for y in range(3)]
        assert rows == [["✓", "A", "30", "s"], ["-", "B", "30", "s"], ["▸", "C", "30", "s"]]


async def test_the_sound_is_muted_and_its_loudness_shown(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.press("up")
        assert (play.stage.volume, play.shown("#sound")) == (85, "Volume 85 %")
        await play.press("m")
        assert (play.stage.muted, play.shown("#sound")) == (True, "Muted")


async def test_where_nothing_plays_no_loudness_is_shown(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        play.stage.is_heard = False
        await play.press("up")
        assert play.shown("#sound") == "No sound"


async def test_keys_that_do_not_work_are_told_at_the_start_of_a_run(open_play: OpenPlay) -> None:
    stage = FakeStage(timeline(HOLD))
    async with open_play(stage, keys={"pauze": "p"}) as play:
        assert play.message.startswith('keys.pauze: there is no command "pauze"')


async def test_notices_of_the_stage_are_shown(open_play: OpenPlay) -> None:
    stage = FakeStage(timeline(HOLD))
    stage.notices = ["No sound: no device; going on silently."]
    async with open_play(stage) as play:
        assert play.message == "No sound: no device; going on silently."


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


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_control_c_leaves_at_once_whatever_has_the_focus(open_play: OpenPlay, key: str) -> None:
    async with open_play(timeline(measure(), HOLD)) as play:
        await play.press(key)
    assert play.app.return_code == 130


async def test_texts_of_a_file_are_shown_as_they_are_written(open_play: OpenPlay) -> None:
    text = "[red]x[/] [@click=app.leave]y[/] {z}"
    run = timeline(step(text, hold(30_000, label=text, text=f"Do {text}", side="[b]left")), wait(text, label=text))
    async with open_play(run, size=(160, 40)) as play:
        shown = "\n".join(strip.text for strip in play.app.screen._compositor.render_strips())
        assert shown.count(text) == 3  # the name, the instruction, and what is next


async def test_every_command_can_be_found_by_its_name(open_play: OpenPlay) -> None:
    from timer_app.tui.commands import commands_of

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


async def test_flash_motion_and_figure_are_turned_off_and_on_by_a_key_each(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        looks = play.app.looks
        assert (looks.flash, looks.reduced_motion, looks.figure) == (True, False, True)
        await play.press("l", "k", "g")
        assert (looks.flash, looks.reduced_motion, looks.figure) == (False, True, False)
        await play.press("l")
        assert play.message == "The time flashes with each beep. It stays still while motion is reduced."
        assert not looks.flashes


async def test_word_and_time_are_shown_inverted_for_a_moment_with_a_beep(
    open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play_module, "FLASH_S", 60.0)
    run = timeline(hold(10_000, sound(7_000, "tick", from_end=True)))
    async with open_play(run) as play:
        assert not any(big.inverted for big in play.screen.query(BigText))
        for _ in range(7):
            await play.pass_time(1_000)
        inverted = {big.id for big in play.screen.query(BigText) if big.inverted}
        assert inverted >= {"word", "time"}
        assert any(segment.style and segment.style.reverse for segment in play.screen.query_one("#time").render_line(8))


async def test_a_flash_ends_by_itself(open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play_module, "FLASH_S", 0.01)
    async with open_play(timeline(HOLD)) as play:
        play.screen.flash()
        assert any(big.inverted for big in play.screen.query(BigText))
        async with asyncio.timeout(5):
            while any(big.inverted for big in play.screen.query(BigText)):
                await play.pilot.pause(0.01)


async def test_a_breath_swells_on_the_screen_with_its_word_and_seconds(open_play: OpenPlay) -> None:
    breath = [phase("work", 4_000, part="In", breath="in"), phase("work", 4_000, part="Out", breath="out")]
    async with open_play(timeline(step("Breathe", breath, kind="flow"), HOLD)) as play:
        pacer = play.screen.query_one("#pacer")
        assert (pacer.display, play.shown("#pacer"), play.shown("#word")) == (True, "In · 4", "IN")
        sunk = sum(pacer.render_line(y).text.count("█") for y in range(pacer.size.height))
        await play.pass_time(3_000)
        assert play.shown("#pacer") == "In · 1"
        assert sum(pacer.render_line(y).text.count("█") for y in range(pacer.size.height)) > 4 * sunk
        await play.press("n")
        assert not pacer.display


async def test_a_pause_says_large_how_to_go_on_and_how_long_it_has_lasted(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD), size=(80, 24)) as play:
        assert not play.screen.query_one("#go-on").display
        await play.press("space")
        assert play.shown("#go-on") == "SPACE GOES ON"
        await play.pass_time(12_000)
        assert play.shown("#hint") == "Press Space to go on. Paused for 12 s."


async def test_a_rest_shows_what_comes_next_and_what_it_needs(open_play: OpenPlay) -> None:
    squat = StepInfo("Wall squat", "hold", "30 s", equipment=("wall", "ball"))
    run = timeline(rest(10_000), hold(30_000, label="Wall squat", text="Back flat."))
    run = replace(run, steps=(run.steps[0], squat))
    async with open_play(run) as play:
        assert play.shown("#next") == "Next: Wall squat\n30 s · You need: wall, ball"
        assert play.shown("#text") == "Back flat."


async def test_the_figure_stands_where_there_is_room_and_hides_by_its_key(open_play: OpenPlay) -> None:
    data = {"schema": 1, "name": "A", "steps": [{"exercise": "cat-cow"}, {"name": "B", "hold": "30s"}]}
    run = compile_session(Session.model_validate(data), plan(catalogue=SHIPPED)).timeline
    async with open_play(run) as play:

        def drawn() -> set[str | None]:
            return {shown.id for shown in play.screen.query(Figure) if shown.display and shown.is_drawn}

        await play.pass_time(1_000)
        assert drawn() == {"figure-aside"}
        await play.pilot.resize_terminal(80, 24)
        await play.pass_time(1_000)
        assert drawn() == {"figure"}
        await play.press("g")
        assert drawn() == set()
        await play.press("g")
        await play.pass_time(1_000)
        while play.shown("#name") != "B" or play.shown("#word") != "HOLD":
            await play.press("n")
        assert drawn() == set()
