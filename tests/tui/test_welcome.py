from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.conftest import ENTRIES, FakeLiveRun, at_rest, make_app, squat_timeline
from tests.tui.pictures import check_picture, screen_text
from tests.tui.test_themes import in_every_theme
from timer_app.library import library as sessions
from timer_app.run.options import RunOptions
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingsStore
from timer_app.tui.app import TimerApp
from timer_app.tui.first_start import Onboarding, sound_tester
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.play.screen import PlayScreen
from timer_app.tui.settings.screen import SettingsScreen
from timer_app.tui.welcome import WelcomeScreen
from timer_app.tui.widgets.inputs import MarkedList


@dataclass
class FakeTest:
    status: str = "Played through nothing."
    done: bool = True
    failed: bool = False
    stopped: bool = False
    is_playing: bool = False

    def stop(self) -> None:
        self.stopped = True


@asynccontextmanager
async def started(
    mark: Path, tests: list[FakeTest], size: tuple[int, int] = (80, 24), **more: Any
) -> AsyncIterator[Pilot[None]]:
    greeting = Onboarding(mark, lambda _: tests.pop(0) if len(tests) > 1 else tests[0])
    app = make_app(FakeLiveRun(squat_timeline()), onboarding=greeting, settings_store=SettingsStore(Settings()), **more)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        yield pilot


def text(pilot: Pilot[None], part: str) -> str:
    return str(pilot.app.screen.query_one(f"#welcome-{part}", Static).render())


async def settle(pilot: Pilot[None]) -> None:
    """Let what follows from a layout be laid out as well."""
    for _ in range(4):
        await pilot.pause()


async def test_the_first_start_greets_and_later_ones_do_not(tmp_path: Path) -> None:
    mark = tmp_path / "data" / "welcomed"
    test = FakeTest()
    async with started(mark, [test]) as pilot:
        assert isinstance(pilot.app.screen, WelcomeScreen)
        assert text(pilot, "test") == "Did you hear it?"
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert test.stopped
    async with started(mark, [FakeTest()]) as pilot:
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_the_first_session_is_one_key_away(tmp_path: Path) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()]) as pilot:
        await pilot.press("enter")
        await at_rest(pilot.app)
        await pilot.pause()
        assert isinstance(pilot.app.screen, PlayScreen)
        assert str(pilot.app.screen.query_one("#ready-name", Static).render()) == "Desk break"


async def test_where_it_cannot_be_remembered_nobody_is_greeted_at_every_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    async with started(tmp_path / "file" / "welcomed", [FakeTest()]) as pilot:
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_session_that_was_asked_for_is_not_kept_up(tmp_path: Path) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()], started_with=ENTRIES[0]) as pilot:
        assert isinstance(pilot.app.screen, PlayScreen)
    assert not (tmp_path / "welcomed").exists()


@pytest.mark.parametrize(
    ("test", "advice"),
    [
        (FakeTest(), "Look at the loudness"),
        (FakeTest("No sound: no device answers", failed=True), "Switch on a loudspeaker"),
    ],
)
async def test_whoever_hears_nothing_is_told_what_to_do(tmp_path: Path, test: FakeTest, advice: str) -> None:
    async with started(tmp_path / "welcomed", [test]) as pilot:
        await pilot.press("down", "down", "enter")
        assert text(pilot, "help").startswith(advice)


async def test_the_test_can_be_played_again(tmp_path: Path) -> None:
    tests = [FakeTest(), FakeTest("No sound: no device answers", failed=True)]
    async with started(tmp_path / "welcomed", tests) as pilot:
        await pilot.press("down", "down", "down", "enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert text(pilot, "test").startswith("This computer has no sound now.")


async def test_a_test_that_cannot_begin_is_told_and_the_list_works(tmp_path: Path) -> None:
    def broken(_: object) -> Any:
        raise OSError("no such library")

    app = make_app(FakeLiveRun(squat_timeline()), onboarding=Onboarding(tmp_path / "welcomed", broken))
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert (
            text(pilot, "test")
            == "This computer has no sound now. Sessions go on silently, with everything on the screen."
        )
        assert "Go on without sound" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, LibraryScreen)


async def test_settings_can_be_changed_from_there(tmp_path: Path) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()]) as pilot:
        await pilot.press("up", "enter")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(pilot.app.screen, SettingsScreen)


async def test_on_the_smallest_screen_the_marked_answer_is_in_sight(tmp_path: Path) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()], (20, 5)) as pilot:
        assert "▸ I heard tones" in screen_text(pilot.app)
        await pilot.press("down", "down")
        await pilot.pause()
        assert "▸ I heard nothing" in screen_text(pilot.app)


@pytest.mark.parametrize(("size", "key"), [((20, 5), "escape"), ((43, 12), "enter")])
async def test_on_a_small_screen_the_advice_is_read_to_its_end_with_the_arrows(
    tmp_path: Path, size: tuple[int, int], key: str
) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()], size) as pilot:
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        observed = [screen_text(pilot.app)]
        assert "Look at the" in observed[0]
        for _ in range(20):
            await pilot.press("down")
            await pilot.pause()
            observed.append(screen_text(pilot.app))
        assert "the screen." in "".join(observed)
        assert "Enter goes back." in observed[-1]
        await pilot.press(key)
        await settle(pilot)
        assert "▸ I heard nothing" in screen_text(pilot.app)


@pytest.mark.parametrize(("name", "size"), [("standard", (80, 24)), ("narrow", (43, 46)), ("tiny", (20, 5))])
async def test_the_greeting_fits_every_layout(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()], size) as pilot:
        check_picture(pilot.app, f"welcome-{name}")


def test_the_test_of_the_sound_plays_tones_and_a_line() -> None:
    test = sound_tester(sessions.Library.default())(RunOptions(output="null", voice="none"))
    try:
        assert test.wait(20)
        assert (test.failed, test.status) == (False, "Played through null.")
    finally:
        test.stop()


async def test_every_word_of_the_greeting_can_be_read_in_every_theme(tmp_path: Path) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()]) as pilot:
        await pilot.press("down", "down", "enter")
        assert await in_every_theme(cast("TimerApp", pilot.app), pilot) == []


async def test_an_answer_of_several_rows_goes_on_below_its_words_not_below_the_mark(tmp_path: Path) -> None:
    async with started(tmp_path / "welcomed", [FakeTest()], size=(46, 35)) as pilot:
        answers = pilot.app.screen.query_one(MarkedList)
        rows = ["".join(segment.text for segment in answers.render_line(y)) for y in range(answers.size.height)]
        assert len(rows) > answers.option_count
        assert [row[:2] for row in rows] == ["▸ ", *["  "] * (len(rows) - 1)]
