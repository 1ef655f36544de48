"""What was measured, before and after, left and right, against the last time and the first: in words, with a chart.

It tells figures and differences. What they mean is not for a training diary to say.

Which sessions the answers of a record suggest, as its session file says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from timer_app.core.fields.template import fill_placeholders, without_placeholders
from timer_app.core.player.recorder import Answer, StepRecord
from timer_app.core.text.format import with_side, with_unit
from timer_app.core.timeline.model import SuggestionRule, Timeline

DISCLAIMER = "This is a training diary, not a diagnosis. Ask a health professional if something worries you."
MOST_BARS = 12
_BARS = "▁▂▃▄▅▆▇█"


class Question(NamedTuple):
    """What is asked for.

    Attributes:
        key: What is measured, such as `pain`.
        name: The same for reading, which also tells areas apart.
        side: The side asked about; empty for none.
    """

    key: str
    name: str
    side: str

    @property
    def in_words(self) -> str:
        """`Neck, left`: what it is about."""
        return with_side(self.name, self.side)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was answered to one question in one record.

    Attributes:
        before: The first answer.
        after: The last answer, where it was asked more than once.
        unit: Empty for a plain number.
        record: The id of that record; empty for the one that has just been done.
    """

    before: float
    after: float | None = None
    unit: str = ""
    record: str = ""

    @property
    def last(self) -> float:
        """The answer given last."""
        return self.before if self.after is None else self.after

    def words(self) -> str:
        """`12 cm`, or `5 before, 3 after`."""
        if self.after is None:
            return with_unit(self.before, self.unit)
        return f"{with_unit(self.before, self.unit)} before, {with_unit(self.after, self.unit)} after"

    def short(self) -> str:
        """`12 cm`, or `5 and 3`."""
        if self.after is None:
            return with_unit(self.before, self.unit)
        return f"{self.before:g} and {with_unit(self.after, self.unit)}"


class EarlierResults(NamedTuple):
    """What earlier records have.

    Attributes:
        readings: Of each question, oldest first: the first one ever, and then the latest.
        tender_spots: Of each step that was done once more in the last record that has it, the sets of each side,
            by its name.
    """

    readings: Mapping[Question, Sequence[Reading]] = {}
    tender_spots: Mapping[str, Mapping[str, int]] = {}


def group_answers(answers: Iterable[Answer]) -> dict[Question, Reading]:
    """The answers of one record, those to the same question taken together, in the order in which they were asked."""
    found: dict[Question, Reading] = {}
    for answer in answers:
        question = Question(answer.key, answer.name, answer.side or "")
        known = found.get(question)
        found[question] = replace(known, after=answer.value) if known else Reading(answer.value, unit=answer.unit)
    return found


def comparison_lines(answers: Iterable[Answer], steps: Iterable[StepRecord], past: EarlierResults) -> list[str]:
    """Lines that set what was measured against earlier times, and the remark that goes with them; empty for nothing.

    Args:
        answers: Those of this record.
        steps: What was done in it.
        past: What earlier records have.
    """
    now = group_answers(answers)
    lines = [line for question, reading in now.items() for line in _line(question, reading, past)]
    lines += [
        line for _, asked in groupby(now, lambda question: question[:2]) for line in _sides(tuple(asked), now, past)
    ]
    lines += [line for step in steps for line in _tender_spot_lines(step, past.tender_spots.get(step.name, {}))]
    return [*lines, DISCLAIMER] if lines else []


def question_subject(area: str, side: str) -> str:
    """What a question about pain is about: `Neck, left`, or `Overall` where it names neither an area nor a side."""
    return with_side(area, side) if area else side.capitalize() or "Overall"


def sparkline(values: Sequence[float]) -> str:
    """A bar for each value, the highest for the largest; empty for fewer than two values."""
    shown = values[-MOST_BARS:]
    if len(shown) < 2:  # noqa: PLR2004 - one bar compares with nothing
        return ""
    low, high = min(0.0, *shown), max(shown)
    steps = (high - low) or 1.0
    return "".join(_BARS[round((value - low) / steps * (len(_BARS) - 1))] for value in shown)


