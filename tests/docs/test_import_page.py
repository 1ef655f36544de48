"""The page about imports: its examples are imported without a loss, and its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import timer_app
from tests.interchange import read
from timer_app.interchange import FORMATS, plan_import
from timer_app.interchange.source import Source
from timer_app.library import Library

PAGE = (Path(timer_app.__file__).parents[1] / "docs" / "import.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_there_is_an_example_of_a_text_and_of_a_table() -> None:
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("number", range(2))
def test_an_example_loses_nothing(number: int) -> None:
    found = read(EXAMPLES[number], "example.txt")
    assert [(entry.key, entry.note) for entry in found.ledger if entry.fate == "lost"] == []
    (file,) = plan_import(Library.default(), [Source("example.txt", EXAMPLES[number])]).files
    assert "exercise = " in file.text


def test_it_names_every_format() -> None:
    table = PAGE.partition("## Formats")[2].partition("##")[0]
    assert set(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) == set(FORMATS)


@pytest.mark.parametrize(
    "written", re.findall(r"`([^`]+)`", PAGE.partition("| written | means |")[2].partition("| a short line")[0])
)
def test_every_spelling_in_the_table_is_understood(written: str) -> None:
    is_whole = written[0] == "[" or any(
        word in written for word in ("rounds", "repeat", "40/20", "EMOM", "AMRAP", "Day")
    )
    line = written if is_whole or written == "Monday:" else f"Squat {written}"
    line = f"Squat 3x10 {written}" if re.match(r"@|tempo|R|\d+kg|80%|each|per|L/R|rest|60 s|hold", written) else line
    text = f"Plan\n\nBridge 10 reps\n{line}\nPlank 30s"
    assert [entry.key for entry in read(text).ledger if entry.fate == "lost"] == []
