"""What is seen of a run: texts, marks, notices, the flash, the shape of a breath, and the figure."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.core.compiling import plan
from tests.tui.conftest import FakeLiveRun, OpenPlay, Play, labelled, squat_timeline
from timer_app.core.compiler.compile import compile_session
from timer_app.core.player.events import Event
from timer_app.core.session.model import Session
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.model import StepInfo, Timeline
from timer_app.library import exercises as catalogue
from timer_app.library.sounds import SoundLibrary
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingsStore
from timer_app.system import paths
from timer_app.testing import hold, measure, phase, rest, sound, step, timeline, wait
from timer_app.tui import summary as report
from timer_app.tui.play import board as run_board
from timer_app.tui.play.step_list import StepList
from timer_app.tui.widgets import text_layout as message
from timer_app.tui.widgets.big_text import BigText
from timer_app.tui.widgets.figure import FigureView
from timer_app.tui.widgets.inputs import MarkedList

SHIPPED = catalogue.read_catalogue([paths.shipped_sessions_dir() / "exercises"], SoundLibrary(())).exercises
HOLD = step("Hold", hold(30_000))


async def test_getting_ready_shows_cautions_and_progress_and_then_begins_by_itself(open_play: OpenPlay) -> None:
    live_run = FakeLiveRun(squat_timeline(), ready=False)
    live_run.cautions = ("Stop if it [red]hurts[/].",)
    live_run.lines = (2, 7)
    async with open_play(live_run) as play:
        screen = play.screen
        assert screen.has_class("-preparing")
        assert "2 of 7" in str(screen.query_one("#ready-progress").render())
        assert "[red]hurts[/]" in str(screen.query_one("#ready-cautions").render())
        live_run.ready = True
        await play.pass_time(0)
        assert not screen.has_class("-preparing")
        assert play.shown("#time") == "5"


async def test_what_is_refused_is_said_in_a_line_that_goes_away_by_itself(
    open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_play(timeline(wait())) as play:
        await play.press("plus")
        assert play.message.startswith("Not now: ")
        assert play.screen.query_one("#message").display
        monkeypatch.setattr(message, "_MIN_SHOWN_S", 0.01)
        monkeypatch.setattr(message, "_PER_CHARACTER_S", 0.0)
        await play.press("minus")
        async with asyncio.timeout(5):
            while play.message:
                await play.pilot.pause(0.01)
        assert not play.screen.query_one("#message").display


async def test_the_list_of_steps_tells_what_was_done_left_early_and_passed_over_from_what_runs(
    open_play: OpenPlay,
) -> None:
    async with open_play(timeline(*labelled("A", "B", "C", "D"))) as play:
        for _ in range(17):
            await play.pass_time(2_000)
        await play.press("n")
        await play.press("n")
        steps = play.screen.query_one(StepList)
        rows = [steps.render_line(y).text.split() for y in range(4)]
        assert rows == [[sign, name, "30", "s"] for sign, name in zip("✓~-▸", "ABCD", strict=True)]
        assert [
            row.sign for row in report.summary_rows(play.live_run.recorder.record, play.live_run.timeline.steps)
        ] == list("✓~--")


async def test_a_step_has_its_tick_once_all_of_its_sets_are_done_however_they_are_spread(open_play: OpenPlay) -> None:
    steps_done = tuple(StepInfo(name, "hold") for name in "ABC")
    rounds = (replace(hold(2_000), step=number, unit=unit) for unit, number in enumerate([0, 1, 0, 1, 2]))
    async with open_play(Timeline("Circuit", tuple(rounds), steps_done)) as play:
        steps = play.screen.query_one(StepList)

        def signs() -> list[str]:
            return [steps.render_line(y).text[0] for y in range(3)]

        await play.pass_time(2_500)
        assert signs() == [" ", "▸", " "]
        await play.pass_time(4_000)
        assert signs() == ["✓", "▸", " "]
        await play.press("n")
        assert signs() == ["✓", "~", "▸"]


async def test_a_question_that_is_passed_over_has_no_tick(open_play: OpenPlay) -> None:
    asked = [step(name, measure(), kind="measure") for name in ("Pain", "Mood")]
    both = step("Reach", measure("reach"), measure("reach"), kind="measure")
    async with open_play(timeline(*asked, both, *labelled("A"))) as play:
        await play.press("enter", "7", "enter", "7", "enter", "enter")
        steps = play.screen.query_one(StepList)
        assert [steps.render_line(y).text.split()[0] for y in range(4)] == ["-", "✓", "~", "▸"]


async def test_the_sound_is_muted_and_its_loudness_shown(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        await play.press("up")
        assert (play.live_run.volume, play.shown("#sound")) == (85, "Volume 85 %")
        await play.press("m")
        assert (play.live_run.muted, play.shown("#sound")) == (True, "Muted")


async def test_where_nothing_plays_no_loudness_is_shown(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        play.live_run.is_heard = False
        await play.press("up")
        assert play.shown("#sound") == "No sound"


async def test_keys_that_do_not_work_are_told_at_the_start_of_a_run(open_play: OpenPlay) -> None:
    live_run = FakeLiveRun(timeline(HOLD))
    async with open_play(live_run, keys={"pauze": "p"}) as play:
        assert play.message.startswith('keys.pauze: there is no command "pauze"')


async def test_notices_of_the_stage_are_shown(open_play: OpenPlay) -> None:
    live_run = FakeLiveRun(timeline(HOLD))
    live_run.notices = ["No sound: no device; going on silently."]
    async with open_play(live_run) as play:
        assert play.message == "No sound: no device; going on silently."


async def test_texts_of_a_file_are_shown_as_they_are_written(open_play: OpenPlay) -> None:
    text = "[red]x[/] [@click=app.leave]y[/] {z}"
    run = timeline(step(text, hold(30_000, label=text, text=f"Do {text}", side="[b]left")), wait(text, label=text))
    async with open_play(run, size=(160, 40)) as play:
        shown = "\n".join(strip.text for strip in play.app.screen._compositor.render_strips())
        assert shown.count(text) == 3  # the name, the instruction, and what is next


async def test_flash_motion_and_figure_are_turned_off_and_on_by_a_key_each(open_play: OpenPlay) -> None:
    async with open_play(timeline(HOLD)) as play:
        looks = play.app.display_options
        assert (looks.flash, looks.reduced_motion, looks.figure) == (True, False, True)
        await play.press("l", "k", "g")
        assert (looks.flash, looks.reduced_motion, looks.figure) == (False, True, False)
        await play.press("l")
        assert play.message == "The time flashes with each beep. It stays still while motion is reduced."
        assert not looks.is_flash_enabled


async def test_word_and_time_are_shown_inverted_for_a_moment_with_a_beep(
    open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_board, "FLASH_S", 60.0)
    run = timeline(hold(10_000, sound(7_000, "tick", from_end=True)))
    async with open_play(run) as play:
        assert not any(big.inverted for big in play.screen.query(BigText))
        for _ in range(7):
            await play.pass_time(1_000)
        inverted = {big.id for big in play.screen.query(BigText) if big.inverted}
        assert inverted >= {"word", "time"}
        assert any(segment.style and segment.style.reverse for segment in play.screen.query_one("#time").render_line(8))


async def test_a_flash_ends_by_itself(open_play: OpenPlay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_board, "FLASH_S", 0.01)
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
        assert play.shown("#go-on") == "SPACE: GO ON"
        await play.pass_time(12_000)
        assert play.shown("#hint") == "Press Space to go on. Paused for 12 s."


async def test_a_rest_shows_what_comes_next_and_what_it_needs(open_play: OpenPlay) -> None:
    squat = StepInfo("Wall squat", "hold", Dose("hold", 30_000), equipment=("wall", "ball"))
    run = timeline(rest(10_000), hold(30_000, label="Wall squat", text="Back flat."))
    run = replace(run, steps=(run.steps[0], squat))
    async with open_play(run) as play:
        assert play.shown("#next") == "Next: Wall squat\n30 s · You need: wall, ball"
        assert play.shown("#text") == "Back flat."


def with_figure() -> Timeline:
    """An exercise with a figure that moves, and one that has none."""
    data = {"schema": 1, "name": "A", "steps": [{"exercise": "cat-cow"}, {"name": "B", "hold": "30s"}]}
    return compile_session(Session.model_validate(data), plan(catalogue=SHIPPED)).timeline


def picture(figure: FigureView) -> list[str]:
    """The rows of a figure as they are seen."""
    return [figure.render_line(y).text for y in range(figure.size.height)] if figure.display else []


async def test_the_figure_stands_where_there_is_room_and_hides_by_its_key(open_play: OpenPlay) -> None:
    async with open_play(with_figure()) as play:

        def drawn() -> set[str | None]:
            return {shown.id for shown in play.screen.query(FigureView) if "".join(picture(shown)).strip()}

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


async def reduce_motion_in_the_settings(play: Play) -> None:
    await play.press("f2")
    settings = play.app.screen.query_one(MarkedList)
    settings.highlighted = settings.get_option_index("reduced_motion")
    await play.press("enter", "escape")


async def figures_of(play: Play) -> set[str]:
    """The pictures of the figure in four seconds."""
    pictures = set()
    for _ in range(16):
        await play.pass_time(250)
        pictures.add("\n".join(picture(play.screen.query_one("#figure-aside", FigureView))))
    return pictures


async def test_the_figure_keeps_to_its_key_poses_once_the_settings_ask_for_that(open_play: OpenPlay) -> None:
    async with open_play(with_figure(), settings_store=SettingsStore(Settings())) as play:
        while not play.screen.query_one("#pacer").display:
            await play.pass_time(1_000)
        assert len(await figures_of(play)) > 4
        await reduce_motion_in_the_settings(play)
        assert len(await figures_of(play)) <= 2


async def test_the_figure_comes_to_a_key_pose_at_once_though_the_run_stands(open_play: OpenPlay) -> None:
    async with open_play(with_figure(), settings_store=SettingsStore(Settings())) as play:
        while not play.screen.query_one("#pacer").display:
            await play.pass_time(1_000)
        await play.pass_time(1_500)
        await play.press("space")
        figure = play.screen.query_one("#figure-aside", FigureView)
        before = picture(figure)
        await reduce_motion_in_the_settings(play)
        assert picture(figure) != before


async def test_a_key_asks_for_an_easier_variant_and_the_list_of_steps_names_it(open_play: OpenPlay) -> None:
    class Ladder(FakeLiveRun):
        def change_variant(self, by: int) -> tuple[list[Event], str]:
            self.conductor.change_ahead(timeline(*labelled("Easy" if by < 0 else "Hard", "B")), 0)
            return [], "From now on: Easy."

    async with open_play(Ladder(timeline(*labelled("A", "B")))) as play:
        await play.pass_time(1_000)
        await play.press("e")
        assert play.message == "From now on: Easy."
        assert play.screen.query_one(StepList).render_line(0).text.split() == ["▸", "Easy", "30", "s"]
        await play.press("h")
        assert play.screen.query_one(StepList).render_line(0).text.split() == ["▸", "Hard", "30", "s"]


async def test_a_key_says_the_instruction_again_and_shows_it(open_play: OpenPlay) -> None:
    async with open_play(FakeLiveRun(timeline(*labelled("A", "B")))) as play:
        await play.pass_time(1_000)
        await play.press("i")
        assert play.message == "Stand tall."
