"""The history as others ask for it: what was done, what was left unfinished, what is to be forgotten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from timer_app.core.player.recorder import Answer, SessionRecord, StepRecord
from timer_app.core.training.measurements import question_subject
from timer_app.history import database as running
from timer_app.history.database import HistoryError, open_to_read, open_to_write, transaction, wrap_errors
from timer_app.history.run_log import OpenSet, ResumeState, epoch_ms

RESUME_WITHIN = timedelta(hours=24)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """One record in short.

    Attributes:
        id: Of the record.
        session: The session's id.
        name: The session's name.
        started: When it began, in the time zone of that moment.
        ending: `running` while it is written, `finished`, `finished early`, `given up` or `broken off`.
        active_ms: How long it took without the pauses.
        work_ms: How much of that was work.
        reps: How many reps were counted.
        pain_before: The first answer about pain, in the area and on the side asked about first; `None` where none was.
        pain_after: The last answer about the same, where there was more than one.
        pain_about: What these two are about, such as `Neck, left`; empty where only one thing was asked about.
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
        return _ENDING_TEXTS.get(self.ending, self.ending)


@dataclass(frozen=True, slots=True)
class UnfinishedRecord:
    """A record that was cut off, and what is needed to take it up again.

    Attributes:
        id: Of the record.
        session: The session's id.
        name: The session's name.
        path: Where its file lay.
        text_sha256: Of the text it had.
        timeline_hash: Of its timeline (`planned.shape`).
        options: How it was run: `level`, `seed`, `verbosity`.
        language: The language it was guided in.
        phase: Index of the phase it stood in.
        counted: Reps counted by hand in that phase.
        step: Name of the step it stood in; empty for none.
        left_ms: How much was left.
        record: What was done by then.
        answered_phases: The phases of `record.answers`, in their order.
        resume_state: What the ledger has to know.
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
    record: SessionRecord
    answered_phases: tuple[int, ...]
    resume_state: ResumeState


@dataclass(frozen=True, slots=True)
class FullRecord:
    """One record with all its parts.

    Attributes:
        entry: The record in short.
        record: What was done and answered.
        kinds: Of each of `record.steps`: `hold`, `reps`, `flow`, ...
    """

    entry: RecordSummary
    record: SessionRecord
    kinds: tuple[str, ...]


_ENDING_TEXTS = {"running": "still going", "broken off": "cut off"}
_ENTRIES = """
SELECT id, session, records.name, started_ms, zone_min, ending, spent_ms - paused_ms AS active_ms, work_ms, reps,
  one.value AS pain_before, one.area AS pain_area, one.side AS pain_side,
  (SELECT value FROM answers AS two WHERE record = id AND key = 'pain' AND two.name = one.name AND side = one.side
    AND phase > one.phase ORDER BY phase DESC LIMIT 1) AS pain_after,
  EXISTS (SELECT 1 FROM answers AS two WHERE record = id AND key = 'pain'
    AND (two.name <> one.name OR side <> one.side)) AS pain_elsewhere
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
    """What is in the history at `path`; every method opens the file anew and lets it go.

    Where there is no file yet, there is nothing in it. Every method may raise `HistoryError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def query(self, question: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """The answer of the file to a query, such as those in `stats`."""
        with closing(open_to_read(self.path)) as base, wrap_errors(self.path):
            return question(base)

    def entries(
        self, since: datetime | None = None, limit: int | None = None, session: str | None = None, skip: int = 0
    ) -> list[RecordSummary]:
        """The records, newest first.

        Args:
            since: Only those that began then or later.
            limit: How many at most; `None` for all.
            session: Only those of the session with that id.
            skip: How many of the newest to leave out.
        """
        since_ms = 0 if since is None else epoch_ms(since)
        query = _ENTRIES.format(more="" if session is None else "AND session = ?")
        values = (since_ms, *(() if session is None else (session,)), limit or -1, skip)
        return self.query(lambda base: [self._entry(row) for row in base.execute(query, values)])

    def full_record(self, record_id: str) -> FullRecord | None:
        """One record with all that was planned and done; `None` where it is gone."""

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
            pain_about=question_subject(row["pain_area"], row["pain_side"]) if row["pain_elsewhere"] else "",
        )

    def recently_done(self) -> dict[str, datetime]:
        """When each session was last done, by the session's id."""
        query = """
          SELECT session, max(started_ms) AS started_ms, zone_min FROM records
          WHERE ending IN ('finished', 'finished early') GROUP BY session
        """
        return self.query(lambda base: {row["session"]: started_at(row) for row in base.execute(query)})

    def unfinished(self, now: datetime) -> list[UnfinishedRecord]:
        """The records of this machine that were cut off within a day, newest first; those that still run are none."""
        since_ms = epoch_ms(now - RESUME_WITHIN)

        def question(base: sqlite3.Connection) -> list[UnfinishedRecord]:
            rows = base.execute(_UNFINISHED, (since_ms,)).fetchall()
            return [_unfinished(base, row) for row in rows if not running.is_being_written(self.path, row["id"])]

        return self.query(question)

    def session_text(self, sha256: str) -> str | None:
        """The text that a session had."""

        def question(base: sqlite3.Connection) -> str | None:
            row = base.execute("SELECT text FROM texts WHERE sha256 = ?", (sha256,)).fetchone()
            return str(row["text"]) if row else None

        return self.query(question)

    def ids_starting_with(self, start: str) -> list[str]:
        """The ids that begin with `start`."""
        query = "SELECT id FROM records WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT 50"
        return self.query(lambda base: [row["id"] for row in base.execute(query, (len(start), start))])

    def ids_before(self, moment: datetime) -> list[str]:
        """The ids of the records that began before a moment."""
        query = "SELECT id FROM records WHERE started_ms < ?"
        return self.query(lambda base: [row["id"] for row in base.execute(query, (epoch_ms(moment),))])

    def mark_broken_off(self, record_id: str, now: datetime) -> None:
        """Let a record that was cut off stay as it is; it is not offered to be taken up any more."""
        with closing(open_to_write(self.path)) as base, wrap_errors(self.path):
            base.execute(
                "UPDATE records SET ending = 'broken off', changed_ms = ? WHERE id = ? AND ending = 'running'",
                (epoch_ms(now), record_id),
            )
        running.remove_record_lock(self.path, record_id)

    def forget(self, ids: Iterable[str]) -> int:
        """Delete records for good, so that nothing of them is left in the file; returns how many there were.

        Raises:
            HistoryError: One of them is being written now, or another program holds the file.
        """
        wanted = list(ids)
        if busy := next((record_id for record_id in wanted if running.is_being_written(self.path, record_id)), None):
            raise HistoryError(f"the record {busy[:8]} is being written now; end that run first")
        if not self.path.exists():
            return 0
        with closing(open_to_write(self.path)) as base, wrap_errors(self.path):
            with transaction(base):
                count = sum(
                    base.execute("DELETE FROM records WHERE id = ?", (record_id,)).rowcount for record_id in wanted
                )
                base.execute("DELETE FROM texts WHERE sha256 NOT IN (SELECT text_sha256 FROM records)")
            _scrub(base)
        for record_id in wanted:
            running.remove_record_lock(self.path, record_id)
        return count


