"""The settings: each with what it does, changed in place and written down at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from timer_app.tui.bindings import bindings_for
from timer_app.tui.setting_rows import SettingRow, following, in_list, read_value, rows, shown
from timer_app.tui.widgets.cells import fitted
from timer_app.tui.widgets.marked_list import MarkedList
from timer_app.tui.widgets.prompt_input import PromptInput

if TYPE_CHECKING:
    from timer_app.settings.store import SettingsDesk, Value

_TITLE = "Settings"
_ROOM_FOR_COLUMNS = 32
_HOW = {True: "Enter changes it.", False: "Enter, then type; an empty line brings the default back."}


class SettingsScreen(ModalScreen[None]):
    """Shows every setting.

    Args:
        desk: Changes them.
        choices: Names to choose from, by the key of the setting.
        changed: Called with the key after each change.
    """

    CSS_PATH = "dialogue.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "MarkedList"

    def __init__(
        self, desk: SettingsDesk, choices: Mapping[str, Sequence[str]], changed: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._desk = desk
        self._rows = rows(desk.settings, choices)
        self._changed = changed
        self._typed: SettingRow | None = None
        self._trouble = desk.trouble()

    def compose(self) -> ComposeResult:
        """The list, what the marked one does, and where a value is typed."""
        where = f" ({self._desk.path})" if self._desk.path else ""
        with Vertical(classes="dialogue -long"):
            yield Static(f"{_TITLE}{where}", classes="dialogue-title", markup=False)
            yield MarkedList([(row.key, self._line(row)) for row in self._rows])
            yield Static(id="setting-told", markup=False)
            yield PromptInput(id="setting-value", compact=True)
            yield Static(id="setting-fault", markup=False)

    def _line(self, row: SettingRow) -> str:
        longest = max(cell_len(each.key) for each in self._rows)
        width = (longest if self.app.size.width >= _ROOM_FOR_COLUMNS else cell_len(row.key)) + 2
        value = in_list(row.key, getattr(self._desk.settings, row.key))
        return f"{fitted(row.key, width)}{value}"

    def on_resize(self) -> None:
        """Values stand below each other only where there is room for that."""
        shown_list = self.query_one(MarkedList)
        for number, row in enumerate(self._rows):
            shown_list.say(number, self._line(row))

    @property
    def _marked(self) -> SettingRow:
        return self._rows[self.query_one(MarkedList).highlighted or 0]

    def on_option_list_option_highlighted(self) -> None:
        """Say what the marked setting does."""
        row = self._marked
        how = "It is a table: write it in the file." if row.is_table else _HOW[bool(row.choices)]
        self.query_one("#setting-told", Static).update(f"{row.told} {how}")
        self._say("")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on to the next choice, or let a value be typed."""
        row = self._rows[event.option_index]
        if row.is_table:
            return
        if row.choices:
            self._set(row, following(row, getattr(self._desk.settings, row.key)))
            return
        self._typed = row
        self.add_class("-typing")
        value = self.query_one("#setting-value", Input)
        value.value = shown(getattr(self._desk.settings, row.key))
        value.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with what stands there."""
        if self._typed:
            self._say(read_value(self._typed.key, event.value)[1])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, if it is allowed."""
        if self._typed is None:
            return
        value, fault = read_value(self._typed.key, event.value)
        if fault:
            self._say(fault)
            return
        row = self._typed
        self._stop_typing()
        self._set(row, value)

    def _set(self, row: SettingRow, value: Value | None) -> None:
        trouble = self._desk.change(row.key, value)
        self.query_one(MarkedList).say(self._rows.index(row), self._line(row))
        self._changed(row.key)
        self._say(trouble)

    def _say(self, text: str) -> None:
        self.query_one("#setting-fault", Static).update(text or self._trouble)

    def _stop_typing(self) -> None:
        self._typed = None
        self.remove_class("-typing")
        self.query_one(MarkedList).focus()

    def action_dismiss_it(self) -> None:
        """Leave what is typed, or else the screen."""
        if self._typed:
            self._stop_typing()
            self._say("")
        else:
            self.dismiss(None)
