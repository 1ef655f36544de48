"""Writes the tables of keys, between the marks of a page, from the registry that the screens use.

docs/keys.md has every key; README.md has those that stand at the foot of the two screens that everybody sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from timer_app.tui.commands import SCOPE_TITLES, ScreenCommand, commands_of, format_keys

ROOT = Path(__file__).parents[1]
PAGES = {"docs/keys.md": tuple(SCOPE_TITLES), "README.md": ("play", "library")}
BEGIN, END = "<!-- drawn from the registry of commands -->\n", "<!-- end of the keys -->\n"


def _table(title: str, commands: Iterable[ScreenCommand]) -> list[str]:
    """The commands of a place with their keys, their ids and what they do."""
    lines = ["", f"**{title}**", "", "| keys | id | what it does |", "| --- | --- | --- |"]
    for command in commands:
        keys = format_keys(command, {}).replace("|", "\\|")
        lines.append(f"| {keys} | `{command.id}` | {command.tooltip} |")
    return lines


def redrawn(name: str, page: str) -> str:
    """The text of the page `name` with the part between the marks drawn anew.

    Raises:
        ValueError: A mark is missing.
    """
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    lines: list[str] = []
    for place in PAGES[name]:
        commands = [command for command in commands_of(place) if command.footer or name != "README.md"]
        lines += _table(SCOPE_TITLES[place], commands)
    return before + BEGIN + "\n".join([*lines, "", ""]) + END + after


if __name__ == "__main__":
    for name in PAGES:
        path = ROOT / name
        path.write_text(redrawn(name, path.read_text(encoding="utf-8")), encoding="utf-8")
