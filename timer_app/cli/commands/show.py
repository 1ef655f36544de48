"""Shows the timeline that a session becomes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from timer_app.cli.commands.run import run_options
from timer_app.cli.context import (
    find_session,
    load_library,
    load_session,
    load_user_settings,
    open_tracker,
)
from timer_app.cli.output import echo, echo_lines, format_table, terminal_width, truncate
from timer_app.core.compiler.compile import Compiled, compile_session
from timer_app.core.compiler.draft import DroppedLine
from timer_app.core.fields.template import shortened
from timer_app.core.ranges import Verbosity
from timer_app.core.text.format import length_text
from timer_app.core.timeline.model import Cue, Phase, Timeline
from timer_app.core.timeline.utterance import Lengths
from timer_app.core.training.progression import dose_explanations
from timer_app.plain.format import clock_text, exact_length_text

_HEADING = ("START", "LENGTH", "PHASE", "WHAT", "SIDE", "SET", "REP", "ROUND", "CUES")
_NO_TIME = "-"

DroppedByPhase = Mapping[int, Sequence[DroppedLine]]


@dataclass(frozen=True, slots=True)
class ShowOptions:
    """How a session is compiled to be shown.

    Attributes:
        level: Where in each range, 0 to 1; if `None`, as doses have grown, or the session's own level.
        dose: `low` or `high`: the end of every range; `None` for neither.
        seed: Decides the order of shuffled blocks.
        voice: Whose true lengths are taken; `None` for estimated ones.
        rate: Words a minute of that voice; those of the session or the settings if `None`.
        pitch: How high that voice is; as in the session or the settings if `None`.
        language: The language wanted; that of the settings if `None`.
        verbosity: How much the coach says; that of the settings if `None`.
    """

    level: float | None = None
    dose: str | None = None
    seed: int | None = None
    voice: str | None = None
    rate: int | None = None
    pitch: int | None = None
    language: str | None = None
    verbosity: Verbosity | None = None


def show_session(name: str, options: ShowOptions, *, cues: bool, as_json: bool) -> None:
    """Print the timeline of a session.

    Args:
        name: The session's name or a path.
        options: How it is compiled.
        cues: Whether a table names each spoken line and sound, and the lines for which there is no room.
        as_json: As JSON, with everything, instead of a table.
    """
    compiled = _compile(name, options)
    if as_json:
        echo(json.dumps(timeline_to_dict(compiled), ensure_ascii=False, indent=2))
        return
    timeline, dropped = compiled.timeline, _dropped_by_phase(compiled)
    cells = terminal_width()
    heading, *rows = format_table([_HEADING, *_rows(timeline)], width=cells)
    grown = [truncate(f"  {line}", cells) for line in dose_explanations(timeline.steps)]
    lines = [f"{timeline.name}, {length_text(timeline.total_ms)}", *grown, heading]
    for index, row in enumerate(rows):
        lines.append(row)
        if cues:
            lines += [truncate(line, cells) for line in _cue_lines(timeline, index, dropped.get(index, ()))]
    echo_lines(lines)


def timeline_to_dict(compiled: Compiled) -> dict[str, Any]:
    """A timeline as plain data; `docs/coaching.md` describes it, and its keys stay as they are."""
    timeline, dropped = compiled.timeline, _dropped_by_phase(compiled)
    phases = enumerate(zip(timeline.phases, timeline.starts_ms, strict=True))
    return {
        "name": timeline.name,
        "total_ms": timeline.total_ms,
        "doses": list(dose_explanations(timeline.steps)),
        "phases": [_phase_data(phase, start_ms, dropped.get(index, ())) for index, (phase, start_ms) in phases],
    }


def _phase_data(phase: Phase, start_ms: int, dropped: Sequence[DroppedLine]) -> dict[str, Any]:
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
        "dropped": [_dropped_data(line) for line in dropped],
    }


def _cue_data(cue: Cue) -> dict[str, Any]:
    content = "text" if cue.kind == "speech" else "sound"
    return {"at_ms": cue.offset_ms, "kind": cue.kind, content: cue.text, "length_ms": cue.length_ms}


def _dropped_data(line: DroppedLine) -> dict[str, Any]:
    return {"at_ms": line.at_ms, "text": line.text, "reason": line.reason, "instead": line.replacement or None}


def _dropped_by_phase(compiled: Compiled) -> DroppedByPhase:
    """The lines for which there is no room as they are, by the index of their phase."""
    found: dict[int, list[DroppedLine]] = defaultdict(list)
    for line in compiled.dropped:
        found[line.phase].append(line)
    return found


def _compile(name: str, options: ShowOptions) -> Compiled:
    settings = load_user_settings()
    library = load_library(options.language, settings)
    entry = find_session(library, name)
    session = load_session(library, entry, options.language)
    theme, beside = session.sound.theme, entry.path.parent
    run = run_options(settings, asdict(options))
    run = open_tracker(settings, {}).resolve_doses(run, session, library.catalogue_in(session.language), entry.id)
    resolved = run.resolved(session)

    def compiled(lengths: Lengths) -> Compiled:
        plan = library.plan(session, lengths, resolved.level, run.seed or 0)
        plan = replace(plan, verbosity=run.verbosity, breath_tones=resolved.breath_tones, doses=run.doses)
        return compile_session(session, plan)

    if options.voice is None:
        return compiled(library.estimated_lengths(theme, beside, session.sound.sounds))
    from timer_app.cli.exact_lengths import compile_with_exact_lengths  # numpy is loaded only where a voice is

    # A run takes the theme of the settings where they name one.
    sounds = library.sound_lengths(resolved.sound_theme, beside, resolved.sounds)
    return compile_with_exact_lengths(compiled, sounds, options.voice, resolved.style)


def _cue_lines(timeline: Timeline, index: int, dropped: Sequence[DroppedLine]) -> Iterator[str]:
    """Every cue of a phase with its time and length, and then what is not heard, and why."""
    start_ms = timeline.starts_ms[index]
    for cue in timeline.phases[index].cues:
        said = f"“{cue.text}”" if cue.kind == "speech" else f"({cue.text})"
        yield _cue_line(_tenths(start_ms + cue.offset_ms), f"{cue.length_ms / 1_000:.1f} s", said)
    for line in dropped:
        at = _NO_TIME if line.at_ms is None else _tenths(start_ms + line.at_ms)
        instead = f", “{line.replacement}” instead" if line.replacement else ""
        yield _cue_line(at, "shorter" if instead else "dropped", f"“{line.text}”{instead}: {line.reason}")


def _cue_line(at: str, length: str, said: str) -> str:
    return f"{'':8}{at:>9}  {length:>7}  {said}"


def _tenths(ms: int) -> str:
    return f"{clock_text(ms)}.{ms % 1_000 // 100}"


def _rows(timeline: Timeline) -> Iterator[tuple[str, ...]]:
    for phase, start_ms in zip(timeline.phases, timeline.starts_ms, strict=True):
        yield _row(phase, start_ms, _phase_text(phase))


def _phase_text(phase: Phase) -> str:
    """What is done: of steps that only talk or wait the words, since all have the same label."""
    if phase.kind in {"say", "wait"} and phase.step is not None:
        return shortened(phase.text)
    return f"{phase.label}: {phase.part}" if phase.part else phase.label


def _row(phase: Phase, start_ms: int, what: str) -> tuple[str, ...]:
    length = "waits" if phase.duration_ms is None else exact_length_text(phase.duration_ms)
    return (
        clock_text(start_ms),
        length,
        phase.kind,
        what,
        phase.side or "",
        _count_text(phase.set, phase.sets),
        _count_text(phase.rep, phase.reps),
        _count_text(phase.round, phase.rounds),
        str(len(phase.cues) or ""),
    )


def _count_text(number: int | None, count: int | None) -> str:
    if number is None:
        return str(count or "")
    return f"{number}/{count}" if count else str(number)
