"""A user without any files of their own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without any files; programs started by the test see it too."""
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"TIMER_APP_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONUTF8", "1")
    for name in ("TERM", "_TIMER_APP_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
