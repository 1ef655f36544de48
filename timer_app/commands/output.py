"""Where the commands write."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any


class OutputError(OSError):
    """Standard output takes no more, though its reader has not gone (that is a `BrokenPipeError`)."""


def width() -> int | None:
    """Cells to which lines are cut; `None` where nobody looks at them, as other programs get all."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def tell(text: str) -> None:
    """Write a line to standard output, at once.

    Raises:
        BrokenPipeError: Nobody reads it any more.
        OutputError: It cannot be written for another reason, such as a full disk.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"the output cannot be written: {(error.strerror or str(error)).lower()}") from None


def tell_all(lines: Iterable[str]) -> None:
    """Write lines to standard output in one go."""
    if text := "\n".join(lines):
        tell(text)


def tell_error(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def on_a_screen() -> bool:
    """Whether a person sits at a terminal that can draw: both ends are terminals, and not a dumb one."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: Any) -> bool:
    """Whether `stream` is a terminal; a closed or missing one is none."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError, OSError):
        return False
