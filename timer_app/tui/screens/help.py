"""Every key, and what it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from timer_app.tui.bindings import bindings_for
from timer_app.tui.commands import PLACES, commands_of, shown_keys

_KEYS_WIDTH = 12


def help_lines(keys: Mapping[str, str]) -> Iterator[str]:
    """All commands by the place where they work, with the keys they have now.

    Args:
        keys: The user's own keys.
    """
    for place, title in PLACES.items():
        yield title
        for command in commands_of(place):
            yield f"  {shown_keys(command, keys):<{_KEYS_WIDTH}}  {command.tooltip}"
        yield ""


class HelpScreen(ModalScreen[None]):
    """Lists every command.

    Args:
        keys: The user's own keys.
    """

    CSS_PATH = "dialogue.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The list, which scrolls where it is longer than the screen."""
        with Vertical(classes="dialogue -long"):
            yield Static("Keys  (Esc closes; a session goes on meanwhile)", classes="dialogue-title", markup=False)
            with VerticalScroll():
                yield Static("\n".join(help_lines(self._keys)), markup=False)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
