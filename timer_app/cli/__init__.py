"""The command line.

In: arguments.
Out: text or JSON on standard output, one clear line per fault on standard error, an exit status. `main` holds the group
of commands; each command is one file in `timer_app.cli.commands`, imported when it is called, so that all start fast.
"""

from timer_app.cli.main import cli, invoke, main

__all__ = ["cli", "invoke", "main"]
