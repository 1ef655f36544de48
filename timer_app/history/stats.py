"""Statistics over time in plain SQL; each query takes an open history (`Store.query`) and is quick at any size.

A week begins on Monday; a day counts in the time zone in which the session began.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from timer_app.core.wording.formatting import question_subject
from timer_app.history.bounds import day_within
from timer_app.history.store import started_at

_EPOCH = date(1970, 1, 1).toordinal()
_MONDAY = 3  # days from the Monday of week 0 to day 0, a Thursday
_WEEK = 7
_DAY_MS = 86_400_000


class ActivitySum(NamedTuple):
    """A day or a week.

    Attributes:
        first: Its first day.
        records: How many sessions were done.
        active_ms: How long they took, without pauses.
        work_ms: How much of that was work.
    """

    first: date
    records: int
    active_ms: int
    work_ms: int


@dataclass(frozen=True, slots=True)
class ExerciseSum:
    """The totals of an exercise.

    Attributes:
        exercise: Its id, or its name written like one.
        name: Its latest name.
        held_ms: Time at work.
        reps: Reps counted.
        sets: Completed sets.
    """

    exercise: str
    name: str
    held_ms: int
    reps: int
    sets: int


@dataclass(frozen=True, slots=True)
class BestSet:
    """The best set of an exercise.

    Attributes:
        exercise: Its id, or its name written like one.
        name: Its latest name.
        held_ms: The longest hold; 0 for reps.
        reps: The most reps in a set; 0 for a hold.
        day: The last day on which it was reached.
    """

    exercise: str
    name: str
    held_ms: int
    reps: int
    day: date


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """The answers to one question before and after a session.

    Attributes:
        record: The id of the record.
        name: The session's name.
        started: When it began.
        area: The key of the session's name for the question, which for pain is the area; empty if it has none.
        area_name: The word for it, at first as the record has it; empty if it has none.
        side: The side asked about; empty for none.
        before: The first answer.
        after: The last answer, if it was asked more than once.
        unit: Empty for a plain number.
    """

    record: str
    name: str
    started: datetime
    area: str
    area_name: str
    side: str
    before: float
    after: float | None
    unit: str

    @property
    def label(self) -> str:
        """The subject of the question: `Neck, left`."""
        return question_subject(self.area_name, self.side)


def days(base: sqlite3.Connection, since: date | None = None, session: str | None = None) -> list[ActivitySum]:
    """Every day with a session, or with that session, in order."""
    source, values = _days_query(since, session)
    query = f"SELECT day, records, active_ms, work_ms FROM ({source}) ORDER BY day"  # noqa: S608 - a query of ours
    return [ActivitySum(day_from_number(number), *sums) for number, *sums in base.execute(query, values)]


def weeks(base: sqlite3.Connection, since: date | None = None, session: str | None = None) -> list[ActivitySum]:
    """Every week with a session, or with that session, in order."""
    source, values = _days_query(since, session)
    query = f"""
      SELECT (day + 3) / 7 AS week, sum(records), sum(active_ms), sum(work_ms) FROM ({source})
      GROUP BY week ORDER BY week
    """  # noqa: S608 - a query of ours
    rows = base.execute(query, values)
    return [ActivitySum(day_from_number(week * _WEEK - _MONDAY), *sums) for week, *sums in rows]


def exercises(base: sqlite3.Connection, since: date | None = None, session: str | None = None) -> list[ExerciseSum]:
    """The totals of each exercise since the week of that day, in that session or in all; most time first."""
    table, of_session = ("exercise_sums", "") if session is None else ("session_sums", "session = ? AND")
    # SQLite takes a column beside max() from the row that has the maximum.
    query = f"""
      SELECT exercise, name, sum(held_ms) AS held, sum(reps) AS counted, sum(sets), max(week) FROM {table}
      WHERE {of_session} week >= ? GROUP BY exercise HAVING held > 0 OR counted > 0 ORDER BY held DESC, exercise
    """  # noqa: S608 - parts of ours
    week = (day_number(since) + _MONDAY) // _WEEK
    rows = base.execute(query, (week,) if session is None else (session, week))
    return [ExerciseSum(*row[:-1]) for row in rows]


def bests(base: sqlite3.Connection) -> list[BestSet]:
    """The longest hold or the most reps in a completed set of each exercise; by name."""
    # SQLite takes a column beside max() from the row that has the maximum.
    names = base.execute("SELECT exercise, name, max(week) FROM exercise_sums GROUP BY exercise").fetchall()
    found = [best for exercise, name, _ in names for best in _bests(base, exercise, name)]
    return sorted(found, key=lambda best: best.name.casefold())


def answer_pairs(
    base: sqlite3.Connection,
    key: str = "pain",
    limit: int = 200,
    since: date | None = None,
    session: str | None = None,
) -> list[AnswerPair]:
    """The answers to a question in the latest sessions that asked it, oldest first, each area and side by itself.

    Args:
        base: The history.
        key: What was measured.
        limit: The most sessions.
        since: Only sessions from that day on.
        session: Only that session.
    """
    of_session = "" if session is None else "AND session = ?"
    # A cross join keeps its order: the few latest records first, then their answers.
    query = f"""
      WITH latest AS MATERIALIZED (
        SELECT id, name, started_ms, zone_min FROM records
        WHERE started_ms >= ? AND day >= ? {of_session}
          AND EXISTS (SELECT 1 FROM answers WHERE record = id AND key = ?)
        ORDER BY started_ms DESC LIMIT ?
      )
      SELECT id AS record, latest.name, started_ms, zone_min, area, side, value, unit,
        answers.name AS asked
      FROM latest CROSS JOIN answers ON answers.record = id
      WHERE key = ? ORDER BY started_ms, id, phase
    """  # noqa: S608 - a part of ours
    values = (earliest_ms(since), day_number(since), *(() if session is None else (session,)))
    found: dict[tuple[str, str, str], AnswerPair] = {}
    for row in base.execute(query, (*values, key, limit, key)):
        question = (row["record"], row["area"], row["side"])
        known = found.get(question)
        found[question] = replace(known, after=row["value"]) if known else _answer_pair(row)
    return list(found.values())


def streak(base: sqlite3.Connection, today: date) -> int:
    """How many days in a row had work, up to today, or to yesterday if today has none yet."""
    number = day_number(today)
    query = "SELECT day FROM day_sums WHERE work_ms > 0 AND day <= ? ORDER BY day DESC"
    done = (day for (day,) in base.execute(query, (number,)))
    return sum(1 for _ in _consecutive_days(done, number))


def streak_with(base: sqlite3.Connection, today: date) -> int:
    """The same if today has work, whether or not it is written already."""
    is_written = base.execute("SELECT 1 FROM day_sums WHERE work_ms > 0 AND day = ?", (day_number(today),)).fetchone()
    return streak(base, today) + (0 if is_written else 1)


def longest_streak(base: sqlite3.Connection) -> tuple[int, date | None]:
    """The longest streak of days with work, and its last day; of two equal streaks, the later one."""
    days = [day for (day,) in base.execute("SELECT day FROM day_sums WHERE work_ms > 0 ORDER BY day")]
    length, last = max(_streaks(days), default=(0, None))
    return length, None if last is None else day_from_number(last)


def day_from_number(number: int) -> date:
    """The day with that number, or the nearest one within bounds."""
    return date.fromordinal(_EPOCH + day_within(number))


def day_number(day: date | None) -> int:
    """The number of a day in the history; 0 for `None`."""
    return 0 if day is None else day.toordinal() - _EPOCH


def earliest_ms(since: date | None) -> int:
    """A moment before the start of that day in every time zone, so that the index on start times can be used."""
    return 0 if since is None else max(0, (day_number(since) - 2) * _DAY_MS)


def _days_query(since: date | None, session: str | None) -> tuple[str, tuple[str | int, ...]]:
    """A query for days with their sums, and its values."""
    if session is None:
        return "SELECT * FROM day_sums WHERE day >= ?", (day_number(since),)
    query = """
      SELECT day, count(*) AS records, sum(spent_ms - paused_ms) AS active_ms, sum(work_ms) AS work_ms FROM records
      WHERE session = ? AND started_ms >= ? AND day >= ? GROUP BY day
    """
    return query, (session, earliest_ms(since), day_number(since))


def _answer_pair(row: sqlite3.Row) -> AnswerPair:
    word = row["asked"] if row["area"] else ""
    columns = {name: row[name] for name in ("record", "name", "area", "side", "unit")}
    return AnswerPair(**columns, area_name=word, started=started_at(row), before=row["value"], after=None)


def _consecutive_days(done: Iterator[int], today: int) -> Iterator[int]:
    expected = None
    for day in done:
        if expected is None and day < today - 1:
            return
        if expected is not None and day != expected:
            return
        yield day
        expected = day - 1


def _streaks(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The length and the last day of each streak."""
    length = 1
    for index, day in enumerate(days):
        if days[index + 1 : index + 2] == [day + 1]:
            length += 1
        else:
            yield length, day
            length = 1


def _bests(base: sqlite3.Connection, exercise: str, name: str) -> Iterator[BestSet]:
    for kind, figure in (("hold", "held_ms"), ("reps", "reps")):
        query = f"""
          SELECT {figure}, day FROM sets WHERE exercise = ? AND kind = ? AND done = 1
          ORDER BY {figure} DESC, day DESC LIMIT 1
        """  # noqa: S608 - a column of ours
        row = base.execute(query, (exercise, kind)).fetchone()
        if row and row[0]:
            held_ms, reps = (row[0], 0) if kind == "hold" else (0, row[0])
            yield BestSet(exercise, name, held_ms, reps, day_from_number(row["day"]))
