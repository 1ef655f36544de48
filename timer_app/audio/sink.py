"""What all sinks share: where the sound of a cue comes from, and the volume."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from timer_app.audio.base import AudioError
from timer_app.audio.clips import Clip
from timer_app.core.timeline import CueContent

_MISSES_KEPT: Final = 256

ClipSource: TypeAlias = Callable[[CueContent], Clip | None]
"""The sound of a cue, `None` where there is none."""


@dataclass(frozen=True, slots=True)
class MissedCue:
    """A cue that was not heard.

    Attributes:
        content: The line or the sound's name.
        at_ms: When it was to be heard.
        reason: `no clip` or `too late`, or why its file could not be read.
    """

    content: CueContent
    at_ms: float
    reason: str


@dataclass(frozen=True, slots=True)
class ScheduledCue:
    """A cue that is to be heard.

    Attributes:
        content: The line or the sound's name.
        from_ms: How much of its start is left out.
        at_ms: When it begins.
        clip: The whole of its sound.
    """

    content: CueContent
    from_ms: int
    at_ms: float
    clip: Clip

    @property
    def end_ms(self) -> float:
        """When it has been heard."""
        return self.at_ms + self.clip.length_ms - self.from_ms

    def is_among(self, cues: Iterable[ScheduledCue]) -> bool:
        """Whether it is scheduled already.

        `cancel` may spare one that is about to begin, because it reads the clock later than its caller does.
        """
        own = (self.content, self.from_ms, self.at_ms)
        return any(own == (cue.content, cue.from_ms, cue.at_ms) for cue in cues)


class BaseCueSink:
    """The part that does not depend on what plays the cues.

    Args:
        clips: Where the sound of a cue comes from; called in the thread that schedules.
        volume: From 0 to 1.

    Attributes:
        missed_cues: The last cues that were not heard.
    """

    def __init__(self, clips: ClipSource, volume: float) -> None:
        self.missed_cues: deque[MissedCue] = deque(maxlen=_MISSES_KEPT)
        self._clips = clips
        self._volume, self._muted = volume, False

    @property
    def volume(self) -> float:
        """Loudness from 0 to 1; muting does not change it."""
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._volume = min(1.0, max(0.0, volume))
        self._apply_volume()

    @property
    def muted(self) -> bool:
        """Whether the sound is off for now."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        self._apply_volume()

    def preload(self, contents: Iterable[CueContent]) -> None:
        """Have the sound of cues at hand, so that scheduling them soon takes no time."""
        for content in contents:
            with suppress(AudioError):
                self._clips(content)

    def _apply_volume(self) -> None:
        raise NotImplementedError

    def _find_clip(self, content: CueContent, at_ms: float) -> Clip | None:
        """The sound of a cue; where there is none, that is added to `missed_cues`."""
        try:
            clip = self._clips(content)
        except AudioError as error:
            self.missed_cues.append(MissedCue(content, at_ms, str(error)))
            return None
        if clip is None:
            self.missed_cues.append(MissedCue(content, at_ms, "no clip"))
        return clip
