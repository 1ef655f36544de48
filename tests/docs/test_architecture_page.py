"""The architecture page is what its script draws from the code."""

from __future__ import annotations

import re
from pathlib import Path

import timer_app
from tests.scripts import load_script

PACKAGE = Path(timer_app.__file__).parent
ROOT = PACKAGE.parent
DOCS = ROOT / "docs"
PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")

architecture = load_script("draw_architecture")


def test_the_page_is_up_to_date() -> None:
    assert architecture.redrawn(PAGE) == PAGE, "run `make docs`"


def test_it_has_every_room_and_every_module() -> None:
    rooms = [path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.glob("*/**/__init__.py")]
    modules = {path.name for path in PACKAGE.glob("**/*.py") if path.stem != "__init__"}
    assert len(rooms) > 20
    assert [room for room in rooms if f"### `{room}/`" not in PAGE] == []
    assert [module for module in modules if f"| `{module}` |" not in PAGE] == []


def test_every_room_says_what_goes_in_and_what_comes_out() -> None:
    for room in PACKAGE.glob("**/__init__.py"):
        text = architecture.docstring(room)
        assert "\nIn: " in text, room
        assert "\nOut: " in text, room


def test_every_room_of_the_picture_is_joined_to_the_others() -> None:
    ends = {name for source, _, target in architecture.ARROWS for name in (source, target)}
    assert ends == set(architecture.NODES)


def test_its_files_and_folders_exist() -> None:
    by_hand = PAGE.replace(architecture.drawing(), "")
    named = re.findall(r"`([\w/]+\.py|[\w/]+/)`", by_hand)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []
