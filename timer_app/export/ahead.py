"""Makes the sounds of a run ready while it is rendered: the libraries that resample let other threads run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from timer_app.audio.frames import AudioError
from timer_app.audio.sink import ClipSource
from timer_app.core.timeline.model import CueKind, Timeline

_MOST: Final = 200
"""Fewer than whoever gives the sounds keeps: more would push each other out before they are heard."""


@contextmanager
def sounds_ahead(clips: ClipSource, timeline: Timeline) -> Iterator[None]:
    """Ask for the first sounds of a timeline in the order in which they are heard, until the block is left.

    Args:
        clips: Gives the sound of a cue, keeps it, and may be called from any thread.
        timeline: What is about to be rendered.
    """
    left = threading.Event()

    def ask() -> None:
        for kind, content in _first_sounds(timeline):
            if left.is_set():
                return
            with suppress(AudioError):  # told where the sound is wanted
                clips(kind, content)

    thread = threading.Thread(target=ask, name="sounds ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        left.set()
        thread.join()


def _first_sounds(timeline: Timeline) -> list[tuple[CueKind, str]]:
    wanted = ((cue.kind, cue.content) for phase in timeline.phases for cue in phase.cues)
    return list(dict.fromkeys(wanted))[:_MOST]
