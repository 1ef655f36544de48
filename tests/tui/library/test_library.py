from __future__ import annotations

import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, at_rest, entry, make_app, squat_timeline
from timer_app.core.diagnostics.problems import FileFault
from timer_app.settings.settings import Settings
from timer_app.tui.app import TimerApp
from timer_app.tui.key_bindings import menu_commands
from timer_app.tui.library.filter_input import FilterInput
from timer_app.tui.library.menu import MenuScreen
from timer_app.tui.library.preview import PreviewScreen
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.library.table import SessionTable, columns_for, row_text, session_length_text
from timer_app.tui.play.screen import PlayScreen
from timer_app.tui.summary import SummaryScreen
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.inputs import MarkedList


@dataclass
class Opened:
    pilot: Pilot[None]

    @property
    def app(self) -> TimerApp:
        return cast("TimerApp", self.pilot.app)

    def shows(self, kind: type[object]) -> bool:
        return isinstance(self.app.screen, kind)

    @property
    def table(self) -> SessionTable:
        return self.app.screen.query_one(SessionTable)

    @property
    def names(self) -> list[str]:
        return [shown.name for shown in self.table.entries]

    @property
    def marked(self) -> str | None:
        return self.table.entry.name if self.table.entry else None

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        await at_rest(self.app)
        await self.pilot.pause()

    def text(self, widget: str) -> str:
        return str(self.app.screen.query_one(widget, Static).render())


@asynccontextmanager
async def opened(
    library: FakeLibrary | None = None,
    *,
    keys: dict[str, str] | None = None,
    theme: str | None = None,
    size: tuple[int, int] = (100, 30),
    live_runs: list[FakeLiveRun] | None = None,
) -> AsyncIterator[Opened]:
    def live_run() -> FakeLiveRun:
        made = FakeLiveRun(squat_timeline())
        if live_runs is not None:
            live_runs.append(made)
        return made

    app = make_app(live_run, library=library, settings=Settings(keys=keys or {}, theme=theme))
    async with app.run_test(size=size) as pilot:
        there = Opened(pilot)
        await there.settle()
        yield there


async def test_every_session_is_listed_with_length_equipment_and_summary() -> None:
    async with opened(size=(160, 30)) as there:
        rows = [there.table.render_line(y).text for y in range(4)]
    assert rows[0].split() == ["Session", "Length", "Equipment", "What", "it", "is", "for"]
    assert rows[1].startswith("▸ Upper-back release")
    assert "21 min" in rows[1]
    assert "ball, wall" in rows[1]
    assert "Ball pressure" in rows[1]
    assert "✗ Broken one" in rows[3]
    assert "2 faults" in rows[3]


async def test_typing_filters_at_once_and_arrows_move_in_the_list_meanwhile() -> None:
    async with opened() as there:
        await there.press("b", "backspace", "e", "space", "b")
        assert isinstance(there.app.focused, FilterInput)
        assert there.app.screen.query_one(FilterInput).value == "e b"
        assert there.names == ["Upper-back release", "Desk break", "Broken one"]
        await there.press("down")
        assert there.marked == "Desk break"
        await there.press("r", "e", "a")
        assert (there.names, there.marked) == (["Desk break"], "Desk break")


async def test_the_filter_has_a_key_and_is_emptied_with_another() -> None:
    async with opened() as there:
        await there.press("slash", "q")
        assert there.names == []
        await there.press("escape")
        assert len(there.names) == 3
        assert isinstance(there.app.focused, FilterInput)


async def test_the_key_of_the_filter_does_not_become_part_of_it_and_every_name_can_be_typed_behind_it() -> None:
    names = ["/slash", "Quick one", "Push/pull", "Rest"]
    async with opened(FakeLibrary([entry(name) for name in names])) as there:
        for typed, found in (("slash", "/slash"), ("quick", "Quick one"), ("push/p", "Push/pull")):
            await there.press("slash", "slash", *("slash" if c == "/" else c for c in typed))
            assert there.app.screen.query_one(FilterInput).value == typed
            assert there.names == [found]
            await there.press("escape")


async def test_letters_typed_fast_behind_the_key_of_the_filter_are_no_keys() -> None:
    async with opened() as there:
        for key, character in (("slash", "/"), *((letter, letter) for letter in "desk")):
            there.app.post_message(events.Key(key, character))
        await there.settle()
        assert there.app.screen.query_one(FilterInput).value == "desk"
        assert there.names == ["Desk break"]


async def test_keys_pressed_fast_behind_letters_act_on_what_the_letters_leave() -> None:
    async with opened() as there:
        for key, character in (*((letter, letter) for letter in "desk"), ("ctrl+s", None), ("escape", None)):
            there.app.post_message(events.Key(key, character))
        await there.settle()
        assert there.app.screen.query_one(FilterInput).value == ""
        assert there.table.stars == {"desk-break"}


