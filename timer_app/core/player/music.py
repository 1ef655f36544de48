"""How loud the music of a session is while it runs."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from timer_app.core.player.events import Aborted, Event, Finished, Paused, PhaseStarted, Resumed, TimeAdded
from timer_app.core.timeline.model import Timeline

MusicInRests = Literal["quieter", "same", "off"]

REST_LEVELS: Final[dict[MusicInRests, float]] = {"quieter": 0.4, "same": 1.0, "off": 0.0}
"""The level in rests; 1 is that of everything else."""

FADE_IN_MS: Final = 2_000
LEVEL_FADE_MS: Final = 1_000
PAUSE_FADE_MS: Final = 200
FADE_OUT_MS: Final = 3_000
_LAST_MS: Final = 800


class MusicFade(NamedTuple):
    """Music goes to another level.

    Attributes:
        level: From 0 to 1; at 0 it stands still.
        fade_ms: How long that takes.
        at_ms: When it begins, in clock milliseconds.
    """

    level: float
    fade_ms: int
    at_ms: int


class MusicController:
    """Tells from what happens in a run how loud its music is to be.

    Args:
        in_rests: What becomes of it in rests.
    """

    def __init__(self, in_rests: MusicInRests) -> None:
        self._in_rests = in_rests
        self._level = 0.0

    def handle_event(self, event: Event, timeline: Timeline) -> list[MusicFade]:
        """What changes with an event; takes the place of what was to change after it."""
        match event:
            case PhaseStarted(due_ms, index):
                return self._phase(due_ms, index, timeline)
            case Paused(due_ms):
                return [MusicFade(0.0, PAUSE_FADE_MS, due_ms)]
            case Resumed(due_ms):
                return [MusicFade(self._level, LEVEL_FADE_MS, due_ms)]
            case TimeAdded(due_ms, index) if index + 1 == len(timeline.phases):
                return [MusicFade(self._level, LEVEL_FADE_MS, due_ms)]
            case Finished(due_ms) | Aborted(due_ms):
                return [MusicFade(0.0, _LAST_MS, due_ms)]
        return []

    def _phase(self, due_ms: int, index: int, timeline: Timeline) -> list[MusicFade]:
        phase = timeline.phases[index]
        before, self._level = self._level, REST_LEVELS[self._in_rests] if phase.kind == "rest" else 1.0
        moves = [MusicFade(self._level, LEVEL_FADE_MS if before else FADE_IN_MS, due_ms)]
        if index + 1 == len(timeline.phases) and phase.duration_ms is not None:
            fade_ms = min(FADE_OUT_MS, phase.duration_ms)
            moves.append(MusicFade(0.0, fade_ms, due_ms + phase.duration_ms - fade_ms))
        return moves
