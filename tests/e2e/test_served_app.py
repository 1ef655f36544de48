"""The app as it is started for a page, without a page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.e2e.conftest import LIMIT_S
from timer_app.cli.page_process import page_command
from timer_app.web.hosted_app import AppProcess

pytestmark = pytest.mark.e2e


class Watcher:
    """Keeps what the app draws and tells."""

    def __init__(self) -> None:
        self.drawn = b""
        self.reported: list[list[object]] = []
        self.left = False
        self.gone = asyncio.Event()
        self._more = asyncio.Event()

    async def draw(self, data: bytes) -> None:
        self.drawn += data
        self._more.set()

    async def tell(self, message: str) -> None:
        self.reported.append(json.loads(message))

    async def app_left(self) -> None:
        self.left = True

    async def app_gone(self) -> None:
        self.gone.set()

    async def wait_for(self, text: str) -> None:
        """Wait until a text, or a row's place, was drawn."""
        async with asyncio.timeout(LIMIT_S):
            while text.encode() not in self.drawn:
                await self._more.wait()
                self._more.clear()


@pytest.fixture
async def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
async def app(watcher: Watcher) -> AsyncIterator[AppProcess]:
    app = AppProcess(page_command(None), watcher)
    yield app
    await app.stop()


async def test_a_size_that_changes_while_the_app_starts_is_the_one_it_draws_for(
    app: AppProcess, watcher: Watcher
) -> None:
    await app.start(80, 24)
    await app.set_terminal_size(80, 41)
    await watcher.wait_for("Desk break")
    watcher.drawn = b""
    await app.redraw()
    await watcher.wait_for("\x1b[41;1H")


async def test_everything_is_drawn_anew_for_another_page(app: AppProcess, watcher: Watcher) -> None:
    await app.start(80, 24)
    await watcher.wait_for("Desk break")
    watcher.drawn = b""
    await app.redraw()
    await watcher.wait_for("Desk break")
    assert watcher.drawn.index(b"\x1b[?1049h") < watcher.drawn.index(b"Desk break")
    assert watcher.reported == [["place", "library"]] * 2


async def test_a_command_of_another_screen_does_nothing(app: AppProcess, watcher: Watcher) -> None:
    await app.start(80, 24)
    await watcher.wait_for("Desk break")
    for name in ("give_up", "yes", "nonsense"):
        await app.send_command(name)
    await app.send_command("quit")
    await asyncio.wait_for(watcher.gone.wait(), LIMIT_S)
    assert watcher.left
