"""The input of the server: ends where what comes cannot be the protocol, so that nothing fills the memory."""

from __future__ import annotations

import logging
from typing import BinaryIO

MAX_HEADER = 4_096  # bytes of a line before a message; those of editors have some dozens
MAX_MESSAGE = 100_000_000


class BoundedInput:
    """A stream of messages, none of which is larger than any editor would send.

    Args:
        stream: Where they come from.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """The next line before a message; nothing where the input has ended, or a line does not."""
        line = self._stream.readline(MAX_HEADER)
        return line if line.endswith(b"\n") else self._refused(line)

    def read(self, size: int) -> bytes:
        """A message; nothing where it is too large."""
        return self._stream.read(size) if size <= MAX_MESSAGE else self._refused(b"?")

    @staticmethod
    def _refused(read: bytes) -> bytes:
        if read:
            logging.getLogger(__name__).error("the input is not the language server protocol")
        return b""
