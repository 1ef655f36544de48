"""Which programme the user follows, and what of it is due today."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from timer_app.core.diagnostics.problems import FileFault, first_line
from timer_app.history.database import HistoryError
from timer_app.library.programmes import ProgrammeError, ProgrammeLibrary
from timer_app.system.files import atomic_write

if TYPE_CHECKING:
    from timer_app.core.training.programme import DueDay, Programme
    from timer_app.history.store import Store
    from timer_app.run.options import RunOptions

LAST_START: Final = date(9998, 12, 31)
"""A programme takes up to 52 weeks, and there are no dates after the year 9999."""


@dataclass(frozen=True, slots=True)
class ActiveProgramme:
    """The programme that is followed.

    Attributes:
        id: Its file's name without the ending.
        programme: What its file says.
        start: The day on which it was begun, or is to be.
    """

    id: str
    programme: Programme
    start: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is due today.

    Attributes:
        active_programme: Of which programme.
        today: The day.
        last_day: The last day of the programme.
        due: What is due today; `None` for nothing.
        done: Which of its sessions were done today.
        next_due: The next day with sessions after today; `None` after the last.
        streak: On how many due days in a row everything was done.
        days: Every day of the programme that has sessions, and whether all of them were done.
    """

    active_programme: ActiveProgramme
    today: date
    last_day: date
    due: DueDay | None
    done: tuple[str, ...]
    next_due: DueDay | None
    streak: int
    days: tuple[tuple[DueDay, bool], ...]

    @property
    def remaining(self) -> tuple[str, ...]:
        """The sessions that are still to be done today."""
        return tuple(name for name in (self.due.sessions if self.due else ()) if name not in self.done)

    @property
    def week(self) -> int:
        """In which week of the programme today lies, from 1; 0 before it begins."""
        return max(0, (self.today - self.active_programme.start).days // 7 + 1)


class ActiveProgrammeStore:
    """Keeps which programme is followed in a small file.

    Args:
        path: The file; it need not exist.
        programmes: Where programmes lie.
        store: What was done.
        now: The time of day.

    Attributes:
        trouble: Why the programme that is followed cannot be used; empty where it can.
    """

    def __init__(self, path: Path, programmes: ProgrammeLibrary, store: Store, now: Callable[[], datetime]) -> None:
        self.path = path
        self.programmes = programmes
        self.trouble = ""
        self._store = store
        self._now = now

    def current(self) -> ActiveProgramme | None:
        """The programme that is followed; `None` where there is none, or where it cannot be used."""
        self.trouble = ""
        try:
            kept = tomllib.loads(self.path.read_text(encoding="utf-8"))
            name, start = kept["programme"], kept["from"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError):
            self.trouble = f"{self.path} cannot be read; `timer-app programme start NAME` writes it anew"
            return None
        if not isinstance(name, str) or type(start) is not date:
            self.trouble = f"{self.path} names no programme; `timer-app programme start NAME` writes it anew"
            return None
        if start > LAST_START:
            self.trouble = f"{self.path} begins too late; `timer-app programme start NAME` writes it anew"
            return None
        try:
            return ActiveProgramme(name, self.programmes.load(name), start)
        except (ProgrammeError, FileFault) as error:
            self.trouble = f"the programme that is followed cannot be used: {first_line(error)}"
            return None

    def start(self, name: str, day: date) -> ActiveProgramme:
        """Follow a programme from a day on.

        Raises:
            ProgrammeError: There is none of that name, or it would begin after `LAST_START`.
            FileFault: Its file has faults.
            OSError: It cannot be written down.
        """
        followed = ActiveProgramme(name, self.programmes.load(name), day)
        if day > LAST_START:
            raise ProgrammeError(f"a programme begins on {LAST_START} at the latest, not on {day}")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(self.path) as file:
            file.write(f'programme = "{name}"\nfrom = {day.isoformat()}\n'.encode())
        return followed

    def stop(self) -> bool:
        """Follow no programme; returns whether one was followed.

        Raises:
            OSError: The file cannot be removed.
        """
        was_there = self.path.exists()
        self.path.unlink(missing_ok=True)
        return was_there

    def today(self) -> date:
        """The day where the user is."""
        return self._now().date()

    def schedule(self) -> Schedule | None:
        """What is due today; `None` where no programme is followed."""
        if (followed := self.current()) is None:
            return None
        from timer_app.core.training.programme import due_days, in_a_row, last_day

        today, days = self.today(), tuple(due_days(followed.programme, followed.start))
        done = self._done_sessions(followed, days)
        due = next((one for one in days if one.day == today), None)
        return Schedule(
            followed,
            today,
            last_day(followed.programme, followed.start),
            due,
            tuple(name for name in (due.sessions if due else ()) if (name, today) in done),
            next((one for one in days if one.day > today), None),
            in_a_row(days, done, today),
            tuple((one, all((name, one.day) in done for name in one.sessions)) for one in days),
        )

    def due_sessions(self) -> dict[str, str]:
        """The sessions still to be done today, each with what to say of it."""
        agenda = self.schedule()
        if agenda is None:
            return {}
        programme = agenda.active_programme.programme
        told = f"Due today: {programme.name}, week {agenda.week} of {programme.length}."
        return dict.fromkeys(agenda.remaining, told)

    def adjust_options(self, options: RunOptions, session_id: str) -> RunOptions:
        """Options for a session: in one of the programme, doses grow no further than its week lets them.

        Where doses do not grow, the level of the week is taken.
        """
        agenda = self.schedule() if options.level is None and not options.doses else None
        if agenda is None or agenda.due is None or session_id not in agenda.due.sessions:
            return options
        if options.growth:
            return replace(options, ceiling=agenda.due.level)
        return replace(options, level=agenda.due.level)

    def _done_sessions(self, active_programme: ActiveProgramme, days: tuple[DueDay, ...]) -> set[tuple[str, date]]:
        from timer_app.history.queries import completed_days

        names = {name for one in days for name in one.sessions}
        with suppress(HistoryError):
            return self._store.query(lambda base: completed_days(base, names, active_programme.start))
        return set()
