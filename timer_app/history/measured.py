"""What earlier records have of questions and of tender spots, read from the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from timer_app.core.training.measurements import MOST_BARS, Past, Question, Reading

MOST_ANSWERED_RECORDS = 500  # among which the last time is looked for
MOST_ANSWERS = 10_000  # beyond these, one of the first records has asked

# Of these records, but for the one that is compared, those that asked it.
_ASKED = """
SELECT id FROM {records}
WHERE id <> :now AND EXISTS (
  SELECT 1 FROM answers WHERE record = id AND key = :key AND name = :name AND side = :side
) ORDER BY started_ms {order} LIMIT {count}
"""
# The same for what was asked so seldom that its answers are sooner looked through than the records.
_FEW = """
FROM (
  SELECT DISTINCT record FROM answers
  WHERE key = :key AND name = :name AND side = :side AND record <> :now LIMIT {few}
) AS asked
"""
_FIRST_OF_FEW = "SELECT id {few} CROSS JOIN records ON id = asked.record ORDER BY started_ms LIMIT 1"
_ANSWERS = """
SELECT value, unit FROM answers WHERE record = :record AND key = :key AND name = :name AND side = :side ORDER BY phase
"""
_LAST_SPOTS = """
SELECT latest.id, steps.number, steps.repeated
FROM (SELECT id, started_ms FROM records ORDER BY started_ms DESC LIMIT ?) AS latest
CROSS JOIN steps ON steps.record = latest.id
WHERE latest.id <> ? AND steps.name = ? AND steps.sets > 0 ORDER BY started_ms DESC LIMIT 1
"""
_SIDES = """
SELECT side, count(*) AS sets FROM sets WHERE record = ? AND step = ? AND done AND side <> '' GROUP BY side
ORDER BY min(number)
"""


def look_back(base: sqlite3.Connection, questions: Iterable[Question], steps: Iterable[str], record: str) -> Past:
    """What earlier records have.

    Args:
        base: The history.
        questions: What was asked.
        steps: The names of steps of which tender spots may have been counted.
        record: The id of the record that is compared with them; it is left out.
    """
    readings = {question: found for question in questions if (found := _readings(base, question, record))}
    spots = {step: counts for step in steps if (counts := _spots(base, step, record))}
    return Past(readings, spots)


def _readings(base: sqlite3.Connection, question: Question, record: str) -> list[Reading]:
    wanted = {"now": record, **question._asdict()}
    # A part of the records has to be put together first.
    part = f"(SELECT id, started_ms FROM records ORDER BY started_ms DESC LIMIT {MOST_ANSWERED_RECORDS})"  # noqa: S608 - a number of ours
    latest = _ids(base, _ASKED.format(records=part, order="DESC", count=MOST_BARS - 1), wanted)
    first = _first(base, wanted) if latest else []
    found = []
    for one in dict.fromkeys([*first, *reversed(latest)]):
        rows = base.execute(_ANSWERS, {"record": one, **question._asdict()}).fetchall()
        after = rows[-1]["value"] if len(rows) > 1 else None
        found.append(Reading(rows[0]["value"], after, rows[0]["unit"], one))
    return found


def _first(base: sqlite3.Connection, wanted: Mapping[str, str]) -> list[str]:
    """The id of the first record that asked a question; none where only the present one did."""
    few = _FEW.format(few=MOST_ANSWERS)
    (count,) = base.execute(f"SELECT count(*) {few}", wanted).fetchone()
    if count < MOST_ANSWERS:
        return _ids(base, _FIRST_OF_FEW.format(few=few), wanted)
    return _ids(base, _ASKED.format(records="records", order="ASC", count=1), wanted)


def _ids(base: sqlite3.Connection, query: str, wanted: Mapping[str, str]) -> list[str]:
    return [row["id"] for row in base.execute(query, wanted)]


def _spots(base: sqlite3.Connection, step: str, record: str) -> dict[str, int]:
    row = base.execute(_LAST_SPOTS, (MOST_ANSWERED_RECORDS, record, step)).fetchone()
    if row is None or not row["repeated"]:
        return {}
    return {side["side"]: side["sets"] for side in base.execute(_SIDES, (row["id"], row["number"]))}
