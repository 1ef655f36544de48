"""Values of settings for people: how each is shown, what it can be, and what comes before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from timer_app.core.diagnostics.problems import Problem, allowed_text
from timer_app.core.i18n import _, ngettext
from timer_app.settings import GROUP_TITLES, SETTINGS, Setting
from timer_app.tui.key_bindings import key_problems

ControlKind = Literal["switch", "choice", "slider", "text", "table"]


def shown_settings(choices: Mapping[str, Sequence[str]]) -> list[Setting]:
    """Every setting, group by group.

    Args:
        choices: Names to choose from that only the app knows, by the key of the setting.
    """
    known = [
        setting._replace(choices=tuple(choices[key])) if key in choices else setting
        for key, setting in SETTINGS.items()
    ]
    return [setting for group in GROUP_TITLES for setting in known if setting.group == group]


def control_kind(setting: Setting) -> ControlKind:
    """By what a setting is changed."""
    if setting.is_table:
        return "table"
    if setting.limits:
        return "slider"
    if setting.type is bool:
        return "switch"
    return "choice" if setting.choices else "text"


def takes_text(setting: Setting) -> bool:
    """Whether it may have other values than its choices, which are typed."""
    return not setting.is_table and setting.type is not bool and not SETTINGS[setting.key].choices


def options_of(setting: Setting) -> list[Any]:
    """The values that an arrow key goes round; `None` stands for what holds without a value."""
    unset = [None] if setting.default is None and setting.unset_label not in setting.choices else []
    return [*unset, *setting.choices]


def is_same(setting: Setting, one: object, other: object) -> bool:
    """Whether two values mean the same: nothing, and what holds without a value, do."""
    return (setting.unset_label if one is None else one) == (setting.unset_label if other is None else other)


def value_text(setting: Setting, value: Any) -> str:
    """A value in words, as the screen shows it."""
    if value is None:
        return _(setting.unset_label)
    if isinstance(value, Mapping):
        return ngettext("{count} entry", "{count} entries", len(value)).format(count=len(value)) if value else _("none")
    if setting.limits:
        return f"{value:g} {_(setting.sign)}".rstrip() if setting.sign else f"{value:g}"
    return _(setting.words[value]) if value in setting.words else str(value)


def typed_text(value: object) -> str:
    """A value as it is typed."""
    return "" if value is None else str(value)


def parse_value(key: str, text: str) -> tuple[Any, str]:
    """What was typed for a setting, and what is wrong with it; empty for nothing.

    An empty text is `None`: the default.
    """
    if not text.strip():
        return None, ""
    data = {key: _parse_scalar(text.strip())}
    problems = _problems(data)
    return (None, _problem_text(problems[0])) if problems else (data[key], "")


def table_fault(key: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What is wrong with the entries of a table and was not before; empty for nothing."""
    if key == "keys":
        known = key_problems(before)
        return next((line for line in key_problems(after) if line not in known), "")
    old, new = (_problems({key: dict(each)}) for each in (before, after))
    return next((_problem_text(problem) for problem in new if problem not in old), "")


def _problems(data: dict[str, Any]) -> list[Problem]:
    from timer_app.core.diagnostics import Source
    from timer_app.settings import validate_settings

    return validate_settings(Source("", "", data))[1]


def _problem_text(problem: Problem) -> str:
    allowed = f"; {allowed_text(problem.allowed)}" if problem.allowed else ""
    meant = _('; did you mean "{name}"?').format(name=problem.suggestion) if problem.suggestion else ""
    return f"{problem.message}{allowed}{meant}"


def _parse_scalar(text: str) -> object:
    """A number where it looks like one, else a text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def stepped(setting: Setting, value: Any, by: int) -> Any:
    """The value that is `by` steps further: of a number up to its limits, of choices round and round."""
    if setting.limits:
        start = setting.usual if value is None else value
        at = round(start / setting.step) if by == 0 else _next_mark(start / setting.step, by)
        return _within_limits(setting, at * setting.step)
    options = options_of(setting)
    at = next((number for number, option in enumerate(options) if is_same(setting, option, value)), None)
    if at is None:
        return options[0 if by > 0 else -1]
    return options[(at + by) % len(options)]


def _next_mark(at: float, by: int) -> int:
    """The whole number that is `by` after `at`, where a number between two counts as the nearer end of the step."""
    exact = round(at, 6)
    whole = int(exact // 1)
    return whole + by if exact == whole or by > 0 else whole + 1 + by


def value_at(setting: Setting, share: float) -> Any:
    """The value at a place of the slider, from 0 (left end) to 1 (right end), to the nearest step."""
    least, most = setting.limits or (0, 0)
    return _within_limits(setting, round((least + share * (most - least)) / setting.step) * setting.step)


def share_of(setting: Setting, value: Any) -> float | None:
    """Where on the slider a value is, from 0 to 1; `None` without a value."""
    least, most = setting.limits or (0, 1)
    return None if value is None else (value - least) / (most - least)


def _within_limits(setting: Setting, value: float) -> int | float:
    least, most = setting.limits or (value, value)
    inside = min(max(value, least), most)
    return round(inside, 2) if setting.type is float else round(inside)


def description_of(setting: Setting) -> str:
    """What a setting does, in the language of the screen and without marks."""
    restart = f" {_('It takes effect at the next start.')}" if setting.needs_restart else ""
    return f"{_(setting.description).replace('`', '')}{restart}"


def is_found(setting: Setting, words: str) -> bool:
    """Whether every one of the words typed is part of what a setting is called or does."""
    text = " ".join(_search_texts(setting)).casefold()
    return all(word in text for word in words.casefold().split())


def _search_texts(setting: Setting) -> Iterator[str]:
    yield from (_(setting.label), _(GROUP_TITLES[setting.group]), setting.key, setting.key.replace("_", " "))
    yield description_of(setting)
