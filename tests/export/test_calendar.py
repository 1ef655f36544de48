"""A programme in a calendar file, read back by a library for calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import icalendar

from timer_app.core.diagnostics import printable
from timer_app.core.training.programme import Programme
from timer_app.export.calendar import CalendarOptions, build_calendar
from timer_app.run.programme import ActiveProgramme

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEKS = [{"saturday": "one", "sunday": ["one", "two"]}, {"monday": "two"}]
PLAN = Programme.model_validate({"schema": 1, "name": "Mornings, gently", "weeks": WEEKS})


def read(wanted: CalendarOptions, start: date = date(2026, 3, 27), now: datetime = NOW) -> list[icalendar.Event]:
    followed = ActiveProgramme("mornings", PLAN, start)
    text, count = build_calendar(followed, lambda name: (name.title(), 400_000), wanted, now)
    events = [part for part in icalendar.Calendar.from_ical(text).walk("VEVENT") if isinstance(part, icalendar.Event)]
    assert len(events) == count
    return events


def test_each_session_has_its_time_on_its_day_whatever_the_clocks_change_to() -> None:
    events = read(CalendarOptions(time(7, 30), 10))
    assert [(str(event["summary"]), event.decoded("dtstart")) for event in events] == [
        ("One", datetime(2026, 3, 28, 7, 30)),  # noqa: DTZ001 - wherever the phone is
        ("One", datetime(2026, 3, 29, 7, 30)),  # noqa: DTZ001 - as above
        ("Two", datetime(2026, 3, 29, 7, 37)),  # noqa: DTZ001 - as above
        ("Two", datetime(2026, 4, 6, 7, 30)),  # noqa: DTZ001 - as above
    ]
    assert {event.decoded("duration") for event in events} == {timedelta(minutes=7)}


def test_the_phone_reminds_at_the_time_or_before_it() -> None:
    for minutes in (0, 10):
        for event in read(CalendarOptions(time(7, 30), minutes)):
            (alarm,) = event.walk("VALARM")
            assert alarm.decoded("trigger") == timedelta(minutes=-minutes)
            assert alarm["action"] == "DISPLAY"


def test_without_a_time_entries_are_for_the_whole_day_and_do_not_remind() -> None:
    first, *_ = events = read(CalendarOptions())
    assert first.decoded("dtstart") == date(2026, 3, 28)
    assert not any(event.walk("VALARM") for event in events)


def test_a_time_of_the_programme_comes_before_that_of_the_command() -> None:
    days = {"monday": ["one", {"session": "one", "at": "19:00"}, {"session": "one", "at": "12:30"}]}
    twice = Programme.model_validate({"schema": 1, "name": "Twice", "weeks": [days]})
    text, _ = build_calendar(
        ActiveProgramme("twice", twice, date(2026, 3, 2)), lambda name: (name, 0), CalendarOptions(time(7, 30)), NOW
    )
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert [event.decoded("dtstart").time() for event in events] == [time(7, 30), time(12, 30), time(19)]
    assert len({str(event["uid"]) for event in events}) == 3


def test_a_session_keeps_its_id_and_no_two_have_the_same() -> None:
    def ids(events: list[icalendar.Event]) -> list[str]:
        return [str(event["uid"]) for event in events]

    first = ids(read(CalendarOptions(time(7, 30))))
    assert len(set(first)) == len(first)
    assert ids(read(CalendarOptions(), now=NOW + timedelta(days=1))) == first
    assert not set(ids(read(CalendarOptions(), start=date(2026, 4, 3)))) & set(first)


def test_the_last_session_of_a_late_evening_goes_on_after_midnight() -> None:
    begins = [event.decoded("dtstart") for event in read(CalendarOptions(time(23, 58)))]
    assert begins[2] == datetime(2026, 3, 30, 0, 5)  # noqa: DTZ001 - wherever the phone is


def test_the_file_says_which_programme_and_which_week() -> None:
    *_, last = read(CalendarOptions())
    assert str(last["description"]) == "Mornings, gently. Week 2 of 2.\ntimer-app run two"


def test_a_name_begins_no_line_of_its_own() -> None:
    name = 'Long, "best"; \\n \r\nATTENDEE:mailto:x@example.org\nBEGIN:VALARM\x1b' + "ü" * 80
    plan = ActiveProgramme("mornings", PLAN.model_copy(update={"name": name}), date(2026, 3, 27))
    text, count = build_calendar(plan, lambda _: (name, 60_000), CalendarOptions(time(7), 5), NOW)
    assert not any(line.startswith((b"ATTENDEE", b"BEGIN:VALARM\x1b")) for line in text.splitlines())
    assert max(map(len, text.split(b"\r\n"))) <= 75
    assert all(byte >= 32 or byte in b"\r\n" for byte in text)
    calendar = icalendar.Calendar.from_ical(text)
    assert {str(event["summary"]) for event in calendar.walk("VEVENT")} == {printable(name)}
    assert len(calendar.walk("VALARM")) == count
