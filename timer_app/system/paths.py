"""The folders of the program and of the user.

Nothing is created here. Three variables of the environment move the user's folders, for tests and for use from a
stick: `TIMER_APP_CONFIG`, `TIMER_APP_DATA` (log included) and `TIMER_APP_CACHE`. Each names the folder itself.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_NAME = "timer-app"
_PACKAGE = Path(__file__).parents[1]


def shipped_sessions_dir() -> Path:
    """The sessions that come with the program; its folder `exercises` is the catalogue."""
    return _shipped_dir("sessions")


def shipped_sounds_dir() -> Path:
    """The cue sounds that come with the program, one folder a theme."""
    return _shipped_dir("sounds")


def config_dir() -> Path:
    """What the user writes: settings, sessions, exercises, sounds."""
    return _dir_from_environment("TIMER_APP_CONFIG") or platformdirs.user_config_path(_NAME, appauthor=False)


def data_dir() -> Path:
    """Data that must not be lost, such as the history."""
    return _dir_from_environment("TIMER_APP_DATA") or platformdirs.user_data_path(_NAME, appauthor=False)


def cache_dir() -> Path:
    """Data that can be made again, such as rendered speech."""
    return _dir_from_environment("TIMER_APP_CACHE") or platformdirs.user_cache_path(_NAME, appauthor=False)


def history_file() -> Path:
    """The history, in a separate folder that only its owner may read."""
    return data_dir() / "history" / "history.db"


def log_dir() -> Path:
    """Where the log is written."""
    moved = _dir_from_environment("TIMER_APP_DATA")
    return moved / "log" if moved else platformdirs.user_log_path(_NAME, appauthor=False)


def settings_file() -> Path:
    """The user's settings; it need not exist."""
    return config_dir() / "settings.toml"


def own_sessions_dir() -> Path:
    """The user's own sessions."""
    return config_dir() / "sessions"


def own_exercises_dir() -> Path:
    """The user's own additions to the catalogue."""
    return config_dir() / "exercises"


def shipped_programmes_dir() -> Path:
    """The programmes that come with the program."""
    return shipped_sessions_dir() / "programmes"


def own_programmes_dir() -> Path:
    """The user's own programmes."""
    return config_dir() / "programmes"


def programme_file() -> Path:
    """Which programme is followed; it need not exist."""
    return data_dir() / "programme.toml"


def own_phrases_dir() -> Path:
    """The user's own words for the coach, a file a language."""
    return config_dir() / "phrases"


def own_sounds_dir() -> Path:
    """The user's own sounds."""
    return config_dir() / "sounds"


def own_voices_dir() -> Path:
    """The user's own files of voices, the only ones that a session may name."""
    return config_dir() / "voices"


def own_music_dir() -> Path:
    """The user's own music."""
    return config_dir() / "music"


def log_file() -> Path:
    """Where the details of an unexpected error go, and what sound libraries print."""
    return log_dir() / "timer-app.log"


def speech_dir() -> Path:
    """Rendered lines."""
    return cache_dir() / "speech"


def written_dirs() -> tuple[Path, ...]:
    """The folders in which the program writes files of its own."""
    return config_dir(), data_dir(), history_file().parent, cache_dir(), speech_dir()


def _shipped_dir(name: str) -> Path:
    """The folder inside the installed package, or the repository's own where the package is run from there."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def _dir_from_environment(variable: str) -> Path | None:
    value = os.environ.get(variable, "")
    return Path(os.path.expanduser(value)).absolute() if value else None  # noqa: PTH111 - does not raise without a home
