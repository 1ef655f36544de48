"""Dialogues over the settings screen: the values of one setting to choose from, and the entries of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.settings import Setting
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.settings.values import description_of, is_same, options_of, takes_text, value_text
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import joined_lines

PRESENT, _OTHER = "✓", " "
_TYPED = "typed"


class Choice(NamedTuple):
    """What was chosen.

    Attributes:
        value: The value.
        typed: The user wants to type one instead.
    """

    value: Any
    typed: bool = False


class ChoiceScreen(Dialogue[Choice | None]):
    """Returns the value that was chosen, or `None` for no change.

    Args:
        setting: Whose values.
        value: The present one, which is ticked.
        preview: Called with each value that the mark comes to.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "MarkedList"

    def __init__(self, setting: Setting, value: Any, preview: Callable[[Any], None]) -> None:
        super().__init__()
        self._setting = setting
        self._value = value
        self._preview = preview
        self._previewed = value
        self._options = options_of(setting)
        if not any(is_same(setting, option, value) for option in self._options):
            self._options.append(value)

    def compose(self) -> ComposeResult:
        lines = [
            (str(number), f"{self._sign(option)} {value_text(self._setting, option)}")
            for number, option in enumerate(self._options)
        ]
        if takes_text(self._setting):
            lines.append((_TYPED, f"{_OTHER} {_('Type another')}"))
        with Vertical(classes="dialogue"):
            yield Static(_(self._setting.label), classes="dialogue-title", markup=False)
            yield MarkedList(lines)

    def _sign(self, option: Any) -> str:
        return PRESENT if is_same(self._setting, option, self._value) else _OTHER

    def on_mount(self) -> None:
        shown_list = self.query_one(MarkedList)
        shown_list.highlighted = next(n for n, option in enumerate(self._options) if self._sign(option) == PRESENT)
        self.call_after_refresh(shown_list.scroll_to_highlight)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show or play what is marked."""
        if event.option_id != _TYPED and not is_same(
            self._setting, self._previewed, option := self._options[event.option_index]
        ):
            self._previewed = option
            self._preview(option)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what is marked."""
        if event.option_id == _TYPED:
            self.dismiss(Choice(self._value, typed=True))
        else:
            self.dismiss(Choice(self._options[event.option_index]))

    def action_dismiss_it(self) -> None:
        """Change nothing."""
        self.dismiss(None)


class TableScreen(Dialogue[None]):
    """Shows the entries of a setting that can only be written in the file, and where that is.

    Args:
        setting: The table.
        entries: What it has.
        where: The path of the file; empty if there is none.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, setting: Setting, entries: Mapping[str, str], where: str) -> None:
        super().__init__()
        self._setting = setting
        self._entries = entries
        self._where = where

    def compose(self) -> ComposeResult:
        lines = [f"{name}: {value}" for name, value in self._entries.items()] or [_("There are no entries.")]
        how = _("To change it, edit the table [{key}] of the file.").format(key=self._setting.key)
        with Vertical(classes="dialogue"):
            yield Static(_(self._setting.label), classes="dialogue-title", markup=False)
            with VerticalScroll(classes="setting-entries"):
                yield Static(joined_lines([*lines, "", description_of(self._setting), how]), markup=False)
                yield Static(printable(self._where), markup=False)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
