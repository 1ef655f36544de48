"""Exports records as lines of JSON and imports them; importing the same lines twice changes nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from timer_app.history.database import transaction
from timer_app.history.run_log import sha256
from timer_app.history.writer import PART_TABLES, PRIMARY_KEYS, HistoryRow, write_rows

FORMAT_VERSION = 1
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_HEADER = {"timer-app": "history", "format": FORMAT_VERSION}


class TransferError(Exception):
    """A line cannot be imported.

    Attributes:
        line: Its number, from 1.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class ImportCounts(NamedTuple):
    """How many records were new, how many replaced an earlier state, and how many were known already."""

    new: int
    changed: int
    known: int


def export_lines(base: sqlite3.Connection) -> Iterator[str]:
    """A header line, then a line for every record, oldest first."""
    yield _json_line(_HEADER)
    exported_texts: set[str] = set()
    for record in base.execute("SELECT * FROM records ORDER BY started_ms, id"):
        sha = record["text_sha256"]
        text = (
            None
            if sha in exported_texts
            else base.execute("SELECT text FROM texts WHERE sha256 = ?", (sha,)).fetchone()
        )
        exported_texts.add(sha)
        parts = {table: _parts(base, table, record["id"]) for table in PART_TABLES}
        yield _json_line({"record": dict(record), **({"text": text["text"]} if text else {}), **parts})


def import_lines(base: sqlite3.Connection, lines: Iterable[str], busy: Iterable[str] = ()) -> ImportCounts:
    """Import all lines or, if one of them is faulty, none.

    A later state of a known record replaces it; an earlier or the same state changes nothing.

    Args:
        base: The history, open for writing.
        lines: As `export_lines` writes them.
        busy: Ids of records that are being written now; they are not changed.

    Raises:
        TransferError: A line is faulty.
        sqlite3.Error: The file cannot be written.
    """
    counts = {"new": 0, "changed": 0, "known": 0}
    busy_ids = set(busy)
    with transaction(base):
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            found = _parse_line(number, line)
            if number == 1:
                _check_header(found)
            else:
                counts[_import_record(base, number, found, busy_ids)] += 1
    return ImportCounts(**counts)


def _json_line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _parts(base: sqlite3.Connection, table: str, record_id: str) -> list[dict[str, Any]]:
    order = PRIMARY_KEYS[table][1]
    rows = base.execute(f"SELECT * FROM {table} WHERE record = ? ORDER BY {order}", (record_id,))  # noqa: S608 - names of ours
    return [{name: row[name] for name in row.keys() if name != "record"} for row in rows]  # noqa: SIM118 - a row is no dict


def _parse_line(number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise TransferError(number, "is no object in JSON; `timer-app history export` writes one in each line")
    return found


def _check_header(found: dict[str, Any]) -> None:
    if found.get("timer-app") != "history":
        raise TransferError(1, "does not say that this is a history; `timer-app history export` writes such files")
    if found.get("format") != FORMAT_VERSION:
        raise TransferError(
            1, f"has the format {found.get('format')!r}; this version of timer-app knows format {FORMAT_VERSION}"
        )


def _import_record(base: sqlite3.Connection, number: int, found: dict[str, Any], busy_ids: set[str]) -> str:
    try:
        return _merge(base, found, busy_ids)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TransferError(number, f"is no whole record: {_reason(error)}") from None
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.OperationalError) and "no column" not in str(error):
            raise
        raise TransferError(number, f"is no whole record: {error}") from None


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _merge(base: sqlite3.Connection, found: dict[str, Any], busy_ids: set[str]) -> str:
    record = found["record"]
    record_id, changed_ms = record["id"], record["changed_ms"]
    if not isinstance(record_id, str) or not _ID.fullmatch(record_id):
        raise ValueError("its id is not made of letters, digits and hyphens")
    if "text" in found:  # later records may have the same one
        write_rows(base, [HistoryRow("texts", {"sha256": sha256(found["text"]), "text": found["text"]})])
    there = base.execute("SELECT changed_ms FROM records WHERE id = ?", (record_id,)).fetchone()
    if record_id in busy_ids or (there and there["changed_ms"] >= changed_ms):
        return "known"
    base.execute("DELETE FROM records WHERE id = ?", (record_id,))
    write_rows(base, _rows(found, record))
    return "changed" if there else "new"


def _rows(found: dict[str, Any], record: dict[str, Any]) -> Iterator[HistoryRow]:
    yield HistoryRow("records", _with_its_time(_checked(record)))
    for table in PART_TABLES:
        for part in found[table]:
            yield HistoryRow(table, {"record": record["id"], **_checked(part)})


def _with_its_time(record: dict[str, Any]) -> dict[str, Any]:
    """The record with at least the time of its work: versions before exported less of a run that was cut off."""
    needed_ms = record["paused_ms"] + record["work_ms"]
    return {**record, "spent_ms": max(record["spent_ms"], needed_ms)}


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values, if their names are safe to put into a statement; the tables check the values themselves."""
    if unsafe := next((name for name in values if not re.fullmatch(r"[a-z_0-9]+", name)), None):
        raise ValueError(f"{unsafe!r} is no name of a column")
    if "record" in values:
        raise ValueError("a part of it names a record")
    return values
