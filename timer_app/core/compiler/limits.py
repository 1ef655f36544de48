"""What a session may become: more than hard bounds is refused, and what lies below them may be laid out in part.

The text of a session may be a few lines, and what they ask for be done a million times. A file that is accepted is
checked, listed, shown and started in a second or two, whatever it asks for.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from timer_app.core.compiler.goals import check_goals
from timer_app.core.compiler.resolve import MAX_LAID_OUT_CUES, ResolvedPart, Work, resolve
from timer_app.core.compiler.unroll import round_rest_ms
from timer_app.core.diagnostics import KeyPath, Problem
from timer_app.core.i18n import _
from timer_app.core.session import Exercise, Phrases
from timer_app.core.session.model import (
    Block,
    IncludedSession,
    MeasureStep,
    RestStep,
    SayStep,
    Session,
    Step,
    WorkStep,
)
from timer_app.core.timeline.utterance import Lengths, Utterance

_SECOND_MS = 1_000
MAX_LAID_OUT_PHASES = 65_000
MAX_LAID_OUT_UNITS = 10_000  # sets, rests and lines; in 24 hours that is one every eight seconds
MAX_MEASURED_PHASES = 20_000  # a longer session is laid out once, and not again for the exact lengths of its lines
MAX_SET_PHASES = 10_000


class SizeContext(Protocol):
    """What the size of a session depends on besides the session; every `CompileContext` is one."""

    @property
    def lengths(self) -> Lengths:
        """How long lines and sounds last."""

    def texts_in(self, language: str, /) -> tuple[Mapping[str, Exercise], Phrases]:
        """Catalogue and phrases in a language."""


def bounded_work(work: Work) -> Work:
    """The same work, divided into no more phases a set than are laid out.

    Of reps and rounds that are too many for their parts, each is one phase; of rounds that go by a time, only so many
    are done.
    """
    doses = tuple(replace(dose, count=min(dose.count, MAX_SET_PHASES)) for dose in work.set_doses)
    most = max((work.count, *(dose.count for dose in work.set_doses)))
    if not work.parts or most * len(work.parts) <= MAX_SET_PHASES:
        return work
    whole_ms = sum(part.duration_ms for part in work.parts)
    return replace(
        work,
        count=min(work.count, MAX_SET_PHASES),
        parts=(ResolvedPart(work.parts[0].name, whole_ms),),
        set_doses=doses,
    )


MAX_DEPTH = 4
MAX_PHASES = 100_000
MAX_CUES = 500_000
MAX_SESSION_MS = 24 * 3_600_000
_CUES_OF_SET = 60  # countdowns, tones and what the coach says around a set, at the most
_CUES_OF_PART = 3
_CUES_OF_ANNOUNCED = 6  # name, instruction, dose, load and effort of a step while one clock runs for all rounds
_CUES_OF_QUESTION = 4
_CUES_OF_ENDLESS_HOLD = 90
_CUES_OF_REST = 4
_FILLED_EVERY_MS = 12_000  # with company at its most frequent, a word each 15 s, and the time left each minute


def _fillers(length_ms: int) -> int:
    """How many lines break the silence of a hold or a rest of that length at the most."""
    return length_ms // _FILLED_EVERY_MS


def check_limits(session: Session, plan: SizeContext) -> list[Problem]:
    """What a session has too much of; a session with such a problem must not be compiled."""
    misplaced = [*_too_deep(session.steps, ("steps",), 1), *_strange_inside(session.steps, ("steps",))]
    misplaced += check_goals(session)
    if misplaced:
        return misplaced
    gauge = _Gauge(session, plan)
    total = gauge.all_of(session.steps, ("steps",))
    if gauge.problems or not total.excess:
        return gauge.problems
    return [_too_much(("steps",), _("the session"), *total.excess)]


def is_large(session: Session, plan: SizeContext) -> bool:
    """Whether a session is so large that it is laid out with estimated lengths only."""
    gauge = _Gauge(session, plan, soft=True)
    total = gauge.all_of(session.steps, ("steps",))
    return bool(gauge.problems or total.soft_excess) or total.phases > MAX_MEASURED_PHASES


def laid_out_in_part(session: Session, plan: SizeContext) -> list[Problem]:
    """Warn of what a session, which keeps its hard bounds, has too much of to be laid out in full."""
    gauge = _Gauge(session, plan, soft=True)
    total = gauge.all_of(session.steps, ("steps",))
    if not gauge.problems and total.soft_excess:
        gauge.problems.append(_too_much(("steps",), _("the session"), *total.soft_excess))
    return [replace(problem, severity="warning") for problem in gauge.problems]


def _too_deep(steps: Sequence[Step], path: KeyPath, depth: int) -> Iterator[Problem]:
    for index, step in enumerate(steps):
        here = (*path, index)
        if isinstance(step, Block):
            if depth > MAX_DEPTH:
                said, allowed = (
                    _("blocks are nested more than {most} deep").format(most=MAX_DEPTH),
                    _("at most {most} in one another").format(most=MAX_DEPTH),
                )
                yield Problem(here, said, allowed, part="table")
            else:
                yield from _too_deep(step.steps, (*here, "steps"), depth + 1)


def _strange_inside(
    steps: Sequence[Step], path: KeyPath, *, by_sides: bool = False, timed: bool = False
) -> Iterator[Problem]:
    """What contradicts a block around it: a side of its own, or another clock for the beginning of its rounds."""
    for index, step in enumerate(steps):
        here = (*path, index)
        if by_sides and getattr(step, "sides", None):
            said = _("the block around it is done on the left, then on the right, with everything in it")
            yield Problem((*here, "sides"), said, _('no sides, or "both" for what takes both at once'))
        if isinstance(step, Block):
            if timed and step.every is not None:
                said = _("the block around it has every too: rounds cannot begin by two clocks")
                yield Problem((*here, "every"), said, _("every in one of the two"))
            inner = (by_sides or step.sides is not None, timed or step.every is not None)
            yield from _strange_inside(step.steps, (*here, "steps"), by_sides=inner[0], timed=inner[1])


def _too_much(path: KeyPath, what: str, excess: str, allowed: str) -> Problem:
    return Problem(path, f"{what} {excess}", allowed, part="table")


@dataclass(frozen=True, slots=True)
class _Size:
    """How much a part of a session becomes, at the high end of every range."""

    phases: int = 1
    cues: int = 4
    ms: int = 0
    own_cues: int = 0
    units: int = 1

    def times(self, count: int) -> _Size:
        return self if count == 1 else _Size(*(value * count for value in self._values))

    def __add__(self, other: _Size) -> _Size:
        return _Size(*map(operator.add, self._values, other._values))

    @property
    def _values(self) -> tuple[int, ...]:
        return self.phases, self.cues, self.ms, self.own_cues, self.units

    @property
    def excess(self) -> tuple[str, str] | None:
        """What is too much, and how much is allowed."""
        if self.phases > MAX_PHASES:
            return _("becomes {phases} phases").format(phases=f"{self.phases:,}"), _(
                "at most {most} in a session"
            ).format(most=f"{MAX_PHASES:,}")
        if self.ms > MAX_SESSION_MS:
            return _("takes more than 24 hours"), _("at most 24 hours a session")
        if self.cues > MAX_CUES:
            return _("has up to {cues} cues").format(cues=f"{self.cues:,}"), _("at most {most} in a session").format(
                most=f"{MAX_CUES:,}"
            )
        return None

    @property
    def soft_excess(self) -> tuple[str, str] | None:
        """Of what there is so much that only a part is laid out, and up to how much all of it is."""
        if self.units > MAX_LAID_OUT_UNITS:
            said = _("has {units} sets, rests and lines: the session ends after about {most}").format(
                units=f"{self.units:,}", most=f"{MAX_LAID_OUT_UNITS:,}"
            )
            return said, _("up to {most} in a session, which are all done").format(most=f"{MAX_LAID_OUT_UNITS:,}")
        if self.phases > MAX_LAID_OUT_PHASES:
            said = _("becomes {phases} phases: the session ends after about {most}").format(
                phases=f"{self.phases:,}", most=f"{MAX_LAID_OUT_PHASES:,}"
            )
            return said, _("up to {most} in a session, which are all done").format(most=f"{MAX_LAID_OUT_PHASES:,}")
        if self.own_cues > MAX_LAID_OUT_CUES:
            said = _("has {cues} cues of its own: only the first {most} are heard").format(
                cues=f"{self.own_cues:,}", most=f"{MAX_LAID_OUT_CUES:,}"
            )
            return said, _("up to {most} in a session, which are all heard").format(most=f"{MAX_LAID_OUT_CUES:,}")
        return None


_NOTHING = _Size(0, 0, units=0)


def _rest(rest_ms: int) -> _Size:
    """The size of a rest of that length."""
    return _Size(cues=_CUES_OF_REST + _fillers(rest_ms), ms=rest_ms)


class _Gauge:
    """Measures steps; the innermost ones that are too much by themselves are reported.

    Attributes:
        problems: What was found to be too much.
    """

    def __init__(self, session: Session, plan: SizeContext, *, soft: bool = False) -> None:
        self.problems: list[Problem] = []
        self._soft = soft
        self._session = session
        self._plan = plan

    def all_of(self, steps: Sequence[Step], path: KeyPath) -> _Size:
        """The size of some steps together."""
        return sum((self._one(step, (*path, index)) for index, step in enumerate(steps)), _NOTHING)

    def _one(self, step: Step, path: KeyPath) -> _Size:
        known, around = len(self.problems), self._session
        if isinstance(step, IncludedSession):
            self._session = step.session
        size = self._block(step, path) if isinstance(step, Block) else self._flat(step, path)
        self._session = around
        if len(self.problems) > known:
            return _NOTHING
        if excess := size.soft_excess if self._soft else size.excess:
            self.problems.append(_too_much(path, _("this step"), *excess))
            return _NOTHING
        return size

    def _block(self, block: Block, path: KeyPath) -> _Size:
        defaults = self._session.defaults
        if block.within is not None:
            told = block.within // defaults.tell_time if defaults.tell_time else 0
            return _Size(
                2, _CUES_OF_SET + _CUES_OF_ANNOUNCED * len(block.steps) + told, block.within + defaults.prepare
            )
        rounds = block.rounds.high if block.rounds else 1
        once = self.all_of(block.steps, (*path, "steps"))
        once += _rest(block.between).times(len(block.steps)) if block.between else _NOTHING
        if block.sides:
            once = once.times(2) + _Size(cues=_CUES_OF_REST, ms=defaults.switch).times(2)
        if block.every is not None:
            once += _Size(2, 2 * _CUES_OF_REST + _fillers(block.every))
            return replace(once, ms=max(once.ms, block.every)).times(rounds)
        rest_ms = round_rest_ms(block, defaults)
        rests = _rest(rest_ms).times(rounds - 1) if rest_ms else _NOTHING
        return once.times(rounds) + rests + (_Size() if isinstance(block, IncludedSession) else _NOTHING)

    def _flat(self, step: Step, path: KeyPath) -> _Size:
        if isinstance(step, RestStep):
            return _rest(step.rest.high)
        if isinstance(step, SayStep):
            return _Size(ms=self._said_ms(step.say))
        if isinstance(step, MeasureStep):
            return _Size().times(len(step.sides or (None,)))
        if isinstance(step, WorkStep):
            catalogue, phrases = self._plan.texts_in(self._session.language)
            work = resolve(step, catalogue, self._session.defaults, 1.0, phrases)
            return self._work(self._bounded(work, path))
        return _Size()

    def _bounded(self, work: Work, path: KeyPath) -> Work:
        """What is laid out of a step of work, where that is measured; a step of which that is less is reported."""
        bounded = bounded_work(work)
        if not self._soft or bounded is work:
            return work
        parts, count = f"{work.count * len(work.parts):,}", f"{bounded.count:,}"
        if bounded.count < work.count:
            text = (
                _("has sets of {parts} parts: its rounds are not divided, and {count} of them are done")
                if work.kind == "flow"
                else _("has sets of {parts} parts: its reps are not divided, and {count} of them are done")
            )
        else:
            text = (
                _("has sets of {parts} parts: its rounds are not divided")
                if work.kind == "flow"
                else _("has sets of {parts} parts: its reps are not divided")
            )
        allowed = _("up to {most} parts in a set").format(most=f"{MAX_SET_PHASES:,}")
        self.problems.append(_too_much(path, _("this step"), text.format(parts=parts, count=count), allowed))
        return bounded

    def _work(self, work: Work) -> _Size:
        if not work.set_doses:
            return self._set(work).times(work.sets)
        return sum((self._set(work.of_set(number)) for number in range(1, work.sets + 1)), _NOTHING)

    def _set(self, work: Work) -> _Size:
        """The size of one set of all its sides."""
        set_ms = work.unit_ms or 0
        # Reps that are open upward go on past those that are paced, and are asked for.
        phases = max(1, work.count * len(work.parts)) + work.overrun + work.is_open
        # One that has no place in the set is told of.
        own = sum(max(1, set_ms // cue.at.ms) if cue.at.kind == "every" else 1 for cue in work.cues)
        counted = set_ms // _SECOND_MS if work.count_up else 0
        counted += set_ms // work.tell_every_ms if work.tell_every_ms else 0
        counted += _fillers(set_ms) + _fillers(work.rest_ms)
        said_ms = max(self._said_ms(work.say), self._said_ms(work.second_side)) + self._said_ms(work.begin)
        lead_ms = max(work.prepare_ms, work.rest_ms, work.switch_ms, said_ms + work.settle_ms)
        counted += _CUES_OF_ENDLESS_HOLD if work.is_endless else 0
        questions = len(work.ask) + work.is_open
        asked = _Size(1, _CUES_OF_QUESTION, work.ask_ms or 0).times(questions)
        one = _Size(phases + 2, own + counted + _CUES_OF_SET + _CUES_OF_PART * phases, set_ms + lead_ms, own, 3)
        return (one + asked).times(len(work.side_sequence))

    def _said_ms(self, text: str) -> int:
        return self._plan.lengths.speech(Utterance(text)).length_ms
