"""Which sessions the answers of a record suggest, as its session file says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from timer_app.core.fields.template import fill, plain
from timer_app.core.measures import Question, Reading, readings
from timer_app.core.player.recorder import Answer
from timer_app.core.timeline.model import Advice, Timeline


@dataclass(frozen=True, slots=True)
class Suggested:
    """A session to train with.

    Attributes:
        session: Its id.
        because: Why, in words.
    """

    session: str
    because: str


def suggested(timeline: Timeline, answers: Iterable[Answer]) -> tuple[Suggested, ...]:
    """The sessions that answers suggest, each with all its reasons, in the order of the questions."""
    now = readings(answers)
    asked = {(phase.measure.key, phase.label): phase.measure.advice for phase in timeline.phases if phase.measure}
    reasons: dict[str, list[str]] = {}
    for (key, name), advice in asked.items():
        own = {question: reading for question, reading in now.items() if question[:2] == (key, name)}
        for one in advice:
            found = reasons.setdefault(one.session, [])
            found += [reason for reason in _reasons(one, own) if reason not in found]
    return tuple(Suggested(session, "; ".join(found)) for session, found in reasons.items() if found)


def _reasons(advice: Advice, own: Mapping[Question, Reading]) -> Iterator[str]:
    """Why a piece of advice holds; nothing where it does not."""
    if advice.apart is not None:
        yield from _unevenness(advice, own, advice.apart)
        return
    for question, reading in own.items():
        if advice.low <= reading.last <= advice.high:
            yield plain(fill(advice.because, {"side": question.side}))


def _unevenness(advice: Advice, own: Mapping[Question, Reading], apart: float) -> Iterator[str]:
    if len(own) != 2:  # noqa: PLR2004 - two sides
        return
    low, high = sorted(own, key=lambda question: own[question].last)
    if own[high].last - own[low].last >= apart:
        yield plain(fill(advice.because, {"side": high.side}))
