"""`timer-app new`: writes a session to start from, with a commented step of each kind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples
from timer_app.cli.output import echo
from timer_app.cli.parameters import STANDARD_OUTPUT, NewFileParam
from timer_app.cli.resources import load_settings_quietly, new_file
from timer_app.cli.tables import Column, echo_table
from timer_app.core.diagnostics import command_text, nearest, quoted
from timer_app.core.i18n import _
from timer_app.system.files import atomic_write


@click.command(
    epilog=examples(
        "new mine.toml", "new mine.toml --from wall-squat,cat-cow", "new --presets", "new mine.toml --from emom"
    )
)
@click.argument("file", type=NewFileParam(), required=False)
@click.option(
    "--from",
    "origins",
    multiple=True,
    metavar="NAMES",
    help="A preset, or exercises of the catalogue with commas between them, in place of a step of each kind.",
)
@click.option("--presets", is_flag=True, help="List the presets instead.")
@click.pass_context
def new(context: click.Context, file: Path | None, origins: tuple[str, ...], *, presets: bool) -> None:
    """Write a session to start from.

    It has a commented step of each kind, or what --from names. FILE must not be there yet; "-" is standard output.
    """
    load_settings_quietly()
    if presets:
        _list_presets()
        return
    if file is None:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    from timer_app.library import starter

    name = starter.session_name(file)
    text = _text_from(name, origins) if origins else starter.starter_text(name)
    write_new_session(file, text)
    if file != STANDARD_OUTPUT:
        echo(
            _("Wrote {file}. Change it as you like; start it with: {command}").format(
                file=file, command=command_text("run", str(file))
            )
        )


def write_new_session(file: Path, text: str) -> None:
    """Write a session file that is not there yet, and check it; standard output gets the text as it is.

    Raises:
        CommandError: It is there already, cannot be written, or has faults.
    """
    from timer_app.library import Library

    if file == STANDARD_OUTPUT:
        with new_file(file, force=False) as target:
            target.write(text.encode())
        return
    if os.path.lexists(file):
        raise CommandError(f"{PROGRAM}: " + _("{file} is there already; nothing was written").format(file=file))
    try:
        with atomic_write(file) as stream:
            stream.write(text.encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(
            f"{PROGRAM}: " + _("{file} cannot be written: {reason}").format(file=file, reason=reason.lower())
        ) from None
    if errors := [one for one in Library.default().check(file) if one.severity == "error"]:
        raise CommandError.from_problems(errors)


def _list_presets() -> None:
    from timer_app.library.presets import preset_summaries

    echo_table(
        [(_("PRESET"), _("WHAT IT IS")), *preset_summaries().items()], (Column("bold"), Column(wraps=True)), cut=False
    )


def _text_from(name: str, origins: Iterable[str]) -> str:
    """The text of a preset, or of a session of exercises of the catalogue.

    Raises:
        CommandError: There is no preset or exercise of a name.
    """
    from timer_app.interchange import exercise_names
    from timer_app.library import Library
    from timer_app.library.presets import exercises_text, preset_names, preset_text

    named = [part.strip() for origin in origins for part in origin.split(",") if part.strip()]
    presets = preset_names()
    slugs = {one: one.casefold().replace(" ", "-") for one in named}
    wanted = [slugs[one] if slugs[one] in presets else one for one in named]
    if len(wanted) == 1 and wanted[0] in presets:
        return preset_text(wanted[0])
    library = Library.default()
    exercises, names = library.catalogue, exercise_names(library)
    wanted = [one if one in exercises or one in presets else names.find(one) or one for one in wanted]
    for one in wanted:
        if one in presets:
            raise CommandError(
                f"{PROGRAM}: "
                + _("a preset, such as {one}, is a whole session; name it alone").format(one=quoted(one)),
                USAGE,
            )
        if one not in exercises:
            near = nearest(one, [*exercises, *presets])
            hint = (
                _("did you mean {name}?").format(name=quoted(near))
                if near
                else _("`new --presets` and `list --exercises` show them")
            )
            raise CommandError(
                f"{PROGRAM}: " + _("there is no exercise or preset {one}; {hint}").format(one=quoted(one), hint=hint),
                USAGE,
            )
    if not wanted:
        raise CommandError(f"{PROGRAM}: " + _("--from names nothing; `new --presets` shows the presets"), USAGE)
    return exercises_text(name, wanted)
