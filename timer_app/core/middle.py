"""Says once, soon after the middle of a longer session, that half of it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from timer_app.core.draft import Dropped
from timer_app.core.gaps import SENTENCE, first_gap
from timer_app.core.speech import Lengths
from timer_app.core.timeline import Cue, Phase

HALF_FROM_MS = 5 * 60_000  # the half of a shorter session needs no telling
LATEST = 0.6  # of the session; said later it would not be true
_AFTER_SOUND_MS = 100
_KINDS = ("rest", "prepare", "switch")


def tell_half(phases: tuple[Phase, ...], text: str, lengths: Lengths) -> tuple[tuple[Phase, ...], tuple[Dropped, ...]]:
    """Have `text` said in the first rest, preparation or change of sides after the middle that has room for it.

    Everything else has its place already, so this line matters less than all of that.

    Returns:
        The phases, and the line if there was no room for it.
    """
    total_ms = sum(phase.duration_ms or 0 for phase in phases)
    if total_ms < HALF_FROM_MS:
        return phases, ()
    places = list(_places(phases, total_ms))
    length_ms = lengths.speech(text).length_ms
    for index in places:
        at_ms = _silence(phases[index], length_ms)
        if at_ms is not None:
            return (
                *phases[:index],
                _with(phases[index], Cue(at_ms, "speech", text, length_ms)),
                *phases[index + 1 :],
            ), ()
    return phases, tuple(Dropped(text, index, (), "there is no time left for it") for index in places[:1])


def _places(phases: Sequence[Phase], total_ms: int) -> Iterator[int]:
    """The phases in which it may be said."""
    start_ms = 0
    for index, phase in enumerate(phases):
        if start_ms > LATEST * total_ms:
            return
        if start_ms * 2 >= total_ms and phase.kind in _KINDS:
            yield index
        start_ms += phase.duration_ms or 0


def _silence(phase: Phase, length_ms: int) -> int | None:
    """Where in a phase nobody speaks for so long, after the sounds it opens with."""
    spoken = [(cue.offset_ms, cue.offset_ms + cue.length_ms) for cue in phase.cues if cue.kind == "speech"]
    opening = [cue.end_ms + _AFTER_SOUND_MS for cue in phase.cues if cue.kind == "sound" and not cue.from_end]
    latest_ms = (phase.duration_ms or 0) - length_ms - SENTENCE.after_ms
    return first_gap(spoken, max(opening, default=0), length_ms, SENTENCE, latest_ms)


def _with(phase: Phase, cue: Cue) -> Phase:
    return replace(phase, cues=tuple(sorted([*phase.cues, cue], key=lambda known: known.offset_ms)))
