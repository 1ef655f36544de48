"""What the palette does with what is chosen there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.command import CommandPalette

from timer_app.core.diagnostics import FileFault, first_line, printable
from timer_app.core.i18n import _
from timer_app.settings import SETTINGS
from timer_app.tui.screen import has_scope, has_screen
from timer_app.tui.themes import ThemedApp

if TYPE_CHECKING:
    from timer_app.library import Library, SessionEntry
    from timer_app.run.programme import ActiveProgrammeStore
    from timer_app.settings import SettingValue
    from timer_app.tui.context import AppContext, CommandLine
    from timer_app.tui.library import screen as listing


class PaletteApp(ThemedApp, inherit_bindings=False):
    """Has what the palette offers besides the commands of the screens."""

    _app_context: AppContext
    _library: Library
    _library_screen: listing.LibraryScreen | None

    def action_settings(self) -> None:
        """Show the settings."""
        raise NotImplementedError

    def apply_setting(self, key: str) -> None:
        """Let a setting that was changed take effect."""
        raise NotImplementedError

    def action_command_palette(self) -> None:
        """Find anything by its name."""
        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("A session, exercise, setting, command, ...")))

    def open_setting(self, key: str) -> None:
        """Show the settings, with one of them marked."""
        self.action_settings()
        self.call_after_refresh(self._mark_setting, key)

    def _mark_setting(self, key: str) -> None:
        from timer_app.tui.settings.setting_list import SettingList

        for settings in self.screen.query(SettingList):
            settings.mark(key)

    def change_setting(self, key: str, value: SettingValue) -> None:
        """Give a setting a value for good, and say so."""
        if self.settings_store is None:
            return
        trouble = self.settings_store.change(key, value)
        self.apply_setting(key)
        from timer_app.tui.settings.values import value_text

        label, shown = _(SETTINGS[key].label), value_text(SETTINGS[key], value)
        self.show_message(
            _("{setting}: {value}. {trouble}").format(setting=label, value=shown, trouble=trouble).rstrip()
        )

    @property
    def library(self) -> Library:
        """Where sessions come from."""
        return self._library

    @property
    def listed_sessions(self) -> list[SessionEntry]:
        """The sessions of the list."""
        return self._library_screen.listed if self._library_screen is not None else []

    @property
    def can_start_sessions(self) -> bool:
        """Whether the list is there, no session runs, and nothing is edited."""
        from timer_app.tui.play.screen import PlayScreen

        is_busy = has_screen(self, PlayScreen) or has_scope(self, "editor")
        return self._library_screen is not None and not is_busy

    def return_to_list(self) -> listing.LibraryScreen | None:
        """Close what lies over the list; `None` where there is no list, or a session runs."""
        if self._library_screen is None or not self.can_start_sessions:
            return None
        while self.screen is not self._library_screen:
            self.pop_screen()
        return self._library_screen

    @property
    def programme_store(self) -> ActiveProgrammeStore | None:
        """Which programme is followed; `None` where none can be."""
        return self._app_context.tracker.programme_store if self._app_context.tracker else None

    @property
    def command_line(self) -> CommandLine | None:
        """What can be done from a command line; `None` where nothing is known of it."""
        return self._app_context.command_line

    def start_entry(self, entry: SessionEntry) -> None:
        """Run a session of the list, or show the faults of its file."""
        if screen := self.return_to_list():
            screen.start_session(entry)

    def filter_sessions(self, words: str) -> None:
        """Show the sessions that fit some words."""
        if screen := self.return_to_list():
            screen.filter_by(words)

    @work(exclusive=True, group="dialogue")
    async def follow_programme(self, name: str) -> None:
        """Follow a programme from today on, after a question if another one is followed."""
        from timer_app.tui.dialogs import ConfirmScreen

        store, screen = self.programme_store, self.return_to_list()
        if store is None or screen is None:
            return
        current = await asyncio.to_thread(store.current)
        if current:
            question = _("Follow another programme?")
            remark = _("{name} is followed until now. What was done of it stays in the history.")
            answers = _("No, keep it  (n)"), _("Yes, follow the other one  (y)")
            named = remark.format(name=printable(current.programme.name))
            if not await self.push_screen_wait(ConfirmScreen(question, named, answers)):
                return
        try:
            followed = await asyncio.to_thread(store.start, name, store.today())
        except (FileFault, OSError) as error:
            self.show_message(first_line(error))
            return
        screen.reload()
        self.show_message(_("{name} begins today.").format(name=followed.programme.name))

    def stop_programme(self) -> None:
        """Follow no programme any more."""
        store, screen = self.programme_store, self.return_to_list()
        if store is None or screen is None:
            return
        try:
            store.stop()
        except OSError as error:
            self.show_message(first_line(error))
            return
        screen.reload()
        self.show_message(_("No programme is followed any more. What was done stays in the history."))

    def show_command(self, name: str) -> None:
        """Show how to use a command of the command line."""
        from timer_app.tui.dialogs import TextScreen

        if self.command_line is not None:
            self.push_screen(TextScreen(f"timer-app {name}", self.command_line.describe(name)))
