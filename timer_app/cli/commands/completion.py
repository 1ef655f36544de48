"""`timer-app completion`: prints what makes a shell complete commands, options and session names."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from timer_app.cli.errors import COMPLETION_VARIABLE, PROGRAM
from timer_app.cli.options import examples
from timer_app.cli.output import echo_drawn

_SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command(epilog=examples("completion bash"))
@click.argument("shell", type=click.Choice(tuple(_SHELLS)))
@click.pass_context
def completion(context: click.Context, /, shell: str) -> None:
    """Print what makes SHELL complete commands and names.

    For bash, add to ~/.bashrc: eval "$(timer-app completion bash)"
    """
    script = _SHELLS[shell](context.find_root().command, {}, PROGRAM, COMPLETION_VARIABLE)
    # `script.source()` would start bash to ask for its version.
    echo_drawn((script.source_template % script.source_vars()).strip())
