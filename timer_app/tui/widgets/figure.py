"""A person who does the exercise along with the user."""

from __future__ import annotations

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from timer_app.tui.view import RunView


class Figure(Widget):
    """Draws the figure of the step that runs; blank where it has none.

    Args:
        id: The widget's name in style sheets.
        reduced: Only key poses are shown, and nothing moves between them.
        rate: How much faster than real the run's time passes.
    """

    view: reactive[RunView | None] = reactive(None, repaint=False)

    def __init__(self, *, id: str | None = None, reduced: bool = False, rate: float = 1.0) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self.reduced = reduced
        self.rate = rate

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - textual's signature
        """One row of the picture."""
        return Strip.blank(self.size.width, self.rich_style)
