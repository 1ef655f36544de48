from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import LIMIT_S

# What takes long to load, and is needed only when the user sees something already.
NOT_YET = (
    *("babel", "email", "http", "miniaudio", "numpy", "pydantic", "sounddevice", "sqlite3", "tomlkit", "tomllib"),
    *(
        "timer_app.run.tracker",
        "timer_app.history",
        "timer_app.library.loader",
        "timer_app.run.live_sound",
        "timer_app.run.live",
    ),
    *("timer_app.core.compiler.compile", "timer_app.settings.schema", "timer_app.library.sounds"),
    *("timer_app.tui.history.screen", "timer_app.tui.settings", "timer_app.tui.summary"),
    *("timer_app.tui.editor.screen", "timer_app.analysis", "timer_app.sharing", "tree_sitter", "watchfiles"),
)
RUN_NEEDS_NOT = ("timer_app.core.timeline.model", "timer_app.core.player.recorder", "timer_app.tui.play.board")
LIST_NEEDS_NOT = (
    "timer_app.cli.options",
    "timer_app.core.timeline.shorthand",
    "timer_app.library.library",
    "timer_app.core.fields.notation",
    "timer_app.core.timeline.model",
    "timer_app.tui.play.screen",
)

AT_FIRST_FRAME = """
import os, sys
from timer_app.cli import output
from timer_app.tui import screen as drawing

wait = drawing.wait_until_painted

async def tell(screen):
    await wait(screen)
    sys.__stdout__.write(" ".join(sys.modules))
    sys.__stdout__.flush()
    os._exit(0)

drawing.wait_until_painted = tell
output.is_interactive = lambda: True
from timer_app.cli import main
main()
"""


def loaded_at_the_first_frame(home: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> set[str]:
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.headless_driver:HeadlessDriver")
    command = [sys.executable, "-c", AT_FIRST_FRAME, *arguments]
    found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=home)
    assert (found.returncode, found.stderr) == (0, "")
    return set(found.stdout.split())


def test_the_list_is_drawn_before_anything_heavy_is_loaded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "data").mkdir()
    (home / "data" / "welcomed").touch()  # what greets at the very first start plays something
    loaded = loaded_at_the_first_frame(home, monkeypatch)
    assert "timer_app.tui.library.screen" in loaded
    assert loaded.intersection((*NOT_YET, *LIST_NEEDS_NOT)) == set()


def test_a_run_is_drawn_before_anything_heavy_is_loaded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run([sys.executable, "-m", "timer_app", "list"], check=True, capture_output=True, cwd=home)
    loaded = loaded_at_the_first_frame(home, monkeypatch, "run", "desk-break")
    assert "timer_app.tui.play.screen" in loaded
    assert loaded.intersection((*NOT_YET, *RUN_NEEDS_NOT)) == set()
