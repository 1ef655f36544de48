"""The records of the history: lists them, reads them, finds unfinished ones, and deletes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from timer_app.core.constraints import MAX_NOTE
from timer_app.core.diagnostics import printable
from timer_app.core.diagnostics.safe_text import storable
from timer_app.core.i18n import N_, _
from timer_app.core.player.recorder import Answer, Pause, SessionRecord, SetRecord, StepRecord
from timer_app.core.session import area_word
from timer_app.core.wording.formatting import question_subject
from timer_app.history import database as running
from timer_app.history.bounds import moment, read_options
from timer_app.history.database import HistoryError, open_to_read, open_to_write, transaction, wrap_errors
from timer_app.history.exports import remove_abandoned_exports
from timer_app.history.run_log import epoch_ms

RESUME_WITHIN = timedelta(hours=24)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """The summary of a record.

    Attributes:
        id: The record's id.
        session: The session's id.
        name: The session's name.
        started: When it began, in the time zone of that moment.
        ending: `running` while it is written, `finished`, `finished early`, `given up` or `broken off`.
        active_ms: How long it took without pauses.
        work_ms: How much of that was work.
        reps: How many reps were counted.
        pain_before: The first answer about pain, in the area and on the side asked about first; `None` for none.
        pain_after: The last answer about the same, if there was more than one.
        pain_about: The area and side, such as `Neck, left`; empty if only one was asked about.
    """

    id: str
    session: str
    name: str
    started: datetime
    ending: str
    active_ms: int
    work_ms: int
    reps: int
    pain_before: float | None = None
    pain_after: float | None = None
    pain_about: str = ""

    @property
    def ending_text(self) -> str:
        """How it ended, for reading."""
        return _(_ENDING_TEXTS.get(self.ending, self.ending))


@dataclass(frozen=True, slots=True)
class UnfinishedRecord:
    """A record that was cut off, with what is needed to resume it.

    Attributes:
        id: The record's id.
        session: The session's id.
        name: The session's name.
        path: Where its file was.
        text_sha256: The hash of its file's text.
        timeline_hash: The hash of its timeline (`run_log.timeline_hash`).
        options: How it was run: `level`, `seed`, `verbosity`, `doses`.
        language: The language it was guided in.
        phase: The index of the phase in which it was cut off.
        counted: The reps counted by hand in that phase.
        step: The name of the step in which it was cut off; empty for none.
        left_ms: How much time was left.
        started: When it began, in the time zone of that moment.
        changed: When it was last written.
        record: What was done by then, with its sets and pauses.
    """

    id: str
    session: str
    name: str
    path: Path
    text_sha256: str
    timeline_hash: str
    options: Mapping[str, Any]
    language: str
    phase: int
    counted: int
    step: str
    left_ms: int
    started: datetime
    changed: datetime
    record: SessionRecord


@dataclass(frozen=True, slots=True)
class FullRecord:
    """A record with its parts.

    Attributes:
        entry: Its summary.
        record: What was done and answered.
        kinds: The kind of each of `record.steps`: `hold`, `reps`, `flow`, ...
        doses: What was planned for each, in words.
        note: What the user wrote about it; empty for nothing.
    """

    entry: RecordSummary
    record: SessionRecord
    kinds: tuple[str, ...]
    doses: tuple[str, ...]
    note: str = ""


_ENDING_TEXTS = {
    "finished": N_("finished"),
    "finished early": N_("finished early"),
    "given up": N_("given up"),
    "running": N_("still going"),
    "broken off": N_("cut off"),
}
_ENTRIES = """
SELECT id, session, records.name, started_ms, zone_min, ending, spent_ms - paused_ms AS active_ms, work_ms, reps,
  one.value AS pain_before, one.area AS pain_area, one.name AS pain_name, one.side AS pain_side,
  (SELECT value FROM answers AS two WHERE record = id AND key = 'pain' AND two.area = one.area AND side = one.side
    AND phase > one.phase ORDER BY phase DESC LIMIT 1) AS pain_after,
  EXISTS (SELECT 1 FROM answers AS two WHERE record = id AND key = 'pain'
    AND (two.area <> one.area OR side <> one.side)) AS pain_elsewhere
