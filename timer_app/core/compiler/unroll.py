"""Unrolls blocks: the steps of a session in the order in which they are done, with rests between rounds.

A block with `within` stays whole: its steps are done by the user, while one clock runs for all of its rounds.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields.types import SIDE_WORDS
from timer_app.core.session.model import Block, Defaults, IncludedSession, Prioritised, RestStep, Session, Step


@dataclass(frozen=True, slots=True)
class StepVisit:
    """A step at one of the times it is done.

    Attributes:
        step: As written; `None` for what lies between rounds: a rest, or a change of sides.
        path: Its key in the file; that of the block for what lies between rounds.
        round: Of the innermost block with more than one round; `None` outside.
        rounds: How many rounds that block has.
        rest_ms: Length of a rest between rounds; 0 for everything else.
        repeated: It has been done in an earlier round.
        every_ms: It is the rest of a round that lasts so long; 0 for everything else.
        begins_round: It is the first of such a round.
        is_last_rest: No round comes after this rest.
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
    every_ms: int = 0
    begins_round: bool = False
    is_last_rest: bool = False
    side: str | None = None
    switch_ms: int = 0
    home: Session | None = None


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


def blocks(steps: Sequence[Step], path: KeyPath = ("steps",)) -> Iterator[tuple[KeyPath, Block]]:
    """Every block of the file with its path, outer blocks first."""
    for index, step in enumerate(steps):
        if isinstance(step, Block):
            yield (*path, index), step
            yield from blocks(step.steps, (*path, index, "steps"))


@dataclass(frozen=True, slots=True)
class _Round:
    number: int | None = None
    total: int | None = None
    repeated: bool = False
    side: str | None = None
    home: Session | None = None


class Unroller:
    """Walks a session in the order it is done.

    Args:
        session: What to walk.
        level: From 0 to 1; where in a range of rounds to go.
        seed: Decides the order of shuffled blocks.
        left_out: The steps that are not done, by their indices in the list of steps.
    """

    def __init__(self, session: Session, level: float, seed: int, left_out: Collection[int] = ()) -> None:
        self._left_out = frozenset(
            leaf.path for index, leaf in enumerate(flat_steps(session.steps)) if index in left_out
        )
        self._session = session
        self._level = level
        self._random = random.Random(seed)  # noqa: S311 - an order of exercises is no secret

    def visits(self) -> Iterator[StepVisit]:
        """All visits of the session."""
        whole = Block.model_construct(steps=self._session.steps, rounds=None, rest=None, shuffle=False, name=None)
        return self._block(whole, (), _Round())

    def _is_left_out(self, step: Step, path: KeyPath) -> bool:
        """Whether a step, or all of a block that might be done, is not done."""
        if path in self._left_out:
            return True
        if not self._left_out or not isinstance(step, Block) or step.within is not None:
            return False  # most sessions leave nothing out
        inner = [leaf for leaf in flat_steps(step.steps, (*path, "steps")) if isinstance(leaf.step, Prioritised)]
        return bool(inner) and all(leaf.path in self._left_out for leaf in inner)

    def _block(self, block: Block, path: KeyPath, around: _Round) -> Iterator[StepVisit]:
        rounds = block.rounds.at(self._level) if block.rounds else 1
        if isinstance(block, IncludedSession):
            around = replace(around, home=block.session)
            if block.session.cautions and not around.repeated:
                yield StepVisit(block, path, home=block.session)
        rest_ms = self._defaults(around).rest if block.rest is None else block.rest
        for number in range(1, rounds + 1):
            if number > 1 and rest_ms and block.every is None:
                yield StepVisit(None, path, number, rounds, rest_ms, side=around.side, home=around.home)
            repeated = around.repeated or number > 1
            inner = around if rounds == 1 else replace(around, number=number, total=rounds, repeated=repeated)
            visits = self._by_sides(block, path, inner) if block.sides else self._once(block, path, inner)
            yield from (
                visits if block.every is None else self._timed(block, visits, path, replace(inner, number=number))
            )

    def _defaults(self, current: _Round) -> Defaults:
        return (current.home or self._session).defaults

    def _timed(self, block: Block, visits: Iterator[StepVisit], path: KeyPath, current: _Round) -> Iterator[StepVisit]:
        """A round that begins by the clock, with the rest until the next one; that one is announced in it."""
        every_ms, rounds = block.every or 0, block.rounds.at(self._level) if block.rounds else 1
        for index, visit in enumerate(visits):
            yield visit if index else replace(visit, begins_round=True)
        number = current.number or 1
        is_last = number == rounds
        coming = number if is_last else number + 1
        yield StepVisit(
            None, path, coming, rounds, every_ms, every_ms=every_ms, is_last_rest=is_last, home=current.home
        )

    def _by_sides(self, block: Block, path: KeyPath, current: _Round) -> Iterator[StepVisit]:
        """A round in which the whole sequence is done on the left, then on the right."""
        (*_, last), order = SIDE_WORDS["each"], self._order(block)
        for side in SIDE_WORDS["each"]:
            if side == last and (switch_ms := self._defaults(current).switch):
                place = (path, current.number, current.total)
                yield StepVisit(None, *place, side=side, switch_ms=switch_ms, home=current.home)
            repeated = current.repeated or side == last  # what was explained on one side is only named on the other
            yield from self._once(block, path, replace(current, side=side, repeated=repeated), order)

    def _once(
        self, block: Block, path: KeyPath, current: _Round, order: Sequence[int] | None = None
    ) -> Iterator[StepVisit]:
        for index in self._without_left_out(block, path, self._order(block) if order is None else order):
            step, here = block.steps[index], (*path, "steps", index)
            if isinstance(step, Block) and step.within is None:
                yield from self._block(step, here, current)
            elif not self._is_nothing(step):
                place, repeated = (here, current.number, current.total), current.repeated
                yield StepVisit(step, *place, repeated=repeated, side=current.side, home=current.home)

    def _without_left_out(self, block: Block, path: KeyPath, order: Sequence[int]) -> Iterator[int]:
        """An order without the steps that are left out, and without the rests that belong to them."""
        kept: list[int] = []
        gap = False  # steps are missing since the last one that was kept
        for index in order:
            step = block.steps[index]
            if self._is_left_out(step, (*path, "steps", index)):
                gap = True
                continue
            is_rest = isinstance(step, RestStep)
            if is_rest and gap and (not kept or isinstance(block.steps[kept[-1]], RestStep)):
                continue
            kept.append(index)
            gap = gap and is_rest
        if gap and kept and isinstance(block.steps[kept[-1]], RestStep):
            kept.pop()
        return iter(kept)

    def _order(self, block: Block) -> list[int]:
        """The order of a block's steps for one round; rests stay where they are, between what is shuffled."""
        order = list(range(len(block.steps)))
        if block.shuffle:
            moved = [index for index in order if not isinstance(block.steps[index], RestStep)]
            for position, index in zip(moved, self._random.sample(moved, len(moved)), strict=True):
                order[position] = index
        return order

    def _is_nothing(self, step: Step) -> bool:
        """A rest of no length is left out."""
        return isinstance(step, RestStep) and step.rest.at(self._level) == 0
