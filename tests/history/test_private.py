"""Whatever others may do elsewhere, what was done is readable by its owner alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance
from timer_app.cli import invoke
from timer_app.core.player.states import Command
from timer_app.history.database import damaged_files, open_to_write, set_damaged_aside
from timer_app.system import paths

UMASKS = (0o000, 0o002, 0o022, 0o077)


@pytest.fixture(params=UMASKS, ids=lambda umask: f"umask {umask:03o}", autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """What new files are spared of usually."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """The rights of everything in a folder, and of the folder itself."""
    return {one.name: stat.S_IMODE(one.stat().st_mode) for one in (folder, *folder.iterdir())}


def test_all_files_of_a_run_and_their_folders_are_for_their_owner_alone() -> None:
    path = paths.history_file()
    run = Performance(path)
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.stored()
    running = {"history": 0o700, "history.db": 0o600, "history.db-wal": 0o600, "history.db-shm": 0o600}
    assert modes(path.parent) == {**running, "a1.running": 0o600}
    assert modes(path.parent.parent) == {path.parent.parent.name: 0o700, "history": 0o700}
    run.close()
    assert modes(path.parent) == {"history": 0o700, "history.db": 0o600}


def test_files_that_others_may_read_are_made_private_again() -> None:
    path = paths.history_file()
    with closing(open_to_write(path)) as base:
        base.execute("UPDATE meta SET value = 'x'")
        for one in (path.parent, *path.parent.iterdir()):
            one.chmod(0o777)
        open_to_write(path).close()
        assert set(modes(path.parent).values()) == {0o700, 0o600}


def test_a_damaged_file_that_was_set_aside_is_for_its_owner_alone() -> None:
    path = paths.history_file()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"junk" * 5_000)
    set_damaged_aside(path, MORNING)
    (stored,) = damaged_files(path)
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600


@pytest.mark.parametrize("is_there", [False, True])
def test_an_export_is_for_its_owner_alone(tmp_path: Path, is_there: bool) -> None:
    Performance(paths.history_file()).whole()
    file = tmp_path / "mine.jsonl"
    if is_there:
        file.write_text("older")
    force = ["--force"] if is_there else []
    assert invoke(["history", "export", str(file), *force]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert modes(tmp_path).keys() == {tmp_path.name, "home", "mine.jsonl"}
