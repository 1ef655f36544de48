"""Breath tones: sounds that last as long as a part, known by names that say which way the breath goes and how long."""

from __future__ import annotations

import re
from typing import NamedTuple

from timer_app.core.timeline import Breath

SHORTEST_MS = 1_000  # a shorter one would be a blip, not a breath
LONGEST_MS = 30_000  # nobody breathes in for longer, and a sound in memory has to end

_NAME = re.compile(r"breath-(in|out)@(\d{1,5})")


class BreathTone(NamedTuple):
    """What the name of a breath tone says."""

    rises: bool
    length_ms: int


def breath_tone(breath: Breath | None, length_ms: int) -> str | None:
    """The name of the tone for a part; `None` where there is none: the breath is held, or it is no length to breathe.

    Args:
        breath: Which way to breathe in the part.
        length_ms: How long the part lasts.
    """
    if breath not in {"in", "out"} or not SHORTEST_MS <= length_ms <= LONGEST_MS:
        return None
    return f"breath-{breath}@{length_ms}"


def parse_breath_tone(sound: str) -> BreathTone | None:
    """What the name of a sound says; `None` for one that is no breath tone."""
    found = _NAME.fullmatch(sound)
    if found is None or not SHORTEST_MS <= int(found[2]) <= LONGEST_MS:
        return None
    return BreathTone(found[1] == "in", int(found[2]))
