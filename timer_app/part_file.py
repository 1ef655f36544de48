"""A file that gets its name only when it is complete, and whether there may be one of that name."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from timer_app.core.problems import printable


class TargetError(Exception):
    """A file cannot be written there; the message is one line."""


def see_that_it_may_be_written(path: Path, *, force: bool) -> None:
    """See that no file is lost that nobody wants to replace.

    Args:
        path: Where a file is to be written.
        force: Whether one that is there may be replaced.

    Raises:
        TargetError: Something else than a plain file is there, or a file and `force` is false, or it cannot be told.
    """
    shown = printable(str(path))
    try:
        if path.exists() and not path.is_file():
            raise TargetError(f"{shown} is there and is no plain file")
        if path.exists() and not force:
            raise TargetError(f"{shown} is there already; --force replaces it")
    except OSError as error:
        raise TargetError(f"{shown} cannot be written: {(error.strerror or str(error)).lower()}") from None


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
