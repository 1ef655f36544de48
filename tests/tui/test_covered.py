"""What lies over the play screen when a run ends, or cannot even begin."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widgets import OptionList

from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, Play, at_rest, make_app
from timer_app import tui
from timer_app.core.diagnostics.problems import FileFault
from timer_app.library.library import SessionEntry
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingsStore
from timer_app.testing import hold, measure, step, timeline
from timer_app.tui.dialogs import HelpScreen
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.play.jump import JumpScreen
from timer_app.tui.play.screen import PlayScreen
from timer_app.tui.settings.screen import SettingsScreen
from timer_app.tui.summary import SummaryScreen
from timer_app.tui.widgets.text_layout import MessageLine

HOLD = step("Hold", hold(10_000))
COVERS = {
    "help": (["f1"], HelpScreen),
    "settings": (["f2"], SettingsScreen),
    "jump": (["j"], JumpScreen),
    "palette": (["ctrl+p"], CommandPalette),
    "colours": (["f4"], CommandPalette),
    "help over jump": (["j", "f1"], HelpScreen),
    "settings over help over jump": (["j", "f1", "f2"], SettingsScreen),
}
every_cover = pytest.mark.parametrize(("keys", "cover"), COVERS.values(), ids=COVERS.keys())


@asynccontextmanager
async def opened(live_run: FakeLiveRun, *, from_list: bool) -> AsyncIterator[Play]:
    """A run that was started by name, or from the list; it can have the settings over it."""
    entry = None if from_list else ENTRIES[0]
    app = make_app(live_run, started_with=entry, settings_store=SettingsStore(Settings()))
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(app)
        await pilot.pause()
        play = Play(pilot, live_run)
        if from_list:
            await play.press("enter")
            await at_rest(app)
            await pilot.pause()
        yield play


async def cover_with(play: Play, keys: list[str], cover: type[Screen[Any]]) -> None:
    await play.press(*keys)
    assert isinstance(play.top(), cover)


async def end(play: Play) -> None:
    """Let the hold come to its end, in steps that are too short to be taken for a computer that slept."""
    for _ in range(5):
        await play.pass_time(2_000)


@every_cover
async def test_a_run_that_ends_below_something_is_summed_up_in_its_place(keys: list[str], cover: type[Any]) -> None:
    async with opened(FakeLiveRun(timeline(HOLD)), from_list=False) as play:
        await cover_with(play, keys, cover)
        await end(play)
        await play.pilot.pause()
        assert isinstance(play.top(), SummaryScreen)
        assert not any(isinstance(screen, PlayScreen | cover) for screen in play.app.screen_stack)
        await at_rest(play.app)
        assert not [worker for worker in play.app.workers if not worker.is_finished]
        await play.press("enter")
    assert play.app.return_code == 0


@every_cover
async def test_the_list_comes_back_after_a_run_that_ended_below_something(keys: list[str], cover: type[Any]) -> None:
    async with opened(FakeLiveRun(timeline(HOLD)), from_list=True) as play:
        await cover_with(play, keys, cover)
        await end(play)
        await play.press("enter")
        assert isinstance(play.top(), LibraryScreen)
        await at_rest(play.app)
        assert not [worker for worker in play.app.workers if not worker.is_finished]


class SlowLibrary(FakeLibrary):
    """A library in which no session can be loaded, which takes it until `found` is set to see."""

    found = threading.Event()

    def load(self, wanted: SessionEntry) -> tuple[Any, list[Any]]:
        assert self.found.wait(10)
        raise FileFault.about(str(wanted.path), "is not text in UTF-8")


async def test_a_session_that_cannot_be_opened_leads_back_to_the_list_though_the_help_lies_over_it() -> None:
    library = SlowLibrary(ENTRIES)
    app = make_app(FakeLiveRun(timeline(HOLD)), library=library)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(app)
        await pilot.press("enter", "f1")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        library.found.set()
        await at_rest(app)
        await pilot.pause()
        assert isinstance(app.screen, LibraryScreen)
        assert "is not text in UTF-8" in app.screen.query_one(MessageLine).text


async def test_the_question_at_the_end_can_be_answered_when_the_help_over_it_is_closed() -> None:
    run = timeline(HOLD, step("Pain", measure("pain", 0, 10), kind="measure"))
    async with opened(FakeLiveRun(run), from_list=False) as play:
        await play.press("f1")
        await end(play)
        assert isinstance(play.top(), HelpScreen)
        await play.press("escape", "4", "enter")
        assert isinstance(play.top(), SummaryScreen)
    assert [answer.value for answer in play.live_run.recorder.record.answers] == [4]


async def press_at_once(play: Play, key: str, character: str) -> None:
    """Press a key twice before the app can follow."""
    play.app.post_message(events.Key(key, character))
    play.app.post_message(events.Key(key, character))
    for _ in range(3):
        await play.pilot.pause()


async def test_a_summary_that_is_closed_twice_at_once_leads_to_the_list() -> None:
    async with opened(FakeLiveRun(timeline(HOLD)), from_list=True) as play:
        await end(play)
        await press_at_once(play, "enter", "\r")
        assert isinstance(play.top(), LibraryScreen)


async def test_a_run_that_is_left_twice_at_once_while_it_gets_ready_leads_to_the_list() -> None:
    async with opened(FakeLiveRun(timeline(HOLD), ready=False), from_list=True) as play:
        await press_at_once(play, "q", "q")
        assert isinstance(play.top(), LibraryScreen)


async def test_a_suggested_session_that_is_asked_for_twice_at_once_begins_once() -> None:
    made: list[FakeLiveRun] = []

    def make() -> FakeLiveRun:
        made.append(FakeLiveRun(timeline(HOLD)))
        return made[-1]

    app = make_app(make)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(app)
        await pilot.press("enter")
        await at_rest(app)
        await end(Play(pilot, made[0]))
        app.screen.post_message(SummaryScreen.Wanted("desk-break"))
        app.screen.post_message(SummaryScreen.Wanted("desk-break"))
        await pilot.pause()
        await at_rest(app)
        assert [type(screen) for screen in app.screen_stack] == [LibraryScreen, PlayScreen]


async def test_keys_that_reach_a_dialogue_too_late_close_nothing_below_it() -> None:
    async with opened(FakeLiveRun(timeline(HOLD)), from_list=True) as play:
        below = list(play.app.screen_stack)
        await play.press("q")
        answers = play.app.screen.query_one(OptionList)
        for _ in range(3):
            answers.action_select()
        await play.pilot.pause()
        assert play.app.screen_stack == below


def test_every_screen_over_another_is_a_dialogue() -> None:
    for module in Path(tui.__path__[0]).rglob("*.py"):
        assert "ModalScreen" not in module.read_text(encoding="utf-8") or module.name == "screen.py", module
