"""Unrolls blocks: the steps of a session in the order in which they are done, with rests between rounds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from timer_app.core.diagnostics import KeyPath
from timer_app.core.session.model import Block, RestStep, Session, Step


@dataclass(frozen=True, slots=True)
class StepVisit:
    """A step at one of the times it is done.

    Attributes:
        step: As written; `None` for the rest between two rounds.
        path: Its key in the file; that of the block for a rest between rounds.
        round: Of the innermost block with more than one round; `None` outside.
        rounds: How many rounds that block has.
        rest_ms: Length of a rest between rounds; 0 for everything else.
        repeated: It has been done in an earlier round.
    """

    step: Step | None
    path: KeyPath
    round: int | None = None
    rounds: int | None = None
    rest_ms: int = 0
    repeated: bool = False


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
        whole = Block.model_construct(steps=self._session.steps, rounds=None, rest=None, shuffle=False, name=None)
        return self._block(whole, (), _Round())

    def _block(self, block: Block, path: KeyPath, around: _Round) -> Iterator[StepVisit]:
        rounds = block.rounds.at(self._level) if block.rounds else 1
        rest_ms = self._session.defaults.rest if block.rest is None else block.rest
        for number in range(1, rounds + 1):
            if number > 1 and rest_ms:
                yield StepVisit(None, path, number, rounds, rest_ms)
            inner = around if rounds == 1 else _Round(number, rounds, around.repeated or number > 1)
            yield from self._once(block, path, inner)

    def _once(self, block: Block, path: KeyPath, current: _Round) -> Iterator[StepVisit]:
        for index in self._order(block):
            step, here = block.steps[index], (*path, "steps", index)
            if isinstance(step, Block):
                yield from self._block(step, here, current)
            elif not self._is_nothing(step):
                yield StepVisit(step, here, current.number, current.total, repeated=current.repeated)

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
