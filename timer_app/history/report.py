"""The views of the history in words: a summary sentence for each, and its figures line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import dropwhile, groupby

from timer_app.core.i18n import N_, SOURCE_LANGUAGE, _, current_language, ngettext, with_decimal_sign
from timer_app.core.wording.formatting import (
    count_text,
    day_text,
    length_text,
    number_text,
    rough_text,
    short_weekday_text,
)
from timer_app.history.stats import ActivitySum, AnswerPair, BestSet, ExerciseSum
from timer_app.history.views import (
    BestsView,
    CalendarView,
    ExercisesView,
    HistoryView,
    PainArea,
    PainView,
    Period,
    WeeksView,
    monday_of,
)

_MINUTE_MS = 60_000
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NOTICEABLE = 0.5  # on a scale from 0 to 10; a smaller change counts as none
DISCLAIMER = N_("This is a training diary, not a diagnosis.")


def sentence(view: HistoryView) -> str:
    """The summary of a view, in a sentence or two."""
    match view:
        case CalendarView():
            return _calendar_sentence(view)
        case WeeksView():
            return _weeks_sentence(view)
        case ExercisesView():
            return _exercises_sentence(view)
        case PainView():
            return _pain_sentence(view)
        case BestsView():
            return _bests_sentence(view)


def lines(view: HistoryView) -> Iterator[str]:
    """The figures of a view, a line each, latest or greatest first."""
    match view:
        case CalendarView():
            yield from _calendar_lines(view)
        case WeeksView():
            # Weeks before the first record are left out.
            active_weeks = dropwhile(lambda week: not week.records, view.weeks)
            yield from (f"{week_text(week.first)}: {_week_activity(week)}" for week in reversed(tuple(active_weeks)))
        case ExercisesView():
            yield from map(exercise_line, view.sums)
        case PainView():
            yield from _pain_lines(view)
        case BestsView():
            yield from best_lines(view)


def minutes_text(ms: int) -> str:
    """`38 minutes`, rounded, or `less than a minute`."""
    minutes = round(ms / _MINUTE_MS)
    if not minutes:
        return _("less than a minute") if ms else _("no minutes")
    return count_text(minutes, "minute")


def week_text(monday: date) -> str:
    """The week of a Monday."""
    return _("Week of {day}").format(day=day_text(monday))


def exercise_line(one: ExerciseSum) -> str:
    """The totals of an exercise."""
    reps = count_text(one.reps, "rep") if one.reps else ""
    work = _("{time} at work").format(time=length_text(one.held_ms))
    return f"{one.name}: {', '.join(filter(None, (reps, work, count_text(one.sets, 'set'))))}"


def pain_line(one: AnswerPair) -> str:
    """The answers of a session, with their area and side."""
    about = (day_text(one.started.date()), one.name, one.area_name, one.side)
    text = _("{about}: before {before}") if one.after is None else _("{about}: before {before}, after {after}")
    after = "" if one.after is None else number_text(one.after)
    return text.format(about=", ".join(filter(None, about)), before=number_text(one.before), after=after)


def area_line(area: PainArea, period: Period) -> str:
    """The trend of pain in one of several areas."""
    return f"{area.label}: {_trend(area, period)}"


def best_lines(view: BestsView) -> Iterator[str]:
    """Longest holds, most reps, longest streak, the week with the most minutes."""
    yield from (_("Longest {name}: {best}").format(name=best.name, best=_best(best)) for best in view.longest_holds)
    yield from (_("Most {name}: {best}").format(name=best.name, best=_best(best)) for best in view.most_reps)
    yield from overall_lines(view)


def overall_lines(view: BestsView) -> Iterator[str]:
    """The bests of no single exercise: longest streak, the week with the most minutes."""
    if view.streak_end:
        text = _("Longest streak: {days}, up to {day}")
        yield text.format(days=count_text(view.streak, "day"), day=day_text(view.streak_end))
    if view.week and round(view.week.active_ms / _MINUTE_MS):
        text = _("Most minutes in a week: {minutes}, week of {day}")
        yield text.format(minutes=round(view.week.active_ms / _MINUTE_MS), day=day_text(view.week.first))


def _calendar_sentence(view: CalendarView) -> str:
    done = len(view.days)
    if not done:
        return _nothing_done(view.period, _("This will be a calendar of the days on which you trained."))
    text = (
        ngettext(
            "You trained on {number} day {period}; {streak} in a row now.",
            "You trained on {number} days {period}; {streak} in a row now.",
            done,
        )
        if view.streak > 1
        else ngettext("You trained on {number} day {period}.", "You trained on {number} days {period}.", done)
    )
    return text.format(number=_number(done), period=view.period.length_phrase, streak=_number(view.streak))


def _calendar_lines(view: CalendarView) -> Iterator[str]:
    days = sorted(view.days.values(), key=lambda day: day.first, reverse=True)
    for monday, of_week in groupby(days, key=lambda day: monday_of(day.first)):
        day_texts = (f"{short_weekday_text(day.first)} {rough_text(day.active_ms)}" for day in reversed(list(of_week)))
        yield f"{week_text(monday)}: {', '.join(day_texts)}"


def _weeks_sentence(view: WeeksView) -> str:
    if not any(week.records for week in view.weeks):
        return _nothing_done(view.period, _("This will show how many minutes you trained in each week."))
    return f"{_this_week(view.this_week)}{_last_week(view.last_week) if view.last_week else ''}."


def _this_week(week: ActivitySum) -> str:
    if not week.records:
        return _("No session this week yet")
    text = ngettext("{number} session this week, {time}", "{number} sessions this week, {time}", week.records)
    return text.format(number=_number(week.records).capitalize(), time=minutes_text(week.active_ms))


def _last_week(week: ActivitySum) -> str:
    if not week.records:
        return _("; last week none")
    return _("; last week {number}, {time}").format(number=_number(week.records), time=minutes_text(week.active_ms))


def _exercises_sentence(view: ExercisesView) -> str:
    if not view.sums:
        what = _("This will show how long you held and how many reps you did of each exercise.")
        text = _("No exercise of {session} was done {when}.") if view.period.name else _("No exercise was done {when}.")
        return _empty_sentence(view.period, text, what)
    longest = view.sums[0]
    most = max(view.sums, key=lambda one: one.reps)
    text = (
        _("Most time in {name}, {time} {period}; most reps in {most}, {reps}.")
        if most.reps
        else _("Most time in {name}, {time} {period}.")
    )
    time, period = length_text(longest.held_ms), view.period.length_phrase
    return text.format(name=longest.name, time=time, period=period, most=most.name, reps=most.reps)


def _pain_sentence(view: PainView) -> str:
    match view.areas:
        case []:
            text = (
                _("No question about pain was answered in {session} {when}.")
                if view.period.name
                else _("No question about pain was answered {when}.")
            )
            what = _("This will show your pain before and after sessions that ask for it, and its trend.")
            return _empty_sentence(view.period, text, what)
        case [area]:
            before, after = _means(area)
            text = (
                _("Pain before a session: {before} of 10 on average.")
                if after is None
                else _("Pain {before} of 10 on average before a session, {after} after it.")
            )
            averages = text.format(before=_tenths(before), after=_tenths(after or 0.0))
            return f"{averages} {_trend(area, view.period)} {_(DISCLAIMER)}"
        case areas:
            means = "; ".join(map(_area_means, areas))
            text = _("Pain of 10 on average, before and after a session: {means}. Each is shown by itself below.")
            return f"{text.format(means=means)} {_(DISCLAIMER)}"


def _area_means(area: PainArea) -> str:
    before, after = _means(area)
    text = _("{area} {before} before") if after is None else _("{area} {before} and {after}")
    return text.format(area=area.label, before=_tenths(before), after=_tenths(after or 0.0))


def _tenths(value: float) -> str:
    return with_decimal_sign(f"{value:.1f}")


def _means(area: PainArea) -> tuple[float, float | None]:
    """The averages before and after sessions that asked twice; if none did, only the one before."""
    pairs = [(one.before, one.after) for one in area.answers if one.after is not None]
    if not pairs:
        return _mean([one.before for one in area.answers]), None
    return _mean([before for before, _after in pairs]), _mean([after for _before, after in pairs])


def _pain_lines(view: PainView) -> Iterator[str]:
    for area in view.areas:
        if len(view.areas) > 1:
            yield area_line(area, view.period)
        yield from map(pain_line, reversed(area.answers))


def _trend(area: PainArea, period: Period) -> str:
    ends = area.trend()
    if ends is None:
        return _("For a trend there are too few answers yet.")
    change = ends[1] - ends[0]
    if abs(change) < _NOTICEABLE:
        return _("The pain you come with is about the same {period}.").format(period=period.length_phrase)
    text = (
        _("The pain you come with went up by about {amount} {period}.")
        if change > 0
        else _("The pain you come with went down by about {amount} {period}.")
    )
    return text.format(amount=_tenths(abs(change)), period=period.length_phrase)


def _bests_sentence(view: BestsView) -> str:
    if not view.sets and not view.week:
        return _("Nothing was done yet. This will show your longest holds, most reps and longest streak.")
    hold, reps = _("longest hold {name}, {best}"), _("most reps {name}, {best}")
    parts = [hold.format(name=best.name, best=_best(best)) for best in view.longest_holds[:1]]
    parts += [reps.format(name=best.name, best=_best(best)) for best in view.most_reps[:1]]
    if view.streak > 1:
        row = ngettext("longest row {count} day", "longest row {count} days", view.streak)
        parts.append(row.format(count=view.streak))
    found = "; ".join(parts) or _("no set was done to its end yet")
    return _("Of all the time: {found}.").format(found=found)


def _best(best: BestSet) -> str:
    figure = length_text(best.held_ms) if best.held_ms else count_text(best.reps, "rep")
    return _("{amount} on {day}").format(amount=figure, day=day_text(best.day))


def _nothing_done(period: Period, what: str) -> str:
    text = _("Nothing of {session} was done {when}.") if period.name else _("Nothing was done {when}.")
    return _empty_sentence(period, text, what)


def _empty_sentence(period: Period, nothing: str, what: str) -> str:
    """That there is nothing, and what there will be."""
    when = _("yet") if period.since is None else period.length_phrase
    return f"{nothing.format(session=period.name, when=when)} {what}"


def _week_activity(week: ActivitySum) -> str:
    if not week.records:
        return _("nothing")
    return f"{count_text(week.records, 'session')}, {minutes_text(week.active_ms)}"


def _number(count: int) -> str:
    """A small number in words; in digits where words would have to agree with what they count."""
    is_in_words = current_language() == SOURCE_LANGUAGE and count < len(_NUMBERS)
    return _NUMBERS[count] if is_in_words else str(count)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
