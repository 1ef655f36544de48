"""What a screen looks like as text, held against the file of the last time that somebody looked.

`UPDATE_SNAPSHOTS=1` with the tests writes the files of `tests/tui/snapshots` anew: look at what changed, then keep it.
"""

from __future__ import annotations

import os
import re
import tempfile
from difflib import unified_diff
from pathlib import Path
from typing import Any

from textual.app import App

FOLDER = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS"
# It has another name in every run.
_OWN_FOLDER = re.compile(rf"{re.escape(tempfile.gettempdir())}/pytest-of-\S*")


def screen_text(app: App[Any]) -> str:
    """What the app shows, a line for each row; blanks at the ends of rows are left out."""
    rows = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
    return "\n".join(rows) + "\n"


def check_picture(app: App[Any], name: str) -> None:
    """Hold what the app shows against the file called `name`.

    Raises:
        AssertionError: It looks different, or there is no such file; the message shows both.
    """
    check_text(_OWN_FOLDER.sub("(folder of the test)", screen_text(app)), name)


def check_text(observed: str, name: str) -> None:
    """Hold a picture made of text against the file called `name`.

    Raises:
        AssertionError: It looks different, or there is no such file; the message shows both.
    """
    path = FOLDER / f"{name}.txt"
    if os.environ.get(UPDATE):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(observed, encoding="utf-8")
        return
    stored = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = "\n".join(unified_diff(stored.splitlines(), observed.splitlines(), "kept", "seen", lineterm=""))
    assert stored == observed, f"{path.name} looks different; {UPDATE}=1 keeps what is seen now\n{difference}"
