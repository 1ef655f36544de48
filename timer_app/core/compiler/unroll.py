"""Unrolls blocks: the steps of a session in the order in which they are done, with rests between rounds."""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from timer_app.core.diagnostics import KeyPath
from timer_app.core.session.model import Block, RestStep, Session, Step, WorkStep


@dataclass(frozen=True, slots=True)
class StepVisit:
    """A step at one of the times it is done.

    Attributes:
        step: As written; `None` for a rest that a block has between two rounds or two steps.
        path: Its key in the file; that of the block for such a rest.
        round: Of the innermost block with more than one round; `None` outside.
        rounds: How many rounds that block has.
        rest_ms: Length of such a rest; 0 for everything else.
        repeated: It has been done in an earlier round.
        begins_round: It is the rest before a round.
    """

    step: Step | None
    path: KeyPath
    round: int | None = None
    rounds: int | None = None
    rest_ms: int = 0
    repeated: bool = False
    begins_round: bool = False

    @property
    def is_rest(self) -> bool:
        """Whether it is a rest, written or a block's own."""
        return self.step is None or isinstance(self.step, RestStep)

    @property
    def is_work(self) -> bool:
        """Whether something is exercised."""
        return isinstance(self.step, WorkStep)


@dataclass(frozen=True, slots=True)
class FlatStep:
    """A step of the file that is not a block."""

    step: Step
    path: KeyPath
    depth: int
    block: str


def flat_steps(
    steps: Sequence[Step], path: KeyPath = ("steps",), depth: int = 0, block: str = ""
) -> Iterator[FlatStep]:
    """Every step of the file that is not a block, in the order written."""
    for index, step in enumerate(steps):
        here = (*path, index)
        if isinstance(step, Block):
            yield from flat_steps(step.steps, (*here, "steps"), depth + 1, step.name or block)
        else:
            yield FlatStep(step, here, depth, block)


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


class Unroller:
    """Walks a session in the order it is done.

    Args:
        session: What to walk.
        level: From 0 to 1; where in a range of rounds to go.
        seed: Decides the order of shuffled blocks.
    """

    def __init__(self, session: Session, level: float, seed: int) -> None:
        self._session = session
        self._level = level
        self._random = random.Random(seed)  # noqa: S311 - an order of exercises is no secret

    def visits(self) -> Iterator[StepVisit]:
        """All visits of the session."""
        whole = Block.model_construct(
            steps=self._session.steps, rounds=None, rest=None, between=None, shuffle=False, name=None
        )
        return self._block(whole, (), _Round())

    def _block(self, block: Block, path: KeyPath, around: _Round) -> Iterator[StepVisit]:
        rounds = block.rounds.at(self._level) if block.rounds else 1
        rest_ms = round_rest_ms(block, self._session)
        rested = True  # no rest of the block's own may come next
        for number in range(1, rounds + 1):
            order = self._order(block)
            begins_with_rest = isinstance(block.steps[order[0]], RestStep)
            if number > 1 and rest_ms and (block.between is None or not (rested or begins_with_rest)):
                yield StepVisit(None, path, number, rounds, rest_ms, begins_round=True)
            rested = rested or number > 1
            inner = around if rounds == 1 else _Round(number, rounds, around.repeated or number > 1)
            for index in order:
                visits = self._visits_of(block.steps[index], (*path, "steps", index), inner)
                if block.between is None:
                    yield from visits
                else:
                    rest = StepVisit(None, path, inner.number, inner.total, block.between)
                    rested = yield from self._spaced(block.steps[index], list(visits), rest, rested=rested)

    @staticmethod
    def _spaced(
        step: Step, visits: list[StepVisit], rest: StepVisit, *, rested: bool
    ) -> Generator[StepVisit, None, bool]:
        """The visits of a step, after `rest` where work needs one; returns whether the next work needs none."""
        if isinstance(step, RestStep):
            yield from visits
            return True
        works = any(visit.is_work for visit in visits)
        if works and rest.rest_ms and not rested and not visits[0].is_rest:
            yield rest
        yield from visits
        return visits[-1].is_rest if works else rested

    def _visits_of(self, step: Step, path: KeyPath, current: _Round) -> Iterator[StepVisit]:
        if isinstance(step, Block):
            yield from self._block(step, path, current)
        elif not is_nothing(step, self._level):
            yield StepVisit(step, path, current.number, current.total, repeated=current.repeated)

    def _order(self, block: Block) -> list[int]:
        """The order of a block's steps for one round; rests stay where they are, between what is shuffled."""
        order = list(range(len(block.steps)))
        if block.shuffle:
            moved = [index for index in order if not isinstance(block.steps[index], RestStep)]
            for position, index in zip(moved, self._random.sample(moved, len(moved)), strict=True):
                order[position] = index
        return order


def round_rest_ms(block: Block, session: Session) -> int:
    """How long a block rests between its rounds."""
    if block.rest is not None:
        return block.rest
    return session.defaults.rest if block.between is None else block.between


def is_nothing(step: Step, level: float) -> bool:
    """Whether a step is a rest of no length, which is left out."""
    return isinstance(step, RestStep) and step.rest.at(level) == 0
