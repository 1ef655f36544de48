"""Turns every fault of a command into one clear line and an exit status, never a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import NoSuchCommand, NoSuchOption

from timer_app import __version__
from timer_app.cli.output import (
    OutputError,
    drop_unwritable,
    echo_error,
    echo_error_drawn,
    flush_output,
    output_error,
)
from timer_app.cli.signals import StoppedError
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.core.diagnostics import LocatedProblem

PROGRAM = "timer-app"
COMPLETION_VARIABLE = "_TIMER_APP_COMPLETE"

FAULT, USAGE, INTERRUPTED = 1, 2, 130
_CLOSED_PIPE = 128 + 13  # as if SIGPIPE had ended the program
_MAX_LOG_BYTES = 1_000_000
_LONGEST_LINE = 300


class CommandError(Exception):
    """Ends a command with a message for the user and an exit status.

    Args:
        message: One line.
        status: The exit status.
        problems: What is wrong with a file, which is told in place of the message.
    """

    def __init__(self, message: str, status: int = FAULT, problems: Sequence[LocatedProblem] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.problems = tuple(problems)

    @classmethod
    def from_problems(cls, problems: Sequence[LocatedProblem]) -> CommandError:
        """One that tells what is wrong with a file."""
        return cls(problems[0].headline, FAULT, problems)


def open_missing_streams() -> None:
    """Open each standard stream that was closed, or the next file that is opened would get its number.

    Input is empty then, standard error is discarded, and writing to standard output fails: what was asked for is lost.
    """
    for number, (name, flags) in enumerate((("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, flags)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115 - open until the end


def run_guarded(body: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    """Run `body(arguments)` and return its exit status, or that of the fault that ended it."""
    _accept_any_text()
    try:
        status = body(arguments)
        flush_output()
    except BrokenPipeError:
        return _CLOSED_PIPE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except StoppedError as stopped:
        return stopped.status
    except Exception as error:  # noqa: BLE001 - no fault may leave the program as a traceback
        return _report_error(error, arguments)
    finally:
        drop_unwritable(sys.stdout)
        drop_unwritable(sys.stderr)
    return status


def _report_error(error: Exception, arguments: Sequence[str]) -> int:
    message, status = _message_and_status(_lost_output(error) or error, arguments)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    if isinstance(error, CommandError) and error.problems:
        from timer_app.cli.tables import problem_lines

        echo_error_drawn(*(line for problem in error.problems for line in problem_lines(problem, sys.stderr)))
    else:
        echo_error(message)
    return status


def _lost_output(error: Exception) -> OutputError | None:
    """The fault of standard output if that is what `error` is about; click writes there by itself."""
    if not isinstance(error, OSError) or isinstance(error, OutputError):
        return None
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    is_from_click = where is not None and where.tb_frame.f_globals.get("__name__") == "click.utils"
    return output_error(error) if is_from_click else None


def _message_and_status(error: Exception, arguments: Sequence[str]) -> tuple[str, int]:
    if isinstance(error, click.ClickException):
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else PROGRAM
        return f"{where}: {_one_line(_click_text(error, where))}", error.exit_code
    if isinstance(error, CommandError):
        return str(error), error.status
    if isinstance(error, OutputError):
        return f"{PROGRAM}: {error}", FAULT
    log = _write_log(error, arguments)
    details = _("details are in {log}").format(log=log) if log else _("the details could not be written to a file")
    return f"{PROGRAM}: " + _("something unexpected went wrong ({error}); {details}").format(
        error=_error_name(error), details=details
    ), FAULT


def _click_text(error: click.ClickException, where: str) -> str:
    """What click says, as all other faults are told: with a small letter, no full stop, and the name that was meant."""
    if isinstance(error, NoSuchCommand):
        said, name = _("there is no command {name}; {hint}"), error.command_name
    elif isinstance(error, NoSuchOption):
        said, name = _("there is no option {name}; {hint}"), error.option_name
    else:
        text = error.format_message().removesuffix(".")
        return text if text[1:2].isupper() else text[:1].lower() + text[1:]
    from timer_app.core.diagnostics import quoted

    hint = (
        _('did you mean "{near}"?').format(near=error.possibilities[0])
        if error.possibilities
        else _("`{command}` shows them all").format(command=f"{where} --help")
    )
    return said.format(name=quoted(name), hint=hint)


def _error_name(error: Exception) -> str:
    text = _one_line(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def _write_log(error: Exception, arguments: Sequence[str]) -> Path | None:
    """Write the details of `error` for a bug report; `None` where that is not possible."""
    import datetime as dt
    import platform
    import traceback

    from timer_app.core.diagnostics import printable
    from timer_app.system import paths
    from timer_app.system.files import open_private_log

    log = paths.log_file()
    now = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
    head = f"{now} {PROGRAM} {__version__}, Python {platform.python_version()}, {platform.platform()}: {arguments!r}\n"
    try:
        number = open_private_log(log, largest=_MAX_LOG_BYTES)
        with os.fdopen(number, "a", encoding="utf-8", errors="backslashreplace") as file:
            text = head + "".join(traceback.format_exception(error))
            file.writelines(f"{printable(line)}\n" for line in text.split("\n"))
    except OSError:
        return None
    return log


def _accept_any_text() -> None:
    """Show a character that the terminal's encoding lacks as its code, instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
