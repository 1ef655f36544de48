"""A run that is killed at any moment loses nothing that was counted, and can be taken up where it stood."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.history.performing import LIMIT_S, history, short
from timer_app.diary import local_now
from timer_app.history.planned import shape
from timer_app.history.store import Store, Unfinished

KILLS_EACH = 50
LONGEST_S = 0.25


def kill_at_a_random_moment(path: Path, moment_s: float) -> list[str]:
    """Start a run, kill it a moment after it has begun, and return the last line it told after a commit."""
    command = [sys.executable, "-m", "tests.history.writing_child", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [process.stdout.readline()]
    try:
        process.wait(moment_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    told += process.communicate(timeout=LIMIT_S)[0].splitlines()
    assert process.returncode == -signal.SIGKILL
    whole = [line for line in told if len(line.split()) == 4]
    return whole[-1].split()


def see_that_all_is_there(store: Store, told: list[str]) -> None:
    record_id, work_ms, reps, answers = told[0], *map(int, told[1:])
    (entry,) = [one for one in store.entries() if one.id == record_id]
    assert entry.work_ms >= work_ms
    assert entry.reps >= reps
    assert entry.pain_before is not None or not answers
    if entry.ending == "running":
        (cut_off,) = [one for one in store.unfinished(local_now()) if one.id == record_id]
        see_that_it_can_be_taken_up(cut_off, work_ms, reps)


def see_that_it_can_be_taken_up(cut_off: Unfinished, work_ms: int, reps: int) -> None:
    plan = short()
    assert cut_off.shape == shape(plan)
    phase = plan.phases[cut_off.phase]
    assert phase.step is not None
    assert cut_off.step == plan.steps[phase.step].name
    assert cut_off.record.work_ms >= work_ms
    assert cut_off.record.reps >= reps
    assert cut_off.record.spent_ms <= plan.total_ms + cut_off.counted * 1_000


@pytest.mark.parametrize("seed", range(4))
def test_a_run_killed_at_50_random_moments_has_kept_everything_each_time(tmp_path: Path, seed: int) -> None:
    chance, store = random.Random(seed), history(tmp_path)  # noqa: S311 - moments, not secrets
    for _ in range(KILLS_EACH):
        told = kill_at_a_random_moment(store.path, chance.uniform(0, LONGEST_S))
        see_that_all_is_there(store, told)
    assert store.ask(lambda base: base.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"


def test_a_record_that_is_still_being_written_is_not_offered(tmp_path: Path) -> None:
    store = history(tmp_path)
    command = [sys.executable, "-m", "tests.history.writing_child", str(store.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        running = [one.id for one in store.entries() if one.ending == "running"]
        assert len(running) <= 1
        assert store.unfinished(local_now()) == []
        process.kill()
    assert [one.id for one in store.unfinished(local_now())] == running


def test_two_runs_at_once_are_both_kept(tmp_path: Path) -> None:
    store = history(tmp_path)
    command = [sys.executable, "-m", "tests.history.writing_child", str(store.path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = []
    for process in both:
        assert process.stdout is not None
        told.append([process.stdout.readline() for _ in range(40)][-1].split())
    for process in both:
        process.kill()
        process.communicate(timeout=LIMIT_S)
    for line in told:
        see_that_all_is_there(store, line)
