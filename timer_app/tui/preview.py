"""What a session will be like: its phases as a profile, its steps, what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timer_app.tui.widgets.cells import beside_or_below

if TYPE_CHECKING:
    from timer_app.core.timeline.model import StepInfo, Timeline
    from timer_app.library import library as sessions
    from timer_app.run.options import RunOptions
    from timer_app.run.tracker import Diary

# The higher, the more there is to do: the profile can be read without its colours.
HEIGHTS = {"work": "█", "switch": "▅", "prepare": "▄", "say": "▃", "rest": "▂", "wait": "▁", "measure": "▁"}
WORDS = {"work": "work", "prepare": "get ready", "switch": "change sides", "rest": "rest", "say": "listen"}


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
    """

    name: str
    spans: tuple[tuple[str, int], ...]
    open_phases: int
    steps: tuple[StepInfo, ...]
    equipment: tuple[str, ...]
    cautions: tuple[str, ...]


def preview_of(library: sessions.Library, entry: sessions.SessionEntry, options: RunOptions, diary: Diary) -> Preview:
    """Look into a session, in the doses of today; takes some hundredths of a second.

    Raises:
        FileFault: The file has faults.
    """
    from timer_app.core.compiler.compile import compile_session

    session, _ = library.load(entry)
    lengths = library.estimated_lengths(session.sound.theme, entry.path.parent, session.sound.sounds)
    options = diary.with_doses(options, session, library.catalogue_in(session.language), entry.id)
    level = next(level for level in (options.level, session.level, options.usual_level) if level is not None)
    plan = replace(library.plan(session, lengths, level), doses=options.doses)
    timeline = compile_session(session, plan).timeline
    return of_timeline(timeline, entry.equipment, tuple(session.cautions))


def of_timeline(timeline: Timeline, equipment: Iterable[str], cautions: Iterable[str]) -> Preview:
    """The preview of a compiled session."""
    spans = tuple((phase.kind, phase.duration_ms) for phase in timeline.phases if phase.duration_ms)
    waiting = sum(phase.duration_ms is None for phase in timeline.phases)
    return Preview(timeline.name, spans, waiting, timeline.steps, tuple(equipment), tuple(cautions))


def profile(spans: Iterable[tuple[str, int]], columns: int) -> list[str]:
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


def totals(spans: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How much time goes to each kind of phase, in milliseconds, in the order of `WORDS`."""
    found = dict.fromkeys(WORDS, 0)
    for kind, length_ms in spans:
        found[kind] = found.get(kind, 0) + length_ms
    return {kind: length_ms for kind, length_ms in found.items() if length_ms}


def step_lines(steps: Iterable[StepInfo], width: int) -> Iterator[str]:
    """Each step on a line, its dose in all rounds at the right where there is room for both, else below it."""
    for step in steps:
        yield from map(str.rstrip, beside_or_below(f"{'  ' * step.depth}{step.name}", step.whole_dose, width))
