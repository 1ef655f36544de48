"""Calculates the delay of a headset from when the user taps along with an even beat."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BEAT_MS = 1_000
TAPS_WANTED = 16
TAPS_NEEDED = 8

# People tap a little ahead of a beat that they expect, hardly ever far: what comes later belongs to a late headset.
_EARLIEST_MS = -250.0
_SURELY_NEAR_MS = 60.0
_SCALE = 1.4826  # of the median deviation, to the standard deviation of what is spread evenly about
_MEDIAN_LOSS = 1.2533  # a median is so much less exact than a mean


@dataclass(frozen=True, slots=True)
class LatencyEstimate:
    """What the taps tell.

    Attributes:
        offset_ms: How much later than it was played the beat was tapped, in the middle; below 0 for earlier.
        margin_ms: The true figure lies as near with 19 chances in 20, as far as the taps alone can tell.
        used: Taps that this rests on.
        dropped: Taps that lay too far from the others.
    """

    offset_ms: float
    margin_ms: float
    used: int
    dropped: int


def estimate_latency(beats_ms: Sequence[float], taps_ms: Iterable[float]) -> LatencyEstimate | None:
    """The offset between beats and taps; `None` where fewer than eight taps belong together.

    Args:
        beats_ms: When beats were to be heard, in order and `BEAT_MS` apart.
        taps_ms: When a key was pressed, on the same clock. Of several within one beat the first counts.
    """
    offsets = list(_offsets(beats_ms, taps_ms).values())
    if len(offsets) < TAPS_NEEDED:
        return None
    near = _near_the_middle(offsets)
    if len(near) < TAPS_NEEDED:
        return None
    within_ms = 2 * _MEDIAN_LOSS * statistics.stdev(near) / len(near) ** 0.5
    return LatencyEstimate(statistics.median(near), within_ms, len(near), len(offsets) - len(near))


def _offsets(beats_ms: Sequence[float], taps_ms: Iterable[float]) -> dict[int, float]:
    """How much later than its beat each tap came, by the number of the beat."""
    found: dict[int, float] = {}
    for tap_ms in sorted(taps_ms):
        number = int((tap_ms - beats_ms[0] - _EARLIEST_MS) // BEAT_MS)
        if 0 <= number < len(beats_ms):
            found.setdefault(number, tap_ms - beats_ms[number])
    return found


def _near_the_middle(offsets: Sequence[float]) -> list[float]:
    middle = statistics.median(offsets)
    usual = _SCALE * statistics.median(abs(offset - middle) for offset in offsets)
    reach = max(3 * usual, _SURELY_NEAR_MS)
    return [offset for offset in offsets if abs(offset - middle) <= reach]
