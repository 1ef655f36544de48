"""Programmes: which there are, which is followed, what is due today, and the way into a calendar."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.cli.context import active_programme, load_library, load_user_settings, new_file
from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.output import echo, echo_error, echo_lines, format_table
from timer_app.core.diagnostics.problems import FileFault
from timer_app.core.text.format import count_text, length_text
from timer_app.history.store import Store
from timer_app.library.programmes import ProgrammeError
from timer_app.run.tracker import local_now
from timer_app.system import paths
from timer_app.system.lazy import install_command

if TYPE_CHECKING:
    from timer_app.core.training.programme import Programme
    from timer_app.library.library import SessionEntry
    from timer_app.run.programme import ActiveProgramme, ActiveProgrammeStore, Schedule

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_LEGEND = "✓ done   ● today   ○ to come   ✗ missed"
_NO_PROGRAMME = "No programme is followed. `timer-app programme list` shows which there are."


def show_today(*, as_json: bool) -> None:
    """Print what is due today, what of it was done, and the streak."""
    agenda = _load_schedule()
    if as_json:
        echo(json.dumps(_as_json(agenda) if agenda else None, ensure_ascii=False, indent=2))
    else:
        echo_lines(_today_lines(agenda, _entries()) if agenda else [_NO_PROGRAMME])


def list_programmes() -> None:
    """Print a line for each programme."""
    shelf = _open_active_programme().programmes
    rows = [("NAME", "WEEKS", "SESSIONS", "WHAT IT IS FOR")]
    for name in shelf.files():
        try:
            rows.append(_row(name, shelf.load(name)))
        except FileFault as fault:
            rows.append(
                (name, "-", "-", f"cannot be followed, its file has faults: {PROGRAM} check {_faulty_file(fault)}")
            )
    echo_lines(format_table(rows))


def start_programme(name: str, begin: datetime | None) -> None:
    """Follow a programme.

    Args:
        name: Its id.
        begin: From that day on; from today on if `None`.
    """
    follower = _open_active_programme()
    with _programme_errors():
        followed = follower.start(name, begin.date() if begin else follower.today())
    begins = "began" if followed.start < follower.today() else "begins"
    echo(
        f"{followed.programme.name} {begins} on {_day_text(followed.start)} "
        f"and takes {_weeks_text(followed.programme)}."
    )
    if agenda := follower.schedule():
        echo_lines(_today_lines(agenda, _entries()))


def stop_programme() -> None:
    """Follow no programme any more; what was done stays in the history."""
    with _programme_errors():
        was_followed = _open_active_programme().stop()
    echo("No programme is followed any more. What was done stays in the history." if was_followed else _NO_PROGRAMME)


def show_programme(name: str | None) -> None:
    """Print the weeks of a programme; of the one that is followed with what was done.

    Args:
        name: Its id; the one that is followed if `None`.
    """
    follower = _open_active_programme()
    agenda = _load_schedule(follower)
    if agenda and name in (None, agenda.active_programme.id):
        echo_lines([*_calendar_lines(agenda), "", *_today_lines(agenda, _entries())])
        return
    if name is None:
        echo(_NO_PROGRAMME)
        return
    with _programme_errors():
        programme = follower.programmes.load(name)
    echo_lines(_week_lines(programme))


def write_calendar(file: Path, at: time | None, remind_min: int, *, force: bool) -> None:
    """Write the programme that is followed into a calendar file.

    Args:
        file: Where to.
        at: The time of day of the sessions; `None` for entries of the whole day.
        remind_min: How many minutes before it the phone reminds.
        force: Replace a file that is there.
    """
    follower = _open_active_programme()
    followed = follower.current()
    if followed is None:
        raise CommandError(f"{PROGRAM}: {follower.trouble or _NO_PROGRAMME}", USAGE)
    with new_file(file, force=force) as target:
        text, count = _calendar_text(followed, at, remind_min)
        target.write(text)
    echo(f"{count_text(count, 'session')} written to {file}.")


def _calendar_text(followed: ActiveProgramme, at: time | None, remind_min: int) -> tuple[bytes, int]:
    from timer_app.export.calendar import CalendarOptions, build_calendar

    known = _entries()

    def named(session: str) -> tuple[str, int]:
        entry = known.get(session)
        return (entry.name, entry.length_ms) if entry else (session, 0)

    try:
        return build_calendar(followed, named, CalendarOptions(at, remind_min), local_now())
    except ImportError:
        raise CommandError(f"{PROGRAM}: calendars need the library icalendar: {install_command('calendar')}") from None


def _open_active_programme() -> ActiveProgrammeStore:
    return active_programme(Store(paths.history_file()))


def _load_schedule(follower: ActiveProgrammeStore | None = None) -> Schedule | None:
    """What is due today; why it cannot be known is told on standard error."""
    follower = follower or _open_active_programme()
    agenda = follower.schedule()
    if follower.trouble:
        echo_error(f"{PROGRAM}: {follower.trouble}")
    return agenda


def _entries() -> dict[str, SessionEntry]:
    return {entry.id: entry for entry in load_library(None, load_user_settings()).entries()}


@contextmanager
def _programme_errors() -> Iterator[None]:
    try:
        yield
    except ProgrammeError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None
    except FileFault as fault:
        raise CommandError(str(fault)) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(f"{PROGRAM}: the programme cannot be written down: {reason}") from None


def _today_lines(agenda: Schedule, entries: dict[str, SessionEntry]) -> Iterator[str]:
    """The lines about today."""
    yield _position_line(agenda)
    for name in agenda.due.sessions if agenda.due else ():
        entry = entries.get(name)
        told = f"{entry.name}, {length_text(entry.length_ms)}" if entry else name
        yield f"  ✓ {told}: done" if name in agenda.done else f"  ● {told}: {PROGRAM} run {name}"
    if agenda.due is None and agenda.today <= agenda.last_day:
        yield "  Nothing is due today."
    if agenda.next_due:
        yield f"Next on {_day_text(agenda.next_due.day)}: {', '.join(agenda.next_due.sessions)}."
    if agenda.streak:
        yield f"{count_text(agenda.streak, 'day')} of the programme in a row."


def _position_line(agenda: Schedule) -> str:
    programme, today = agenda.active_programme.programme, f"Today, {_day_text(agenda.today)}"
    if not agenda.week:
        return f"{today}: {programme.name} begins on {_day_text(agenda.active_programme.start)}."
    if agenda.today > agenda.last_day:
        return (
            f"{today}: {programme.name} ended on {_day_text(agenda.last_day)}. `{PROGRAM} programme list` shows others."
        )
    return f"{today}: {programme.name}, week {agenda.week} of {programme.length}."


def _as_json(agenda: Schedule) -> dict[str, object]:
    programme = agenda.active_programme.programme
    return {
        "programme": agenda.active_programme.id,
        "name": programme.name,
        "from": agenda.active_programme.start.isoformat(),
        "until": agenda.last_day.isoformat(),
        "today": agenda.today.isoformat(),
        "week": agenda.week,
        "weeks": programme.length,
        "level": agenda.due.level if agenda.due else None,
        "due": list(agenda.due.sessions) if agenda.due else [],
        "done": list(agenda.done),
        "left": list(agenda.remaining),
        "next": agenda.next_due.day.isoformat() if agenda.next_due else None,
        "streak": agenda.streak,
    }


def _calendar_lines(agenda: Schedule) -> Iterator[str]:
    """A line for each week, with a sign for each of its days."""
    programme, signs = (
        agenda.active_programme.programme,
        {due.day: _sign(agenda, due.day, done) for due, done in agenda.days},
    )
    start = agenda.active_programme.start
    yield f"{programme.name}, {_weeks_text(programme)} from {_day_text(start)}"
    order = [(start.weekday() + offset) % 7 for offset in range(7)]
    yield f"{'':9}{'  '.join(_DAYS[day] for day in order)}"
    for week in range(programme.length):
        days = (date.fromordinal(start.toordinal() + week * 7 + offset) for offset in range(7))
        cells = (signs.get(day, "·").ljust(2) for day in days)
        yield f"Week {week + 1:<4}{'  '.join(cells)}".rstrip()
    yield _LEGEND


def _sign(agenda: Schedule, day: date, done: bool) -> str:
    if done:
        return "✓"
    if day == agenda.today:
        return "●"
    return "✗" if day < agenda.today else "○"


def _week_lines(programme: Programme) -> Iterator[str]:
    from timer_app.core.training.programme import WEEKDAYS

    yield f"{programme.name}, {_weeks_text(programme)}"
    if programme.summary:
        yield programme.summary
    number = 0
    for week in programme.weeks:
        first, number = number + 1, number + week.repeat
        which = f"Week {first}" if week.repeat == 1 else f"Weeks {first} to {number}"
        yield f"{which}, level {week.level:g}"
        for day in WEEKDAYS:
            if names := getattr(week, day):
                yield f"  {day.capitalize():<11}{', '.join(names)}"


def _row(name: str, programme: Programme) -> tuple[str, str, str, str]:
    sessions = sum(len(week.on(date.fromordinal(day))) for week in programme.each_week for day in range(1, 8))
    return name, str(programme.length), str(sessions), programme.summary or programme.name


def _weeks_text(programme: Programme) -> str:
    return count_text(programme.length, "week")


def _day_text(day: date) -> str:
    return f"{_DAY_NAMES[day.weekday()]} {day.isoformat()}"


_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _faulty_file(fault: FileFault) -> str:
    return fault.problems[0].file
