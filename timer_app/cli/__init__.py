"""The command line: declares options and arguments, calls the rooms below, and turns every fault into one line.

In goes what the user typed, out come lines, files or a screen, and an exit status. `main` holds the group of commands;
each command is one file in `timer_app.cli.commands`, loaded when it is called.
"""

from timer_app.cli.main import cli, invoke, main

__all__ = ["cli", "invoke", "main"]