FROM records LEFT JOIN answers AS one ON one.record = id
  AND one.phase = (SELECT min(phase) FROM answers WHERE record = id AND key = 'pain')
WHERE started_ms >= ? {more} ORDER BY started_ms DESC, id LIMIT ? OFFSET ?
"""
_UNFINISHED = """
SELECT records.*, coalesce((SELECT name FROM steps WHERE record = id AND number = step), '') AS step_name
FROM records
WHERE ending = 'running' AND changed_ms >= ? AND device = (SELECT value FROM meta WHERE name = 'device')
ORDER BY started_ms DESC
"""


class Store:
    """The history at `path`; every method opens the file and closes it again.

    Without a file, the history is empty. Every method may raise `HistoryError`.

    Args:
        path: The file.
        language: The language in which areas are called; empty for the words that each record has.
    """

    def __init__(self, path: Path, language: str = "") -> None:
        self.path = path
        self.language = language

    def query(self, question: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """The result of a query, such as those in `stats`."""
        with closing(open_to_read(self.path)) as base, wrap_errors(self.path):
            return question(base)

    def entries(
        self, since: datetime | None = None, limit: int | None = None, session: str | None = None, skip: int = 0
    ) -> list[RecordSummary]:
        """The records, newest first.

        Args:
            since: Only those that began then or later.
            limit: The most records; `None` for all.
            session: Only those of the session with that id.
            skip: How many of the newest to skip.
        """
        since_ms = 0 if since is None else epoch_ms(since)
        query = _ENTRIES.format(more="" if session is None else "AND session = ?")
        values = (since_ms, *(() if session is None else (session,)), limit or -1, skip)
        return self.query(lambda base: [self._entry(row) for row in base.execute(query, values)])

    def full_record(self, record_id: str) -> FullRecord | None:
        """A record with all that was planned and done; `None` if it is gone."""

        def question(base: sqlite3.Connection) -> FullRecord | None:
            query = _ENTRIES.format(more="AND id = ?")
            row = base.execute(query, (0, record_id, 1, 0)).fetchone()
            return _full_record(base, self._entry(row)) if row else None

        return self.query(question)

    def _entry(self, row: sqlite3.Row) -> RecordSummary:
        ending = row["ending"]
        if ending == "running" and not running.is_being_written(self.path, row["id"]):
            ending = "broken off"
        return RecordSummary(
            id=row["id"],
            session=row["session"],
            name=row["name"],
            started=started_at(row),
            ending=ending,
            active_ms=row["active_ms"],
            work_ms=row["work_ms"],
            reps=row["reps"],
            pain_before=row["pain_before"],
            pain_after=row["pain_after"],
            pain_about=self._pain_subject(row) if row["pain_elsewhere"] else "",
        )

    def _pain_subject(self, row: sqlite3.Row) -> str:
        return question_subject(area_name(row["pain_area"], row["pain_name"], self.language), row["pain_side"])

    def recently_done(self) -> dict[str, datetime]:
        """When each session was last done, by the session's id."""
        query = """
          SELECT session, max(started_ms) AS started_ms, zone_min FROM records
          WHERE ending IN ('finished', 'finished early') GROUP BY session
        """
        return self.query(lambda base: {row["session"]: started_at(row) for row in base.execute(query)})

    def unfinished(self, now: datetime) -> list[UnfinishedRecord]:
        """The records of this device that were cut off within a day, newest first, without those still running."""
        since_ms = epoch_ms(now - RESUME_WITHIN)

        def question(base: sqlite3.Connection) -> list[UnfinishedRecord]:
            rows = base.execute(_UNFINISHED, (since_ms,)).fetchall()
            return [_unfinished(base, row) for row in rows if not running.is_being_written(self.path, row["id"])]

        return self.query(question)

    def ids_starting_with(self, start: str) -> list[str]:
        """The ids that begin with `start`."""
        query = "SELECT id FROM records WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT 50"
        return self.query(lambda base: [row["id"] for row in base.execute(query, (len(start), storable(start)))])

    def ids_before(self, moment: datetime) -> list[str]:
        """The ids of the records that began before a moment."""
        query = "SELECT id FROM records WHERE started_ms < ?"
        return self.query(lambda base: [row["id"] for row in base.execute(query, (epoch_ms(moment),))])

    def mark_broken_off(self, record_id: str, now: datetime) -> None:
        """Mark a record that was cut off, so that it is not offered to be resumed again."""
        with closing(open_to_write(self.path)) as base, wrap_errors(self.path):
            # A later state wins in an import, also where the clock was set back.
            base.execute(
                "UPDATE records SET ending = 'broken off', changed_ms = max(changed_ms + 1, ?) "
                "WHERE id = ? AND ending = 'running'",
                (epoch_ms(now), record_id),
            )
        running.remove_record_lock(self.path, record_id)

    def write_note(self, record_id: str, note: str, now: datetime) -> None:
        """Keep what the user writes about a run; an empty note takes away what was there."""
        with closing(open_to_write(self.path)) as base, wrap_errors(self.path):
            done = base.execute(
                "UPDATE records SET note = ?, changed_ms = max(changed_ms + 1, ?) WHERE id = ?",
                (printable(storable(note))[:MAX_NOTE], epoch_ms(now), record_id),
            )
        if not done.rowcount:
            raise HistoryError(_("the record is not in the history"))

    def forget(self, ids: Iterable[str], aside: Iterable[Path] = ()) -> int:
        """Delete records without a trace in the file; returns how many there were.

        Args:
            ids: The ids of the records.
            aside: Damaged files to delete with them.

        Raises:
            HistoryError: One of them is being written now, or another program holds the file. Records that are deleted
                while traces of them are left are remembered: `finish_forgetting` removes those.
        """
        record_ids = list(ids)
        if busy := next(
            (record_id for record_id in record_ids if running.is_being_written(self.path, record_id)), None
        ):
            raise HistoryError(
                _("the record {record} is being written now; end that run first").format(record=busy[:8])
            )
        with wrap_errors(self.path):
            for path in aside:
                path.unlink(missing_ok=True)
        if not self.path.exists():
            return 0
        with closing(open_to_write(self.path)) as base, wrap_errors(self.path):
            with transaction(base):
                count = sum(
                    base.execute("DELETE FROM records WHERE id = ?", (record_id,)).rowcount for record_id in record_ids
                )
                base.execute("DELETE FROM texts WHERE sha256 NOT IN (SELECT text_sha256 FROM records)")
                base.execute(_MARK_TRACES)
            for record_id in record_ids:
                running.remove_record_lock(self.path, record_id)
            _scrub(base)
        remove_abandoned_exports(self.path)
        return count

    def finish_forgetting(self) -> bool:
        """Remove what an earlier `forget` or a killed export has left; returns whether there was anything.

        Raises:
            HistoryError: Another program still holds the file, or it cannot be written.
        """
        is_any = remove_abandoned_exports(self.path)
        if not self.path.exists() or not self.query(_has_traces):
            return is_any
        with closing(open_to_write(self.path)) as base, wrap_errors(self.path):
            _scrub(base)
        return True


