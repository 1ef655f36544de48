"""However a run is cut off, its time is there: it counts as it passes, and work never takes longer than the run."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.random_runs import Press, obey, timelines, users
from tests.history.performing import MORNING, TEXT, Performance, history
from tests.history.real_run import RealRun
from timer_app.core.player import Player
from timer_app.core.player.events import Event
from timer_app.core.player.recorder import Recorder
from timer_app.core.player.states import Command, RunPosition
from timer_app.core.timeline import Timeline
from timer_app.history import Store
from timer_app.history.database import open_to_write
from timer_app.history.run_log import RecordHeader, RunLog, sha256
from timer_app.history.schema import MIGRATIONS
from timer_app.history.transfer import export_lines, import_lines
from timer_app.history.writer import ColumnValue
from timer_app.system import paths
from timer_app.testing import hold, rest, step, timeline

LEAN = """
schema = 1
name = "Lean"
[defaults]
prepare = "0s"
[[steps]]
name = "Lean"
hold = "90s"
"""
SPEED = 10


class LookedAt:
    """A run that is looked at after every few milliseconds, and whose rows always have to add up."""

    def __init__(self, plan: Timeline, earlier: LookedAt | None = None) -> None:
        self.plan = plan
        record = earlier.recorder.record if earlier else None
        self.player: Player = Player(plan, start=RunPosition(earlier.player.index) if earlier else None)
        self.recorder: Recorder = Recorder(plan, record, continues_set=earlier is not None)
        header = RecordHeader("a1", "lean", "/lean.toml", TEXT, "en", MORNING, {})
        self._log = RunLog(header, lambda: MORNING, record)
        self._now_ms = 0

    def go(self, user: Iterable[Press], look_ms: int) -> None:
        for press in user:
            until_ms = self._now_ms + press.after_ms
            while self._now_ms < until_ms:
                self._now_ms = min(until_ms, self._now_ms + look_ms)
                self._see(self.player.advance(self._now_ms))
            self._see(obey(self.player, press, self._now_ms))

    def cut(self) -> None:
        """End as a signal ends a run; what was under way is in the record when it is read again."""
        rows = self._see([], is_last=True)
        for step_row in (row for row in rows if "planned_sets" in row):
            held_ms = step_row["held_ms"]
            assert isinstance(held_ms, int)
            self.recorder.record.steps[int(str(step_row["number"]))].held_ms = held_ms

    def _see(self, events: list[Event], *, is_last: bool = False) -> list[dict[str, ColumnValue]]:
        self.recorder.observe(events, self.player.now_ms)
        record, snapshot = self.recorder.record, self.player.snapshot(self.player.now_ms)
        rows = self._log.changed_rows(self.plan, record, snapshot, is_last=is_last)
        for values in (row.values for row in rows if row.table == "records"):
            spent_ms, paused_ms, work_ms = (int(str(values[name])) for name in ("spent_ms", "paused_ms", "work_ms"))
            assert 0 <= paused_ms <= spent_ms
            assert 0 <= work_ms <= spent_ms - paused_ms
        return [dict(row.values) for row in rows]


@settings(deadline=None, max_examples=40)
@given(timelines(), users(), users(), st.integers(50, 1_500))
def test_no_run_however_it_is_cut_has_more_work_than_time(
    plan: Timeline, user: list[Press], after_it: list[Press], look_ms: int
) -> None:
    run = LookedAt(plan)
    run.go(user, look_ms)
    run.cut()
    if not run.player.state.is_over:
        run = LookedAt(plan, run)
        run.go(after_it, look_ms)
        run.cut()


def test_time_counts_as_it_passes_and_not_while_it_is_paused(tmp_path: Path) -> None:
    store = history(tmp_path)
    run = Performance(store.path, timeline(step("Lean", hold(300_000), rest(60_000), hold(10_000))))
    run.send(Command.START)
    run.after(290_000)
    run.stored()
    assert [(one.active_ms, one.work_ms) for one in store.entries()] == [(290_000, 290_000)]
    run.send(Command.PAUSE)
    run.after(40_000)
    run.send(Command.RESUME)
    run.after(20_000)
    run.after(30_000)  # of the rest
    run.stored()
    (entry,) = store.entries()
    assert entry.work_ms == 300_000
    assert 330_000 <= entry.active_ms <= 340_000
    run.close()


def leaning(file: Path) -> RealRun:
    """A real run of a hold of 90 seconds."""
    file.write_text(LEAN, encoding="utf-8")
    names = ("CONFIG", "DATA", "CACHE")
    environment = {f"TIMER_APP_{name}": os.environ[f"TIMER_APP_{name}"] for name in names}
    return RealRun(["run", str(file), "--plain", "--no-sound", "--history", "--speed", str(SPEED)], environment)


def signalled(run: RealRun, number: int) -> float:
    """Send the signal when the hold has lasted for a while; returns for how many milliseconds of the
    session it had.
    """
    while not any("HOLD" in line.text for line in run.lines):
        run.answer_until(time.monotonic() + 0.05)
    began_s = run.lines[-1].read_s
    run.answer_until(began_s + 0.43)
    lasted_s = time.monotonic() - began_s
    assert run.process.pid is not None
    os.kill(run.process.pid, number)
    return lasted_s * 1_000 * SPEED


def test_a_signal_takes_no_time_from_a_run_and_a_kill_at_most_five_seconds(tmp_path: Path) -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
    runs = [leaning(tmp_path / f"lean-{number}.toml") for number in numbers]
    lasted = [signalled(run, number) for run, number in zip(runs, numbers, strict=True)]
    for run, number, lasted_ms in zip(runs, numbers, lasted, strict=True):
        run.close()
        (entry,) = Store(paths.history_file()).entries(session=f"lean-{number}")
        assert lasted_ms - entry.work_ms <= (5_000 * SPEED if number == signal.SIGKILL else 0)
        assert entry.active_ms >= entry.work_ms


def test_the_history_takes_no_record_with_more_work_than_time(tmp_path: Path) -> None:
    store = history(tmp_path)
    Performance(store.path).whole()
    with closing(open_to_write(store.path)) as base:
        for change in ("work_ms = spent_ms + 1", "paused_ms = spent_ms", "spent_ms = work_ms - 1"):
            with pytest.raises(sqlite3.IntegrityError, match="more work_ms than"):
                base.execute(f"UPDATE records SET {change}")  # noqa: S608 - changes of ours


def cut_off_by_a_version_before(path: Path) -> list[str]:
    """A history of version 5 with a record of more work than time, and its export."""
    with closing(open_to_write(path, MIGRATIONS[:5])) as base:
        base.execute("INSERT INTO texts VALUES (?, 'x')", (sha256("x"),))
        base.execute(
            "INSERT INTO records VALUES ('a1', 'd', 's', 'S', '/s', ?, '', 'en', '{}', 0, 0, 0, NULL, 'broken off',"
            " 90000, 0, 8000, 1000, 11000, 0, 0, NULL, 0, 0)",
            (sha256("x"),),
        )
        return list(export_lines(base))


def test_a_record_of_a_version_before_gets_the_time_of_its_work(tmp_path: Path) -> None:
    mine, other = history(tmp_path), history(tmp_path / "other")
    lines = cut_off_by_a_version_before(mine.path)
    with closing(open_to_write(other.path)) as base:
        assert import_lines(base, lines).new == 1
        assert import_lines(base, lines).known == 1
    for store in (mine, other):
        assert [(one.active_ms, one.work_ms) for one in store.entries()] == [(11_000, 11_000)]
        sums = store.query(lambda base: base.execute("SELECT active_ms, work_ms FROM day_sums").fetchall())
        assert [tuple(row) for row in sums] == [(11_000, 11_000)]
