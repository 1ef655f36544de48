"""The shape that swells and sinks with breath and tempo, with its word and its seconds below."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from timer_app.tui.looks import Looks
from timer_app.tui.pace import LEVELS, Pace, is_paced, pace
from timer_app.tui.view import RunView
from timer_app.tui.widgets.cells import centred
from timer_app.tui.widgets.dome import dome
from timer_app.tui.widgets.kept import Kept

_WIDEST = 64  # a wider shape is no easier to follow, and costs more to draw


class Pacer(Kept):
    """Draws the pace of what runs; it takes no room where nothing is paced.

    Args:
        looks: Whether it glides or goes in steps of a second.
        id: The widget's name in style sheets.
    """

    def __init__(self, looks: Looks, *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._looks = looks
        self._pace: Pace | None = None
        self._rows: tuple[str, ...] = ()
        self._drawn_for: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        """The word and the seconds."""
        return f"{self._pace.word} · {self._pace.seconds}" if self._pace else ""

    def follow(self, view: RunView) -> None:
        """Move along; where only some rows change, only those are drawn again."""
        self.set_class(is_paced(view.snapshot.phase), "-paced")
        before, words = self._rows, self.text
        self._pace = pace(view, stepped=self._looks.reduced_motion)
        self._draw()
        changed = [y for y, rows in enumerate(zip(before, self._rows, strict=False)) if rows[0] != rows[1]]
        if len(before) != len(self._rows):
            self.refresh()
        elif changed:
            self.refresh(Region(0, changed[0], self.size.width, changed[-1] - changed[0] + 1))
        if words != self.text:
            self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    def _draw(self) -> None:
        columns, rows = min(self.size.width, _WIDEST), self.size.height - 1
        drawn_for = (columns, rows, self._pace and round(self._pace.level * LEVELS))
        if drawn_for != self._drawn_for:
            self._drawn_for = drawn_for
            level = round(self._pace.level * LEVELS) / LEVELS if self._pace else 0.0
            self._rows = dome(level, columns, rows) if self._pace and rows > 0 < columns else ()

    def look(self, y: int) -> str:
        """The blocks of a row, or the words."""
        return self._rows[y] if y < len(self._rows) else self.text

    def render_line(self, y: int) -> Strip:
        """A row of the shape, or the words below it."""
        width, height = self.size
        self._draw()
        if y == height - 1:
            return Strip([Segment(centred(self.text, width), self.ink)], width)
        row = self._rows[y] if y < len(self._rows) else ""
        return Strip([Segment(centred(row, width), self.ink)], width)
