from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.library.library import Folders, Library
from timer_app.testing import hold, line, prepare, step, timeline
from timer_app.tui.editor.cards import NEW_STEPS, card_text, field_text, field_value, fields_of
from timer_app.tui.editor.code_area import smallest_change
from timer_app.tui.editor.panel_content import lines_to_hear, place_marker, script_text
from timer_app.tui.editor.search_bar import find_all

CATALOGUE = Library.of_default_sounds(Folders.default()).catalogue


@pytest.mark.parametrize(
    ("written", "card"),
    [
        ({"exercise": "wall-squat", "sets": 2}, "Wall squat · 2"),
        ({"name": "Plank", "hold": "20-30s", "sets": 3, "sides": "each"}, "Plank · 3 × 20-30s, each"),
        ({"name": "Row", "reps": [12, 10, "8+"]}, 'Row · [12, 10, "8+"]'),
        ({"say": "Lift your {side} arm."}, "“Lift your arm.”"),
        ({"rest": 20}, "Rest · 20"),
        ({"measure": "pain", "name": "Neck"}, "Question: Neck"),
        ({"name": "Circuit", "rounds": 3, "steps": [{"rest": 1}]}, "Circuit · 3 rounds · 1 step · in the text"),
        ({"steps": 3}, "Block · 0 steps · in the text"),
        ({}, "a step without a kind"),
    ],
)
def test_a_card_says_what_a_step_is(written: dict[str, Any], card: str) -> None:
    assert card_text(written, CATALOGUE) == card


def test_blocks_and_flows_are_left_to_the_text_and_other_steps_have_their_keys() -> None:
    assert [field.key for field in fields_of({"exercise": "wall-squat"}, CATALOGUE)] == [
        *("name", "hold", "sets", "sides", "rest", "say")
    ]
    assert "tempo" in [field.key for field in fields_of({"name": "Row", "reps": 3}, CATALOGUE)]
    left_out: list[dict[str, Any]] = [{"steps": []}, {"flow": [], "name": "Breath"}, {}]
    for written in left_out:
        assert fields_of(written, CATALOGUE) == ()
    for _label, step_ in NEW_STEPS.values():
        assert fields_of(step_, CATALOGUE)


@given(
    st.one_of(st.integers(0, 99999), st.lists(st.one_of(st.integers(0, 99), st.text("ab9+-", min_size=1)), min_size=1))
)
def test_what_a_form_shows_is_read_as_what_it_was(value: Any) -> None:
    assert field_value("reps", field_text(value)) == value


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_the_smallest_change_makes_one_text_of_the_other(before: str, after: str) -> None:
    change = smallest_change(before, after)
    if change is None:
        assert before == after
        return
    lines = before.split("\n")
    start, end = (sum(len(line) + 1 for line in lines[:row]) + column for row, column in (change.start, change.end))
    assert before[:start] + change.text + before[end:] == after


def test_finding_minds_capital_letters_only_where_there_are_some() -> None:
    assert [tuple(found) for found in find_all("Hold\nhold a HOLD", "hold")] == [(0, 0, 4), (1, 0, 4), (1, 7, 11)]
    assert [tuple(found) for found in find_all("Hold\nhold", "Hold")] == [(0, 0, 4)]
    assert list(find_all("abc", "")) == []


def test_the_script_has_each_line_once_and_the_line_of_the_cursor_is_heard_alone() -> None:
    run = timeline(
        step(
            "Squat",
            prepare(5_000, line(0, "Back flat.")),
            hold(30_000, line(0, "Back flat."), line(15_000, "Half way.")),
        )
    )
    assert script_text(run, (0, 1), 40) == " 0:00  “Back flat.”\n 0:20  “Half way.”"
    assert [said.text for said in lines_to_hear(run, (0, 1), 'say = "Half way."')] == ["Half way."]
    assert [said.text for said in lines_to_hear(run, (0, 1), "hold = 3")] == ["Back flat.", "Half way."]
    assert place_marker(run, (1,), 35) == " " * 5 + "▔" * 30
