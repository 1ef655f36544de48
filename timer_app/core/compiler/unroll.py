"""Unrolls blocks: the steps of a session in the order in which they are done, with rests between rounds.

A block with `within` stays whole: its steps are done by the user, while one clock runs for all of its rounds.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields.types import SIDE_WORDS
from timer_app.core.session.model import (
    Block,
    Defaults,
    IncludedSession,
    Prioritised,
    RestStep,
    SayStep,
    Session,
    Step,
    WorkStep,
)


@dataclass(frozen=True, slots=True)
class StepVisit:
    """A step at one of the times it is done.

    Attributes:
        step: As written; `None` for what a block has between rounds or steps: a rest, or a change of sides.
        path: Its key in the file; that of the block for what lies between.
        round: Of the innermost block with more than one round; `None` outside.
        rounds: How many rounds that block has.
        rest_ms: Length of a rest between rounds or steps; 0 for everything else.
        repeated: It has been done in an earlier round.
        is_before_round: It is the rest, or the change of sides, before a round.
        every_ms: It is the rest of a round that lasts so long; 0 for everything else.
        begins_round: It is the first of such a round.
        side: The side on which the whole sequence of its block is done; `None` where it is not done by sides.
        switch_ms: Length of a change to `side`; 0 for everything else.
        home: The session put in by another one to which it belongs; `None` for that of the file.
    """

    step: Step | None
    path: KeyPath
    round: int | None = None
    rounds: int | None = None
    rest_ms: int = 0
    repeated: bool = False
    is_before_round: bool = False
    every_ms: int = 0
    begins_round: bool = False
    side: str | None = None
    switch_ms: int = 0
    home: Session | None = None

    @property
    def is_other_side(self) -> bool:
        """Whether it has been done on the first side only, as its whole sequence is done by sides."""
        return self.repeated and self.side == SIDE_WORDS["each"][1] and self.round in {None, 1}

    @property
    def is_rest(self) -> bool:
        """Whether it is a rest or a change of sides, written or a block's own."""
        return self.step is None or isinstance(self.step, RestStep)

    @property
    def is_work(self) -> bool:
        """Whether something is exercised."""
        return isinstance(self.step, WorkStep | Block) and not isinstance(self.step, IncludedSession)


@dataclass(frozen=True, slots=True)
class FlatStep:
    """A step of the file that is not a block, or a block that stays whole.

    Attributes:
        step: As written.
        path: Its key in the file.
        depth: How many blocks it is nested in.
        block: The name of the innermost block around it that has one; empty for none.
        by_sides: A block around it is done on one side, then on the other.
        home: The session put in by another one to which it belongs; `None` for that of the file.
    """

    step: Step
    path: KeyPath
    depth: int
    block: str
    by_sides: bool = False
    home: Session | None = None


def flat_steps(  # noqa: PLR0913 - what holds for all of them
    steps: Sequence[Step],
    path: KeyPath = ("steps",),
    depth: int = 0,
    block: str = "",
    *,
    by_sides: bool = False,
    home: Session | None = None,
) -> Iterator[FlatStep]:
    """Every step of the file that is not a block, and every block that stays whole, in the order written."""
    for index, step in enumerate(steps):
        here = (*path, index)
        if isinstance(step, Block) and step.within is None:
            within = step.session if isinstance(step, IncludedSession) else home
            inner = by_sides or step.sides is not None
            name = step.name or block
            yield from flat_steps(step.steps, (*here, "steps"), depth + 1, name, by_sides=inner, home=within)
        else:
            yield FlatStep(step, here, depth, block, by_sides, home)


def included_sessions(steps: Sequence[Step]) -> Iterator[IncludedSession]:
    """Every session that is put in, outer ones first."""
    return (block for _, block in blocks(steps) if isinstance(block, IncludedSession))


def all_cautions(session: Session) -> tuple[str, ...]:
    """The cautions of a session and of those that are put into it, each once."""
    others = (caution for block in included_sessions(session.steps) for caution in block.session.cautions)
    return tuple(dict.fromkeys((*session.cautions, *others)))


def blocks(
    steps: Sequence[Step], path: KeyPath = ("steps",), *, included: bool = True
) -> Iterator[tuple[KeyPath, Block]]:
    """Every block of the file with its path, outer blocks first; those of sessions that are put in if `included`."""
    for index, step in enumerate(steps):
        if isinstance(step, Block) and (included or not isinstance(step, IncludedSession)):
            yield (*path, index), step
            yield from blocks(step.steps, (*path, index, "steps"), included=included)


