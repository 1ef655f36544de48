"""Keeps the app responsive and lets it end in good order, whatever the terminal and the system do.

Textual draws in a thread that ends at the first write that fails; whoever hands it more output then waits for ever.
The parts: an output that outlives its terminal, signals that end the app, a timer for frequent calls, long-lived
objects kept away from the garbage collector, and runs that are opened in the background.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO, TypeVar

from textual.screen import Screen

from timer_app.tui.screen import is_being_removed


class HangupSafeFile:
    """Writes to `file` as long as that takes it, and to nowhere afterwards.

    Args:
        file: What is written to; its descriptor is pointed at nothing when it fails.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write, or drop the text."""
        try:
            return self._file.write(text)
        except OSError:
            self._redirect_to_null()
            return len(text)

    def flush(self) -> None:
        """Flush, or drop what is left."""
        try:
            self._file.flush()
        except OSError:
            self._redirect_to_null()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def _redirect_to_null(self) -> None:
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._file.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def hangup_safe_terminal() -> Iterator[None]:
    """Let the screen be drawn through a `HangupSafeFile`; it takes the file it draws on from `sys`."""
    before = sys.__stderr__
    if before is not None:
        sys.__stderr__ = HangupSafeFile(before)  # type: ignore[misc, assignment] # passes on all that a text file can
    try:
        yield
    finally:
        sys.__stderr__ = before  # type: ignore[misc] # final for type checkers only


ABORTED_STATUS = 130
TERMINAL_LOST_STATUS = 129  # as if the signal of a closed terminal had come

# A terminal that is closed sends SIGHUP; a system without a signal does not have its name either.
_SIGNAL_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def exit_on_signals(exit_with_status: Callable[[int], None]) -> None:
    """Call `exit_with_status` with 128 and the signal's number when the running loop gets such a signal.

    Handlers of the loop run between other things, so that the terminal can still be put back as it was found.
    """
    loop = asyncio.get_running_loop()
    for name in _SIGNAL_NAMES:
        number: int | None = getattr(signal, name, None)
        if number is not None:
            # Not every system's loop takes handlers, and none does outside the main thread.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, exit_with_status, 128 + number)


class LoopTimer:
    """One call after some seconds, unless it is stopped.

    Textual's own timers take a task, a message and a look at the function's signature each; this one takes the loop's
    clock alone (measured: 0.1 ms of processor time a call, there 0.5 ms, at up to 40 calls a second). What the function
    raises ends the app as it does elsewhere.

    Args:
        screen: What the call is for; once it is being removed, nothing is called: it has lost its widgets by then.
        delay_s: When to call, in seconds from now.
        callback: What to call.
    """

    def __init__(self, screen: Screen[Any], delay_s: float, callback: Callable[[], None]) -> None:
        self._screen = screen
        self._callback = callback
        self._handle = asyncio.get_running_loop().call_later(delay_s, self._fire)

    def stop(self) -> None:
        """Do not call any more."""
        self._handle.cancel()

    def _fire(self) -> None:
        if is_being_removed(self._screen):
            return
        try:
            self._callback()
        except Exception as failure:  # noqa: BLE001 - raised where the app hears of it: the loop would only write it down
            self._screen.call_next(_raise, failure)


def _raise(failure: Exception) -> None:
    raise failure


# What is left to look at is little: looking often costs next to nothing, and keeps garbage from piling up.
_GC_THRESHOLDS = (2_000, 10, 10)


def freeze_garbage_collector() -> None:
    """Let collections look only at what is made from now on; what has become garbage so far is freed.

    Looking through everything that a screen library and a session hold takes a tenth of a second, and a picture
    that moves gives cause for it every few seconds.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


_ResourceT = TypeVar("_ResourceT")


async def open_in_thread(make: Callable[[], _ResourceT], discard: Callable[[_ResourceT], None]) -> _ResourceT:
    """Call `make` in a thread; what it makes is given to `discard` when nobody waits for it any more.

    Raises:
        Exception: What `make` raises.
    """
    opening = asyncio.ensure_future(asyncio.to_thread(make))

    def throw_away(done: asyncio.Future[_ResourceT]) -> None:
        if not done.cancelled() and done.exception() is None:
            discard(done.result())

    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(throw_away)
        raise
