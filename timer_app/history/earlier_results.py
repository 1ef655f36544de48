"""What a run and a programme ask of earlier records: answers, tender spots, progressive doses, completed days."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from timer_app.core.training import EarlierResults, PastPerformance, Question, Reading
from timer_app.core.wording.comparison import MOST_BARS
from timer_app.history.bounds import moment
from timer_app.history.stats import day_from_number, day_number, earliest_ms

if TYPE_CHECKING:
    from timer_app.core.session import DoseKey


MOST_ANSWERED_RECORDS = 500  # among which the latest answers are searched
MOST_PERFORMANCES = 1_000  # among which the longest is searched
MOST_ANSWERS = 10_000  # with more answers than these, the first record that asked is found quickly

# Of these records, without the one that is compared, those that asked the question.
_ASKING_RECORDS_SQL = """
SELECT id FROM {records}
WHERE id <> :now AND EXISTS (
  SELECT 1 FROM answers WHERE record = id AND key = :key AND area = :area AND side = :side
) ORDER BY started_ms {order} LIMIT {count}
"""
# The same for a question with few answers, which are searched faster than the records.
_FEW_ASKING_SQL = """
FROM (
  SELECT DISTINCT record FROM answers
  WHERE key = :key AND area = :area AND side = :side AND record <> :now LIMIT {few}
) AS asked
"""
_FIRST_OF_FEW_SQL = "SELECT id {few} CROSS JOIN records ON id = asked.record ORDER BY started_ms LIMIT 1"
_ANSWERS_SQL = """
SELECT value, unit FROM answers WHERE record = :record AND key = :key AND area = :area AND side = :side ORDER BY phase
"""
_LAST_SPOTS_SQL = """
SELECT latest.id, steps.number, steps.repeated
FROM (SELECT id, started_ms FROM records ORDER BY started_ms DESC LIMIT ?) AS latest
CROSS JOIN steps ON steps.record = latest.id
WHERE latest.id <> ? AND steps.name = ? AND steps.sets > 0 ORDER BY started_ms DESC LIMIT 1
"""
_SIDES_SQL = """
SELECT side, count(*) AS sets FROM sets WHERE record = ? AND step = ? AND done AND side <> '' GROUP BY side
ORDER BY min(number)
"""


def past_measurements(
    base: sqlite3.Connection, questions: Iterable[Question], steps: Iterable[str], record: str
) -> EarlierResults:
    """The answers and tender spots of earlier records.

    Args:
        base: The history.
        questions: The questions.
        steps: The names of steps that may count tender spots.
        record: The id of the record that is compared with them; it is left out.
    """
    readings = {question: found for question in questions if (found := _readings(base, question, record))}
    spots = {step: counts for step in steps if (counts := _tender_spots(base, step, record))}
    return EarlierResults(readings, spots)


def _readings(base: sqlite3.Connection, question: Question, record: str) -> list[Reading]:
    asked = {"key": question.key, "area": question.area, "side": question.side}
    wanted = {"now": record, **asked}
    # Only the latest records are searched.
    part = f"(SELECT id, started_ms FROM records ORDER BY started_ms DESC LIMIT {MOST_ANSWERED_RECORDS})"  # noqa: S608 - a number of ours
    latest = _ids(base, _ASKING_RECORDS_SQL.format(records=part, order="DESC", count=MOST_BARS - 1), wanted)
    first = _first_asking(base, wanted) if latest else []
    found = []
    for one in dict.fromkeys([*first, *reversed(latest)]):
        rows = base.execute(_ANSWERS_SQL, {"record": one, **asked}).fetchall()
        after = rows[-1]["value"] if len(rows) > 1 else None
        found.append(Reading(rows[0]["value"], after, rows[0]["unit"], one))
    return found


def _first_asking(base: sqlite3.Connection, wanted: Mapping[str, str]) -> list[str]:
    """The id of the first record that asked a question; none if only the current one did."""
    few = _FEW_ASKING_SQL.format(few=MOST_ANSWERS)
    (count,) = base.execute(f"SELECT count(*) {few}", wanted).fetchone()
    if count < MOST_ANSWERS:
        return _ids(base, _FIRST_OF_FEW_SQL.format(few=few), wanted)
    return _ids(base, _ASKING_RECORDS_SQL.format(records="records", order="ASC", count=1), wanted)


def _ids(base: sqlite3.Connection, query: str, wanted: Mapping[str, str]) -> list[str]:
    return [row["id"] for row in base.execute(query, wanted)]


def _tender_spots(base: sqlite3.Connection, step: str, record: str) -> dict[str, int]:
    row = base.execute(_LAST_SPOTS_SQL, (MOST_ANSWERED_RECORDS, record, step)).fetchone()
    if row is None or not row["repeated"]:
        return {}
    return {side["side"]: side["sets"] for side in base.execute(_SIDES_SQL, (row["id"], row["number"]))}


DOSE_LOOK_BACK = timedelta(days=365)  # after so long a break, any dose is back at its minimum
MOST_DOSE_RECORDS = 1_000

_PLANNED_COLUMNS: dict[DoseKey, str] = {
    "hold": "planned_hold_ms",
    "reps": "planned_reps",
    "flow": "planned_rounds",
    "distance": "planned_distance_mm",
}
_LISTED_KINDS: tuple[DoseKey, ...] = ("hold", "reps", "distance")

# The first and the last answer about each area and side; a record with an area that got worse has more pain.
_LATEST_RECORDS_SQL = """
WITH latest AS MATERIALIZED (
  SELECT id, ending FROM records WHERE started_ms >= ? AND day >= ? AND ending <> 'running'
  ORDER BY started_ms DESC LIMIT ?
)
"""
_DOSE_STEPS_SQL = """
SELECT steps.record, steps.day, exercise, kind, planned_hold_ms, planned_reps, planned_rounds, planned_distance_mm,
  coalesce((
    SELECT load FROM sets WHERE sets.record = steps.record AND sets.step = steps.number AND load IS NOT NULL
    ORDER BY sets.number DESC LIMIT 1
  ), planned_load) AS planned_load,
  sets - repeated >= planned_sets AND added_ms >= 0 AND ending IN ('finished', 'finished early') AND NOT EXISTS (
    SELECT 1 FROM sets WHERE sets.record = steps.record AND sets.step = steps.number AND sets.done
      AND sets.reps < sets.planned_reps
  ) AS completed
