"""Writes a programme as a calendar file, so that a phone reminds of its sessions."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from timer_app.core.diagnostics import command_text, printable
from timer_app.core.i18n import _
from timer_app.core.training import DueDay, due_days

if TYPE_CHECKING:
    import icalendar

    from timer_app.run.programme import ActiveProgramme

_UID_NAMESPACE = uuid.UUID("6f0c2a52-8f0e-5d6b-9f44-4f1d7a5a3c11")  # any fixed one: the same session keeps its id
_LEAST_MIN = 5


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """How sessions stand in the calendar.

    Attributes:
        start_time: The time of day of each that the programme gives none, wherever the phone is; `None` for entries
            of the whole day, which do not remind.
        remind_min: How many minutes before it the phone reminds; 0 at that time.
    """

    start_time: time | None = None
    remind_min: int = 0


def build_calendar(
    active_programme: ActiveProgramme,
    describe_session: Callable[[str], tuple[str, int]],
    options: CalendarOptions,
    now: datetime,
) -> tuple[bytes, int]:
    """A calendar with an entry for every session.

    Args:
        active_programme: The programme, and when it begins.
        describe_session: Gives the name and the length in milliseconds of a session.
        options: Time of day and reminder.
        now: When it is made.

    Returns:
        The text of the file, and how many entries it has.

    Raises:
        ImportError: The library for calendars is not installed.
    """
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//timer-app//programme//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", printable(active_programme.programme.name))
    entries = list(_entries(active_programme, describe_session, options, now))
    for entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical(), len(entries)


def _entries(
    active_programme: ActiveProgramme,
    describe_session: Callable[[str], tuple[str, int]],
    options: CalendarOptions,
    now: datetime,
) -> Iterable[icalendar.Event]:
    for due in due_days(active_programme.programme, active_programme.start):
        # A time without a zone is that of wherever the phone is, before and after clocks change.
        begin = datetime.combine(due.day, options.start_time) if options.start_time else None
        times: Counter[str] = Counter()
        for planned in due.entries:
            name, length_ms = describe_session(planned.session)
            name = printable(name)
            length = timedelta(minutes=max(_LEAST_MIN, -(-length_ms // 60_000)))
            times[planned.session] += 1
            event = _entry(active_programme, due, planned.session, times[planned.session], name=name, now=now)
            at = datetime.combine(due.day, planned.at) if planned.at else begin
            _set_time(event, due, at, length)
            if at:
                event.add_component(_alarm(name, options.remind_min))
            if begin and not planned.at:
                begin += length
            yield event


def _entry(  # noqa: PLR0913 - all that an entry says
    active_programme: ActiveProgramme, due: DueDay, session: str, turn: int, *, name: str, now: datetime
) -> icalendar.Event:
    """An entry without its time; the same session of the same programme always has the same id.

    Args:
        active_programme: The programme.
        due: The day.
        session: The session.
        turn: Which time of that day, from 1.
        name: Its name.
        now: When the file is made.
    """
    import icalendar

    event = icalendar.Event()
    key = f"{active_programme.id} {active_programme.start} {due.day} {session}"
    key = f"{key} {turn}" if turn > 1 else key
    event.add("uid", f"{uuid.uuid5(_UID_NAMESPACE, key)}@timer-app")
    event.add("dtstamp", now)
    event.add("summary", name)
    week = _("Week {week} of {length}").format(week=due.week, length=active_programme.programme.length)
    event.add(
        "description",
        f"{printable(active_programme.programme.name)}. {week}.\n{command_text('run', session)}",
    )
    return event


def _set_time(event: icalendar.Event, due: DueDay, begin: datetime | None, length: timedelta) -> None:
    if begin is None:
        event.add("dtstart", due.day)
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", begin)
        event.add("duration", length)


def _alarm(name: str, remind_min: int) -> icalendar.Alarm:
    import icalendar

    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", name)
    alarm.add("trigger", timedelta(minutes=-remind_min))
    return alarm
