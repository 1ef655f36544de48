"""`timer-app history`: shows records and statistics, exports, imports and deletes records."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, fields, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import AS_JSON, examples, untranslated
from timer_app.cli.output import echo, echo_json, echo_lines
from timer_app.cli.parameters import STANDARD_OUTPUT, DayParam, NewFileParam, WholeNumberRange
from timer_app.cli.resources import confirm, load_settings_quietly, new_file, upgrade_history
from timer_app.cli.tables import Column, echo_table
from timer_app.core.constraints import HISTORY_VIEWS, MAX_LISTED
from timer_app.core.diagnostics import FileFault, first_line, nearest, quoted
from timer_app.core.diagnostics.safe_text import csv_cell
from timer_app.core.i18n import N_, _
from timer_app.core.wording.formatting import count_text, length_text
from timer_app.settings import coach_language
from timer_app.system import paths
from timer_app.system.files import read_stream_text, read_text

if TYPE_CHECKING:
    from timer_app.history import RecordSummary, Store
    from timer_app.history.views import HistoryView, NamedView, RecordedSession

_HEADING = (
    *(N_("ID"), N_("WHEN"), N_("SESSION"), N_("ENDING"), N_("ACTIVE"), N_("WORK")),
    *(N_("REPS"), N_("PAIN")),
)
_COLUMNS = (
    Column("bright_black"),
    Column(),
    Column("bold", wraps=True),
    Column(wraps=True),
    *[Column("cyan", right=True)] * 3,
    Column(),
)
_DEFAULT_COUNT = 20
_MIN_ID_CHARS = 4
_SHOWN_ID_CHARS = 8
_MAX_IMPORT_BYTES = 1_000_000_000  # far more than a life of training


@click.group(
    invoke_without_command=True,
    epilog=examples("history --since 30d", "history stats weeks pain", "history export mine.jsonl"),
)
@click.option(
    "--since", type=DayParam(), metavar="DAY", help="Only from that day on: 2026-03-01, or 30d for 30 days back."
)
@click.option(
    "--last", "count", type=WholeNumberRange(1, MAX_LISTED), metavar="NUMBER", help="Only so many; usually 20."
)
@AS_JSON
@click.option("--csv", "as_csv", is_flag=True, callback=untranslated, help="As CSV, for a spreadsheet.")
@click.pass_context
def history(
    context: click.Context, /, since: datetime | None, count: int | None, *, as_json: bool, as_csv: bool
) -> None:
    """Show what was done, newest first.

    The table has the latest 20 records; --since, --json and --csv give all of them. ACTIVE is the time without pauses,
    WORK how much of it was work.
    """
    upgrade_history()
    if context.invoked_subcommand != "forget":
        _finish_forgetting()
    if context.invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise click.UsageError(_("--json and --csv exclude each other."))
    if count is None and not (since or as_json or as_csv):
        count = _DEFAULT_COUNT
    with _history_errors():
        records = _store().entries(since, count)
    if as_json:
        echo_json([_as_json(record) for record in records])
    elif as_csv:
        echo_lines(_as_csv(records).splitlines())
    elif records:
        echo_table([tuple(map(_, _HEADING)), *map(_row, records)], _COLUMNS)
    else:
        echo(_("Nothing was done yet.") if since is None else _("Nothing was done since."))


@history.command("stats")
@click.argument("views", type=click.Choice(HISTORY_VIEWS), metavar="[VIEWS]...", nargs=-1)
@click.option("--since", type=DayParam(), metavar="DAY", help="Only from that day on; usually the last twelve weeks.")
@click.option("--session", metavar="NAME", help="Only what was done in that session.")
def show_stats(views: tuple[str, ...], since: datetime | None, session: str | None) -> None:
    """Tell in plain words what was done over time.

    VIEWS are some of calendar, weeks, exercises, pain and bests; all of them without one. Bests are always of all the
    time and of every session.
    """
    from timer_app.history.views import VIEWS, Period

    store, today = _store(), datetime.now().astimezone().date()
    with _history_errors():
        period = Period(today, first=since.date() if since else None, language=store.language)
        if session is not None:
            found = _find_recorded_session(store, session)
            period = replace(period, session=found.session, name=found.name)
        wanted = [view for view in VIEWS if view.id in views or not views]
        for number, view in enumerate(wanted):
            _print_view(view, store.query(partial(view.load, period=period)), is_first=number == 0)


@history.command("export")
@click.argument("file", type=NewFileParam())
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def export_history(file: Path, *, force: bool) -> None:
    """Write every record into FILE, a line of JSON each. "-" is standard output."""
    from timer_app.history.database import open_to_read, wrap_errors
    from timer_app.history.exports import remembered_export
    from timer_app.history.transfer import export_lines

    count, path = -1, paths.history_file()
    with (
        _history_errors(),
        remembered_export(path) as remember,
        new_file(file, force=force) as target,  # what cannot be written there is no fault of the history
        closing(open_to_read(path)) as base,
        wrap_errors(path),
    ):
        if file != STANDARD_OUTPUT:
            remember(Path(target.name))
            Path(target.name).chmod(0o600)  # as private as the history itself
        for line in export_lines(base):
            target.write(f"{line}\n".encode())
            count += 1
    if file != STANDARD_OUTPUT:
        echo(_("{records} written to {file}.").format(records=count_text(count, "record"), file=file))


@history.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def import_history(file: Path) -> None:
    """Take in the records of FILE that are new or later. "-" is standard input.

    Twice is the same as once, so the histories of two computers can be brought together.
    """
    from timer_app.history.database import is_being_written, open_to_write, wrap_errors
    from timer_app.history.transfer import TransferError, import_lines

    shown = _("standard input") if file == STANDARD_OUTPUT else str(file)
    path, lines = paths.history_file(), _exported_lines(file, shown)
    with _history_errors(), closing(open_to_write(path)) as base, wrap_errors(path):
        unfinished = base.execute("SELECT id FROM records WHERE ending = 'running'").fetchall()
        busy = [row["id"] for row in unfinished if is_being_written(path, row["id"])]
        try:
            taken = import_lines(base, lines, busy)
        except TransferError as error:
            raise CommandError(
                f"{PROGRAM}: "
                + _("{file}:{line}: {error}; nothing was taken in").format(file=shown, line=error.line, error=error)
            ) from None
    text = _("{records} added, {changed} brought up to date, {known} there already.")
    echo(text.format(records=count_text(taken.new, "record"), changed=taken.changed, known=taken.known))


def _exported_lines(file: Path, shown: str) -> list[str]:
    """The lines of a file, or of standard input.

    Raises:
        CommandError: It cannot be read, is too large, or no text.
    """
    try:
        if file != STANDARD_OUTPUT:
            return read_text(file, largest=_MAX_IMPORT_BYTES).split("\n")
        return read_stream_text(sys.stdin.buffer, shown, largest=_MAX_IMPORT_BYTES).split("\n")
    except FileNotFoundError:
        raise CommandError(
            f"{PROGRAM}: " + _("{file} cannot be read: no such file or directory").format(file=file)
        ) from None
    except FileFault as fault:
        raise CommandError(f"{PROGRAM}: {first_line(fault)}") from None


@history.command("forget")
@click.argument("record", metavar="[ID]", required=False)
@click.option("--before", type=DayParam(), metavar="DAY", help="All records that were begun before that day.")
@click.option("--all", "everything", is_flag=True, help="All records, and damaged files that were set aside.")
@click.option("--yes", "sure", is_flag=True, help="Do not ask.")
def forget_records(record: str | None, before: datetime | None, *, everything: bool, sure: bool) -> None:
    """Delete records for good.

    ID is the beginning of an id that `timer-app history` shows. Nothing is left of what is deleted.
    """
    from timer_app.history.database import damaged_files

    if sum((record is not None, before is not None, everything)) != 1:
        raise CommandError(
            f"{PROGRAM} history forget: " + _("say what: the id of a record, --before DAY, or --all"),
            USAGE,
        )
    store = _store()
    with _history_errors():
        if store.finish_forgetting():
            echo(_("What was forgotten before had left traces; they are gone now."))
        ids = _selected_ids(store, record, before)
        aside = damaged_files(store.path) if everything else []
        if not ids and not aside:
            echo(_("There is nothing to forget."))
            return
        if not sure:
            confirm(f"{PROGRAM} history forget", _confirmation_text(len(ids), len(aside)), _("Nothing was deleted."))
        count = store.forget(ids, aside)
    echo(_("{records} forgotten.").format(records=count_text(count, "record")))


def _finish_forgetting() -> None:
    """Remove traces of what was forgotten; they are still remembered where that cannot be done now."""
    from timer_app.history.database import HistoryError

    with suppress(HistoryError):
        _store().finish_forgetting()


def _find_recorded_session(store: Store, name: str) -> RecordedSession:
    from timer_app.history.views import recorded_sessions

    known = store.query(recorded_sessions)
    for one in known:
        if name.casefold() in (one.session.casefold(), one.name.casefold()):
            return one
    close = nearest(name, [one.session for one in known])
    text = _("nothing of {name} was done yet; did you mean {close}?") if close else _("nothing of {name} was done yet")
    raise CommandError(f"{PROGRAM} history stats: {text.format(name=quoted(name), close=quoted(close or ''))}", USAGE)


def _print_view(view: NamedView, found: HistoryView, *, is_first: bool) -> None:
    from timer_app.history import report

    if not is_first:
        echo("")
    echo(_(view.title))
    echo(report.sentence(found))
    echo_lines(f"  {line}" for line in report.lines(found))


def _store() -> Store:
    from timer_app.history import Store

    return Store(paths.history_file(), coach_language(load_settings_quietly()))


def _selected_ids(store: Store, start: str | None, before: datetime | None) -> list[str]:
    if start is None:
        return store.ids_before(before) if before else [entry.id for entry in store.entries()]
    found = store.ids_starting_with(start) if len(start) >= _MIN_ID_CHARS else []
    if len(found) == 1:
        return found
    if len(start) < _MIN_ID_CHARS:
        reason = _("write at least {count} characters of the id").format(count=_MIN_ID_CHARS)
    else:
        reason = (
            _("{count} records begin like that").format(count=len(found)) if found else _("there is no such record")
        )
    raise CommandError(
        f"{PROGRAM} history forget: "
        + _("{start}: {reason}; `timer-app history` shows the ids").format(start=quoted(start), reason=reason),
        USAGE,
    )


def _confirmation_text(count: int, aside: int) -> str:
    text = _("Delete {records} and {files} set aside for good?") if aside else _("Delete {records} for good?")
    return text.format(records=count_text(count, "record"), files=count_text(aside, "damaged file"))


@contextmanager
def _history_errors() -> Iterator[None]:
    from timer_app.history.database import HistoryError, error_text

    try:
        yield
    except HistoryError as error:
        raise CommandError(f"{PROGRAM}: {error_text(error)}") from None


def _row(record: RecordSummary) -> tuple[str, ...]:
    return (
        record.id[:_SHOWN_ID_CHARS],
        f"{record.started:%Y-%m-%d %H:%M}",
        record.name,
        record.ending_text,
        length_text(record.active_ms),
        length_text(record.work_ms),
        str(record.reps or ""),
        _pain(record),
    )


def _pain(record: RecordSummary) -> str:
    return " -> ".join(f"{pain:g}" for pain in (record.pain_before, record.pain_after) if pain is not None)


def _as_json(record: RecordSummary) -> dict[str, object]:
    return {**asdict(record), "started": record.started.isoformat()}


def _as_csv(records: list[RecordSummary]) -> str:
    from timer_app.history import RecordSummary

    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(RecordSummary)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: csv_cell(value) if isinstance(value, str) else value for name, value in _as_json(record).items()}
        for record in records
    )
    return text.getvalue()
