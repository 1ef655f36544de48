"""Long sounds that a pause has cut: what is left of them is heard when the run goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from timer_app.core.events import CueDue

LONG_SOUND_MS = 2_000  # the end of a shorter one would tell nothing


def remains(handed: Iterable[CueDue], at_ms: int, rate: float, rewound_ms: int) -> Iterator[CueDue]:
    """What is left of the sounds that are cut at `at_ms` of the clock, or that were to go on later.

    Args:
        handed: What was handed over to be heard.
        at_ms: The moment of the pause.
        rate: How much faster than real time the clock goes.
        rewound_ms: How far before that moment the run will go on, in milliseconds of the clock.
    """
    for due in handed:
        cue, waits = due.cue, due.due_ms > at_ms
        if cue.kind != "sound" or cue.length_ms < LONG_SOUND_MS or (waits and not due.from_ms):
            continue
        heard_ms = 0 if waits else int((at_ms - rewound_ms - due.due_ms) / rate)
        from_ms = due.from_ms + heard_ms
        # What began within the rewound stretch begins there anew.
        if heard_ms >= 0 and 0 < from_ms < cue.length_ms:
            yield replace(due, from_ms=from_ms)
