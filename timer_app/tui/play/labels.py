"""Labels of a run, redrawn only when their words change, and a band that shows the kind of phase without colour."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Static

from timer_app.tui.play import wording
from timer_app.tui.play.view import RunView
from timer_app.tui.widgets.cached import CachedWidget
from timer_app.tui.widgets.text_layout import words_in_lines


class RunLabel(Static, CachedWidget):
    """Shows what `text_of` says about the run, literally: nothing in it is markup.

    Args:
        text_of: The text for a view.
        id: The widget's name in style sheets.
    """

    def __init__(self, text_of: Callable[[RunView], str], *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id, markup=False)
        self._text_of = text_of
        self.text = ""

    def show_view(self, view: RunView) -> None:
        """Show the present text; the widget keeps its size."""
        self._show(self._text_of(view))

    def _show(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.update(text, layout=False)


class FittingRunLabel(RunLabel):
    """Shows the longest of several texts that fits, so that no word is cut.

    Args:
        texts_of: The texts for a view, the fullest first.
        id: The widget's name in style sheets.
    """

    def __init__(self, texts_of: Callable[[RunView], tuple[str, ...]], *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(self._fullest_fitting_text, id=id)
        self._texts_of = texts_of
        self._texts: tuple[str, ...] = ("",)

    def _fullest_fitting_text(self, view: RunView) -> str:
        self._texts = self._texts_of(view)
        return self._first_fitting_text()

    def _first_fitting_text(self) -> str:
        return next((text for text in self._texts if cell_len(text) <= self.size.width), self._texts[-1])

    def on_resize(self) -> None:
        """Choose the text again for the new width."""
        self._show(self._first_fitting_text())


class WholeWordsLabel(RunLabel):
    """Shows as many whole words as there is room for, and says by an ellipsis that there are more."""

    def __init__(self, text_of: Callable[[RunView], str], *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(text_of, id=id)
        self._whole = ""

    def show_view(self, view: RunView) -> None:
        """Show the present text."""
        self._whole = self._text_of(view)
        self._show(self._fitting())

    def on_resize(self) -> None:
        """Choose the words again for the new size."""
        self._show(self._fitting())

    def _fitting(self) -> str:
        width, rows = self.size
        return "\n".join(words_in_lines(self._whole, width, rows)) if width and rows else self._whole


# By tone: the patterns of even and odd rows.
PATTERNS: dict[str, tuple[str, str]] = {
    "prepare": ("▒", "▒"),
    "work": ("█", "█"),
    "switch": ("█", " "),
    "rest": ("░", "░"),
    "say": ("·", " "),
    "wait": ("▀", " "),
    "measure": ("▀", "▄"),
    "paused": ("▌", "▌"),
}


class PhasePattern(CachedWidget):
    """Fills its column with the pattern of the phase."""

    phase_style: reactive[str] = reactive("prepare")

    def show_view(self, view: RunView) -> None:
        """Take the pattern of the phase."""
        self.phase_style = wording.phase_style(view)

    def render_line(self, y: int) -> Strip:
        text = PATTERNS[self.phase_style][y % 2][: self.size.width]
        return Strip([Segment(text, self.own_style)]).adjust_cell_length(self.size.width, self.own_style)
