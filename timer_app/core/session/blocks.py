"""Which keys of a block go together: a block goes by its rounds, by the minute, or by one clock for all its rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, Protocol

from pydantic_core import PydanticCustomError

from timer_app.core.fields import DoseRange, duration_text
from timer_app.core.i18n import N_, _

MIN_ROUND_MS = 5_000  # a shorter one has no time for a countdown and for work
CLOCKED_ALLOWED = N_("steps with exercise, hold, reps or flow, and rests")
_WITHOUT_CLOCK = ("rest", "shuffle", "sides", "pick")


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


def check_pick(pick: int | None, steps: int) -> None:
    """See that there are more steps than are chosen.

    Args:
        pick: How many are chosen; `None` for all.
        steps: How many of the steps may be chosen.

    Raises:
        PydanticCustomError: There are not.
    """
    if pick is not None and pick >= steps:
        said = _("there is nothing to choose: the block has {steps} steps to choose from").format(steps=steps)
        _refuse("pick", said, _("fewer than there are, rests and words not counted"), "value")


def _check_every(block: BlockKeys) -> None:
    if block.within is not None:
        _refuse("within", _("every and within are two clocks for the same rounds"), _("one of the two"))
    if (block.every or 0) < MIN_ROUND_MS:
        _refuse(
            "every",
            _("a round this short has no time for work"),
            _("at least {time}").format(time=duration_text(MIN_ROUND_MS)),
            "value",
        )
    if block.rounds is None:
        _refuse("every", _("a block with every needs its rounds"), _("rounds = 10, for example"))
    if block.rest is not None:
        _refuse(
            "rest", _("the rest of a round with every lasts until the next round begins"), _("no rest besides every")
        )


def _check_within(block: BlockKeys) -> None:
    if not block.within:
        _refuse("within", _("there is no time for a round"), _('a time such as "12m"'), "value")
    strange = next((key for key in _WITHOUT_CLOCK if getattr(block, key)), None)
    if strange:
        _refuse(
            strange,
            _("{strange} has no meaning besides within, where you go through the steps by yourself").format(
                strange=strange
            ),
        )
    for index, step in enumerate(block.steps):
        # Told by the keys that it may have: the model of steps imports this module.
        if not hasattr(step, "rest"):
            _refuse(
                "steps",
                _("step {index} cannot be done while one clock runs for all rounds").format(index=index + 1),
                CLOCKED_ALLOWED,
            )
        if hasattr(step, "steps"):
            _refuse("steps", _("a block with within has no blocks in it"), CLOCKED_ALLOWED)


def _refuse(key: str, said: str, allowed: str = "", part: str = "key") -> NoReturn:
    context = {"key": key, "part": part} | ({"allowed": allowed} if allowed else {})
    raise PydanticCustomError("block", said, context)
