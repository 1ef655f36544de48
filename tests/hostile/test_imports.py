from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.mutations import mutated
from tests.hostile.report import figures, shares
from tests.hostile.test_files import keep, trouble_of
from tests.interchange import NAMES, SAMPLES
from timer_app.core.diagnostics import validate_source
from timer_app.core.session.model import Session
from timer_app.interchange import ImportedFile, InterchangeError, open_sources, plan_import
from timer_app.interchange.limits import phase_count
from timer_app.interchange.source import MAX_LINES
from timer_app.library import Library
from timer_app.system.files import parse_file

_MOST_CHECKED = 3
_MOST_PHASES = 1_000
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2.5, 1e308, -1e308, 10**30, 86_401, 999_999, "", " ", "0", "30", "-5", "1e9", "NaN"),
    *("rest", "$(round)", "{name}", "{", "}}", "a\nb", "\x1b[2J", "\u202eabc", "\ud800", "\0", "x" * 5_000, "é" * 90),
    *([], {}, [[]], [None, 1, "a", {}], {"a": 1}, {"name": {}, "duration": []}),
)


class Import:
    """Reads a file of somebody else, and checks what would be written of it."""

    def __init__(self, folder: Path) -> None:
        self._library = Library.default()
        self._folder = folder

    def __call__(self, name: str, data: bytes) -> None:
        try:
            sources = open_sources(name, data)
            plan = plan_import(self._library, sources)
        except InterchangeError:
            return
        for opened, one in zip(sources, plan.imported, strict=True):
            check_that_all_is_told(opened.text, one)
            assert [entry for entry in one.ledger if entry.fate == "lost" and not entry.reason and entry.value] == []
            assert [entry for entry in one.ledger if entry.reason and not entry.shown_note] == []
        for file in plan.files[:_MOST_CHECKED]:
            path = self._folder / "imported.toml"
            path.write_text(file.text, encoding="utf-8")
            if file.session is None or phase_count(file.session.steps) < _MOST_PHASES:
                found = [problem for problem in self._library.check(path) if problem.severity == "error"]
            else:  # laying out so much takes its time, whoever has written it
                source = parse_file(path)
                found = source.collected(validate_source(Session, source, {"exercises": self._library.catalogue})[1])
            assert found == [], "\n".join(found[0].lines())


def check_that_all_is_told(text: str, found: ImportedFile) -> None:
    """Check that a ledger has every value of JSON and every line of a text."""
    if found.format in ("text", "liftoscript"):
        told = {entry.line for entry in found.ledger}
        lines = text.split("\n")[:MAX_LINES]
        untold = [number for number, line in enumerate(lines, 1) if line.strip() and number not in told]
        assert [lines[number - 1] for number in untold if not lines[number - 1].strip().startswith("```")] == []
    elif found.format not in ("csv", "openhiit"):  # which have cells, and JSON in texts of JSON
        try:
            root = json.loads(text, object_pairs_hook=Pairs, parse_int=str, strict=False)
        except ValueError:  # a number such as 007, which is taken for 7
            return
        assert len([entry for entry in found.ledger if entry.line]) == leaf_count(root)


class Pairs(list[tuple[str, Any]]):
    """An object of JSON with the keys that it has twice."""


def leaf_count(node: Any) -> int:
    """How many values a JSON text has that hold no others."""
    if not isinstance(node, list) or not node:
        return 1
    return sum(leaf_count(value[1] if isinstance(node, Pairs) else value) for value in node)


def changed(chance: random.Random, data: bytes) -> bytes:
    """JSON with some other values in it; any other text, and some JSON, is broken as a text."""
    try:
        root = json.loads(data)
    except ValueError:
        return mutated(chance, data)
    if chance.random() < 0.3:
        return mutated(chance, data)
    for _ in range(chance.randint(1, 6)):
        places = [
            (node, key) for node in containers(root) for key in (node if isinstance(node, dict) else range(len(node)))
        ]
        node, key = chance.choice(places)
        match chance.randrange(4):
            case 0:
                del node[key]
            case 1 if isinstance(node, list):
                node[key:key] = [node[key]] * chance.choice((2, 60, 300))
            case 2:
                other, other_key = chance.choice(places)
                if not isinstance(other, list) or other_key < len(other):
                    node[key] = copy.deepcopy(other.get(other_key) if isinstance(other, dict) else other[other_key])
            case _:
                node[key] = copy.deepcopy(chance.choice(_VALUES))
        if not root:
            break
    return json.dumps(root, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, 1))).encode(
        "utf-8", "replace"
    )


def containers(node: Any) -> Iterator[Any]:
    """All objects and lists that have something in them."""
    if isinstance(node, dict | list) and node:
        yield node
        for inside in node.values() if isinstance(node, dict) else node[:50]:
            yield from containers(inside)


@pytest.mark.parametrize(("seed", "count"), shares(60, 200, 10_000))
def test_no_routine_however_broken_ends_in_an_exception_or_in_a_file_with_faults(
    request: pytest.FixtureRequest, tmp_path: Path, seed: int, count: int
) -> None:
    chance, read = random.Random(seed), Import(tmp_path)  # noqa: S311 - mutations, not secrets
    texts = {name: (SAMPLES / name).read_bytes() for name in NAMES}
    with figures(request, "mutated routines", seed) as counted:
        for number in range(count):
            name = chance.choice(NAMES)
            text = changed(chance, texts[name])
            counted.tried += 1
            if trouble := trouble_of(lambda data, name=name: read(name, data), text):  # type: ignore[misc]
                kept = keep(text, f"import-{seed}-{number}-{name}")
                counted.note(trouble[0], f"{name}, seed {seed}, file {number}, {kept}: {trouble[1]}")
