"""Finds silence between what is said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

_ENDLESS_MS = 10**12

Interval = tuple[int, int]


class Gaps(NamedTuple):
    """Silence around what is said.

    Attributes:
        least_ms: To what has its place already.
        after_ms: Behind something that it had to wait for.
    """

    least_ms: int
    after_ms: int


SENTENCE = Gaps(40, 250)
WORD = Gaps(0, 40)  # a counted word has only its second


def first_gap(busy: Sequence[Interval], from_ms: int, length_ms: int, gaps: Gaps, latest_ms: int) -> int | None:
    """The first moment from `from_ms` to `latest_ms` at which nobody speaks for long enough.

    Args:
        busy: When somebody speaks, in order.
        from_ms: The earliest start.
        length_ms: How long nobody may speak.
        gaps: The silence around it.
        latest_ms: The latest start.
    """
    least_ms, after_ms = gaps
    start_ms = from_ms
    at = bisect_right(busy, (start_ms, _ENDLESS_MS))
    if at and busy[at - 1][1] + least_ms > start_ms:
        start_ms = busy[at - 1][1] + after_ms
    while start_ms <= latest_ms:
        if at == len(busy) or start_ms + length_ms + least_ms <= busy[at][0]:
            return start_ms
        start_ms = max(start_ms, busy[at][1] + after_ms)
        at += 1
    return None
