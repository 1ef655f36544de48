"""What of the history is looked at: sessions of one name or all, and how far back."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = timedelta(days=7)
PERIODS: tuple[int | None, ...] = (4, 12, 52, None)
"""The periods that a key goes round, in weeks; `None` for all of the time."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at.

    Attributes:
        today: The day on which it is looked at.
        weeks: How many weeks back, the one that runs included; `None` for all.
        session: The id of the only session that counts; `None` for all.
        name: The same for reading.
        first: The first day that counts, where that is no number of weeks back.
    """

    today: date
    weeks: int | None = 12
    session: str | None = None
    name: str = ""
    first: date | None = None

    @property
    def monday(self) -> date:
        """The first day of the week that runs."""
        return monday_of(self.today)

    @property
    def since(self) -> date | None:
        """The first day that counts; `None` for the very first."""
        if self.first is not None:
            return self.first
        return None if self.weeks is None else self.monday - (self.weeks - 1) * _WEEK

    @property
    def period(self) -> str:
        """How far back, in words that end a sentence."""
        if self.first is not None:
            return f"since {day_text(self.first)}"
        if self.weeks is None:
            return "in all the time"
        return "in the last year" if self.weeks == 52 else f"in the last {self.weeks} weeks"  # noqa: PLR2004 - weeks of a year

    def told(self) -> str:
        """Session and period, in short."""
        return f"{self.name or 'All sessions'}, {self.period.removeprefix('in ')}"

    def next_period(self) -> int | None:
        """The number of weeks that a key goes on to."""
        place = PERIODS.index(self.weeks) if self.weeks in PERIODS else -1
        return PERIODS[(place + 1) % len(PERIODS)]


@dataclass(frozen=True, slots=True)
class Practised:
    """A session of which there is a record.

    Attributes:
        session: Its id.
        name: Its name, as it was called last.
    """

    session: str
    name: str


def practised(base: sqlite3.Connection) -> list[Practised]:
    """Every session of which there is a record, by name."""
    # From one id to the next by the index, however many records each has.
    query = """
      WITH RECURSIVE found (session) AS (
        SELECT min(session) FROM records
        UNION ALL
        SELECT (SELECT min(session) FROM records WHERE session > found.session) FROM found WHERE session IS NOT NULL
      )
      SELECT session, (SELECT name FROM records WHERE session = found.session ORDER BY started_ms DESC LIMIT 1)
      FROM found WHERE session IS NOT NULL
    """
    return sorted((Practised(*row) for row in base.execute(query)), key=lambda one: one.name.casefold())


def monday_of(day: date) -> date:
    """The first day of the week of `day`."""
    return day - timedelta(days=day.weekday())


def day_text(day: date) -> str:
    """A day for reading: `2 Mar 2026`."""
    return f"{day.day} {day:%b %Y}"
