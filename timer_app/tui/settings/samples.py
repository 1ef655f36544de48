"""Samples of what settings sound like: a spoken line for the voice, tones for their theme and for the volume."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from timer_app.core.i18n import N_, _

if TYPE_CHECKING:
    from timer_app.run import RunOptions


class Sample(NamedTuple):
    """What is played.

    Attributes:
        sounds: Names of cue sounds.
        line: Spoken after them; nothing if empty.
    """

    sounds: tuple[str, ...] = ()
    line: str = ""


_LINE = Sample(line=N_("Hold it, and keep breathing."))
SAMPLES: Mapping[str, Sample] = {
    "voice": _LINE,
    "rate": _LINE,
    "pitch": _LINE,
    "sound_theme": Sample(("start", "tick", "finish")),
    "volume": Sample(("start",)),
}
"""By the keys of the settings that can be heard."""

_LOOK_AGAIN_S = 0.5
_AFTER_S = 0.4  # whoever goes along a list or a slider hears only where it stops


class RunningSample(Protocol):
    """A sample that is played."""

    done: bool
    remarks: list[str]

    def stop(self) -> None:
        """Fall silent soon."""


class Stoppable(Protocol):
    """A timer that has not fired."""

    def stop(self) -> None:
        """Do not fire."""


class SamplePlayer:
    """Plays one sample at a time.

    Args:
        start: Begins to play sounds and a line with some options; `None` where nothing can be played.
        set_timer: Calls something after some seconds.
        tell: Shows the user a line, such as that a voice is missing.
    """

    def __init__(
        self,
        start: Callable[[RunOptions, Sequence[str], str], RunningSample] | None,
        set_timer: Callable[[float, Callable[[], None]], Stoppable],
        tell: Callable[[str], None],
    ) -> None:
        self._start = start
        self._set_timer = set_timer
        self._tell = tell
        self._timer: Stoppable | None = None
        self._running: RunningSample | None = None
        self._wanted: tuple[RunOptions, Sample] | None = None

    def play(self, options: RunOptions, key: str, line: str = "") -> None:
        """Play what the setting `key` sounds like with `options`, or a line, once it has stopped changing.

        Whoever takes what is heard just now hears it to its end, and not twice.
        """
        sample = Sample(line=line) if line else SAMPLES.get(key)
        if self._start is None or sample is None or not options.sound or self._wanted == (options, sample):
            return
        self.stop()
        self._wanted = (options, sample)
        self._timer = self._set_timer(_AFTER_S, lambda: self._begin(options, sample))

    def _begin(self, options: RunOptions, sample: Sample) -> None:
        if self._start is not None:
            self._running = self._start(options, sample.sounds, _(sample.line) if sample.line else "")
            self._timer = self._set_timer(_LOOK_AGAIN_S, self._look)

    def _look(self) -> None:
        """Tell what is wrong with the sample once it is over."""
        if self._running is None:
            return
        if not self._running.done:
            self._timer = self._set_timer(_LOOK_AGAIN_S, self._look)
            return
        for remark in self._running.remarks:
            self._tell(remark)
        self._running = None

    def stop(self) -> None:
        """Fall silent."""
        if self._timer is not None:
            self._timer.stop()
        if self._running is not None:
            self._running.stop()
        self._timer = self._running = self._wanted = None
