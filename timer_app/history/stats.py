"""What the history says over time, as plain SQL; each takes an open history (`Store.ask`) and is quick at any size.

A week begins on Monday, and a day belongs to the time zone in which the session was begun.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from timer_app.history.store import moment

_EPOCH = date(1970, 1, 1)
_MONDAY = 3  # days from the Monday of week 0 to day 0, a Thursday
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
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
    """All that was done of an exercise.

    Attributes:
        exercise: Its id, or its name written like one.
        name: Its name as it was called last.
        held_ms: Time at work in it.
        reps: Reps counted.
        sets: Sets done to their end.
    """

    exercise: str
    name: str
    held_ms: int
    reps: int
    sets: int


@dataclass(frozen=True, slots=True)
class Best:
    """The best set of an exercise.

    Attributes:
        exercise: Its id, or its name written like one.
        name: Its name as it was called last.
        held_ms: The longest hold; 0 where it is done in reps.
        reps: The most reps of a set; 0 where it is held.
        when: The last day on which it was reached.
    """

    exercise: str
    name: str
    held_ms: int
    reps: int
    when: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What was answered before and after a session.

    Attributes:
        record: The id of the record.
        name: The session's name.
        when: When it began.
        side: The side asked about; empty for none.
        before: The first answer.
        after: The last answer, where it was asked more than once.
        unit: Empty for a plain number.
    """

    record: str
    name: str
    when: datetime
    side: str
    before: float
    after: float | None
    unit: str


def days(base: sqlite3.Connection, since: date | None = None) -> list[Span]:
    """Every day with a session, in order; for a calendar."""
    query = "SELECT day, records, active_ms, work_ms FROM day_sums WHERE day >= ? ORDER BY day"
    return [Span(day_at(number), *sums) for number, *sums in base.execute(query, (_number(since),))]


def weeks(base: sqlite3.Connection, since: date | None = None) -> list[Span]:
    """Every week with a session, in order."""
    query = """
      SELECT (day + 3) / 7 AS week, sum(records), sum(active_ms), sum(work_ms) FROM day_sums WHERE day >= ?
      GROUP BY week ORDER BY week
    """
    rows = base.execute(query, (_number(since),))
    return [Span(day_at(week * _WEEK - _MONDAY), *sums) for week, *sums in rows]


def exercises(base: sqlite3.Connection, since: date | None = None) -> list[ExerciseSum]:
    """What was done of each exercise since the week of that day, the longest first."""
    # SQLite takes a column beside max() from the row that has the maximum.
    query = """
      SELECT exercise, name, sum(held_ms) AS held, sum(reps), sum(sets), max(week) FROM exercise_sums WHERE week >= ?
      GROUP BY exercise HAVING held > 0 OR sum(reps) > 0 ORDER BY held DESC, exercise
    """
    rows = base.execute(query, ((_number(since) + _MONDAY) // _WEEK,))
    return [ExerciseSum(*row[:-1]) for row in rows]


def bests(base: sqlite3.Connection) -> list[Best]:
    """The longest hold or the most reps in a set of each exercise, of sets done to their end; by name."""
    found = [best for one in exercises(base) for best in _bests(base, one)]
    return sorted(found, key=lambda best: best.name.casefold())


def asked(base: sqlite3.Connection, key: str = "pain", limit: int = 200) -> list[Asked]:
    """What was answered to a question in the latest sessions that asked it, oldest first, each side by itself.

    Args:
        base: The history.
        key: What was measured.
        limit: How many sessions at most.
    """
    # A cross join keeps its order: the few latest records first, then their answers.
    query = """
      WITH latest AS MATERIALIZED (
        SELECT id, name, started_ms, zone_min FROM records
        WHERE EXISTS (SELECT 1 FROM answers WHERE record = id AND key = ?) ORDER BY started_ms DESC LIMIT ?
      )
      SELECT id AS record, latest.name, started_ms, zone_min, side, value, unit
      FROM latest CROSS JOIN answers ON answers.record = id
      WHERE key = ? ORDER BY started_ms, id, phase
    """
    found: dict[tuple[str, str], Asked] = {}
    for row in base.execute(query, (key, limit, key)):
        name, before = (row["record"], row["side"]), found.get((row["record"], row["side"]))
        first = before.before if before else row["value"]
        after = row["value"] if before else None
        found[name] = Asked(row["record"], row["name"], moment(row), row["side"], first, after, row["unit"])
    return list(found.values())


def streak(base: sqlite3.Connection, today: date) -> int:
    """On how many days in a row something was done, up to today, or up to yesterday while today has nothing yet."""
    number = _number(today)
    query = "SELECT day FROM day_sums WHERE work_ms > 0 AND day <= ? ORDER BY day DESC"
    done = (day for (day,) in base.execute(query, (number,)))
    return sum(1 for _ in _in_a_row(done, number))


def day_at(number: int) -> date:
    """The day with that number."""
    return _EPOCH + timedelta(days=number)


def _number(day: date | None) -> int:
    return 0 if day is None else (day - _EPOCH).days


def _in_a_row(done: Iterator[int], today: int) -> Iterator[int]:
    expected = None
    for day in done:
        if expected is None and day < today - 1:
            return
        if expected is not None and day != expected:
            return
        yield day
        expected = day - 1


def _bests(base: sqlite3.Connection, one: ExerciseSum) -> Iterator[Best]:
    for kind, figure in (("hold", "held_ms"), ("reps", "reps")):
        query = f"""
          SELECT {figure}, day FROM sets WHERE exercise = ? AND kind = ? AND done = 1
          ORDER BY {figure} DESC, day DESC LIMIT 1
        """  # noqa: S608 - a column of ours
        row = base.execute(query, (one.exercise, kind)).fetchone()
        if row and row[0]:
            held_ms, reps = (row[0], 0) if kind == "hold" else (0, row[0])
            yield Best(one.exercise, one.name, held_ms, reps, day_at(row["day"]))
