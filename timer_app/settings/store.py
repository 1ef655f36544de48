"""The user's file of settings: reads it, and saves a change without touching the rest of the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from timer_app.core.diagnostics import FileFault, LocatedProblem, first_line
from timer_app.settings.settings import SETTINGS, Settings
from timer_app.system.files import atomic_write, folder_lock, make_private_folder, read_text

SettingValue: TypeAlias = str | int | float | bool

_BOM = "\N{BYTE ORDER MARK}"


class LoadedSettings(NamedTuple):
    """Settings that can be used, and what is wrong with the file they come from."""

    settings: Settings
    problems: tuple[LocatedProblem, ...] = ()


def load_settings(path: Path) -> LoadedSettings:
    """Read the settings at `path`.

    A setting with a fault keeps its default, so a broken file never keeps the program from working; without a file, or
    with one that cannot be read, all settings have their defaults.
    """
    try:
        text = read_text(path)
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except FileFault as fault:
        return LoadedSettings(Settings(), fault.problems)
    from timer_app.core.diagnostics import parse_toml
    from timer_app.settings.schema import read_settings  # models are loaded only for a file

    try:
        source = parse_toml(text, str(path))
    except FileFault as fault:
        return LoadedSettings(Settings(), fault.problems)

    values, problems = read_settings(source)
    return LoadedSettings(Settings(**values), problems)


def write_setting(path: Path, key: str, value: SettingValue | None) -> None:
    """Set one key of a settings file, and keep its comments, its order and all other keys.

    The file is replaced atomically, and only its owner may read it then; it is created, with its folder, if it does not
    exist. Of several programs that set keys at once each waits for the one before, so that no key is lost.

    Args:
        path: The file, such as `paths.settings_file()`; if it is a link, its target is written.
        key: A key outside of the tables, such as `latency_ms`.
        value: The new value; `None` removes the key, so that the default holds.

    Raises:
        FileFault: The file has a syntax error, or cannot be read or written; it is unchanged.
    """
    with _wrap_errors(path):
        target = path.resolve()
        make_private_folder(target.parent)
        with folder_lock(target.parent):
            _set_key(path, target, key, value)


def _set_key(path: Path, target: Path, key: str, value: SettingValue | None) -> None:
    old_text = _read_or_empty(path)
    wanted = dict(_parsed(old_text, path))
    wanted.pop(key, None)
    if value is not None:
        wanted[key] = value
    new_text = _with_value(old_text, key, value)
    # People write this file by hand: refusing is better than losing a line of it.
    if _parsed(new_text, path) != wanted:
        raise _fault(path, f"{key} cannot be set without changing something else; set it by hand")
    with atomic_write(target, private=True) as file:
        file.write(new_text.encode())


def write_obstacle(path: Path) -> str:
    """Why the settings file cannot be changed, in one line; empty if its syntax is right."""
    try:
        _parsed(_read_or_empty(path), path)
    except FileFault as fault:
        return first_line(fault)
    return ""


def _parsed(text: str, path: Path) -> dict[str, Any]:
    from timer_app.core.diagnostics import parse_toml  # the first screen needs no TOML parser

    return parse_toml(text, str(path)).data


def _read_or_empty(path: Path) -> str:
    try:
        return read_text(path)
    except FileNotFoundError:
        return ""


def _with_value(text: str, key: str, value: SettingValue | None) -> str:
    import tomlkit  # few commands need it

    bom = _BOM if text.startswith(_BOM) else ""
    document = tomlkit.parse(text.removeprefix(_BOM))
    if value is None:
        document.pop(key, None)
    else:
        document[key] = value
    return bom + tomlkit.dumps(document)


@contextmanager
def _wrap_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # RuntimeError: links that form a circle
        reason = getattr(error, "strerror", None) or str(error)
        raise _fault(path, f"cannot be written: {reason.lower()}") from None


def _fault(path: Path, message: str) -> FileFault:
    return FileFault.about(str(path), message, "a file and a folder that you may write to")


class SettingsStore:
    """The settings that hold now.

    Args:
        settings: The settings at the start.
        path: The user's file; with `None`, changes hold until the program ends.
    """

    def __init__(self, settings: Settings, path: Path | None = None) -> None:
        self.settings = settings
        self.path = path

    def change(self, key: str, value: SettingValue | None) -> str:
        """Set one key; `None` sets it to its default.

        Returns:
            Why the change could not be saved, in one line; empty if it was.

        Raises:
            ValueError: The value is not allowed.
        """
        from timer_app.settings.schema import checked_value  # models are loaded only for a change

        checked = SETTINGS[key].default if value is None else checked_value(key, value)
        self.settings = replace(self.settings, **{key: checked})
        return self._write(key, value)

    def write_warning(self) -> str:
        """Why changes cannot be saved, as far as the file shows; empty if they can."""
        obstacle = write_obstacle(self.path) if self.path else ""
        return f"Changes hold for this run only: {obstacle}" if obstacle else ""

    def _write(self, key: str, value: SettingValue | None) -> str:
        if self.path is None:
            return ""
        try:
            write_setting(self.path, key, value)
        except FileFault as fault:
            return f"Kept for this run only: {first_line(fault)}"
        return ""
