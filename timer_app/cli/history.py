"""`timer-app history` and what can be done with the records."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from timer_app.cli.options import AS_JSON
from timer_app.cli.parameters import CommandGroup, DayParam, WholeNumberRange
from timer_app.core.ranges import HISTORY_VIEWS, MAX_LISTED


@click.group(cls=CommandGroup, invoke_without_command=True)
@click.option(
    "--since", type=DayParam(), metavar="DAY", help="Only from that day on: 2026-03-01, or 30d for 30 days back."
)
@click.option(
    "--last", "count", type=WholeNumberRange(1, MAX_LISTED), metavar="NUMBER", help="Only so many; usually 20."
)
@AS_JSON
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet.")
@click.pass_context
def history(
    context: click.Context, /, since: datetime | None, count: int | None, *, as_json: bool, as_csv: bool
) -> None:
    """Show what was done, newest first.

    The table has the latest 20 records; --since, --json and --csv give all of them. ACTIVE is the time without pauses,
    WORK how much of it was work.
    """
    if context.invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    from timer_app.cli.commands.history import DEFAULT_COUNT, show_history

    if count is None and not (since or as_json or as_csv):
        count = DEFAULT_COUNT
    show_history(since, count, "json" if as_json else "csv" if as_csv else "table")


@history.command("stats")
@click.argument("views", type=click.Choice(HISTORY_VIEWS), metavar="[VIEWS]...", nargs=-1)
@click.option("--since", type=DayParam(), metavar="DAY", help="Only from that day on; usually the last twelve weeks.")
@click.option("--session", metavar="NAME", help="Only what was done in that session.")
def history_stats(views: tuple[str, ...], since: datetime | None, session: str | None) -> None:
    """Tell in plain words what was done over time.

    VIEWS are some of calendar, weeks, exercises, pain and bests; all of them without one. Bests are always of all the
    time and of every session.
    """
    from timer_app.cli.commands.history import show_stats

    show_stats(views, since, session)


@history.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def history_export(file: Path, *, force: bool) -> None:
    """Write every record into FILE, a line of JSON each."""
    from timer_app.cli.commands import history as histories

    histories.export_history(file, force=force)


@history.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def history_import(file: Path) -> None:
    """Take in the records of FILE that are new or later.

    Twice is the same as once, so the histories of two computers can be brought together.
    """
    from timer_app.cli.commands import history as histories

    histories.import_history(file)


@history.command("forget")
@click.argument("record", metavar="[ID]", required=False)
@click.option("--before", type=DayParam(), metavar="DAY", help="All records that were begun before that day.")
@click.option("--all", "everything", is_flag=True, help="All records, and damaged files that were set aside.")
@click.option("--yes", "sure", is_flag=True, help="Do not ask.")
def history_forget(record: str | None, before: datetime | None, *, everything: bool, sure: bool) -> None:
    """Delete records for good.

    ID is the beginning of an id that `timer-app history` shows. Nothing is left of what is deleted.
    """
    from timer_app.cli.commands import history as histories

    histories.forget_history(record, before, everything=everything, sure=sure)