def _scrub(base: sqlite3.Connection) -> None:
    """Leave nothing of what was deleted in the file, nor in the log beside it."""
    base.execute("VACUUM")
    (busy, _, _) = base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise HistoryError(
            "the records are deleted, but another run still reads the file, so traces of them stay in it until that "
            "run ends; `timer-app history forget` once more then"
        )


def started_at(row: Mapping[str, Any] | sqlite3.Row) -> datetime:
    """When a record began, in the time zone of that moment."""
    zone = timezone(timedelta(minutes=row["zone_min"]))
    return datetime.fromtimestamp(row["started_ms"] / 1_000, UTC).astimezone(zone)


def _unfinished(base: sqlite3.Connection, row: sqlite3.Row) -> UnfinishedRecord:
    by_record = (row["id"],)
    answers = base.execute("SELECT * FROM answers WHERE record = ? ORDER BY at_ms, phase", by_record).fetchall()
    sets = base.execute("SELECT * FROM sets WHERE record = ? ORDER BY number", by_record).fetchall()
    (pauses,) = base.execute("SELECT count(*) FROM pauses WHERE record = ?", by_record).fetchone()
    record = _session_record(base, row, answers)
    done = frozenset(one["unit"] for one in sets if one["done"])
    last = _open_set(sets[-1]) if sets and not sets[-1]["done"] else None
    return UnfinishedRecord(
        id=row["id"],
        session=row["session"],
        name=row["name"],
        path=Path(row["path"]),
        text_sha256=row["text_sha256"],
        timeline_hash=row["shape"],
        options=json.loads(row["options"]),
        language=row["language"],
        phase=row["phase"],
        counted=row["counted"],
        step=row["step_name"],
        left_ms=row["left_ms"],
        record=record,
        answered_phases=tuple(answer["phase"] for answer in answers),
        resume_state=ResumeState(started_at(row), row["spent_ms"], len(sets), pauses, done, last),
    )


def _full_record(base: sqlite3.Connection, entry: RecordSummary) -> FullRecord:
    by_record = (entry.id,)
    row = base.execute("SELECT * FROM records WHERE id = ?", by_record).fetchone()
    answers = base.execute("SELECT * FROM answers WHERE record = ? ORDER BY at_ms, phase", by_record).fetchall()
    kinds = base.execute("SELECT kind FROM steps WHERE record = ? ORDER BY number", by_record)
    return FullRecord(entry, _session_record(base, row, answers), tuple(kind for (kind,) in kinds))


def _session_record(base: sqlite3.Connection, row: sqlite3.Row, answers: list[sqlite3.Row]) -> SessionRecord:
    record = SessionRecord(row["name"], list(_step_records(base, row["id"])))
    record.answers = [_answer(answer) for answer in answers]
    record.spent_ms, record.paused_ms = row["spent_ms"], row["paused_ms"]
    return record


def _open_set(row: sqlite3.Row) -> OpenSet:
    return OpenSet(row["number"], row["unit"], row["began_ms"], row["held_ms"], row["reps"])


def _answer(row: sqlite3.Row) -> Answer:
    return Answer(row["key"], row["name"], row["unit"], row["side"] or None, row["value"])


def _step_records(base: sqlite3.Connection, record_id: str) -> Iterator[StepRecord]:
    sides: dict[int, dict[str, int]] = {}
    counted = "SELECT step, side, count(*) AS sets FROM sets WHERE record = ? AND done AND side <> '' GROUP BY 1, 2"
    for row in base.execute(counted, (record_id,)):
        sides.setdefault(row["step"], {})[row["side"]] = row["sets"]
    for row in base.execute("SELECT * FROM steps WHERE record = ? ORDER BY number", (record_id,)):
        yield StepRecord(
            name=row["name"],
            dose=row["dose"],
            held_ms=row["held_ms"],
            reps=row["reps"],
            rounds=row["rounds"],
            sets=row["sets"],
            skipped=row["skipped"],
            repeated=row["repeated"],
            added_ms=row["added_ms"],
            sides=sides.get(row["number"], {}),
        )
