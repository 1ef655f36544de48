"""Time to list a library of a thousand session files."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from timing import ratio, row

from timer_app.core.diagnostics.source import parse_toml
from timer_app.library.library import Folders, Library
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths
from timer_app.system.files import toml_files

FILES = 1_000


def bench_library() -> None:
    """Read a thousand files for the first time, and again with the index; beside parsing alone."""
    shipped = toml_files(paths.shipped_sessions_dir())
    with tempfile.TemporaryDirectory() as folder:
        sessions = Path(folder) / "sessions"
        sessions.mkdir()
        for number in range(FILES):
            shutil.copy(shipped[number % len(shipped)], sessions / f"s{number}.toml")
        folders = Folders(
            (("own", sessions),), (paths.shipped_sessions_dir() / "exercises",), Path(folder) / "index.json"
        )
        begun = time.perf_counter()
        for path in sessions.iterdir():
            parse_toml(path.read_text(encoding="utf-8"), path.name)
        parsed_s = time.perf_counter() - begun
        row(f"parse {FILES:,} files", f"{parsed_s:.2f} s")
        for what in ("list them for the first time", "list them again"):
            begun = time.perf_counter()
            Library(folders, SoundLibrary.default()).entries()
            taken_s = time.perf_counter() - begun
            row(what, f"{taken_s:.2f} s", f"{ratio(taken_s, parsed_s)} parsing")