async def test_no_letter_is_a_key_of_the_list() -> None:
    async with opened() as there:
        screen = there.app.screen
        for letter in string.ascii_lowercase + string.digits + "SQX":
            await there.pilot.press(letter, letter)
            assert there.app.screen is screen
            assert there.app.is_running
            assert screen.query_one(FilterInput).value == letter * 2
            assert (there.table.stars, there.text("#limits"), there.text("#message")) == (frozenset(), "", "")
            await there.pilot.press("escape")


async def test_every_command_of_the_menu_is_given_by_its_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as there:
        screen, run_action = there.app.screen, there.app.run_action
        done: list[object] = []

        async def note(action: object, *more: Any) -> bool:
            done.append(action)
            return await run_action(action, *more) if action == "menu" else True

        monkeypatch.setattr(there.app, "run_action", note)
        for command in menu_commands():
            await there.press("space")
            assert there.shows(MenuScreen)
            await there.press(command.menu)
            assert there.app.screen is screen
            assert done[-1] == command.action


async def test_the_menu_opens_with_a_key_while_nothing_is_typed_and_is_closed_with_another() -> None:
    async with opened() as there:
        await there.press("space")
        assert there.shows(MenuScreen)
        await there.press("s")
        assert there.shows(LibraryScreen)
        assert there.table.stars == {"upper-back-release"}
        await there.press("space", "escape")
        assert there.shows(LibraryScreen)
        await there.press("d", "space", "b")
        assert there.app.screen.query_one(FilterInput).value == "d b"


async def test_a_click_in_the_menu_does_what_it_says() -> None:
    async with opened() as there:
        await there.press("space")
        lines = there.app.screen.query_one(MarkedList)
        row = [command.id for command in menu_commands()].index("star")
        await there.pilot.click(MarkedList, offset=(4, row))
        await there.settle()
        assert lines.option_count == len(menu_commands())
        assert there.table.stars == {"upper-back-release"}


async def test_what_is_under_the_mouse_is_shown() -> None:
    async with opened() as there:
        await there.pilot.hover(SessionTable, offset=(5, 3))
        assert [there.table.hovered] == [1]
        await there.pilot.hover("#keys", offset=(3, 0))
        assert [there.table.hovered] == [None]
        assert there.app.screen.query_one(KeyFooter).hovered == "start"


async def test_editing_keys_pressed_fast_are_followed_in_their_order() -> None:
    async with opened() as there:
        await there.press("slash", *"uppr")
        keys = [("left", None), ("p", "p"), ("backspace", "\x7f"), ("e", "e"), ("end", None), ("!", "!")]
        for key, character in keys:
            there.app.post_message(events.Key(key, character))
        await there.settle()
        assert there.app.screen.query_one(FilterInput).value == "upper!"


async def test_a_filter_that_fits_nothing_says_how_to_empty_it() -> None:
    async with opened() as there:
        await there.press("x", "y", "z")
        assert there.text("#empty").startswith(
            "No session fits “xyz”.\n\nEsc shows all of them again. Ctrl+P also finds"
        )


async def test_an_empty_library_says_how_to_fill_it() -> None:
    async with opened(FakeLibrary([])) as there:
        assert "Ctrl+N writes one" in there.text("#empty")


async def test_the_mark_stops_at_both_ends() -> None:
    async with opened() as there:
        await there.press("up")
        assert there.marked == "Upper-back release"
        await there.press("end", "down")
        assert there.marked == "Broken one"
        await there.press("home")
        assert there.marked == "Upper-back release"


async def test_enter_runs_the_marked_session_and_its_end_leads_back_to_the_list() -> None:
    live_runs: list[FakeLiveRun] = []
    async with opened(live_runs=live_runs) as there:
        await there.press("down", "enter")
        assert there.shows(PlayScreen)
        live_runs[0].clock.advance(4_000)
        await there.press("n", "n", "f", "y")
        assert there.shows(SummaryScreen)
        await there.press("enter")
        assert there.shows(LibraryScreen)
        assert there.marked == "Desk break"
        await there.press("ctrl+q")
    assert there.app.return_code == 0
    assert live_runs[0].closed == 1


async def test_after_a_run_the_filter_is_kept_and_can_be_typed_on() -> None:
    async with opened() as there:
        await there.press(*"desk", "enter")
        await there.press("q", "y")
        assert there.names == ["Desk break"]
        await there.press("x")
        assert there.names == []


async def test_one_session_after_the_other_can_be_run_and_each_stage_is_closed() -> None:
    live_runs: list[FakeLiveRun] = []
    async with opened(live_runs=live_runs) as there:
        for _ in range(3):
            await there.press("enter")
            await there.press("q", "y")
            assert isinstance(there.app.screen, LibraryScreen)
    assert [live_run.closed for live_run in live_runs] == [1, 1, 1]


