"""The page on how the program is built names what is there, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import timer_app

PROGRAM = Path(timer_app.__file__).parent
DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")


def test_it_names_every_room_and_every_module_beside_the_rooms() -> None:
    rooms = [f"`{path.parent.name}/`" for path in PROGRAM.glob("*/__init__.py")]
    modules = [f"`{path.name}`" for path in PROGRAM.glob("*.py") if not path.stem.startswith("__")]
    assert len(rooms) > 5
    assert [name for name in [*rooms, *modules] if name not in PAGE] == []


def test_what_it_names_is_there() -> None:
    named = re.findall(r"`([\w/]+\.py|\w+/)`", PAGE)
    assert len(named) > 20
    there = [PROGRAM, PROGRAM.parent, PROGRAM / "core"]
    assert [name for name in named if not any((folder / name).exists() for folder in there)] == []


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links
    assert [target for target in links if not (DOCS / target).exists()] == []
