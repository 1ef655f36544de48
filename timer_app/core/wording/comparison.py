"""Words that compare what was measured with earlier times: before and after, left and right, as lines with a chart.

They give figures and differences. What these mean is not for a training diary to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from timer_app.core.training import EarlierResults, Question, Reading, group_answers
from timer_app.core.wording.formatting import with_side, with_unit

if TYPE_CHECKING:
    from timer_app.core.player.recorder import Answer, StepRecord

DISCLAIMER = "This is a training diary, not a diagnosis. Ask a health professional if something worries you."
MOST_BARS = 12
_BARS = "▁▂▃▄▅▆▇█"


def comparison_lines(answers: Iterable[Answer], steps: Iterable[StepRecord], past: EarlierResults) -> list[str]:
    """Lines that set what was measured against earlier times, and the remark that goes with them; empty for nothing.

    Args:
        answers: Those of this record.
        steps: What was done in it.
        past: What earlier records have.
    """
    now = group_answers(answers)
    lines = [line for question, reading in now.items() for line in _question_line(question, reading, past)]
    lines += [
        line
        for _, asked in groupby(now, lambda question: (question.key, question.area))
        for line in _sides_line(tuple(asked), now, past)
    ]
    lines += [line for step in steps for line in _tender_spots_line(step, past.tender_spots.get(step.name, {}))]
    return [*lines, DISCLAIMER] if lines else []


def sparkline(values: Sequence[float]) -> str:
    """A bar for each value, the highest for the largest; empty for fewer than two values."""
    shown = values[-MOST_BARS:]
    if len(shown) < 2:  # noqa: PLR2004 - one bar compares with nothing
        return ""
    low, high = min(0.0, *shown), max(shown)
    steps = (high - low) or 1.0
    return "".join(_BARS[round((value - low) / steps * (len(_BARS) - 1))] for value in shown)


def _question_line(question: Question, reading: Reading, past: EarlierResults) -> Iterator[str]:
    """A question with its last and its first time; nothing where there is nothing to compare with."""
    earlier = past.readings.get(question, ())
    name = with_side(question.name, question.side)
    if not earlier:
        if reading.after is not None:
            yield f"{name}: {_reading_text(reading)}"
        return
    line = f"{name}: {_reading_text(reading)}; last time {_short_reading_text(earlier[-1])}"
    if len(earlier) > 1:
        line += f", the first time {_short_reading_text(earlier[0])}"
    bars = sparkline([*(one.last for one in earlier), reading.last])
    yield f"{line}  {bars}".rstrip()


def _sides_line(asked: tuple[Question, ...], now: Mapping[Question, Reading], past: EarlierResults) -> Iterator[str]:
    """By how much two sides differ, and how much they did."""
    if len(asked) != 2 or not all(question.side for question in asked):  # noqa: PLR2004 - two sides
        return
    one, two = asked
    unit = now[one].unit
    gap = now[one].last - now[two].last
    larger = one.side if gap > 0 else two.side
    difference = f"{with_unit(abs(gap), unit)} more on the {larger}" if gap else f"{one.side} and {two.side} agree"
    yield f"{one.name}: {difference}" + _past_gaps_text(past.readings.get(one, ()), past.readings.get(two, ()), unit)


def _past_gaps_text(one: Sequence[Reading], two: Sequence[Reading], unit: str) -> str:
    """By how much two sides differed the last time and the first time that both were answered."""
    others = {reading.record: reading for reading in two}
    both = [(reading, others[reading.record]) for reading in one if reading.record in others]
    if not both:
        return ""
    gaps = [abs(a.last - b.last) for a, b in both]
    last = f"; last time they were {with_unit(gaps[-1], unit)} apart" if gaps[-1] else "; last time they agreed"
    # Of each side there are its own first record and its latest ones: between them, one of both may be missing here.
    is_first = both[0][0] is one[0] or both[0][1] is two[0]
    return f"{last}, the first time {with_unit(gaps[0], unit)}" if is_first and len(both) > 1 else last


def _tender_spots_line(step: StepRecord, before: Mapping[str, int]) -> Iterator[str]:
    """How many tender spots were found on each side: every set of a step that is done once more is on another one."""
    if not step.sides or not (step.repeated or before):
        return
    last = f"; last time {_by_side(before)}" if before else ""
    yield f"{step.name}: tender spots {_by_side(step.sides)}{last}"


def _by_side(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {side}" for side, count in counts.items())


def _reading_text(reading: Reading) -> str:
    """`12 cm`, or `5 before, 3 after`."""
    if reading.after is None:
        return with_unit(reading.before, reading.unit)
    return f"{with_unit(reading.before, reading.unit)} before, {with_unit(reading.after, reading.unit)} after"


def _short_reading_text(reading: Reading) -> str:
    """`12 cm`, or `5 and 3`."""
    if reading.after is None:
        return with_unit(reading.before, reading.unit)
    return f"{reading.before:g} and {with_unit(reading.after, reading.unit)}"
