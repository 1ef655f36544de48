"""Starts the program's own child processes, which speak over pipes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence


def module_command(name: str, *arguments: str) -> list[str]:
    """The command that runs a module with this interpreter; the current folder's files are not imported."""
    return [sys.executable, "-P", "-m", name, *arguments]


def start_child(command: Sequence[str], *, silent: bool = False) -> subprocess.Popen[bytes]:
    """Start a process with a pipe to it and one from it.

    Args:
        command: The program's own.
        silent: What it complains of is not shown.

    Raises:
        OSError: It cannot be started.
    """
    return subprocess.Popen(  # noqa: S603 - the command is the program's own
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if silent else None,
        # Keys of the terminal are for the program, which ends the process in its own time.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
