"""The command line.

In: arguments.
Out: text or JSON on standard output, one clear line per fault on standard error, an exit status. A command's modules
are imported when it is called, so that every command starts fast.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from timer_app import __version__
from timer_app.cli import history, machine, programmes, sessions
from timer_app.cli.errors import PROGRAM, run_guarded
from timer_app.cli.machine import COMPLETION_VARIABLE
from timer_app.cli.parameters import CommandGroup

# Starting makes very much and throws little of it away; to look for garbage after every 700 objects costs a tenth.
_COLLECT_AFTER = (50_000, 20, 20)

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main() -> None:
    """Entry point of the `timer-app` command."""
    # Looking for plug-ins of pydantic among all packages takes as long as the rest of its import; there are none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Arrays here are small: threads of the library that multiplies them cost ten times the work on a busy computer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(*_COLLECT_AFTER)
    sys.exit(run_guarded(invoke, sys.argv[1:]))


def invoke(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, PROGRAM, COMPLETION_VARIABLE, instruction)
    try:
        with cli.make_context(PROGRAM, list(arguments)) as context:
            status = cli.invoke(context)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    return status if isinstance(status, int) else 0


@click.group(cls=CommandGroup, invoke_without_command=True, context_settings=_HELP)
@click.version_option(__version__, prog_name=PROGRAM)
@click.pass_context
def cli(context: click.Context) -> int | None:
    """A guided exercise coach for the terminal.

    Without a command it opens the list of sessions.
    """
    if context.invoked_subcommand is not None:
        return None
    from timer_app.cli.commands.run import open_library

    return open_library()


for _command in (
    sessions.run,
    sessions.export,
    sessions.list_,
    sessions.show,
    sessions.check,
    sessions.new,
    machine.sounds,
    machine.voices,
    machine.serve,
    machine.figure,
    history.history,
    programmes.today,
    programmes.programme,
    machine.completion,
):
    cli.add_command(_command)
