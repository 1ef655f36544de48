"""Draws the rooms, their layers and the way of the data into docs/architecture.md, between its two marks.

The words come from the docstrings of packages and modules, the layers from the import-linter contract in
pyproject.toml, so the page cannot drift from the code.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "timer_app"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn from the docstrings by `make docs` -->\n", "<!-- end of the drawing -->\n"

# What the data meets on its way: a room (or something outside the program) and what it does there.
NODES = {
    "session file": "TOML",
    "library": "finds, reads, checks",
    "core/session": "validates",
    "core/compiler": "lays out phases, places cues",
    "core/player": "moves along the timeline",
    "core/training": "decides today's doses",
    "tts": "speaks lines",
    "audio": "mixes, plays on time",
    "export": "writes a file",
    "tui": "draws screens",
    "plain": "prints lines",
    "web": "serves a page",
    "history": "stores what was done",
}
OUTSIDE = {"session file"}
# From, what goes along the arrow, to.
ARROWS = (
    ("session file", "text", "library"),
    ("library", "data", "core/session"),
    ("core/session", "Session", "core/compiler"),
    ("core/training", "doses", "core/compiler"),
    ("tts", "lengths of lines", "core/compiler"),
    ("core/compiler", "Timeline", "core/player"),
    ("core/player", "cues, ahead of time", "audio"),
    ("tts", "samples", "audio"),
    ("audio", "samples", "export"),
    ("core/player", "events", "tui"),
    ("core/player", "events", "plain"),
    ("tui", "the screen", "web"),
    ("core/player", "events", "history"),
    ("history", "earlier results", "core/training"),
)


def first_line(path: Path) -> str:
    """The first line of a module's docstring as a cell of a table, without its full stop.

    Raises:
        ValueError: The module has no docstring.
    """
    return docstring(path).splitlines()[0].removesuffix(".").replace("|", "\\|")


def docstring(path: Path) -> str:
    """The docstring of a module or of a package's `__init__.py`.

    Raises:
        ValueError: There is none.
    """
    found = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not found:
        raise ValueError(f"{path.relative_to(ROOT)} has no docstring, from which docs/architecture.md is drawn")
    return found


def layers() -> list[list[str]]:
    """The layers of the import-linter contract from the top down: the rooms of each, as paths below `timer_app`."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (contract,) = [contract for contract in contracts if contract["type"] == "layers"]
    return [[_path(module) for module in layer.split("|")] for layer in contract["layers"]]


def _path(module: str) -> str:
    return module.strip().removeprefix("timer_app.").replace(".", "/")


def rooms() -> list[Path]:
    """Every package below `timer_app`: in the order of the layers, each room before the rooms in it."""
    order = [name for layer in layers() for name in layer]

    def position(package: Path) -> tuple[int, Path]:
        name = f"{_name(package)}/"
        found = [n for n, layer in enumerate(order) if name.startswith(f"{layer}/") or layer.startswith(name)]
        return min(found, default=len(order)), package

    return sorted((path.parent for path in PACKAGE.glob("*/**/__init__.py")), key=position)


def picture() -> str:
    """The way of the data as a Mermaid flowchart.

    Raises:
        ValueError: A node stands for a room that is not there.
    """
    missing = [name for name in NODES if name not in OUTSIDE and not (PACKAGE / name / "__init__.py").exists()]
    if missing:
        raise ValueError(f"scripts/draw_architecture.py draws rooms that are not there: {', '.join(missing)}")
    ids = {name: name.replace("/", "_").replace(" ", "_") for name in NODES}
    lines = ["```mermaid", "flowchart TD"]
    for name, caption in NODES.items():
        opening, closing = ("([", "])") if name in OUTSIDE else ("[", "]")
        lines.append(f'    {ids[name]}{opening}"<b>{name}</b><br/>{caption}"{closing}')
    lines += [f'    {ids[source]} -->|"{data}"| {ids[target]}' for source, data, target in ARROWS]
    return "\n".join([*lines, "```", ""])


def layer_list() -> str:
    """The layers as a list, the highest first."""
    shown = [[f"`{name}`" for name in layer if not name.startswith("__")] for layer in layers()]
    return "\n".join(f"{number}. {', '.join(layer)}" for number, layer in enumerate(filter(None, shown), 1)) + "\n"


def room(package: Path) -> str:
    """A room: its docstring, then a table of its modules."""
    title = f"### `{_name(package)}/`" if package != PACKAGE else "### `timer_app/`"
    return "\n".join([title, "", *_items(docstring(package / "__init__.py")), "", *_module_table(package)])


def _name(package: Path) -> str:
    return package.relative_to(PACKAGE).as_posix()


def _items(text: str) -> Iterator[str]:
    """The lines of a docstring; `In:` and `Out:` become items of a list."""
    indent = ""
    for line in text.splitlines():
        label, _, rest = line.partition(": ")
        is_item = label in {"In", "Out"}
        yield f"- **{label}:** {rest}" if is_item else f"{indent}{line}"
        indent = "  " if is_item or (indent and line) else ""


def _module_table(package: Path) -> list[str]:
    modules = [path for path in sorted(package.glob("*.py")) if path.stem != "__init__"]
    rows = [f"| `{path.name}` | {first_line(path)} |" for path in modules]
    return ["| module | what it is |", "| --- | --- |", *rows, ""] if rows else []


def drawing() -> str:
    """Everything between the marks."""
    return "\n".join(
        [
            "## The way of the data\n",
            "`run` builds and joins all of this for one run; user commands go the other way, to the player.\n",
            picture(),
            "## Layers\n",
            "A room imports only from the rooms below it; rooms on one line do not import each other.\n",
            layer_list(),
            "## Rooms\n",
            *(room(package) for package in [PACKAGE, *rooms()]),
        ],
    )


def redrawn(page: str) -> str:
    """`page` with the part between the marks drawn anew.

    Raises:
        ValueError: A mark is missing.
    """
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{PAGE.name} has lost the marks that the drawing stands between")
    return f"{before}{BEGIN}\n{drawing()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
