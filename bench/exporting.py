"""Time to export a session against its length, for each kind of file."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from timing import row

from timer_app.export.session import Booth, have_ready, open_booth, write_session
from timer_app.export.targets import targets_of
from timer_app.library import Library
from timer_app.stage import RunOptions

_SESSION = "upper-back-release"
_WANTED = {"wav": 1_000, "flac": 1_000, "opus": 100, "mp3": 100, "m4a": 60}


def bench_export() -> None:
    """Export a shipped session to each kind of file; its lines lie in the cache, as after a run."""
    _ready().stage.close()
    with tempfile.TemporaryDirectory() as folder:
        for ending, wanted in _WANTED.items():
            length_s, taken_s, busy_s = _exported(Path(folder) / f"out.{ending}")
            times = f"{length_s / taken_s:,.0f} times real time, wanted {wanted:,}"
            row(f"{length_s / 60:.0f} minutes to {ending}", f"{taken_s:.2f} s", f"{times} (busy {busy_s:.2f} s)")


def _ready() -> Booth:
    library = Library.default()
    entry = library.find(_SESSION)
    session, _ = library.load(entry)
    booth = open_booth(session, RunOptions(seed=1, open_steps_ms=10_000), library, entry.path.parent)
    have_ready(booth.stage, lambda _done, _total: None)
    return booth


def _exported(path: Path) -> tuple[float, float, float]:
    """Seconds of sound, seconds taken, and seconds of computing in them."""
    begun_s, busy_s = time.perf_counter(), time.process_time()
    booth = _ready()
    timeline = write_session(booth, targets_of(path), "", lambda _done, _total: None)
    taken_s, busy_s = time.perf_counter() - begun_s, time.process_time() - busy_s
    booth.stage.close()
    path.unlink()
    return timeline.total_ms / 1_000, taken_s, busy_s
