"""What costly files take, and how a library of very many sessions grows, beside parsing the same files with tomllib."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from timing import ratio, row

from timer_app.library.index import SessionFacts
from timer_app.library.library import Folders, Library
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths
from timer_app.system.files import toml_files

HEAD = 'schema = 1\nname = "Costly"\n'
CUE = '{ at = "every 1s", say = "x {remaining}" }'
SAY = '{ say = "a" }'
PART = '{ name = "a", for = "0.001s" }'


def blocks(rounds: int, step: str) -> str:
    """A step that is done some rounds."""
    return f"{{ rounds = {rounds}, rest = 0, steps = [{step}] }}"


HOLD = '[[steps]]\nname = "A"\nhold = "23h"\nrest = 0\n'
REPS = '{ name = "A", reps = 1000, tempo = [%s] }'
COSTLY = {
    "a cue four times a second for 23 h": f"{HOLD}cues = [{', '.join([CUE] * 4)}]\n",
    "90,000 lines": f"steps = [{blocks(300, blocks(300, SAY))}]\n",
    "80,000 parts of a millisecond": f"steps = [{blocks(4, REPS % ', '.join([PART] * 20))}]\n",
    "90,000 broken steps": f"steps = [{', '.join(['{ a = 1 }'] * 90_000)}]\n",
}
FILES = 20_000


def bench_costs() -> None:
    """Processor time and memory for files that ask for much, and the time of a list of 20,000 sessions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, text in COSTLY.items():
            path = folder / "costly.toml"
            path.write_text(HEAD + text, encoding="utf-8")
            for command in (("check",), ("show", "--json")):
                row(f"{' '.join(command)}: {what}", f"{_run(*command, path):.2f} s")
        row("the largest of them", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024:,} MB")
        _bench_many(folder)


def _run(command: str, *rest: str | Path) -> float:
    begun_s = _children_s()
    program = [sys.executable, "-m", "timer_app", command, *rest]
    subprocess.run(program, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return _children_s() - begun_s


def _children_s() -> float:
    """Processor time of all programs that were started, which other work on the machine changes little."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _bench_many(folder: Path) -> None:
    sessions, index = folder / "sessions", folder / "index.json"
    sessions.mkdir()
    shipped = toml_files(paths.shipped_sessions_dir())
    for number in range(FILES):
        shutil.copy(shipped[number % len(shipped)], sessions / f"s{number}.toml")
    begun = time.perf_counter()
    for path in sessions.iterdir():
        tomllib.loads(path.read_text(encoding="utf-8"))
    parsed_s = time.perf_counter() - begun
    folders = Folders((("own", sessions),), (paths.shipped_sessions_dir() / "exercises",), index)
    remembered = Library(folders, SoundLibrary.default())._index  # noqa: SLF001 - reading them all takes a minute
    for path in sessions.iterdir():
        remembered.put(path, SessionFacts(path.stem, "What it is for", 600_000, ("mat",)))
    remembered.save()
    begun = time.perf_counter()
    Library(folders, SoundLibrary.default()).entries()
    taken_s = time.perf_counter() - begun
    row(f"list {FILES:,} known sessions", f"{taken_s:.2f} s", f"{ratio(taken_s, parsed_s)} parsing them with tomllib")
