"""A run that is killed at any moment loses nothing that was counted, and can be taken up where it stood."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.history.foreseen import Done, Foreseen
from tests.history.performing import LIMIT_S, history, short
from tests.history.real_run import FORKING, Line, RealRun
from tests.history.writing_child import write_over_and_over
from tests.hostile.report import SIZE
from timer_app.history.run_log import timeline_hash
from timer_app.history.store import RecordSummary, Store, UnfinishedRecord
from timer_app.library.library import Library
from timer_app.run.tracker import ResumableRun, RunTracker, local_now
from timer_app.system import paths

SESSION = """
schema = 1
name = "Cut off"

[defaults]
prepare = "3s"

[[steps]]
measure = "pain"

[[steps]]
name = "Wall squat"
hold = "6s"
sets = 2
rest = "2s"
sides = "each"

[[steps]]
name = "Curl"
reps = 5
tempo = "1-0-1"

[[steps]]
name = "Push-up"
reps = 4
tempo = "free"

[[steps]]
name = "Cat and cow"
rounds = 3
flow = [{ name = "Cat", for = "2s" }, { name = "Cow", for = "2s" }]

[[steps]]
measure = "pain"
"""
PEOPLE, FEW_PEOPLE = 5, 2
SEEDS = 4 if SIZE == "night" else 1
KILLS_EACH, FEW_KILLS_EACH = 10, 8
LATE_AT_FIRST = 198  # by this seed both are first killed late, so that there is something to take up on a busy machine
SPEED, LONGEST_S = 25, 3.0
FAST_KILLS, SHORT_S = 20, 0.25
COMMITTED_WITHIN_S = 1.0  # as docs/history.md promises


class Person:
    """Somebody who does a session whose program is killed again and again, and each time goes on with it."""

    def __init__(self, path: Path, seed: str) -> None:
        path.write_text(SESSION, encoding="utf-8")
        self.path = path
        self.diary = RunTracker(Store(paths.history_file()))
        self.library = Library.default("")
        self.kills = self.taken_up = 0
        self._seed = seed
        self._chance = random.Random(seed)  # noqa: S311 - moments, not secrets
        self._environment = {name: os.environ[f"TIMER_APP_{name}"] for name in ("CONFIG", "DATA", "CACHE")}

    def be_killed(self, times: int) -> Person:
        """Go on until the program was killed so many times."""
        while self.kills < times:
            moment_s = self._chance.uniform(0, LONGEST_S)
            try:
                self._go_on(moment_s)
            except AssertionError as error:
                error.add_note(f"person {self._seed}, kill {self.kills}, {moment_s:.3f} s after the start")
                raise
        return self

    def _go_on(self, moment_s: float) -> None:
        self._settle()
        offer = self.diary.query_resumable(str(self.path))
        before = self._kept(offer)
        foreseen = Foreseen(self.library, self.path, self.diary, offer, seed=1)
        if before:
            self.taken_up += 1
            see_that_it_begins_with_what_was_cut_off(foreseen, before.phase)
        run = self._start(offer)
        run.answer_until(run.began_s + moment_s)
        killed_s = run.kill()
        status = run.close()
        see_that_it_tells_what_was_foreseen(run, foreseen, offer)
        if status == 0:  # it had come to its end
            assert self._latest().ending == "finished"
            return
        assert status == -signal.SIGKILL
        self.kills += 1
        old = [line for line in of_run(run.lines) if line.read_s < killed_s - COMMITTED_WITHIN_S]
        lowest = foreseen.reported[len(old)][1] if old else None
        highest = _highest(before, foreseen, int((killed_s - run.began_s) * SPEED * 1_000))
        self._see_that_all_is_there(before, lowest, highest)

    def _settle(self) -> None:
        """Settle what the program was writing when it was killed.

        A commit that was synced to the log, but not yet published to other processes, is there or not: whoever writes
        next drops it, whoever opens the history alone recovers it. Both are right, but not one after the other.
        """
        path = self.diary.store.path
        if path.exists():
            with closing(sqlite3.connect(path, timeout=LIMIT_S, isolation_level=None)) as base:
                base.execute("BEGIN IMMEDIATE")  # another person's program may be about to create the tables
                version = base.execute("PRAGMA user_version").fetchone()[0]
                base.execute(f"PRAGMA user_version = {version:d}")  # the same; the page is written all the same
                base.execute("COMMIT")

    def _start(self, offer: ResumableRun | None) -> RealRun:
        how = ["--plain", "--no-sound", "--history", "--seed", "1", "--speed", str(SPEED)]
        which = ["--resume", str(self.path)] if offer else [str(self.path)]
        return RealRun(["run", *which, *how], {f"TIMER_APP_{name}": at for name, at in self._environment.items()})

    def _latest(self) -> RecordSummary:
        return self.diary.store.entries(session=self.path.stem, limit=1)[0]

    def _kept(self, offer: ResumableRun | None) -> Done | None:
        return Done.of(offer.unfinished, self._latest().work_ms) if offer else None

    def _see_that_all_is_there(self, before: Done | None, lowest: Done | None, highest: Done) -> None:
        """See that the history has what was told long enough ago, and nothing that cannot have been done yet."""
        store = self.diary.store
        assert store.query(lambda base: base.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        stored = self._kept(self.diary.query_resumable(str(self.path)))
        if stored is None:
            is_over = bool(store.entries(session=self.path.stem)) and self._latest().ending == "finished"
            assert is_over or (before is None and (lowest is None or not lowest.answers))
            return
        assert all(map(int.__le__, lowest or stored, stored)), f"at least {lowest}, kept {stored}"
        assert all(map(int.__le__, stored, highest)), f"at most {highest}, kept {stored}"
        if before:
            assert all(map(int.__le__, before[1:], stored[1:])), f"before {before}, kept {stored}"


def _highest(before: Done | None, foreseen: Foreseen, elapsed_ms: int) -> Done:
    """What can have been done so long after the start at most; `elapsed_ms` in the time of the session."""
    here = foreseen.at(elapsed_ms)
    # Reps of one's own take some time of their own, and a rep that was cut off begins anew, so its phase lies before.
    phase, work_ms = (before.phase, before.work_ms) if before else (0, 0)
    return here._replace(phase=max(phase, here.phase), work_ms=work_ms + elapsed_ms)


def of_run(lines: list[Line]) -> list[Line]:
    """What was told of the run itself, without the heading and the summary."""
    return [line for line in lines if re.match(r" *\d+:\d\d  ", line.text)]


def see_that_it_tells_what_was_foreseen(run: RealRun, foreseen: Foreseen, offer: ResumableRun | None) -> None:
    """See that the run began where it had to, and went on step by step; answers take their own time."""
    if run.lines:
        assert ("taken up again" in run.lines[0].text) == (offer is not None)
    reported = [line.text[9:] for line in of_run(run.lines)]
    # The first line that is foreseen says how to answer.
    assert reported == [text[9:] for text, _ in foreseen.reported[1 : len(reported) + 1]]
    assert not [line for line in run.lines if "NOTICE" in line.text]


def see_that_it_begins_with_what_was_cut_off(foreseen: Foreseen, cut_off: int) -> None:
    """A rep, or a round of a flow, that was cut off begins anew; everything else goes on in the same phase."""
    here, there = foreseen.timeline.phases[foreseen.begins_at], foreseen.timeline.phases[cut_off]
    assert foreseen.begins_at <= cut_off
    assert (here.unit, here.rep, here.round) == (there.unit, there.rep, there.round)
    assert foreseen.begins_at == cut_off or here.rep or here.part


@pytest.mark.parametrize(
    ("seed", "count", "kills_each"),
    [
        (LATE_AT_FIRST, FEW_PEOPLE, FEW_KILLS_EACH),
        *(pytest.param(seed, PEOPLE, KILLS_EACH, marks=pytest.mark.hostile) for seed in range(SEEDS)),
    ],
)
def test_runs_killed_at_random_moments_go_on_each_time_where_they_stood(
    tmp_path: Path, seed: int, count: int, kills_each: int
) -> None:
    people = [Person(tmp_path / f"session-{number}.toml", f"{seed}-{number}") for number in range(count)]
    with ThreadPoolExecutor(count) as pool:
        done = list(pool.map(lambda person: person.be_killed(kills_each), people))
    assert sum(person.kills for person in done) == count * kills_each
    assert sum(person.taken_up for person in done) > count * kills_each / 2


def kill_at_a_random_moment(path: Path, moment_s: float) -> list[str]:
    """Start a run, kill it a moment after it has begun, and return the last line it told after a commit."""
    reported, tell = FORKING.Pipe(duplex=False)
    process = FORKING.Process(target=write_over_and_over, args=(path, tell.send))
    process.start()
    tell.close()
    lines = [reported.recv()]
    process.join(moment_s)
    process.kill()
    with suppress(EOFError):
        while True:
            lines.append(reported.recv())
    process.join(LIMIT_S)
    assert process.exitcode == -signal.SIGKILL
    return str(lines[-1]).split()


def see_that_all_is_there(store: Store, reported: list[str]) -> None:
    record_id, work_ms, reps, answers = reported[0], *map(int, reported[1:])
    (entry,) = [one for one in store.entries() if one.id == record_id]
    assert entry.work_ms >= work_ms
    assert entry.reps >= reps
    assert entry.pain_before is not None or not answers
    if entry.ending == "broken off":
        (cut_off,) = [one for one in store.unfinished(local_now()) if one.id == record_id]
        see_that_it_can_be_taken_up(cut_off, work_ms, reps)


def see_that_it_can_be_taken_up(cut_off: UnfinishedRecord, work_ms: int, reps: int) -> None:
    plan = short()
    assert cut_off.timeline_hash == timeline_hash(plan)
    phase = plan.phases[cut_off.phase]
    assert phase.step is not None
    assert cut_off.step == plan.steps[phase.step].name
    assert cut_off.record.work_ms >= work_ms
    assert cut_off.record.reps >= reps
    assert cut_off.record.spent_ms <= plan.total_ms + cut_off.counted * 1_000


def test_a_run_killed_while_it_writes_all_the_time_has_kept_everything(tmp_path: Path) -> None:
    chance, store = random.Random(1), history(tmp_path)  # noqa: S311 - moments, not secrets
    for _ in range(FAST_KILLS):
        reported = kill_at_a_random_moment(store.path, chance.uniform(0, SHORT_S))
        see_that_all_is_there(store, reported)
    assert store.query(lambda base: base.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"


def still_running(store: Store) -> list[str]:
    return [one.id for one in store.entries() if one.ending == "running"]


def test_a_record_that_is_still_being_written_is_not_offered(tmp_path: Path) -> None:
    store = history(tmp_path)
    command = [sys.executable, "-m", "tests.history.writing_child", str(store.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        running = still_running(store)
        while not running:  # between two records
            process.send_signal(signal.SIGCONT)
            process.stdout.readline()
            process.send_signal(signal.SIGSTOP)
            running = still_running(store)
        assert len(running) == 1
        assert store.unfinished(local_now()) == []
        process.kill()
    assert [one.id for one in store.unfinished(local_now())] == running


def test_two_runs_at_once_are_both_kept(tmp_path: Path) -> None:
    store = history(tmp_path)
    command = [sys.executable, "-m", "tests.history.writing_child", str(store.path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    reported = []
    for process in both:
        assert process.stdout is not None
        reported.append([process.stdout.readline() for _ in range(40)][-1].split())
    for process in both:
        process.kill()
        process.communicate(timeout=LIMIT_S)
    for line in reported:
        see_that_all_is_there(store, line)
