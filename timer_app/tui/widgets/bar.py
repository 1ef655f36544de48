"""Bars of progress that are drawn anew only when a half cell of them changes."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from timer_app.tui.view import RunView

_FULL, _HALF, _EMPTY = "━", "╸", "─"


def bar_text(part: float, columns: int) -> tuple[str, str]:
    """The filled and the empty piece of a bar; they differ in shape, not only in colour."""
    halves = half_cells(part, columns)
    filled = _FULL * (halves // 2) + _HALF * (halves % 2)
    return filled, _EMPTY * (columns - len(filled))


def half_cells(part: float, columns: int) -> int:
    """How many half cells of a bar are filled."""
    return round(min(1.0, max(0.0, part)) * columns * 2)


class Bar(Widget):
    """One line that fills up.

    Args:
        part_of: How much is filled, from 0 to 1.
        id: The widget's name in style sheets.
    """

    COMPONENT_CLASSES = {"bar--filled", "bar--empty"}  # noqa: RUF012 - the screen library declares it so
    view: reactive[RunView | None] = reactive(None, repaint=False)

    def __init__(self, part_of: Callable[[RunView], float], *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._part_of = part_of
        self._part = 0.0

    def watch_view(self, view: RunView | None) -> None:
        """Fill up as far as the run is."""
        part = 0.0 if view is None else self._part_of(view)
        changes = half_cells(part, self.size.width) != half_cells(self._part, self.size.width)
        self._part = part
        if changes:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The bar, on the first line."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        filled, empty = bar_text(self._part, self.size.width)
        return Strip(
            [
                Segment(filled, self.get_component_rich_style("bar--filled")),
                Segment(empty, self.get_component_rich_style("bar--empty")),
            ],
            self.size.width,
        )
