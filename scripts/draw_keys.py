"""Draws the tables of keys into docs/keys.md, between its two marks, from the registry that the screens use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from timer_app.tui.key_bindings import SCOPE_TITLES, ScreenCommand, commands_of, format_keys

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"
BEGIN, END = "<!-- drawn from the registry of commands -->\n", "<!-- end of the keys -->\n"


def _table(title: str, commands: Iterable[ScreenCommand]) -> list[str]:
    """The commands of a scope with their keys, their ids and what they do."""
    lines = ["", f"**{title}**", "", "| keys | id | what it does |", "| --- | --- | --- |"]
    for command in commands:
        keys = format_keys(command, {}).replace("|", "\\|")
        lines.append(f"| {keys} | `{command.id}` | {command.tooltip} |")
    return lines


def redrawn(page: str) -> str:
    """`page` with the part between the marks drawn anew.

    Raises:
        ValueError: A mark is missing.
    """
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    lines = [line for scope, title in SCOPE_TITLES.items() for line in _table(title, commands_of(scope))]
    return before + BEGIN + "\n".join([*lines, "", ""]) + END + after


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
