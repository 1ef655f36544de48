"""The app's part in the settings: opens their screen, and lets what is changed there take effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from timer_app.core.diagnostics import printable
from timer_app.settings import SETTINGS, with_setting
from timer_app.tui.palette_app import PaletteApp
from timer_app.tui.screen import has_screen
from timer_app.tui.themes import DEFAULT_THEME

if TYPE_CHECKING:
    from timer_app.run import LiveRun, RunOptions
    from timer_app.tui.context import DisplayOptions
    from timer_app.tui.settings.samples import SamplePlayer


class SettingsApp(PaletteApp, inherit_bindings=False):
    """Has the settings, which change how sessions are run and what the screens look like.

    Attributes:
        options: How to run sessions, settings that were changed meanwhile included.
        keys: The user's own keys.
        display_options: What moves on the screens; every run takes it from here.
    """

    options: RunOptions
    keys: Mapping[str, str]
    display_options: DisplayOptions
    _live_runs: list[LiveRun]

    def action_settings(self) -> None:
        """Show the settings."""
        from timer_app.tui.settings.screen import SettingsScreen

        if self.settings_store is None or has_screen(self, SettingsScreen):
            return
        self.push_screen(SettingsScreen(self.settings_store, self._setting_choices(), self, self.keys))

    def _setting_choices(self) -> dict[str, list[str]]:
        """The names that settings have to choose from, by the key of the setting."""
        from timer_app.core.constraints import FILE_OUTPUT, OUTPUTS
        from timer_app.tts import names as voice_names

        return {
            "theme": self.theme_names,
            "language": [str(code) for code in SETTINGS["language"].words],
            "sound_theme": sorted(self._library.sounds.themes),
            "voice": [name for name in voice_names.all_names() if name not in voice_names.FROM_FILES],
            "output": [name for name in OUTPUTS if name != FILE_OUTPUT],
            "day_start": [f"{hour:02}:00" for hour in range(24)],
        }

    def apply_setting(self, key: str) -> None:
        """Let a setting that was changed take effect."""
        settings = self.settings_store.settings if self.settings_store else None
        if settings is None:
            return
        self.options = with_setting(self.options, settings, key)
        if self._library_screen is not None and self.can_start_sessions:  # after a run the list is read anew anyway
            self._library_screen.refresh_previews()
        if hasattr(self.display_options, key):  # the others may have been changed by their keys
            setattr(self.display_options, key, getattr(settings, key))
        if key == "reduced_motion":
            self.reduce_motion(settings.reduced_motion)
        if key == "digits":
            self.smooth_digits = self.display_options.are_digits_smooth
        if key == "theme":
            self.theme = settings.theme or DEFAULT_THEME
        if key == "volume":
            for live_run in self._live_runs:
                live_run.set_volume(settings.volume)

    @cached_property
    def _samples(self) -> SamplePlayer:
        from timer_app.tui.settings.samples import SamplePlayer

        return SamplePlayer(self._app_context.start_sample, self.set_timer, self._tell_about_sample)

    def _tell_about_sample(self, line: str) -> None:
        self.notify(printable(line), markup=False)

    def preview_setting(self, key: str, value: Any) -> None:
        """Show the colours of a theme that is marked, or play a voice or sounds that are."""
        if key == "theme":
            self.theme = value or DEFAULT_THEME
        elif self.settings_store is not None and not self._live_runs:
            settings = replace(self.settings_store.settings, **{key: value})
            self._samples.play(with_setting(self.options, settings, key), key)

    def play_sample(self, key: str, line: str = "") -> None:
        """Play what a setting sounds like, or a line; nothing while a session runs, which is heard itself."""
        if not self._live_runs:
            self._samples.play(self.options, key, line)

    def stop_sample(self) -> None:
        """Fall silent, as nobody looks at the settings any more."""
        if "_samples" in self.__dict__:
            self._samples.stop()
