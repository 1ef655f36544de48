"""The settings as the screen shows them: drawn from the model, so that none is missing and none is told differently."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from timer_app.tui.themes import DEFAULT_THEME

if TYPE_CHECKING:
    from timer_app.settings.settings import Settings

_TABLES = ("lexicon", "sounds", "keys")
_ITEM = re.compile(r"^    (\w+): (.+)$", re.MULTILINE)
_LATER = {"language": "It holds from the next start on."}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting.

    Attributes:
        key: Its name in the file.
        told: What it does, one or more sentences.
        choices: What a key goes round; empty where the value is typed.
        is_table: It is a table, which is written by hand in the file.
    """

    key: str
    told: str
    choices: tuple[str | bool, ...] = ()
    is_table: bool = False


def rows(settings: Settings, choices: Mapping[str, Sequence[str]]) -> list[SettingRow]:
    """Every setting, in the order of the model.

    Args:
        settings: What is set.
        choices: Names to choose from, by the key of the setting.
    """
    explained = dict(_ITEM.findall(inspect.getdoc(type(settings)) or ""))
    return [_row(key, told, getattr(settings, key), tuple(choices.get(key, ()))) for key, told in explained.items()]


def _row(key: str, told: str, value: object, choices: tuple[str, ...]) -> SettingRow:
    told = " ".join(part for part in (told.replace("`", ""), _LATER.get(key, "")) if part)
    if isinstance(value, bool):
        return SettingRow(key, told, (True, False))
    return SettingRow(key, told, choices, is_table=key in _TABLES)


def shown(value: object) -> str:
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


_UNSET = {"language": "as in the session", "sound_theme": "as in the session", "theme": DEFAULT_THEME}


def in_list(key: str, value: object) -> str:
    """A value as the list shows it; what is not set is told as well."""
    return _UNSET.get(key, "") if value is None else shown(value)


def read_value(key: str, text: str) -> tuple[Any, str]:
    """What was typed for a setting, and what is wrong with it; empty for nothing.

    An empty text is `None`: the default.
    """
    from timer_app.core.diagnostics.source import Source
    from timer_app.core.diagnostics.validate import read
    from timer_app.settings.schema import SettingsFile

    if not text.strip():
        return None, ""
    data = {key: _as_written(text.strip())}
    _, problems = read(SettingsFile, Source("", "", data))
    if not problems:
        return data[key], ""
    allowed = f"; {problems[0].allowed}" if problems[0].allowed else ""
    meant = f'; did you mean "{problems[0].suggestion}"?' if problems[0].suggestion else ""
    return None, f"{problems[0].message}{allowed}{meant}"


def _as_written(text: str) -> object:
    """A number where it looks like one, else a text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def following(row: SettingRow, value: object) -> str | bool:
    """The choice that comes after `value`, round and round."""
    now = _UNSET.get(row.key) if value is None else value
    at = row.choices.index(now) + 1 if now in row.choices else 0
    return row.choices[at % len(row.choices)]
