"""`timer-app show`: prints the timeline of a session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from timer_app.cli.errors import PROGRAM, CommandError
from timer_app.cli.options import (
    AS_JSON,
    AT_MOST,
    DOSE,
    LANGUAGE,
    LEVEL,
    PITCH,
    RATE,
    SEED,
    VERBOSITY,
    examples,
    reject_level_with_dose,
)
from timer_app.cli.output import echo_drawn, echo_error, echo_lines, slow_status, terminal_width
from timer_app.cli.parameters import SessionParam, VoiceParam
from timer_app.cli.resources import find_session, load_library, load_session, load_user_settings, open_tracker
from timer_app.cli.screens import make_run_options
from timer_app.cli.tables import Cell, Column, echo_table, format_table, styled, truncate
from timer_app.core.i18n import N_, _
from timer_app.core.wording.doses import dose_origin_lines
from timer_app.core.wording.formatting import clock_text, exact_length_text, length_text
from timer_app.core.wording.phases import late_round_lines, picked_lines

if TYPE_CHECKING:
    from timer_app.core.compiler import Compiled, DroppedLine
    from timer_app.core.timeline import Cue, JumpRule, Phase, PhaseKind, Timeline
    from timer_app.core.timeline.utterance import Lengths

_HEADING = (
    *(N_("START"), N_("LENGTH"), N_("PHASE"), N_("WHAT"), N_("SIDE"), N_("SET"), N_("REP"), N_("ROUND")),
    *(N_("CUES"), N_("LOAD")),
)
_NO_TIME = "-"
_COLUMNS = (
    Column("bright_black", right=True),
    Column("cyan", right=True),
    Column(),
    Column(wraps=True),
    *[Column()] * 4,
)
_KINDS: Mapping[PhaseKind, str] = {
    "prepare": N_("prepare"),
    "work": N_("work"),
    "switch": N_("switch"),
    "rest": N_("rest"),
    "say": N_("say"),
    "wait": N_("wait"),
    "measure": N_("measure"),
}
_KIND_STYLES: Mapping[str, str] = {
    "work": "bold green",
    "rest": "blue",
    "prepare": "yellow",
    "switch": "magenta",
    "measure": "cyan",
}

_DroppedByPhase = Mapping[int, Sequence["DroppedLine"]]


@click.command(epilog=examples("show desk-break", "show desk-break --cues", "show desk-break --json"))
@click.argument("name", type=SessionParam())
@LEVEL
@DOSE
@SEED
@AT_MOST
@click.option("--voice", type=VoiceParam(), help="Who speaks, where it is not the session's or the settings' voice.")
@click.option("--fast", is_flag=True, help="Estimate how long lines take instead of measuring them.")
@RATE
@PITCH
@LANGUAGE
@VERBOSITY
@click.option(
    "--cues",
    is_flag=True,
    help="Each rep by itself, with its spoken lines and sounds, and the lines that find no room.",
)
@AS_JSON
def show(name: str, *, cues: bool, as_json: bool, **options: Any) -> None:
    """Show what happens when in a session.

    Lengths are those of a run: every line is measured with the voice that will speak.
    """
    reject_level_with_dose(options["level"], options["dose"])
    compiled = _compile(name, options)
    if as_json:
        echo_lines(_json_lines(compiled))
        return
    echo_drawn(styled(f"{compiled.timeline.name}, {length_text(compiled.timeline.total_ms)}", "bold"))
    echo_lines(_note_lines(compiled.timeline))
    if cues:
        echo_lines(_cue_table_lines(compiled))
    else:
        columns = _used_columns(compiled.timeline)
        rows = (row[:columns] for row in _summed_rows(compiled.timeline))
        echo_table([tuple(map(_, _HEADING[:columns])), *rows], _COLUMNS)


def _note_lines(timeline: Timeline) -> Iterator[str]:
    """Where doses come from, what is done today, and which rounds are late."""
    cells = terminal_width()
    for line in (*dose_origin_lines(timeline.steps), *picked_lines(timeline), *late_round_lines(timeline)):
        yield truncate(f"  {line}", cells)


def _used_columns(timeline: Timeline) -> int:
    """How many columns have anything: the last, that of loads, is left out where nothing has one."""
    return len(_HEADING) if any(map(_load, timeline.phases)) else len(_HEADING) - 1


def _summed_rows(timeline: Timeline) -> Iterator[list[str | Cell]]:
    """A row for each phase, but one for all reps of a set, or rounds of a flow, that last a known time."""
    phases, starts_ms = timeline.phases, timeline.starts_ms
    index = 0
    while index < len(phases):
        first, end = phases[index], index + 1
        while end < len(phases) and _is_summed_with(first, phases[end]):
            end += 1
        group, index_ms, index = phases[index:end], starts_ms[index], end
        if first.duration_ms == 0 and len(group) == 1:
            continue  # a rest for which its round leaves no time
        row: list[str | Cell] = list(_row(first, index_ms) if len(group) == 1 else _sum_row(group, index_ms))
        row[_HEADING.index("PHASE")] = Cell(_(_KINDS[first.kind]), _KIND_STYLES.get(first.kind, ""))
        yield row


def _is_summed_with(first: Phase, other: Phase) -> bool:
    """Whether both are timed reps of one set, or parts of one flow."""
    if first.kind != "work" or first.duration_ms is None or not (first.rep or first.part):
        return False
    same = (other.kind, other.unit, other.load, other.effort) == (first.kind, first.unit, first.load, first.effort)
    return same and other.duration_ms is not None and other.untimed == first.untimed and not other.overrun


def _sum_row(group: Sequence[Phase], start_ms: int) -> tuple[str, ...]:
    """The row of several reps, each of several parts perhaps, with their number and the sum of their lengths."""
    first = group[0]
    length = exact_length_text(sum(phase.duration_ms or 0 for phase in group))
    parts = ", ".join(dict.fromkeys(phase.part for phase in group if phase.part))
    return (
        clock_text(start_ms),
        f"({length})" if first.untimed else length,
        _(_KINDS[first.kind]),
        f"{first.label}: {parts}" if parts else first.label,
        first.side or "",
        _count_text(first.set, first.sets),
        _span_text(first.rep, group[-1].rep, first.reps),
        _span_text(first.round, group[-1].round, first.rounds),
        str(sum(len(phase.cues) for phase in group) or ""),
        _load(first),
    )


def _span_text(first: int | None, last: int | None, count: int | None) -> str:
    """`10` for all reps or rounds there are, `3-8/10` for some of them."""
    if first is None or last is None or first == last:
        return _count_text(first, count)
    return str(last) if (first, last) == (1, count) else f"{first}-{last}" + (f"/{count}" if count else "")


def _cue_table_lines(compiled: Compiled) -> Iterator[str]:
    """A row for each phase, with each spoken line and sound in it, and the lines that find no room."""
    timeline, dropped = compiled.timeline, _dropped_by_phase(compiled)
    cells = terminal_width()
    columns = _used_columns(timeline)
    table = (tuple(map(_, _HEADING)), *map(_row, timeline.phases, timeline.starts_ms))
    heading, *rows = format_table([row[:columns] for row in table], width=cells)
    yield heading
    for index, row in enumerate(rows):
        if timeline.phases[index].duration_ms == 0:
            continue  # a rest for which its round leaves no time
        yield row
        for line in _cue_lines(timeline, index, dropped.get(index, ())):
            yield truncate(line, cells)


def timeline_to_dict(compiled: Compiled) -> dict[str, Any]:
    """A timeline as plain data; `docs/coaching.md` describes it, and its keys never change."""
    return {**_session_data(compiled), "phases": list(_phases_data(compiled))}


def _json_lines(compiled: Compiled) -> Iterator[str]:
    """The same as JSON, with a line for each phase: of many, only one is held at a time."""
    from timer_app.core.diagnostics.safe_text import json_text

    head = json_text(_session_data(compiled)).removesuffix("\n}")
    yield from f"{head},".split("\n")
    yield '  "phases": ['
    last = len(compiled.timeline.phases) - 1
    for index, data in enumerate(_phases_data(compiled)):
        yield f"    {json_text(data, indent=None)}{'' if index == last else ','}"
    yield from ("  ]", "}")


def _session_data(compiled: Compiled) -> dict[str, Any]:
    timeline = compiled.timeline
    return {
        "name": timeline.name,
        "total_ms": timeline.total_ms,
        "fit": compiled.fit,
        "doses": list(dose_origin_lines(timeline.steps)),
        "picked": list(timeline.picked),
        "left_out": [step.name for step in timeline.steps if step.is_left_out],
        "late_rounds": list(late_round_lines(timeline)),
    }


def _phases_data(compiled: Compiled) -> Iterator[dict[str, Any]]:
    timeline, dropped = compiled.timeline, _dropped_by_phase(compiled)
    for index, (phase, start_ms) in enumerate(zip(timeline.phases, timeline.starts_ms, strict=True)):
        yield _phase_data(phase, start_ms, dropped.get(index, ()))


def _phase_data(phase: Phase, start_ms: int, dropped: Sequence[DroppedLine]) -> dict[str, Any]:
    return {
        "kind": phase.kind,
        "label": phase.word or phase.label,
        "name": phase.label,
        "start_ms": start_ms,
        "duration_ms": phase.duration_ms,
        "timed": not phase.untimed,
        "step": phase.step,
        "set": phase.set,
        "sets": phase.sets,
        "side": phase.side,
        "rep": phase.rep,
        "reps": phase.reps,
        "round": phase.round,
        "rounds": phase.rounds,
        "until_ms": phase.until_ms,
        "then": [_jump_data(rule) for rule in phase.measure.jumps] if phase.measure else [],
        "load": phase.load or None,
        "effort": phase.effort or None,
        "cues": [_cue_data(cue) for cue in phase.cues],
        "dropped": [_dropped_data(line) for line in dropped],
    }


def _jump_data(rule: JumpRule) -> dict[str, Any]:
    answers = {"from": rule.low, "to": rule.high} if rule.apart is None else {"apart": rule.apart}
    return {**answers, "step": rule.step, "harder": rule.harder}


def _cue_data(cue: Cue) -> dict[str, Any]:
    content = "text" if cue.kind == "speech" else "sound"
    return {"at_ms": cue.offset_ms, "kind": cue.kind, content: cue.text, "length_ms": cue.length_ms}


def _dropped_data(line: DroppedLine) -> dict[str, Any]:
    return {"at_ms": line.at_ms, "text": line.text, "reason": line.reason, "instead": line.replacement or None}


def _dropped_by_phase(compiled: Compiled) -> _DroppedByPhase:
    """The lines that find no room in full, by the index of their phase."""
    found: dict[int, list[DroppedLine]] = defaultdict(list)
    for line in compiled.dropped:
        found[line.phase].append(line)
    return found


def _compile(name: str, given: dict[str, Any]) -> Compiled:
    """The session called `name`, compiled as the options of the command line want it."""
    from timer_app.core.compiler import EstimatedLengths, compile_session
    from timer_app.tui import spoken_keys, usable_keys

    settings = load_user_settings(given["language"])
    library = load_library(given["language"], settings)
    entry = find_session(library, name)
    session = load_session(library, entry, given["language"])
    folder = entry.path.parent
    options = make_run_options(settings, given)
    options = open_tracker(settings, {}).resolve_doses(
        options, session, library.catalogue_in(session.language), entry.id, entry.path
    )
    resolved = options.resolved(session)

    options = replace(options, keys=spoken_keys(usable_keys(settings.keys), session.language))

    def compile_with(lengths: Lengths) -> Compiled:
        return compile_session(session, options.compile_context(session, library, lengths))

    sounds = library.sound_lengths(resolved.sound_theme, folder, resolved.sounds)
    if given["fast"]:
        return compile_with(EstimatedLengths(sounds))
    from timer_app.run import LineMeasurer
    from timer_app.tts import VoiceError

    if library.plan(session, EstimatedLengths(sounds), resolved.level).is_large(session):
        echo_error(f"{PROGRAM}: {_(LineMeasurer.TOO_LARGE)}")
        return compile_with(EstimatedLengths(sounds))

    with closing(LineMeasurer(strict=given["voice"] is not None)) as measurer, slow_status(_("Measuring the lines")):
        recordings = library.media(session, folder).recordings
        try:
            lengths = measurer.exact_lengths(compile_with, sounds, resolved.voice, resolved.style, recordings)
        except VoiceError as error:
            if given["voice"] is not None:
                raise CommandError(_("No voice: {error}").format(error=error)) from None
            echo_error(f"{PROGRAM}: " + _("lengths are estimated, as there is no voice: {error}").format(error=error))
            lengths = EstimatedLengths(sounds)
        for notice in measurer.notices:
            echo_error(notice)
        if measurer.leaves_estimates:
            echo_error(f"{PROGRAM}: {_(LineMeasurer.MANY_LINES).format(count=LineMeasurer.MAX_MEASURED)}")
    return compile_with(lengths)


def _cue_lines(timeline: Timeline, index: int, dropped: Sequence[DroppedLine]) -> Iterator[str]:
    """Each cue of a phase with its time and length, then each line that is not heard, with the reason."""
    start_ms = timeline.starts_ms[index]
    for cue in timeline.phases[index].cues:
        content = f"“{cue.text}”" if cue.kind == "speech" else f"({cue.text})"
        yield _cue_line(_tenths(start_ms + cue.offset_ms), f"{cue.length_ms / 1_000:.1f} s", content)
    for line in dropped:
        at = _NO_TIME if line.at_ms is None else _tenths(start_ms + line.at_ms)
        text = _("“{text}”, “{instead}” instead: {reason}") if line.replacement else _("“{text}”: {reason}")
        said = text.format(text=line.text, instead=line.replacement, reason=_(line.reason))
        yield _cue_line(at, _("shorter") if line.replacement else _("dropped"), said)


def _cue_line(at: str, length: str, content: str) -> str:
    return f"{'':8}{at:>9}  {length:>7}  {content}"


def _tenths(ms: int) -> str:
    return f"{clock_text(ms)}.{ms % 1_000 // 100}"


def _phase_text(phase: Phase) -> str:
    """The label and part of a phase; for steps that only talk or wait, their words, since all share one label."""
    from timer_app.core.fields import shortened

    if phase.kind in {"say", "wait"} and phase.step is not None:
        return shortened(phase.text)
    return f"{phase.label}: {phase.part}" if phase.part else phase.label


def _row(phase: Phase, start_ms: int) -> tuple[str, ...]:
    length = _("waits") if phase.duration_ms is None else exact_length_text(phase.duration_ms)
    if phase.untimed:
        length = f"({length})"
    return (
        clock_text(start_ms),
        length,
        _(_KINDS[phase.kind]),
        _phase_text(phase),
        phase.side or "",
        _count_text(phase.set, phase.sets),
        _count_text(phase.rep, phase.reps),
        _count_text(phase.round, phase.rounds),
        str(len(phase.cues) or ""),
        _load(phase),
    )


def _load(phase: Phase) -> str:
    return ", ".join(filter(None, (phase.load, phase.effort))) if phase.kind == "work" else ""


def _count_text(number: int | None, count: int | None) -> str:
    if number is None:
        return str(count or "")
    return f"{number}/{count}" if count else str(number)
