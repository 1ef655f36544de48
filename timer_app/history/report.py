"""The views of the history in words: a summary sentence for each, and its figures line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import dropwhile, groupby

from timer_app.core.wording.formatting import count_text, day_text, length_text
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
DISCLAIMER = "This is a training diary, not a diagnosis."


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
        return "less than a minute" if ms else "no minutes"
    return count_text(minutes, "minute")


def week_text(monday: date) -> str:
    """The week of a Monday."""
    return f"Week of {day_text(monday)}"


def exercise_line(one: ExerciseSum) -> str:
    """The totals of an exercise."""
    reps = f"{count_text(one.reps, 'rep')}, " if one.reps else ""
    return f"{one.name}: {reps}{length_text(one.held_ms)} at work, {count_text(one.sets, 'set')}"


def pain_line(one: AnswerPair) -> str:
    """The answers of a session, with their area and side."""
    about = (day_text(one.started.date()), one.name, one.area_name, one.side)
    after = "" if one.after is None else f", after {one.after:g}"
    return f"{', '.join(filter(None, about))}: before {one.before:g}{after}"


def area_line(area: PainArea, period: Period) -> str:
    """The trend of pain in one of several areas."""
    return f"{area.label}: {_trend(area, period)}"


def best_lines(view: BestsView) -> Iterator[str]:
    """Longest holds, most reps, longest streak, the week with the most minutes."""
    yield from (f"Longest {best.name}: {_best(best)}" for best in view.longest_holds)
    yield from (f"Most {best.name}: {_best(best)}" for best in view.most_reps)
    yield from overall_lines(view)


def overall_lines(view: BestsView) -> Iterator[str]:
    """The bests of no single exercise: longest streak, the week with the most minutes."""
    if view.streak_end:
        yield f"Longest row of days: {count_text(view.streak, 'day')}, up to {day_text(view.streak_end)}"
    if view.week:
        yield f"Most minutes in a week: {round(view.week.active_ms / _MINUTE_MS)}, {_lower(week_text(view.week.first))}"


def _calendar_sentence(view: CalendarView) -> str:
    done = len(view.days)
    if not done:
        return _empty_sentence(view.period, "a calendar with every day on which you did something")
    streak = f"; {_number(view.streak)} in a row now" if view.streak > 1 else ""
    return f"Something done on {_number(done)} {'day' if done == 1 else 'days'} {view.period.length_phrase}{streak}."


def _calendar_lines(view: CalendarView) -> Iterator[str]:
    days = sorted(view.days.values(), key=lambda day: day.first, reverse=True)
    for monday, of_week in groupby(days, key=lambda day: monday_of(day.first)):
        day_texts = (f"{day.first:%a} {round(day.active_ms / _MINUTE_MS)} min" for day in reversed(list(of_week)))
        yield f"{week_text(monday)}: {', '.join(day_texts)}"


def _weeks_sentence(view: WeeksView) -> str:
    if not any(week.records for week in view.weeks):
        return _empty_sentence(view.period, "how many minutes you trained in each week")
    this = f"{_sessions(view.this_week)} this week" + (_minutes(view.this_week) if view.this_week.records else " yet")
    last = f"; last week {_number(view.last_week.records)}{_minutes(view.last_week)}" if view.last_week else ""
    return f"{this}{last}."


def _exercises_sentence(view: ExercisesView) -> str:
    if not view.sums:
        what = "how long you held and how many reps you did of each exercise"
        return _empty_sentence(view.period, what, "No exercise{of} was done")
    longest = view.sums[0]
    most = max(view.sums, key=lambda one: one.reps)
    reps = f"; most reps in {most.name}, {most.reps}" if most.reps else ""
    time = length_text(longest.held_ms)
    return f"Most time in {longest.name}, {time} {view.period.length_phrase}{reps}."


def _pain_sentence(view: PainView) -> str:
    match view.areas:
        case []:
            return _empty_sentence(
                view.period,
                "your pain before and after sessions that ask for it, and where it goes",
                "No question about pain was answered{within}",
            )
        case [area]:
            before, after = _means(area)
            averages = f"Pain before a session: {before:.1f} of 10 on average"
            if after is not None:
                averages = f"Pain {before:.1f} of 10 on average before a session, {after:.1f} after it"
            return f"{averages}. {_trend(area, view.period)} {DISCLAIMER}"
        case areas:
            means = "; ".join(map(_area_means, areas))
            average = f"Pain of 10 on average, before and after a session: {means}."
            return f"{average} Each is shown by itself below. {DISCLAIMER}"


def _area_means(area: PainArea) -> str:
    before, after = _means(area)
    return f"{area.label} {before:.1f} " + ("before" if after is None else f"and {after:.1f}")


def _means(area: PainArea) -> tuple[float, float | None]:
    """The averages before and after sessions that asked twice; if none did, only the one before."""
    pairs = [(one.before, one.after) for one in area.answers if one.after is not None]
    if not pairs:
        return _mean([one.before for one in area.answers]), None
    return _mean([before for before, _ in pairs]), _mean([after for _, after in pairs])


def _pain_lines(view: PainView) -> Iterator[str]:
    for area in view.areas:
        if len(view.areas) > 1:
            yield area_line(area, view.period)
        yield from map(pain_line, reversed(area.answers))


def _trend(area: PainArea, period: Period) -> str:
    ends = area.trend()
    if ends is None:
        return "For a trend there are too few answers yet."
    change = ends[1] - ends[0]
    if abs(change) < _NOTICEABLE:
        return f"The pain you come with is about the same {period.length_phrase}."
    direction = "up" if change > 0 else "down"
    return f"The pain you come with went {direction} by about {abs(change):.1f} {period.length_phrase}."


def _bests_sentence(view: BestsView) -> str:
    if not view.sets and not view.week:
        return "Nothing was done yet. Here will be your longest holds, most reps and longest row of days."
    parts = [f"longest hold {best.name}, {_best(best)}" for best in view.longest_holds[:1]]
    parts += [f"most reps {best.name}, {_best(best)}" for best in view.most_reps[:1]]
    if view.streak > 1:
        parts.append(f"longest row {view.streak} days")
    return f"Of all the time: {'; '.join(parts) or 'no set was done to its end yet'}."


def _best(best: BestSet) -> str:
    figure = length_text(best.held_ms) if best.held_ms else count_text(best.reps, "rep")
    return f"{figure} on {day_text(best.day)}"


def _empty_sentence(period: Period, what: str, nothing: str = "Nothing{of} was done") -> str:
    of_what, within = (f" of {period.name}", f" in {period.name}") if period.name else ("", "")
    when = "yet" if period.since is None else period.length_phrase
    return f"{nothing.format(of=of_what, within=within)} {when}. Here will be {what}."


def _week_activity(week: ActivitySum) -> str:
    if not week.records:
        return "nothing"
    return f"{count_text(week.records, 'session')}, {minutes_text(week.active_ms)}"


def _sessions(week: ActivitySum) -> str:
    if not week.records:
        return "No session"
    return f"{_number(week.records).capitalize()} {'session' if week.records == 1 else 'sessions'}"


def _minutes(week: ActivitySum) -> str:
    return f", {minutes_text(week.active_ms)}" if week.records else ""


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
