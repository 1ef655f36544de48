"""A band beside the time whose pattern tells the kind of phase to those who do not see its colour."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip

from timer_app.tui import wording
from timer_app.tui.view import RunView
from timer_app.tui.widgets.kept import Kept

# By tone: the patterns of even and odd rows.
PATTERNS: dict[str, tuple[str, str]] = {
    "prepare": ("▒▒", "▒▒"),
    "work": ("██", "██"),
    "switch": ("█ ", " █"),
    "rest": ("░░", "░░"),
    "say": ("· ", " ·"),
    "wait": ("▀▀", "  "),
    "measure": ("▀ ", "▄ "),
    "paused": ("▌▌", "▌▌"),
}


class Band(Kept):
    """Fills its two columns with the pattern of what runs."""

    tone: reactive[str] = reactive("prepare")

    def follow(self, view: RunView) -> None:
        """Take the pattern of the phase."""
        self.tone = wording.tone(view)

    def render_line(self, y: int) -> Strip:
        """A row of the pattern."""
        text = PATTERNS[self.tone][y % 2][: self.size.width]
        return Strip([Segment(text, self.ink)]).adjust_cell_length(self.size.width, self.ink)
