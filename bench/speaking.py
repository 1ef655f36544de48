"""Time to render speech, by line and against real time, and until the first words of a run are heard."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from timing import row

from timer_app.core.compiler import EstimatedLengths, compile_session
from timer_app.library import Library
from timer_app.tts import VoiceError
from timer_app.tts.isolated import IsolatedVoice
from timer_app.tts.registry import open_voice

_VOICES: Final = ("hibari", "espeak", "pico")
_SESSION: Final = "cat-cow-mobility"
_FIRST_WORDS: Final = " SAY "


def bench_speech() -> None:
    """Render every line of a session with each voice, and start a run of it with an empty and a full cache."""
    library = Library.default()
    session, _ = library.load(library.find(_SESSION))
    lines = list(compile_session(session, library.plan(session, EstimatedLengths())).candidates)
    row(f"{_SESSION}: {len(lines)} lines", "")
    for name in _VOICES:
        begun = time.perf_counter()
        try:
            opened = open_voice(name)
        except VoiceError as error:
            row(name, "-", str(error))
            continue
        with closing(opened) as voice:
            opening_s = time.perf_counter() - begun
            begun = time.perf_counter()
            spoken_ms = sum(voice.render(line.text, line.language, line.effective_rate).length_ms for line in lines)
            taken_s = time.perf_counter() - begun
            memory = f", {_peak_mb(voice.process_id)} MB" if isinstance(voice, IsolatedVoice) else ""
            row(f"{name}: all lines", f"{taken_s:.2f} s", f"{spoken_ms / 1000 / taken_s:,.0f} times real time")
            row(f"{name}: opened", f"{opening_s:.2f} s", f"a process of its own{memory}" if memory else "")
    with tempfile.TemporaryDirectory() as folder:
        for cache in ("an empty", "a full"):
            row(f"from the command to the first words, {cache} cache", f"{_first_words_s(Path(folder)):.2f} s")


def _peak_mb(process: int) -> str:
    """The most memory that a process has had; a dash where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return "-"
    return next((f"{int(line.split()[1]) // 1024}" for line in lines if line.startswith("VmHWM")), "-")


def _first_words_s(folder: Path) -> float:
    """Seconds from the start of the command until it says its first line, with that folder as its cache."""
    names = {name: str(folder / name.lower()) for name in ("TIMER_APP_CONFIG", "TIMER_APP_DATA", "TIMER_APP_CACHE")}
    command = [sys.executable, "-m", "timer_app", "run", _SESSION, "--plain", "--output", "null", "--no-history"]
    begun = time.perf_counter()
    with subprocess.Popen(
        command, env={**os.environ, **names}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        next((line for line in run.stdout or () if _FIRST_WORDS in line), None)
        taken_s = time.perf_counter() - begun
        time.sleep(0 if (folder / "done").exists() else 20)  # all lines are in the cache by then
        (folder / "done").touch()
        run.kill()
    return taken_s
