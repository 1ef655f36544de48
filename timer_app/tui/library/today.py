"""Which session the list suggests today and why, and how far the programme is that the user follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from timer_app.core.i18n import _, ngettext
from timer_app.core.wording.formatting import equipment_text, whole_minutes
from timer_app.tui.first_start import FIRST_SESSION
from timer_app.tui.library.filter import relative_date

if TYPE_CHECKING:
    from timer_app.library import library as sessions
    from timer_app.run.programme import Schedule
    from timer_app.tui.library.filter import SessionActivity

_BAR_CELLS = 10


@dataclass(frozen=True, slots=True)
class TodaysSession:
    """What to do today.

    Attributes:
        entry: The session.
        why: Why this one, in a sentence.
    """

    entry: sessions.SessionEntry
    why: str


def todays_session(
    entries: Iterable[sessions.SessionEntry], activity: SessionActivity, now: datetime, *, follows: bool
) -> TodaysSession | None:
    """The session that is due, or without a programme the one that suits best; `None` for none.

    Who has done nothing yet is led to a short one. Later it is the one that was done longest ago, of those with a star
    if there are any, and none on a day on which one was done.

    Args:
        entries: All sessions.
        activity: What the user does with them.
        now: The time of day.
        follows: A programme is followed, which decides alone.
    """
    startable = {entry.id: entry for entry in entries if not entry.faults}
    for session, line in (activity.due or {}).items():
        if session in startable:
            return TodaysSession(startable[session], line)
    if follows or not startable:
        return None
    done = {session: when for session, when in (activity.done or {}).items() if session in startable}
    if not done:
        return first_session(startable.values())
    if any(when.astimezone(now.tzinfo).date() >= now.date() for when in done.values()):
        return None
    wanted = {session: when for session, when in done.items() if session in activity.stars} or done
    session = min(wanted, key=lambda each: (wanted[each], each))
    why = _("Last done {when}.").format(when=relative_date(wanted[session], now))
    return TodaysSession(startable[session], why)


def first_session(entries: Iterable[sessions.SessionEntry]) -> TodaysSession | None:
    """A session to begin with: short, and with as little equipment as possible."""
    startable = [entry for entry in entries if not entry.faults]
    if not startable:
        return None
    entry = min(startable, key=lambda each: (each.id != FIRST_SESSION, len(each.equipment), each.length_ms, each.id))
    minutes = max(1, whole_minutes(entry.length_ms))
    why = ngettext("A first session of {count} minute.", "A first session of {count} minutes.", minutes)
    needs = equipment_text(entry.equipment)
    return TodaysSession(entry, why.format(count=minutes) + (f" {needs}." if needs else ""))


def programme_text(schedule: Schedule) -> str:
    """`Desk weeks, week 2 of 4  ▰▰▰▱▱▱▱▱▱▱ 5 of 16 days`, and when it goes on if nothing is left for today."""
    programme = schedule.active_programme.programme
    done, total = sum(is_done for _day, is_done in schedule.days), len(schedule.days)
    filled = _BAR_CELLS * done // max(1, total)
    bar = "▰" * filled + "▱" * (_BAR_CELLS - filled)
    days = ngettext("{done} of {count} day", "{done} of {count} days", total).format(done=done, count=total)
    week = min(schedule.week, programme.length)
    where = _("{programme}, week {week} of {weeks}").format(programme=programme.name, week=week, weeks=programme.length)
    return f"{where}  {bar} {days}{_next_text(schedule)}"


def _next_text(schedule: Schedule) -> str:
    """What to say of the next day, if nothing is left for today."""
    if schedule.today > schedule.last_day:
        return " · " + _("It is over; Ctrl+P finds others.")
    if schedule.remaining or schedule.next_due is None:
        return ""
    day = schedule.next_due.day
    away = (day - schedule.today).days
    when = _("tomorrow") if away == 1 else ngettext("in {count} day", "in {count} days", away).format(count=away)
    return " · " + _("Next {when}.").format(when=when)
