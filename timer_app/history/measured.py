"""What earlier records have of questions and of tender spots, read from the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from timer_app.core.measures import MOST_BARS, Past, Question, Reading

MOST_RECORDS = 500  # among which the last time is looked for

# Of these records, but for the one that is compared, those that asked it.
_ASKED = """
SELECT id FROM {records}
WHERE id <> :now AND EXISTS (
  SELECT 1 FROM answers WHERE record = id AND key = :key AND name = :name AND side = :side
) ORDER BY started_ms {order} LIMIT {count}
"""
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
    latest = _asked(base, question, record, "DESC", MOST_RECORDS, MOST_BARS - 1)
    first = _asked(base, question, record, "ASC", -1, 1) if latest else []
    found = []
    for one in dict.fromkeys([*first, *reversed(latest)]):
        rows = base.execute(_ANSWERS, {"record": one, **question._asdict()}).fetchall()
        after = rows[-1]["value"] if len(rows) > 1 else None
        found.append(Reading(rows[0]["value"], after, rows[0]["unit"]))
    return found


def _asked(  # noqa: PLR0913, PLR0917 - the parts of a query
    base: sqlite3.Connection, question: Question, record: str, order: str, most: int, count: int
) -> list[str]:
    """The ids of records that asked a question."""
    # All of them are walked by their index; a part of them has to be put together first.
    part = f"(SELECT id, started_ms FROM records ORDER BY started_ms {order} LIMIT {most})"  # noqa: S608 - parts of ours
    among = part if most > 0 else "records"
    query = _ASKED.format(records=among, order=order, count=count)
    return [row["id"] for row in base.execute(query, {"now": record, **question._asdict()})]


def _spots(base: sqlite3.Connection, step: str, record: str) -> dict[str, int]:
    row = base.execute(_LAST_SPOTS, (MOST_RECORDS, record, step)).fetchone()
    if row is None or not row["repeated"]:
        return {}
    return {side["side"]: side["sets"] for side in base.execute(_SIDES, (row["id"], row["number"]))}
