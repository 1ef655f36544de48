"""Which beeps flash: the last seconds of a countdown, and the zero they lead to."""

from __future__ import annotations

from collections.abc import Iterable

from timer_app.core.player.events import CueDue, Event

FLASH_S = 0.15
FASTEST = 2.0  # at a higher speed of the run it would flash more than three times a second, which can hurt people
_ZERO = ("start", "end", "finish")


def flashes(events: Iterable[Event]) -> bool:
    """Whether one of these events is a beep to flash with."""
    return any(isinstance(event, CueDue) and is_beep(event) for event in events)


def is_beep(due: CueDue) -> bool:
    """Whether a cue is a second of a countdown or its zero; the ticks of a tempo are not."""
    cue = due.cue
    if cue.kind != "sound":
        return False
    if cue.content == "tick":
        return cue.from_end or due.index is None  # before work goes on, every tick counts down
    return cue.content in _ZERO and cue.offset_ms == 0
