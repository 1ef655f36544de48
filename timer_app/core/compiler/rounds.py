"""Rounds that begin by the clock: how long each of them rests, and which of them are late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from timer_app.core.compiler.draft import Draft, PhaseTemplate, Priority
from timer_app.core.timeline import Timeline


def fit_rounds(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Let the rest at the end of each round last until the next round is due.

    A round begins with its first phase that is not for getting ready: that one is taken from the rest before it.

    Args:
        drafts: In the order they run, grown to what their lines need.
    """
    spent_ms, held = 0, list[Draft]()
    for draft in drafts:
        if held and draft.kind == "prepare":
            held.append(draft)
            continue
        yield from _fitted(held, spent_ms, draft)
        held.clear()
        if draft.begins_round:
            spent_ms = 0
        if draft.until_ms is None:
            spent_ms += draft.length_ms or 0
            yield draft
        else:
            held.append(draft)
    yield from _fitted(held, spent_ms, None)


def begin_round(drafts: Iterable[Draft]) -> None:
    """Let a round begin with the first of some drafts that is not for getting ready."""
    first = next((draft for draft in drafts if draft.kind != "prepare"), None)
    if first is not None:
        first.begins_round = True
        first.templates[0] = first.templates[0]._replace(make=partial(first.templates[0].make, begins_round=True))


def _fitted(held: list[Draft], spent_ms: int, following: Draft | None) -> Iterator[Draft]:
    """The rest of a round with what was held back behind it, before the draft that follows them."""
    if not held:
        return
    rest, *getting_ready = held
    leads_on = following is not None and following.begins_round
    ready_ms = sum(draft.length_ms or 0 for draft in getting_ready) if leads_on else 0
    until_ms = max(0, (rest.until_ms or 0) - ready_ms)
    make = partial(rest.templates[0].make, until_ms=until_ms)
    rest.templates = [PhaseTemplate(make, max(0, until_ms - spent_ms))]
    after = getting_ready[0] if getting_ready else following
    if not rest.length_ms and after is not None and not after.is_work:
        # There is no rest in which the tone that ends work would be heard.
        after.tones[:0] = [tone for tone in rest.tones if tone.sound == "end"]
    counts_already = any(line.priority is Priority.COUNTDOWN for line in rest.lines)
    if leads_on and not getting_ready and not counts_already:
        rest.count_down(rest.countdown)
    yield from held


@dataclass(frozen=True, slots=True)
class LateRound:
    """A round that begins later than by the clock, since the one before it took longer.

    Attributes:
        phase: The index of the rest for which no time was left.
        round_ms: How long the round before it takes, with the time to get ready for the next one.
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
        if phase.until_ms is not None and start_ms - began_ms > phase.until_ms:
            following = next((at for at in range(index + 1, len(timeline.phases)) if _is_round(timeline, at)), index)
            leads_on = timeline.phases[following].begins_round
            next_ms = timeline.starts_ms[following] if leads_on else start_ms
            yield LateRound(index, next_ms - began_ms, start_ms - began_ms - phase.until_ms, not leads_on)


def _is_round(timeline: Timeline, index: int) -> bool:
    """Whether a phase is more than the time to get ready."""
    return timeline.phases[index].kind != "prepare"
