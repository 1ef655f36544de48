"""The program's own files: whatever stands in their places, nothing waits, nothing is lost, nobody else reads them."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests.command_line import SHORT, Inside
from timer_app.cli.errors import run_guarded
from timer_app.settings.store import write_setting
from timer_app.tui.favourites import Favourites

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no named pipes")

LIMIT_S = 30
OWN_FILES = (
    "config/settings.toml",
    "config/sessions/pipe.toml",
    "config/sessions/desk-break.de.toml",
    "config/exercises/pipe.toml",
    "config/phrases/en.toml",
    "config/programmes/pipe.toml",
    "config/sounds/calm/start.wav",
    "config/sounds/gong.wav",
    "config/music/song.mp3",
    "data/programme.toml",
    "data/stars.json",
    "data/log/timer-app.log",
    "data/history/0123.export",
    "data/history/history.db",
    "cache/library.json",
)
COMMANDS = (
    ("today",),
    ("list",),
    ("list", "--exercises"),
    ("show", "desk-break", "--fast"),
    ("show", "music", "--fast"),
    ("programme", "list"),
    ("programme", "show", "desk-week"),
    ("history",),
    ("history", "stats"),
    ("check", "{config}/sessions/pipe.toml"),
    ("check", "{config}/settings.toml"),
    ("history", "import", "{config}/sessions/pipe.toml"),
    ("run", "pipe", "--no-sound"),
)


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """Ends a test that waits for ever, such as for somebody who writes into a pipe."""

    def give_up(_number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"it still waits after {LIMIT_S} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _put_pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def _put_device(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("/dev/zero")


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("put", [_put_pipe, _put_device], ids=["pipe", "device"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_waits_for_a_pipe_or_reads_a_device(
    timer_app: Inside, home: Path, command: tuple[str, ...], put: object
) -> None:
    assert callable(put)
    for file in OWN_FILES:
        put(home / file)
    music = SHORT.replace("[defaults]", '[sound]\nmusic = "song.mp3"\nsounds = { start = "gong.wav" }\n[defaults]')
    (home / "config" / "sessions" / "music.toml").write_text(music, encoding="utf-8")
    found = timer_app(*(word.format(config=home / "config") for word in command))
    assert found.status in {0, 1}
    assert "unexpected" not in found.err
    if command[-1].endswith("pipe.toml"):
        assert "is not a plain file" in found.out + found.err


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("put", [_put_pipe, _put_device], ids=["pipe", "device"])
def test_a_fault_is_told_where_the_log_is_a_pipe(home: Path, put: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(put)
    put(home / "data" / "log" / "timer-app.log")

    def body(_arguments: object) -> int:
        raise ZeroDivisionError

    assert run_guarded(body, ["run"]) == 1
    assert "the details could not be written to a file" in capsys.readouterr().err


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("put", [_put_pipe, _put_device], ids=["pipe", "device"])
def test_stars_that_cannot_be_read_are_none(tmp_path: Path, put: object) -> None:
    assert callable(put)
    put(tmp_path / "stars.json")
    assert Favourites(tmp_path / "stars.json").ids == frozenset()


def test_stars_of_two_windows_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "data" / "stars.json"
    one, other = Favourites(path), Favourites(path)
    assert one.ids == other.ids == frozenset()
    assert (one.toggle("a"), other.toggle("b"), one.toggle("c")) == ("", "", "")
    assert one.ids == Favourites(path).ids == {"a", "b", "c"}
    assert other.toggle("b") == ""
    assert Favourites(path).ids == {"a", "c"}


def test_what_is_written_is_for_its_owner_only(timer_app: Inside, home: Path) -> None:
    before = os.umask(0)
    try:
        assert timer_app("list").status == 0
        assert timer_app("programme", "start", "desk-week").status == 0
        assert (
            timer_app("run", "desk-break", "--no-sound", "--speed", "1000", "--history", "--open-steps", "1s").status
            == 0
        )
        run_guarded(lambda _arguments: 1 // 0, ["run"])
        write_setting(home / "config" / "settings.toml", "volume", 10)
        Favourites(home / "data" / "stars.json").toggle("desk-break")
    finally:
        os.umask(before)
    found = {path.relative_to(home): stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*")}
    assert Path("data/history/history.db") in found
    assert found == {path: 0o700 if (home / path).is_dir() else 0o600 for path in found}


def test_a_command_tidies_up_after_killed_writers(timer_app: Inside, home: Path) -> None:
    left = [
        home / folder / ".timer-app-0123.part" for folder in ("config", "data", "data/history", "cache", "cache/speech")
    ]
    for part in left:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        os.utime(part, (0, 0))
    left.append(home / "cache" / "library.4711.tmp")  # as an earlier version called them
    left[-1].touch()
    os.utime(left[-1], (0, 0))
    assert timer_app("list").status == 0
    assert not any(part.exists() for part in left)
