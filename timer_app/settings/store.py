"""Writes single settings into the user's file, and leaves everything else in it as it stands.

The user's settings while the program runs: what is changed holds at once, and is written down where that works.
"""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from timer_app.core.diagnostics.problems import FileFault, first_line
from timer_app.system.files import atomic_write, read_text

if TYPE_CHECKING:
    from timer_app.settings.settings import Settings


SettingValue: TypeAlias = str | int | float | bool

_BOM = "\N{BYTE ORDER MARK}"


def write_setting(path: Path, key: str, value: SettingValue | None) -> None:
    """Set one key of a settings file; comments, order and all other keys stay as they are.

    The file gets its new contents at one stroke, or keeps the old ones. One that is not there is made, with its folder.

    Args:
        path: The file, such as `paths.settings_file()`; where it is a link, what that leads to is written.
        key: A key outside of the tables, such as `latency_ms`.
        value: What it is set to; `None` takes it out, so that the default holds.

    Raises:
        FileFault: The file is broken, which is told with the place, or cannot be read or written; it was not touched.
    """
    text = _read_or_empty(path)
    wanted = dict(_parsed(text, path))
    wanted.pop(key, None)
    if value is not None:
        wanted[key] = value
    new = _with_setting(text, key, value)
    # What stands in the file was written by hand: better to refuse than to lose a line of it.
    if _parsed(new, path) != wanted:
        raise _fault(path, f"{key} cannot be set without changing something else; set it by hand")
    _write_file(path, new)


def write_obstacle(path: Path) -> str:
    """Why nothing can be set in a settings file as it stands, in a line; empty where that works or was not tried."""
    try:
        _parsed(_read_or_empty(path), path)
    except FileFault as fault:
        return first_line(fault)
    return ""


def _parsed(text: str, path: Path) -> dict[str, Any]:
    from timer_app.core.diagnostics.source import parse_toml  # the first screen does not wait for a TOML parser

    return parse_toml(text, str(path)).data


def _read_or_empty(path: Path) -> str:
    try:
        return read_text(path)
    except FileNotFoundError:
        return ""


def _with_setting(text: str, key: str, value: SettingValue | None) -> str:
    import tomlkit  # needed by few commands

    mark = _BOM if text.startswith(_BOM) else ""
    document = tomlkit.parse(text.removeprefix(_BOM))
    if value is None:
        document.pop(key, None)
    else:
        document[key] = value
    return mark + tomlkit.dumps(document)


def _write_file(path: Path, text: str) -> None:
    try:
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as file:
            file.write(text.encode())
            if target.exists() and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
    except (OSError, RuntimeError) as error:  # links that lead in a circle are the latter
        reason = getattr(error, "strerror", None) or str(error)
        raise _fault(path, f"cannot be written: {reason.lower()}") from None


def _fault(path: Path, message: str) -> FileFault:
    return FileFault.about(str(path), message, "a file and a folder that you may write to")


class SettingsStore:
    """Changes settings.

    Args:
        settings: As they are.
        path: The user's file; `None` keeps every change for this run only.
    """

    def __init__(self, settings: Settings, path: Path | None = None) -> None:
        self.settings = settings
        self.path = path

    def change(self, key: str, value: SettingValue | None) -> str:
        """Set one key, or take it back to its default with `None`.

        Returns:
            Empty, or one line that says why it holds for this run only.

        Raises:
            ValueError: The value is not allowed.
        """
        from timer_app.settings.schema import checked_value  # models are loaded where something changes

        checked = getattr(type(self.settings)(), key) if value is None else checked_value(key, value)
        self.settings = replace(self.settings, **{key: checked})
        return self._write(key, value)

    def write_warning(self) -> str:
        """Why changes hold for this run only, as far as the file tells; empty where they are kept."""
        if self.path is None:
            return ""

        fault = write_obstacle(self.path)
        return f"Changes hold for this run only: {fault}" if fault else ""

    def _write(self, key: str, value: SettingValue | None) -> str:
        if self.path is None:
            return ""
        from timer_app.core.diagnostics.problems import FileFault, first_line

        try:
            write_setting(self.path, key, value)
        except FileFault as fault:
            return f"Kept for this run only: {first_line(fault)}"
        return ""
