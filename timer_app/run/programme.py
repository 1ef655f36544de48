"""The programme that the user follows, and what it has due today."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from timer_app.core.diagnostics import FileFault, first_line, quoted
from timer_app.core.diagnostics.safe_text import storable
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import joined_by_and
from timer_app.history.database import HistoryError
from timer_app.library import ProgrammeError, ProgrammeLibrary
from timer_app.system.files import atomic_write, make_private_folder, read_text, sync_folder

if TYPE_CHECKING:
    from timer_app.core.training import DueDay, DueSession, Programme
    from timer_app.history import Store
    from timer_app.run.options import RunOptions

LAST_START: Final = date(9998, 12, 31)
"""The latest start: a programme takes up to 52 weeks, and dates end with the year 9999."""


@dataclass(frozen=True, slots=True)
class ActiveProgramme:
    """The programme that the user follows.

    Attributes:
        id: The name of its file without the suffix.
        programme: The programme as its file has it.
        start: The day on which it begins.
    """

    id: str
    programme: Programme
    start: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a programme has due.

    Attributes:
        active_programme: The programme.
        today: The day.
        last_day: The last day of the programme.
        due: What is due today; `None` for nothing.
        done: The sessions due today that were done, each as often as it was due and done.
        next_due: The next day with sessions after today; `None` after the last.
        streak: For how many due days in a row everything was done.
        days: Every day of the programme with sessions, and whether all of them were done.
        entries: What is due today, and whether it was done.
    """

    active_programme: ActiveProgramme
    today: date
    last_day: date
    due: DueDay | None
    done: tuple[str, ...]
    next_due: DueDay | None
    streak: int
    days: tuple[tuple[DueDay, bool], ...]
    entries: tuple[tuple[DueSession, bool], ...] = ()

    @property
    def remaining(self) -> tuple[str, ...]:
        """The sessions still to do today, each as often as it is to be done."""
        return tuple(entry.session for entry, is_done in self.entries if not is_done)

    @property
    def week(self) -> int:
        """The week of the programme, from 1; 0 before it begins."""
        return max(0, (self.today - self.active_programme.start).days // 7 + 1)


class ActiveProgrammeStore:
    """Stores in a small file which programme the user follows.

    Args:
        path: The file; it need not exist.
        programmes: Where programmes come from.
        store: The history.
        now: The time of day.
        day_start: When a day begins; what is done before belongs to the day before.

    Attributes:
        trouble: Why the active programme cannot be used; empty if it can.
    """

    def __init__(
        self,
        path: Path,
        programmes: ProgrammeLibrary,
        store: Store,
        now: Callable[[], datetime],
        day_start: time = time.min,
    ) -> None:
        self.path = path
        self.programmes = programmes
        self.trouble = ""
        self._store = store
        self._now = now
        self._day_start = timedelta(hours=day_start.hour, minutes=day_start.minute)

    def current(self) -> ActiveProgramme | None:
        """The active programme; `None` if there is none or it cannot be used."""
        self.trouble = ""
        try:
            data = tomllib.loads(read_text(self.path))
            name, start = data["programme"], data["from"]
        except FileNotFoundError:
            return None
        except (FileFault, ValueError, KeyError, RecursionError):
            self.trouble = _("{path} cannot be read; `timer-app programme start NAME` writes it anew").format(
                path=self.path
            )
            return None
        if not isinstance(name, str) or type(start) is not date:
            self.trouble = _("{path} names no programme; `timer-app programme start NAME` writes it anew").format(
                path=self.path
            )
            return None
        if start > LAST_START:
            self.trouble = _("{path} begins too late; `timer-app programme start NAME` writes it anew").format(
                path=self.path
            )
            return None
        try:
            return ActiveProgramme(name, self.programmes.load(name), start)
        except (ProgrammeError, FileFault) as error:
            self.trouble = _("the programme that is followed cannot be used: {error}").format(error=first_line(error))
            return None

    def start(self, name: str, day: date) -> ActiveProgramme:
        """Follow a programme from a day on.

        Raises:
            ProgrammeError: There is none of that name, or it would begin after `LAST_START`.
            FileFault: Its file has faults.
            OSError: The choice cannot be stored.
        """
        active = ActiveProgramme(name, self.programmes.load(name), day)
        if day > LAST_START:
            raise ProgrammeError(
                _("a programme begins on {latest} at the latest, not on {day}").format(latest=LAST_START, day=day)
            )
        if storable(name) != name:
            raise ProgrammeError(
                _("the file of {name} has a name that is no text: rename it").format(name=quoted(name))
            )
        import tomli_w  # needed where a programme is begun

        make_private_folder(self.path.parent)
        with atomic_write(self.path, private=True) as file:
            tomli_w.dump({"programme": name, "from": day}, file)
        return active

    def stop(self) -> bool:
        """Stop following a programme; returns whether there was one.

        Raises:
            OSError: The file cannot be removed.
        """
        was_there = self.path.exists()
        self.path.unlink(missing_ok=True)
        sync_folder(self.path.parent)
        return was_there

    def today(self) -> date:
        """Today's date where the user is; a day begins when the user says."""
        return (self._now() - self._day_start).date()

    def schedule(self) -> Schedule | None:
        """What is due; `None` without an active programme."""
        if (active := self.current()) is None:
            return None
        from timer_app.core.training import due_days, in_a_row, last_day

        today, days = self.today(), tuple(due_days(active.programme, active.start))
        done = self._done_sessions(active, days)
        due = next((one for one in days if one.day == today), None)
        entries = tuple(zip(due.entries, due.done_entries(done), strict=True)) if due else ()
        return Schedule(
            active,
            today,
            last_day(active.programme, active.start),
            due,
            tuple(entry.session for entry, is_done in entries if is_done),
            next((one for one in days if one.day > today), None),
            in_a_row(days, done.elements(), today),
            tuple((one, one.is_done(done)) for one in days),
            entries,
        )

    def due_sessions(self) -> dict[str, str]:
        """The sessions still to do today, each with a line that says so."""
        schedule = self.schedule()
        if schedule is None:
            return {}
        programme = schedule.active_programme.programme
        where = _("{programme}, week {number} of {total}.").format(
            programme=programme.name, number=schedule.week, total=programme.length
        )
        return {name: f"{_due_text(schedule, name)}: {where}" for name in schedule.remaining}

    def adjust_options(self, options: RunOptions, session_id: str) -> RunOptions:
        """Options for a session of the programme: its week limits progressive doses, and sets the level of others."""
        schedule = self.schedule() if options.level is None and not options.doses else None
        if schedule is None or schedule.due is None or session_id not in schedule.due.sessions:
            return options
        if options.growth:
            return replace(options, ceiling=schedule.due.level)
        return replace(options, level=schedule.due.level)

    def _done_sessions(self, active_programme: ActiveProgramme, days: tuple[DueDay, ...]) -> Counter[tuple[str, date]]:
        from timer_app.history.earlier_results import completed_runs

        names = {name for one in days for name in one.sessions}
        with suppress(HistoryError):
            return self._store.query(lambda base: completed_runs(base, names, active_programme.start, self._day_start))
        return Counter()


def _due_text(schedule: Schedule, name: str) -> str:
    """`Due today at 07:30 and 19:00, 1 of 3 done`: when a session is still due today, and how much of it was done."""
    entries = [(entry, is_done) for entry, is_done in schedule.entries if entry.session == name]
    times = [f"{entry.at:%H:%M}" for entry, is_done in entries if entry.at and not is_done]
    due = _("Due today at {times}").format(times=joined_by_and(times)) if times else _("Due today")
    done = sum(is_done for _entry, is_done in entries)
    if len(entries) == 1:
        return due
    return f"{due}, {_('{count} of {total} done').format(count=done, total=len(entries))}"
