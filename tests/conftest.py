"""What all tests share: nothing of the user's own is read or written, and in CI nothing may be skipped."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.command_line import BROKEN, SHORT, Inside
from tests.hostile.report import summary_lines
from tests.library_folders import CATALOGUE, Place
from timer_app.core.i18n import SOURCE_LANGUAGE, use_language
from timer_app.run.exact_lengths import LineMeasurer

# What is collected stays until the end; to look through it again and again for what may go takes a tenth of the time.
gc.disable()

ROOT = Path(__file__).parent
# Rooms whose tests work on values and small files, and the modules among them that start programs, speak or search.
QUICK_ROOMS = ("analysis", "core", "docs", "history", "library", "plain", "run", "settings", "system")
NOT_QUICK = (
    "core/compiler/test_blocks.py",
    "core/compiler/test_rules.py",
    "core/player/test_conductor_rules.py",
    "core/player/test_rules.py",
    "history/test_cut.py",
    "history/test_disk.py",
    "history/test_killed.py",
    "library/test_lengths.py",
    "library/test_shipped_sounds.py",
    "library/test_translations.py",
    "library/test_watcher.py",
    "run/test_exact_lengths.py",
    "run/test_sound_check.py",
    "settings/test_changes.py",
    "system/test_power_cut.py",
    "system/test_stderr.py",
)
# How long an example takes depends on what else the machine does. Each run searches somewhere else, so few add up.
IS_NIGHT = os.environ.get("TIMER_APP_HOSTILE_SIZE") == "night"
settings.register_profile("usual", deadline=None, max_examples=500 if IS_NIGHT else 25)
settings.load_profile("usual")
EVERY_TEST = os.environ.get("TIMER_APP_EVERY_TEST") == "1"
# Where their size is asked for, the hostile tests run among all others.
SEARCHES_TOO = "TIMER_APP_HOSTILE_SIZE" in os.environ
# By the marks that were asked for.
NEEDED_MARKS = {
    "": ("e2e", "sound_server"),
    "not sound_server": ("e2e",),
    "sound_server": ("sound_server",),
    "hostile": ("hostile",),
}


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of its own for every test."""
    home = tmp_path / "home"
    for variable in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"TIMER_APP_{variable}", str(home / variable.lower()))
    # What is not said to be in another language is in English.
    for variable in ("LC_ALL", "LANGUAGE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LC_MESSAGES", "C")
    use_language(SOURCE_LANGUAGE)
    # The neural voice takes a second to load; tests of it say so.
    monkeypatch.setenv("TIMER_APP_AUTO_VOICES", "espeak")
    return home


def is_quick(path: Path) -> bool:
    """Whether the tests of a module need no process, terminal, sound or Textual app."""
    where = path.relative_to(ROOT)
    return where.parts[0] in QUICK_ROOMS and where.as_posix() not in NOT_QUICK


def can_hold(path: Path, mark: str) -> bool:
    """Whether a test module can have tests with that mark, found without importing it."""
    if mark == "quick":
        return is_quick(path)
    return (mark == "hostile" and path.parent.name == mark) or f"mark.{mark}" in path.read_text(encoding="utf-8")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where one mark is asked for, import only the modules that can have it; importing them all takes half a minute."""
    mark = config.option.markexpr
    if mark not in {"quick", "e2e", "hostile", "sound_server"} or not collection_path.is_relative_to(ROOT):
        return None
    modules = collection_path.rglob("test_*.py") if collection_path.is_dir() else [collection_path]
    return None if any(can_hold(path, mark) for path in modules if path.name.startswith("test_")) else True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More workers than cores, as all tests but the quick ones wait for programs and sounds."""
    # Measured on two cores: with one worker each they stood still for 44 % of the time. The five most delicate tests
    # for a sound server pass with two each on a busy machine; with three each, four of all 22 failed.
    # What plays to no sound server gains by more: with two and a half each, the cores stand still for a quarter of it.
    cores, wanted = os.cpu_count() or 1, config.option.markexpr
    return cores if wanted == "quick" else cores * 7 // 2 if wanted == "not sound_server" else cores * 2


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the quick tests, before others are deselected; a property is searched for longer than that."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            continue
        if is_quick(item.path):
            item.add_marker("quick")
        else:  # what waits for a program or a device may wait in vain on a busy machine; again and again, it is ours
            item.add_marker(pytest.mark.flaky(reruns=2 if item.get_closest_marker("sound_server") else 1))
    if not SEARCHES_TOO and "hostile" not in config.option.markexpr:
        hostile = [item for item in items if item.get_closest_marker("hostile")]
        config.hook.pytest_deselected(items=hostile)
        items[:] = [item for item in items if item not in hostile]


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
    gc.freeze()
    gc.enable()
    if not EVERY_TEST or session.config.option.keyword:
        return
    for mark in NEEDED_MARKS.get(session.config.option.markexpr, ()):
        if not any(item.get_closest_marker(mark) for item in session.items):
            raise pytest.UsageError(f"no test marked {mark} was collected")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the hostile tests tried, with the seed that repeats it."""
    reports = (one for found in terminalreporter.stats.values() for one in found if getattr(one, "when", "") == "call")
    lines = [*summary_lines(item for report in reports for item in report.user_properties)]
    if lines and (SEARCHES_TOO or terminalreporter.config.option.markexpr == "hostile"):
        terminalreporter.section("hostile")
        terminalreporter.write_line("\n".join(lines))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without any files; programs started by the test see it too."""
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"TIMER_APP_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONUTF8", "1")
    for name in ("TERM", "_TIMER_APP_COMPLETE", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def timer_app(home: Path, capsys: pytest.CaptureFixture[str]) -> Inside:  # noqa: ARG001 - the user's folders are empty
    """Runs a command and returns what it wrote and how it ended."""
    return Inside(capsys)


@pytest.fixture(autouse=True)
def estimated_lengths(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `show` and `check` estimate what they would measure in a process; `exact_lengths` marks tests of that."""
    if not request.node.get_closest_marker("exact_lengths"):
        monkeypatch.setattr(LineMeasurer, "measure", lambda *_request: {})


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
