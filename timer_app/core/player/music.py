"""How loud the music of a session is in each phase."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from timer_app.core.player.events import Aborted, Event, Finished, Paused, PhaseStarted, Resumed, TimeAdded
from timer_app.core.timeline import Timeline

MusicInRests = Literal["quieter", "same", "off"]

REST_LEVELS: Final[dict[MusicInRests, float]] = {"quieter": 0.4, "same": 1.0, "off": 0.0}
"""The level in rests; elsewhere it is 1."""

FADE_IN_MS: Final = 2_000
LEVEL_FADE_MS: Final = 1_000
PAUSE_FADE_MS: Final = 200
FADE_OUT_MS: Final = 3_000
_END_FADE_MS: Final = 800


class MusicFade(NamedTuple):
    """A fade of the music to another level.

    Attributes:
        level: From 0 to 1; at 0 the music pauses.
        fade_ms: How long the fade takes.
        at_ms: When it begins, in clock milliseconds.
    """

    level: float
    fade_ms: int
    at_ms: int


class MusicController:
    """Sets the level of the music by the events of a run.

    Args:
        in_rests: What happens to the music in rests.
    """

    def __init__(self, in_rests: MusicInRests) -> None:
        self._in_rests = in_rests
        self._level = 0.0

    def handle_event(self, event: Event, timeline: Timeline) -> list[MusicFade]:
        """The fades that an event causes; they replace those that were to come after it."""
        match event:
            case PhaseStarted(due_ms, index):
                return self._phase_fades(due_ms, index, timeline)
            case Paused(due_ms):
                return [MusicFade(0.0, PAUSE_FADE_MS, due_ms)]
            case Resumed(due_ms):
                return [MusicFade(self._level, LEVEL_FADE_MS, due_ms)]
            case TimeAdded(due_ms, index) if index + 1 == len(timeline.phases):
                return [MusicFade(self._level, LEVEL_FADE_MS, due_ms)]
            case Finished(due_ms) | Aborted(due_ms):
                return [MusicFade(0.0, _END_FADE_MS, due_ms)]
        return []

    def begin_anew(self, in_rests: MusicInRests, timeline: Timeline, index: int, begun_ms: int) -> list[MusicFade]:
        """The fades for other music, which is silent until then; while the run is paused they wait for its end.

        Args:
            in_rests: What happens to it in rests.
            timeline: What is run.
            index: The phase in progress.
            begun_ms: When that would have begun without pauses.
        """
        self._in_rests, self._level = in_rests, 0.0
        return self._phase_fades(begun_ms, index, timeline)

    def _phase_fades(self, due_ms: int, index: int, timeline: Timeline) -> list[MusicFade]:
        phase = timeline.phases[index]
        previous_level, self._level = self._level, REST_LEVELS[self._in_rests] if phase.kind == "rest" else 1.0
        fades = [MusicFade(self._level, LEVEL_FADE_MS if previous_level else FADE_IN_MS, due_ms)]
        if index + 1 == len(timeline.phases) and phase.duration_ms is not None:
            fade_ms = min(FADE_OUT_MS, phase.duration_ms)
            fades.append(MusicFade(0.0, fade_ms, due_ms + phase.duration_ms - fade_ms))
        return fades
