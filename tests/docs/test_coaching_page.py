"""The page about the coach says what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.core.compiling import compiled
from timer_app.cli.commands.show import timeline_to_dict
from timer_app.core.compiler.draft import Priority

PAGE = (Path(__file__).parents[2] / "docs" / "coaching.md").read_text(encoding="utf-8")


def test_the_table_of_ranks_is_that_of_the_program() -> None:
    assert re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE) == [rank.name for rank in Priority]


def test_the_example_of_a_timeline_has_the_keys_that_are_printed() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    example = json.loads(text)
    data = timeline_to_dict(compiled({"name": "Squat", "hold": "10s", "cues": [{"at": "8s", "say": "x" * 300}]}))
    work = next(phase for phase in data["phases"] if phase["kind"] == "work")
    assert list(example) == list(data)
    assert list(example["phases"][0]) == list(work)
    for cue in example["phases"][0]["cues"]:
        assert any(list(cue) == list(made) for made in work["cues"])
    assert list(example["phases"][0]["dropped"][0]) == list(work["dropped"][0])
