"""The user's file of settings: reads it, and saves a change without touching the rest of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from timer_app.core.diagnostics import FileFault, LocatedProblem, first_line
from timer_app.core.i18n import _
from timer_app.settings.settings import SETTINGS, Settings
from timer_app.system.files import atomic_write, folder_lock, make_private_folder, read_text

SettingValue: TypeAlias = str | int | float | bool | Mapping[str, str]

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
        key: A key, such as `latency_ms` or that of a table.
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
        raise _fault(path, _("{key} cannot be set without changing something else; set it by hand").format(key=key))
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
    elif isinstance(value, Mapping):
        _change_table(document.setdefault(key, tomlkit.table()), value)
    else:
        document[key] = value
    return bom + tomlkit.dumps(document)


def _change_table(table: Any, entries: Mapping[str, str]) -> None:
    """Give a table other entries; what stays the same keeps its place and its comment."""
    for name in set(table) - set(entries):
        del table[name]
    for name, entry in entries.items():
        if table.get(name) != entry:
            table[name] = entry


@contextmanager
def _wrap_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # RuntimeError: links that form a circle
        reason = getattr(error, "strerror", None) or str(error)
        raise _fault(path, _("cannot be written: {reason}").format(reason=reason.lower())) from None


def _fault(path: Path, message: str) -> FileFault:
    return FileFault.about(str(path), message, _("a file and a folder that you may write to"))


class _Change(NamedTuple):
    """A change that can be taken back.

    Attributes:
        key: What was changed.
        value: What held before.
        before: The text of the file before; `None` where there was none.
        after: The text of the file after; `None` where the change could not be saved.
    """

    key: str
    value: Any
    before: str | None
    after: str | None


class SettingsStore:
    """The settings that hold now.

    Args:
        settings: The settings at the start.
        path: The user's file; with `None`, changes hold until the program ends.
    """

    def __init__(self, settings: Settings, path: Path | None = None) -> None:
        self.settings = settings
        self.path = path
        self._changes: list[_Change] = []

    def change(self, key: str, value: SettingValue | None, *, goes_on: bool = False) -> str:
        """Set one key; `None` sets it to its default.

        Args:
            key: Which.
            value: The new value.
            goes_on: It continues the change before, as the steps of a slider do: both are undone at once.

        Returns:
            Why the change could not be saved, in one line; empty if it was.

        Raises:
            ValueError: The value is not allowed.
        """
        from timer_app.settings.schema import checked_value  # models are loaded only for a change

        checked = SETTINGS[key].default if value is None else checked_value(key, value)
        change = _Change(key, getattr(self.settings, key), self._text(), None)
        self.settings = replace(self.settings, **{key: checked})
        trouble = self._write(key, value)
        change = change._replace(after=None if trouble else self._text())
        last = self._changes[-1] if self._changes else None
        if goes_on and last and last.key == key and last.after == change.before:
            self._changes[-1] = last._replace(after=change.after)
        else:
            self._changes.append(change)
        return trouble

    def undo(self) -> tuple[str, str]:
        """Undo the last change.

        The file becomes what it was, to the byte, unless something else has changed it since; then only the key does.

        Returns:
            The key that was changed, empty if there is nothing to undo; and why the file could not be written, empty
            if it was.
        """
        if not self._changes:
            return "", ""
        change = self._changes.pop()
        self.settings = replace(self.settings, **{change.key: change.value})
        if self.path is None or change.after is None:
            return change.key, ""
        if self._text() != change.after:
            return change.key, self._write(change.key, self._value_in(change.before, change.key))
        try:
            _restore_text(self.path, change.before)
        except FileFault as fault:
            return change.key, _kept_for_this_run(fault)
        return change.key, ""

    def write_warning(self) -> str:
        """Why changes cannot be saved, as far as the file shows; empty if they can."""
        obstacle = write_obstacle(self.path) if self.path else ""
        return _("Changes hold for this run only: {reason}").format(reason=obstacle) if obstacle else ""

    def _text(self) -> str | None:
        """The text of the file; `None` where there is none that can be read."""
        try:
            return read_text(self.path) if self.path else None
        except (FileNotFoundError, FileFault):
            return None

    def _value_in(self, text: str | None, key: str) -> SettingValue | None:
        """What a text of the file has for a key; `None` for nothing."""
        try:
            value = _parsed(text, self.path).get(key) if text and self.path else None
        except FileFault:
            return None
        return value if isinstance(value, (str, int, float, bool, dict)) else None

    def _write(self, key: str, value: SettingValue | None) -> str:
        if self.path is None:
            return ""
        try:
            write_setting(self.path, key, value)
        except FileFault as fault:
            return _kept_for_this_run(fault)
        return ""


def _restore_text(path: Path, text: str | None) -> None:
    """Give a file back a text that it had; `None` takes the file away again.

    Raises:
        FileFault: It cannot be written.
    """
    with _wrap_errors(path):
        target = path.resolve()
        with folder_lock(target.parent):
            if text is None:
                target.unlink(missing_ok=True)
                return
            with atomic_write(target, private=True) as file:
                file.write(text.encode())


def _kept_for_this_run(fault: FileFault) -> str:
    return _("Kept for this run only: {reason}").format(reason=first_line(fault))
