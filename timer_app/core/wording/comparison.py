"""Words that compare what was measured with earlier times: before and after, left and right, as lines with a chart.

They give figures and differences. What these mean is not for a training diary to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from timer_app.core.i18n import N_, _
from timer_app.core.training import EarlierResults, Question, Reading, group_answers
from timer_app.core.wording.formatting import number_text, with_side, with_unit

if TYPE_CHECKING:
    from timer_app.core.player.recorder import Answer, StepRecord

DISCLAIMER = N_("This is a training diary, not a diagnosis. Ask a health professional if something worries you.")
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
        for _question, asked in groupby(now, lambda question: (question.key, question.area))
        for line in _sides_line(tuple(asked), now, past)
    ]
    lines += [line for step in steps for line in _tender_spots_line(step, past.tender_spots.get(step.name, {}))]
    return [*lines, _(DISCLAIMER)] if lines else []


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
    text = (
        _("{name}: {value}; last time {last}, the first time {first}")
        if len(earlier) > 1
        else _("{name}: {value}; last time {last}")
    )
    last, first = _short_reading_text(earlier[-1]), _short_reading_text(earlier[0])
    line = text.format(name=name, value=_reading_text(reading), last=last, first=first)
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
    difference = (
        _("{amount} more on the {side}").format(amount=with_unit(abs(gap), unit), side=larger)
        if gap
        else _("{one} and {two} agree").format(one=one.side, two=two.side)
    )
    yield f"{one.name}: {difference}" + _past_gaps_text(past.readings.get(one, ()), past.readings.get(two, ()), unit)


def _past_gaps_text(one: Sequence[Reading], two: Sequence[Reading], unit: str) -> str:
    """By how much two sides differed the last time and the first time that both were answered."""
    others = {reading.record: reading for reading in two}
    both = [(reading, others[reading.record]) for reading in one if reading.record in others]
    if not both:
        return ""
    gaps = [abs(a.last - b.last) for a, b in both]
    last = (
        _("; last time they were {amount} apart").format(amount=with_unit(gaps[-1], unit))
        if gaps[-1]
        else _("; last time they agreed")
    )
    # Of each side there are its own first record and its latest ones: between them, one of both may be missing here.
    is_first = both[0][0] is one[0] or both[0][1] is two[0]
    if not is_first or len(both) == 1:
        return last
    return last + _(", the first time {amount}").format(amount=with_unit(gaps[0], unit))


def _tender_spots_line(step: StepRecord, before: Mapping[str, int]) -> Iterator[str]:
    """How many tender spots were found on each side: every set of a step that is done once more is on another one."""
    if not step.sides or not (step.repeated or before):
        return
    text = _("{name}: tender spots {counts}; last time {before}") if before else _("{name}: tender spots {counts}")
    yield text.format(name=step.name, counts=_by_side(step.sides), before=_by_side(before))


def _by_side(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {side}" for side, count in counts.items())


def _reading_text(reading: Reading) -> str:
    """`12 cm`, or `5 before, 3 after`."""
    if reading.after is None:
        return with_unit(reading.before, reading.unit)
    before, after = with_unit(reading.before, reading.unit), with_unit(reading.after, reading.unit)
    return _("{before} before, {after} after").format(before=before, after=after)


def _short_reading_text(reading: Reading) -> str:
    """`12 cm`, or `5 and 3`."""
    if reading.after is None:
        return with_unit(reading.before, reading.unit)
    after = with_unit(reading.after, reading.unit)
    return _("{before} and {after}").format(before=number_text(reading.before), after=after)
