from __future__ import annotations

import json
import math
import os
import random
import re
import signal
import sqlite3
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli import streams as s
from tests.history.real_run import FORKING
from tests.hostile.report import Figures, figures, shares
from timer_app.history.store import Store
from timer_app.settings.store import load_settings, write_setting
from timer_app.tui.favourites import Favourites

HOLDS: Final = """
schema = 1
name = "Holds"

[defaults]
prepare = "2s"

[[steps]]
name = "Wall squat"
hold = "4s"
sets = 3
rest = "2s"

[[steps]]
name = "Curl"
reps = 12
tempo = "1-0-1"
"""
SETTINGS: Final = "# mine\nvolume = 50 # soft\nlanguage = 'de'\n"
SIGNALS: Final = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
RECORDS: Final = 150
HISTORY: Final = Path("data", "history", "history.db")
SPEED: Final = 10
COMMITTED_WITHIN_S: Final = 1.0
IS_LEFT_BEHIND: Final = re.compile(r"\.part$|\.export$|\.lock$|\.tmp$|-journal$|~$")
OLD_S: Final = 3_600
ENDINGS: Final = {0, 130, 143, *(-number for number in SIGNALS)}


class Kind:
    """A kind of writing that is killed.

    Args:
        words: What writes.
        again: What the user does next; it tidies up.
        verify: Says what is wrong with what is there, given the user's folder and what the program told.
    """

    def __init__(self, words: str, verify: Callable[[Path, str], str], again: str = "history") -> None:
        self.words, self.verify, self.again = words, verify, again


def count_records(home: Path) -> int:
    return len(Store(home / HISTORY).entries())


def whole_import(home: Path, _told: str) -> str:
    count = count_records(home)
    return "" if count in {1, RECORDS} else f"{count} records of {RECORDS} are there"


def whole_file(name: str, is_whole: Callable[[bytes], bool]) -> Callable[[Path, str], str]:
    def verify(home: Path, _told: str) -> str:
        path = home / name
        return "" if not path.exists() or is_whole(path.read_bytes()) else f"half of {name}"

    return verify


def is_followed(data: bytes) -> bool:
    return tomllib.loads(data.decode())["programme"] in {"desk-week", "gentle-start"}


def is_template(data: bytes) -> bool:
    return len(tomllib.loads(data.decode()).get("steps", ())) > 5


def is_sound(data: bytes) -> bool:
    return int.from_bytes(data[4:8], "little") + 8 == len(data)


