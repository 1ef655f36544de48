"""Lets an encoder work while the next blocks are mixed: the libraries that encode let other threads run."""

from __future__ import annotations

import threading
from queue import Queue
from typing import Final

from timer_app.audio.frames import Samples
from timer_app.export.encoders import Encoder

_MOST_WAITING: Final = 8


class BehindEncoder:
    """An encoder with a thread of its own and a few blocks that wait for it.

    What goes wrong with a block is raised by a later `write`, or by `close`; nothing is encoded after it.

    Args:
        encoder: What encodes; used by nobody else until `close` or `drop` has returned.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._blocks: Queue[Samples | None] = Queue(_MOST_WAITING)
        self._fault: BaseException | None = None
        self._dropped = False
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

    def drop(self) -> None:
        """Leave out what still waits; the encoder is not closed."""
        self._dropped = True
        self._end()

    def _end(self) -> None:
        self._blocks.put(None)
        self._thread.join()

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _work(self) -> None:
        # Blocks are taken to the end whatever happens: whoever hands one over must not wait for ever.
        while (samples := self._blocks.get()) is not None:
            if self._fault is None and not self._dropped:
                self._encode(samples)

    def _encode(self, samples: Samples) -> None:
        try:
            self._encoder.write(samples)
        except BaseException as fault:  # noqa: BLE001 - raised where the next block is handed over
            self._fault = fault
