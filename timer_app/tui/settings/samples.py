"""Samples of what settings sound like: a spoken line for the voice, tones for their theme and for the volume."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from timer_app.core.i18n import N_, _

if TYPE_CHECKING:
    from timer_app.run import RunOptions
    from timer_app.tui.first_start import RunningSoundCheck


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

_AFTER_S = 0.4  # whoever goes along a list or a slider hears only where it stops


class Stoppable(Protocol):
    """A timer that has not fired."""

    def stop(self) -> None:
        """Do not fire."""


class SamplePlayer:
    """Plays one sample at a time.

    Args:
        start: Begins to play sounds and a line with some options; `None` where nothing can be played.
        set_timer: Calls something after some seconds.
    """

    def __init__(
        self,
        start: Callable[[RunOptions, Sequence[str], str], RunningSoundCheck] | None,
        set_timer: Callable[[float, Callable[[], None]], Stoppable],
    ) -> None:
        self._start = start
        self._set_timer = set_timer
        self._timer: Stoppable | None = None
        self._running: RunningSoundCheck | None = None
        self._last: tuple[RunOptions, str] | None = None

    def play(self, options: RunOptions, key: str) -> None:
        """Play what the setting `key` sounds like with `options`, once it has stopped changing."""
        if self._start is None or key not in SAMPLES or not options.sound:
            return
        self.stop()
        self._timer = self._set_timer(_AFTER_S, lambda: self._begin(options, key))

    def _begin(self, options: RunOptions, key: str) -> None:
        if self._start is not None and self._last != (options, key):
            self._last = (options, key)
            sample = SAMPLES[key]
            self._running = self._start(options, sample.sounds, _(sample.line) if sample.line else "")

    def stop(self) -> None:
        """Fall silent."""
        if self._timer is not None:
            self._timer.stop()
        if self._running is not None:
            self._running.stop()
        self._timer = self._running = None