KINDS: Final = {
    "history imports": Kind("history import {home}/many.jsonl", whole_import),
    "history exports": Kind(
        "history export {new}/all.jsonl",
        whole_file("all.jsonl", lambda data: data.count(b"\n") == 2),
        "history export {new}/all.jsonl --force",
    ),
    "programme starts": Kind("programme start gentle-start", whole_file("config/programme.toml", is_followed)),
    "new sessions": Kind("new {new}/new.toml", whole_file("new.toml", is_template), "new {new}/another.toml"),
    "sound exports": Kind(
        "export {short} {new}/sound.wav --voice none",
        whole_file("sound.wav", is_sound),
        "export {short} {new}/sound.wav --voice none --force",
    ),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("prepared")
    s.prepare(home)
    head, line = (home / "exported.jsonl").read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    others = [json.dumps(renamed(found, f"{number:032x}")) for number in range(RECORDS - 1)]
    (home / "many.jsonl").write_text("\n".join((head, *others)) + "\n", encoding="utf-8")
    (home / "holds.toml").write_text(HOLDS, encoding="utf-8")
    (home / "config" / "settings.toml").unlink()
    return home


def renamed(line: Any, record_id: str) -> Any:
    line["record"]["id"] = record_id
    return line


class User:
    """A user whose programs are killed, each time from the same beginning.

    Args:
        prepared: Files of that user.
        folder: For copies of them.
        counted: The figures.
    """

    def __init__(self, prepared: Path, folder: Path, counted: Figures) -> None:
        self._prepared, self._folder, self.counted = prepared, folder, counted
        self.home, self._environment = folder, dict[str, str]()

    def begin_anew(self, number: int) -> None:
        self.home = self._folder / str(number)
        self._environment = s.own_copy(self._prepared, self.home)

    def start(self, words: str) -> s.Started:
        given = words.format(home=self._prepared, short=self._prepared / "short.toml", new=self.home).split()
        return s.start_forked(given, self.home, s.Streams(), self._environment)

    def usual_s(self, words: str) -> float:
        """How long that takes when it is not killed."""
        self.begin_anew(-1)
        began = time.monotonic()
        ended = self.start(words).end()
        assert ended.status == 0, ended
        return time.monotonic() - began

    def see_after(self, ended: s.Ended, case: str, again: str) -> None:
        """See what is left after an end, and after the next start, when all that was abandoned is old."""
        if ended.status not in ENDINGS or ended.is_fault:
            self.counted.note("tracebacks", f"{case}: {ended}")
        path = self.home / HISTORY
        with closing(sqlite3.connect(path)) as base:
            if (found := base.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                self.counted.note("wrong", f"{case}: {found}")
        for left in self._left_behind():
            os.utime(left, (time.time() - OLD_S,) * 2)
        next_one = self.start(again).end()
        if next_one.status != 0:
            self.counted.note("wrong", f"{case}: then {again}: {next_one}")
        if left_behind := [one.name for one in self._left_behind()]:
            self.counted.note("left_behind", f"{case}: {left_behind}", len(left_behind))

    def _left_behind(self) -> list[Path]:
        return [path for path in self.home.rglob("*") if path.is_file() and IS_LEFT_BEHIND.search(path.name)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("seed", "count"), shares(2, 4, 1_000))
def test_what_is_killed_while_it_writes_leaves_the_old_or_the_new(  # noqa: PLR0917 - two of them are parameters
    request: pytest.FixtureRequest, prepared: Path, tmp_path: Path, kind: str, seed: int, count: int
) -> None:
    chance, which = random.Random(f"{kind} {seed}"), KINDS[kind]  # noqa: S311 - moments, not secrets
    with figures(request, f"kills of {kind}", seed) as counted:
        user = User(prepared, tmp_path, counted)
        usual_s = user.usual_s(which.words)
        for number in range(count):
            user.begin_anew(number)
            started, moment_s, how = user.start(which.words), chance.uniform(0, usual_s), chance.choice(SIGNALS)
            time.sleep(moment_s)
            started.send(how)
            ended, case = started.end(), f"{kind}, seed {seed}, kill {number} by {how.name} after {moment_s:.3f} s"
            counted.tried += 1
            if trouble := which.verify(user.home, ended.out):
                counted.note("wrong", f"{case}: {trouble}")
            user.see_after(ended, case, which.again)


@pytest.mark.parametrize(("seed", "count"), shares(2, 4, 1_000))
def test_a_run_that_is_ended_at_any_moment_has_kept_the_time_that_it_told(
    request: pytest.FixtureRequest, prepared: Path, tmp_path: Path, seed: int, count: int
) -> None:
    words = f"run {{home}}/holds.toml --plain --no-sound --history --speed {SPEED}"
    chance = random.Random(f"runs {seed}")  # noqa: S311 - moments, not secrets
    with figures(request, "kills of runs", seed) as counted:
        user = User(prepared, tmp_path, counted)
        for number in range(count):
            user.begin_anew(number)
            started, moment_s, how = user.start(words), chance.uniform(0, 4), chance.choice(SIGNALS)
            time.sleep(moment_s)
            told_before = told_ms(started.read("stdout"))
            if how == signal.SIGKILL:
                time.sleep(COMMITTED_WITHIN_S)  # as docs/history.md promises
            started.send(how)
            ended, case = started.end(), f"run, seed {seed}, kill {number} by {how.name} after {moment_s:.3f} s"
            counted.tried += 1
            kept_ms = kept_active_ms(user.home)
            lost_ms = (told_before if how == signal.SIGKILL else told_ms(ended.out)) - kept_ms
            if lost_ms > 0:
                counted.note("lost_s", f"{case}: kept {kept_ms} ms; {ended.out}", math.ceil(lost_ms / 1_000))
            user.see_after(ended, case, "history")


def told_ms(out: str) -> int:
    """The time of the last line of a run; none counts before its work begins, as there is nothing to keep."""
    found = re.findall(r"^ *(\d+):(\d\d)  ", out, re.MULTILINE)
    return (int(found[-1][0]) * 60 + int(found[-1][1])) * 1_000 if found and "  HOLD  " in out else 0


def kept_active_ms(home: Path) -> int:
    newest, *others = Store(home / HISTORY).entries()
    return newest.active_ms if others else 0


def set_over_and_over(path: str) -> None:
    while True:
        for value in range(100):
            write_setting(Path(path), "volume", value)


def star_over_and_over(path: str) -> None:
    stars = Favourites(Path(path))
    while True:
        stars.toggle("desk-break")


def whole_settings(path: Path) -> bool:
    loaded, text = load_settings(path), path.read_text(encoding="utf-8")
    return not loaded.problems and loaded.settings.language == "de" and text.startswith("# mine\n") and "# soft" in text


def whole_stars(path: Path) -> bool:
    return "posture-check" in Favourites(path).ids


@pytest.mark.parametrize(
    ("write", "name", "text", "is_whole"),
    [
        (set_over_and_over, "settings", SETTINGS, whole_settings),
        (star_over_and_over, "stars", '{"stars": ["posture-check"]}', whole_stars),
    ],
    ids=["settings", "stars"],
)
@pytest.mark.parametrize(("seed", "count"), shares(3, 8, 1_000))
def test_a_file_whose_writer_is_killed_is_whole(  # noqa: PLR0917 - most of them are parameters
    request: pytest.FixtureRequest,
    tmp_path: Path,
    write: Callable[[str], None],
    name: str,
    text: str,
    is_whole: Callable[[Path], bool],
    seed: int,
    count: int,
) -> None:
    path, chance = tmp_path / f"{name}.file", random.Random(f"{name} {seed}")  # noqa: S311 - moments, not secrets
    path.write_text(text, encoding="utf-8")
    with figures(request, f"kills of writers of {name}", seed) as counted:
        for number in range(count):
            how = chance.choice((signal.SIGKILL, signal.SIGTERM))
            moment_s = kill_after(write, path, chance, how)
            counted.tried += 1
            if not is_whole(path):
                counted.note("wrong", f"{name}, seed {seed}, kill {number} after {moment_s:.3f} s: {path.read_text()}")
        for left in parts(tmp_path):
            os.utime(left, (time.time() - OLD_S,) * 2)
        write_setting(path, "volume", 1) if name == "settings" else Favourites(path).toggle("x")
        if left_behind := len([*parts(tmp_path)]):
            counted.note("left_behind", f"{name}, seed {seed}", left_behind)


def parts(folder: Path) -> Iterator[Path]:
    return folder.glob(".timer-app-*")


def kill_after(write: Callable[[str], None], path: Path, chance: random.Random, how: signal.Signals) -> float:
    """Let a process write over and over, and kill it; returns how long after its first writing."""
    before, moment_s = path.stat().st_ino, chance.uniform(0, 0.05)
    process = FORKING.Process(target=write, args=(str(path),))
    process.start()
    give_up = time.monotonic() + s.LIMIT_S
    while path.stat().st_ino == before and process.is_alive() and time.monotonic() < give_up:
        time.sleep(0.002)
    time.sleep(moment_s)
    assert process.pid
    os.kill(process.pid, how)
    process.join(s.LIMIT_S)
    assert process.exitcode == -how
    return moment_s
