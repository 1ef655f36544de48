"""Whatever the program has told as kept is there after a power cut, and nothing of what it reads is broken."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.hostile.report import SIZE
from tests.system.power_cut import Disk, Operation, record
from timer_app.history.store import Store

pytestmark = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and shutil.which("gcc")), reason="a library for LD_PRELOAD is built"
)

SESSION = """
schema = 1
name = "Short"
[[steps]]
name = "Wall squat"
hold = "2s"
sets = 3
rest = "1s"
"""
# Everything is done with the program itself, and then told: which file is kept now, how many finished records.
PROGRAM = """
import os, sys
from pathlib import Path
from timer_app.cli.main import main
from timer_app.history.database import open_to_read
from timer_app.settings.store import write_setting
from timer_app.system import paths
from timer_app.tui.favourites import Favourites

session, own = sys.argv[1], Path(sys.argv[2])
run = ["run", session, "--plain", "--no-sound", "--history", "--speed", "50"]
settings, new, stars = paths.settings_file(), own / "new.toml", own / "favourites.json"
sound, lines = own / "short.wav", own / "history.jsonl"

def command(*arguments):
    sys.argv[1:] = arguments
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, arguments

def kept(path, records):
    sys.stdout.flush()
    os.write(1, f"KEPT {path} {records}\\n".encode())

write_setting(settings, "volume", 50)
kept(settings, 0)
command("new", str(new))
kept(new, 0)
command(*run)
kept(settings, 1)
window = open_to_read(paths.history_file())  # the last to close the file would sync it
window.execute("SELECT count(*) FROM records").fetchone()
Favourites(stars).toggle("desk-break")
kept(stars, 1)
command("programme", "start", "desk-week")
kept(paths.programme_file(), 1)
command(*run)
kept(stars, 2)
command("history", "export", str(lines))
kept(lines, 2)
command("export", session, str(sound))
kept(sound, 2)
window.close()
command("history", "forget", "--all", "--yes")
kept(lines, 0)
write_setting(settings, "volume", 60)
kept(settings, 0)
command("history", "import", str(lines))
kept(lines, 2)
"""
CUTS, MANY_CUTS = 60, 3_000 if SIZE == "night" else 500


class Promises:
    """What was told as kept until some moment.

    Args:
        counts: The numbers of finished records that are told one after the other.

    Attributes:
        files: The files, each with the contents that it may have by now.
        records: How many finished records the history may have: as many as told, or as will be told next.
    """

    def __init__(self, counts: list[int]) -> None:
        self._counts = [0, *counts]
        self.files: dict[Path, list[bytes]] = {}

    @property
    def records(self) -> frozenset[int]:
        return frozenset(self._counts[:2])

    def follow(self, operation: Operation, disk: Disk) -> None:
        """Take note of what an operation promises, or changes."""
        if operation.kind == "R" and (path := Path(operation.values[1])) in self.files:
            self.files[path].append(disk.now()[path])
        if told := kept(operation):
            self.files[told[0]] = [disk.now()[told[0]]]
            del self._counts[0]

    def check(self, left: Mapping[Path, bytes], root: Path, restored: Path) -> None:
        """See that a power cut which leaves these files breaks no promise."""
        for path, contents in self.files.items():
            assert left.get(path) in contents, f"{path.name} is lost or torn"
        shutil.rmtree(restored, ignore_errors=True)
        for path, content in left.items():
            there = restored / path.relative_to(root)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(content)
        store = Store(restored / "data" / "history" / "history.db")
        assert store.query(lambda base: base.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        assert sum(one.ending == "finished" for one in store.entries()) in self.records


def kept(operation: Operation) -> tuple[Path, int] | None:
    """Which file is told as kept, and how many finished records; `None` for every other operation."""
    if operation.kind != "K" or not operation.data.startswith(b"KEPT "):
        return None
    _, path, records = operation.data.decode().split()
    return Path(path), int(records)


@pytest.mark.parametrize("cuts", [CUTS, pytest.param(MANY_CUTS, marks=pytest.mark.hostile)])
def test_a_power_cut_at_any_moment_loses_nothing_that_was_told_as_kept(tmp_path: Path, cuts: int) -> None:
    root, session = tmp_path / "home", tmp_path / "short.toml"
    root.mkdir()
    session.write_text(SESSION, encoding="utf-8")
    operations = record([sys.executable, "-c", PROGRAM, str(session), str(root)], root, tmp_path)
    counts = [told[1] for one in operations if (told := kept(one))]
    assert len(counts) == PROGRAM.count("\nkept(")
    chance = random.Random(1)  # noqa: S311 - moments, not secrets
    moments = set(chance.sample(range(len(operations)), min(cuts, len(operations))))
    disk, promises, seen = Disk(root), Promises(counts), set()
    for number, operation in enumerate(operations):
        disk.apply(operation)
        promises.follow(operation, disk)
        left = [disk.after_cut()] if operation.kind in "SDK" else []
        left += [disk.after_cut(chance)] if number in moments else []
        for files in left:
            state = (frozenset(files.items()), promises.records)
            if state not in seen:
                seen.add(state)
                promises.check(files, root, tmp_path / "restored")
    # The log has all that was done.
    assert disk.now() == {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
