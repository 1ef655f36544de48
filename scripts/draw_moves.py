"""Draws the table of legal moves into docs/player.md, between its two marks."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from timer_app.core.player.states import TIMED_TRANSITIONS, TRANSITIONS, Command, State

PAGE = Path(__file__).parents[1] / "docs" / "player.md"
BEGIN, END = "<!-- drawn from the table -->\n", "<!-- end of the drawing -->\n"
BY_ITSELF_LABEL = "(by itself)"


def diagram() -> str:
    """The moves as a Mermaid state diagram; commands that stay in their state are left to the table."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> READY"]
    lines += [f"    {state.name}: {state.value}" for state in State]
    for (state, target), labels in arrows().items():
        lines.append(f"    {state.name} --> {target.name}: {', '.join(labels)}")
    lines += [f"    {state.name} --> [*]" for state, row in TRANSITIONS.items() if not row]
    return "\n".join([*lines, "```", ""])


def arrows() -> dict[tuple[State, State], list[str]]:
    """Which commands lead from one state to another."""
    labels: dict[tuple[State, State], list[str]] = defaultdict(list)
    for state, row in TRANSITIONS.items():
        for command, targets in row.items():
            for target in targets:
                if target is not state:
                    labels[state, target].append(command.value)
        for target in TIMED_TRANSITIONS.get(state, ()):
            if target is not state:
                labels[state, target].append(BY_ITSELF_LABEL)
    return labels


def table() -> str:
    """Every command in every state: where it may lead, a dash where it is refused."""
    lines = [row("command", [state.value for state in State]), row("---", ["---"] * len(State))]
    lines += [row(command.value, [cell(TRANSITIONS[state].get(command, ())) for state in State]) for command in Command]
    lines.append(row(BY_ITSELF_LABEL, [cell(TIMED_TRANSITIONS.get(state, ())) for state in State]))
    return "\n".join([*lines, ""])


def row(first: str, cells: list[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join([first, *cells])} |"


def cell(targets: tuple[State, ...]) -> str:
    """The states a command may lead to, in words."""
    return " / ".join(target.value for target in targets) or "-"


def redrawn(page: str) -> str:
    """`page` with the part between the marks drawn anew.

    Raises:
        ValueError: A mark is missing.
    """
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{PAGE.name} has lost the marks that the drawing stands between")
    return f"{before}{BEGIN}\n{diagram()}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
