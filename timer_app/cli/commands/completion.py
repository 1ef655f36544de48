"""Scripts that let a shell complete commands, options and session names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from timer_app.cli.errors import PROGRAM, CommandError
from timer_app.cli.output import echo


def print_completion(command: click.Command, shell: str, variable: str) -> None:
    """Print the script for `shell`, in which `variable` asks the program for completions.

    Raises:
        CommandError: There is none for this shell.
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise CommandError(f"{PROGRAM}: there is no completion for {shell}")
    script = kind(command, {}, PROGRAM, variable)
    echo((script.source_template % script.source_vars()).strip())
