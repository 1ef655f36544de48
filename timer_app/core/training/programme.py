"""The schema of programmes, and which sessions are due on which day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from timer_app.core.diagnostics import kind_of, nearest, quoted
from timer_app.core.fields import NotationError
from timer_app.core.fields import types as f

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_WEEKS = 52
MAX_A_DAY = 5
SESSIONS_ALLOWED = 'the name of a session that `timer-app list` shows, or a list such as ["desk-break"]'
_WEEK = timedelta(days=7)


def _sessions(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """The names of a day's sessions."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise NotationError(f"must be the name of a session or a list of names, not {kind_of(value)}", SESSIONS_ALLOWED)
    if len(names) > MAX_A_DAY:
        raise NotationError(f"has more than {MAX_A_DAY} sessions on a day")
    known: Collection[str] | None = (info.context or {}).get("sessions")
    for name in names:
        if known is not None and name not in known:
            raise NotationError(f"there is no session {quoted(name)}", SESSIONS_ALLOWED, nearest(name, known) or "")
    return tuple(dict.fromkeys(names))


_DESCRIPTION = "The session of that day, or a list of sessions."
_Sessions = Annotated[
    tuple[str, ...],
    PlainValidator(_sessions),
    WithJsonSchema(
        {"description": _DESCRIPTION, "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    ),
]


class Week(f.Strict):
    """Weeks of one kind."""

    repeat: int = Field(1, ge=1, le=MAX_WEEKS, description="How many weeks are like this; one if left out.")
    level: f.Level = Field(1.0, description="How far doses may have grown by then, 0 to 1; 1 if left out.")
    monday: _Sessions = ()
    tuesday: _Sessions = ()
    wednesday: _Sessions = ()
    thursday: _Sessions = ()
    friday: _Sessions = ()
    saturday: _Sessions = ()
    sunday: _Sessions = ()

    def on(self, day: date) -> tuple[str, ...]:
        """The sessions of a day of such a week."""
        names: tuple[str, ...] = getattr(self, WEEKDAYS[day.weekday()])
        return names


class Programme(f.Strict):
    """A programme file."""

    schema_version: f.SchemaVersion = Field(alias="schema", description="The version of this format: 1.")
    name: f.Name = Field(description="The programme's name.")
    summary: f.Text | None = Field(None, description="One line about it.")
    weeks: Annotated[tuple[Week, ...], Field(max_length=MAX_WEEKS), BeforeValidator(f.filled_tuple)] = Field(
        description="The weeks, in order."
    )

    @model_validator(mode="after")
    def _has_sessions(self) -> Self:
        if not any(getattr(week, day) for week in self.weeks for day in WEEKDAYS):
            raise PydanticCustomError("sessions", "no day has a session", {"allowed": 'monday = "desk-break"'})
        if self.length > MAX_WEEKS:
            raise PydanticCustomError("weeks", f"it has more than {MAX_WEEKS} weeks")
        return self

    @property
    def length(self) -> int:
        """How many weeks it has."""
        return sum(week.repeat for week in self.weeks)

    @property
    def each_week(self) -> tuple[Week, ...]:
        """Every week, repeated ones as often as they come."""
        return tuple(week for week in self.weeks for _ in range(week.repeat))


@dataclass(frozen=True, slots=True)
class DueDay:
    """What is to be done on a day.

    Attributes:
        day: The day.
        week: Which week of the programme it lies in, from 1.
        sessions: The ids of the sessions.
        level: How far doses may have grown.
    """

    day: date
    week: int
    sessions: tuple[str, ...]
    level: float


def due_days(programme: Programme, start: date) -> Iterator[DueDay]:
    """Every day with a session, in order.

    A week of the programme has seven days from the weekday on which the programme begins, so that one that begins in
    the middle of a week loses nothing.
    """
    for number, week in enumerate(programme.each_week):
        for offset in range(7):
            day = start + number * _WEEK + timedelta(days=offset)
            if sessions := week.on(day):
                yield DueDay(day, number + 1, sessions, week.level)


def last_day(programme: Programme, start: date) -> date:
    """The last day of the last week."""
    return start + programme.length * _WEEK - timedelta(days=1)


def in_a_row(due: Iterable[DueDay], done: Iterable[tuple[str, date]], today: date) -> int:
    """On how many due days in a row, up to today, everything was done; today counts only once it is.

    Args:
        due: The days of the programme, in order.
        done: Sessions with the days on which they were done.
        today: The day for which it is asked.
    """
    known, count = set(done), 0
    for one in due:
        is_done = all((session, one.day) in known for session in one.sessions)
        if one.day < today or (one.day == today and is_done):
            count = count + 1 if is_done else 0
    return count
