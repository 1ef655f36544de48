"""The views of the history: frozen figures of a period, which the screen draws and the report puts into words.

Each view takes an open history (`Store.query`) and is quick at any size, as long as a single session is viewed for some
weeks only. A week begins on Monday.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.formatting import day_text
from timer_app.history import stats
from timer_app.history.stats import ActivitySum, AnswerPair, BestSet, ExerciseSum
from timer_app.history.store import area_name

_WEEK = timedelta(days=7)
_YEAR_WEEKS = 52
PERIOD_WEEKS: tuple[int | None, ...] = (4, 12, 52, None)
"""The periods that a key cycles through, in weeks; `None` for all time."""


@dataclass(frozen=True, slots=True)
class Period:
    """The part of the history that a view covers.

    Attributes:
        today: Today's date.
        weeks: How many weeks, the current one included; `None` for all time.
        session: The id of the only session that counts; `None` for all.
        name: The name of that session.
        first: The first day that counts, if that is not given in weeks.
        language: The language in which areas are called; empty for the words of the records.
    """

    today: date
    weeks: int | None = 12
    session: str | None = None
    name: str = ""
    first: date | None = None
    language: str = ""

    @property
    def monday(self) -> date:
        """The first day of the current week."""
        return monday_of(self.today)

    @property
    def since(self) -> date | None:
        """The first day that counts; `None` for all time."""
        if self.first is not None:
            return self.first
        return None if self.weeks is None else self.monday - (self.weeks - 1) * _WEEK

    @property
    def length_phrase(self) -> str:
        """The period in words, for the end of a sentence."""
        if self.first is not None:
            return _("since {date}").format(date=day_text(self.first))
        if self.weeks is None:
            return _("in all the time")
        if self.weeks == _YEAR_WEEKS:
            return _("in the last year")
        return ngettext("in the last {count} week", "in the last {count} weeks", self.weeks).format(count=self.weeks)

    @property
    def length_label(self) -> str:
        """The period in words that stand alone."""
        if self.first is not None:
            return self.length_phrase
        if self.weeks is None:
            return _("all the time")
        if self.weeks == _YEAR_WEEKS:
            return _("the last year")
        return ngettext("the last {count} week", "the last {count} weeks", self.weeks).format(count=self.weeks)

    def label(self) -> str:
        """Session and period, in short."""
        return f"{self.name or _('All sessions')}, {self.length_label}"

    def next_weeks(self) -> int | None:
        """The next number of weeks that a key cycles to."""
        index = PERIOD_WEEKS.index(self.weeks) if self.weeks in PERIOD_WEEKS else -1
        return PERIOD_WEEKS[(index + 1) % len(PERIOD_WEEKS)]


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """A session that has records.

    Attributes:
        session: Its id.
        name: Its latest name.
    """

    session: str
    name: str


def recorded_sessions(base: sqlite3.Connection) -> list[RecordedSession]:
    """Every session that has records, by name."""
    # Steps from one id to the next along the index, however many records each has.
    query = """
      WITH RECURSIVE found (session) AS (
        SELECT min(session) FROM records
        UNION ALL
        SELECT (SELECT min(session) FROM records WHERE session > found.session) FROM found WHERE session IS NOT NULL
      )
      SELECT session, (SELECT name FROM records WHERE session = found.session ORDER BY started_ms DESC LIMIT 1)
      FROM found WHERE session IS NOT NULL
    """
    return sorted((RecordedSession(*row) for row in base.execute(query)), key=lambda one: one.name.casefold())


def monday_of(day: date) -> date:
    """The first day of the week of `day`."""
    return day - timedelta(days=day.weekday())


_MIN_TREND_ANSWERS = 4
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The days with sessions.

    Attributes:
        period: The period.
        days: By their date.
        streak: Days in a row up to today or yesterday, of all sessions.
    """

    period: Period
    days: Mapping[date, ActivitySum]
    streak: int

    @property
    def first_monday(self) -> date:
        """The first day of the calendar."""
        since = self.period.since or min(self.days, default=self.period.today)
        return monday_of(since)

    def mondays(self) -> list[date]:
        """The first day of each week, up to the current one."""
        return _mondays(self.first_monday, self.period.monday)


@dataclass(frozen=True, slots=True)
class WeeksView:
    """What was done week by week.

    Attributes:
        period: The period.
        weeks: Every week from the first to the current one, empty weeks included.
    """

    period: Period
    weeks: Sequence[ActivitySum]

    @property
    def this_week(self) -> ActivitySum:
        """The current week."""
        return self.weeks[-1]

    @property
    def last_week(self) -> ActivitySum | None:
        """The week before it, if the period includes it."""
        return self.weeks[-2] if len(self.weeks) > 1 else None


@dataclass(frozen=True, slots=True)
class ExercisesView:
    """What was done of each exercise, the longest first.

    Attributes:
        period: The period.
        sums: One for each.
    """

    period: Period
    sums: Sequence[ExerciseSum]


