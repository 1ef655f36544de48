"""A scale of whole numbers to answer a question with one click or tap."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from timer_app.core.i18n import _
from timer_app.tui.widgets.cached import CachedWidget
from timer_app.tui.widgets.text_layout import centre_in_width, fit_to_width

MOST_NUMBERS = 11
_GAP = 1
_EASY_CELLS, _EASY_ROWS = 5, 3  # of one number, to be hit by a finger
_LINES_FOR_TWO_ROWS = 7


class ScaleLayout(NamedTuple):
    """Where the numbers of a scale are.

    Attributes:
        in_row: How many stand beside each other.
        cells: The width of each, without the gap behind it.
        rows: The height of each.
    """

    in_row: int
    cells: int
    rows: int


def scale_layout(count: int, width: int, height: int) -> ScaleLayout:
    """Lay out `count` numbers: in one row, or in two where that makes them wide enough to be hit.

    Args:
        count: How many there are.
        width: Cells of a line.
        height: Lines; one of them is for the words at the ends if there is more than one.
    """
    room = max(1, height - 1)
    cells = (width + _GAP) // count - _GAP
    if cells < _EASY_CELLS and height >= _LINES_FOR_TWO_ROWS:
        in_row = -(-count // 2)
        return ScaleLayout(in_row, max(1, (width + _GAP) // in_row - _GAP), min(_EASY_ROWS, room // 2))
    return ScaleLayout(count, max(1, min(cells, 2 * _EASY_CELLS)), min(_EASY_ROWS, room))


class AnswerScale(CachedWidget):
    """Shows the numbers from the least to the most, with words for both ends; a click on one answers with it.

    The number that was given last time is marked with a word, the one that is typed with the colours of the mark.
    """

    COMPONENT_CLASSES = {"scale--number", "scale--typed", "scale--words"}

    class Chosen(Message):
        """A number was clicked."""

        def __init__(self, value: float) -> None:
            super().__init__()
            self.value = value

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._low, self._high = 0, 0
        self._words = ("", "")
        self._last: float | None = None
        self._typed: float | None = None

    def ask(self, low: int, high: int, words: tuple[str, str], last: float | None) -> None:
        """Show another scale.

        Args:
            low: The smallest number.
            high: The largest number.
            words: What both mean; empty for nothing.
            last: What was answered last time; `None` for nothing.
        """
        self._low, self._high, self._words, self._last = low, high, words, last
        self._typed = None
        self.refresh()

    def show_typed(self, value: float | None) -> None:
        """Mark the number that is typed."""
        if value != self._typed:
            self._typed = value
            self.refresh()

    @property
    def _layout_now(self) -> ScaleLayout:
        return scale_layout(self._high - self._low + 1, self.size.width, self.size.height)

    def render_line(self, y: int) -> Strip:
        layout, width = self._layout_now, self.size.width
        row, line = divmod(y, layout.rows)
        first = self._low + row * layout.in_row
        numbers = range(first, min(first + layout.in_row, self._high + 1))
        if numbers:
            return self._numbers_strip(numbers, line, layout).adjust_cell_length(width, self.own_style)
        is_words = y == -(-(self._high - self._low + 1) // layout.in_row) * layout.rows
        text = self._words_text(width) if is_words else ""
        return Strip([Segment(fit_to_width(text, width), self._style("scale--words"))])

    def _words_text(self, width: int) -> str:
        low, high = self._words
        if not low and not high:
            return ""
        left, right = f"{self._low} {low}", f"{self._high} {high}"
        span = self._layout_now.in_row * (self._layout_now.cells + _GAP) - _GAP
        room = min(width, span) - len(left) - len(right)
        return f"{left}{' ' * room}{right}" if room > 0 else f"{left} · {right}"

    def _numbers_strip(self, numbers: range, line: int, layout: ScaleLayout) -> Strip:
        segments: list[Segment] = []
        for number in numbers:
            style = self._style("scale--typed" if number == self._typed else "scale--number")
            segments += [Segment(self._cell_text(number, line, layout), style), Segment(" " * _GAP, self.own_style)]
        return Strip(segments)

    def _cell_text(self, number: int, line: int, layout: ScaleLayout) -> str:
        is_last = number == self._last
        if line == layout.rows // 2 or layout.rows == 1:
            shown = f"·{number}·" if is_last and layout.rows <= 2 else str(number)  # noqa: PLR2004 - no row for the word
            return centre_in_width(shown, layout.cells)
        if is_last and line == layout.rows - 1:
            return centre_in_width(_("last"), layout.cells)
        return " " * layout.cells

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name)

    def number_at(self, x: int, y: int) -> int | None:
        """Which number lies at a place of the content; `None` for none."""
        layout = self._layout_now
        column, row = x // (layout.cells + _GAP), y // layout.rows
        number = self._low + row * layout.in_row + column
        return number if column < layout.in_row and number <= self._high else None

    def on_click(self, event: events.Click) -> None:
        """Answer with the number below the pointer."""
        offset = event.get_content_offset(self)
        number = None if offset is None else self.number_at(offset.x, offset.y)
        if number is not None:
            event.stop()
            self.post_message(self.Chosen(float(number)))