# Set in the transaction that deletes, and removed when nothing of what it deleted is left.
_MARK_TRACES = "INSERT OR REPLACE INTO meta VALUES ('traces', 'left')"
_TRACES_LEFT = N_(
    "the records are deleted, but traces of them stay in the file while another program uses it; "
    "the next `timer-app history` after that removes them"
)


def _has_traces(base: sqlite3.Connection) -> bool:
    return base.execute("SELECT 1 FROM meta WHERE name = 'traces'").fetchone() is not None


def _scrub(base: sqlite3.Connection) -> None:
    """Remove what was deleted from the file and from its log."""
    try:
        base.execute("VACUUM")
        (is_busy, *_pages) = base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_busy:
            base.execute("DELETE FROM meta WHERE name = 'traces'")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        is_busy = True
    if is_busy:
        raise HistoryError(_(_TRACES_LEFT))


def area_name(key: str, recorded: str, language: str) -> str:
    """The word for an area.

    Args:
        key: Its key; empty for none.
        recorded: The word that a record has.
        language: The language wanted; empty for the recorded word.
    """
    return (area_word(key, language) or recorded) if key else ""


def started_at(row: Mapping[str, Any] | sqlite3.Row) -> datetime:
    """When a record began, in the time zone of that moment."""
    return moment(row["started_ms"], row["zone_min"])


