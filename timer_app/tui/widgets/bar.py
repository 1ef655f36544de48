"""Progress bars with a resolution finer than a cell."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual.strip import Strip

from timer_app.tui.play.view import RunView
from timer_app.tui.widgets.cached import CachedWidget

_FULL, _HALF, _EMPTY = "━", "╸", "─"
_EIGHTH_BLOCKS = " ▏▎▍▌▋▊▉█"
_TRACK = "▁"


def thin_bar(part: float, columns: int) -> tuple[str, str]:
    """The filled and the empty piece of a bar of lines; they differ in shape, not only in colour."""
    halves = filled_steps(part, columns, 2)
    filled = _FULL * (halves // 2) + _HALF * (halves % 2)
    return filled, _EMPTY * (columns - len(filled))


def thick_bar(part: float, columns: int) -> tuple[str, str]:
    """The filled and the empty piece of a bar of blocks."""
    eighths = filled_steps(part, columns, 8)
    filled = _EIGHTH_BLOCKS[8] * (eighths // 8) + (_EIGHTH_BLOCKS[eighths % 8] if eighths % 8 else "")
    return filled, _TRACK * (columns - len(filled))


def filled_steps(part: float, columns: int, steps: int) -> int:
    """How many steps of a bar are filled that has so many in each column."""
    return round(min(1.0, max(0.0, part)) * columns * steps)


class Bar(CachedWidget):
    """One line that fills up, drawn anew only when a step of it changes.

    Args:
        progress_of: How much is filled, from 0 to 1.
        id: The widget's name in style sheets.
        thin: A line of half cells; else blocks to an eighth of a cell, which are seen from afar.
    """

    COMPONENT_CLASSES = {"bar--filled", "bar--empty"}

    def __init__(
        self,
        progress_of: Callable[[RunView], float],
        *,
        id: str | None = None,  # noqa: A002 - textual's word
        thin: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._progress_of = progress_of
        self._progress = 0.0
        self._pieces_of = thin_bar if thin else thick_bar

    def show_view(self, view: RunView) -> None:
        """Fill up as far as the run is."""
        part = self._progress_of(view)
        width = self.size.width
        changes = self._pieces_of(part, width) != self._pieces_of(self._progress, width)
        self._progress = part
        if changes:
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - all lines are alike
        filled, empty = self._pieces_of(self._progress, self.size.width)
        return Strip(
            [
                Segment(filled, self.get_component_rich_style("bar--filled")),
                Segment(empty, self.get_component_rich_style("bar--empty")),
            ],
            self.size.width,
        )
