"""Fits text into columns, where some characters are two cells wide, and shows notices on one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells, set_cell_size
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from timer_app import MARK, NAME
from timer_app.core.diagnostics import printable
from timer_app.tui.widgets.cached import CachedWidget


def fit_to_width(text: str, width: int) -> str:
    """`text` in exactly `width` cells, with what cannot be seen escaped; what is cut off leaves an ellipsis."""
    text = printable(text)
    if width < 1:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def words_in_lines(text: str, width: int, most: int) -> list[str]:
    """`text` in at most so many lines of whole words, each at most `width` cells; what is left out leaves an ellipsis.

    A word that is wider than a line is broken, as are texts in scripts that put no spaces between words.
    """
    if width < 1 or most < 1:
        return []
    lines = [""]
    for word in printable(text).split():
        joined = f"{lines[-1]} {word}".lstrip()
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines += [part for part in chop_cells(word, width) if part]
            lines = lines if lines[0] else lines[1:]
    if len(lines) <= most:
        return lines
    *kept, last = lines[:most]
    while cell_len(last) >= width:
        shorter = last.rpartition(" ")[0]
        last = shorter or set_cell_size(last, width - 1).rstrip()
    return [*kept, last.rstrip(",;:.") + "…"]


def centre_in_width(text: str, width: int) -> str:
    """`text` in the middle of exactly `width` cells."""
    return fit_to_width(" " * max(0, (width - cell_len(text)) // 2) + text, width)


def joined_lines(lines: Iterable[str]) -> str:
    """Lines as one text, with what cannot be seen escaped within each."""
    return "\n".join(map(printable, lines))


def beside_or_below(text: str, more: str, width: int) -> Iterator[str]:
    """`text` with `more` at the right of the same line where there is room for both, else below it."""
    room = width - cell_len(more) - 1
    if more and cell_len(text) <= room:
        yield f"{fit_to_width(text, room)} {more}"
        return
    yield fit_to_width(text, width)
    if more:
        more = fit_to_width(more, width).rstrip()
        yield " " * (width - cell_len(more)) + more


def name_panel(panel: Widget, title: str | Content) -> None:
    """Draw a quiet line around a widget where there is room for one, with `title` in it, as it is."""
    panel.add_class("panel")
    panel.border_title = title if isinstance(title, Content) else Content(printable(title))


def program_title(more: str = "") -> Content:
    """The sign and the name of the program, and something quiet behind them."""
    return Content.assemble((MARK, "$text-primary"), f" {NAME}", (f"  {more}" if more else "", "$text-muted"))


_MIN_SHOWN_S = 6.0
_PER_CHARACTER_S = 0.06


class MessageLine(Static, CachedWidget):
    """One line that goes away by itself, later the longer it is."""

    def __init__(self) -> None:
        super().__init__(id="message", markup=False)
        self._timer: Timer | None = None
        self.text = ""

    def show_message(self, text: str) -> None:
        """Replace what is shown by `text`, with what cannot be seen escaped."""
        text = printable(text)
        self._show(text)
        self._timer = self.set_timer(max(_MIN_SHOWN_S, len(text) * _PER_CHARACTER_S), self._clear)

    def _clear(self) -> None:
        self._show("")

    def _show(self, text: str) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.text = text
        self.set_class(bool(text), "-said")
        self.update(text, layout=False)
