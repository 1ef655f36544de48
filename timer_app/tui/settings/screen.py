"""The settings screen: every setting in its group, changed in place, saved at once, and undone again.

It is drawn from the table of settings, so that none is missing and none is described differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.settings import Setting
from timer_app.tui.key_bindings import ScreenScope
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.settings.choices import ChoiceScreen
from timer_app.tui.settings.entries import EntriesScreen
from timer_app.tui.settings.setting_list import SettingList
from timer_app.tui.settings.values import (
    control_kind,
    description_of,
    is_found,
    is_same,
    parse_value,
    shown_settings,
    stepped,
    typed_text,
    value_at,
    value_text,
)
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.inputs import PromptInput

if TYPE_CHECKING:
    from timer_app.settings import SettingsStore


class SettingEffects(Protocol):
    """What changes outside of the screen when a setting does."""

    def apply_setting(self, key: str) -> None:
        """Let the present value of a setting take effect."""

    def preview_setting(self, key: str, value: Any) -> None:
        """Show or play a value that is not taken yet."""

    def play_sample(self, key: str, line: str = "") -> None:
        """Play what a setting sounds like now, or a line; nothing if it has no sound."""

    def stop_sample(self) -> None:
        """Play nothing any more."""


class SettingsScreen(Dialogue[None]):
    """Shows every setting.

    Args:
        settings_store: Changes them.
        choices: Names to choose from, by the key of the setting.
        effects: What changes with them.
        keys: The user's own keys.
    """

    CSS_PATH = "../dialogs.tcss"
    SCOPE: ClassVar[ScreenScope] = "settings"
    BINDINGS = bindings_for("settings")
    AUTO_FOCUS = "SettingList"

    def __init__(
        self,
        settings_store: SettingsStore,
        choices: Mapping[str, Sequence[str]],
        effects: SettingEffects,
        keys: Mapping[str, str],
    ) -> None:
        super().__init__()
        self._store = settings_store
        self._settings = shown_settings(choices)
        self._effects = effects
        self._keys = keys
        self._edited: Setting | None = None
        self._stepped_key = self._marked_key = ""
        self._write_warning = settings_store.write_warning()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long"):
            yield Static(_("Settings"), classes="dialogue-title", markup=False)
            yield Static(id="setting-search", markup=False)
            yield SettingList(self._settings, self._value)
            yield Static(id="setting-told", markup=False)
            yield PromptInput(id="setting-value", compact=True)
            yield Static(id="setting-fault", markup=False)
        yield KeyFooter("settings", self._keys)

    def on_mount(self) -> None:
        self._show_fault("")
        # A key changes the colours here too; it is written down only after they are shown.
        self.watch(self.app, "theme", self._theme_changed, init=False)

    def on_unmount(self) -> None:
        self._effects.stop_sample()

    def _theme_changed(self) -> None:
        self.call_later(self._redraw_theme)

    def _redraw_theme(self) -> None:
        for setting in self._settings:
            if setting.key == "theme":
                self._list.redraw(setting)
        self._describe_marked()

    @property
    def _list(self) -> SettingList:
        return self.query_one(SettingList)

    def _value(self, setting: Setting) -> Any:
        return getattr(self._store.settings, setting.key)

    def on_option_list_option_highlighted(self) -> None:
        """Say what the marked setting does."""
        self._describe_marked()
        marked = self._list.marked
        if marked and marked.key != self._marked_key:
            self._marked_key, self._stepped_key = marked.key, ""
            self._show_fault("")

    def _describe_marked(self) -> None:
        setting = self._list.marked
        self.query_one("#setting-told", Static).update(printable(self._description(setting)) if setting else "")

    def _description(self, setting: Setting) -> str:
        default = value_text(setting, setting.default)
        usual = "" if setting.is_table or self._has_default(setting) else _("Default: {value}.").format(value=default)
        where = _("In the file: {key}.").format(key=setting.key)
        return " ".join(filter(None, (description_of(setting), usual, where)))

    def _has_default(self, setting: Setting) -> bool:
        return is_same(setting, self._value(setting), setting.default)

    def on_option_list_option_selected(self) -> None:
        """Turn a switch, offer the choices, or let a value be typed."""
        setting = self._list.marked
        if setting is None:
            return
        match control_kind(setting):
            case "switch":
                self._change(setting, not self._value(setting))
            case "choice":
                self._choose(setting)
            case "table":
                change = partial(self._change_entries, setting)
                self.app.push_screen(EntriesScreen(setting, partial(self._value, setting), change))
            case _other:
                self._start_typing(setting)

    @work(exclusive=True, group="dialogue")
    async def _choose(self, setting: Setting) -> None:
        value = self._value(setting)
        preview = partial(self._effects.preview_setting, setting.key)
        choice = await self.app.push_screen_wait(ChoiceScreen(setting, value, preview))
        if choice is None:
            self._effects.apply_setting(setting.key)
        elif choice.typed:
            self._effects.apply_setting(setting.key)
            self._start_typing(setting)
        elif not is_same(setting, choice.value, value):
            self._change(setting, choice.value)

    def on_setting_list_stepped(self, message: SettingList.Stepped) -> None:
        """Go on to the next value, or back."""
        self.action_step(message.by)

    def action_step(self, by: int) -> None:
        """Go `by` steps further."""
        setting = self._list.marked
        if setting is None or self._edited or control_kind(setting) in ("table", "text"):
            return
        value = stepped(setting, self._value(setting), by)
        if not is_same(setting, value, self._value(setting)):
            self._change(setting, value, goes_on=setting.limits is not None and self._stepped_key == setting.key)
            self._stepped_key = setting.key

    def on_setting_list_slid(self, message: SettingList.Slid) -> None:
        """Take the value at that place of the slider."""
        setting = self._list.marked
        if setting is None or not setting.limits:
            return
        value = value_at(setting, message.share)
        if not is_same(setting, value, self._value(setting)):
            self._change(setting, value, goes_on=message.goes_on)

    def action_reset(self) -> None:
        """Bring back the default of the marked setting."""
        setting = self._list.marked
        if setting and not setting.is_table and not self._has_default(setting):
            self._change(setting, None)

    def action_undo(self) -> None:
        """Undo the last change."""
        key, trouble = self._store.undo()
        setting = next((setting for setting in self._settings if setting.key == key), None)
        if setting is None:
            self._show_fault(_("There is nothing to undo."))
            return
        self._stop_typing()
        self._list.show_settings(self._settings)
        self._clear_search()
        self._list.mark(key)
        self._show_change(setting, trouble)

    def _change_entries(self, setting: Setting, entries: Mapping[str, str], line: str) -> str:
        spoken = line if setting.key == "lexicon" else ""
        return self._change(setting, entries or None, spoken=spoken)

    def _change(self, setting: Setting, value: Any, *, goes_on: bool = False, spoken: str = "") -> str:
        self._stepped_key = ""
        try:
            trouble = self._store.change(setting.key, value, goes_on=goes_on)
        except ValueError:  # a name that only the app offers, such as that of a theme with a blank
            trouble = _("This cannot be written into the file.")
        self._show_change(setting, trouble, spoken)
        return trouble

    def _show_change(self, setting: Setting, trouble: str, spoken: str = "") -> None:
        self._list.redraw(setting)
        self._effects.apply_setting(setting.key)
        self._describe_marked()
        self._show_fault(trouble)
        self._effects.play_sample(setting.key, spoken)

    def action_search(self) -> None:
        """Let words be typed that settings are looked for by."""
        self._stop_typing()
        self._list.search = self._list.search or ""
        self.on_setting_list_searched()

    def on_setting_list_searched(self) -> None:
        """Show what is found."""
        words = self._list.search
        if words is None:
            return
        self.add_class("-searching")
        self.query_one("#setting-search", Static).update(printable(f"{_('Search')}: {words}▏"))
        found = [setting for setting in self._settings if is_found(setting, words)]
        self._list.show_settings(found)
        self._describe_marked()
        self._show_fault("" if found else _("No setting is called that."))

    def _clear_search(self) -> None:
        if self._list.search is not None:
            self._list.search = None
            self.remove_class("-searching")
            self._list.show_settings(self._settings)
            self._describe_marked()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with a value."""
        if self._edited:
            self._show_fault(parse_value(self._edited.key, event.value)[1])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed if it is allowed."""
        if self._edited is None:
            return
        value, fault = parse_value(self._edited.key, event.value)
        if fault:
            self._show_fault(fault)
            return
        setting = self._edited
        self._stop_typing()
        self._change(setting, value)

    def _start_typing(self, setting: Setting) -> None:
        self._edited = setting
        self.add_class("-typing")
        value = self.query_one("#setting-value", Input)
        value.value = typed_text(self._value(setting))
        value.focus()

    def _stop_typing(self) -> None:
        if self._edited:
            self._edited = None
            self.remove_class("-typing")
            self._list.focus()

    def _show_fault(self, text: str) -> None:
        fault = self.query_one("#setting-fault", Static)
        fault.update(text or self._write_warning)
        fault.display = bool(text or self._write_warning)

    def action_dismiss_it(self) -> None:
        """Leave what is typed, then the search, then the screen."""
        if self._edited:
            self._stop_typing()
            self._show_fault("")
        elif self._list.search is not None:
            self._clear_search()
            self._show_fault("")
        else:
            self.dismiss(None)
