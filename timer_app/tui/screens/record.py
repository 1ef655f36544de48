"""One record of the history in full."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from timer_app.history.store import Whole
from timer_app.tui.bindings import bindings_for
from timer_app.tui.looking_back import whole_lines

_MARGINS = 2  # the scroll bar and a blank


class RecordScreen(ModalScreen[None]):
    """Shows a record.

    Args:
        whole: The record.
    """

    CSS_PATH = "dialogue.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, whole: Whole) -> None:
        super().__init__()
        self._whole = whole

    def compose(self) -> ComposeResult:
        """The session's name, and everything else in what scrolls."""
        with Vertical(classes="dialogue -long"):
            yield Static(self._whole.entry.name, classes="dialogue-title", markup=False)
            with VerticalScroll():
                yield Static(id="whole", markup=False)

    def on_resize(self) -> None:
        """Fill it once its width is known: columns where they fit."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        width = self.query_one(VerticalScroll).size.width - _MARGINS
        self.query_one("#whole", Static).update("\n".join(whole_lines(self._whole, width)))

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
