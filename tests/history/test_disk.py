"""The program itself on a disk that is full for a while, and in folders that take nothing."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.history.full_disk import LimitedRun, SmallDiskRun, may_have_own_disks
from tests.history.performing import LIMIT_S
from timer_app.history.store import Store
from timer_app.history.writer import RECOVERED_NOTICE

LONG = """
schema = 1
name = "Long"

[[steps]]
name = "Wall squat"
hold = "20s"
rest = "2s"
sets = 99
"""
SHORT = 'schema = 1\nname = "Short"\n[[steps]]\nname = "Wall squat"\nhold = "20s"\n'
RUN = ["--plain", "--no-sound", "--history", "--speed", "40"]
_DROP, _OVERRIDE, _SEARCH = 24, 1, 2  # of prctl(2): rights by which root writes wherever it likes


@pytest.mark.parametrize("is_small", [False, True])
def test_a_run_on_a_disk_that_is_full_for_a_while_goes_on_and_is_kept_whole(tmp_path: Path, is_small: bool) -> None:
    (tmp_path / "long.toml").write_text(LONG, encoding="utf-8")
    # Where no disk can be had, the limit stands for it.
    kind = SmallDiskRun if is_small and may_have_own_disks() else LimitedRun
    run = kind(tmp_path, ["run", "long.toml", *RUN])
    reported = run.lines_until("set 2 of")
    run.fill()
    reported += run.lines_until("NOTICE")
    assert f"history.db: {run.reason}" in reported[-1]
    assert reported[-1].endswith("It is kept in memory and tried again.\n")
    reported += run.lines_until("HOLD") + run.lines_until("HOLD")  # it goes on
    run.free()
    reported += run.lines_until(RECOVERED_NOTICE)
    last, errors = run.end()
    assert sum("NOTICE" in line for line in [*reported, *last]) == 2
    assert errors == ""
    store = Store(run.stored / "history" / "history.db")
    assert store.query(lambda base: base.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
    (entry,) = store.entries()
    begun = sum("HOLD" in line for line in reported)
    assert entry.ending == "broken off"
    assert entry.work_ms >= 20_000 * (begun - 1)
    assert store.query(lambda base: base.execute("SELECT count(*) FROM sets").fetchone()[0]) >= begun


def without_the_rights_of_root() -> None:
    """Root may write into every folder; a program begun after this may not."""
    libc = ctypes.CDLL(None)
    for right in (_OVERRIDE, _SEARCH):
        libc.prctl(_DROP, right, 0, 0, 0)  # refused, and not needed, where the user is not root


@pytest.mark.parametrize("place", ["below a file", "in a folder that may only be read"])
def test_a_run_whose_history_can_lie_nowhere_goes_on_and_owns_up_to_it(tmp_path: Path, place: str) -> None:
    (tmp_path / "short.toml").write_text(SHORT, encoding="utf-8")
    data = tmp_path / "data"
    if place == "below a file":
        data.write_text("in the way", encoding="utf-8")
    else:
        data.mkdir(mode=0o500)
    found = subprocess.run(
        [sys.executable, "-m", "timer_app", "run", "short.toml", *RUN],
        cwd=tmp_path,
        env={**os.environ, "TIMER_APP_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
        preexec_fn=without_the_rights_of_root,
    )
    reason = "not a directory" if place == "below a file" else "permission denied"
    assert found.returncode == 0
    assert "FINISHED  Short" in found.stdout
    assert found.stdout.count("NOTICE") == 1
    assert f"history.db: {reason}" in found.stdout
    assert found.stderr.count("\n") == 1
    assert found.stderr.startswith("What was done could not be written into the history, and is lost: ")
