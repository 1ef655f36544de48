"""What was done, as a table, for other programs, to another computer, and forgotten."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import click

from timer_app.cli.context import new_file
from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.output import echo, echo_error, echo_lines, format_table, is_terminal, terminal_width
from timer_app.core.diagnostics.problems import nearest, printable, quoted
from timer_app.core.text.format import count_text, length_text
from timer_app.history import database as running
from timer_app.history import report as telling
from timer_app.history.database import HistoryError, damaged_files, error_text, open_to_read, open_to_write, wrap_errors
from timer_app.history.store import RecordSummary, Store
from timer_app.history.transfer import TransferError, export_lines, import_lines
from timer_app.history.views import VIEWS, HistoryView, NamedView, Period, RecordedSession, recorded_sessions
from timer_app.system import paths

DEFAULT_COUNT = 20
_MIN_ID_CHARS = 4
_SHOWN_ID_CHARS = 8
OutputFormat = Literal["table", "json", "csv"]


def show_history(since: datetime | None, limit: int | None, form: OutputFormat) -> None:
    """Print the records, newest first.

    Args:
        since: Only those that began then or later.
        limit: How many at most; `None` for all.
        form: As what.
    """
    with _history_errors():
        entries = _store().entries(since, limit)
    if form == "json":
        echo(json.dumps([_as_json(entry) for entry in entries], ensure_ascii=False, indent=2))
    elif form == "csv":
        echo(_as_csv(entries).rstrip("\n"))
    elif entries:
        echo_lines(format_table([_HEADING, *map(_row, entries)], width=terminal_width()))
    else:
        echo("Nothing was done yet." if since is None else "Nothing was done since.")


def show_stats(names: Sequence[str], since: datetime | None, session: str | None) -> None:
    """Print views in words: a title, a sentence, and the figures line by line.

    Args:
        names: Which views; none for all.
        since: Only what was done on that day or later; the last twelve weeks if `None`.
        session: Only what was done in the session with that name or id.
    """
    store, today = _store(), datetime.now().astimezone().date()
    with _history_errors():
        scope = Period(today, first=since.date() if since else None)
        if session is not None:
            found = _find_recorded_session(store, session)
            scope = replace(scope, session=found.session, name=found.name)
        wanted = [view for view in VIEWS if view.id in names or not names]
        for number, view in enumerate(wanted):
            _print_view(view, store.query(partial(view.load, period=scope)), is_first=number == 0)


def export_history(file: Path, *, force: bool) -> None:
    """Write every record into a file, complete or not at all."""
    count, path = -1, paths.history_file()
    with (
        _history_errors(),
        closing(open_to_read(path)) as base,
        wrap_errors(path),
        new_file(file, force=force) as target,
    ):
        Path(target.name).chmod(0o600)  # as private as the history itself
        for line in export_lines(base):
            target.write(f"{line}\n".encode())
            count += 1
    echo(f"{count_text(count, 'record')} written to {file}.")


def import_history(file: Path) -> None:
    """Take in the records of a file, all or none."""
    path = paths.history_file()
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise CommandError(f"{PROGRAM}: {file} cannot be read: {reason.lower()}") from None
    with _history_errors(), closing(open_to_write(path)) as base, wrap_errors(path):
        unfinished = base.execute("SELECT id FROM records WHERE ending = 'running'").fetchall()
        busy = [row["id"] for row in unfinished if running.is_being_written(path, row["id"])]
        try:
            taken = import_lines(base, lines, busy)
        except TransferError as error:
            raise CommandError(f"{PROGRAM}: {file}:{error.line}: {error}; nothing was taken in") from None
    echo(f"{count_text(taken.new, 'record')} added, {taken.changed} brought up to date, {taken.known} there already.")


def forget_history(start: str | None, before: datetime | None, *, everything: bool, sure: bool) -> None:
    """Delete records for good, once the user is sure.

    Args:
        start: The beginning of a record's id.
        before: Delete those that began earlier.
        everything: Delete all of them, and damaged files that were set aside.
        sure: Do not ask.
    """
    if sum((start is not None, before is not None, everything)) != 1:
        raise CommandError(f"{PROGRAM} history forget: say what: the id of a record, --before DAY, or --all", USAGE)
    store = _store()
    with _history_errors():
        ids = _selected_ids(store, start, before)
        aside = damaged_files(store.path) if everything else []
        if not ids and not aside:
            echo("There is nothing to forget.")
            return
        if not sure:
            _confirm(_confirmation_text(len(ids), len(aside)))
        count = store.forget(ids)
        for path in aside:
            path.unlink(missing_ok=True)
    echo(f"{count_text(count, 'record')} forgotten.")


def _find_recorded_session(store: Store, name: str) -> RecordedSession:
    known = store.query(recorded_sessions)
    for one in known:
        if name.casefold() in (one.session.casefold(), one.name.casefold()):
            return one
    close = nearest(name, [one.session for one in known])
    hint = f"; did you mean {quoted(close)}?" if close else ""
    raise CommandError(f"{PROGRAM} history stats: nothing of {quoted(name)} was done yet{hint}", USAGE)


def _print_view(view: NamedView, found: HistoryView, *, is_first: bool) -> None:
    if not is_first:
        echo("")
    echo(view.title)
    echo(printable(telling.sentence(found)))
    echo_lines(f"  {printable(line)}" for line in telling.lines(found))


_HEADING = ("ID", "WHEN", "SESSION", "ENDING", "ACTIVE", "WORK", "REPS", "PAIN")


def _store() -> Store:
    return Store(paths.history_file())


def _selected_ids(store: Store, start: str | None, before: datetime | None) -> list[str]:
    if start is None:
        return store.ids_before(before) if before else [entry.id for entry in store.entries()]
    found = store.ids_starting_with(start) if len(start) >= _MIN_ID_CHARS else []
    if len(found) == 1:
        return found
    if len(start) < _MIN_ID_CHARS:
        reason = f"write at least {_MIN_ID_CHARS} characters of the id"
    else:
        reason = f"{len(found)} records begin like that" if found else "there is no such record"
    raise CommandError(f"{PROGRAM} history forget: {quoted(start)}: {reason}; `timer-app history` shows the ids", USAGE)


def _confirmation_text(count: int, aside: int) -> str:
    files = f" and {count_text(aside, 'damaged file')} set aside" if aside else ""
    return f"Delete {count_text(count, 'record')}{files} for good?"


def _confirm(question: str) -> None:
    """Go on if the user says yes.

    Raises:
        CommandError: Nobody can be asked.
        click.Abort: The user says no.
    """
    if not is_terminal(sys.stdin):
        raise CommandError(f"{PROGRAM} history forget: {question} Nobody can be asked here; --yes answers it", USAGE)
    if not click.confirm(question, err=True):
        echo_error("Nothing was deleted.")
        raise click.Abort


@contextmanager
def _history_errors() -> Iterator[None]:
    try:
        yield
    except HistoryError as error:
        raise CommandError(f"{PROGRAM}: {error_text(error)}") from None


def _row(entry: RecordSummary) -> tuple[str, ...]:
    return (
        entry.id[:_SHOWN_ID_CHARS],
        f"{entry.started:%Y-%m-%d %H:%M}",
        printable(entry.name),
        entry.ending_text,
        length_text(entry.active_ms),
        length_text(entry.work_ms),
        str(entry.reps or ""),
        _pain(entry),
    )


def _pain(entry: RecordSummary) -> str:
    if entry.pain_before is None:
        return ""
    return f"{entry.pain_before:g}" if entry.pain_after is None else f"{entry.pain_before:g} -> {entry.pain_after:g}"


def _as_json(entry: RecordSummary) -> dict[str, object]:
    return {**asdict(entry), "started": entry.started.isoformat()}


def _as_csv(entries: list[RecordSummary]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(RecordSummary.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_as_json, entries))
    return text.getvalue()
