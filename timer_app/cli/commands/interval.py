"""`timer-app interval`: runs intervals of work and rest at once, without a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from timer_app.cli.commands.new import write_new_session
from timer_app.cli.commands.run import run
from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples, run_options
from timer_app.cli.output import echo
from timer_app.cli.parameters import STANDARD_OUTPUT, DurationParam, NewFileParam, WholeNumberRange
from timer_app.cli.resources import load_settings_quietly
from timer_app.core.constraints import MAX_INTERVAL_ROUNDS
from timer_app.core.diagnostics import command_text
from timer_app.core.i18n import _


@click.command(
    epilog=examples(
        'interval --work 30 --rest 10 --rounds 8 "Squats, Push-ups"',
        "interval --work 20 --rest 10 --rounds 8",
        'interval --work 45 --rest 15 --rounds 3 --save circuit.toml "Squats, Rows, Plank"',
    )
)
@click.argument("names", metavar="[NAMES]", required=False, default="")
@click.option("--work", "work_ms", type=DurationParam(), default="30", metavar="TIME", help="Of each; 30 s.")
@click.option("--rest", "rest_ms", type=DurationParam(), default="10", metavar="TIME", help="The rest between; 10 s.")
@click.option("--rounds", type=WholeNumberRange(1, MAX_INTERVAL_ROUNDS), default=8, help="How many rounds; 8.")
@click.option(
    "--prepare", "prepare_ms", type=DurationParam(), default="10", metavar="TIME", help="To get ready first; 10 s."
)
@click.option(
    "--save", type=NewFileParam(), metavar="FILE", help='Write it into FILE and do not run it; "-" is standard output.'
)
@run_options
@click.pass_context
def interval(  # noqa: PLR0913 - the options of the command
    context: click.Context,
    /,
    names: str,
    *,
    work_ms: int,
    rest_ms: int,
    rounds: int,
    prepare_ms: int,
    save: Path | None,
    **options: Any,
) -> int:
    """Run intervals of work and rest at once.

    NAMES are the exercises of a round, with commas between them. Every time is as given: 30, 30s or 1:30. With --save a
    session is written instead. The exit status is that of `run`.
    """
    if options["resume"]:
        raise click.UsageError(
            _("intervals are not taken up again by --resume here; `timer-app run --resume` does that.")
        )
    from timer_app.core.fields import NotationError
    from timer_app.library import presets

    load_settings_quietly()
    try:
        text = presets.checked_interval_text(names, work_ms, rest_ms, rounds, prepare_ms)
    except NotationError as error:
        raise CommandError(f"{PROGRAM} interval: {error}", USAGE) from None
    if save is not None:
        write_new_session(save, text)
        if save != STANDARD_OUTPUT:
            echo(_("Wrote {save}. Start it with: {command}").format(save=save, command=command_text("run", str(save))))
        return 0
    try:
        path = presets.keep_intervals(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(
            f"{PROGRAM} interval: " + _("they cannot be written down: {reason}").format(reason=reason)
        ) from None
    status: int = context.invoke(run, name=str(path), **options)
    return status