FROM latest CROSS JOIN steps ON steps.record = latest.id
WHERE sets > 0 OR held_ms > 0 OR reps > 0
"""
_WORSE_PAIN_SQL = """
SELECT DISTINCT one.record FROM latest CROSS JOIN answers AS one ON one.record = latest.id
JOIN answers AS two ON two.record = one.record AND two.area = one.area AND two.side = one.side AND two.phase > one.phase
WHERE one.key = 'pain' AND two.key = 'pain' AND two.value > one.value
  AND NOT EXISTS (SELECT 1 FROM answers AS x WHERE x.record = one.record AND x.key = 'pain' AND x.area = one.area
    AND x.side = one.side AND (x.phase < one.phase OR x.phase > two.phase))
"""


def past_doses(
    base: sqlite3.Connection, exercises: Collection[tuple[str, DoseKey]], today: date
) -> dict[tuple[str, DoseKey], list[PastPerformance]]:
    """The records of exercises within the last year, by exercise and kind of dose.

    Args:
        base: The history.
        exercises: Their keys (`run_log.exercise_key`), each with the kind of its dose.
        today: The day to look back from.
    """
    found: dict[tuple[str, DoseKey], list[PastPerformance]] = {name: [] for name in exercises}
    since = today - DOSE_LOOK_BACK
    latest = (earliest_ms(since), day_number(since), MOST_DOSE_RECORDS)
    worse = {row["record"] for row in base.execute(_LATEST_RECORDS_SQL + _WORSE_PAIN_SQL, latest)}
    for row in base.execute(_LATEST_RECORDS_SQL + _DOSE_STEPS_SQL, latest):
        for kind in _dose_kinds(row, found):
            more_pain = row["record"] in worse
            done = PastPerformance(
                day_from_number(row["day"]),
                row[_PLANNED_COLUMNS[kind]],
                bool(row["completed"]),
                more_pain,
                row["planned_load"],
            )
            found[row["exercise"], kind].append(done)
    return found


_SET_DOSES_SQL = """
SELECT steps.record, steps.day, steps.exercise, steps.kind, sets."set", max(sets.planned_hold_ms) AS planned_hold_ms,
  max(sets.planned_reps) AS planned_reps, max(sets.planned_distance_mm) AS planned_distance_mm,
  coalesce(max(sets.load), max(sets.planned_load)) AS planned_load,
  steps.sets - steps.repeated >= planned_sets AND added_ms >= 0
    AND ending IN ('finished', 'finished early')
    AND NOT max(sets.done AND sets.reps < coalesce(sets.planned_reps, 0)) AS completed
