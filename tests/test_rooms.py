"""The plan of the house, held against the code: rooms with a face, imports through it, and no circles."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import timer_app

PACKAGE = Path(timer_app.__file__).parent
LOOSE = {"__main__", "testing"}
ROOMS = (
    *(f"core.{name}" for name in ("compiler", "diagnostics", "fields", "figures", "player")),
    *(f"core.{name}" for name in ("session", "timeline", "training", "wording")),
    *(
        "analysis",
        "audio",
        "export",
        "history",
        "interchange",
        "library",
        "lsp",
        "plain",
        "run",
        "settings",
        "sharing",
        "system",
        "tts",
        "tui",
        "web",
    ),
)


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str:
    """The room that a module lies in, without the name of the package; empty for the few outside of all."""
    inside = module.removeprefix("timer_app.")
    return next((room for room in ROOMS if inside == room or inside.startswith(f"{room}.")), "")


@cache
def face(room: str) -> dict[str, str]:
    """Each name of a room's face, with the module that it comes from."""
    package = f"timer_app.{room}"
    stub = modules()[package].with_suffix(".pyi")
    names = {}
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            names[alias.name] = f"{package}.{node.module or alias.name}"
    return names


@cache
def entrances(room: str) -> frozenset[str]:
    """What may be imported from outside: the room itself, and the modules that its face names."""
    package = f"timer_app.{room}"
    return frozenset({package, *(f"{package}.{name}" for name in face(room) if f"{package}.{name}" in modules())})


def imports(module: str) -> Iterator[tuple[str, str]]:
    """Everything of the package that a module imports, anywhere in it and for types too: where from, and the name."""
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "timer_app":
            for alias in node.names:
                yield str(node.module), alias.name


def imported_modules(module: str) -> Iterator[str]:
    for source, name in imports(module):
        if f"{source}.{name}" in modules():
            yield f"{source}.{name}"
        elif room_of(source) and source == f"timer_app.{room_of(source)}":
            yield face(room_of(source))[name]
        else:
            yield source


def test_nothing_lies_loose_in_the_root() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"} == LOOSE


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for_and_hands_out_few_names(room: str) -> None:
    package = importlib.import_module(f"timer_app.{room}")
    assert len((package.__doc__ or "").split()) >= 15
    assert len(package.__all__) <= 17
    assert set(package.__all__) == set(face(room))
    assert [name for name in package.__all__ if getattr(package, name, None) is None] == []


def test_a_room_is_entered_by_its_face_alone() -> None:
    past_the_face = [
        f"{module} imports {name} from {source}"
        for module in modules()
        for source, name in imports(module)
        if room_of(source) and room_of(source) != room_of(module) and source not in entrances(room_of(source))
    ]
    assert past_the_face == []


def test_no_module_imports_itself_in_a_circle_not_even_for_types() -> None:
    graph = {module: set(imported_modules(module)) - {module} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))
