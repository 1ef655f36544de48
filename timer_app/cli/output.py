"""Writes lines, errors and tables, measured in terminal cells.

Everything that is printed goes through here, and nothing in it can change the terminal or forge a line: what cannot be
seen is escaped within each line. Only what the program itself draws with colours goes through `echo_drawn`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress

from timer_app.core.diagnostics.safe_text import printable
from timer_app.core.wording.formatting import cell_len, char_cells

_LINES_AT_ONCE = 10_000


class OutputError(OSError):
    """Standard output cannot be written, for another reason than a closed pipe (a `BrokenPipeError`)."""


def terminal_width() -> int | None:
    """Cells to which lines are cut; `None` where the output is no terminal: other programs get whole lines."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def echo(line: str) -> None:
    """Write one line to standard output and flush it; a line feed within it is escaped.

    Raises:
        BrokenPipeError: The reader has gone.
        OutputError: The line cannot be written for another reason, such as a full disk.
    """
    echo_drawn(printable(line))


def echo_json(data: Any) -> None:
    """Write `data` as JSON to standard output; raises as `echo` does."""
    from timer_app.core.diagnostics.safe_text import json_text

    echo_drawn(json_text(data))


def echo_drawn(text: str) -> None:
    """Write a text of the program's own, such as one with colours, as it is; raises as `echo` does."""
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
    """Write lines to standard output, each as `echo` writes it, many at a time: a long table is never held whole."""
    waiting = iter(lines)
    while some := list(islice(waiting, _LINES_AT_ONCE)):
        if text := "\n".join(map(printable, some)):
            echo_drawn(text)


_SHOWN_AFTER_S = 0.5


@contextlib.contextmanager
def slow_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error for what usually takes a moment: shown after half a second, if that is a terminal.

    Yields:
        What is called again and again with how much is done, and how much there is.
    """
    began_s = time.monotonic()
    with contextlib.ExitStack() as shown:
        bar: Progress | None = None

        def update(done: int, total: int) -> None:
            nonlocal bar
            if bar is None and is_terminal(sys.stderr) and time.monotonic() - began_s >= _SHOWN_AFTER_S:
                from rich.console import Console
                from rich.progress import Progress, TimeElapsedColumn

                columns = (*Progress.get_default_columns()[:3], TimeElapsedColumn())
                bar = shown.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
                bar.add_task(label)
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done, total=total)

        yield update


def output_error(error: OSError) -> OutputError:
    """The fault of standard output in plain words."""
    return OutputError(f"the output cannot be written: {(error.strerror or str(error)).lower()}")


def echo_error(*lines: str) -> None:
    """Write lines to standard error in one go, each as `echo` writes it.

    Where standard error is closed, full or broken, there is nobody to tell.
    """
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write("".join(f"{printable(line)}\n" for line in lines))
    drop_unwritable(sys.stderr)


def drop_unwritable(stream: TextIO) -> None:
    """Flush a stream, and discard what it cannot write, which would fail again at the interpreter's last flush."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, stream.fileno())
            os.close(sink)


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


def format_table(rows: Sequence[Sequence[str]], *, width: int | None = None) -> Iterator[str]:
    """Align the columns of `rows`, with what cannot be seen in a cell escaped.

    Args:
        rows: All of the same length; the first may be the heading.
        width: Cells to which each line is cut; `None` for no limit.
    """
    rows = [[printable(text) for text in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (cells - cell_len(text)) for text, cells in zip(row, widths, strict=True))
        yield truncate(_GAP.join(padded).rstrip(), width)


def truncate(text: str, width: int | None) -> str:
    """`text` cut to `width` cells, with an ellipsis where it was cut and what cannot be seen escaped."""
    text = printable(text)
    if width is None or cell_len(text) <= width:
        return text
    limit, cells = max(width - 1, 0), 0
    for index, character in enumerate(text):
        cells += char_cells(character)
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
