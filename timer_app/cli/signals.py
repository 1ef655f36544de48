"""Turns signals that end a program into an exception, so that everything is closed on the way out."""

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
    """A signal asked the program to end. Not an `Exception`, so that no handler takes it for a fault."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit status of a program that this signal ended."""
        return 128 + self.number


class StopRequest:
    """The first signal that asked the program to end, raised where the program is ready for it."""

    def __init__(self) -> None:
        self._number: int | None = None

    def raise_if_requested(self) -> None:
        """Return if no signal came.

        Raises:
            StoppedError: A signal came.
        """
        if self._number is not None:
            raise StoppedError(self._number)

    def handle_signal(self, number: int, _frame: FrameType | None = None) -> None:
        """Note the first signal; at the second, stop at once.

        Raises:
            StoppedError: This is the second signal.
        """
        self.raise_if_requested()
        self._number = number


@contextmanager
def raise_on_stop_signal() -> Iterator[None]:
    """Raise `StoppedError` inside when a signal asks the program to end; an ignored signal stays ignored."""
    with _signal_handlers(_STOP_SIGNALS, _raise):
        yield


@contextmanager
def defer_stop_signals() -> Iterator[StopRequest]:
    """Note signals that ask the program to end, including Ctrl+C, and raise only in `raise_if_requested`.

    An exception from a signal handler may be raised anywhere, even inside a library that does not expect one. The
    second signal raises `StoppedError` wherever it comes. An ignored signal stays ignored.
    """
    request = StopRequest()
    with _signal_handlers(_STOP_OR_INTERRUPT_SIGNALS, request.handle_signal):
        yield request


@contextmanager
def _signal_handlers(numbers: Iterable[int], handler: _Handler) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in numbers}
    handled = [number for number, earlier in before.items() if earlier is not signal.SIG_IGN]
    for number in handled:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number])


def _raise(number: int, _frame: FrameType | None) -> None:
    raise StoppedError(number)
