"""Exports records as lines of JSON and imports them; importing the same lines twice changes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from timer_app.core.diagnostics import quoted
from timer_app.core.i18n import _
from timer_app.history.bounds import check_days, check_row, check_text, exportable
from timer_app.history.database import transaction
from timer_app.history.run_log import sha256
from timer_app.history.writer import PART_TABLES, PRIMARY_KEYS, HistoryRow, write_rows

FORMAT_VERSION = 1
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
        yield _json_line({"record": exportable(dict(record)), **({"text": text["text"]} if text else {}), **parts})


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
    return [exportable({name: row[name] for name in row.keys() if name != "record"}) for row in rows]  # noqa: SIM118 - a row is no dict


def _parse_line(number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise TransferError(number, _("is no object in JSON; `timer-app history export` writes one in each line"))
    return found


def _check_header(found: dict[str, Any]) -> None:
    if found.get("timer-app") != "history":
        raise TransferError(1, _("does not say that this is a history; `timer-app history export` writes such files"))
    if found.get("format") != FORMAT_VERSION:
        raise TransferError(
            1,
            _("has the format {format}; this version of timer-app knows format {known}").format(
                format=quoted(found.get("format")), known=FORMAT_VERSION
            ),
        )


def _import_record(base: sqlite3.Connection, number: int, found: dict[str, Any], busy_ids: set[str]) -> str:
    try:
        return _merge(base, found, busy_ids)
    except ValueError as error:
        raise TransferError(number, _("is no whole record: {error}").format(error=error)) from None
    except sqlite3.IntegrityError as error:  # no table holds it, such as a record whose text is in no line
        raise TransferError(number, _("is no whole record: {error}").format(error=error)) from None


def _merge(base: sqlite3.Connection, found: dict[str, Any], busy_ids: set[str]) -> str:
    record, parts = _checked(found)
    record = _mended(record, _device(base))
    record_id = record["id"]
    if "text" in found:  # later records may have the same one
        text = check_text(found["text"])
        write_rows(base, [HistoryRow("texts", {"sha256": sha256(text), "text": text})])
    there = base.execute("SELECT changed_ms FROM records WHERE id = ?", (record_id,)).fetchone()
    if record_id in busy_ids or (there and there["changed_ms"] >= record["changed_ms"]):
        return "known"
    base.execute("DELETE FROM records WHERE id = ?", (record_id,))
    rows = (HistoryRow(table, {"record": record_id, **part}) for table in PART_TABLES for part in parts[table])
    write_rows(base, [HistoryRow("records", record), *rows])
    # An earlier version wrote words of the language of the run.
    base.execute("UPDATE answers SET area = area_key(key, area) WHERE record = ? AND area <> ''", (record_id,))
    return "changed" if there else "new"


def _checked(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The record of a line and its parts by table, with every value in its bounds."""
    if missing := next((name for name in ("record", *PART_TABLES) if name not in found), None):
        raise ValueError(_("'{missing}' is missing").format(missing=missing))
    if wrong := next((table for table in PART_TABLES if not isinstance(found[table], list)), None):
        raise ValueError(_("{wrong} is no list").format(wrong=wrong))
    record = check_row("records", found["record"])
    parts = {table: [check_row(table, part) for part in found[table]] for table in PART_TABLES}
    check_days(record, parts)
    return record, parts


def _mended(record: dict[str, Any], device: str) -> dict[str, Any]:
    """The record without what an import cannot know or an earlier version counted wrongly."""
    mended = dict(record)
    if record["ending"] == "running" and record["device"] == device:
        mended["ending"] = "broken off"  # only what this computer wrote itself may be resumed
    mended["spent_ms"] = max(record["spent_ms"], record["paused_ms"] + record["work_ms"])
    return mended


def _device(base: sqlite3.Connection) -> str:
    return str(base.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()["value"])