def _unfinished(base: sqlite3.Connection, row: sqlite3.Row) -> UnfinishedRecord:
    by_record = (row["id"],)
    answers = base.execute("SELECT * FROM answers WHERE record = ? ORDER BY at_ms, phase", by_record).fetchall()
    pauses = base.execute("SELECT began_ms, ended_ms FROM pauses WHERE record = ? ORDER BY number", by_record)
    record = _session_record(base, row, answers)
    record.pauses = [Pause(began_ms, ended_ms) for began_ms, ended_ms in pauses]
    return UnfinishedRecord(
        id=row["id"],
        session=row["session"],
        name=row["name"],
        path=Path(row["path"]),
        text_sha256=row["text_sha256"],
        timeline_hash=row["shape"],
        options=read_options(row["options"]),
        language=row["language"],
        phase=row["phase"],
        counted=row["counted"],
        step=row["step_name"],
        left_ms=row["left_ms"],
        started=started_at(row),
        changed=moment(row["changed_ms"], row["zone_min"]),
        record=record,
    )


def _full_record(base: sqlite3.Connection, entry: RecordSummary) -> FullRecord:
    by_record = (entry.id,)
    row = base.execute("SELECT * FROM records WHERE id = ?", by_record).fetchone()
    answers = base.execute("SELECT * FROM answers WHERE record = ? ORDER BY at_ms, phase", by_record).fetchall()
    planned = base.execute("SELECT kind, dose FROM steps WHERE record = ? ORDER BY number", by_record).fetchall()
    return FullRecord(
        entry,
        _session_record(base, row, answers),
        tuple(step["kind"] for step in planned),
        tuple(step["dose"] for step in planned),
        row["note"],
    )


def _session_record(base: sqlite3.Connection, row: sqlite3.Row, answers: list[sqlite3.Row]) -> SessionRecord:
    record = SessionRecord(row["name"], list(_step_records(base, row["id"])))
    record.answers = [_answer(answer) for answer in answers]
    sets = base.execute("SELECT * FROM sets WHERE record = ? ORDER BY number", (row["id"],))
    record.sets = list(map(_set_record, sets))
    record.spent_ms, record.paused_ms = row["spent_ms"], row["paused_ms"]
    return record


def _set_record(row: sqlite3.Row) -> SetRecord:
    """A set as it was written; it is no longer under way."""
    return SetRecord(
        unit=row["unit"],
        step=row["step"],
        number=row["set"],
        side=row["side"] or None,
        began_ms=row["began_ms"],
        repeated=bool(row["repeated"]),
        held_ms=row["held_ms"],
        reps=row["reps"],
        is_over=True,
        done=bool(row["done"]),
        load=row["load"],
        rpe=row["rpe"],
        rir=row["rir"],
    )


def _answer(row: sqlite3.Row) -> Answer:
    named = (row["key"], row["name"], row["unit"], row["side"] or None)
    return Answer(*named, row["value"], row["phase"], row["at_ms"], row["area"])


def _step_records(base: sqlite3.Connection, record_id: str) -> Iterator[StepRecord]:
    sides: dict[int, dict[str, int]] = {}
    counted = "SELECT step, side, count(*) AS sets FROM sets WHERE record = ? AND done AND side <> '' GROUP BY 1, 2"
    for row in base.execute(counted, (record_id,)):
        sides.setdefault(row["step"], {})[row["side"]] = row["sets"]
    for row in base.execute("SELECT * FROM steps WHERE record = ? ORDER BY number", (record_id,)):
        yield StepRecord(
            name=row["name"],
            held_ms=row["held_ms"],
            reps=row["reps"],
            rounds=row["rounds"],
            sets=row["sets"],
            skipped=row["skipped"],
            repeated=row["repeated"],
            added_ms=row["added_ms"],
            planned_sets=row["planned_sets"],
            sides=sides.get(row["number"], {}),
        )
