"""Chooses what is done of a session: by chance where a block says how many, and by priority where time is short.

The choice is an input of the compiler: the indices of the steps that are left out, in the list of steps.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from timer_app.core.compiler.unroll import FlatStep, blocks, flat_steps
from timer_app.core.fields.types import ALWAYS, USUAL
from timer_app.core.session.model import Block, Prioritised, Session, Step


@dataclass(frozen=True, slots=True)
class Item:
    """A step that may be left out, and a block with all that is in it.

    Attributes:
        step: As written.
        indices: Its own in the list of steps, and those of the steps in it.
    """

    step: Prioritised
    indices: range


def picks_of(session: Session) -> Iterator[tuple[int, list[Item]]]:
    """For every block of which some steps are chosen: how many, and from which."""
    is_chosen = any(block.pick is not None for _path, block in blocks(session.steps))
    return _picks(session.steps, 0) if is_chosen else iter(())


def _picks(steps: Sequence[Step], first: int) -> Iterator[tuple[int, list[Item]]]:
    for step, indices in _spans(steps, first):
        if isinstance(step, Block) and step.within is None:
            if step.pick is not None:
                yield step.pick, _items(step.steps, indices.start)
            yield from _picks(step.steps, indices.start)


def _spans(steps: Sequence[Step], first: int) -> Iterator[tuple[Step, range]]:
    """Each step with the indices that it has in the list of steps."""
    for step in steps:
        count = sum(1 for _ in flat_steps([step]))
        yield step, range(first, first + count)
        first += count


def _items(steps: Sequence[Step], first: int) -> list[Item]:
    return [Item(step, indices) for step, indices in _spans(steps, first) if isinstance(step, Prioritised)]


def left_out_by_chance(
    session: Session, chance: str, is_recent: Callable[[FlatStep], bool] = lambda _step: False
) -> frozenset[int]:
    """The steps that are left out where blocks choose some of theirs.

    Those of a higher priority are chosen first, and among these, those that were not done the last time.

    Args:
        session: The session.
        chance: Decides; the same text gives the same choice.
        is_recent: Whether a step was done the last time.
    """
    picks = list(picks_of(session))
    if not picks:
        return frozenset()
    flat, dice = list(flat_steps(session.steps)), random.Random(chance)  # noqa: S311 - a choice of exercises is no secret

    def rank(item: Item) -> tuple[int, bool]:
        return item.step.priority, any(is_recent(flat[index]) for index in item.indices)

    left_out: set[int] = set()
    for count, items in picks:
        for item in sorted(dice.sample(items, len(items)), key=rank)[count:]:
            left_out.update(item.indices)
    return frozenset(left_out)


def left_out_for_time(
    session: Session,
    max_ms: int,
    length_without: Callable[[frozenset[int]], int],
    left_out: Collection[int] = (),
    among: Collection[int] | None = None,
) -> frozenset[int]:
    """The steps that are left out so that a session takes no longer than some time, as far as priorities allow.

    The last of the lowest priority is left out first; steps of priority 1 never are.

    Args:
        session: The session.
        max_ms: How long it may take.
        length_without: Gives the length without some steps.
        left_out: What is left out already.
        among: The steps that may be left out; `None` for all.
    """
    known = frozenset(left_out)
    ranked = [
        (rank, index)
        for rank, index in _ranks(session.steps, 0, USUAL)
        if rank > ALWAYS and index not in known and (among is None or index in among)
    ]
    order = [index for _, index in sorted(ranked, reverse=True)]

    def without(count: int) -> frozenset[int]:
        return known | frozenset(order[:count])

    # A session is never longer with fewer steps.
    fewest = bisect_left(range(len(order)), x=True, key=lambda count: length_without(without(count)) <= max_ms)
    return without(fewest)


def _ranks(steps: Sequence[Step], first: int, around: int) -> Iterator[tuple[int, int]]:
    """The priority of each step that may be left out, with its index; one that has none takes that of its block."""
    for step, indices in _spans(steps, first):
        if not isinstance(step, Prioritised):
            continue
        own = step.priority if "priority" in step.model_fields_set else around
        if isinstance(step, Block) and step.within is None:
            yield from _ranks(step.steps, indices.start, own)
        else:
            yield own, indices.start
