from __future__ import annotations

from pathlib import Path

import pytest

from timer_app.system import paths


def test_the_shipped_folders_are_there_whether_installed_or_run_from_the_repository() -> None:
    assert (paths.shipped_sessions_dir() / "exercises").is_dir()
    assert paths.shipped_sounds_dir().is_dir()


def test_what_lies_inside_the_package_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    inside = tmp_path / "timer_app" / "_data" / "sessions"
    inside.mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "timer_app")
    assert paths.shipped_sessions_dir() == inside
    assert paths.shipped_sounds_dir() == tmp_path / "sounds"


def test_looking_a_folder_up_creates_nothing(home: Path) -> None:
    every = (
        paths.config_dir,
        paths.data_dir,
        paths.cache_dir,
        paths.log_dir,
        paths.settings_file,
        paths.own_sessions_dir,
    )
    for look_up in (*every, paths.own_exercises_dir, paths.own_sounds_dir, paths.log_file):
        look_up()
    assert list(home.iterdir()) == []


def test_three_variables_move_all_of_the_users_folders(home: Path) -> None:
    assert paths.own_sessions_dir() == home / "config" / "sessions"
    assert paths.own_exercises_dir() == home / "config" / "exercises"
    assert paths.own_sounds_dir() == home / "config" / "sounds"
    assert paths.settings_file() == home / "config" / "settings.toml"
    assert paths.cache_dir() == home / "cache"
    assert paths.data_dir() == home / "data"
    assert paths.log_file() == home / "data" / "log" / "timer-app.log"


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIMER_APP_CONFIG", raising=False)
    usual = paths.config_dir()
    monkeypatch.setenv("TIMER_APP_CONFIG", "")
    assert paths.config_dir() == usual


def test_a_folder_given_from_home_or_relative_becomes_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMER_APP_CONFIG", "~/settings")
    assert paths.config_dir() == Path.home() / "settings"
    monkeypatch.setenv("TIMER_APP_CONFIG", "here")
    assert paths.config_dir() == Path.cwd() / "here"
