"""The list shows a session as a code and a link, at every size, and copies the link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest
from textual import events
from textual.widgets import Static

from tests.sharing import picture_of_terminal, read_code
from tests.tui.conftest import FakeLibrary
from tests.tui.library.test_library import Opened, opened
from timer_app.library import Library
from timer_app.sharing import Bundle
from timer_app.sharing.link import make_link, read_link
from timer_app.system import paths
from timer_app.tui.dialogs import ConfirmScreen
from timer_app.tui.library.filter_input import FilterInput
from timer_app.tui.library.share import ShareScreen
from timer_app.tui.library.table import SessionTable


async def until(there: Opened, is_so: Callable[[], bool]) -> None:
    """Wait for what a thread brings about."""
    async with asyncio.timeout(20):
        while not is_so():
            await there.pilot.pause(0.02)


def text_of(screen: object, name: str) -> str:
    assert isinstance(screen, ShareScreen)
    return str(screen.query_one(f"#{name}", Static).render())


async def test_a_session_is_shown_as_a_code_and_its_link_is_copied() -> None:
    async with opened(cast("FakeLibrary", Library.default()), size=(120, 60)) as there:
        name = there.marked
        await there.press("shift+f7")
        await until(there, lambda: there.shows(ShareScreen))
        await there.pilot.pause()
        link = text_of(there.app.screen, "share-link")
        assert read_link(link).name == name
        code = text_of(there.app.screen, "share-code")
        shown = "\n".join(f"\x1b[38;5;231;48;5;16m{line}\x1b[0m" for line in code.split("\n"))
        assert read_link(read_code(picture_of_terminal(shown, 120, 60))) == read_link(link)
        await there.press("enter")
        assert there.app.clipboard == link
        await there.press("escape")
        assert not there.shows(ShareScreen)


async def test_a_link_that_is_pasted_into_the_list_is_imported_after_a_question() -> None:
    link = make_link(Bundle({"schema": 1, "name": "From a friend", "steps": [{"say": "Hello."}]}, {}, {}))
    stored = paths.own_sessions_dir() / "from-a-friend.toml"
    async with opened(cast("FakeLibrary", Library.default())) as there:
        filter_input = there.app.screen.query_one(FilterInput)
        for answer, told in (("n", "Nothing was written."), ("y", "Wrote 1 file.")):
            filter_input.post_message(events.Paste(f" {link}\n"))
            await until(there, lambda: there.shows(ConfirmScreen))
            await there.press(answer)
            await until(there, lambda told=told: told in there.text("MessageLine"))  # type: ignore[misc]
            assert stored.is_file() == (answer == "y")
        await until(there, lambda: "From a friend" in there.names)
        entry = there.app.screen.query_one(SessionTable).entry
        assert (entry and entry.path) == stored
        filter_input.post_message(events.Paste(link[:-5]))
        await until(there, lambda: "cut off" in there.text("MessageLine"))
        filter_input.post_message(events.Paste("desk"))
        await until(there, lambda: filter_input.value == "desk")


@pytest.mark.parametrize("size", [(80, 24), (20, 5)])
async def test_where_there_is_no_room_for_the_code_that_is_said(size: tuple[int, int]) -> None:
    async with opened(cast("FakeLibrary", Library.default()), size=size) as there:
        await there.press("space", "g")
        await until(there, lambda: there.shows(ShareScreen))
        await there.pilot.pause()
        assert "needs a terminal of" in text_of(there.app.screen, "share-remark")
        assert not there.app.screen.query_one("#share-code").display
