"""What the preview of a session shows: its phases as a profile, its steps, and what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.doses import dose_text
from timer_app.core.wording.formatting import equipment_text, rough_text
from timer_app.core.wording.phases import indented_name
from timer_app.tui.widgets.text_layout import beside_or_below, words_in_lines

if TYPE_CHECKING:
    from timer_app.core.diagnostics import LocatedProblem
    from timer_app.core.timeline import StepInfo, Timeline
    from timer_app.library import library as sessions
    from timer_app.run import RunOptions, RunTracker


# The higher, the more there is to do: the profile can be read without its colours.
KIND_BLOCKS = {"work": "█", "switch": "▅", "prepare": "▄", "say": "▃", "rest": "▂", "wait": "▁", "measure": "▁"}
KIND_LABELS = {
    "work": N_("work"),
    "prepare": N_("get ready"),
    "switch": N_("change sides"),
    "rest": N_("rest"),
    "say": N_("listen"),
}
_SPOKEN_KINDS = ("say", "wait")
_SPOKEN_STYLE = "italic $text-muted"
_MOST_SPOKEN_LINES = 3
_FAULT_STYLES: dict[str, str] = {"carets": "bold $text-error", "allowed": "$text-muted", "meant": "$text-muted"}
_EXCERPT_INDENT, _LEAST_EXCERPT = 2, 12


@dataclass(frozen=True, slots=True)
class Preview:
    """A session before it is run.

    Attributes:
        name: What it is called.
        spans: Kind and length of each phase that takes time, in milliseconds, in their order.
        open_phases: How many phases wait for the user.
        steps: Its steps.
        equipment: What is needed.
        cautions: What to mind.
        timeline: Its course, for the figure; `None` for none.
        faults: What is wrong with its file, in place of all that.
    """

    name: str
    spans: tuple[tuple[str, int], ...]
    open_phases: int
    steps: tuple[StepInfo, ...]
    equipment: tuple[str, ...]
    cautions: tuple[str, ...]
    timeline: Timeline | None = None
    faults: tuple[LocatedProblem, ...] = ()


def load_preview(
    library: sessions.Library, entry: sessions.SessionEntry, options: RunOptions, tracker: RunTracker
) -> Preview:
    """Look into a session, in the doses of today; takes some hundredths of a second.

    Raises:
        FileFault: The file has faults.
    """
    from timer_app.core.compiler import all_cautions, compile_session

    session, _ = library.load(entry)
    catalogue = library.catalogue_in(session.language)
    options = tracker.resolve_doses(options, session, catalogue, entry.id, entry.path)
    resolved = options.resolved(session)
    lengths = library.estimated_lengths(resolved.sound_theme, entry.path.parent, resolved.sounds)
    timeline = compile_session(session, options.compile_context(session, library, lengths)).timeline
    return preview_from_timeline(timeline, entry.equipment, all_cautions(session))


def preview_from_timeline(timeline: Timeline, equipment: Iterable[str], cautions: Iterable[str]) -> Preview:
    """The preview of a compiled session."""
    spans = tuple((phase.kind, phase.timed_ms) for phase in timeline.phases if phase.timed_ms)
    waiting = sum(phase.duration_ms is None for phase in timeline.phases)
    return Preview(timeline.name, spans, waiting, timeline.steps, tuple(equipment), tuple(cautions), timeline)


def preview_of_faults(name: str, faults: Iterable[LocatedProblem]) -> Preview:
    """What to show of a file with faults.

    Args:
        name: What the session is called, as far as that is known.
        faults: What is wrong with it.
    """
    return Preview(name, (), 0, (), (), (), faults=tuple(faults))


def faults_content(faults: Iterable[LocatedProblem], width: int) -> Content:
    """What is wrong with a file and where, as `timer-app check` prints it; its lines are cut around the carets."""
    lines: list[Content] = []
    for fault in faults:
        lines.append(Content.styled(fault.headline, "bold $text-error"))
        parts = fault.details(max(_LEAST_EXCERPT, width - _EXCERPT_INDENT))
        lines += [Content.styled(line, _FAULT_STYLES.get(part, "")) for part, line in parts]
    return Content("\n").join(lines)


def profile_kinds(spans: Iterable[tuple[str, int]], columns: int) -> list[str]:
    """For each cell of a bar, the kind of phase that has most of it."""
    spans = tuple(spans)
    total_ms = sum(length_ms for _, length_ms in spans)
    if not total_ms or columns < 1:
        return []
    shares: list[dict[str, float]] = [{} for _ in range(columns)]
    start = 0.0
    for kind, length_ms in spans:
        end = start + length_ms * columns / total_ms
        for cell in range(int(start), min(columns, int(end) + 1)):
            part = min(end, cell + 1) - max(start, cell)
            shares[cell][kind] = shares[cell].get(kind, 0.0) + max(0.0, part)
        start = end
    return [max(share, key=share.__getitem__) for share in shares]


def totals_by_kind(spans: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How much time goes to each kind of phase, in milliseconds, in the order of `KIND_LABELS`."""
    found = dict.fromkeys(KIND_LABELS, 0)
    for kind, length_ms in spans:
        found[kind] = found.get(kind, 0) + length_ms
    return {kind: length_ms for kind, length_ms in found.items() if length_ms}


def step_lines(steps: Iterable[StepInfo], width: int) -> Iterator[str]:
    """Each step on a line, its dose in all rounds at the right where there is room for both, else below it."""
    for step in steps:
        if not step.is_listed:
            continue
        yield from map(str.rstrip, beside_or_below(indented_name(step), dose_text(step.whole_dose), width))


def steps_content(steps: Iterable[StepInfo], width: int) -> Content:
    """Every step; what is only said stands in quotes and in another style, set apart from what is done."""
    lines: list[Content] = []
    for step in steps:
        if step.kind in _SPOKEN_KINDS and step.is_listed:
            name = indented_name(step)
            indent = " " * (len(name) - len(name.lstrip()))
            said = words_in_lines(f"“{name.strip()}”", width - len(indent), _MOST_SPOKEN_LINES)
            lines += [Content.styled(indent + line, _SPOKEN_STYLE) for line in said]
        else:
            lines += [Content(line) for line in step_lines([step], width)]
    return Content("\n").join(lines)


def totals_text(preview: Preview, width: int) -> str:
    """How much of each kind there is, which also explains the profile; no sum is broken over two lines."""
    sums = totals_by_kind(preview.spans)
    parts = [
        f"{KIND_BLOCKS[kind]} {_(KIND_LABELS[kind])} {rough_text(ms)}"
        for kind, ms in sums.items()
        if kind in KIND_LABELS
    ]
    if preview.open_phases:
        waits = ngettext("waits for you once", "waits for you {count} times", preview.open_phases)
        parts.append(f"{KIND_BLOCKS['wait']} {waits.format(count=preview.open_phases)}")
    lines = [""]
    for part in parts:
        joined = f"{lines[-1]}   {part}" if lines[-1] else part
        lines[-1:] = [joined] if cell_len(joined) <= width or not lines[-1] else [lines[-1], part]
    return "\n".join(lines)


def facts_text(preview: Preview, remark: str) -> str:
    """Length and equipment, and the remark."""
    total_ms = sum(length_ms for _, length_ms in preview.spans)
    if preview.faults:
        return remark
    least = _("At least {time}.") if preview.open_phases else _("About {time}.")
    needs = equipment_text(preview.equipment) or _("You need nothing for it")
    return "\n".join(part for part in (f"{least.format(time=rough_text(total_ms))} {needs}.", remark) if part)
