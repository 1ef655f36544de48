"""A dialogue over the settings screen: the values of one setting to choose from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from timer_app.core.i18n import _
from timer_app.settings import Setting
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.settings.values import is_same, options_of, takes_text, value_text
from timer_app.tui.widgets.inputs import MarkedList

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
