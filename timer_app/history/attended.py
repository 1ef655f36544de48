"""On which days sessions were done, read from the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from timer_app.history.stats import day_at, day_number, earliest_ms


def done_days(base: sqlite3.Connection, sessions: Iterable[str], since: date) -> set[tuple[str, date]]:
    """Every day since that one on which a session was done to its end, with the session's id."""
    query = """
      SELECT DISTINCT session, day FROM records
      WHERE session = ? AND started_ms >= ? AND day >= ? AND ending IN ('finished', 'finished early')
    """
    first = (earliest_ms(since), day_number(since))
    rows = (row for session in sessions for row in base.execute(query, (session, *first)))
    return {(row["session"], day_at(row["day"])) for row in rows}
