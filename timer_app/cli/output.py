"""Writes lines, errors and tables, measured in terminal cells."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

_LINES_AT_ONCE = 10_000


class OutputError(OSError):
    """Standard output cannot be written, for another reason than a closed pipe (a `BrokenPipeError`)."""


def terminal_width() -> int | None:
    """Cells to which lines are cut; `None` where the output is no terminal: other programs get whole lines."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def echo(text: str) -> None:
    """Write a line to standard output and flush it.

    Raises:
        BrokenPipeError: The reader has gone.
        OutputError: The line cannot be written for another reason, such as a full disk.
    """
    with _output_errors():
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def flush_output() -> None:
    """Write what is left for standard output; raises as `echo` does."""
    with _output_errors():
        sys.stdout.flush()


@contextlib.contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise output_error(error) from None


def echo_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output, many at a time: those of a long table are never held all at once."""
    waiting = iter(lines)
    while some := list(islice(waiting, _LINES_AT_ONCE)):
        if text := "\n".join(some):
            echo(text)


def output_error(error: OSError) -> OutputError:
    """The fault of standard output in plain words."""
    return OutputError(f"the output cannot be written: {(error.strerror or str(error)).lower()}")


def echo_error(text: str) -> None:
    """Write a line to standard error; where that is closed, full or broken, there is nobody to tell."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def is_interactive() -> bool:
    """Whether the screen can be shown: input and output are terminals, and not dumb ones."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: Any) -> bool:
    """Whether `stream` is a terminal; a closed or missing stream is not."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError, OSError):
        return False


_GAP = "  "


def yes_or_no(value: bool) -> str:
    """A cell of a table."""
    return "yes" if value else "no"


def cell_len(text: str) -> int:
    """How many terminal cells a text takes."""
    return len(text) if text.isascii() else sum(_char_cells(character) for character in text)


def _char_cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def format_table(rows: Sequence[Sequence[str]], *, width: int | None = None) -> Iterator[str]:
    """Align the columns of `rows`.

    Args:
        rows: All of the same length; the first may be the heading.
        width: Cells to which each line is cut; `None` for no limit.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (cells - cell_len(text)) for text, cells in zip(row, widths, strict=True))
        yield truncate(_GAP.join(padded).rstrip(), width)


def truncate(text: str, width: int | None) -> str:
    """`text` cut to `width` cells, with an ellipsis where it was cut."""
    if width is None or cell_len(text) <= width:
        return text
    limit, cells = max(width - 1, 0), 0
    for index, character in enumerate(text):
        cells += _char_cells(character)
        if cells > limit:
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
