"""Draws the views of the history as charts of terminal cells.

Every sign differs in shape from the others, so that nothing needs a colour to be read.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from timer_app.core.i18n import _
from timer_app.core.wording.formatting import (
    count_text,
    day_text,
    length_text,
    short_day_text,
    short_month_text,
    short_weekday_text,
    whole_minutes,
)
from timer_app.history.report import area_line, best_lines, overall_lines
from timer_app.history.stats import ActivitySum, AnswerPair, BestSet, ExerciseSum
from timer_app.history.views import (
    BestsView,
    CalendarView,
    ExercisesView,
    HistoryView,
    PainArea,
    PainView,
    WeeksView,
)
from timer_app.tui.widgets.bar import thick_bar
from timer_app.tui.widgets.text_layout import fit_to_width

StyledText = tuple[str, str]
"""A text and its part, which is the end of the name of a style."""
Line = list[StyledText]

STYLE_NAMES = ("text", "muted", "none", "little", "some", "much", "most", "bar", "track", "before", "after", "trend")
_EMPTY_LEVEL, _TOP_LEVEL = ("·", "none"), ("█", "most")
_LEVELS = ((10, ("░", "little")), (20, ("▒", "some")), (30, ("▓", "much")))  # below so many minutes
_WIDEST_CELL, _WIDEST_TALL_CELL, _TALL_CELL_FROM = 4, 8, 6
_COLUMNS_FROM_WIDTH = 56
_MIN_BAR_WIDTH = 4
_SENTENCE_ROWS = 3  # above a chart, with the empty row between
_PAIN_SCALE = 10
_BEFORE, _AFTER, _BOTH, _TREND = "●", "○", "◉", "─"
_WEEK_DAYS = 7
_YEAR_FROM_WIDTH = 60
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def chart_lines(view: HistoryView, width: int, height: int = 0) -> list[Line]:
    """The lines of a view, none wider than `width` cells.

    Args:
        view: What is shown.
        width: Of a line.
        height: How many lines there is room for; what needs fewer is spread over them, what needs more is scrolled.
    """
    width = max(1, width)
    match view:
        case CalendarView():
            return list(_calendar(view, width, height)) if view.days else []
        case WeeksView():
            return _spread(list(_weeks(view, width)), height) if any(week.records for week in view.weeks) else []
        case ExercisesView():
            return list(_exercises(view.sums, width))
        case PainView():
            return list(_pain(view, width)) if view.areas else []
        case BestsView():
            return list(_bests(view, width))


def _spread(lines: list[Line], height: int) -> list[Line]:
    """The lines with empty ones between them, where there is room."""
    if 2 * len(lines) - 1 > height:
        return lines
    return [each for line in lines for each in (line, [])][:-1]


def _calendar(view: CalendarView, width: int, height: int) -> Iterator[Line]:
    """A column for each week, a row for each weekday; in twice the size where there is room."""
    mondays = view.mondays()
    names = [short_weekday_text(mondays[0] + timedelta(days=number)) for number in range(_WEEK_DAYS)]
    label = max(map(cell_len, names)) + 1
    signs = (_("· nothing"), _("░ under 10 min"), _("▒ under 20"), _("▓ under 30"), _("█ 30 min and more"))
    legend = list(_legend(signs, width))
    free_rows = height - len(legend) - 2  # below the months and above the legend
    widest = (width - label) // len(mondays)
    is_tall = widest >= _TALL_CELL_FROM and free_rows >= 3 * _WEEK_DAYS - 1
    cell = max(1, min(_WIDEST_TALL_CELL if is_tall else _WIDEST_CELL, widest))
    shown = mondays[-max(1, (width - label) // cell) :]
    yield [(" " * label + _months(shown, cell), "muted")]
    for number, name in enumerate(names):
        days = [monday + timedelta(days=number) for monday in shown]
        yield [(fit_to_width(name, label), "muted"), *(_day(view, day, cell, is_tall=is_tall) for day in days)]
        if is_tall:
            yield [(" " * label, "muted"), *(_day(view, day, cell, is_tall=True, is_below=True) for day in days)]
            if number < _WEEK_DAYS - 1:
                yield []
    yield []
    yield from legend
    if len(shown) < len(mondays):
        text = _("Only the weeks since {day} fit here.").format(day=day_text(shown[0]))
        yield from _wrapped(text, width, "muted")


def _months(mondays: Sequence[date], cell: int) -> str:
    """The names of months above the first week that begins in them, where there is room."""
    text = ""
    for index, monday in enumerate(mondays):
        is_new = index == 0 or monday.month != mondays[index - 1].month
        name, column = short_month_text(monday), index * cell
        if is_new and cell_len(text) <= column and (len(mondays) - index) * cell >= cell_len(name):
            text = f"{text}{' ' * (column - cell_len(text))}{name} "
    return text.rstrip()


def _day(view: CalendarView, day: date, cell: int, *, is_tall: bool = False, is_below: bool = False) -> StyledText:
    if day > view.period.today:
        return " " * cell, "text"
    width = max(1, cell - 1)
    if day in view.days:
        sign, part = _level(whole_minutes(view.days[day].active_ms))
    else:
        sign, part = _EMPTY_LEVEL
        if is_tall:  # one sign in the midst of much room
            return (" " * cell if is_below else sign.center(width).ljust(cell)), part
    return (sign * width).ljust(cell), part


def _level(whole_min: int) -> tuple[str, str]:
    return next((level for below, level in _LEVELS if whole_min < below), _TOP_LEVEL)


def _weeks(view: WeeksView, width: int) -> Iterator[Line]:
    """A bar for each week, the latest first."""
    most = max(week.active_ms for week in view.weeks)
    labels = [day_text(week.first) if width >= _YEAR_FROM_WIDTH else short_day_text(week.first) for week in view.weeks]
    figures = [_week_figures(week) for week in view.weeks]
    for label, week, figure in zip(
        reversed(_right_aligned(labels)), reversed(view.weeks), reversed(_right_aligned(figures)), strict=True
    ):
        yield _bar_line(label, week.active_ms / most if most else 0.0, figure, width)


def _week_figures(week: ActivitySum) -> str:
    return f"{whole_minutes(week.active_ms)} min {f'{week.records}×' if week.records else '':>3}"


def _exercises(sums: Sequence[ExerciseSum], width: int) -> Iterator[Line]:
    """A bar for the time in each exercise, with its reps and sets."""
    longest = max((one.held_ms for one in sums), default=0)
    names = [one.name for one in sums]
    name_width = min(max(map(cell_len, names), default=0), width // 3)
    figures = _right_aligned([_exercise_figures(one) for one in sums])
    for one, figure in zip(sums, figures, strict=True):
        part = one.held_ms / longest if longest else 0.0
        if width >= _COLUMNS_FROM_WIDTH:
            yield _bar_line(fit_to_width(one.name, name_width), part, figure, width)
        else:
            told = ", ".join(filter(None, _exercise_amounts(one)))
            yield from _wrapped(f"{one.name}: {told}", width, "text")
            yield [*_bar(part, width)]


def _exercise_figures(one: ExerciseSum) -> str:
    time, reps, sets = _exercise_amounts(one)
    return f"{time} {reps:>10} {sets:>10}"


def _exercise_amounts(one: ExerciseSum) -> tuple[str, str, str]:
    """The time in an exercise, its reps (empty for none) and its sets."""
    reps = count_text(one.reps, "rep") if one.reps else ""
    return length_text(one.held_ms), reps, count_text(one.sets, "set")


def _pain(view: PainView, width: int) -> Iterator[Line]:
    """A curve for each area; with several, a legend stands above them."""
    legend = list(_legend((_("● before"), _("○ after"), _("◉ both the same"), _("─ trend of “before”")), width))
    match view.areas:
        case [area]:
            yield from _curve(area, width)
            yield []
            yield from legend
        case areas:
            yield from legend
            for area in areas:
                yield []
                yield from _wrapped(area_line(area, view.period), width, "text")
                yield from _curve(area, width)


def _curve(area: PainArea, width: int) -> Iterator[Line]:
    """A column for each session, from no pain below to the greatest above."""
    label = 3
    shown = list(area.answers)[-max(1, (width - label) // 2) :]
    trend = _trend_rows(area, shown)
    for value in range(_PAIN_SCALE, -1, -1):
        number = f"{value:>2} " if value % 2 == 0 else "   "
        yield [(number, "muted"), *(_pain_cell(one, row, value) for one, row in zip(shown, trend, strict=True))]
    first, last = short_day_text(shown[0].started), short_day_text(shown[-1].started)
    gap = 2 * len(shown) - cell_len(first) - cell_len(last)
    yield [(" " * label + (f"{first}{' ' * gap}{last}" if gap > 0 else last), "muted")]


def _trend_rows(area: PainArea, shown: Sequence[AnswerPair]) -> list[int | None]:
    """The row of the trend in each column."""
    ends = area.trend()
    if ends is None:
        return [None] * len(shown)
    first, last = (area.answers[index].started.timestamp() for index in (0, -1))
    gone = ((one.started.timestamp() - first) / (last - first) for one in shown)
    return [round(ends[0] + (ends[1] - ends[0]) * part) for part in gone]


def _pain_cell(one: AnswerPair, trend: int | None, value: int) -> StyledText:
    line = _TREND if trend == value else " "
    before, after = _scale_row(one.before) == value, one.after is not None and _scale_row(one.after) == value
    if before or after:
        sign = _BOTH if before and after else _BEFORE if before else _AFTER
        return sign + line, "before" if before else "after"
    return line * 2, "trend"


def _scale_row(value: float) -> int:
    return round(min(float(_PAIN_SCALE), max(0.0, value)))


def _bests(view: BestsView, width: int) -> Iterator[Line]:
    if width < _COLUMNS_FROM_WIDTH:
        for line in best_lines(view):
            yield from _wrapped(line, width, "text")
        return
    yield from _best_rows(_("Longest holds"), view.longest_holds)
    yield from _best_rows(_("Most reps in a set"), view.most_reps)
    yield from ([(line, "text")] for line in overall_lines(view))


def _best_rows(title: str, bests: Sequence[BestSet]) -> Iterator[Line]:
    if not bests:
        return
    yield [(title, "muted")]
    name_width = max(cell_len(best.name) for best in bests)
    for best in bests:
        figure = length_text(best.held_ms) if best.held_ms else str(best.reps)
        name = fit_to_width(best.name, min(name_width, _COLUMNS_FROM_WIDTH // 2))
        yield [(f"  {name}  {figure:>8}", "text"), (f"  {day_text(best.day)}", "muted")]
    yield []


def _bar_line(label: str, part: float, figure: str, width: int) -> Line:
    """Label, bar and figure in one line; without a bar where there is no room for one."""
    columns = width - cell_len(label) - cell_len(figure) - 2
    if columns < _MIN_BAR_WIDTH:
        return [(fit_to_width(f"{label} {figure}", width).rstrip(), "text")]
    return [(f"{label} ", "text"), *_bar(part, columns), (f" {figure}", "text")]


def _bar(part: float, columns: int) -> list[StyledText]:
    filled, track = thick_bar(part, columns)
    return [(filled, "bar"), (track, "track")]


def _right_aligned(texts: Sequence[str]) -> list[str]:
    width = max(map(cell_len, texts), default=0)
    return [" " * (width - cell_len(text)) + text for text in texts]


def _legend(signs: Iterable[str], width: int) -> Iterator[Line]:
    """What each sign means; none is parted from its words as long as a line has room for them."""
    whole = (sign.replace(" ", _NO_BREAK_SPACE) if cell_len(sign) <= width else sign for sign in signs)
    for line in _wrapped("   ".join(whole), width, "muted"):
        yield [(text.replace(_NO_BREAK_SPACE, " "), part) for text, part in line]


def _wrapped(text: str, width: int, part: str) -> Iterator[Line]:
    for line in textwrap.wrap(text, width):
        yield [(line, part)]


class Chart(Widget):
    """As high as its view is."""

    COMPONENT_CLASSES = {f"chart--{part}" for part in STYLE_NAMES}
    view: reactive[HistoryView | None] = reactive(None, layout=True)

    def __init__(self) -> None:
        super().__init__(id="chart")
        self._line_cache: tuple[HistoryView | None, int, int, list[Line]] = (None, 0, 0, [])
        self._room = 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - the library asks so
        self._room = container.height - _SENTENCE_ROWS
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        lines, width = self._lines(self.size.width), self.size.width
        if y >= len(lines):
            return Strip.blank(width, self.rich_style)
        pieces = [Segment(text, self.get_component_rich_style(f"chart--{part}")) for text, part in lines[y]]
        return Strip(pieces).adjust_cell_length(width, self.rich_style)

    def _lines(self, width: int) -> list[Line]:
        view, known_width, known_room, lines = self._line_cache
        if view is not self.view or (known_width, known_room) != (width, self._room):
            lines = chart_lines(self.view, width, self._room) if self.view is not None else []
            self._line_cache = (self.view, width, self._room, lines)
        return lines
