"""Turns signals that end the program into an exception, so that everything is closed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

_Handler = Callable[[int, FrameType | None], None]


def _available_signals(*names: str) -> tuple[int, ...]:
    """The signals that this system has."""
    return tuple(number for name in names if (number := getattr(signal, name, None)) is not None)


_STOP_SIGNALS = _available_signals("SIGTERM", "SIGHUP")
_STOP_OR_INTERRUPT_SIGNALS = _available_signals("SIGTERM", "SIGHUP", "SIGINT")


class StoppedError(BaseException):
    """A signal asked the program to end. Not an `Exception`: nothing on the way may take it for a fault."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit status that tells which signal it was."""
        return 128 + self.number


class StopRequest:
    """The first signal that asked the program to end, taken up where the program is ready for it."""

    def __init__(self) -> None:
        self._number: int | None = None

    def raise_if_requested(self) -> None:
        """Go on where there was no signal.

        Raises:
            StoppedError: There was one.
        """
        if self._number is not None:
            raise StoppedError(self._number)

    def handle_signal(self, number: int, _frame: FrameType | None = None) -> None:
        """Ask for the end; whoever asks again does not want to wait for it.

        Raises:
            StoppedError: It was asked for before.
        """
        self.raise_if_requested()
        self._number = number


@contextmanager
def raise_on_stop_signal() -> Iterator[None]:
    """Raise `StoppedError` in here when a signal asks the program to end; one ignored before stays ignored."""
    with _signal_handlers(_STOP_SIGNALS, _raise):
        yield


@contextmanager
def defer_stop_signals() -> Iterator[StopRequest]:
    """Note in here when a signal asks the program to end, Ctrl+C too, and raise only where it is looked for.

    An exception out of a signal may come up anywhere, also inside a library that cannot stand it. The second signal
    raises `StoppedError` wherever it comes. One ignored before stays ignored.
    """
    request = StopRequest()
    with _signal_handlers(_STOP_OR_INTERRUPT_SIGNALS, request.handle_signal):
        yield request


@contextmanager
def _signal_handlers(numbers: Iterable[int], handler: _Handler) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in numbers}
    heeded = [number for number, earlier in before.items() if earlier is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])


def _raise(number: int, _frame: FrameType | None) -> None:
    raise StoppedError(number)
