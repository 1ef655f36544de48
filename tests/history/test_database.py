from __future__ import annotations

import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance, history, in_area
from timer_app.core.player.states import Command
from timer_app.history import database, stats
from timer_app.history.database import (
    DamagedHistoryError,
    HistoryError,
    NewerVersionError,
    damaged_files,
    open_to_read,
    open_to_write,
    set_damaged_aside,
)
from timer_app.history.earlier_results import past_doses
from timer_app.history.report import lines, sentence
from timer_app.history.schema import MIGRATIONS
from timer_app.history.store import Store
from timer_app.history.views import PERIOD_WEEKS, VIEWS, Period
from timer_app.history.writer import PRIMARY_KEYS, ColumnValue
from timer_app.system.files import check_plain
from timer_app.testing import timeline

ADDED = 'ALTER TABLE records ADD COLUMN remark TEXT NOT NULL DEFAULT "";\nCREATE INDEX remarks ON records (remark);'
BROKEN = "CREATE TABLE more (a TEXT) STRICT;\nINSERT INTO nowhere VALUES (1);"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return history(tmp_path)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def tables(base: sqlite3.Connection) -> set[str]:
    return {name for (name,) in base.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def stored_version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as base:
        return int(base.execute("PRAGMA user_version").fetchone()[0])


def as_once_written(path: Path, version: int, present: Path | None = None) -> None:
    """Puts a performance into a file of an older version, which lacks the columns that came later."""
    if present is None:
        present = path.with_name("present.db")
        Performance(present).whole()
    with closing(open_to_write(path, MIGRATIONS[:version])) as base:
        base.execute("ATTACH ? AS present", (str(present),))
        base.execute("BEGIN")
        for table in PRIMARY_KEYS:
            names = ", ".join(f'"{row[1]}"' for row in base.execute(f"PRAGMA main.table_info({table})"))
            base.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM present.{table}")  # noqa: S608 - names of ours
        base.execute("COMMIT")


def test_the_file_those_beside_it_and_their_folder_are_for_their_owner_alone(store: Store) -> None:
    run = Performance(store.path)
    run.whole()
    with closing(open_to_write(store.path)) as base:
        base.execute("UPDATE records SET name = 'x'")
        beside = sorted(path.name for path in store.path.parent.iterdir())
        assert beside == ["history.db", "history.db-shm", "history.db-wal"]
        assert {mode(path) for path in store.path.parent.iterdir()} == {0o600}
    assert mode(store.path.parent) == 0o700


def test_a_log_that_another_process_takes_away_at_this_moment_stops_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_write(store.path).close()
    log, taken = store.path.with_name(f"{store.path.name}-wal"), []
    log.touch()

    def check_late(file: Path) -> None:
        if file == log:
            log.unlink()
            taken.append(log)
        check_plain(file)

    monkeypatch.setattr(database, "check_plain", check_late)
    assert store.entries() == []
    assert taken == [log]


def test_a_file_that_others_may_read_is_made_private_again(store: Store) -> None:
    open_to_write(store.path).close()
    store.path.chmod(0o644)
    store.path.parent.chmod(0o755)
    open_to_write(store.path).close()
    assert (mode(store.path), mode(store.path.parent)) == (0o600, 0o700)


def test_an_older_version_is_brought_to_the_present_one_and_nothing_is_lost(store: Store) -> None:
    Performance(store.path).whole()
    with closing(open_to_write(store.path, (*MIGRATIONS, ADDED))) as base:
        assert base.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS) + 1
        assert [tuple(row) for row in base.execute("SELECT id, remark FROM records")] == [("a1", "")]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_file_of_each_older_version_is_read_and_written_as_one_of_the_present(store: Store, version: int) -> None:
    as_once_written(store.path, version)
    assert store.recently_done() == {"short": MORNING}
    Performance(store.path, record_id="a2").whole()
    assert store.query(lambda base: base.execute("PRAGMA user_version").fetchone()[0]) == len(MIGRATIONS)
    assert len(store.entries()) == 2


