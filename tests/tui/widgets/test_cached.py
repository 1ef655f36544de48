"""Widgets that keep the lines they have drawn: when they draw, and that they never show what is out of date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui.pictures import screen_text
from timer_app.tui.widgets.cached import _ROW_CACHE_SIZE, CachedVertical, CachedWidget


class Letters(CachedWidget):
    """Shows a letter in each row, and notes which rows it was asked for."""

    def __init__(self, name: str, letters: str, *, named: bool) -> None:
        super().__init__(id=name)
        self.letters = letters
        self.drawn: list[int] = []
        self._named = named

    def change(self, letters: str, *rows: int) -> None:
        self.letters = letters
        self.drawn.clear()
        self.refresh(*(Region(0, y, self.size.width, 1) for y in rows))

    def row_cache_key(self, y: int) -> str | None:
        return self.letters[y] if self._named else None

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return Strip([Segment(self.letters[y] * self.size.width, self.own_style)], self.size.width)


class Page(App[None]):
    CSS = """
    KeptVertical { padding: 1 2; }
    #letters { height: 4; padding: 1 0 0 1; }
    #other { height: 2; }
    .loud { color: red; }
    """

    def __init__(self, *, named: bool) -> None:
        super().__init__()
        self._named = named

    def compose(self) -> ComposeResult:
        with CachedVertical():
            yield Letters("letters", "abc", named=self._named)
            yield Letters("other", "xy", named=self._named)

    @property
    def letters(self) -> Letters:
        return self.query(Letters).first()

    @property
    def other(self) -> Letters:
        return self.query(Letters).last()

    def shown(self) -> str:
        return "".join(dict.fromkeys("".join(screen_text(self).split())))


@pytest.fixture(params=[True, False], ids=["named", "unnamed"])
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[None]]:
    page = Page(named=request.param)
    async with page.run_test(size=(20, 10)) as opened:
        await opened.pause()
        yield opened


def page_of(pilot: Pilot[None]) -> Page:
    return cast("Page", pilot.app)


async def test_what_did_not_change_is_not_drawn_when_its_neighbour_does(pilot: Pilot[None]) -> None:
    page = page_of(pilot)
    page.other.drawn.clear()
    page.letters.change("abd", 2)
    await pilot.pause()
    assert page.other.drawn == []
    assert page.letters.drawn == [2]
    assert page.shown() == "abdxy"


async def test_all_is_drawn_anew_where_no_region_is_named(pilot: Pilot[None]) -> None:
    page = page_of(pilot)
    page.letters.change("def")
    await pilot.pause()
    assert sorted(set(page.letters.drawn)) == [0, 1, 2]
    assert page.shown() == "defxy"


async def test_new_colours_reach_every_line(pilot: Pilot[None]) -> None:
    page = page_of(pilot)
    page.letters.add_class("loud")
    await pilot.pause()
    strip = page.letters.render_lines(page.letters.size.region)[1]
    colours = {segment.style.color.triplet for segment in strip if segment.style and segment.style.color}
    assert any(triplet and triplet.red == 255 and not triplet.green for triplet in colours)


async def test_another_size_draws_all_rows_as_wide_as_they_are_now(pilot: Pilot[None]) -> None:
    page = page_of(pilot)
    await pilot.resize_terminal(30, 12)
    await pilot.pause()
    assert "a" * 25 in screen_text(page)
    page.letters.change("abd", 2)
    await pilot.pause()
    assert "d" * 25 in screen_text(page)


async def test_a_row_that_looks_as_it_once_did_is_not_drawn_again() -> None:
    page = Page(named=True)
    async with page.run_test(size=(20, 10)) as pilot:
        for letters, drawn in (("abd", [2]), ("abe", [2]), ("abd", []), ("abe", [])):
            page.letters.change(letters, 2)
            await pilot.pause()
            assert (page.letters.drawn, page.shown()) == (drawn, f"{letters}xy")


async def test_rows_in_old_colours_are_not_taken_out_again() -> None:
    page = Page(named=True)
    async with page.run_test(size=(20, 10)) as pilot:
        for letters in ("abd", "abe"):
            page.letters.change(letters, 2)
            await pilot.pause()
        page.letters.add_class("loud")
        await pilot.pause()
        page.letters.change("abd", 2)
        await pilot.pause()
        assert page.letters.drawn == [2]


async def test_the_rows_that_are_kept_are_limited_in_number() -> None:
    page = Page(named=True)
    async with page.run_test(size=(20, 10)) as pilot:
        for number in range(_ROW_CACHE_SIZE + 50):
            page.letters.change(f"ab{chr(0x4E00 + number)}", 2)
            page.letters.render_lines(page.letters.size.region)
        await pilot.pause()
        assert len(page.letters._row_cache) <= _ROW_CACHE_SIZE


async def test_a_change_outside_of_what_is_seen_draws_nothing() -> None:
    page = Page(named=True)
    async with page.run_test(size=(20, 10)) as pilot:
        page.letters.render_lines(Region(0, 2, 16, 2))
        page.letters.change("zbc", 0)
        assert len(page.letters.render_lines(Region(0, 2, 16, 2))) == 2
        assert page.letters.drawn == []
        await pilot.pause()
