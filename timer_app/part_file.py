"""A file that gets its name only when it is complete."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def complete_or_nothing(path: Path) -> Iterator[BinaryIO]:
    """A new file to write, which takes the place of `path` at the end of the block.

    It lies beside `path` until then, so that the last step is a renaming. Whatever ends the block early, an error as
    well as a signal, removes it and leaves alone what lay at `path`.

    Raises:
        OSError: It cannot be made, written or renamed.
    """
    part = path.with_name(f".timer-app-{secrets.token_hex(6)}.part")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
