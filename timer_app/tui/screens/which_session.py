"""Asks which session the history is to be looked at for."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from timer_app.history.views import Practised
from timer_app.tui.bindings import bindings_for
from timer_app.tui.widgets.marked_list import MarkedList

ALL = Practised("", "All sessions")


class WhichSessionScreen(ModalScreen[Practised | None]):
    """Returns the session that was chosen, `ALL` for any, or `None` where nothing is to change.

    Args:
        sessions: Those of which there is a record.
    """

    CSS_PATH = "dialogue.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, sessions: Sequence[Practised]) -> None:
        super().__init__()
        self._sessions = [ALL, *sessions]

    def compose(self) -> ComposeResult:
        """The names."""
        with Vertical(classes="dialogue"):
            yield Static("Look back on", classes="dialogue-title", markup=False)
            yield MarkedList([(str(place), one.name) for place, one in enumerate(self._sessions)])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked one."""
        self.dismiss(self._sessions[int(event.option_id or 0)])

    def action_dismiss_it(self) -> None:
        """Change nothing."""
        self.dismiss(None)
