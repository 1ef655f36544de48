"""How the program and its output process talk: messages over a pipe, each a small table and maybe some bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any, Final, NamedTuple

_SIZES: Final = struct.Struct("<II")


class Message(NamedTuple):
    """What one side tells the other.

    Attributes:
        told: Names and plain values.
        payload: Samples as float32 bytes, where the message brings some.
    """

    told: dict[str, Any]
    payload: bytes = b""


def send(stream: IO[bytes], told: Mapping[str, object], payload: bytes = b"") -> None:
    """Write one message.

    Raises:
        OSError: Nobody reads any more.
        ValueError: The stream is closed.
    """
    words = json.dumps(dict(told)).encode()
    stream.write(_SIZES.pack(len(words), len(payload)) + words)
    if payload:
        stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Wait for one message; `None` when the other side is gone or talks nonsense."""
    try:
        sizes = stream.read(_SIZES.size)
        if len(sizes) < _SIZES.size:
            return None
        n_words, n_payload = _SIZES.unpack(sizes)
        words, payload = stream.read(n_words), stream.read(n_payload)
        return Message(json.loads(words), payload) if len(payload) == n_payload else None
    except (OSError, ValueError):
        return None