FROM latest CROSS JOIN steps ON steps.record = latest.id
JOIN sets ON sets.record = steps.record AND sets.step = steps.number
GROUP BY steps.record, steps.number, sets."set"
"""


def past_set_doses(
    base: sqlite3.Connection, exercises: Collection[tuple[str, DoseKey]], today: date
) -> dict[tuple[str, DoseKey, int], list[PastPerformance]]:
    """The same for exercises whose sets have doses of their own: by exercise, kind of dose, and number of the set."""
    found: dict[tuple[str, DoseKey, int], list[PastPerformance]] = {}
    since = today - DOSE_LOOK_BACK
    latest = (earliest_ms(since), day_number(since), MOST_DOSE_RECORDS)
    worse = {row["record"] for row in base.execute(_LATEST_RECORDS_SQL + _WORSE_PAIN_SQL, latest)}
    for row in base.execute(_LATEST_RECORDS_SQL + _SET_DOSES_SQL, latest):
        for kind in _LISTED_KINDS:
            amount = row[_PLANNED_COLUMNS[kind]]
            if row["kind"] == kind and amount and (row["exercise"], kind) in exercises:
                day, completed = day_from_number(row["day"]), bool(row["completed"])
                done = PastPerformance(day, amount, completed, row["record"] in worse, row["planned_load"])
                found.setdefault((row["exercise"], kind, row["set"]), []).append(done)
    return found


def _dose_kinds(row: sqlite3.Row, wanted: Collection[tuple[str, DoseKey]]) -> Iterator[DoseKey]:
    """The kind of dose in a row, if it is wanted."""
    return (
        kind
        for kind, figure in _PLANNED_COLUMNS.items()
        if row["kind"] == kind and row[figure] and (row["exercise"], kind) in wanted
    )


def last_exercises(base: sqlite3.Connection, session: str) -> tuple[str, frozenset[str]]:
    """The last record of a session that is over, and the keys of the exercises done in it; empty for none.

    Args:
        base: The history.
        session: The id of the session.
    """
    last = base.execute(
        "SELECT id FROM records WHERE session = ? AND ending <> 'running' ORDER BY started_ms DESC LIMIT 1", (session,)
    ).fetchone()
    if last is None:
        return "", frozenset()
    done = "SELECT exercise FROM steps WHERE record = ? AND (sets > 0 OR held_ms > 0 OR reps > 0 OR rounds > 0)"
    return last["id"], frozenset(row["exercise"] for row in base.execute(done, (last["id"],)))


MOST_PERFORMANCES = 100  # of a session, to see how well it is known


def performances_of(base: sqlite3.Connection, session: str) -> tuple[int, list[tuple[date, str]]]:
    """How many records of a session there are, and of those that were finished the day and the hash of the file.

    Args:
        base: The history.
        session: The id of the session.

    Returns:
        The number, and the latest of them, the latest first.
    """
    (count,) = base.execute(
        "SELECT count(*) FROM records WHERE session = ? AND ending <> 'running'", (session,)
    ).fetchone()
    finished = base.execute(
        "SELECT day, text_sha256 FROM records WHERE session = ? AND ending IN ('finished', 'finished early') "
        "ORDER BY started_ms DESC LIMIT ?",
        (session, MOST_PERFORMANCES),
    )
    return count, [(day_from_number(row["day"]), row["text_sha256"]) for row in finished]


def earlier_performances(base: sqlite3.Connection, session: str, record: str) -> list[tuple[int, int]]:
    """Time at work and reps of the latest records of a session but one, oldest first; those without work are left out.

    Args:
        base: The history.
        session: The session's id.
        record: The record to leave out.
    """
    query = """
      SELECT work_ms, reps FROM records WHERE session = ? AND id <> ? AND ending <> 'running' AND work_ms > 0
      ORDER BY started_ms DESC LIMIT ?
    """
    rows = base.execute(query, (session, record, MOST_PERFORMANCES)).fetchall()
    return [(row["work_ms"], row["reps"]) for row in reversed(rows)]


def completed_runs(
    base: sqlite3.Connection, sessions: Iterable[str], since: date, day_start: timedelta = timedelta()
) -> Counter[tuple[str, date]]:
    """How often a session was finished on each day since that one, by the session's id and the day.

    Args:
        base: The history.
        sessions: The ids of the sessions.
        since: The first day.
        day_start: How long after midnight a day begins.
    """
    query = """
      SELECT session, started_ms, zone_min FROM records
      WHERE session = ? AND started_ms >= ? AND day >= ? AND ending IN ('finished', 'finished early')
    """
    first = (earliest_ms(since), day_number(since))
    rows = (row for session in sessions for row in base.execute(query, (session, *first)))
    days = ((row["session"], (moment(row["started_ms"], row["zone_min"]) - day_start).date()) for row in rows)
    return Counter(one for one in days if one[1] >= since)
