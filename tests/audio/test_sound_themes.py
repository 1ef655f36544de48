from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from timer_app.audio.base import AudioError
from timer_app.audio.sound_themes import SoundTheme, sound_names, theme_names
from timer_app.system.paths import shipped_sounds_dir

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", theme_names(shipped_sounds_dir()))
def test_a_shipped_theme_has_every_sound(name: str) -> None:
    theme = SoundTheme(shipped_sounds_dir(), name)
    assert all(50 <= theme.length_ms(sound) <= 900 for sound in sound_names())


def test_a_sound_is_read_once() -> None:
    theme = SoundTheme(shipped_sounds_dir())
    assert theme.clip("tick") is theme.clip("tick")


def test_a_file_is_a_sound_by_its_path() -> None:
    theme = SoundTheme(shipped_sounds_dir())
    path = str(shipped_sounds_dir() / "calm" / "start.wav")
    assert theme.length_ms(path) == theme.length_ms("start") > 0


def test_a_file_that_is_not_there_is_refused_and_has_no_length(tmp_path: Path) -> None:
    theme = SoundTheme(shipped_sounds_dir())
    missing = str(tmp_path / "gong.wav")
    assert theme.length_ms(missing) == 0
    with pytest.raises(AudioError, match=r"gong\.wav"):
        theme.clip(missing)


def test_an_unknown_theme_is_refused_with_what_there_is() -> None:
    with pytest.raises(AudioError, match=r"'brass'.*there is: calm, clear"):
        SoundTheme(shipped_sounds_dir(), "brass")


def test_a_theme_that_lacks_a_sound_is_refused_and_not_listed(tmp_path: Path) -> None:
    shutil.copytree(shipped_sounds_dir() / "calm", tmp_path / "half")
    (tmp_path / "half" / "tick.wav").unlink()
    with pytest.raises(AudioError, match="'half' lacks tick"):
        SoundTheme(tmp_path, "half")
    assert theme_names(tmp_path) == []


def test_themes_are_listed() -> None:
    assert theme_names(shipped_sounds_dir()) == ["calm", "clear", "gym", "wood"]


def test_no_folder_holds_no_theme(tmp_path: Path) -> None:
    assert theme_names(tmp_path / "none") == []
    with pytest.raises(AudioError, match="there is: none"):
        SoundTheme(tmp_path / "none")
