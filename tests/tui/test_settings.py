from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.conftest import FakeLiveRun, make_app, squat_timeline
from tests.tui.pictures import check_picture
from tests.tui.test_themes import in_every_theme
from timer_app.run.options import RunDefaults, RunOptions
from timer_app.settings.run_options import with_setting
from timer_app.settings.settings import SETTINGS, Settings
from timer_app.settings.store import SettingsStore, load_settings
from timer_app.tui.app import TimerApp
from timer_app.tui.settings import describe, format_list_value, format_value, next_choice, parse_value, shown_settings
from timer_app.tui.themes import DEFAULT_THEME
from timer_app.tui.widgets.inputs import MarkedList


@asynccontextmanager
async def opened(path: Path | None, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    settings = load_settings(path).settings if path else Settings()
    store = SettingsStore(settings, path)
    app = make_app(FakeLiveRun(squat_timeline()), settings=settings, settings_store=store)
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("f2")
        await pilot.pause()
        yield pilot


async def choose(pilot: Pilot[None], key: str, *keys: str) -> None:
    shown_list = pilot.app.screen.query_one(MarkedList)
    shown_list.highlighted = shown_list.get_option_index(key)
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()


def text(pilot: Pilot[None], widget: str) -> str:
    return str(pilot.app.screen.query_one(widget, Static).render())


def test_every_setting_of_the_model_is_shown_with_what_it_does() -> None:
    settings = shown_settings({})
    assert [setting.key for setting in settings] == [field.name for field in fields(Settings)]
    texts = [describe(setting) for setting in settings]
    assert all(text.endswith(".") and "`" not in text for text in texts)
    assert texts[0] == (
        "Where in each range of doses to work, from 0 (low end) to 1 (high end). "
        "Enter, then type; an empty line brings the default back."
    )
    assert "It holds from the next start on." in describe(SETTINGS["language"])


def test_a_choice_goes_round() -> None:
    assert [next_choice(SETTINGS["verbosity"], value) for value in ("full", "brief", "tones", "else")] == [
        "brief",
        "tones",
        "full",
        "full",
    ]


@pytest.mark.parametrize(
    ("key", "typed", "value", "fault"),
    [
        ("rate", "160", 160, ""),
        ("level", "0.5", 0.5, ""),
        ("level", "1", 1, ""),
        ("language", "de", "de", ""),
        ("rate", "", None, ""),
        ("rate", "fast", None, "a whole number"),
        ("rate", "1000", None, "450"),
        ("voice", "espaek", None, 'did you mean "espeak"?'),
    ],
)
def test_what_is_typed_is_taken_as_a_file_would_take_it(key: str, typed: str, value: object, fault: str) -> None:
    taken, reported = parse_value(key, typed)
    assert taken == value
    assert fault in reported if fault else reported == ""


def test_values_are_shown_as_words() -> None:
    assert [format_value(value) for value in (True, False, None, {}, {"a": "b"}, 0.5)] == [
        "on",
        "off",
        "",
        "none",
        "1 in the file",
        "0.5",
    ]


def test_what_is_not_set_is_told_in_the_list() -> None:
    assert [format_list_value(SETTINGS[key], None) for key in ("language", "theme", "sound_theme")] == [
        "as in the session",
        DEFAULT_THEME,
        "as in the session",
    ]
    assert format_list_value(SETTINGS["language"], "de") == "de"


@pytest.mark.parametrize(
    ("key", "value", "option", "expected"),
    [("volume", 30, "volume", 30), ("latency_ms", 90, "latency_ms", 90), ("sound_theme", "gym", "sound_theme", "gym")],
)
def test_a_changed_setting_holds_for_the_runs_to_come(key: str, value: Any, option: str, expected: object) -> None:
    store = SettingsStore(Settings())
    store.change(key, value)
    assert getattr(with_setting(RunOptions(seed=7), store.settings, key), option) == expected


@pytest.mark.parametrize(("key", "value"), [("level", 0.5), ("voice", "none"), ("rate", 200), ("pitch", 10)])
def test_a_changed_setting_holds_where_the_session_says_nothing(key: str, value: Any) -> None:
    store = SettingsStore(Settings())
    store.change(key, value)
    options = with_setting(RunOptions(), store.settings, key)
    assert options == RunOptions(defaults=replace(RunDefaults(), **{key: value}))


def test_a_changed_setting_leaves_alone_what_was_asked_for_at_the_start() -> None:
    store = SettingsStore(Settings())
    store.change("rate", 200)
    options = with_setting(RunOptions(volume=12), store.settings, "rate")
    assert (options.volume, options.defaults.rate) == (12, 200)


async def test_a_switch_is_turned_and_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\nvolume = 20\n", encoding="utf-8")
    async with opened(path) as pilot:
        await choose(pilot, "flash", "enter")
        assert not cast("TimerApp", pilot.app).display_options.flash
    assert path.read_text(encoding="utf-8") == "# mine\nvolume = 20\nflash = false\n"


async def test_what_is_typed_takes_the_place_of_the_value(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "level", "enter", *"0.5", "enter")
    assert path.read_text(encoding="utf-8") == "level = 0.5\n"


async def test_keys_pressed_fast_are_followed_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "level", "enter")
        for _ in range(3):
            pilot.app.post_message(events.Key("backspace", "\x7f"))
        for key, character in (("1", "1"), ("enter", "\r")):
            pilot.app.post_message(events.Key(key, character))
        await pilot.pause()
        await pilot.pause()
    assert path.read_text(encoding="utf-8") == "level = 1\n"


