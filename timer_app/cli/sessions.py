"""The commands that have to do with sessions: run, export, list, show, check, new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from timer_app.cli.options import (
    AS_JSON,
    DOSE,
    LANGUAGE,
    LEVEL,
    PITCH,
    RATE,
    SEED,
    VERBOSITY,
    export_options,
    reject_level_with_dose,
    run_options,
)
from timer_app.cli.parameters import SessionParam, VoiceParam


@click.command()
@click.argument("name", type=SessionParam(), metavar="NAME", required=False)
@run_options
@click.pass_context
def run(context: click.Context, /, name: str | None, *, plain: bool, resume: bool, **options: Any) -> int:
    """Run a session.

    NAME is one that `list` shows, or a path.

    The exit status is 0 when it was finished, 1 for a fault, 2 for a wrong call, 130 when it was given up, and
    128 + n when signal n ended it.
    """
    if name is None and not resume:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    reject_level_with_dose(options["level"], options["dose"])
    from timer_app.cli.commands.run import run_session

    return run_session(name, plain=plain, resume=resume, options=options)


@click.command()
@click.argument("name", type=SessionParam())
@click.argument("file", type=click.Path(path_type=Path))
@export_options
def export(name: str, file: Path, *, captions: bool, cue_sheet: bool, force: bool, **options: Any) -> None:
    """Write a session into a sound file.

    NAME is one that `list` shows, or a path. The ending of FILE says which kind of file: .m4a, .mp3, .opus, .flac or
    .wav. It holds what a run would play, with a chapter for each step.
    """
    from timer_app.cli.commands.export import export_session, export_targets

    targets = export_targets(file, captions=captions, cue_sheet=cue_sheet, force=force)
    export_session(name, targets, options)


@click.command("list")
@click.option("--exercises", is_flag=True, help="The exercises of the catalogue instead.")
def list_(*, exercises: bool) -> None:
    """List the sessions: shipped ones and your own."""
    from timer_app.cli.commands import list as listing

    listing.list_exercises() if exercises else listing.list_sessions()


@click.command()
@click.argument("name", type=SessionParam())
@LEVEL
@DOSE
@SEED
@click.option("--voice", type=VoiceParam(), help="With its true lengths, as a run has them; else estimated.")
@RATE
@PITCH
@LANGUAGE
@VERBOSITY
@click.option("--cues", is_flag=True, help="Also every spoken line and sound, and the lines that find no room.")
@AS_JSON
def show(name: str, *, cues: bool, as_json: bool, **options: Any) -> None:
    """Show what happens when in a session."""
    reject_level_with_dose(options["level"], options["dose"])
    from timer_app.cli.commands.show import ShowOptions, show_session

    show_session(name, ShowOptions(**options), cues=cues, as_json=as_json)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SessionParam())
@AS_JSON
def check(files: tuple[str, ...], *, as_json: bool) -> int:
    """List the faults of files.

    FILE is a session, exercises, a programme, a translation or settings.

    The exit status is 1 if there is an error; warnings do not count.
    """
    from timer_app.cli.commands.check import check_files

    return check_files(files, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a session to start from.

    It has a commented step of each kind. FILE must not be there yet.
    """
    from timer_app.cli.commands.check import new_session

    new_session(file)
