from __future__ import annotations

from pathlib import Path

import pytest

from timer_app.analysis import is_own_file
from timer_app.system import paths


@pytest.mark.parametrize(
    ("path", "text", "is_own"),
    [
        ("mine.toml", 'schema = 1\nname = "Mine"', True),
        ("mine.toml", 'schema = 1\nname = "Mine', True),
        ("pyproject.toml", '[project]\nname = "x"', False),
        ("mine.toml", "", False),
        ("sessions/mine.toml", "", True),
        ("sessions/mine.toml", "[[steps]]\n", True),
        ("sessions/pyproject.toml", '[project]\nname = "x"', False),
        ("mine.toml", "#:schema ../docs/session.schema.json\n", True),
        ("mine.toml", "#:schema ../docs/other.schema.json\n", False),
    ],
)
def test_files_of_other_programs_are_told_apart(tmp_path: Path, path: str, text: str, is_own: bool) -> None:
    assert is_own_file(tmp_path / path, text) is is_own


def test_the_users_own_folders_hold_own_files_and_settings_are_none() -> None:
    assert is_own_file(paths.own_phrases_dir() / "sv.toml", 'halfway = "Halvvägs."')
    assert not is_own_file(paths.settings_file(), "volume = 80")
    assert is_own_file(None, "schema = 1")
