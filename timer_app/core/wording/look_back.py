"""Words for how a run compares with earlier ones of its session, and for what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from timer_app.core.i18n import _, ngettext
from timer_app.core.wording.comparison import sparkline
from timer_app.core.wording.formatting import day_text, length_text, weekday_text

_GRAIN_MS = 1_000  # what differs by less is the same
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class LookBack:
    """What is known of a session once it is over.

    Attributes:
        work_ms: Time at work now.
        reps: Reps counted now.
        earlier_ms: Time at work of its earlier records, oldest first.
        earlier_reps: Their reps.
        streak: How many days in a row had work, with this one.
        today: The day.
        next_day: When something is due next; `None` if nothing is planned.
        next_sessions: What is due then, by name.
    """

    work_ms: int = 0
    reps: int = 0
    earlier_ms: tuple[int, ...] = ()
    earlier_reps: tuple[int, ...] = ()
    streak: int = 0
    today: date = date.min
    next_day: date | None = None
    next_sessions: tuple[str, ...] = ()


def look_back_lines(known: LookBack) -> Iterator[str]:
    """Lines about last time and the best, with a chart, and about days in a row; nothing where nothing is known."""
    if known.earlier_ms and known.work_ms:
        yield _amount_line(known)
        if bars := sparkline([*known.earlier_ms, known.work_ms]):
            yield _("The last times: {bars}").format(bars=bars)
    if known.streak > 1:
        yield ngettext("{count} day in a row.", "{count} days in a row.", known.streak).format(count=known.streak)


def _amount_line(known: LookBack) -> str:
    last, best = known.earlier_ms[-1], max(known.earlier_ms)
    now = length_text(known.work_ms)
    line = _("At work: {now}; last time {last}.").format(now=now, last=length_text(last))
    if known.work_ms >= best + _GRAIN_MS:
        return f"{line} {_('Longer than ever before.')}"
    if best >= max(last, known.work_ms) + _GRAIN_MS:
        return f"{line} {_('The longest was {best}.').format(best=length_text(best))}"
    return f"{line}{_reps_sentence(known)}"


def _reps_sentence(known: LookBack) -> str:
    before = max(known.earlier_reps, default=0)
    return f" {_('More reps than ever before.')}" if before and known.reps > before else ""


def next_due_line(known: LookBack) -> str:
    """When something is due next: `Next: tomorrow, Desk break.`; empty where nothing is planned."""
    if known.next_day is None:
        return ""
    day = _day_words(known.next_day, known.today)
    what = ", ".join(known.next_sessions)
    return _("Next: {day}, {sessions}.").format(day=day, sessions=what) if what else _("Next: {day}.").format(day=day)


def _day_words(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead == 0:
        return _("today")
    if ahead == 1:
        return _("tomorrow")
    return weekday_text(day) if ahead < _WEEK_DAYS else day_text(day)