async def test_a_value_is_checked_while_it_is_typed_and_taken_only_when_it_is_right(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "volume", "enter", *"800")
        assert "100" in text(pilot, "#setting-fault")
        await pilot.press("enter")
        assert not path.exists()
        await pilot.press("backspace", "backspace", "5", "enter")
        await pilot.pause()
        assert text(pilot, "#setting-fault") == ""
        assert load_settings(path).settings.volume == 85


async def test_what_is_typed_can_be_given_up(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "rate", "enter", "x", "escape")
        assert isinstance(pilot.app.focused, MarkedList)
        assert not path.exists()


async def test_a_broken_file_is_told_and_the_change_holds_for_this_run(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("volume = \n", encoding="utf-8")
    async with opened(path) as pilot:
        assert text(pilot, "#setting-fault").startswith(f"Changes hold for this run only: {path}:1:")
        await choose(pilot, "sound", "enter")
        assert text(pilot, "#setting-fault").startswith("Kept for this run only: ")
        store = cast("TimerApp", pilot.app).settings_store
        assert store is not None
        assert store.settings.sound is False
    assert path.read_text(encoding="utf-8") == "volume = \n"


async def test_a_setting_leaves_alone_what_a_key_of_the_run_has_changed(tmp_path: Path) -> None:
    async with opened(tmp_path / "settings.toml") as pilot:
        looks = cast("TimerApp", pilot.app).display_options
        looks.reduced_motion = True
        await choose(pilot, "flash", "enter")
        assert (looks.flash, looks.reduced_motion) == (False, True)


async def test_colours_change_while_one_looks(tmp_path: Path) -> None:
    async with opened(tmp_path / "settings.toml") as pilot:
        await choose(pilot, "theme", "enter")
        assert pilot.app.theme == "timer-light"
        await pilot.press("enter")
        assert pilot.app.theme == "high-contrast"


@pytest.mark.parametrize(("name", "size"), [("standard", (80, 24)), ("narrow", (43, 46)), ("tiny", (20, 5))])
async def test_the_settings_fit_every_layout(name: str, size: tuple[int, int]) -> None:
    async with opened(None, size) as pilot:
        check_picture(pilot.app, f"settings-{name}")


async def test_settings_follow_a_change_of_size() -> None:
    async with opened(None) as pilot:
        await pilot.resize_terminal(20, 5)
        for _ in range(3):
            await pilot.pause()
        check_picture(pilot.app, "settings-tiny")


async def test_every_word_of_the_settings_can_be_read_in_every_theme() -> None:
    async with opened(None) as pilot:
        await choose(pilot, "volume", "enter", "0")
        assert await in_every_theme(cast("TimerApp", pilot.app), pilot) == []
