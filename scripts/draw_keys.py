"""Writes the table of keys into README.md, between its two marks, from the registry that the screens use."""

from __future__ import annotations

from pathlib import Path

from timer_app.tui.commands import PLACES, commands_of, shown_keys

PAGE = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- drawn from the registry of commands -->\n", "<!-- end of the keys -->\n"


def table() -> str:
    """Every command of every place with its keys, its id and what it does."""
    lines: list[str] = []
    for place, title in PLACES.items():
        lines += ["", f"**{title}**", "", "| keys | id | what it does |", "| --- | --- | --- |"]
        for command in commands_of(place):
            keys = shown_keys(command, {}).replace("|", "\\|")
            lines.append(f"| {keys} | `{command.id}` | {command.tooltip} |")
    return "\n".join([*lines, "", ""])


def redrawn(page: str) -> str:
    """`page` with the part between the marks drawn anew.

    Raises:
        ValueError: A mark is missing.
    """
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + table() + END + after


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
