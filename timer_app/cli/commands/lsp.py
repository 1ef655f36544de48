"""`timer-app lsp`: answers an editor that asks about session files."""

from __future__ import annotations

import logging
import os
import sys
from importlib.util import find_spec

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples
from timer_app.cli.output import is_terminal
from timer_app.cli.resources import load_settings_quietly
from timer_app.core.i18n import _
from timer_app.system import install_command

_REQUIRED_MODULES = ("pygls", "lsprotocol")


@click.command(epilog=examples("lsp"))
@click.option("--stdio", is_flag=True, help="What it does anyway: some editors add it.")
def lsp(*, stdio: bool) -> None:  # noqa: ARG001 - there is no other way
    """Answer an editor that asks about session files.

    An editor starts it and speaks the language server protocol with it over standard input and output. It ends when its
    input does. docs/editors.md tells how to set up an editor.
    """
    if not all(find_spec(name) for name in _REQUIRED_MODULES):
        needs = _("a language server needs more than comes along: {command}")
        raise CommandError(f"{PROGRAM}: " + needs.format(command=install_command("lsp")))
    if is_terminal(sys.stdin):
        said = _("an editor starts this and speaks with it; docs/editors.md tells how")
        raise CommandError(f"{PROGRAM} lsp: {said}", USAGE)
    from timer_app.library import Library
    from timer_app.lsp import serve

    load_settings_quietly()  # texts are in the language they ask for; their faults are for `check`
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    # Nothing but the protocol may reach standard output, whatever a library prints.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(Library.default, sys.stdin.buffer, output)
