"""Time to export a session against its length, for each kind of file."""

from __future__ import annotations

import os
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import av
import numpy as np
from timing import row

from timer_app.export.encoders import FORMATS
from timer_app.export.session import OfflineRun, open_offline_run, wait_until_ready, write_session
from timer_app.export.targets import resolve_targets
from timer_app.library.library import Library
from timer_app.run.options import RunOptions

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

_SESSION = "upper-back-release"
_WANTED = {"wav": 1_000, "flac": 1_000, "opus": 100, "mp3": 100, "m4a": 60}
_BLOCK = 48_000


class _Times(NamedTuple):
    """What an export took, in seconds: by the clock, and of computing in all threads."""

    taken_s: float
    busy_s: float


def bench_export() -> None:
    """Export a shipped session to each kind of file, its speech rendered anew; beside the bare encoder."""
    with tempfile.TemporaryDirectory() as folder:
        pcm = Path(folder) / "peer.wav"
        _exported(pcm)
        for ending, wanted in _WANTED.items():
            length_s, own = _exported(Path(folder) / f"out.{ending}")
            peer = _encoded(pcm, ending)
            fast = (
                f"{length_s / own.taken_s:,.0f} times real time by the clock, {length_s / own.busy_s:,.0f} by computing"
            )
            bare = f"bare encoder {length_s / peer.busy_s:,.0f}" if peer else "no encoder"
            row(
                f"{length_s / 60:.0f} minutes to {ending}", f"{own.taken_s:.2f} s", f"{fast}; wanted {wanted:,}; {bare}"
            )


@contextmanager
def _fresh_cache() -> Iterator[None]:
    """A cache of speech in which there is nothing."""
    before = os.environ.get("TIMER_APP_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIMER_APP_CACHE"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["TIMER_APP_CACHE"]
            else:
                os.environ["TIMER_APP_CACHE"] = before


def _ready() -> OfflineRun:
    library = Library.default()
    entry = library.find(_SESSION)
    session, _ = library.load(entry)
    booth = open_offline_run(session, RunOptions(seed=1, open_steps_ms=10_000), library, entry.path)
    wait_until_ready(booth.run, lambda _done, _total: None)
    return booth


def _exported(path: Path) -> tuple[float, _Times]:
    """Seconds of sound, and what they took."""
    with _fresh_cache():
        begun_s, busy_s = time.perf_counter(), time.process_time()
        booth = _ready()
        timeline = write_session(booth, resolve_targets(path), "", lambda _done, _total: None)
        times = _Times(time.perf_counter() - begun_s, time.process_time() - busy_s)
        booth.run.close()
    return timeline.total_ms / 1_000, times


def _encoded(pcm: Path, ending: str) -> _Times | None:
    """What the libraries take by themselves for the same samples, with their own options; `None` for WAV."""
    sound_format = FORMATS[ending]
    if not sound_format.muxer:
        return None
    with wave.open(str(pcm)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    begun_s, busy_s = time.perf_counter(), time.process_time()
    with av.open(os.devnull, "w", format=sound_format.muxer) as container:
        stream = cast("AudioStream", container.add_stream(sound_format.codec, rate=sound_format.rate, layout="mono"))
        for first in range(0, len(samples), _BLOCK):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis, first : first + _BLOCK], format="s16", layout="mono")
            frame.sample_rate, frame.pts = _BLOCK, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return _Times(time.perf_counter() - begun_s, time.process_time() - busy_s)
