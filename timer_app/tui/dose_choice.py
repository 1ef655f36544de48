"""Which doses the runs to come have: those that have grown, or one end of every range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timer_app.run.options import RunOptions

_CHOICES: tuple[tuple[float | None, str, str], ...] = (
    (None, "", "Doses are as they have grown."),
    (0.0, "low doses", "Every range is at its low end."),
    (1.0, "high doses", "Every range is at its high end."),
)


@dataclass
class DoseChoice:
    """What a key goes round.

    Attributes:
        place: Which choice holds.
    """

    place: int = 0

    def go_on(self) -> str:
        """Go on to the next one; returns what holds now, in a sentence."""
        self.place = (self.place + 1) % len(_CHOICES)
        return _CHOICES[self.place][2]

    @property
    def short(self) -> str:
        """The choice in two words; empty for doses as they have grown."""
        return _CHOICES[self.place][1]

    def applied(self, options: RunOptions) -> RunOptions:
        """Options with the level that was chosen, if one was."""
        level = _CHOICES[self.place][0]
        return options if level is None else replace(options, level=level, doses={})
