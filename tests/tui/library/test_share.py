"""The list shows a session as a code and a link, at every size, and copies the link."""

from __future__ import annotations

from typing import cast

import pytest
from textual.widgets import Static

from tests.sharing import picture_of_terminal, read_code
from tests.tui.conftest import FakeLibrary
from tests.tui.library.test_library import opened
from timer_app.library import Library
from timer_app.sharing.link import read_link
from timer_app.tui.library.share import ShareScreen


def text_of(screen: object, name: str) -> str:
    assert isinstance(screen, ShareScreen)
    return str(screen.query_one(f"#{name}", Static).render())


async def test_a_session_is_shown_as_a_code_and_its_link_is_copied() -> None:
    async with opened(cast("FakeLibrary", Library.default()), size=(120, 60)) as there:
        name = there.marked
        await there.press("shift+f7")
        assert there.shows(ShareScreen)
        link = text_of(there.app.screen, "share-link")
        assert read_link(link).name == name
        code = text_of(there.app.screen, "share-code")
        shown = "\n".join(f"\x1b[38;5;231;48;5;16m{line}\x1b[0m" for line in code.split("\n"))
        assert read_link(read_code(picture_of_terminal(shown, 120, 60))) == read_link(link)
        await there.press("enter")
        assert there.app.clipboard == link
        await there.press("escape")
        assert not there.shows(ShareScreen)


@pytest.mark.parametrize("size", [(80, 24), (20, 5)])
async def test_where_there_is_no_room_for_the_code_that_is_said(size: tuple[int, int]) -> None:
    async with opened(cast("FakeLibrary", Library.default()), size=size) as there:
        await there.press("space", "g")
        assert "needs a terminal of" in text_of(there.app.screen, "share-remark")
        assert not there.app.screen.query_one("#share-code").display
