from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.conftest import FakeLiveRun, make_app, squat_timeline
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingsStore, load_settings


def test_a_change_holds_at_once_and_is_written_with_comments_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\nrate = 140  # slow\ntheme = "nord"\n', encoding="utf-8")
    store = SettingsStore(load_settings(path).settings, path)
    assert store.change("rate", 160) == ""
    assert store.settings.rate == 160
    assert path.read_text(encoding="utf-8") == '# mine\nrate = 160  # slow\ntheme = "nord"\n'


def test_a_setting_goes_back_to_its_default_and_out_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("rate = 140\nvolume = 10\n", encoding="utf-8")
    store = SettingsStore(load_settings(path).settings, path)
    assert store.change("rate", None) == ""
    assert store.settings.rate is None
    assert path.read_text(encoding="utf-8") == "volume = 10\n"


def test_a_broken_file_is_not_touched_and_the_change_holds_for_this_run(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("rate = \n", encoding="utf-8")
    store = SettingsStore(Settings(), path)
    assert store.change("volume", 30).startswith(f"Kept for this run only: {path}:1:")
    assert store.settings.volume == 30
    assert path.read_text(encoding="utf-8") == "rate = \n"


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = SettingsStore(Settings(), tmp_path / "file" / "settings.toml")
    assert store.change("volume", 30).startswith("Kept for this run only: ")
    assert store.settings.volume == 30


def test_what_is_not_allowed_changes_nothing(tmp_path: Path) -> None:
    store = SettingsStore(Settings(), tmp_path / "settings.toml")
    with pytest.raises(ValueError, match="volume"):
        store.change("volume", 101)
    assert store.settings.volume == 80
    assert not (tmp_path / "settings.toml").exists()


async def test_the_colours_that_a_key_brings_are_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    for wanted in ("timer-light", "high-contrast"):
        settings = load_settings(path).settings
        app = make_app(FakeLiveRun(squat_timeline()), settings=settings, settings_store=SettingsStore(settings, path))
        async with app.run_test() as pilot:
            await app.workers.wait_for_complete()
            await pilot.press("f3")
            assert app.theme == wanted
        assert load_settings(path).settings.theme == wanted


async def test_a_theme_is_chosen_by_name_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    app = make_app(FakeLiveRun(squat_timeline()), settings_store=SettingsStore(Settings(), path))
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("f4")
        await pilot.pause()
        await pilot.press(*"dracula")
        await pilot.pause(0.3)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert app.theme == "dracula"
    assert load_settings(path).settings.theme == "dracula"
