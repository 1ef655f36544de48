"""Shows the timeline that a session becomes."""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

from timer_app.commands.output import is_terminal, tell, tell_all
from timer_app.commands.sessions import find_session, load_session, user_settings
from timer_app.commands.tables import clipped, table
from timer_app.core.compile import compile_session
from timer_app.core.timeline import Cue, Phase, Timeline
from timer_app.library import Library
from timer_app.plain.lines import clock_text, length_text

_HEADING = ("START", "LENGTH", "PHASE", "WHAT", "SIDE", "SET", "REP", "ROUND", "CUES")


def show_session(name: str, *, level: float | None, seed: int | None, cues: bool, as_json: bool) -> None:
    """Print the timeline of a session, compiled with estimated lengths of speech.

    Args:
        name: The session's name or a path.
        level: Where in each range, 0 to 1; the session's own level or that of the settings if `None`.
        seed: Decides the order of shuffled blocks.
        cues: Whether a table names each spoken line and sound.
        as_json: As JSON, with everything, instead of a table.
    """
    timeline = _compiled(name, level, seed or 0)
    if as_json:
        tell(json.dumps(as_data(timeline), ensure_ascii=False, indent=2))
        return
    width = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None
    heading, *rows = table([_HEADING, *map(_row, timeline.phases, timeline.starts_ms)], width=width)
    lines = [f"{timeline.name}, {length_text(timeline.total_ms)}", heading]
    for row, phase, start_ms in zip(rows, timeline.phases, timeline.starts_ms, strict=True):
        lines += [row, *(clipped(_cue_line(cue, start_ms), width) for cue in phase.cues if cues)]
    tell_all(lines)


def as_data(timeline: Timeline) -> dict[str, Any]:
    """A timeline as plain data; `docs/session-format.md` describes it, and its keys stay as they are."""
    phases = zip(timeline.phases, timeline.starts_ms, strict=True)
    return {
        "name": timeline.name,
        "total_ms": timeline.total_ms,
        "phases": [_phase_data(phase, start_ms) for phase, start_ms in phases],
    }


def _phase_data(phase: Phase, start_ms: int) -> dict[str, Any]:
    return {
        "kind": phase.kind,
        "label": phase.label,
        "start_ms": start_ms,
        "duration_ms": phase.duration_ms,
        "step": phase.step,
        "set": phase.set,
        "sets": phase.sets,
        "side": phase.side,
        "rep": phase.rep,
        "reps": phase.reps,
        "round": phase.round,
        "rounds": phase.rounds,
        "cues": [_cue_data(cue) for cue in phase.cues],
    }


def _cue_data(cue: Cue) -> dict[str, Any]:
    content = "text" if cue.kind == "speech" else "sound"
    return {"at_ms": cue.offset_ms, "kind": cue.kind, content: cue.content, "length_ms": cue.length_ms}


def _compiled(name: str, level: float | None, seed: int) -> Timeline:
    library = Library.default()
    entry = find_session(library, name)
    session = load_session(library, entry)
    usual = user_settings().level
    settled = next(known for known in (level, session.level, usual) if known is not None)
    lengths = library.estimated_lengths(session.sound.theme, entry.path.parent)
    return compile_session(session, library.plan(session, lengths, settled, seed)).timeline


def _cue_line(cue: Cue, start_ms: int) -> str:
    said = f"“{cue.content}”" if cue.kind == "speech" else f"({cue.content})"
    return f"{'':8}{clock_text(start_ms + cue.offset_ms)}  {said}"


def _row(phase: Phase, start_ms: int) -> tuple[str, ...]:
    length = "waits" if phase.duration_ms is None else length_text(phase.duration_ms)
    what = f"{phase.label}: {phase.part}" if phase.part else phase.label
    return (
        clock_text(start_ms),
        length,
        phase.kind,
        what,
        phase.side or "",
        _of(phase.set, phase.sets),
        _of(phase.rep, phase.reps),
        _of(phase.round, phase.rounds),
        str(len(phase.cues) or ""),
    )


def _of(number: int | None, count: int | None) -> str:
    if number is None:
        return str(count or "")
    return f"{number}/{count}" if count else str(number)
