"""`timer-app programme`: lists programmes, starts, stops and shows one, and writes it into a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples
from timer_app.cli.output import echo, echo_error, echo_lines
from timer_app.cli.parameters import (
    STANDARD_OUTPUT,
    DayParam,
    NewFileParam,
    ProgrammeParam,
    TimeOfDayParam,
    WholeNumberRange,
)
from timer_app.cli.resources import active_programme, load_library, load_user_settings, new_file
from timer_app.cli.tables import Cell, Column, echo_table
from timer_app.core.diagnostics import FileFault, command_text
from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.formatting import cell_len, count_text, number_text, rough_text, weekday_text
from timer_app.system import install_command

if TYPE_CHECKING:
    from timer_app.core.training import DueSession, Programme
    from timer_app.library import SessionEntry
    from timer_app.run.programme import ActiveProgramme, ActiveProgrammeStore, Schedule

_DAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
_ANY_MONDAY = date(2024, 1, 1)  # to count what a programme has
_LEGEND = N_("✓ done   ● today   ○ to come   ✗ missed")
NO_PROGRAMME = N_("No programme is followed. `timer-app programme list` shows which there are.")


@click.group(
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    epilog=examples("programme list", "programme start gentle-start --from 2026-03-02", "programme show"),
)
@click.pass_context
def programme(context: click.Context) -> None:
    """Follow a programme: sessions on certain days, for some weeks."""
    if context.invoked_subcommand is None:
        raise click.UsageError(_("say what: ics, list, show, start or stop; --help tells more."))


@programme.command("list")
def list_programmes() -> None:
    """List the programmes: shipped ones and your own."""
    store = active_programme()
    programmes, followed = store.programmes, store.current()
    rows: list[tuple[str | Cell, ...]] = [(_("NAME"), _("WEEKS"), _("SESSIONS"), _("WHAT IT IS FOR"))]
    for name in programmes.files():
        try:
            rows.append(_row(name, programmes.load(name), is_followed=followed is not None and followed.id == name))
        except FileFault as fault:
            file = fault.problems[0].file
            text = _("cannot be followed, its file has faults: {command}")
            rows.append((name, "-", "-", Cell(text.format(command=command_text("check", file)), "red")))
    number = Column("cyan", right=True)
    echo_table(rows, (Column("bold"), number, number, Column(wraps=True)), cut=False)


@programme.command("start")
@click.argument("name", type=ProgrammeParam())
@click.option(
    "--from", "begin", type=DayParam(), metavar="DAY", help="The first day, such as 2026-03-02; usually today."
)
def start_programme(name: str, begin: datetime | None) -> None:
    """Follow the programme NAME, in place of the one that is followed."""
    store = active_programme()
    with _programme_errors():
        followed = store.start(name, begin.date() if begin else store.today())
    text = (
        _("{programme} began on {day} and takes {weeks}.")
        if followed.start < store.today()
        else _("{programme} begins on {day} and takes {weeks}.")
    )
    day, weeks = _day_text(followed.start), _weeks_text(followed.programme)
    echo(text.format(programme=followed.programme.name, day=day, weeks=weeks))
    if schedule := store.schedule():
        echo_lines(today_lines(schedule, session_entries()))


@programme.command("stop")
def stop_programme() -> None:
    """Follow no programme any more."""
    with _programme_errors():
        was_followed = active_programme().stop()
    stopped = _("No programme is followed any more. What was done stays in the history.")
    echo(stopped if was_followed else _(NO_PROGRAMME))


@programme.command("show")
@click.argument("name", type=ProgrammeParam(), required=False)
def show_programme(name: str | None) -> None:
    """Show the weeks of a programme.

    Without NAME, of the one that is followed, with what was done.
    """
    store = active_programme()
    schedule = load_schedule(store)
    if schedule and name in (None, schedule.active_programme.id):
        echo_lines([*_calendar_lines(schedule), "", *today_lines(schedule, session_entries())])
        return
    if name is None:
        echo(_(NO_PROGRAMME))
        return
    with _programme_errors():
        programme = store.programmes.load(name)
    echo_lines(_week_lines(programme))


@programme.command("ics", short_help="Write what is followed into a calendar for the phone.")
@click.argument("file", type=NewFileParam())
@click.option(
    "--at", type=TimeOfDayParam(), metavar="TIME", help="The time of day, such as 7:30; else for the whole day."
)
@click.option(
    "--remind",
    "remind_min",
    type=WholeNumberRange(0, 1_440),
    metavar="MINUTES",
    help="So long before that time the phone reminds; usually at that time. Needs --at.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def write_calendar(file: Path, *, at: time | None, remind_min: int | None, force: bool) -> None:
    """Write the programme that is followed into FILE, a calendar for the phone; "-" is standard output."""
    store = active_programme()
    followed = store.current()
    has_times = bool(followed and followed.programme.has_times)
    if remind_min is not None and at is None and not has_times:
        raise click.UsageError(_("--remind needs --at: an entry for the whole day has no time to remind at."))
    if followed is None:
        raise CommandError(f"{PROGRAM}: {store.trouble or _(NO_PROGRAMME)}", USAGE)
    with new_file(file, force=force) as target:
        text, count = _calendar_text(followed, at, remind_min or 0)
        target.write(text)
    if file != STANDARD_OUTPUT:
        echo(_("{sessions} written to {file}.").format(sessions=count_text(count, "session"), file=file))


def _calendar_text(followed: ActiveProgramme, at: time | None, remind_min: int) -> tuple[bytes, int]:
    from timer_app.export import CalendarOptions, build_calendar
    from timer_app.run import local_now

    known = session_entries()

    def named(session: str) -> tuple[str, int]:
        entry = known.get(session)
        return (entry.name, entry.length_ms) if entry else (session, 0)

    try:
        return build_calendar(followed, named, CalendarOptions(at, remind_min), local_now())
    except ImportError:
        raise CommandError(
            f"{PROGRAM}: "
            + _("calendars need the library icalendar: {command}").format(command=install_command("calendar"))
        ) from None


def load_schedule(store: ActiveProgrammeStore) -> Schedule | None:
    """The schedule of the active programme; what hinders it goes to standard error."""
    schedule = store.schedule()
    if store.trouble:
        echo_error(f"{PROGRAM}: {store.trouble}")
    return schedule


def session_entries() -> dict[str, SessionEntry]:
    """The entries of the library by their ids."""
    return {entry.id: entry for entry in load_library(None, load_user_settings()).entries()}


@contextmanager
def _programme_errors() -> Iterator[None]:
    from timer_app.library import ProgrammeError

    try:
        yield
    except ProgrammeError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None
    except FileFault as fault:
        raise CommandError.from_problems(fault.problems) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(
            f"{PROGRAM}: " + _("the programme cannot be written down: {reason}").format(reason=reason)
        ) from None


def today_lines(schedule: Schedule, entries: dict[str, SessionEntry]) -> Iterator[str]:
    """The lines about today."""
    yield _position_line(schedule)
    for due, is_done in schedule.entries:
        name, entry = due.session, entries.get(due.session)
        title = f"{entry.name}, {rough_text(entry.length_ms)}" if entry else name
        title = f"{due.at:%H:%M}  {title}" if due.at else title
        yield f"  ✓ {title}: {_('done')}" if is_done else f"  ● {title}: {command_text('run', name)}"
    if schedule.due is None and schedule.today <= schedule.last_day:
        yield f"  {_('Nothing is due today.')}"
    if schedule.next_due:
        names = ", ".join(map(_entry_text, schedule.next_due.entries))
        yield _("Next on {day}: {names}.").format(day=_day_text(schedule.next_due.day), names=names)
    if schedule.streak:
        yield _("{days} of the programme in a row.").format(days=count_text(schedule.streak, "day"))


def _position_line(schedule: Schedule) -> str:
    programme, today = schedule.active_programme.programme, _day_text(schedule.today)
    if not schedule.week:
        text = _("Today, {day}: {programme} begins on {start}.")
        return text.format(day=today, programme=programme.name, start=_day_text(schedule.active_programme.start))
    if schedule.today > schedule.last_day:
        text = _("Today, {day}: {programme} ended on {end}. `timer-app programme list` shows others.")
        return text.format(day=today, programme=programme.name, end=_day_text(schedule.last_day))
    name = programme.each_week[schedule.week - 1].name
    text = (
        _("Today, {day}: {programme}, week {number} of {total} ({name}).")
        if name
        else _("Today, {day}: {programme}, week {number} of {total}.")
    )
    return text.format(day=today, programme=programme.name, number=schedule.week, total=programme.length, name=name)


def _calendar_lines(schedule: Schedule) -> Iterator[str]:
    """A line for each week, with a sign for each of its days."""
    programme = schedule.active_programme.programme
    signs = {due.day: _sign(schedule, due.day, done) for due, done in schedule.days}
    start = schedule.active_programme.start
    yield _("{programme}, {weeks} from {day}").format(
        programme=programme.name, weeks=_weeks_text(programme), day=_day_text(start)
    )
    order = [(start.weekday() + offset) % 7 for offset in range(7)]
    weeks = [_("Week {number}").format(number=week + 1) for week in range(programme.length)]
    cells = max(9, *(cell_len(week) + 1 for week in weeks))
    yield f"{'':{cells}}{'  '.join(_(_DAYS[day]) for day in order)}"
    for week in range(programme.length):
        days = (date.fromordinal(start.toordinal() + week * 7 + offset) for offset in range(7))
        marks = "  ".join(signs.get(day, "·").ljust(2) for day in days)
        yield f"{weeks[week]}{' ' * (cells - cell_len(weeks[week]))}{marks}".rstrip()
    yield _(_LEGEND)


def _sign(schedule: Schedule, day: date, done: bool) -> str:
    if done:
        return "✓"
    if day == schedule.today:
        return "●"
    return "✗" if day < schedule.today else "○"


def _week_lines(programme: Programme) -> Iterator[str]:
    yield f"{programme.name}, {_weeks_text(programme)}"
    if programme.summary:
        yield programme.summary
    number = 0
    for week in programme.weeks:
        first, number = number + 1, number + week.repeat
        which = (
            _("Week {number}").format(number=first)
            if week.repeat == 1
            else _("Weeks {first} to {last}").format(first=first, last=number)
        )
        level = _("level {level}").format(level=number_text(week.level))
        yield f"{which}{f' ({week.name})' if week.name else ''}, {level}"
        for index, entries in enumerate(week.by_weekday.values()):
            if entries:
                name = weekday_text(_ANY_MONDAY + timedelta(days=index))
                yield f"  {name}{' ' * (11 - cell_len(name))}{', '.join(map(_entry_text, entries))}"
        if week.every_days:
            often = ngettext("Every day", "Every {count} days", week.every_days).format(count=week.every_days)
            yield f"  {often}: {', '.join(map(_entry_text, week.sessions))}"
    if programme.repeat > 1:
        yield _("All of this {count} times.").format(count=programme.repeat)


def _entry_text(entry: DueSession) -> str:
    """`desk-break at 07:30`."""
    if not entry.at:
        return entry.session
    return _("{session} at {time}").format(session=entry.session, time=f"{entry.at:%H:%M}")


def _row(name: str, programme: Programme, *, is_followed: bool) -> tuple[str | Cell, ...]:
    from timer_app.core.training import due_days

    sessions = sum(len(due.entries) for due in due_days(programme, _ANY_MONDAY))
    purpose = programme.summary or programme.name
    what = Cell(_("followed: {purpose}").format(purpose=purpose), "green") if is_followed else Cell(purpose)
    return name, str(programme.length), str(sessions), what


def _weeks_text(programme: Programme) -> str:
    return count_text(programme.length, "week")


def _day_text(day: date) -> str:
    return f"{weekday_text(day)} {day.isoformat()}"
