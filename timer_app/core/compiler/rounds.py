"""Rounds that begin by the clock: how long each of them rests, and which of them are late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from timer_app.core.compiler.draft import Draft, PhaseTemplate, Priority
from timer_app.core.timeline import Timeline

# Said of the work before or after a rest, and not of the rest.
_OF_WORK = (Priority.AUTHOR, Priority.INSTRUCTION, Priority.SIDE, Priority.SESSION)


def fit_rounds(drafts: Iterable[Draft], grow: Callable[[Draft], None]) -> Iterator[Draft]:
    """Let each draft grow, and the rest at the end of each round last until the next round is due.

    Args:
        drafts: In the order they run.
        grow: Lengthens a draft to what its lines need.
    """
    spent_ms, waits = 0, False
    without_time: Draft | None = None
    for draft in drafts:
        if draft.begins_round:
            spent_ms, waits = 0, False
        if without_time is not None:
            _hand_over(without_time, draft)
            yield without_time
            without_time = None
        if draft.until_ms is not None:
            _fit(draft, draft.until_ms - spent_ms, waits=waits)
        grow(draft)
        if draft.until_ms is not None:
            # Time to get ready that the rest does not lack was there to grow, instead of the rest.
            first, *more = draft.templates
            draft.templates = [first, *(template for template in more if template.duration_ms)]
        spent_ms, waits = spent_ms + (draft.length_ms or 0), waits or draft.length_ms is None
        if draft.until_ms is not None and not draft.length_ms:
            without_time = draft
        else:
            yield draft
    if without_time is not None:
        yield without_time


def begin_round(drafts: Iterable[Draft]) -> None:
    """Let a round begin with the first of some drafts that is not for getting ready."""
    first = next((draft for draft in drafts if draft.kind != "prepare"), None)
    if first is not None:
        first.begins_round = True
        first.templates[0] = first.templates[0]._replace(make=partial(first.templates[0].make, begins_round=True))


def _fit(draft: Draft, left_ms: int, *, waits: bool) -> None:
    """Give the rest of a round its length, and the time to get ready after it what is lacking then.

    Args:
        draft: The rest, and the time to get ready for what comes after the last round.
        left_ms: How much of the round is left; less than nothing if it takes longer.
        waits: The round waits for the user, so that the rest may turn out to be short.
    """
    (make, _), *more = draft.templates
    rest_ms = max(0, left_ms)
    served_ms = 0 if waits else rest_ms
    ready = (PhaseTemplate(after, max(0, (length_ms or 0) - served_ms)) for after, length_ms in more)
    draft.templates = [PhaseTemplate(partial(make, until_ms=draft.until_ms), rest_ms), *ready]
    if not rest_ms:
        draft.lines = [line for line in draft.lines if line.priority in _OF_WORK]
        draft.tones = [tone for tone in draft.tones if tone.sound == "end"]
    elif draft.refill is not None:
        draft.refill(draft, rest_ms)
    if draft.countdown:
        draft.count_down(draft.countdown)


def _hand_over(rest: Draft, following: Draft) -> None:
    """Let what was to be heard in a rest for which no time is left be heard in the draft that follows it."""
    if rest.tones and not following.is_work:
        # The tone that ends work goes before one that would begin at the same moment.
        following.tones = [*rest.tones, *(tone for tone in following.tones if tone.at_ms or tone.ends_with_phase)]
    said = (line._replace(manner=line.manner_in(rest.manner), language="", late=False) for line in rest.lines)
    following.lines = [*said, *following.lines]
    rest.lines, rest.tones = [], []


@dataclass(frozen=True, slots=True)
class LateRound:
    """A round that begins later than by the clock, since the one before it took longer.

    Attributes:
        phase: The index of the rest for which no time was left.
        round_ms: How long the round before it takes.
        late_ms: By how much that is too long.
        is_last: No round follows it.
    """

    phase: int
    round_ms: int
    late_ms: int
    is_last: bool


def late_rounds(timeline: Timeline) -> Iterator[LateRound]:
    """The rounds that are late as planned; how long steps take that wait for the user, nobody knows."""
    began_ms = 0
    for index, (phase, start_ms) in enumerate(zip(timeline.phases, timeline.starts_ms, strict=True)):
        if phase.begins_round:
            began_ms = start_ms
        round_ms = start_ms - began_ms
        if phase.until_ms is not None and round_ms > phase.until_ms:
            leads_on = index + 1 < len(timeline.phases) and timeline.phases[index + 1].begins_round
            yield LateRound(index, round_ms, round_ms - phase.until_ms, not leads_on)
