"""The group of all commands, and the entry point `main`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.exceptions import NoSuchCommand

from timer_app import __version__
from timer_app.cli.errors import COMPLETION_VARIABLE, INTERRUPTED, PROGRAM, open_missing_streams, run_guarded
from timer_app.cli.help_texts import localised
from timer_app.core.i18n import N_, _, best_language, share_with_libraries, system_languages, use_language

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# The commands by what they are for.
GROUPS: Final = {
    N_("Train"): ("run", "interval", "list", "show", "figure"),
    N_("Keep at it"): ("today", "programme", "history"),
    N_("Make and share"): ("new", "edit", "import", "check", "lint", "diff", "share", "export"),
    N_("Set up"): ("voices", "sounds", "serve", "lsp", "completion"),
}
_EXAMPLES = N_("""\b
Examples:
  timer-app                              choose a session on the screen
  timer-app run desk-break               be led through one
  timer-app run desk-break --plain       line by line, without a screen
  timer-app new mine.toml                write one of your own
  timer-app check mine.toml              learn what is wrong with it
  timer-app export desk-break desk.m4a   take it along on a phone""")

# Each command is the file `timer_app/cli/commands/NAME.py`, loaded only when it is called. Its summary is repeated here
# because `--help` would otherwise load all of them, and platformdirs and the library with them: 70 % more CPU time.
SUMMARIES: Final = {
    "check": N_("List the faults of files."),
    "completion": N_("Print what makes SHELL complete commands and names."),
    "diff": N_("Tell what differs between two sessions."),
    "edit": N_("Edit a session, and see at every key what becomes of it."),
    "export": N_("Write a session into a sound file."),
    "figure": N_("Show how an exercise is drawn."),
    "history": N_("Show what was done, newest first."),
    "import": N_("Import routines of other programs as sessions of your own."),
    "interval": N_("Run intervals of work and rest at once."),
    "lint": N_("Check files quickly and strictly, and mend what is plain."),
    "list": N_("List the sessions: shipped ones and your own."),
    "lsp": N_("Answer an editor that asks about session files."),
    "new": N_("Write a session to start from."),
    "programme": N_("Follow a programme: sessions on certain days, for some weeks."),
    "run": N_("Run a session."),
    "serve": N_("Serve the app to a browser, on this computer or a phone."),
    "share": N_("Share a session: as a link, a QR code or a file."),
    "show": N_("Show what happens when in a session."),
    "sounds": N_("List the ways to play sound, and the sounds."),
    "today": N_("Show what the programme that you follow wants today."),
    "voices": N_("List the voices, what they cost, and whether they speak here."),
}

# Start-up creates many objects and discards few; collecting after every 700 of them takes a tenth of the time.
_GC_THRESHOLDS: Final = (50_000, 20, 20)

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main() -> None:
    """Entry point of the `timer-app` command."""
    try:
        open_missing_streams()
        status = run_guarded(_start, sys.argv[1:])
    except KeyboardInterrupt:  # just before or after what is guarded
        status = INTERRUPTED
    sys.exit(status)


def _start(arguments: Sequence[str]) -> int:
    # Searching all installed packages for pydantic plug-ins takes as long as the rest of its import; none are used.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Arrays here are small: on a busy computer, BLAS threads cost ten times the work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(*_GC_THRESHOLDS)
    # Whoever reads the settings may choose another one.
    use_language(best_language(system_languages(os.environ)))
    share_with_libraries()
    return invoke(arguments)


def invoke(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status.

    `click.Command.main` is not used: even outside its standalone mode it exits with 1 where the reader of the output
    has gone (a shell expects 141), and writes an empty line to standard error on Ctrl+C.
    """
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, PROGRAM, COMPLETION_VARIABLE, instruction)
    try:
        group = localised(cli)
        with group.make_context(PROGRAM, list(arguments)) as context:
            status = group.invoke(context)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    finally:
        _tidy_own_folders()
    return status if isinstance(status, int) else 0


def _tidy_own_folders() -> None:
    """Remove what killed writers have left in the user's folders, after a command that looked at them."""
    if "timer_app.system.paths" not in sys.modules:
        return
    from timer_app.system import paths
    from timer_app.system.files import remove_abandoned_parts

    for folder in paths.written_dirs():
        remove_abandoned_parts(folder)


class _LazyGroup(click.Group):
    """Lists commands without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in SUMMARIES:
            return None
        # Names that mean something in Python have an underscore: so do the modules of its keywords.
        function = f"{cmd_name}_" if cmd_name in {"list", "import"} else cmd_name
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(import_module(f"timer_app.cli.commands.{module}"), function)
        return localised(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        widest = max(map(len, SUMMARIES))  # so that all groups have their texts in one column
        for title, names in GROUPS.items():
            with formatter.section(_(title)):
                formatter.write_dl([(name.ljust(widest), _(SUMMARIES[name])) for name in names])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=_(text)) for name, text in SUMMARIES.items() if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in SUMMARIES and not name.startswith("-") and not ctx.resilient_parsing:
            # A name is suggested for a typing error only where no session has the name that was typed.
            if _is_session(name):
                raise click.UsageError(_session_hint(name), ctx)
            raise NoSuchCommand(name, None, SUMMARIES, ctx)
        return super().resolve_command(ctx, args)


def describe_command(name: str) -> str:
    """The help of a command, as `--help` prints it."""
    with cli.make_context(PROGRAM, [], resilient_parsing=True) as parent:
        command = cli.get_command(parent, name)
        return command.get_help(click.Context(command, parent, name)) if command else ""


def _session_hint(name: str) -> str:
    from timer_app.core.diagnostics import command_text, quoted

    return _("there is no command {name}; did you mean `{command}`?").format(
        name=quoted(name), command=command_text("run", name)
    )


def _is_session(name: str) -> bool:
    from timer_app.library import Library

    return Path(name).suffix == ".toml" or any(f"/{one}".endswith(f"/{name}") for one in Library.default().ids())


@click.group(cls=_LazyGroup, invoke_without_command=True, context_settings=_HELP, epilog=_EXAMPLES)
@click.version_option(__version__, prog_name=PROGRAM)
@click.pass_context
def cli(context: click.Context) -> int | None:
    """A guided exercise coach for the terminal.

    Without a command it opens the list of sessions.
    """
    context.obj = SUMMARIES, describe_command
    if context.invoked_subcommand is not None:
        return None
    from timer_app.cli.screens import open_library

    return open_library()
