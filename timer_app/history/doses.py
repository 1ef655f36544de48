"""What was done of exercises with a dose that grows, read from the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from timer_app.core.training.progression import Done
from timer_app.history.stats import day_at, day_number, earliest_ms

if TYPE_CHECKING:
    from timer_app.core.session.exercise import DoseKey

LOOK_BACK = timedelta(days=365)  # a break so long takes any dose back to its low end
MOST_DOSE_RECORDS = 1_000

_FIGURES: dict[DoseKey, str] = {"hold": "planned_hold_ms", "reps": "planned_reps", "flow": "planned_rounds"}

# The first and the last answer about each area and side; a record with an area that got worse has more pain.
_LATEST = """
WITH latest AS MATERIALIZED (
  SELECT id, ending FROM records WHERE started_ms >= ? AND day >= ? AND ending <> 'running'
  ORDER BY started_ms DESC LIMIT ?
)
"""
_STEPS = """
SELECT steps.record, steps.day, exercise, kind, planned_hold_ms, planned_reps, planned_rounds,
  sets - repeated >= planned_sets AND added_ms >= 0 AND ending IN ('finished', 'finished early') AS completed
FROM latest CROSS JOIN steps ON steps.record = latest.id
WHERE sets > 0 OR held_ms > 0 OR reps > 0
"""
_WORSE = """
SELECT DISTINCT one.record FROM latest CROSS JOIN answers AS one ON one.record = latest.id
JOIN answers AS two ON two.record = one.record AND two.name = one.name AND two.side = one.side AND two.phase > one.phase
WHERE one.key = 'pain' AND two.key = 'pain' AND two.value > one.value
  AND NOT EXISTS (SELECT 1 FROM answers AS x WHERE x.record = one.record AND x.key = 'pain' AND x.name = one.name
    AND x.side = one.side AND (x.phase < one.phase OR x.phase > two.phase))
"""


def done_before(
    base: sqlite3.Connection, exercises: Collection[tuple[str, DoseKey]], today: date
) -> dict[tuple[str, DoseKey], list[Done]]:
    """The records of exercises within the last year, by exercise and kind of dose.

    Args:
        base: The history.
        exercises: The names by which they are followed (`planned.exercise_key`), each with the kind of its dose.
        today: Where the look back begins.
    """
    found: dict[tuple[str, DoseKey], list[Done]] = {name: [] for name in exercises}
    since = today - LOOK_BACK
    latest = (earliest_ms(since), day_number(since), MOST_DOSE_RECORDS)
    worse = {row["record"] for row in base.execute(_LATEST + _WORSE, latest)}
    for row in base.execute(_LATEST + _STEPS, latest):
        for kind in _kinds(row, found):
            more_pain = row["record"] in worse
            done = Done(day_at(row["day"]), row[_FIGURES[kind]], bool(row["completed"]), more_pain)
            found[row["exercise"], kind].append(done)
    return found


def _kinds(row: sqlite3.Row, wanted: Collection[tuple[str, DoseKey]]) -> Iterator[DoseKey]:
    """The kind of dose that a row has, if it is wanted."""
    return (
        kind
        for kind, figure in _FIGURES.items()
        if row["kind"] == kind and row[figure] and (row["exercise"], kind) in wanted
    )
