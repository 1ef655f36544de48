"""Which keys of a block go together: a block goes by its rounds, by the minute, or by one clock for all its rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, Protocol

from pydantic_core import PydanticCustomError

from timer_app.core.fields import DoseRange, duration_text

MIN_ROUND_MS = 5_000  # a shorter one has no time for a countdown and for work
CLOCKED_ALLOWED = "steps with exercise, hold, reps or flow, and rests"
_WITHOUT_CLOCK = ("rest", "shuffle", "sides")


class BlockKeys(Protocol):
    """The keys of a block that say when its rounds begin and end."""

    @property
    def steps(self) -> Sequence[object]:
        """What is done in each round."""

    @property
    def rounds(self) -> DoseRange | None:
        """How often."""

    @property
    def rest(self) -> int | None:
        """Rest between the rounds."""

    @property
    def every(self) -> int | None:
        """How long after one round the next begins."""

    @property
    def within(self) -> int | None:
        """How long the one clock for all rounds runs."""


def check_clock(block: BlockKeys) -> None:
    """See that a block has only keys that agree on when a round begins.

    Raises:
        PydanticCustomError: It has others, or steps that nobody guides while one clock runs for all rounds.
    """
    if block.every is not None:
        _check_every(block)
    if block.within is not None:
        _check_within(block)


def _check_every(block: BlockKeys) -> None:
    if block.within is not None:
        _refuse("within", "every and within are two clocks for the same rounds", "one of the two")
    if (block.every or 0) < MIN_ROUND_MS:
        _refuse("every", "a round this short has no time for work", f"at least {duration_text(MIN_ROUND_MS)}", "value")
    if block.rounds is None:
        _refuse("every", "a block with every needs its rounds", "rounds = 10, for example")
    if block.rest is not None:
        _refuse("rest", "the rest of a round with every lasts until the next round begins", "no rest besides every")


def _check_within(block: BlockKeys) -> None:
    if not block.within:
        _refuse("within", "there is no time for a round", 'a time such as "12m"', "value")
    strange = next((key for key in _WITHOUT_CLOCK if getattr(block, key)), None)
    if strange:
        _refuse(strange, f"{strange} has no meaning besides within, where you go through the steps by yourself")
    for index, step in enumerate(block.steps):
        # Told by the keys that it may have: the model of steps imports this module.
        if not hasattr(step, "rest"):
            _refuse("steps", f"step {index + 1} cannot be done while one clock runs for all rounds", CLOCKED_ALLOWED)
        if hasattr(step, "steps"):
            _refuse("steps", "a block with within has no blocks in it", CLOCKED_ALLOWED)


def _refuse(key: str, said: str, allowed: str = "", part: str = "key") -> NoReturn:
    context = {"key": key, "part": part} | ({"allowed": allowed} if allowed else {})
    raise PydanticCustomError("block", said, context)
