"""The user's settings while the program runs: what is changed holds at once, and is written down where that works."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.timeline.utterance import Manner

if TYPE_CHECKING:
    from timer_app.run_options import RunOptions
    from timer_app.settings import Settings
    from timer_app.settings_file import Value


class SettingsDesk:
    """Changes settings.

    Args:
        settings: As they are.
        path: The user's file; `None` keeps every change for this run only.
    """

    def __init__(self, settings: Settings, path: Path | None = None) -> None:
        self.settings = settings
        self.path = path

    def change(self, key: str, value: Value | None) -> str:
        """Set one key, or take it back to its default with `None`.

        Returns:
            Empty, or one line that says why it holds for this run only.

        Raises:
            ValueError: The value is not allowed.
        """
        from timer_app.settings_schema import checked_value  # models are loaded where something changes

        checked = getattr(type(self.settings)(), key) if value is None else checked_value(key, value)
        self.settings = replace(self.settings, **{key: checked})
        return self._write(key, value)

    def trouble(self) -> str:
        """Why changes hold for this run only, as far as the file tells; empty where they are kept."""
        if self.path is None:
            return ""
        from timer_app.settings_file import unwritable

        fault = unwritable(self.path)
        return f"Changes hold for this run only: {fault}" if fault else ""

    def _write(self, key: str, value: Value | None) -> str:
        if self.path is None:
            return ""
        from timer_app.core.diagnostics.problems import FileFault, first_line
        from timer_app.settings_file import write_setting

        try:
            write_setting(self.path, key, value)
        except FileFault as fault:
            return f"Kept for this run only: {first_line(fault)}"
        return ""


# Which of the options of a run a setting becomes.
_OPTIONS = {
    "level": "usual_level",
    "voice": "usual_voice",
    "lexicon": "lexicon",
    "verbosity": "verbosity",
    "breath_tones": "breath_tones",
    "volume": "volume",
    "output": "output",
    "latency_ms": "latency_ms",
    "sound": "sound",
    "growth": "growth",
    "sound_theme": "theme",
}


def with_setting(options: RunOptions, settings: Settings, key: str) -> RunOptions:
    """The options for the runs to come, once setting `key` was changed; others stay as they were asked for."""
    if key in {"rate", "pitch"}:
        return replace(options, usual_manner=Manner(settings.rate, settings.pitch))
    if key in _OPTIONS:
        return replace(options, **{_OPTIONS[key]: getattr(settings, key)})
    return options
