"""The menu of the list: what else can be done there, each with a letter."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from timer_app.core.i18n import _
from timer_app.tui.key_bindings import COMMANDS_BY_ID, ScreenCommand, first_key, menu_commands
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import fit_to_width, words_in_lines

_WIDTH, _MARGINS = 92, 8  # of the dialogue, and what border, padding, mark and scroll bar take of it
_ROOM_FOR_TOOLTIPS = 50
_KEY_WIDTH = 13  # with the letter before it


class MenuScreen(Dialogue[ScreenCommand | None]):
    """Returns the command that is chosen: by its letter, with the arrows, or with the mouse.

    Args:
        keys: The user's own keys.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "MarkedList"

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -menu"):
            yield Static(_("Press a letter, or Esc to go back."), classes="dialogue-title", markup=False)
            yield MarkedList([(command.id, self._line(command)) for command in menu_commands()])

    def _line(self, command: ScreenCommand) -> str:
        """`s  Star       F7      Put a star on the session …`, the explanation where there is room for it."""
        longest = max(cell_len(_(each.label)) for each in menu_commands())
        label = _(command.label)
        label += " " * (longest - cell_len(label))
        line = f"{command.menu}  {label}  {first_key(command.id, self._keys)}"
        width = min(self.app.size.width, _WIDTH) - _MARGINS
        if width < _ROOM_FOR_TOOLTIPS:
            return line
        line = fit_to_width(line, longest + _KEY_WIDTH)
        return " ".join([line, *words_in_lines(_(command.tooltip), width - cell_len(line) - 1, 1)])

    def on_key(self, event: events.Key) -> None:
        """Take the command of a letter; here, letters that close other dialogues are commands too."""
        for command in menu_commands():
            if event.character == command.menu:
                event.stop()
                event.prevent_default()
                self.dismiss(command)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked command."""
        self.dismiss(COMMANDS_BY_ID[str(event.option_id)])

    def action_dismiss_it(self) -> None:
        """Go back to the list."""
        self.dismiss(None)
