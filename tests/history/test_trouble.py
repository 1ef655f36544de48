"""Whatever becomes of the file, the run goes on, says so once, and is written as soon as that can be."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.history.performing import LIMIT_S, MORNING, Performance, history
from timer_app.core.player.states import Command
from timer_app.history import database as running
from timer_app.history.database import HistoryError, damaged_files, open_to_write
from timer_app.history.store import Store
from timer_app.history.writer import RECOVERED_NOTICE, HistoryRow, HistoryWriter

SOON_S = 0.02


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return history(tmp_path)


def begun(store: Store, opener: Callable[[Path], sqlite3.Connection] = open_to_write) -> Performance:
    """A run of which something is to be written already."""
    run = Performance(store.path)
    run.writer.close(LIMIT_S)
    run.writer = HistoryWriter(store.path, run.record_id, run.wall, opener, first_retry_s=SOON_S)
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    return run


def finish(run: Performance) -> None:
    run.after(60_000)
    run.send(Command.FINISH)
    run.close()


def reported(run: Performance, count: int) -> list[str]:
    """The first so many things the user is told; it waits for them."""
    lines: list[str] = []
    until_s = time.monotonic() + LIMIT_S
    while len(lines) < count and time.monotonic() < until_s:
        lines += run.writer.take_notices()
        time.sleep(SOON_S / 4)
    return lines


def test_a_full_disk_is_told_once_and_nothing_is_lost_when_there_is_room_again(store: Store) -> None:
    open_to_write(store.path).close()
    is_full = True

    def on_a_full_disk(path: Path) -> sqlite3.Connection:
        base = open_to_write(path)
        if is_full:
            base.execute("PRAGMA max_page_count = 1")  # no page more than there are
        return base

    run = begun(store, on_a_full_disk)
    run.writer.put([HistoryRow("texts", {"sha256": "long", "text": "more than there is room for" * 9_999})])
    assert reported(run, 1) == [
        f"The history cannot be written now ({store.path}: the disk is full). It is kept in memory and tried again."
    ]
    run.after(10_000)
    assert not run.writer.flush(5 * SOON_S)
    assert run.writer.take_notices() == []
    is_full = False
    assert reported(run, 1) == [RECOVERED_NOTICE]
    finish(run)
    assert [(entry.ending, entry.work_ms, entry.pain_before) for entry in store.entries()] == [
        ("finished early", 62_000, 5)
    ]


def test_a_file_that_another_program_holds_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timer_app.history.database.BUSY_MS", 10)
    open_to_write(store.path).close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        run = begun(store)
        assert "another program holds the file" in reported(run, 1)[0]
    assert reported(run, 1) == [RECOVERED_NOTICE]
    finish(run)
    assert len(store.entries()) == 1


def test_a_folder_that_cannot_be_made_is_tried_again(store: Store) -> None:
    store.path.parent.write_text("in the way", encoding="utf-8")
    run = begun(store)
    assert "file exists" in reported(run, 1)[0]
    store.path.parent.unlink()
    assert reported(run, 1) == [RECOVERED_NOTICE]
    finish(run)
    assert len(store.entries()) == 1


def test_what_can_never_be_written_is_owned_up_to_in_the_end(store: Store) -> None:
    def never(path: Path) -> sqlite3.Connection:
        raise HistoryError(f"{path}: the disk does not take it")

    run = begun(store, never)
    run.after(60_000)
    assert not run.writer.close(5 * SOON_S)
    assert run.writer.trouble == f"{store.path}: the disk does not take it"
    assert {row.table for row in run.writer.unwritten_rows()} == {"texts", "records", "steps", "sets", "answers"}


def test_a_damaged_file_is_set_aside_at_the_start_of_a_run(store: Store) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"junk" * 5_000)
    run = begun(store)
    finish(run)
    (stored,) = damaged_files(store.path)
    assert stored.read_bytes() == b"junk" * 5_000
    assert run.writer.take_notices() == [f"The history was damaged. It is kept as {stored}, and a new one is begun."]
    assert len(store.entries()) == 1


def test_a_damaged_file_that_takes_the_place_of_the_right_one_in_a_run_is_set_aside_too(store: Store) -> None:
    run = begun(store)
    run.after(10_000)
    run.stored()
    for ending in ("-wal", "-shm"):
        store.path.with_name(store.path.name + ending).unlink()
    store.path.with_name("other").write_bytes(b"junk" * 5_000)
    store.path.with_name("other").replace(store.path)
    finish(run)
    assert len(damaged_files(store.path)) == 1
    assert [(entry.ending, entry.pain_before) for entry in store.entries()] == [("finished early", 5)]


def test_a_file_that_is_deleted_in_the_middle_of_a_run_is_made_again_with_all_of_it(store: Store) -> None:
    run = begun(store)
    run.after(10_000)
    run.stored()
    for path in store.path.parent.glob("history.db*"):
        path.unlink()
    finish(run)
    assert [(entry.ending, entry.pain_before) for entry in store.entries()] == [("finished early", 5)]


def test_a_record_that_is_being_written_cannot_be_forgotten(store: Store) -> None:
    run = begun(store)
    run.stored()
    with pytest.raises(HistoryError, match="is being written now"):
        store.forget([run.record_id])
    finish(run)
    assert store.forget([run.record_id]) == 1


def test_what_nobody_foresaw_is_told_and_ends_no_run(store: Store) -> None:
    def broken(_: Path) -> sqlite3.Connection:
        raise ZeroDivisionError("oh")

    run = begun(store, broken)
    assert reported(run, 1) == ["The history of this session is not kept: ZeroDivisionError: oh"]
    run.after(60_000)
    assert not run.writer.close(SOON_S)


def test_a_record_left_as_it_is_is_not_offered_again(store: Store) -> None:
    run = begun(store)
    run.after(10_000)
    run.close()
    (cut_off,) = store.unfinished(MORNING)
    store.mark_broken_off(cut_off.id, MORNING)
    assert store.unfinished(MORNING) == []
    assert [entry.ending for entry in store.entries()] == ["broken off"]


def test_whoever_only_looks_whether_a_record_is_being_written_is_not_taken_for_its_writer(store: Store) -> None:
    run = begun(store)
    run.close()
    looking = running.acquire_record_lock(store.path, run.record_id)
    assert looking is not None
    threading.Timer(SOON_S, looking.release).start()
    assert not running.is_being_written(store.path, run.record_id)


def test_a_record_is_marked_though_somebody_looks_at_that_moment(store: Store) -> None:
    run = begun(store)
    run.close()
    looking = running.acquire_record_lock(store.path, run.record_id)
    assert looking is not None
    threading.Timer(SOON_S, looking.release).start()
    mark = running.acquire_record_lock(store.path, run.record_id)
    assert mark is not None
    assert running.is_being_written(store.path, run.record_id)
    mark.release()


@pytest.mark.parametrize("becomes", ["left", "forgotten"])
def test_nothing_is_left_of_the_mark_of_a_record_that_will_not_go_on(store: Store, becomes: str) -> None:
    run = begun(store)
    run.close()
    place = running.record_lock_path(store.path, run.record_id)
    place.touch()  # as after a kill
    if becomes == "left":
        store.mark_broken_off(run.record_id, MORNING)
    else:
        store.forget([run.record_id])
    assert not place.exists()
