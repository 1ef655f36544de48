"""docs/settings.md says what the table of settings says, and its examples load."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.scripts import load_script
from timer_app.settings.settings import SETTINGS
from timer_app.settings.store import load_settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_tables_are_up_to_date() -> None:
    assert load_script("draw_settings").redrawn(PAGE) == PAGE
    assert [key for key in SETTINGS if f"| `{key}` |" not in PAGE] == []


def test_its_examples_load(tmp_path: Path) -> None:
    example, *_ = texts = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert all(tomllib.loads(text).keys() <= SETTINGS.keys() for text in texts)
    path = tmp_path / "settings.toml"
    path.write_text(example, encoding="utf-8")
    assert load_settings(path).problems == ()
