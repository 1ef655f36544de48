from __future__ import annotations

import pytest

from tests.core.compiling import compiled, lines, said
from timer_app.core.compiler.estimate import estimate_upper
from timer_app.core.timeline.utterance import SpeechTiming, Utterance

WALL = {"name": "Wall", "hold": "70s", "count": "up"}


class LongFrom:
    """Numbers from one on take so long; every other line takes a moment."""

    def __init__(self, number: int, length_ms: int) -> None:
        self._number, self._length_ms = number, length_ms

    def speech(self, line: Utterance, /) -> SpeechTiming:
        is_long = line.text.isdecimal() and int(line.text) >= self._number
        return SpeechTiming(self._length_ms if is_long else 200, 80)

    def sound(self, name: str, /) -> int:
        return 60 if name else 0


def counted(lengths: LongFrom) -> list[int]:
    work = next(phase for phase in compiled(WALL, lengths=lengths).timeline.phases if phase.kind == "work")
    return [int(line) for line in said(work)]


def test_numbers_that_fit_are_counted_each_second() -> None:
    assert counted(LongFrom(1, 1_000)) == list(range(1, 61))


@pytest.mark.parametrize(("number", "even_from"), [(21, 20), (31, 30), (12, 10), (20, 20)])
def test_numbers_too_long_for_a_second_are_counted_every_other_second_from_their_ten_on(
    number: int, even_from: int
) -> None:
    assert counted(LongFrom(number, 1_200)) == [*range(1, even_from), *range(even_from, 61, 2)]


def test_a_number_still_falls_with_its_beat_on_its_second_then() -> None:
    work = next(p for p in compiled(WALL, lengths=LongFrom(21, 1_200)).timeline.phases if p.kind == "work")
    assert lines(work)["40"] == 40_000 - 80


def test_a_number_that_nobody_has_said_yet_is_not_thought_too_long_to_be_counted() -> None:
    assert all(estimate_upper(Utterance(str(number))).length_ms < 1_000 for number in range(61))