class _Round(NamedTuple):  # one for each visit: a tuple is made several times as fast as a dataclass
    number: int | None = None
    total: int | None = None
    repeated: bool = False
    side: str | None = None
    home: Session | None = None


def _words_of_nothing(steps: Sequence[Step], order: Sequence[int], left_out: Collection[int]) -> set[int]:
    """The words behind which nothing is done before the next ones, because it is left out."""
    found: set[int] = set()
    is_missing = is_done = False  # something behind these words
    for index in reversed(order):
        if isinstance(steps[index], SayStep):
            if is_missing and not is_done:
                found.add(index)
            is_missing = is_done = False
        elif not isinstance(steps[index], RestStep):
            is_missing, is_done = is_missing or index in left_out, is_done or index not in left_out
    return found


class Unroller:
    """Walks a session in the order it is done.

    Args:
        session: What to walk.
        level: From 0 to 1; where in a range of rounds to go.
        seed: Decides the order of shuffled blocks.
        left_out: The steps that are not done, by their indices in the list of steps.
    """

    def __init__(self, session: Session, level: float, seed: int, left_out: Collection[int] = ()) -> None:
        flat = enumerate(flat_steps(session.steps)) if left_out else ()
        self._left_out = frozenset(flat_step.path for index, flat_step in flat if index in left_out)
        self._session = session
        self._level = level
        self._random = random.Random(seed)  # noqa: S311 - an order of exercises is no secret

    def visits(self) -> Iterator[StepVisit]:
        """All visits of the session."""
        whole = Block.model_construct(steps=self._session.steps)
        return self._block(whole, (), _Round())

    def _is_left_out(self, step: Step, path: KeyPath) -> bool:
        """Whether a step, or all of a block that might be done, is not done."""
        if path in self._left_out:
            return True
        if not self._left_out or not isinstance(step, Block) or step.within is not None:
            return False  # most sessions leave nothing out
        inner = [
            flat_step
            for flat_step in flat_steps(step.steps, (*path, "steps"))
            if isinstance(flat_step.step, Prioritised)
        ]
        return bool(inner) and all(flat_step.path in self._left_out for flat_step in inner)

    def _block(self, block: Block, path: KeyPath, around: _Round) -> Iterator[StepVisit]:
        rounds = block.rounds.at(self._level) if block.rounds else 1
        if isinstance(block, IncludedSession):
            around = around._replace(home=block.session)
            if block.session.cautions and not around.repeated:
                yield StepVisit(block, path, home=block.session)
        rested = True  # no rest of the block's own may come next
        for number in range(1, rounds + 1):
            repeated = around.repeated or number > 1
            inner = around if rounds == 1 else around._replace(number=number, total=rounds, repeated=repeated)
            visits = self._round(block, path, inner, rounds_before=number - 1, rested=rested)
            if block.every is None:
                rested = yield from visits
            else:
                yield from _timed(block, visits, StepVisit(None, path, number, rounds, home=inner.home))

    def _round(
        self, block: Block, path: KeyPath, current: _Round, *, rounds_before: int, rested: bool
    ) -> Generator[StepVisit, None, bool]:
        """One round, after what lies before it; returns whether no rest of the block's own may come next."""
        order = list(self._without_left_out(block, path, self._order(block)))
        if not order:
            return rested
        begins_with_rest = isinstance(block.steps[order[0]], RestStep)
        for at, side in enumerate(SIDE_WORDS["each"] if block.sides else (current.side,)):
            # What was explained on one side is only named on the other.
            here = current._replace(side=side, repeated=current.repeated or at > 0)
            if at or (rounds_before and block.every is None):
                rest_ms = (block.between or 0) if at else round_rest_ms(block, self._defaults(here))
                if block.between is not None and (rested or begins_with_rest):
                    rest_ms = 0
                switch_ms = self._defaults(here).switch if block.sides else 0
                if rest_ms or switch_ms:
                    place = StepVisit(None, path, here.number, here.total, side=side, home=here.home)
                    yield from self._gap(rest_ms, switch_ms, replace(place, is_before_round=at == 0))
                rested = True
            rested = yield from self._once(block, path, here, order, rested=rested)
        return rested

    @staticmethod
    def _gap(rest_ms: int, switch_ms: int, place: StepVisit) -> Iterator[StepVisit]:
        """A rest at whose end the sides change, as long as the longer of both; the first of the two is `place`."""
        if rest_ms > switch_ms:
            yield replace(place, rest_ms=rest_ms - switch_ms)
            place = replace(place, is_before_round=False)
        if switch_ms:
            yield replace(place, switch_ms=switch_ms)

    def _once(
        self, block: Block, path: KeyPath, current: _Round, order: Sequence[int], *, rested: bool
    ) -> Generator[StepVisit, None, bool]:
        """The steps of a block in an order, with the rests between them."""
        rest = StepVisit(
            None, path, current.number, current.total, block.between or 0, side=current.side, home=current.home
        )
        for index in order:
            visits = self._visits_of(block.steps[index], (*path, "steps", index), current)
            if block.between is None:
                yield from visits
            else:
                rested = yield from self._spaced(block.steps[index], list(visits), rest, rested=rested)
        return rested

    @staticmethod
    def _spaced(
        step: Step, visits: list[StepVisit], rest: StepVisit, *, rested: bool
    ) -> Generator[StepVisit, None, bool]:
        """The visits of a step, after `rest` where work needs one; returns whether the next work needs none."""
        if isinstance(step, RestStep):
            yield from visits
            return True
        works = any(visit.is_work for visit in visits)
        # The cautions of a session that is put in go before the rest, which is the time to get ready for its work.
        cautions = list(takewhile(lambda visit: isinstance(visit.step, IncludedSession), visits))
        yield from cautions
        if works and rest.rest_ms and not rested and not visits[len(cautions)].is_rest:
            yield rest
        yield from visits[len(cautions) :]
        return visits[-1].is_rest if works else rested

    def _visits_of(self, step: Step, path: KeyPath, current: _Round) -> Iterator[StepVisit]:
        if isinstance(step, Block) and step.within is None:
            yield from self._block(step, path, current)
        elif not is_nothing(step, self._level):
            place, repeated = (path, current.number, current.total), current.repeated
            yield StepVisit(step, *place, repeated=repeated, side=current.side, home=current.home)

    def _defaults(self, current: _Round) -> Defaults:
        return (current.home or self._session).defaults

    def _without_left_out(self, block: Block, path: KeyPath, order: Sequence[int]) -> Iterator[int]:
        """An order without the steps that are left out, and without the words and rests that belong to them."""
        left_out = {index for index in order if self._is_left_out(block.steps[index], (*path, "steps", index))}
        left_out |= _words_of_nothing(block.steps, order, left_out)
        kept: list[int] = []
        gap = False  # steps are missing since the last one that was kept
        rest: int | None = None  # the last rest, where only words follow it
        is_rested = True  # there is nothing to rest from
        for index in order:
            step = block.steps[index]
            if index in left_out:
                gap = True
            elif not isinstance(step, RestStep):
                kept.append(index)
                if not isinstance(step, SayStep):
                    gap, rest, is_rested = False, None, False
            elif not (gap and is_rested):
                kept.append(index)
                rest, is_rested = index, True
        if gap and rest is not None:
            kept.remove(rest)
        return iter(kept)

    def _order(self, block: Block) -> list[int]:
        """The order of a block's steps for one round; rests stay where they are, between what is shuffled."""
        order = list(range(len(block.steps)))
        if block.shuffle:
            moved = [index for index in order if not isinstance(block.steps[index], RestStep)]
            for position, index in zip(moved, self._random.sample(moved, len(moved)), strict=True):
                order[position] = index
        return order


def _timed(block: Block, visits: Iterator[StepVisit], place: StepVisit) -> Iterator[StepVisit]:
    """A round that begins by the clock, with the rest until the next one; that one is announced in it.

    Args:
        block: Whose round it is.
        visits: What is done in it.
        place: Where it is: its number, and how many there are.
    """
    every_ms, number, rounds = block.every or 0, place.round or 1, place.rounds or 1
    begins = True
    for visit in visits:
        yield replace(visit, begins_round=begins)
        begins = False
    rest = replace(place, rest_ms=every_ms, every_ms=every_ms, begins_round=begins)
    yield replace(rest, round=min(rounds, number + 1), is_before_round=number < rounds)


def round_rest_ms(block: Block, defaults: Defaults) -> int:
    """How long a block rests between its rounds."""
    if block.rest is not None:
        return block.rest
    return defaults.rest if block.between is None else block.between


def is_nothing(step: Step, level: float) -> bool:
    """Whether a step is a rest of no length, which is left out."""
    return isinstance(step, RestStep) and step.rest.at(level) == 0
