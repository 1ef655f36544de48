"""Seconds counted aloud: all of them, or every other one where the words are too long for a second."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from timer_app.core.draft import Line, Rank
from timer_app.core.timeline.utterance import Lengths

SECOND_MS = 1_000
_TEN_MS = 10 * SECOND_MS


def counted_evenly(lines: Sequence[Line], lengths: Lengths) -> list[Line]:
    """The same lines, without the odd seconds from the first ten on in which a number lasts into the next second.

    Left to itself, that number would keep the next one from being said, so that the tens might be missing.
    """
    counted = [line for line in lines if line.rank is Rank.SECONDS]
    from_ms = next(
        (_at_ms(one) // _TEN_MS * _TEN_MS for one, other in pairwise(counted) if _meet(one, other, lengths)), None
    )
    if from_ms is None:
        return list(lines)
    return [line for line in lines if line.rank is not Rank.SECONDS or _at_ms(line) < from_ms or _is_even(line)]


def _at_ms(line: Line) -> int:
    return line.at_ms or 0


def _is_even(line: Line) -> bool:
    return _at_ms(line) % (2 * SECOND_MS) == 0


def _meet(one: Line, other: Line, lengths: Lengths) -> bool:
    """Whether the first number still sounds when the second one has to begin."""
    first, second = lengths.speech(one.text), lengths.speech(other.text)
    return _at_ms(one) + first.length_ms - first.beat_ms > _at_ms(other) - second.beat_ms
