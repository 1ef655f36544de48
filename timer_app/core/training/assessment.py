"""The answers of a record by their questions, and the sessions that they suggest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from timer_app.core.fields import fill_placeholders, without_placeholders
from timer_app.core.player.recorder import Answer
from timer_app.core.timeline import SuggestionRule, Timeline


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for; the same question in another language is equal to it.

    Attributes:
        key: What is measured, such as `pain`.
        area: The key of the name that the session gives it, which tells areas apart; empty for none.
        side: The side asked about; empty for none.
        name: Its name for reading.
    """

    key: str
    area: str
    side: str
    name: str = field(default="", compare=False)


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
        question = Question(answer.key, answer.area, answer.side or "", answer.name)
        known = found.get(question)
        found[question] = replace(known, after=answer.value) if known else Reading(answer.value, unit=answer.unit)
    return found


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
        (phase.measure.key, phase.measure.area): phase.measure.suggestion_rules
        for phase in timeline.phases
        if phase.measure
    }
    reasons: dict[str, list[str]] = {}
    for (key, area), advice in asked.items():
        own = {question: reading for question, reading in now.items() if (question.key, question.area) == (key, area)}
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
