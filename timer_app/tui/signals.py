"""Ends the app in good order when the system asks it to."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable

ABORTED_STATUS = 130
TERMINAL_LOST_STATUS = 129  # as if the signal of a closed terminal had come

# A terminal that is closed sends SIGHUP; a system without a signal does not have its name either.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def leave_on_signals(leave: Callable[[int], None]) -> None:
    """Call `leave` with the exit status, 128 and the signal's number, when the running loop gets such a signal.

    Handlers of the loop run between other things, so that the terminal can still be put back as it was found.
    """
    loop = asyncio.get_running_loop()
    for name in _NAMES:
        number: int | None = getattr(signal, name, None)
        if number is not None:
            # Not every system's loop takes handlers, and none does outside the main thread.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, leave, 128 + number)
