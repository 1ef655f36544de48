"""The schema of programmes, and which sessions are due on which day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from timer_app.core.diagnostics import kind_of, nearest, quoted
from timer_app.core.fields import NotationError, parse_time_of_day
from timer_app.core.fields import types as f
from timer_app.core.i18n import N_, _

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_WEEKS = 52
MAX_A_DAY = 12
MAX_EVERY_DAYS = 28
SESSIONS_ALLOWED = N_(
    "the name of a session that `timer-app list` shows, { session = NAME, at = TIME }, or a list of such entries"
)
_WEEK = timedelta(days=7)
_ENTRY_KEYS = ("session", "at")


class DueSession(NamedTuple):
    """A session that is due; the same one may be due several times on a day.

    Attributes:
        session: Its id.
        at: The time of day; `None` for any time.
    """

    session: str
    at: time | None = None


def _sessions(value: object, info: ValidationInfo) -> tuple[DueSession, ...]:
    """The sessions of a day: those without a time as written, the others by their time."""
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MAX_A_DAY:
        raise NotationError(_("has more than {most} sessions on a day").format(most=MAX_A_DAY))
    known: Collection[str] | None = (info.context or {}).get("sessions")
    return tuple(sorted((_due_session(entry, known) for entry in entries), key=lambda due: due.at or time.min))


def _due_session(entry: object, known: Collection[str] | None) -> DueSession:
    keys: Mapping[str, object] = entry if isinstance(entry, dict) else {"session": entry}
    name = keys.get("session")
    if not isinstance(name, str):
        text = (
            _("must be the name of a session or a list of names, not a table without session")
            if isinstance(entry, dict)
            else _("must be the name of a session or a list of names, not {kind}")
        )
        raise NotationError(text.format(kind=kind_of(entry)), SESSIONS_ALLOWED)
    strange = next((key for key in keys if key not in _ENTRY_KEYS), None)
    if strange:
        near = nearest(strange, _ENTRY_KEYS) or ""
        raise NotationError(
            _("an entry has no key {strange}").format(strange=quoted(strange)), _("session and at"), near
        )
    if known is not None and name not in known:
        raise NotationError(
            _("there is no session {name}").format(name=quoted(name)), SESSIONS_ALLOWED, nearest(name, known) or ""
        )
    return DueSession(name, parse_time_of_day(keys["at"]) if "at" in keys else None)


_DESCRIPTION = "The session of that day, or a list of sessions, each with a time of day if you like."
_ENTRY_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"session": {"type": "string"}, "at": {"type": "string", "examples": ["07:30"]}},
            "required": ["session"],
            "additionalProperties": False,
        },
    ]
}
_Sessions = Annotated[
    tuple[DueSession, ...],
    PlainValidator(_sessions),
    WithJsonSchema(
        {
            "description": _DESCRIPTION,
            "anyOf": [*_ENTRY_SCHEMA["anyOf"], {"type": "array", "items": _ENTRY_SCHEMA, "maxItems": MAX_A_DAY}],
        }
    ),
]


class Week(f.Strict):
    """Weeks of one kind."""

    name: f.Name | None = Field(None, description='What they are called, such as "A".')
    repeat: int = Field(1, ge=1, le=MAX_WEEKS, description="How many weeks are like this; one if left out.")
    level: f.Level = Field(1.0, description="How far doses may have grown by then, 0 to 1; 1 if left out.")
    monday: _Sessions = ()
    tuesday: _Sessions = ()
    wednesday: _Sessions = ()
    thursday: _Sessions = ()
    friday: _Sessions = ()
    saturday: _Sessions = ()
    sunday: _Sessions = ()
    every_days: int | None = Field(
        None, ge=1, le=MAX_EVERY_DAYS, description="The sessions are due every so many days, from the first day on."
    )
    sessions: _Sessions = ()

    @model_validator(mode="after")
    def _goes_by_one_rule(self) -> Self:
        if (self.every_days is None) != (not self.sessions):
            raise PydanticCustomError(
                "every_days", _("every_days and sessions belong together"), {"allowed": _("both of them, or weekdays")}
            )
        given = next((day for day in WEEKDAYS if getattr(self, day)), None)
        if self.every_days is not None and given:
            said = _("{given} does not go with every_days").format(given=given)
            raise PydanticCustomError("every_days", said, {"key": given, "allowed": _("weekdays, or every_days")})
        return self

    @property
    def by_weekday(self) -> dict[str, tuple[DueSession, ...]]:
        """The sessions of each weekday, by its name, Monday first."""
        return {day: getattr(self, day) for day in WEEKDAYS}

    def due_on(self, day: date, number: int) -> tuple[DueSession, ...]:
        """What is due on a day of such weeks, which is day `number` since they began, from 0."""
        if self.every_days is not None:
            return () if number % self.every_days else self.sessions
        return self.by_weekday[WEEKDAYS[day.weekday()]]


class Programme(f.Strict):
    """A programme file."""

    schema_version: f.SchemaVersion = Field(alias="schema", description="The version of this format: 1.")
    name: f.Name = Field(description="The programme's name.")
    summary: f.Text | None = Field(None, description="One line about it.")
    weeks: Annotated[tuple[Week, ...], Field(max_length=MAX_WEEKS), BeforeValidator(f.filled_tuple)] = Field(
        description="The weeks, in order."
    )
    repeat: int = Field(1, ge=1, le=MAX_WEEKS, description="How often all the weeks come; once if left out.")

    @model_validator(mode="after")
    def _has_sessions(self) -> Self:
        if not any(getattr(week, day) for week in self.weeks for day in (*WEEKDAYS, "sessions")):
            raise PydanticCustomError("sessions", _("no day has a session"), {"allowed": 'monday = "desk-break"'})
        if self.length > MAX_WEEKS:
            raise PydanticCustomError("weeks", _("it has more than {most} weeks").format(most=MAX_WEEKS))
        return self

    @property
    def length(self) -> int:
        """How many weeks it has."""
        return sum(week.repeat for week in self.weeks) * self.repeat

    @property
    def each_week(self) -> tuple[Week, ...]:
        """Every week, repeated ones as often as they come."""
        return tuple(week for week, _ in self.numbered_weeks())

    def numbered_weeks(self) -> Iterator[tuple[Week, int]]:
        """Every week with its number among those of its kind that come in a row, from 0."""
        for _time in range(self.repeat):
            for week in self.weeks:
                yield from ((week, number) for number in range(week.repeat))

    @property
    def has_times(self) -> bool:
        """Whether any session is due at a time of day."""
        days = (entries for week in self.weeks for entries in (*week.by_weekday.values(), week.sessions))
        return any(entry.at for entries in days for entry in entries)


@dataclass(frozen=True, slots=True)
class DueDay:
    """What is to be done on a day.

    Attributes:
        day: The day.
        week: Which week of the programme it lies in, from 1.
        entries: The sessions, those with a time by their time.
        level: How far doses may have grown.
        week_name: What the week is called; empty for nothing.
    """

    day: date
    week: int
    entries: tuple[DueSession, ...]
    level: float
    week_name: str = ""

    @property
    def sessions(self) -> tuple[str, ...]:
        """The ids of the sessions, as often as each is due."""
        return tuple(entry.session for entry in self.entries)

    def done_entries(self, done: Mapping[tuple[str, date], int]) -> tuple[bool, ...]:
        """Whether each of the entries was done: of the same session, the first ones first."""
        left = {session: done.get((session, self.day), 0) for session in self.sessions}
        found = []
        for session in self.sessions:
            found.append(left[session] > 0)
            left[session] -= 1
        return tuple(found)

    def is_done(self, done: Mapping[tuple[str, date], int]) -> bool:
        """Whether everything was done, sessions that are due several times as often."""
        return all(self.done_entries(done))


def due_days(programme: Programme, start: date) -> Iterator[DueDay]:
    """Every day with a session, in order.

    A week of the programme has seven days from the weekday on which the programme begins, so that one that begins in
    the middle of a week loses nothing.
    """
    for index, (week, number) in enumerate(programme.numbered_weeks()):
        for offset in range(7):
            day = start + index * _WEEK + timedelta(days=offset)
            if due := week.due_on(day, number * 7 + offset):
                yield DueDay(day, index + 1, due, week.level, week.name or "")


def last_day(programme: Programme, start: date) -> date:
    """The last day of the last week."""
    return start + programme.length * _WEEK - timedelta(days=1)


def in_a_row(due: Iterable[DueDay], done: Iterable[tuple[str, date]], today: date) -> int:
    """On how many due days in a row, up to today, everything was done; today counts only once it is.

    Args:
        due: The days of the programme, in order.
        done: Sessions with the days on which they were done, as often as that was.
        today: The day for which it is asked.
    """
    known, count = Counter(done), 0
    for one in due:
        is_done = one.is_done(known)
        if one.day < today or (one.day == today and is_done):
            count = count + 1 if is_done else 0
    return count
