"""Asks what is at hand, so that the list shows only what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from timer_app.tui.bindings import bindings_for
from timer_app.tui.widgets.marked_list import MarkedList


class EquipmentScreen(ModalScreen[frozenset[str]]):
    """Returns what is not at hand.

    Args:
        items: All that sessions need.
        missing: What is not at hand so far.
    """

    CSS_PATH = "dialogue.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, items: Sequence[str], missing: AbstractSet[str]) -> None:
        super().__init__()
        self._items = list(items)
        self._missing = set(missing)

    def compose(self) -> ComposeResult:
        """A line for each thing."""
        with Vertical(classes="dialogue"):
            title = "What do you have at hand?  Enter changes a line, Esc shows the list."
            yield Static(title, classes="dialogue-title", markup=False)
            yield MarkedList([(item, self._line(item)) for item in self._items])

    def _line(self, item: str) -> str:
        return f"{'no ' if item in self._missing else '✓  '} {item}"

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Have it, or have it not."""
        item = self._items[event.option_index]
        self._missing ^= {item}
        self.query_one(MarkedList).say(event.option_index, self._line(item))

    def action_dismiss_it(self) -> None:
        """Go back to the list."""
        self.dismiss(frozenset(self._missing))
