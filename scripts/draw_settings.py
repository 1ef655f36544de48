"""Writes the tables of docs/settings.md, between the marks of the page, from the table of settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from timer_app.settings.settings import SETTINGS, Group, Setting

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
BEGIN, END = "<!-- drawn from the table of settings -->\n", "<!-- end of the settings -->\n"
_KINDS = {bool: "`true` or `false`", str: "text", str | None: "text"}


def _values(setting: Setting) -> str:
    """What a setting can be."""
    if setting.limits:
        return "{} to {} {}".format(*setting.limits, setting.unit).rstrip()
    if setting.is_table:
        return "table"
    if setting.allowed:
        return setting.allowed
    if setting.choices and setting.type is not bool:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    return _KINDS[setting.type]


def _default(setting: Setting) -> str:
    if setting.is_table:
        return "empty"
    return setting.unset_label if setting.default is None else f"`{json.dumps(setting.default)}`"


def _rows(group: Group) -> Iterator[str]:
    yield from ("", f"## {group}", "")
    yield "| key | on the screen | values | default | what it does | for one run |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for key, setting in SETTINGS.items():
        if setting.group == group:
            restart = " Takes effect at the next start." if setting.needs_restart else ""
            options = ", ".join(f"`{option}`" for option in setting.option.split("/") if option)
            what = f"{setting.description}{restart}"
            cells = (f"`{key}`", setting.label, _values(setting), _default(setting), what, options)
            yield f"| {' | '.join(cells)} |".replace("|  |", "| |")


def redrawn(page: str) -> str:
    """The text of the page with the part between the marks drawn anew.

    Raises:
        ValueError: A mark is missing.
    """
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    rows = (row for group in get_args(Group) for row in _rows(group))
    return before + BEGIN + "\n".join([*rows, "", ""]) + END + after


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
