"""What all tests share: nothing of the user's own is read or written, and in CI nothing may be skipped."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

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
