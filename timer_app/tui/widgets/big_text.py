"""Words and figures as large as the widget: what is read from the floor."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from timer_app.tui import wording
from timer_app.tui.view import RunView
from timer_app.tui.widgets.big import can_draw, draw, fit


def big_rows(text: str, columns: int, rows: int) -> tuple[str, ...]:
    """`text` in rows of half blocks, or as it is on one row where it cannot be drawn so large."""
    if not text or columns < 1 or rows < 1:
        return ()
    size = fit(text, columns, rows) if can_draw(text) else None
    return draw(text, size) if size else (text,)


class BigText(Widget):
    """Shows `text` scaled to the widget, and is drawn anew only when that changes."""

    text: reactive[str] = reactive("", repaint=False)

    def watch_text(self) -> None:
        """Draw again."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Row `y` of the text, in the middle of the widget."""
        width, height = self.size
        style = self.rich_style
        rows = big_rows(self.text, width, height)
        above = (height - len(rows)) // 2
        if not 0 <= y - above < len(rows):
            return Strip.blank(width, style)
        row = Strip([Segment(rows[y - above], style)])
        before = max(0, (width - row.cell_length) // 2)
        return Strip([Segment(" " * before, style), *row]).adjust_cell_length(width, style)


class Countdown(BigText):
    """The time left, the time gone, or the reps."""

    view: reactive[RunView | None] = reactive(None, repaint=False)

    def watch_view(self, view: RunView | None) -> None:
        """Take the figure from what is shown of the run."""
        self.text = "" if view is None else wording.big_time(view.snapshot)


class PhaseWord(BigText):
    """The word for what to do now."""

    view: reactive[RunView | None] = reactive(None, repaint=False)

    def watch_view(self, view: RunView | None) -> None:
        """Take the word from what is shown of the run."""
        self.text = "" if view is None else wording.phase_word(view)
