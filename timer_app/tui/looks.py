"""How the screens behave towards the eye; one object that every screen of the app shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Looks:
    """What the user may turn on and off while a session runs.

    Attributes:
        flash: The time is shown inverted for a moment with each beep of a countdown.
        reduced_motion: Nothing flashes or glides; what moves goes in steps of a second.
        figure: The figure that does the exercise is shown where there is room.
    """

    flash: bool = True
    reduced_motion: bool = False
    figure: bool = True

    @property
    def flashes(self) -> bool:
        """Whether the time is to flash."""
        return self.flash and not self.reduced_motion


@dataclass(frozen=True, slots=True)
class Ways:
    """How a run is shown and asked for.

    Attributes:
        keys: The user's own keys.
        looks: What moves; shared with the app, and changed by keys of the screen.
        rate: How much faster than real the run's time passes.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    looks: Looks = field(default_factory=Looks)
    rate: float = 1.0
