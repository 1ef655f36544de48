"""No name, wherever it stands, reaches the terminal from a screen as anything but letters and escapes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static
from textual.worker import Worker

from tests.hostile_names import NAME, SIGNS, fill, hidden_in
from tests.tui.conftest import FakeLiveRun, squat_timeline
from tests.tui.pictures import screen_text
from timer_app import tui
from timer_app.core.diagnostics import printable
from timer_app.history.store import Store
from timer_app.library.library import Library
from timer_app.run.options import RunOptions
from timer_app.run.tracker import RunTracker
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingsStore
from timer_app.system import paths
from timer_app.tui.app import TimerApp
from timer_app.tui.context import AppContext
from timer_app.tui.library.preview_content import load_preview
from timer_app.tui.library.table import SessionTable
from timer_app.tui.play.resume import ResumeScreen
from timer_app.tui.screen import SafeApp

VISIBLE = printable(NAME)[:9]
LIMIT_S = 30


@pytest.fixture
def hostile(home: Path) -> Path:
    fill(home)
    return home


@asynccontextmanager
async def opened(size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    library, options = Library.default(), RunOptions(sound=False)
    tracker = RunTracker(Store(paths.history_file()), is_enabled=True)
    context = AppContext(
        open_run=lambda *_run, **_more: FakeLiveRun(squat_timeline()),  # type: ignore[arg-type]
        tracker=tracker,
        settings_store=SettingsStore(Settings(), paths.settings_file()),
        recently_done=tracker.last_done_times,
        preview_loader=lambda entry: load_preview(library, entry, options, tracker),
    )
    app = TimerApp(library, options, Settings(theme=NAME, keys={NAME: NAME}), None, context)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Wait until no worker is left but one that waits for the user."""
    await pilot.pause()
    async with asyncio.timeout(LIMIT_S):
        while any(not worker.is_finished and not _asks(worker) for worker in pilot.app.workers):
            await pilot.pause(0.01)
    await pilot.pause()


def _asks(worker: Worker[Any]) -> bool:
    return worker.group == "dialogue" or worker.name == "_offer_unfinished_run"


async def pressed(pilot: Pilot[None], *keys: str) -> str:
    """What is shown after some keys; no step on the way shows what it must not."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
        shown = screen_text(pilot.app)
        assert hidden_in(shown) == [], shown
    return screen_text(pilot.app)


async def test_every_screen_shows_hostile_names_as_escapes(hostile: Path) -> None:  # noqa: ARG001 - it is shown
    async with opened((70, 24)) as pilot:
        while not isinstance(pilot.app.screen, ResumeScreen):
            await pilot.pause(0.01)
        listed = await pressed(pilot, "down", "escape", *["down"] * 4, "home")
        assert VISIBLE in listed
        table = pilot.app.screen.query_one(SessionTable)
        table.marked = next(number for number, entry in enumerate(table.entries) if entry.faults)
        told = await pressed(pilot, "enter")
        assert "has faults" in told
        await pressed(pilot, "escape", "f6", "escape", "home", "f6", "escape", "ctrl+g", "escape", "f7")
        await pressed(pilot, *["ctrl+l"] * 5, "ctrl+b", "f3", "space", "escape")
        await pressed(pilot, "f2", *["down"] * 3, "escape", "f1", "escape", "slash", *"evil", "escape", "ctrl+r")
        await pressed(pilot, "f8")
        for view in "12345":
            await pressed(pilot, view)
        records = await pressed(pilot, "6")
        assert VISIBLE in records
        await pressed(pilot, "enter", "escape", "s", "down", "enter", "d", "n", "escape", "home", "enter")
        await pressed(pilot, "j", "escape", "q", "y", "enter")


async def test_signs_in_a_name_are_no_markup(hostile: Path) -> None:  # noqa: ARG001 - it is shown
    async with opened((200, 50)) as pilot:
        while not isinstance(pilot.app.screen, ResumeScreen):
            await pilot.pause(0.01)
        listed = await pressed(pilot, "escape")
        assert SIGNS in listed


async def test_a_widget_that_forgets_to_escape_sends_no_control_character() -> None:
    class Forgetful(SafeApp):
        def compose(self) -> Any:
            yield Static(NAME.replace("\n", " "), markup=False)

    app = Forgetful()
    async with app.run_test(size=(160, 5)) as pilot:
        await pilot.pause()
        assert hidden_in(screen_text(app)) == []
        assert "evil" in screen_text(app)


def test_every_app_is_a_safe_one() -> None:
    modules = [import_module(found.name) for found in walk_packages(tui.__path__, f"{tui.__name__}.")]
    apps = {value for module in modules for value in vars(module).values() if _is_app(value)}
    assert apps >= {TimerApp}
    assert [app for app in apps if not issubclass(app, SafeApp)] == []


def _is_app(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, App) and value.__module__.startswith(tui.__name__)
