"""How much of a step is to be done, and why it is that much today. `core.wording.doses` makes words of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

DoseKind = Literal["hold", "reps", "flow", "rest", "rounds"]
DoseReason = Literal["first", "grown", "kept", "pain", "break"]


@dataclass(frozen=True, slots=True)
class Dose:
    """What is to be done of a step.

    Attributes:
        kind: By what a set goes: the time of a hold or rest, reps, the rounds of a flow, or one clock for all rounds.
        amount: Of one set: milliseconds, reps or rounds.
        sets: How many sets each side has.
        sides: In order; empty where both sides are worked at once.
        is_minimum: A set may last longer than `amount`.
        rounds: With one clock for all rounds, after how many it stops; 0 for as many as possible.
    """

    kind: DoseKind
    amount: int
    sets: int = 1
    sides: tuple[str, ...] = ()
    is_minimum: bool = False
    rounds: int = 0

    def times(self, visits: int) -> Dose:
        """The dose of a step that is reached so often, each time with all its sets."""
        return replace(self, sets=self.sets * visits)


@dataclass(frozen=True, slots=True)
class DoseOrigin:
    """Why the dose of today is what it is.

    Attributes:
        kind: By what a set goes.
        amount: Of one set today.
        high: The high end of the range.
        change: By how much `amount` differs from that of the day on which the step was last done.
        today: The day for which the dose was asked.
        last: The day on which the step was last done; `None` before the first.
        reason: What the dose follows from.
        gap_days: How long the break was, where that is the reason.
    """

    kind: DoseKind
    amount: int
    high: int
    change: int
    today: date
    last: date | None
    reason: DoseReason
    gap_days: int = 0
