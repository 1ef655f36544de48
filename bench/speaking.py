"""Time to render speech, by line and against real time."""

from __future__ import annotations

import time

from timing import row

from timer_app.core.compiler.compile import compile_session
from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.library.library import Library
from timer_app.tts.registry import open_voice


def bench_speech() -> None:
    """Render every line of the longest shipped session with the bundled voice."""
    library = Library.default()
    session, _ = library.load(library.find("full-programme"))
    lines = list(compile_session(session, library.plan(session, EstimatedLengths())).timeline.spoken_lines())
    voice = open_voice("espeak")
    begun = time.perf_counter()
    spoken_ms = sum(voice.render(line.text, line.language, line.effective_rate).length_ms for line in lines)
    taken_s = time.perf_counter() - begun
    voice.close()
    row(f"{len(lines)} lines", f"{taken_s * 1000:.0f} ms", f"{taken_s * 1000 / len(lines):.1f} ms a line")
    row("against real time", f"{spoken_ms / 1000 / taken_s:,.0f} times")
