"""Says once, near the middle of a longer session, that half of it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from timer_app.core.draft import Dropped
from timer_app.core.gaps import Interval
from timer_app.core.timeline.model import Cue, Phase
from timer_app.core.timeline.utterance import Lengths

HALF_FROM_MS = 5 * 60_000  # the half of a shorter session needs no telling
EARLIEST, LATEST = 0.45, 0.6  # of the session; said before or after, it would not be true
QUIET_MS = 300  # of silence around the line
LONG_TONE_MS = 2_000  # such a sound, a breath tone for one, lies under the voice
_KINDS = ("rest", "prepare", "switch")


class _Spot(NamedTuple):
    """A place for the line; the nearest to the middle is the smallest."""

    away_ms: int
    phase: int
    offset_ms: int


def tell_half(phases: tuple[Phase, ...], text: str, lengths: Lengths) -> tuple[tuple[Phase, ...], tuple[Dropped, ...]]:
    """Have `text` said in the quiet place nearest to the middle: in a rest, a preparation, a change of sides or a hold.

    Everything else has its place already, so this line matters less than all of that.

    Returns:
        The phases, and the line if there was no room for it.
    """
    total_ms = sum(phase.duration_ms or 0 for phase in phases)
    if total_ms < HALF_FROM_MS:
        return phases, ()
    length_ms = lengths.speech(text).length_ms
    spot = min(_spots(phases, total_ms, length_ms), default=None)
    if spot is None:
        return phases, (Dropped(text, _middle(phases, total_ms), (), "there is no time left for it"),)
    said = _with(phases[spot.phase], Cue(spot.offset_ms, "speech", text, length_ms))
    return (*phases[: spot.phase], said, *phases[spot.phase + 1 :]), ()


def _spots(phases: Sequence[Phase], total_ms: int, length_ms: int) -> Iterator[_Spot]:
    """Of every quiet stretch where the line may begin, the moment nearest to the middle."""
    start_ms, middle_ms = 0, total_ms // 2
    for index, phase in enumerate(phases):
        first_ms, last_ms = int(EARLIEST * total_ms) - start_ms, int(LATEST * total_ms) - start_ms
        if last_ms < 0:
            return
        if _may_speak(phase) and (phase.duration_ms or 0) >= first_ms:
            for from_ms, to_ms in _silences(phase, length_ms):
                offset_ms = min(max(middle_ms - start_ms, from_ms), to_ms)
                if first_ms <= offset_ms <= last_ms:
                    yield _Spot(abs(start_ms + offset_ms - middle_ms), index, offset_ms)
        start_ms += phase.duration_ms or 0


def _may_speak(phase: Phase) -> bool:
    """Whether there is time and peace for a line: not among counted reps, nor where the user is waited for."""
    is_steady = phase.kind == "work" and phase.rep is None
    return phase.duration_ms is not None and (is_steady or phase.kind in _KINDS)


def _silences(phase: Phase, length_ms: int) -> Iterator[Interval]:
    """Where in a phase a line of that length may begin, so that nothing else is heard meanwhile."""
    heard = [(cue.offset_ms, cue.end_ms) for cue in phase.cues if cue.kind == "speech" or cue.length_ms < LONG_TONE_MS]
    end_ms, free_ms = phase.duration_ms or 0, QUIET_MS
    for begins_ms, ends_ms in [*sorted(heard), (end_ms, end_ms)]:
        latest_ms = begins_ms - length_ms - QUIET_MS
        if free_ms <= latest_ms:
            yield free_ms, latest_ms
        free_ms = max(free_ms, ends_ms + QUIET_MS)


def _middle(phases: Sequence[Phase], total_ms: int) -> int:
    """The phase in which the middle lies."""
    start_ms = 0
    for index, phase in enumerate(phases):
        start_ms += phase.duration_ms or 0
        if start_ms * 2 > total_ms:
            return index
    return len(phases) - 1


def _with(phase: Phase, cue: Cue) -> Phase:
    return replace(phase, cues=tuple(sorted([*phase.cues, cue], key=lambda known: known.offset_ms)))
