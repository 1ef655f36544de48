"""Keeps a terminal that goes away from stopping the program in the middle of its way out.

The screen is drawn by a thread that ends at the first write that fails; whoever hands it more then waits for ever.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO


class PatientFile:
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
            self._give_up()
            return len(text)

    def flush(self) -> None:
        """Flush, or drop what is left."""
        try:
            self._file.flush()
        except OSError:
            self._give_up()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def _give_up(self) -> None:
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._file.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def patient_terminal() -> Iterator[None]:
    """Let the screen be drawn through a `PatientFile`; it takes the file it draws on from `sys`."""
    before = sys.__stderr__
    if before is not None:
        sys.__stderr__ = PatientFile(before)  # type: ignore[misc, assignment] # passes on all that a text file can
    try:
        yield
    finally:
        sys.__stderr__ = before  # type: ignore[misc] # final for type checkers only
