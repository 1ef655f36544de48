"""`timer-app today` and `timer-app programme`."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import click

from timer_app.cli.options import AS_JSON
from timer_app.cli.parameters import CommandGroup, DayParam, ProgrammeParam, TimeOfDayParam, WholeNumberRange


@click.command()
@AS_JSON
def today(*, as_json: bool) -> None:
    """Show what the programme that you follow wants today."""
    from timer_app.cli.commands.programme import show_today

    show_today(as_json=as_json)


@click.group(cls=CommandGroup)
def programme() -> None:
    """Follow a programme: sessions on certain days, for some weeks."""


@programme.command("list")
def programme_list() -> None:
    """List the programmes: shipped ones and your own."""
    from timer_app.cli.commands import programme as programmes

    programmes.list_programmes()


@programme.command("start")
@click.argument("name", type=ProgrammeParam())
@click.option(
    "--from", "begin", type=DayParam(), metavar="DAY", help="The first day, such as 2026-03-02; usually today."
)
def programme_start(name: str, begin: datetime | None) -> None:
    """Follow the programme NAME, in place of the one that is followed."""
    from timer_app.cli.commands import programme as programmes

    programmes.start_programme(name, begin)


@programme.command("stop")
def programme_stop() -> None:
    """Follow no programme any more."""
    from timer_app.cli.commands import programme as programmes

    programmes.stop_programme()


@programme.command("show")
@click.argument("name", type=ProgrammeParam(), required=False)
def programme_show(name: str | None) -> None:
    """Show the weeks of a programme.

    Without NAME, of the one that is followed, with what was done.
    """
    from timer_app.cli.commands import programme as programmes

    programmes.show_programme(name)


@programme.command("ics", short_help="Write what is followed into a calendar for the phone.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--at", type=TimeOfDayParam(), metavar="TIME", help="The time of day, such as 7:30; else for the whole day."
)
@click.option(
    "--remind",
    "remind_min",
    type=WholeNumberRange(0, 1_440),
    metavar="MINUTES",
    help="So long before that time the phone reminds; usually at that time. Needs --at.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def programme_calendar(file: Path, *, at: time | None, remind_min: int | None, force: bool) -> None:
    """Write the programme that is followed into FILE, a calendar for the phone."""
    if remind_min is not None and at is None:
        raise click.UsageError("--remind needs --at: an entry for the whole day has no time to remind at.")
    from timer_app.cli.commands import programme as programmes

    programmes.write_calendar(file, at, remind_min or 0, force=force)
