"""Everything can be found by its name: an example of each kind, and what choosing it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from tests.tui.conftest import FakeLiveRun, OpenPlay, at_rest, make_app, squat_timeline
from timer_app.cli.main import SUMMARIES, describe_command
from timer_app.history.store import Store
from timer_app.library.library import Library
from timer_app.library.programmes import ProgrammeLibrary
from timer_app.run.programme import ActiveProgrammeStore
from timer_app.run.tracker import RunTracker
from timer_app.settings.settings import SETTINGS, Settings
from timer_app.settings.store import SettingsStore
from timer_app.tui.context import CommandLine
from timer_app.tui.dialogs import ConfirmScreen, HelpScreen, TextScreen
from timer_app.tui.library.filter_input import FilterInput
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.palette import PaletteItem, score_item
from timer_app.tui.play.screen import PlayScreen

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[Pilot[None]]:
    library, store = Library.default(), Store(home / "history.db")
    programmes = ActiveProgrammeStore(
        home / "programme.toml", ProgrammeLibrary.default(library.ids()), store, lambda: NOW
    )
    app = make_app(
        lambda: FakeLiveRun(squat_timeline()),
        library=library,  # type: ignore[arg-type]
        settings_store=SettingsStore(Settings(), home / "settings.toml"),
        tracker=RunTracker(store, programme_store=programmes),
        command_line=CommandLine(SUMMARIES, describe_command),
        schedule=programmes.schedule,
        due=programmes.due_sessions,
        now=lambda: NOW,
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await at_rest(pilot.app)
        await pilot.pause()


async def find(pilot: Pilot[None], words: str) -> list[str]:
    """The names and explanations that the palette shows for some words, best first."""
    await pilot.press("ctrl+p")
    await settled(pilot)
    await pilot.press(*("space" if letter == " " else letter for letter in words))
    await settled(pilot)
    found = pilot.app.screen.query_one(CommandList)
    return [str(option.prompt) for option in found.options]


async def choose(pilot: Pilot[None], words: str) -> None:
    """Choose the first thing that the palette finds."""
    assert await find(pilot, words)
    await pilot.press("enter")
    await settled(pilot)
    assert not isinstance(pilot.app.screen, CommandPalette)


FOUND = {
    "hist": ("History", "Show what you did."),
    "reduced": ("Less motion", "Setting: "),
    "espea": ("espeak", "Voice: let it speak"),
    "contrast": ("high-contrast", "Colours: switch to this theme"),
    "deuts": ("Deutsch", "Language: "),
    "desk weeks": ("Desk weeks", "Programme: follow it from today on, 4 weeks."),
    "wall squat": ("Wall squat", "Exercise: show the sessions with it."),
    "dsk brk": ("Desk break", "Session: start it, "),
    "app export": ("timer-app export", "Command line: show how to use it. Write a session"),
}


async def test_something_of_each_kind_is_found_with_what_it_does(home: Path) -> None:
    async with opened(home) as pilot:
        for words, (name, explanation) in FOUND.items():
            found = await find(pilot, words)
            assert any(entry.startswith(f"{name}\n{explanation}") for entry in found), found
            await pilot.press("escape")


async def test_every_setting_and_every_command_of_the_command_line_is_found(home: Path) -> None:
    async with opened(home) as pilot:
        found = "\n".join(await find(pilot, "setting:"))
        assert found.count("Setting: ") >= len(SETTINGS)
        await pilot.press("escape")
        found = "\n".join(await find(pilot, "timer-app"))
        assert all(f"timer-app {name}\n" in found for name in SUMMARIES)


async def test_a_session_is_found_by_what_is_in_it_and_starts(home: Path) -> None:
    async with opened(home) as pilot:
        assert any(entry.startswith("Wall and shoulders\n") for entry in await find(pilot, "squat"))
        await pilot.press("escape")
        await choose(pilot, "desk break")
        assert isinstance(pilot.app.screen, PlayScreen)


async def test_an_exercise_leads_to_the_sessions_with_it(home: Path) -> None:
    async with opened(home) as pilot:
        await choose(pilot, "wall squat")
        assert isinstance(pilot.app.screen, LibraryScreen)
        assert pilot.app.screen.query_one(FilterInput).value == "Wall squat"
        assert pilot.app.screen.query_one("SessionTable").entries  # type: ignore[attr-defined]


async def test_a_setting_is_marked_in_the_settings(home: Path) -> None:
    async with opened(home) as pilot:
        await choose(pilot, "reduced_mot")
        options = pilot.app.screen.query_one(OptionList)
        assert options.highlighted == options.get_option_index("reduced_motion")


async def test_a_voice_and_a_theme_are_taken_for_good(home: Path) -> None:
    async with opened(home) as pilot:
        await choose(pilot, "espeak")
        await choose(pilot, "high-contrast")
        assert pilot.app.theme == "high-contrast"
    written = (home / "settings.toml").read_text(encoding="utf-8")
    assert 'voice = "espeak"' in written
    assert 'theme = "high-contrast"' in written


async def test_a_programme_is_followed_and_its_progress_shown_until_another_one_is(home: Path) -> None:
    async with opened(home) as pilot:
        await choose(pilot, "desk weeks")
        assert str(pilot.app.screen.query_one("#programme", Static).render()).startswith("Desk weeks, week 1 of 4  ▱")
        assert "Due today: Desk weeks" in str(pilot.app.screen.query_one("#today", Static).render())
        await choose(pilot, "four weeks")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await pilot.press("n")
        await settled(pilot)
        assert 'programme = "desk-week"' in (home / "programme.toml").read_text(encoding="utf-8")
        await choose(pilot, "stop the programme")
        assert not (home / "programme.toml").exists()
        assert not pilot.app.screen.query_one("#programme").display


async def test_a_command_of_the_command_line_shows_its_help(home: Path) -> None:
    async with opened(home) as pilot:
        await choose(pilot, "timer-app export")
        assert isinstance(pilot.app.screen, TextScreen)
        shown = "".join(str(text.render()) for text in pilot.app.screen.query(Static))
        assert "Usage: timer-app export [OPTIONS]" in shown


async def test_while_a_session_runs_no_other_one_is_offered(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline()) as play:
        await play.pilot.press("ctrl+p")
        await settled(play.pilot)
        await play.pilot.press(*"desk")
        await settled(play.pilot)
        assert play.app.can_start_sessions is False
        assert not any("Desk break" in str(option.prompt) for option in play.app.screen.query_one(CommandList).options)
        await play.pilot.press("ctrl+u", *"help")
        await settled(play.pilot)
        await play.pilot.press("enter")
        await settled(play.pilot)
        assert isinstance(play.top(), HelpScreen)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("wall squat", True),
        ("squat wall", True),
        ("wsq", True),
        ("quadriceps", True),
        ("squat chair", False),
        ("quart", False),
        ("", False),
    ],
)
def test_each_word_fits_fuzzily_in_the_name_or_as_it_is_in_the_explanation(query: str, fits: bool) -> None:
    item = PaletteItem("Wall squat", "Exercise: show the sessions with it. quadriceps", lambda: None)
    assert (score_item(query, item)[0] > 0) is fits


def test_a_name_counts_for_more_than_an_explanation() -> None:
    named = PaletteItem("Wall squat", "An exercise.", lambda: None)
    said = PaletteItem("Strength", "With a wall squat.", lambda: None)
    assert score_item("squat", named)[0] > score_item("squat", said)[0]