@dataclass(frozen=True, slots=True)
class PainArea:
    """What was answered about pain in one area and on one side.

    Attributes:
        label: Which one, in words.
        answers: Session by session, oldest first; at least one.
    """

    label: str
    answers: Sequence[AnswerPair]

    def trend(self) -> tuple[float, float] | None:
        """The pain that people come with, along a straight line through the answers: at the first and at the last one.

        Returns:
            `None` where there are too few answers, or all are of one moment.
        """
        if len(self.answers) < _MIN_TREND_ANSWERS:
            return None
        return _regression_line([(one.started.timestamp(), one.before) for one in self.answers])


@dataclass(frozen=True, slots=True)
class PainView:
    """What was answered about pain, each area and side by itself.

    Attributes:
        period: The period.
        areas: In the order in which they were first asked about; none where nothing was.
    """

    period: Period
    areas: Sequence[PainArea]


@dataclass(frozen=True, slots=True)
class BestsView:
    """The best there ever was, of all sessions.

    Attributes:
        today: The day on which it is looked at.
        sets: The best set of each exercise.
        streak: How many days in a row something was done at most.
        streak_end: The last of these days; `None` where nothing was done.
        week: The week with the most minutes; `None` where there is none.
    """

    today: date
    sets: Sequence[BestSet]
    streak: int
    streak_end: date | None
    week: ActivitySum | None

    @property
    def longest_holds(self) -> list[BestSet]:
        """The longest holds, the longest first."""
        return sorted((best for best in self.sets if best.held_ms), key=lambda best: -best.held_ms)

    @property
    def most_reps(self) -> list[BestSet]:
        """The most reps, the most first."""
        return sorted((best for best in self.sets if best.reps), key=lambda best: -best.reps)


HistoryView = CalendarView | WeeksView | ExercisesView | PainView | BestsView


def calendar(base: sqlite3.Connection, period: Period) -> CalendarView:
    """The days of the period."""
    days = stats.days(base, period.since, period.session)
    return CalendarView(period, {day.first: day for day in days}, stats.streak(base, period.today))


def weeks(base: sqlite3.Connection, period: Period) -> WeeksView:
    """The weeks of the period."""
    found = {week.first: week for week in stats.weeks(base, period.since, period.session)}
    first = monday_of(period.since or min(found, default=period.today))
    mondays = _mondays(first, period.monday)
    return WeeksView(period, [found.get(monday, ActivitySum(monday, 0, 0, 0)) for monday in mondays])


def exercises(base: sqlite3.Connection, period: Period) -> ExercisesView:
    """The exercises of the period."""
    return ExercisesView(period, stats.exercises(base, period.since, period.session))


def pain(base: sqlite3.Connection, period: Period) -> PainView:
    """The answers about pain in the period; if there are very many, only those of the latest sessions."""
    found: dict[tuple[str, str], list[AnswerPair]] = {}
    for one in stats.answer_pairs(base, since=period.since, session=period.session):
        named = replace(one, area_name=area_name(one.area, one.area_name, period.language))
        found.setdefault((one.area, one.side), []).append(named)
    return PainView(period, [PainArea(asked[-1].label, asked) for asked in found.values()])


def bests(base: sqlite3.Connection, period: Period) -> BestsView:
    """The personal bests of all time."""
    streak, end = stats.longest_streak(base)
    week = max(stats.weeks(base), key=lambda week: (week.active_ms, week.first), default=None)
    return BestsView(period.today, stats.bests(base), streak, end, week)


class LoadView(Protocol):
    """Reads a view from an open history."""

    def __call__(self, base: sqlite3.Connection, period: Period) -> HistoryView:
        """The view of a period."""


@dataclass(frozen=True, slots=True)
class NamedView:
    """A view and its name.

    Attributes:
        id: Its name in commands.
        title: Its title.
        load: Reads it.
    """

    id: str
    title: str
    load: LoadView


VIEWS: tuple[NamedView, ...] = (
    NamedView("calendar", N_("Calendar"), calendar),
    NamedView("weeks", N_("Weeks"), weeks),
    NamedView("exercises", N_("Exercises"), exercises),
    NamedView("pain", N_("Pain"), pain),
    NamedView("bests", N_("Bests"), bests),
)
"""In the order on the screen."""


def _mondays(first: date, last: date) -> list[date]:
    return [first + number * _WEEK for number in range(max(0, (last - first).days // _WEEK_DAYS) + 1)]


def _regression_line(points: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """The first and last value of the least-squares line through `points`, which are in order."""
    pairs = list(points)
    middle_x = sum(x for x, _ in pairs) / len(pairs)
    middle_y = sum(y for _, y in pairs) / len(pairs)
    spread = sum((x - middle_x) ** 2 for x, _ in pairs)
    if not spread:
        return None
    slope = sum((x - middle_x) * (y - middle_y) for x, y in pairs) / spread
    return middle_y + slope * (pairs[0][0] - middle_x), middle_y + slope * (pairs[-1][0] - middle_x)
