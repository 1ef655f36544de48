"""Single key presses with their moments."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from timer_app.core.player.clock import machine_ms


class KeyPress(NamedTuple):
    """A key, and when it arrived on the machine's clock."""

    key: str
    at_ms: float


ReadKey = Callable[[float], KeyPress | None]
"""Waits for a key for a number of milliseconds at most."""

if sys.platform == "win32":
    import msvcrt
    import time

    _LOOK_S = 0.002

    @contextmanager
    def key_presses(descriptor: int) -> Iterator[ReadKey]:  # noqa: ARG001 - the console has but one keyboard
        """Have keys of the console told one by one, without showing them."""

        def read(limit_ms: float) -> KeyPress | None:
            until_ms = machine_ms() + limit_ms
            while not msvcrt.kbhit():
                if machine_ms() >= until_ms:
                    return None
                time.sleep(_LOOK_S)
            return KeyPress(msvcrt.getwch(), machine_ms())

        yield read
        while msvcrt.kbhit():
            msvcrt.getwch()

else:
    import termios
    import tty

    @contextmanager
    def key_presses(descriptor: int) -> Iterator[ReadKey]:
        """Have keys of a terminal told one by one, without showing them; Ctrl+C still interrupts.

        What was typed and not read is forgotten at the end: it must not answer the next question.
        """

        def read(limit_ms: float) -> KeyPress | None:
            if not select.select([descriptor], [], [], max(0.0, limit_ms) / 1000)[0]:
                return None
            at_ms = machine_ms()
            return KeyPress(os.read(descriptor, 1).decode("latin-1"), at_ms)

        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor)
            yield read
        finally:
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
