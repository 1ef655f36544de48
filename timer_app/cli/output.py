"""Writes lines and errors, and shows progress.

Everything that is printed goes through here, and nothing in it can change the terminal or forge a line: what cannot be
seen is escaped within each line. Only what the program itself draws with colours goes through `echo_drawn`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.status import Status

from timer_app.core.diagnostics.safe_text import printable
from timer_app.core.i18n import _

_LINES_AT_ONCE = 10_000
_PLAIN_TERMINALS = (None, "", "dumb", "unknown")


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


# Cameras expect dark on light, and these two of 256 colours are the same in every theme.
_DARK_ON_LIGHT = "\x1b[38;5;231;48;5;16m{line}\x1b[0m"


def echo_code(lines: Iterable[str]) -> None:
    """Write a QR code that is drawn with light blocks, in white and black; raises as `echo` does."""
    plain = bool(os.environ.get("NO_COLOR")) or not is_terminal(sys.stdout)
    echo_drawn("\n".join(line if plain else _DARK_ON_LIGHT.format(line=line) for line in lines))


def echo_file(content: bytes) -> bool:
    """Write what would be a file to standard output, with nothing added; raises as `echo` does.

    A terminal gets the lines of a text, each as `echo` writes it.

    Returns:
        Whether it was written; a terminal is shown no more than text.
    """
    if not is_terminal(sys.stdout):
        with _output_errors():
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        return True
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    if "\0" in text:
        return False
    echo_lines(text.splitlines())
    return True


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
def slow_progress(label: str, *, in_bytes: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error for what usually takes a moment: shown after half a second, if that is a terminal.

    Args:
        label: What is done.
        in_bytes: What is counted are bytes.

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
                from rich.progress import DownloadColumn, Progress, TimeElapsedColumn

                amount = DownloadColumn() if in_bytes else TimeElapsedColumn()
                columns = (*Progress.get_default_columns()[:3], amount)
                bar = shown.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
                bar.add_task(label)
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done, total=total or None)

        yield update


@contextlib.contextmanager
def slow_status(text: str) -> Iterator[Callable[[str], None]]:
    """A sign of life on standard error for work of unknown length: after half a second, if that is a terminal.

    Yields:
        What is called with another text when something else is done.
    """
    if not is_terminal(sys.stderr):
        yield lambda _text: None
        return
    shown, lock, is_over = [text], threading.Lock(), threading.Event()
    status: list[Status] = []

    def show() -> None:
        from rich.console import Console
        from rich.markup import escape

        if is_over.wait(_SHOWN_AFTER_S):
            return
        with lock:
            if not is_over.is_set():
                status.append(Console(stderr=True).status(escape(printable(shown[0]))))
                status[0].start()

    def say(new: str) -> None:
        from rich.markup import escape

        with lock:
            shown[0] = new
            if status:
                status[0].update(escape(printable(new)))

    thread = threading.Thread(target=show, name="status", daemon=True)
    thread.start()
    try:
        yield say
    finally:
        is_over.set()
        with lock:
            for one in status:
                one.stop()


def output_error(error: OSError) -> OutputError:
    """The fault of standard output in plain words."""
    return OutputError(
        _("the output cannot be written: {reason}").format(reason=(error.strerror or str(error)).lower())
    )


def echo_error(*lines: str) -> None:
    """Write lines to standard error in one go, each as `echo` writes it.

    Where standard error is closed, full or broken, there is nobody to tell.
    """
    echo_error_drawn(*map(printable, lines))


def echo_error_drawn(*lines: str) -> None:
    """Write lines of the program's own, such as some with colours, to standard error as they are."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write("".join(f"{line}\n" for line in lines))
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


def is_decorated(stream: TextIO | None = None) -> bool:
    """Whether what is printed may have colours and links: it goes to a terminal, and nobody refuses them.

    Args:
        stream: Where it goes; standard output if `None`.
    """
    return (
        is_terminal(stream or sys.stdout)
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") not in _PLAIN_TERMINALS
    )


def is_terminal(stream: Any) -> bool:
    """Whether `stream` is a terminal; a closed or missing stream is not."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError, OSError):
        return False
