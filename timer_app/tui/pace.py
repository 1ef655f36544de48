"""What the pacer shows: how far a breath or a tempo has swelled or sunk at a moment of the run."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import Literal

from timer_app.core.player.states import Snapshot, State
from timer_app.core.timeline.model import Phase, Timeline
from timer_app.tui.view import RunView

Way = Literal["up", "stay", "down", "both"]

_SHOWN_IN = (State.RUNNING, State.LEAD_IN, State.PAUSED)
# A tempo without a breath swells first, unless its first part is called so.
_SINKING = frozenset({"down", "lower", "sink", "bend", "runter", "ab", "senken", "absenken"})
_BREATHS: dict[str, Way] = {"in": "up", "out": "down", "hold": "stay"}
# By how many parts there are: the second of three, and the second and fourth of four, are held.
_USUAL: dict[int, tuple[Way, ...]] = {
    1: ("both",),
    2: ("up", "down"),
    3: ("up", "stay", "down"),
    4: ("up", "stay", "down", "stay"),
}
_TURNED: dict[Way, Way] = {"up": "down", "down": "up", "stay": "stay", "both": "both"}
_SECOND_MS = 1_000
FRAME_MS = 125  # between two pictures of what moves; a second is a whole number of them
LEVELS = 64  # between sunk and swollen


@dataclass(frozen=True, slots=True)
class Pace:
    """The pacer at one moment.

    Attributes:
        word: What to do now.
        seconds: What is left of it; the last second is 1.
        level: From 0 (sunk) to 1 (swollen).
    """

    word: str
    seconds: int
    level: float


def pace(view: RunView, *, stepped: bool = False) -> Pace | None:
    """The pacer of a view; `None` where nothing is paced.

    Args:
        view: The run.
        stepped: The level moves once a second instead of gliding.
    """
    snapshot, phase = view.snapshot, view.snapshot.phase
    length_ms, left_ms = snapshot.duration_ms, snapshot.remaining_ms
    if not is_paced(phase) or snapshot.state not in _SHOWN_IN or not length_ms or left_ms is None:
        return None
    seconds = -(-left_ms // _SECOND_MS)
    done_ms = max(0, length_ms - seconds * _SECOND_MS) if stepped else snapshot.elapsed_ms
    return Pace(phase.part, seconds, level_at(view.timeline, snapshot.index, done_ms / length_ms))


def glides(snapshot: Snapshot, *, reduced: bool) -> bool:
    """Whether the pacer is on its way from one second to the next, and what moves is drawn along with it."""
    return snapshot.state is State.RUNNING and not reduced and is_paced(snapshot.phase)


def is_paced(phase: Phase) -> bool:
    """Whether a phase is a part of a tempo or of a flow."""
    return phase.kind == "work" and bool(phase.part) and not phase.is_open


def level_at(timeline: Timeline, index: int, part: float) -> float:
    """How swollen the pacer is after `part` (0 to 1) of phase `index`."""
    parts, here = cycle_of(timeline, index)
    ways = ways_of(parts)
    if ways[here] == "both":
        return sin(pi * part)
    start, end = _levels(ways)[here : here + 2]
    return start + (end - start) * _smooth(part)


def cycle_of(timeline: Timeline, index: int) -> tuple[tuple[Phase, ...], int]:
    """The parts of the rep or round that phase `index` belongs to, and its place among them."""
    phases = timeline.phases
    first = last = index
    while first > 0 and _is_same_cycle(phases[first - 1], phases[index]):
        first -= 1
    while last + 1 < len(phases) and _is_same_cycle(phases[last + 1], phases[index]):
        last += 1
    return phases[first : last + 1], index - first


def _is_same_cycle(one: Phase, other: Phase) -> bool:
    return (one.unit, one.rep, one.round) == (other.unit, other.rep, other.round)


def ways_of(parts: tuple[Phase, ...]) -> tuple[Way, ...]:
    """Which way the pacer goes in each part: with the breath where there is one, else by the order of the parts."""
    if len(parts) > 1 and any(part.breath for part in parts):
        return tuple(_BREATHS.get(part.breath or "hold", "stay") for part in parts)
    ways = _USUAL.get(len(parts)) or tuple("down" if number % 2 else "up" for number in range(len(parts)))
    if parts[0].part.casefold() in _SINKING:
        return tuple(_TURNED[way] for way in ways)
    return ways


def _levels(ways: tuple[Way, ...]) -> list[float]:
    """The level at the start of each part and at the end of the last; a cycle begins where its first move can go."""
    first_move = next((way for way in ways if way != "stay"), "up")
    levels = [1.0 if first_move == "down" else 0.0]
    for way in ways:
        levels.append(levels[-1] if way == "stay" else float(way == "up"))
    return levels


def _smooth(part: float) -> float:
    """Slow at both ends, as breath is."""
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)
