"""Fits an imported session into the limits of session files, and says what that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from timer_app.core.fields import DoseRange, parse_tempo
from timer_app.core.fields.types import MAX_DURATION_MS, MAX_LIST
from timer_app.core.i18n import N_
from timer_app.interchange.json_source import NOTHING
from timer_app.interchange.model import (
    MAX_STEPS,
    Block,
    Fate,
    ImportedSession,
    LedgerEntry,
    Remark,
    Rest,
    Step,
    Work,
    check_steps,
    every_step,
    is_to_do,
)

MAX_BLOCKS = 4
MAX_PHASES = 50_000
_MAX_WRITTEN_OUT = 1_000
_USUAL_REP_MS = 3_000

WRITTEN_OUT = N_("a block in more than {most} others is written out, round by round")
CUT_ROUNDS = N_("a block in more than {most} others is too long to be written out; one round is left")
DIVIDED = N_("more than {most} steps in one list are divided into blocks")
CUT_STEPS = N_("only the first {most} steps of a list are left")
TOO_LONG = N_("takes longer than 24 hours, which no session may, so it is not written")
TOO_LARGE = N_("has more than {most} phases, so it is not written")


# Is told what becomes of something, why, and what the placeholders of the reason stand for.
_Note = Callable[..., None]


def fitted(session: ImportedSession) -> tuple[ImportedSession | None, list[LedgerEntry]]:
    """A session within the limits, or `None` where it cannot be one, and what had to be changed.

    Raises:
        InterchangeError: It has more steps than can be imported.
    """
    reasons: dict[str, LedgerEntry] = {}

    def note(fate: Fate, reason: str, **details: object) -> None:
        reasons[reason] = LedgerEntry(0, session.name, "", fate, reason, details)

    steps = tuple(_fitted_list(_bounded(_fitted_steps(session.steps, 0, note)), 0, None, note))
    whole = replace(session, steps=steps)
    if not is_to_do(steps):
        note("lost", NOTHING)
        return None, list(reasons.values())
    if length_ms(whole) > MAX_DURATION_MS:
        note("lost", TOO_LONG)
        return None, list(reasons.values())
    if phase_count(steps) > MAX_PHASES:
        note("lost", TOO_LARGE, most=MAX_PHASES)
        return None, list(reasons.values())
    return whole, list(reasons.values())


def _bounded(steps: Iterator[Step]) -> list[Step]:
    """Steps as a list, which is not made longer than can be imported: blocks that are written out multiply."""
    found = list(islice(steps, MAX_STEPS + 1))
    check_steps(len(found))
    return found


def _fitted_steps(steps: Iterable[Step], depth: int, note: _Note) -> Iterator[Step]:
    """Steps whose blocks nest no deeper than they may; `depth` blocks are around them."""
    for step in steps:
        if isinstance(step, Rest) and not step.lasts_ms:
            continue
        if not isinstance(step, Block):
            yield step
            continue
        if not is_to_do(step.steps):
            yield from (inner for inner in every_step(step.steps) if not isinstance(inner, Block))
            continue
        block = _spread(step)
        inside = _bounded(_fitted_steps(block.steps, depth + 1, note))
        if depth >= MAX_BLOCKS:
            yield from _written_out(replace(block, steps=tuple(inside)), note)
        else:
            yield replace(block, steps=tuple(_fitted_list(inside, depth + 1, block.between_ms, note)))


def _spread(block: Block) -> Block:
    """A block with the rests between its steps written out, where it has more in it than work.

    The session format has rules of its own for what lies beside rests and words.
    """
    if not block.between_ms or all(isinstance(step, Work | Remark) for step in block.steps):
        return block
    steps: list[Step] = []
    before: Step | None = None
    for step in block.steps:
        if isinstance(step, Work | Block) and before is not None and not isinstance(before, Rest):
            steps.append(Rest(block.between_ms))
        steps.append(step)
        before = before if isinstance(step, Remark) else step
    return replace(block, steps=tuple(steps), between_ms=None)


def _fitted_list(steps: list[Step], depth: int, between_ms: int | None, note: _Note) -> list[Step]:
    """A list with no more steps than it may have."""
    if len(steps) <= MAX_LIST:
        return steps
    if depth >= MAX_BLOCKS or len(steps) > MAX_LIST * MAX_LIST:
        note("lost", CUT_STEPS, most=MAX_LIST)
        return steps[:MAX_LIST]
    note("changed", DIVIDED, most=MAX_LIST)
    parts = (steps[at : at + MAX_LIST] for at in range(0, len(steps), MAX_LIST))
    return [Block(tuple(part), between_ms=between_ms) for part in parts]


def _written_out(block: Block, note: _Note) -> Iterator[Step]:
    rounds = block.rounds
    if len(block.steps) * rounds * 2 > _MAX_WRITTEN_OUT:
        note("lost", CUT_ROUNDS, most=MAX_BLOCKS)
        rounds = 1
    else:
        note("changed", WRITTEN_OUT, most=MAX_BLOCKS)
    for number in range(rounds):
        if number and block.rest_ms:
            yield Rest(block.rest_ms)
        for index, step in enumerate(block.steps):
            if index and block.between_ms:
                yield Rest(block.between_ms)
            yield step


def length_ms(session: ImportedSession) -> int:
    """How long a session takes by the clock, as far as its source says; at its low doses, words not counted."""
    return _length_ms(session.steps, session)


def _length_ms(steps: Sequence[Step], session: ImportedSession) -> int:
    total_ms = 0
    for index, step in enumerate(steps):
        before = steps[index - 1] if index else None
        if isinstance(step, Rest):
            total_ms += step.lasts_ms
        elif isinstance(step, Work):
            rest_before_ms = before.lasts_ms if isinstance(before, Rest) else 0
            total_ms += max(0, session.prepare_ms - rest_before_ms) + _work_ms(step, session)
        elif isinstance(step, Block):
            total_ms += _block_ms(step, session)
    return total_ms


def _block_ms(block: Block, session: ImportedSession) -> int:
    block = _spread(block)
    if block.within_ms is not None:
        return block.within_ms
    once_ms = _length_ms(block.steps, session)
    if block.every_ms is not None:
        return max(block.every_ms, once_ms) * block.rounds  # a round that takes longer is not cut off
    if block.between_ms:
        once_ms += (sum(isinstance(step, Work) for step in block.steps) - 1) * block.between_ms
    return once_ms * block.rounds + block.rest_ms * (block.rounds - 1)


def _doses(work: Work) -> tuple[DoseRange, ...]:
    listed = work.hold or work.reps
    return listed if len(listed) > 1 else listed * work.sets


def _work_ms(work: Work, session: ImportedSession) -> int:
    sides = 2 if work.sides == "each" else 1
    switch_ms = (session.switch_ms if work.switch_ms is None else work.switch_ms) if sides > 1 else 0
    rest_ms = session.rest_ms if work.rest_ms is None else work.rest_ms
    unit_ms = 1 if work.hold else _rep_ms(work)
    doses = _doses(work)
    work_ms = sum(dose.low * unit_ms for dose in doses) * sides
    sets = len(doses) or work.sets
    return work_ms + sets * switch_ms + (sets - 1) * max(rest_ms, switch_ms)


def _rep_ms(work: Work) -> int:
    if work.tempo == "free":
        return 0
    if isinstance(work.tempo, str):
        return sum(parse_tempo(work.tempo).lengths_ms) if work.tempo else _USUAL_REP_MS
    return sum(part.lasts_ms for part in work.tempo) or _USUAL_REP_MS


def phase_count(steps: Sequence[Step]) -> int:
    """About how many phases they have, reps counted one by one."""
    total = 0
    for step in steps:
        if isinstance(step, Block):
            total += step.rounds * (phase_count(step.steps) + len(step.steps) + 1)
        elif isinstance(step, Work):
            each = sum(dose.low for dose in _doses(step)) if step.reps else max(step.sets, len(step.hold))
            total += 2 * (each or step.sets) * (2 if step.sides == "each" else 1) + 1
        else:
            total += 1
    return total
