"""Two threads beside the rendering of a run: one loads its sounds ahead, one encodes its blocks.

Both pay off because the libraries that resample and encode release the interpreter lock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Queue
from typing import Final

from timer_app.audio import ClipSource
from timer_app.audio.base import AudioError, Samples
from timer_app.core.timeline import CueContent, Timeline
from timer_app.export.encoders import Encoder

_MAX_QUEUED_BLOCKS: Final = 8


class BackgroundEncoder:
    """Encodes in a thread, with a short queue of blocks.

    What goes wrong with a block is raised by a later `write`, or by `close`; nothing is encoded after it.

    Args:
        encoder: What encodes; used by nobody else until `close` or `abort` has returned.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._blocks: Queue[Samples | None] = Queue(_MAX_QUEUED_BLOCKS)
        self._fault: BaseException | None = None
        self._aborted = False
        self._thread = threading.Thread(target=self._work, name="encoder", daemon=True)
        self._thread.start()

    def write(self, samples: Samples) -> None:
        """Append a block, which nobody may change afterwards.

        Raises:
            OSError: An earlier one could not be written.
        """
        self._raise_fault()
        self._blocks.put(samples)

    def close(self) -> None:
        """Wait for the last block and close the encoder.

        Raises:
            OSError: Something could not be written.
        """
        self._end()
        self._raise_fault()
        self._encoder.close()

    def abort(self) -> None:
        """Leave out what still waits; the encoder is not closed."""
        self._aborted = True
        self._end()

    def _end(self) -> None:
        self._blocks.put(None)
        self._thread.join()

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _work(self) -> None:
        # Blocks are taken to the end whatever happens, so that `write` never blocks for ever.
        while (samples := self._blocks.get()) is not None:
            if self._fault is None and not self._aborted:
                self._encode(samples)

    def _encode(self, samples: Samples) -> None:
        try:
            self._encoder.write(samples)
        except BaseException as fault:  # noqa: BLE001 - raised where the next block is handed over
            self._fault = fault


_MAX_PREFETCHED: Final = 200
"""Fewer than the source of clips caches: more would evict each other before they are heard."""


@contextmanager
def prefetch_sounds(clips: ClipSource, timeline: Timeline) -> Iterator[None]:
    """Ask for the first sounds of a timeline in the order in which they are heard, until the block is left.

    Args:
        clips: Returns the sound of a cue, caches it, and may be called from any thread.
        timeline: What is about to be rendered.
    """
    left = threading.Event()

    def ask() -> None:
        for content in _first_sounds(timeline):
            if left.is_set():
                return
            with suppress(AudioError):  # reported when the sound is needed
                clips(content)

    thread = threading.Thread(target=ask, name="sounds ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        left.set()
        thread.join()


def _first_sounds(timeline: Timeline) -> list[CueContent]:
    wanted = (cue.content for phase in timeline.phases for cue in phase.cues)
    return list(dict.fromkeys(wanted))[:_MAX_PREFETCHED]
