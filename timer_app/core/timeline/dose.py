"""How much of a step is to be done, and why it is that much today. `core.wording.doses` makes words of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

DoseKind = Literal["hold", "reps", "flow", "distance", "rest", "rounds"]
# What may be asked after a set.
SetQuestion = Literal["reps", "load", "rpe", "rir"]
DoseReason = Literal["first", "grown", "kept", "pain", "break"]


@dataclass(frozen=True, slots=True)
class Dose:
    """What is to be done of a step.

    Attributes:
        kind: By what a set goes: the time of a hold or rest, reps, the rounds of a flow, a distance, or one clock for
            all rounds.
        amount: Of one set: milliseconds, reps, rounds or millimetres; 0 for as much as one can.
        sets: How many sets each side has.
        sides: In order; empty where both sides are worked at once.
        is_minimum: A set may be more than `amount`.
        rounds: With one clock for all rounds, after how many it stops; 0 for as many as possible.
        amounts: Of each set, where they differ; `amount` is then that of the first.
        minimums: Which of these may be more.
        unit: In which a distance is written.
        loads: What is lifted, worn or pulled: of each set where they differ, else one for all; empty for nothing.
        effort: How hard a set is to be, such as `RPE 8`; empty where it is not said.
    """

    kind: DoseKind
    amount: int
    sets: int = 1
    sides: tuple[str, ...] = ()
    is_minimum: bool = False
    rounds: int = 0
    amounts: tuple[int, ...] = ()
    minimums: tuple[bool, ...] = ()
    unit: str = ""
    loads: tuple[str, ...] = ()
    effort: str = ""

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
        amounts: Of each set today, where they are listed; the other figures are those of the set that changed most.
        highs: The high ends of their ranges.
        load: The load of today, where it grows; empty elsewhere.
        load_change: By how much it differs from the last time, with its sign; empty where it does not.
        increment: By how much it grows at once.
        unit: In which a distance is written.
    """

    kind: DoseKind
    amount: int
    high: int
    change: int
    today: date
    last: date | None
    reason: DoseReason
    gap_days: int = 0
    amounts: tuple[int, ...] = ()
    highs: tuple[int, ...] = ()
    load: str = ""
    load_change: str = ""
    increment: str = ""
    unit: str = ""
