"""Intervals from the list: three numbers, started or saved with one key."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, Static

from timer_app.system.paths import own_sessions_dir
from timer_app.tui.library.intervals import Intervals, IntervalScreen
from timer_app.tui.screen import SizedApp


class Bare(SizedApp):
    chosen: Intervals | None = None

    def compose(self) -> ComposeResult:
        yield Static()

    def on_mount(self) -> None:
        self.push_screen(IntervalScreen(), self._take)

    def _take(self, chosen: Intervals | None) -> None:
        self.chosen = chosen
        self.exit()


@asynccontextmanager
async def opened(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Bare, Pilot[None]]]:
    app = Bare()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def told(app: Bare) -> str:
    return str(app.screen.query_one("#intervals-told", Static).render())


def works(path: Path) -> tuple[list[str], int]:
    block = tomllib.loads(path.read_text(encoding="utf-8"))["steps"][-1]
    return [step["name"] for step in block["steps"]], block["rounds"]


async def test_the_length_follows_every_key_and_enter_starts_what_was_typed() -> None:
    async with opened() as (app, pilot):
        await pilot.press(*"Squats, {Rows}", "down", "down", "down", "backspace", "3")
        await pilot.pause()
        assert told(app) == "6 intervals, 4:00"
        await pilot.press("enter")
        await pilot.pause()
    assert app.chosen
    assert app.chosen.starts
    assert works(app.chosen.path) == (["Squats", "{{Rows}}"], 3)


async def test_they_are_saved_among_ones_own_and_never_over_another() -> None:
    for number in ("", "-2"):
        async with opened() as (app, pilot):
            await pilot.press(*"Plank!", "ctrl+s")
            await pilot.pause()
        assert app.chosen == Intervals(own_sessions_dir() / f"plank{number}.toml", starts=False)


@pytest.mark.parametrize(
    ("field", "typed"), [("work", "0"), ("work", "abc"), ("rest", "-1"), ("rounds", "0"), ("rounds", "x")]
)
async def test_what_cannot_be_is_told_and_neither_started_nor_saved(field: str, typed: str) -> None:
    async with opened() as (app, pilot):
        app.screen.query_one(f"#{field}", Input).value = typed
        await pilot.press("enter", "ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, IntervalScreen)
        assert app.screen.has_class("-wrong")
        assert told(app)
    assert not own_sessions_dir().exists()


@pytest.mark.parametrize("size", [(120, 40), (43, 46), (46, 35), (20, 5)])
async def test_every_field_can_be_reached_at_every_size(size: tuple[int, int]) -> None:
    async with opened(size) as (app, pilot):
        for _ in range(3):
            await pilot.press("down")
        await pilot.pause()
        focused = app.focused
        assert focused is not None
        assert focused.id == "rounds"
        assert focused.region.height == 1
        assert app.screen.region.contains_region(focused.region)
