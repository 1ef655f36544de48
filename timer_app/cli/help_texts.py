"""The help of commands in the language in use.

Commands and options are declared once, in English, when their modules are loaded; a copy of them in another language is
made when one is called. `scripts/make_catalogues.py` reads their texts from the declarations.
"""

from __future__ import annotations

import copy
import inspect
from typing import TypeVar

import click

from timer_app.core.i18n import N_, SOURCE_LANGUAGE, _, current_language

_EXAMPLES = N_("Examples:")
_Command = TypeVar("_Command", bound=click.Command)


def localised(command: _Command) -> _Command:
    """A command with its help, and that of its options and commands, in the language in use."""
    if current_language() == SOURCE_LANGUAGE:
        return command
    command = copy.copy(command)
    if hasattr(command, "_help_option"):
        command._help_option = None  # noqa: SLF001 - click keeps it once it is made, in the language of that time
    if command.help:
        command.help = _(inspect.cleandoc(command.help))
    if command.short_help:
        command.short_help = _(command.short_help)
    if command.epilog:
        command.epilog = _(command.epilog).replace(_EXAMPLES, _(_EXAMPLES))
    command.params = [_localised_parameter(parameter) for parameter in command.params]
    if isinstance(command, click.Group):
        command.commands = {name: localised(one) for name, one in command.commands.items()}
    return command


def _localised_parameter(parameter: click.Parameter) -> click.Parameter:
    if isinstance(parameter, click.Option) and parameter.help:
        parameter = copy.copy(parameter)
        parameter.help = _(parameter.help or "")
    return parameter
