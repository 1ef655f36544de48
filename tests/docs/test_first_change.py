"""The changes that the page shows apply to the files as they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "first-change.md").read_text(encoding="utf-8")


class Change(NamedTuple):
    file: str
    before: str


def _changes() -> list[Change]:
    """Every block of changes, with the file that was named last before it and the lines that it expects there."""
    found = []
    for block in re.finditer(r"```diff\n(.*?)```", PAGE, re.DOTALL):
        file = re.findall(r"`([\w./-]+\.\w+)`", PAGE[: block.start()])[-1]
        lines = [line[1:] for line in block[1].splitlines() if not line.startswith("+")]
        found.append(Change(file, "".join(f"{line}\n" for line in lines)))
    return found


@pytest.mark.parametrize("change", _changes(), ids=lambda change: change.file)
def test_a_change_finds_its_lines(change: Change) -> None:
    assert (ROOT / change.file).read_text(encoding="utf-8").count(change.before) == 1


def test_the_tests_and_folders_that_it_names_exist() -> None:
    created = set(re.findall(r"Create\s+`([^`]+)`", PAGE))
    named = re.findall(r"`((?:timer_app|tests|sessions|scripts|sounds)/[\w./-]*)`", PAGE)
    run = re.findall(r"(?<![\w/.])(?:tests|timer_app|sessions)/[\w./-]+", " ".join(re.findall(r"make .*", PAGE)))
    assert len(named) > 10
    assert [name for name in {*named, *run} - created if not (ROOT / name).exists()] == []