async def test_a_session_with_faults_cannot_be_started_and_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    edited: list[str] = []
    monkeypatch.setattr(TimerApp, "edit_entry", lambda _app, entry: edited.append(entry.name))
    async with opened() as there:
        await there.press("end", "enter")
        assert there.shows(PreviewScreen)
        assert "broken-one.toml:3:1: is not a number" in there.text("#preview-faults")
        assert there.text("#preview-facts").startswith(
            "This file has faults, so it cannot be started. Ctrl+E opens it in the editor."
        )
        await there.press("f1")
        assert there.text("#help-lines").startswith("In the list of sessions")
        await there.press("escape", "ctrl+e")
        assert there.shows(LibraryScreen)
    assert edited == ["Broken one"]


async def test_a_file_that_became_faulty_meanwhile_leads_back_with_a_line() -> None:
    fault = FileFault.about("/sessions/desk-break.toml", "is not text in UTF-8")
    async with opened(FakeLibrary(ENTRIES, {"desk-break": fault})) as there:
        await there.press("down", "enter")
        assert isinstance(there.app.screen, LibraryScreen)
        assert "is not text in UTF-8" in there.text("#message")


async def test_files_are_read_again_after_a_run_and_on_demand() -> None:
    library = FakeLibrary(ENTRIES[:1])
    async with opened(library) as there:
        library.listed.append(entry("New one"))
        await there.press("f5")
        assert there.names == ["Upper-back release", "New one"]
        library.listed.append(entry("Newer one"))
        await there.press("enter")
        await there.press("q", "y")
        assert there.names == ["Upper-back release", "New one", "Newer one"]


async def test_what_is_wrong_with_the_settings_is_told_and_the_rest_works() -> None:
    async with opened(keys={"helpp": "y", "quit": "f12"}, theme="no-such") as there:
        assert 'did you mean "help"?' in there.text("#message")
        assert 'There is no theme "no-such".' in there.text("#message")
        await there.press("f12")
        assert there.app.return_code == 0


async def test_a_theme_of_the_settings_is_taken() -> None:
    async with opened(theme="textual-light") as there:
        assert there.app.theme == "textual-light"


async def test_a_click_marks_and_a_second_one_starts() -> None:
    async with opened() as there:
        await there.pilot.click(SessionTable, offset=(5, 3))
        await there.settle()
        assert there.marked == "Desk break"
        await there.pilot.click(SessionTable, offset=(5, 3))
        await there.settle()
        assert isinstance(there.app.screen, PlayScreen)


async def test_a_click_on_a_key_in_the_footer_does_what_the_key_does() -> None:
    async with opened() as there:
        await there.pilot.click("#keys", offset=(3, 0))
        await there.settle()
        assert isinstance(there.app.screen, PlayScreen)


async def test_a_long_list_scrolls_with_the_mark_below_its_head() -> None:
    async with opened(FakeLibrary([entry(f"Session {n:03}") for n in range(100)]), size=(60, 20)) as there:
        await there.press("end")
        rows = [there.table.render_line(y).text for y in range(there.table.size.height)]
        assert rows[0].startswith("  Session")
        assert rows[-1].startswith("▸ Session 099")
        await there.press("pageup", "pageup")
        rows = [there.table.render_line(y).text for y in range(there.table.size.height)]
        assert any(row.startswith("▸") for row in rows)


async def test_names_are_shown_as_they_are_written() -> None:
    async with opened(FakeLibrary([entry("[red]x[/]", summary="[b]y")])) as there:
        assert "[red]x[/]" in there.table.render_line(1).text
        assert there.text("#about").startswith("[b]y")


@pytest.mark.parametrize("width", range(1, 200, 9))
def test_the_columns_fill_the_width_and_the_name_stays_the_last(width: int) -> None:
    columns = columns_for(width, 25)
    if width > 3:
        assert columns.name + columns.length + columns.equipment + columns.summary + 2 == width
    assert columns.name >= 1
    (cells,) = row_text(("A name that is long", "12 min", "ball", "For 日本 and others"), columns)
    assert len(cells) == sum(1 for w in (columns.name, columns.length, columns.equipment, columns.summary) if w > 0)


def test_a_narrow_list_drops_equipment_first_then_the_summary_then_the_length() -> None:
    assert columns_for(120).equipment
    assert (columns_for(80).equipment, columns_for(80).summary > 0) == (0, True)
    assert (columns_for(43).summary, columns_for(43).length > 0) == (0, True)
    assert columns_for(20).length == 0


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "< 1 min"), (29_999, "< 1 min"), (30_000, "1 min"), (1_260_000, "21 min")]
)
def test_lengths_are_told_in_minutes(ms: int, text: str) -> None:
    assert session_length_text(ms) == text


async def test_a_key_says_how_many_minutes_there_are_and_the_next_run_takes_no_longer() -> None:
    async with opened() as there:
        await there.press("shift+f6")
        assert there.text("#limits") == "in 5 min"
        context = there.app._app_context
        assert context.adjust(there.app.options).max_ms == 5 * 60_000
        for _ in range(8):
            await there.press("shift+f6")
        assert there.text("#limits") == ""
        assert context.adjust(there.app.options).max_ms is None
