"""A library in folders of its own, with a small catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.places import CATALOGUE, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.write("basic.toml", CATALOGUE, made.shipped / "exercises")
    return made
