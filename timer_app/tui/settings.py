"""The settings screen: each setting with what it does, changed in place and saved at once.

It is drawn from the table of settings, so that none is missing and none is described differently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.settings import SETTINGS, Setting
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.inputs import MarkedList, PromptInput
from timer_app.tui.widgets.text_layout import fit_to_width

if TYPE_CHECKING:
    from timer_app.settings import SettingsStore, SettingValue


def shown_settings(choices: Mapping[str, Sequence[str]]) -> list[Setting]:
    """Every setting, in the order of the table.

    Args:
        choices: Names to choose from that only the app knows, by the key of the setting.
    """
    return [
        setting._replace(choices=tuple(choices[key])) if key in choices else setting
        for key, setting in SETTINGS.items()
    ]


def describe(setting: Setting) -> str:
    """What a setting does, and how it is changed."""
    restart = " It holds from the next start on." if setting.needs_restart else ""
    how = "It is a table: write it in the file." if setting.is_table else _EDIT_HINTS[bool(setting.choices)]
    return f"{setting.description.replace('`', '')}{restart} {how}"


def format_value(value: object) -> str:
    """A value as the screen shows it and takes it back."""
    match value:
        case True:
            return "on"
        case False:
            return "off"
        case None:
            return ""
        case dict():
            return f"{len(value)} in the file" if value else "none"
    return str(value)


def format_list_value(setting: Setting, value: object) -> str:
    """A value as the list shows it: if there is none, what holds instead."""
    return setting.unset_label if value is None else format_value(value)


def parse_value(key: str, text: str) -> tuple[Any, str]:
    """What was typed for a setting, and what is wrong with it; empty for nothing.

    An empty text is `None`: the default.
    """
    from timer_app.core.diagnostics import Source, validate_source
    from timer_app.settings import SettingsFile

    if not text.strip():
        return None, ""
    data = {key: _parse_scalar(text.strip())}
    _, problems = validate_source(SettingsFile, Source("", "", data))
    if not problems:
        return data[key], ""
    allowed = f"; {problems[0].allowed}" if problems[0].allowed else ""
    meant = f'; did you mean "{problems[0].suggestion}"?' if problems[0].suggestion else ""
    return None, f"{problems[0].message}{allowed}{meant}"


def _parse_scalar(text: str) -> object:
    """A number where it looks like one, else a text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def next_choice(setting: Setting, value: object) -> str | bool:
    """The choice after `value`; the first one after the last."""
    now = setting.unset_label if value is None else value
    index = setting.choices.index(now) + 1 if now in setting.choices else 0
    return setting.choices[index % len(setting.choices)]


_TITLE = "Settings"
_ROOM_FOR_COLUMNS = 32
_EDIT_HINTS = {True: "Enter changes it.", False: "Enter, then type; an empty line brings the default back."}


class SettingsScreen(ModalScreen[None]):
    """Shows every setting.

    Args:
        settings_store: Changes them.
        choices: Names to choose from, by the key of the setting.
        on_change: Called with the key after each change.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "MarkedList"

    def __init__(
        self, settings_store: SettingsStore, choices: Mapping[str, Sequence[str]], on_change: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._settings_store = settings_store
        self._settings = shown_settings(choices)
        self._change_callback = on_change
        self._edited: Setting | None = None
        self._write_warning = settings_store.write_warning()

    def compose(self) -> ComposeResult:
        where = f" ({printable(str(self._settings_store.path))})" if self._settings_store.path else ""
        with Vertical(classes="dialogue -long"):
            yield Static(f"{_TITLE}{where}", classes="dialogue-title", markup=False)
            yield MarkedList([(setting.key, self._line(setting)) for setting in self._settings])
            yield Static(id="setting-told", markup=False)
            yield PromptInput(id="setting-value", compact=True)
            yield Static(id="setting-fault", markup=False)

    def _line(self, setting: Setting) -> str:
        longest = max(cell_len(each.key) for each in self._settings)
        width = (longest if self.app.size.width >= _ROOM_FOR_COLUMNS else cell_len(setting.key)) + 2
        value = format_list_value(setting, getattr(self._settings_store.settings, setting.key))
        return f"{fit_to_width(setting.key, width)}{value}"

    def on_resize(self) -> None:
        """Values stand below each other only where there is room for that."""
        shown_list = self.query_one(MarkedList)
        for number, setting in enumerate(self._settings):
            shown_list.set_line(number, self._line(setting))

    @property
    def _highlighted(self) -> Setting:
        return self._settings[self.query_one(MarkedList).highlighted or 0]

    def on_option_list_option_highlighted(self) -> None:
        """Say what the marked setting does."""
        self.query_one("#setting-told", Static).update(describe(self._highlighted))
        self._show_fault("")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on to the next choice, or let a value be typed."""
        setting = self._settings[event.option_index]
        if setting.is_table:
            return
        if setting.choices:
            self._change_value(setting, next_choice(setting, getattr(self._settings_store.settings, setting.key)))
            return
        self._edited = setting
        self.add_class("-typing")
        value = self.query_one("#setting-value", Input)
        value.value = format_value(getattr(self._settings_store.settings, setting.key))
        value.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with what stands there."""
        if self._edited:
            self._show_fault(parse_value(self._edited.key, event.value)[1])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, if it is allowed."""
        if self._edited is None:
            return
        value, fault = parse_value(self._edited.key, event.value)
        if fault:
            self._show_fault(fault)
            return
        setting = self._edited
        self._stop_typing()
        self._change_value(setting, value)

    def _change_value(self, setting: Setting, value: SettingValue | None) -> None:
        trouble = self._settings_store.change(setting.key, value)
        self.query_one(MarkedList).set_line(self._settings.index(setting), self._line(setting))
        self._change_callback(setting.key)
        self._show_fault(trouble)

    def _show_fault(self, text: str) -> None:
        self.query_one("#setting-fault", Static).update(text or self._write_warning)

    def _stop_typing(self) -> None:
        self._edited = None
        self.remove_class("-typing")
        self.query_one(MarkedList).focus()

    def action_dismiss_it(self) -> None:
        """Leave what is typed, or else the screen."""
        if self._edited:
            self._stop_typing()
            self._show_fault("")
        else:
            self.dismiss(None)
