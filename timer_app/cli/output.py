"""Standard output and error of the commands, and aligned columns of text."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any


class OutputError(OSError):
    """Standard output takes no more, though its reader has not gone (that is a `BrokenPipeError`)."""


def terminal_width() -> int | None:
    """Cells to which lines are cut; `None` where nobody looks at them, as other programs get all."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def echo(text: str) -> None:
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


def echo_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output in one go."""
    if text := "\n".join(lines):
        echo(text)


def echo_error(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def is_interactive() -> bool:
    """Whether a person sits at a terminal that can draw: both ends are terminals, and not a dumb one."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: Any) -> bool:
    """Whether `stream` is a terminal; a closed or missing one is none."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError, OSError):
        return False


_GAP = "  "


def cell_len(text: str) -> int:
    """How many terminal cells a text takes."""
    return sum(_char_cells(character) for character in text)


def _char_cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def format_table(rows: Sequence[Sequence[str]], *, width: int | None = None) -> Iterator[str]:
    """Lines with the columns of `rows` below one another.

    Args:
        rows: All of the same length; the first may be the heading.
        width: Cells to which each line is cut; `None` for no limit.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (room - cell_len(text)) for text, room in zip(row, widths, strict=True))
        yield truncate(_GAP.join(padded).rstrip(), width)


def truncate(text: str, width: int | None) -> str:
    """`text` cut to `width` cells, with a sign where it was cut."""
    if width is None or cell_len(text) <= width:
        return text
    room, kept = max(width - 1, 0), 0
    for index, character in enumerate(text):
        kept += _char_cells(character)
        if kept > room:
            return text[:index] + "…"
    return text


def wrap_words(text: str, width: int) -> Iterator[str]:
    """The words of `text` on lines of at most `width` cells; a word that is longer is cut."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = truncate(word, width)
    if line:
        yield line
