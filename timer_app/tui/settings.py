"""The settings: each with what it does, changed in place and written down at once.

The settings as the screen shows them: drawn from the model, so that none is missing and none is told differently.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from timer_app.tui.screen import bindings_for
from timer_app.tui.themes import DEFAULT_THEME
from timer_app.tui.widgets.inputs import MarkedList, PromptInput
from timer_app.tui.widgets.text import fit_to_width

if TYPE_CHECKING:
    from timer_app.settings.settings import Settings
    from timer_app.settings.store import SettingsStore, SettingValue


_TABLES = ("lexicon", "sounds", "keys")
_ATTRIBUTE_LINE = re.compile(r"^    (\w+): (.+)$", re.MULTILINE)
_RESTART_NOTES = {"language": "It holds from the next start on."}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting.

    Attributes:
        key: Its name in the file.
        description: What it does, one or more sentences.
        choices: What a key goes round; empty where the value is typed.
        is_table: It is a table, which is written by hand in the file.
    """

    key: str
    description: str
    choices: tuple[str | bool, ...] = ()
    is_table: bool = False


def setting_rows(settings: Settings, choices: Mapping[str, Sequence[str]]) -> list[SettingRow]:
    """Every setting, in the order of the model.

    Args:
        settings: What is set.
        choices: Names to choose from, by the key of the setting.
    """
    explained = dict(_ATTRIBUTE_LINE.findall(inspect.getdoc(type(settings)) or ""))
    return [_row(key, told, getattr(settings, key), tuple(choices.get(key, ()))) for key, told in explained.items()]


def _row(key: str, description: str, value: object, choices: tuple[str, ...]) -> SettingRow:
    description = " ".join(part for part in (description.replace("`", ""), _RESTART_NOTES.get(key, "")) if part)
    if isinstance(value, bool):
        return SettingRow(key, description, (True, False))
    return SettingRow(key, description, choices, is_table=key in _TABLES)


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


_UNSET_LABELS = {"language": "as in the session", "sound_theme": "as in the session", "theme": DEFAULT_THEME}


def format_list_value(key: str, value: object) -> str:
    """A value as the list shows it; what is not set is told as well."""
    return _UNSET_LABELS.get(key, "") if value is None else format_value(value)


def parse_value(key: str, text: str) -> tuple[Any, str]:
    """What was typed for a setting, and what is wrong with it; empty for nothing.

    An empty text is `None`: the default.
    """
    from timer_app.core.diagnostics.source import Source
    from timer_app.core.diagnostics.validate import validate_source
    from timer_app.settings.schema import SettingsFile

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


def next_choice(row: SettingRow, value: object) -> str | bool:
    """The choice that comes after `value`, round and round."""
    now = _UNSET_LABELS.get(row.key) if value is None else value
    at = row.choices.index(now) + 1 if now in row.choices else 0
    return row.choices[at % len(row.choices)]


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
        self._rows = setting_rows(settings_store.settings, choices)
        self._change_callback = on_change
        self._edited_row: SettingRow | None = None
        self._write_warning = settings_store.write_warning()

    def compose(self) -> ComposeResult:
        """The list, what the marked one does, and where a value is typed."""
        where = f" ({self._settings_store.path})" if self._settings_store.path else ""
        with Vertical(classes="dialogue -long"):
            yield Static(f"{_TITLE}{where}", classes="dialogue-title", markup=False)
            yield MarkedList([(row.key, self._line(row)) for row in self._rows])
            yield Static(id="setting-told", markup=False)
            yield PromptInput(id="setting-value", compact=True)
            yield Static(id="setting-fault", markup=False)

    def _line(self, row: SettingRow) -> str:
        longest = max(cell_len(each.key) for each in self._rows)
        width = (longest if self.app.size.width >= _ROOM_FOR_COLUMNS else cell_len(row.key)) + 2
        value = format_list_value(row.key, getattr(self._settings_store.settings, row.key))
        return f"{fit_to_width(row.key, width)}{value}"

    def on_resize(self) -> None:
        """Values stand below each other only where there is room for that."""
        shown_list = self.query_one(MarkedList)
        for number, row in enumerate(self._rows):
            shown_list.set_line(number, self._line(row))

    @property
    def _highlighted_row(self) -> SettingRow:
        return self._rows[self.query_one(MarkedList).highlighted or 0]

    def on_option_list_option_highlighted(self) -> None:
        """Say what the marked setting does."""
        row = self._highlighted_row
        how = "It is a table: write it in the file." if row.is_table else _EDIT_HINTS[bool(row.choices)]
        self.query_one("#setting-told", Static).update(f"{row.description} {how}")
        self._show_fault("")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on to the next choice, or let a value be typed."""
        row = self._rows[event.option_index]
        if row.is_table:
            return
        if row.choices:
            self._change_value(row, next_choice(row, getattr(self._settings_store.settings, row.key)))
            return
        self._edited_row = row
        self.add_class("-typing")
        value = self.query_one("#setting-value", Input)
        value.value = format_value(getattr(self._settings_store.settings, row.key))
        value.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with what stands there."""
        if self._edited_row:
            self._show_fault(parse_value(self._edited_row.key, event.value)[1])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, if it is allowed."""
        if self._edited_row is None:
            return
        value, fault = parse_value(self._edited_row.key, event.value)
        if fault:
            self._show_fault(fault)
            return
        row = self._edited_row
        self._stop_typing()
        self._change_value(row, value)

    def _change_value(self, row: SettingRow, value: SettingValue | None) -> None:
        trouble = self._settings_store.change(row.key, value)
        self.query_one(MarkedList).set_line(self._rows.index(row), self._line(row))
        self._change_callback(row.key)
        self._show_fault(trouble)

    def _show_fault(self, text: str) -> None:
        self.query_one("#setting-fault", Static).update(text or self._write_warning)

    def _stop_typing(self) -> None:
        self._edited_row = None
        self.remove_class("-typing")
        self.query_one(MarkedList).focus()

    def action_dismiss_it(self) -> None:
        """Leave what is typed, or else the screen."""
        if self._edited_row:
            self._stop_typing()
            self._show_fault("")
        else:
            self.dismiss(None)
