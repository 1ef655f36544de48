"""What lies where in an exported session: a chapter for each step, a caption for each spoken line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from timer_app.core.timeline.model import Phase, Timeline


class Chapter(NamedTuple):
    """A part of the file that a player can jump to; `start_ms` and `end_ms` count from its beginning."""

    title: str
    start_ms: int
    end_ms: int


class Caption(NamedTuple):
    """A spoken line and when it is heard, in milliseconds from the beginning of the file."""

    text: str
    start_ms: int
    end_ms: int


def chapters(timeline: Timeline) -> tuple[Chapter, ...]:
    """The chapters of a timeline without open phases; each ends where the next begins.

    What belongs to no step stays with the step before: rests between rounds and the closing words. The opening words
    are a chapter of the session's name. A step that comes again in a later round has its number behind its name.
    """
    begins = list(_beginnings(timeline))
    ends = [start_ms for _, start_ms in begins[1:]] + [timeline.total_ms]
    times: Counter[int | None] = Counter()
    made = []
    for (step, start_ms), end_ms in zip(begins, ends, strict=True):
        if start_ms == end_ms:
            continue
        times[step] += 1
        name = timeline.name if step is None else timeline.steps[step].name
        made.append(Chapter(name if times[step] == 1 else f"{name} ({times[step]})", start_ms, end_ms))
    return tuple(made)


def _beginnings(timeline: Timeline) -> Iterator[tuple[int | None, int]]:
    """Each step with the moment it begins, as often as it comes."""
    before: Phase | None = None
    for phase, start_ms in zip(timeline.phases, timeline.starts_ms, strict=True):
        if before is None or (phase.step is not None and _begins_anew(before, phase)):
            yield phase.step, start_ms
        before = phase


def _begins_anew(before: Phase, phase: Phase) -> bool:
    """Whether another step begins, or the same one in another round."""
    return (before.step, before.round) != (phase.step, phase.round)


def captions(timeline: Timeline) -> tuple[Caption, ...]:
    """Everything said in a timeline without open phases, in order."""
    return tuple(
        Caption(" ".join(cue.content.split()), start_ms + cue.offset_ms, start_ms + cue.end_ms)
        for phase, start_ms in zip(timeline.phases, timeline.starts_ms, strict=True)
        for cue in phase.cues
        if cue.kind == "speech"
    )
