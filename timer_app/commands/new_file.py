"""A file that a command writes for the user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from timer_app.commands.guard import PROGRAM, USAGE, CommandError
from timer_app.system.files import TargetError, complete_or_nothing, see_that_it_may_be_written


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file to write, which is there only when it is complete.

    Args:
        path: Where it is to be.
        force: Whether a file that is there may be replaced.

    Raises:
        CommandError: It must not be replaced, or cannot be written.
    """
    try:
        see_that_it_may_be_written(path, force=force)
        with complete_or_nothing(path) as file:
            yield file
    except TargetError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(f"{PROGRAM}: {path} cannot be written: {reason}") from None
