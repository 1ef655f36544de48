"""The values of the placeholders in one set on one side of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from timer_app.core.compiler.resolve import PartOccurrence, Work
from timer_app.core.fields import fill_placeholders
from timer_app.core.timeline import SideKind

_SECOND_MS = 1_000


@dataclass(frozen=True)
class SetContext:
    """One set on one side.

    Attributes:
        work: The step.
        set: Which set, from 1.
        side: Which side, as it is spoken; `None` for both at once.
        next_name: What comes after the step; empty for nothing.
        round: The round of the block around it; `None` outside.
        rounds: How many rounds that block has.
        side_kind: Which side it is, whatever it is called.
        keys: What keys are called, as the values of their placeholders.
    """

    work: Work
    set: int = 1
    side: str | None = None
    next_name: str = ""
    round: int | None = None
    rounds: int | None = None
    side_kind: SideKind | None = None
    keys: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def _values(self) -> Mapping[str, object]:
        work, unit_ms = self.work, self.work.unit_ms
        seconds = None if unit_ms is None else unit_ms // _SECOND_MS
        known: dict[str, object] = {
            "next": self.next_name,
            "set": self.set,
            "sets": work.sets,
            "side": self.side,
            "reps": work.count or None if work.kind == "reps" else None,
            "round": self.round,
            "rounds": self.rounds or (work.count if work.kind == "flow" else None),
            "seconds": seconds,
            "remaining": seconds,
            "load": work.load or None,
            **self.keys,
        }
        return {"name": fill_placeholders(work.name, known), **known}

    def fill(self, text: str, **more: object) -> str:
        """`text` with its placeholders filled in; `more` are values that are known only where it is said."""
        return fill_placeholders(text, {**self._values, **more}) if _has_braces(text) else text

    @cached_property
    def occurrences(self) -> tuple[PartOccurrence, ...]:
        """Every part of the set in the order done."""
        return tuple(self.work.part_occurrences())

    def fill_part(self, occurrence: PartOccurrence, text: str) -> str:
        """`text` of a part, filled in as it is at one of the times it is done."""
        return self.fill(text, **self.work.count_as(occurrence.number)) if _has_braces(text) else text

    @property
    def name(self) -> str:
        """The name of what is done."""
        return str(self._values["name"])

    @property
    def short(self) -> str:
        """A shorter form of the name, or the same."""
        return self.fill(self.work.short)


def _has_braces(text: str) -> bool:
    """Whether there is anything to fill in; most texts have none, and reps are many."""
    return "{" in text or "}" in text
