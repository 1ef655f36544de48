"""Whatever a source is, its files pass `check`, and its ledger has everything in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interchange import NAMES, SAMPLES, imported, sources
from timer_app.interchange import FORMATS, plan_import, write_planned
from timer_app.interchange.formats import find_format
from timer_app.library import Library

FORMAT_OF = {
    "Backup.json": "jawt",
    "Seven_1.feeel": "feeel",
    "exported_openhiit_timers.json": "openhiit",
    "free-exercise-db.json": "exercises",
    "handout.txt": "text",
    "morning.seconds": "seconds",
    "one-liner.txt": "text",
    "openhiit-old.json": "openhiit",
    "packs.seconds": "seconds",
    "program.liftoscript": "liftoscript",
    "routine.json": "wger",
    "shared-workout.json": "jawt",
    "table.csv": "csv",
    "timer-machine-2024-01-01.json": "timer-machine",
    "wger-exercises.json": "exercises",
}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.default()


@pytest.mark.parametrize("name", NAMES)
def test_a_format_is_recognised_by_what_is_in_the_file(name: str) -> None:
    (source,) = sources(name)
    assert FORMAT_OF[name] == find_format(source).NAME


def test_there_is_a_sample_of_each_format() -> None:
    assert set(FORMAT_OF.values()) == set(FORMATS)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_passes_check(library: Library, name: str) -> None:
    found = imported(name, library)
    assert found.files
    write_planned(found.files)
    for file in found.files:
        problems = Library.default().check(file.path)
        assert [problem.lines() for problem in problems if problem.severity == "error"] == []


@pytest.mark.parametrize("name", NAMES)
def test_importing_twice_is_the_same_as_once(library: Library, name: str) -> None:
    once = plan_import(library, sources(name))
    write_planned(once.files)
    before = {file.path: file.path.read_bytes() for file in once.files}
    again = plan_import(Library.default(), sources(name))
    write_planned(again.files)
    assert again.new_files == []
    assert {file.path: file.path.read_bytes() for file in again.files} == before


def leaves(node: Any, path: str = "") -> Iterator[str]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}".removeprefix("."))
    elif isinstance(node, list) and node:
        for index, value in enumerate(node):
            yield from leaves(value, f"{path}[{index}]")
    else:
        yield path


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".json", ".seconds", ".feeel"))])
def test_the_ledger_has_every_key_once(library: Library, name: str) -> None:
    data = json.loads((SAMPLES / name).read_bytes().decode("latin-1" if name == "Backup.json" else "utf-8"))
    keys = Counter(entry.key for entry in imported(name, library).ledger if entry.line)
    written = Counter(leaves(data))
    if name.startswith("exported"):  # a text in it is JSON, and its keys are in the ledger
        written = Counter(path for path in written if not path.endswith("soundSettings"))
        keys = Counter({path: count for path, count in keys.items() if ".soundSettings." not in path})
    if name == "openhiit-old.json":
        written["[0].exercises[0]"] = written["[0].exercises[1]"] = 1
        del written["[0].exercises"]
    assert keys == written


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".txt", ".liftoscript"))])
def test_the_ledger_has_every_line(library: Library, name: str) -> None:
    lines = (SAMPLES / name).read_text(encoding="utf-8").split("\n")
    entries = {entry.line for entry in imported(name, library).ledger}
    assert [number for number, line in enumerate(lines, 1) if line.strip() and number not in entries] == []


def test_a_key_stands_in_the_line_that_the_ledger_names(library: Library) -> None:
    lines = (SAMPLES / "morning.seconds").read_text(encoding="utf-8").split("\n")
    for entry in imported("morning.seconds", library).ledger:
        if entry.line:
            key = entry.key.rpartition(".")[2].partition("[")[0]
            assert f'"{key}"' in lines[entry.line - 1], entry


def test_what_is_lost_or_changed_has_a_reason(library: Library) -> None:
    for name in NAMES:
        entries = imported(name, library).ledger
        assert [entry for entry in entries if entry.fate != "taken" and entry.value and not entry.note] == []


def test_the_folders_of_a_source_are_groups(library: Library) -> None:
    paths = [file.path for file in imported("morning.seconds", library).files]
    assert [Path(*path.parts[path.parts.index("sessions") + 1 :]).as_posix() for path in paths] == [
        "morning/back-circuit.toml",
        "morning/free-style-round.toml",
        "compound.toml",
        "grouped.toml",
    ]
