"""Signals that end a run: they become an exception, so that everything is closed on the way out."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = tuple(number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None)


class StoppedError(BaseException):
    """A signal asked the program to end. Not an `Exception`: nothing on the way may take it for a fault."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit status that tells which signal it was."""
        return 128 + self.number


@contextmanager
def stopping() -> Iterator[None]:
    """Raise `StoppedError` in here when a signal asks the program to end; one ignored before stays ignored."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, _raise)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])


def _raise(number: int, _frame: FrameType | None) -> None:
    raise StoppedError(number)
