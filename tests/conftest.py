"""What all tests share: nothing of the user's own is read or written, and in CI nothing may be skipped."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.command_line import BROKEN, SHORT, Inside
from tests.library_folders import CATALOGUE, Place

EVERY_TEST = os.environ.get("TIMER_APP_EVERY_TEST") == "1"
# By the marks that were asked for.
NEEDED_MARKS = {"": ("e2e", "sound_server"), "not sound_server": ("e2e",), "sound_server": ("sound_server",)}


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of its own for every test."""
    home = tmp_path / "home"
    for variable in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"TIMER_APP_{variable}", str(home / variable.lower()))
    return home


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where every test has to run, a skipped one has failed."""
    report = yield
    if EVERY_TEST and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped at {call.when}, but here every test has to run: {report.longrepr}"
    return report


def pytest_configure() -> None:
    """Let programs under test be hung up, also where whoever started the tests is not to be, as under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where every test has to run, those at the edges must be among the collected ones."""
    if not EVERY_TEST or session.config.option.keyword:
        return
    for mark in NEEDED_MARKS.get(session.config.option.markexpr, ()):
        if not any(item.get_closest_marker(mark) for item in session.items):
            raise pytest.UsageError(f"no test marked {mark} was collected")


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


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.write("basic.toml", CATALOGUE, made.shipped / "exercises")
    return made
