"""A user without any files of their own, and the program in their hands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import BROKEN, SHORT, Inside


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without any files; programs started by the test see it too."""
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"TIMER_APP_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONUTF8", "1")
    for name in ("TERM", "_TIMER_APP_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def timer_app(home: Path, capsys: pytest.CaptureFixture[str]) -> Inside:  # noqa: ARG001 - the user's folders are empty
    """Runs a command and returns what it wrote and how it ended."""
    return Inside(capsys)


@pytest.fixture
def short(home: Path) -> Path:
    """A session of a hold, a wait and a question."""
    path = home / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


@pytest.fixture
def broken(home: Path) -> Path:
    """A session with two faults."""
    path = home / "broken.toml"
    path.write_text(BROKEN, encoding="utf-8")
    return path
