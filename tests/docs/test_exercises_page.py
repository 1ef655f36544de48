from __future__ import annotations

import re
from pathlib import Path

from timer_app.library import exercises
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths

PAGE = Path(__file__).parents[2] / "docs" / "exercises.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| ([^|]+) \|", re.MULTILINE)


def test_the_page_lists_every_exercise_of_the_catalogue_by_its_name() -> None:
    shipped = exercises.read_catalogue([paths.shipped_sessions_dir() / "exercises"], SoundLibrary(())).exercises
    assert dict(ROW.findall(PAGE.read_text(encoding="utf-8"))) == {key: each.name for key, each in shipped.items()}
