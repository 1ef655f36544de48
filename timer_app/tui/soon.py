"""Calls a function a little later, for what happens many times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


class Soon:
    """One call after some seconds, unless it is stopped.

    The screen library's own timers take a task, a message and a look at the function's signature each; this one takes
    the loop's clock alone. What the function raises ends the app as it does elsewhere.

    Args:
        pump: Who is told what goes wrong.
        wait_s: When to call, in seconds from now.
        call: What to call.
    """

    def __init__(self, pump: MessagePump, wait_s: float, call: Callable[[], None]) -> None:
        self._pump = pump
        self._call = call
        self._handle = asyncio.get_running_loop().call_later(wait_s, self._go)

    def stop(self) -> None:
        """Do not call any more."""
        self._handle.cancel()

    def _go(self) -> None:
        try:
            self._call()
        except Exception as failure:  # noqa: BLE001 - raised where the app hears of it: the loop would only write it down
            self._pump.call_next(_raised, failure)


def _raised(failure: Exception) -> None:
    raise failure