def test_a_migration_tells_how_far_it_is_and_stops_where_it_is_told_to(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_TICK", 20)
    as_once_written(store.path, 1)
    told: list[tuple[int, int]] = []

    def stop_half_way(done: int, total: int) -> None:
        told.append((done, total))
        if done >= total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_to_write(store.path, progress=stop_half_way)
    assert stored_version(store.path) == 1
    open_to_write(store.path, progress=lambda done, total: told.append((done, total))).close()
    assert stored_version(store.path) == len(MIGRATIONS)
    assert len({total for _, total in told}) == 1
    again = next(index for index, (done, _) in enumerate(told) if index and done < told[index - 1][0])
    for part in (told[:again], told[again:]):
        assert part == sorted(part)
        assert part[0][0] == 0
    # In the last step that reads rows, or in those after it, which take no time.
    assert told[-1][1] - 1 <= told[-1][0] <= told[-1][1]


KILLED = """
import os, signal, sys
from pathlib import Path
from timer_app.history import database

database._TICK, steps = 20, int(sys.argv[2])

def kill(done, total):
    if done >= steps:
        os.kill(os.getpid(), signal.SIGKILL)

database.open_to_write(Path(sys.argv[1]), progress=kill)
"""


@pytest.mark.parametrize("steps", [0, 4, 9])
def test_a_migration_that_is_killed_loses_nothing(store: Store, tmp_path: Path, steps: int) -> None:
    as_once_written(store.path, 1)
    with closing(sqlite3.connect(store.path)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = tmp_path / "whole.db"
    shutil.copyfile(store.path, whole)
    killed = subprocess.run([sys.executable, "-c", KILLED, store.path, str(steps)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert stored_version(store.path) == 1
    dumps = []
    for path in (store.path, whole):
        open_to_write(path).close()
        with closing(sqlite3.connect(path)) as base:
            dumps.append(list(base.iterdump()))
    assert dumps[0] == dumps[1]


def test_answers_of_an_older_version_have_the_area_that_their_name_tells(store: Store) -> None:
    names = {"Pain": "", "Schmerz": "", "いたみ": "", "Nacken": "neck", "Left ear": "left-ear"}
    present = store.path.with_name("present.db")
    plan = timeline(*(in_area(area, label=name) for name, area in names.items()))
    run = Performance(present, plan)
    run.send(Command.START)
    run.answers(*range(len(names)))
    run.close()
    as_once_written(store.path, 4, present)
    expected = list(names.items())
    query = "SELECT name, area FROM answers ORDER BY phase"
    assert [tuple(row) for row in store.query(lambda base: base.execute(query).fetchall())] == expected


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_sums_of_an_older_version_are_those_of_the_present(store: Store, version: int) -> None:
    as_once_written(store.path, version)
    there = Store(store.path.with_name("present.db"))
    for session in (None, "short"):
        found = [one.query(partial(stats.exercises, session=session)) for one in (store, there)]
        assert found[0] == found[1] != []
    store.forget(["a1"])
    assert b"wall-squat" not in store.path.read_bytes()


BEYOND = 2**63 - 1
BEFORE_BOUNDS = 5  # the last version that took in any number


TOO_LARGE: dict[str, dict[str, ColumnValue]] = {
    "records": dict.fromkeys(("zone_min", "day", "spent_ms", "work_ms", "left_ms", "changed_ms", "reps"), BEYOND),
    "steps": {"day": BEYOND - 3, **dict.fromkeys(("held_ms", "reps", "sets", "planned_reps"), BEYOND)},
    "sets": dict.fromkeys(("day", "held_ms", "reps"), BEYOND),
    "answers": {"value": float("inf"), "at_ms": BEYOND},
}
TOO_SMALL: dict[str, dict[str, ColumnValue]] = {
    "records": {"paused_ms": 0, **dict.fromkeys(("started_ms", "zone_min", "day", "spent_ms", "work_ms"), -BEYOND)},
    "steps": dict.fromkeys(("day", "held_ms", "reps", "sets"), -BEYOND),
    "sets": dict.fromkeys(("day", "held_ms", "reps"), -BEYOND),
    "answers": {"value": float("-inf"), "at_ms": -BEYOND},
}
CUT_OFF: dict[str, dict[str, ColumnValue]] = {
    "records": {"ending": "running", "options": '{"doses": 5}', "started_ms": 10**15, "path": "x\0y"}
}


@pytest.mark.parametrize("changes", [TOO_LARGE, TOO_SMALL, CUT_OFF])
def test_rows_that_nobody_can_compute_with_stop_neither_readers_nor_the_next_run(
    store: Store, changes: dict[str, dict[str, ColumnValue]]
) -> None:
    present = store.path.with_name("present.db")
    Performance(present).whole()
    with closing(open_to_write(present)) as base:
        for trigger in [row["name"] for row in base.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]:
            base.execute(f"DROP TRIGGER {trigger}")
        for table, values in changes.items():
            names = ", ".join(f"{name} = ?" for name in values)
            base.execute(f"UPDATE {table} SET {names}", tuple(values.values()))  # noqa: S608 - names of ours
    as_once_written(store.path, BEFORE_BOUNDS, present)
    with closing(open_to_write(store.path, MIGRATIONS[:BEFORE_BOUNDS])) as base:
        base.execute("UPDATE records SET device = (SELECT value FROM meta WHERE name = 'device')")
    Performance(store.path, record_id="b2").whole()
    assert {one.id for one in store.entries()} == {"a1", "b2"}
    assert store.recently_done()
    assert all(isinstance(one.options, dict) for one in store.unfinished(MORNING))
    assert store.full_record("a1")
    for weeks in PERIOD_WEEKS:
        period = Period(MORNING.date(), weeks)
        for session in (None, "short"):
            views = [store.query(partial(view.load, period=replace(period, session=session))) for view in VIEWS]
            assert all([sentence(view), *lines(view)] for view in views)
    store.query(lambda base: past_doses(base, [("wall-squat", "hold")], MORNING.date()))
    assert store.forget(["a1", "b2"]) == 2
    assert (store.query(stats.days), store.query(stats.exercises)) == ([], [])


def test_a_step_to_a_newer_version_is_done_whole_or_not_at_all(store: Store) -> None:
    Performance(store.path).whole()
    with pytest.raises(HistoryError, match="no such table"):
        open_to_write(store.path, (*MIGRATIONS, BROKEN))
    with closing(open_to_write(store.path)) as base:
        assert "more" not in tables(base)
    assert len(store.entries()) == 1


def test_a_file_of_a_newer_version_is_left_alone_and_said_so(store: Store) -> None:
    open_to_write(store.path, (*MIGRATIONS, ADDED)).close()
    for opener in (open_to_write, open_to_read):
        with pytest.raises(NewerVersionError, match="newer version of timer-app"):
            opener(store.path)
    assert damaged_files(store.path) == []


@pytest.mark.parametrize(
    "junk", [b"not a database at all, but long enough to be one" * 50, b"SQLite format 3\0junk" * 99]
)
def test_a_damaged_file_is_known_as_one(store: Store, junk: bytes) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(junk)
    for opener in (open_to_write, open_to_read):
        with pytest.raises(DamagedHistoryError):
            opener(store.path)


def test_damage_inside_is_found_when_a_row_is_read(store: Store) -> None:
    Performance(store.path).whole()
    content = bytearray(store.path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    store.path.write_bytes(content)
    with pytest.raises(DamagedHistoryError):
        store.entries()


def test_a_damaged_file_gets_a_name_of_its_own_and_keeps_all_that_is_in_it(store: Store) -> None:
    store.path.parent.mkdir()
    for junk in (b"first", b"second"):
        store.path.write_bytes(junk * 999)
        stored = set_damaged_aside(store.path, MORNING)
        assert stored is not None
        assert stored.read_bytes() == junk * 999
    assert [path.name for path in damaged_files(store.path)] == [
        "history.damaged-2026-03-02-073000-2.db",
        "history.damaged-2026-03-02-073000.db",
    ]
    assert not store.path.exists()


def test_a_sound_file_is_not_set_aside_by_one_who_comes_late(store: Store) -> None:
    Performance(store.path).whole()
    assert set_damaged_aside(store.path, MORNING) is None
    assert len(store.entries()) == 1


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="not a directory"):
        open_to_write(tmp_path / "file" / "history" / "history.db")


def test_an_empty_file_is_an_empty_history(store: Store) -> None:
    store.path.parent.mkdir()
    store.path.touch()
    assert store.entries() == []
