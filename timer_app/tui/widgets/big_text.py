"""Words and figures as large as the widget: what is read from the floor."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from timer_app.tui import wording
from timer_app.tui.view import RunView
from timer_app.tui.widgets.big import can_draw, draw, fit
from timer_app.tui.widgets.cells import centred
from timer_app.tui.widgets.kept import Kept

_INVERTED = Style(reverse=True)


def big_rows(text: str, columns: int, rows: int) -> tuple[str, ...]:
    """`text` in rows of half blocks, or as it is on one row where it cannot be drawn so large."""
    if not text or columns < 1 or rows < 1:
        return ()
    size = fit(text, columns, rows) if can_draw(text) else None
    return draw(text, size) if size else (text,)


class BigText(Kept):
    """Shows `text` scaled to the widget; when that changes, only the piece that differs is drawn anew."""

    text: reactive[str] = reactive("", repaint=False)
    GAP_FROM_ROWS = 0  # from so many rows on, the last stays empty; 0 for never
    inverted: reactive[bool] = reactive(False, repaint=False)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id, classes=classes)
        self._rows: tuple[str, ...] = ()
        self._framed_for = Size(0, 0)

    def watch_text(self) -> None:
        """Draw again what differs."""
        before = self._rows
        self._frame()
        if changed := changed_region(before, self._rows):
            self.refresh(changed)

    def watch_inverted(self) -> None:
        """Swap ink and ground of the whole widget."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Row `y` of the text, in the middle of the widget."""
        if self._framed_for != self.size:
            self._frame()
        style = self.ink + _INVERTED if self.inverted else self.ink
        row = self._rows[y] if y < len(self._rows) else " " * self.size.width
        return Strip([Segment(row, style)], self.size.width)

    def look(self, y: int) -> str | None:
        """The blocks of a row."""
        return self._rows[y] if y < len(self._rows) else None

    def _frame(self) -> None:
        self._framed_for = self.size
        columns, rows = self.size
        gap = 1 if 0 < self.GAP_FROM_ROWS <= rows else 0
        self._rows = (*framed(self.text, columns, rows - gap), *(" " * columns,) * gap)


def framed(text: str, columns: int, rows: int) -> tuple[str, ...]:
    """`text` as large as fits, in the middle of `rows` rows of exactly `columns` cells."""
    drawn = big_rows(text, columns, rows)
    above = (rows - len(drawn)) // 2
    blank = " " * columns
    below = rows - len(drawn) - above
    return (*(blank,) * above, *(centred(row, columns) for row in drawn), *(blank,) * below)


def changed_region(before: tuple[str, ...], after: tuple[str, ...]) -> Region | None:
    """The smallest part of the widget that covers all differences; `None` where there are none."""
    if before == after:
        return None
    width = max((cell_len(row) for row in (*before, *after)), default=0)
    plain = all(len(row) == width == cell_len(row) for row in (*before, *after))
    if len(before) != len(after) or not plain:  # after a change of size, or with characters two cells wide
        return Region(0, 0, width, max(len(before), len(after)))
    pairs = zip(before, after, strict=True)
    changed = [(y, old, new) for y, (old, new) in enumerate(pairs) if old != new]
    left = min(_alike(old, new) for _, old, new in changed)
    right = width - min(_alike(old[::-1], new[::-1]) for _, old, new in changed)
    first, last = changed[0][0], changed[-1][0]
    return Region(left, first, right - left, last - first + 1)


def _alike(one: str, other: str) -> int:
    """How many characters two texts of one length have in common at their start."""
    low, high = 0, len(one)
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class GoOn(BigText):
    """How to go on, large, where the run stands still.

    Args:
        keys: The user's own keys.
        id: The widget's name in style sheets.
    """

    def __init__(self, keys: Mapping[str, str], *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id, classes="-silent")
        self._keys = keys

    def follow(self, view: RunView) -> None:
        """Take the words from what is shown of the run; without any, take no room."""
        self.text = wording.big_hint(view, self._keys)
        self.set_class(not self.text, "-silent")


class Countdown(BigText):
    """The time left, the time gone, or the reps."""

    def follow(self, view: RunView) -> None:
        """Take the figure from what is shown of the run."""
        self.text = wording.big_time(view.snapshot)


class PhaseWord(BigText):
    """The word for what to do now, a little above what stands below it."""

    GAP_FROM_ROWS = 4

    def follow(self, view: RunView) -> None:
        """Take the word from what is shown of the run."""
        self.text = wording.phase_word(view)
