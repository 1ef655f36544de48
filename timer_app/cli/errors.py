"""Turns whatever goes wrong into one clear line and an exit status, never a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from timer_app import __version__
from timer_app.cli.output import OutputError, echo_error
from timer_app.cli.signals import StoppedError

PROGRAM = "timer-app"

FAULT, USAGE, INTERRUPTED = 1, 2, 130
_CLOSED_PIPE = 128 + 13  # what a program ends with that the signal of a closed pipe ends
_LARGEST_LOG_BYTES = 1_000_000


class CommandError(Exception):
    """Ends a command; the message is what the user reads, `status` the exit status."""

    def __init__(self, message: str, status: int = FAULT) -> None:
        super().__init__(message)
        self.status = status


def run_guarded(body: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    """Run `body(arguments)` and return its exit status, or the one that belongs to what went wrong."""
    _accept_any_text()
    try:
        status = body(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return _CLOSED_PIPE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except StoppedError as stopped:
        return stopped.status
    except Exception as error:  # noqa: BLE001 - this is where everything ends up
        return _report_error(error, arguments)
    return status


def _report_error(error: Exception, arguments: Sequence[str]) -> int:
    message, status = _message_and_status(error, arguments)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        echo_error(message)
    _drop_output()
    return status


def _message_and_status(error: Exception, arguments: Sequence[str]) -> tuple[str, int]:
    if isinstance(error, click.ClickException):
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else PROGRAM
        return f"{where}: {_one_line(_usage_message(error))}", error.exit_code
    if isinstance(error, CommandError):
        return str(error), error.status
    if isinstance(error, OutputError):
        return f"{PROGRAM}: {error}", FAULT
    log = _write_log(error, arguments)
    details = f"details are in {log}" if log else "the details could not be written to a file"
    return f"{PROGRAM}: something unexpected went wrong ({_error_name(error)}); {details}", FAULT


def _usage_message(error: click.ClickException) -> str:
    """What was wrong with the call, in the program's own words where click's are long-winded."""
    if isinstance(error, click.NoSuchOption):
        from timer_app.core.diagnostics.problems import nearest, quoted

        meant = nearest(error.option_name, error.possibilities or ())
        hint = f"did you mean {quoted(meant)}?" if meant else "--help lists all."
        return f"there is no option {quoted(error.option_name)}; {hint}"
    return error.format_message()


def _error_name(error: Exception) -> str:
    text = _one_line(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _one_line(text: str, limit: int = 300) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _write_log(error: Exception, arguments: Sequence[str]) -> Path | None:
    """Keep the details of `error` for a report; `None` where that is not possible."""
    import datetime as dt
    import platform
    import traceback

    from timer_app.system import paths

    log = paths.log_file()
    now = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
    head = f"{now} {PROGRAM} {__version__}, Python {platform.python_version()}, {platform.platform()}: {arguments!r}\n"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        mode = "w" if log.exists() and log.stat().st_size > _LARGEST_LOG_BYTES else "a"
        with log.open(mode, encoding="utf-8", errors="backslashreplace") as file:
            file.write(head + "".join(traceback.format_exception(error)) + "\n")
    except OSError:
        return None
    return log


def _accept_any_text() -> None:
    """Let a character that the terminal's encoding lacks be shown as its code rather than end the program."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Nothing more can be written; without this the interpreter would complain of it at its exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                sink = os.open(os.devnull, os.O_WRONLY)
                os.dup2(sink, stream.fileno())
                os.close(sink)
