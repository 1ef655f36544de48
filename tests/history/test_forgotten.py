"""What is deleted is gone, also where deleting was interrupted, and exports that were killed leave nothing behind."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import Inside
from tests.history.performing import Performance
from timer_app.history import Store, database
from timer_app.history import store as store_module
from timer_app.history.database import HistoryError, open_to_read
from timer_app.history.exports import remembered_export
from timer_app.system import paths
from timer_app.system.files import atomic_write

EXPORTS_AND_DIES = """
import os, sys
from pathlib import Path
from timer_app.history.exports import remembered_export
from timer_app.system.files import atomic_write
with remembered_export(Path(sys.argv[1])) as remember, atomic_write(Path(sys.argv[2])) as file:
    remember(Path(file.name))
    file.write(b"aaaa1111")
    file.flush()
    os._exit(9)
"""


@pytest.fixture
def store(home: Path) -> Store:  # noqa: ARG001 - the user's folders are the test's
    """A history with one record."""
    path = paths.history_file()
    Performance(path, record_id="aaaa1111").whole()
    return Store(path)


def is_left(store: Store) -> bool:
    """Whether the id or the text of the session is still in any file."""
    found = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    return b"aaaa1111" in found or b'name = "Short"' in found


def interrupted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget everything, and be killed when that is committed but the file is not scrubbed."""

    def killed(_: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "_scrub", killed)
        with pytest.raises(KeyboardInterrupt):
            store.forget(["aaaa1111"])


def test_what_a_reader_kept_in_the_file_goes_when_the_reader_has_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)
    with closing(open_to_read(store.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM records").fetchone()
        with pytest.raises(HistoryError, match="traces of them stay"):
            store.forget(["aaaa1111"])
        assert is_left(store)
        with pytest.raises(HistoryError, match="traces of them stay"):
            store.finish_forgetting()
    assert store.finish_forgetting()
    assert not is_left(store)
    assert not store.finish_forgetting()


@pytest.mark.parametrize("command", [("forget", "--all", "--yes"), ("stats",), ()])
def test_what_was_interrupted_is_finished_by_the_next_call_though_no_record_is_left(
    timer_app: Inside, store: Store, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    interrupted(store, monkeypatch)
    found = timer_app("history", *command)
    assert found.status == 0
    assert not is_left(store)
    if "forget" in command:
        assert (
            found.out == "What was forgotten before had left traces; they are gone now.\nThere is nothing to forget.\n"
        )
        assert timer_app("history", *command).out == "There is nothing to forget.\n"


@pytest.mark.parametrize("command", [("forget", "--all", "--yes"), ("stats",)])
def test_the_part_file_of_an_export_that_was_killed_is_removed(
    timer_app: Inside, store: Store, home: Path, command: tuple[str, ...]
) -> None:
    target = home / "mine.jsonl"
    subprocess.run([sys.executable, "-c", EXPORTS_AND_DIES, str(store.path), str(target)], check=False)
    assert [path.read_bytes() for path in home.glob(".timer-app-*.part")] == [b"aaaa1111"]
    assert timer_app("history", *command).status == 0
    assert not list(home.glob(".timer-app-*"))
    assert not [path for path in store.path.parent.iterdir() if path.suffix in {".export", ".running"}]


def test_the_part_file_of_an_export_that_goes_on_stays(store: Store, home: Path) -> None:
    with remembered_export(store.path) as remember, atomic_write(home / "mine.jsonl") as file:
        remember(Path(file.name))
        assert not store.finish_forgetting()
        assert Path(file.name).exists()
    assert not [path for path in store.path.parent.iterdir() if path.suffix in {".export", ".running"}]


def test_only_a_part_file_is_removed_whatever_is_remembered(store: Store, home: Path) -> None:
    other = home / "other.txt"
    other.write_text("mine", encoding="utf-8")
    store.path.with_name("0123.export").write_text(str(other), encoding="utf-8")
    assert not store.finish_forgetting()
    assert other.exists()
