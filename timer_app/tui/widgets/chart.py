"""Shows a view of the history, drawn for the width that there is."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from timer_app.history.views import View
from timer_app.tui.charts import PARTS, Line, draw


class Chart(Widget):
    """As high as its view is."""

    COMPONENT_CLASSES = {f"chart--{part}" for part in PARTS}  # noqa: RUF012 - the screen library declares it so
    view: reactive[View | None] = reactive(None, layout=True)

    def __init__(self) -> None:
        super().__init__(id="chart")
        self._drawn: tuple[View | None, int, list[Line]] = (None, 0, [])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - the library asks so
        """A row for each line."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        lines, width = self._lines(self.size.width), self.size.width
        if y >= len(lines):
            return Strip.blank(width, self.rich_style)
        pieces = [Segment(text, self.get_component_rich_style(f"chart--{part}")) for text, part in lines[y]]
        return Strip(pieces).adjust_cell_length(width, self.rich_style)

    def _lines(self, width: int) -> list[Line]:
        if self._drawn[0] is not self.view or self._drawn[1] != width:
            lines = draw(self.view, width) if self.view is not None else []
            self._drawn = (self.view, width, lines)
        return self._drawn[2]
