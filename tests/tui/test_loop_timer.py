from __future__ import annotations

import asyncio

import pytest
from textual._context import active_app
from textual.app import App
from textual.screen import Screen

from timer_app.tui.lifecycle import LoopTimer


class Bare(App[None]):
    """Nothing but a screen."""


async def test_a_call_comes_once_and_knows_its_app() -> None:
    app, called, observed = Bare(), asyncio.Event(), []
    async with app.run_test() as pilot:

        def call() -> None:
            observed.append(active_app.get())
            called.set()

        LoopTimer(app.screen, 0.01, call)
        async with asyncio.timeout(20):
            await called.wait()
        await pilot.pause(0.05)
    assert observed == [app]


async def test_a_call_that_is_stopped_never_comes() -> None:
    app, called, later = Bare(), [], asyncio.Event()
    async with app.run_test():
        stopped = LoopTimer(app.screen, 0.01, lambda: called.append("stopped"))
        LoopTimer(app.screen, 0.02, later.set)
        stopped.stop()
        async with asyncio.timeout(20):
            await later.wait()
    assert called == []


async def test_what_a_call_raises_ends_the_app() -> None:
    def fail() -> None:
        raise ValueError("no such step")

    app = Bare()

    async def wait_for_the_end() -> None:
        async with app.run_test() as pilot:
            LoopTimer(app.screen, 0, fail)
            for _ in range(100):
                await pilot.pause(0.01)

    with pytest.raises(ValueError, match="no such step"):
        await wait_for_the_end()


async def test_nothing_is_called_for_a_screen_that_is_being_removed() -> None:
    app, called, later = Bare(), [], asyncio.Event()
    async with app.run_test():
        screen = Screen[None]()
        await app.push_screen(screen)
        LoopTimer(screen, 0, lambda: called.append("removed"))
        removed = app.pop_screen()
        LoopTimer(app.screen, 0.01, later.set)
        async with asyncio.timeout(20):
            await later.wait()
            await removed
    assert called == []