def _line(question: Question, reading: Reading, past: EarlierResults) -> Iterator[str]:
    """A question with its last and its first time; nothing where there is nothing to compare with."""
    earlier = past.readings.get(question, ())
    name = question.in_words
    if not earlier:
        if reading.after is not None:
            yield f"{name}: {reading.words()}"
        return
    told = f"{name}: {reading.words()}; last time {earlier[-1].short()}"
    if len(earlier) > 1:
        told += f", the first time {earlier[0].short()}"
    bars = sparkline([*(one.last for one in earlier), reading.last])
    yield f"{told}  {bars}".rstrip()


def _sides(asked: tuple[Question, ...], now: Mapping[Question, Reading], past: EarlierResults) -> Iterator[str]:
    """By how much two sides differ, and how much they did."""
    if len(asked) != 2 or not all(question.side for question in asked):  # noqa: PLR2004 - two sides
        return
    one, two = asked
    unit = now[one].unit
    gap = now[one].last - now[two].last
    larger = one.side if gap > 0 else two.side
    told = f"{one.name}: {one.side} and {two.side} agree"
    if gap:
        told = f"{one.name}: {with_unit(abs(gap), unit)} more on the {larger}"
    yield told + _gaps(past.readings.get(one, ()), past.readings.get(two, ()), unit)


def _gaps(one: Sequence[Reading], two: Sequence[Reading], unit: str) -> str:
    """By how much two sides differed the last time and the first time that both were answered."""
    others = {reading.record: reading for reading in two}
    both = [(reading, others[reading.record]) for reading in one if reading.record in others]
    if not both:
        return ""
    gaps = [abs(a.last - b.last) for a, b in both]
    told = f"; last time they were {with_unit(gaps[-1], unit)} apart" if gaps[-1] else "; last time they agreed"
    # Of each side there are its own first record and its latest ones: between them, one of both may be missing here.
    is_first = both[0][0] is one[0] or both[0][1] is two[0]
    return f"{told}, the first time {with_unit(gaps[0], unit)}" if is_first and len(both) > 1 else told


def _tender_spot_lines(step: StepRecord, before: Mapping[str, int]) -> Iterator[str]:
    """How many tender spots were found on each side: every set of a step that is done once more is on another one."""
    if not step.sides or not (step.repeated or before):
        return
    told = f"{step.name}: tender spots {_by_side(step.sides)}"
    yield f"{told}; last time {_by_side(before)}" if before else told


def _by_side(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {side}" for side, count in counts.items())


@dataclass(frozen=True, slots=True)
class SuggestedSession:
    """A session to train with.

    Attributes:
        session: Its id.
        because: Why, in words.
    """

    session: str
    because: str


def suggest_sessions(timeline: Timeline, answers: Iterable[Answer]) -> tuple[SuggestedSession, ...]:
    """The sessions that answers suggest, each with all its reasons, in the order of the questions."""
    now = group_answers(answers)
    asked = {
        (phase.measure.key, phase.label): phase.measure.suggestion_rules for phase in timeline.phases if phase.measure
    }
    reasons: dict[str, list[str]] = {}
    for (key, name), advice in asked.items():
        own = {question: reading for question, reading in now.items() if question[:2] == (key, name)}
        for one in advice:
            found = reasons.setdefault(one.session, [])
            found += [reason for reason in _reasons(one, own) if reason not in found]
    return tuple(SuggestedSession(session, "; ".join(found)) for session, found in reasons.items() if found)


def _reasons(advice: SuggestionRule, own: Mapping[Question, Reading]) -> Iterator[str]:
    """Why a piece of advice holds; nothing where it does not."""
    if advice.apart is not None:
        yield from _unevenness(advice, own, advice.apart)
        return
    for question, reading in own.items():
        if advice.low <= reading.last <= advice.high:
            yield without_placeholders(fill_placeholders(advice.because, {"side": question.side}))


def _unevenness(advice: SuggestionRule, own: Mapping[Question, Reading], apart: float) -> Iterator[str]:
    if len(own) != 2:  # noqa: PLR2004 - two sides
        return
    low, high = sorted(own, key=lambda question: own[question].last)
    if own[high].last - own[low].last >= apart:
        yield without_placeholders(fill_placeholders(advice.because, {"side": high.side}))
