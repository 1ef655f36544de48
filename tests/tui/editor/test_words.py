from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.timeline.model import Breath
from timer_app.library.library import Folders, Library
from timer_app.testing import hold, line, prepare, step, timeline
from timer_app.tui.editor.cards import (
    NEW_STEPS,
    PART_FIELDS,
    card_text,
    field_text,
    field_value,
    field_values,
    fields_of,
    first_field,
    fit_card,
    part_text,
    texts_of,
    usual_of,
)
from timer_app.tui.editor.code_area import smallest_change
from timer_app.tui.editor.panel_content import lines_to_hear, place_marker, script_text
from timer_app.tui.editor.search_bar import find_all

CATALOGUE = Library.of_default_sounds(Folders.default()).catalogue


@pytest.mark.parametrize(
    ("written", "card"),
    [
        ({"exercise": "wall-squat", "sets": 2}, "Wall squat · 2"),
        ({"exercise": "wall-squat"}, "Wall squat · 30 s to 1:00"),
        ({"name": "Plank", "hold": "20-30s", "sets": 3, "sides": "each"}, "Plank · 3 × 20 s to 30 s, each"),
        ({"name": "Row", "reps": [12, 10, "8+"]}, "Row · 12, 10, 8+ reps"),
        ({"say": "Lift your {side} arm."}, "“Lift your arm.”"),
        ({"rest": "20s"}, "Rest · 20 s"),
        ({"name": "Plank", "hold": "soon"}, "Plank · soon"),
        ({"measure": "pain", "name": "Neck"}, "Question: Neck"),
        ({"name": "Circuit", "rounds": 3, "steps": [{"rest": 1}]}, "Circuit · 3 rounds"),
        ({"rounds": 1, "every": "1m", "steps": []}, "Block · 1 round · every 1:00 · no steps yet"),
        ({"rounds": "2-3", "steps": 3}, "Block · 2-3 rounds"),
        (
            {"shuffle": True, "pick": 2, "sides": "each", "steps": [{"rest": 1}]},
            "Block · shuffled · 2 by chance · each",
        ),
        ({"within": "12m", "steps": [{"rest": 1}]}, "Block · as many rounds as possible in 12:00"),
        ({"name": "Breath", "rounds": 6, "flow": []}, "Breath · 6 rounds"),
        ({}, "a step without a kind"),
    ],
)
def test_a_card_says_what_a_step_is(written: dict[str, Any], card: str) -> None:
    assert card_text(written, CATALOGUE) == card


@pytest.mark.parametrize(
    ("written", "card"),
    [
        (
            {"name": "In", "for": "4-6s", "breath": "in", "say": "Slowly."},
            "In · 4 s to 6 s · breathe in · “Slowly.”",
        ),
        ({"for": "x", "breath": 3}, "… · x · 3"),
        ({}, "… · …"),
    ],
)
def test_a_card_says_what_a_part_is(written: dict[str, Any], card: str) -> None:
    assert part_text(written) == card


def test_every_kind_of_step_has_its_keys_and_begins_with_what_is_changed_most() -> None:
    assert [field.key for field in fields_of({"exercise": "wall-squat"}, CATALOGUE)] == [
        *("name", "hold", "sets", "sides", "rest", "say")
    ]
    assert "tempo" in [field.key for field in fields_of({"name": "Row", "reps": 3}, CATALOGUE)]
    assert fields_of({}, CATALOGUE) == ()
    begins = {"wall-squat": "hold", "cat-cow": "rounds"}
    for exercise, first in begins.items():
        used = {"exercise": exercise}
        assert first_field(used, fields_of(used, CATALOGUE), usual_of(used, CATALOGUE)).key == first
    block: dict[str, Any] = {"steps": [{"rest": 1}]}
    assert first_field(block, fields_of(block, CATALOGUE), {}).key == "rounds"
    assert usual_of({"exercise": "cat-cow"}, CATALOGUE)["flow"] == "Cat 4s, Cow 4s"
    for _label, step_ in NEW_STEPS.values():
        assert fields_of(step_, CATALOGUE)


@given(
    st.one_of(st.integers(0, 99999), st.lists(st.one_of(st.integers(0, 99), st.text("ab9+-", min_size=1)), min_size=1))
)
def test_what_a_form_shows_is_read_as_what_it_was(value: Any) -> None:
    assert field_value("reps", field_text(value)) == value


PART = st.dictionaries(
    st.sampled_from(["name", "for", "say", "breath"]), st.one_of(st.text("ab ,4s", max_size=5), st.integers(0))
)


@given(st.sampled_from(["flow", "tempo"]), st.lists(PART))
def test_parts_are_read_as_what_they_were_with_what_words_do_not_say(key: str, parts: list[dict[str, Any]]) -> None:
    assert field_values({key: field_text(parts)}, {key: parts}, {})[key] == parts


def test_parts_of_a_breath_are_breathed_as_they_are_called() -> None:
    breathing = NEW_STEPS["breath"][1]
    typed = field_values({"flow": "in 4s, hold 7s, out 8s, Halten 2s, smile 1s"}, breathing, {})["flow"]
    assert isinstance(typed, list)
    assert [part.get("breath") for part in typed] == ["in", "hold", "out", "hold", None]
    cats = field_values({"flow": "hold 4s, out 4s"}, NEW_STEPS["flow"][1], {})["flow"]
    assert isinstance(cats, list)
    assert not any("breath" in part for part in cats)


def test_parts_are_typed_as_words_and_keep_what_else_they_say() -> None:
    parts: list[dict[str, Any]] = [
        {"name": "breathe in", "for": "4s", "breath": "in"},
        {"name": "out", "for": 6, "say": "Let go."},
    ]
    assert field_text(parts) == "breathe in 4s, out 6"
    typed = field_values({"flow": "still 1s, out 8s, breathe in 4s"}, {"flow": parts}, {})
    assert typed["flow"] == [{"name": "still", "for": "1s"}, {**parts[1], "for": "8s", "breath": "out"}, parts[0]]
    renamed = field_values({"flow": "in 5s,out"}, {"flow": parts}, {})
    assert renamed["flow"] == [
        {"name": "in", "for": "5s", "breath": "in"},
        {"name": "out", "say": "Let go.", "breath": "out"},
    ]
    of_exercise = field_values({"flow": "Cat 5s, Cow 5s"}, {"exercise": "cat-cow"}, CATALOGUE)["flow"]
    assert isinstance(of_exercise, list)
    assert [(part["for"], part["breath"]) for part in of_exercise] == [("5s", "out"), ("5s", "in")]
    assert [field_value("tempo", text) for text in ("1 - 3 - 2", "30X0", "up 1s")] == [
        *("1 - 3 - 2", "30X0", [{"name": "up", "for": "1s"}])
    ]


def test_what_is_chosen_is_what_is_written_and_what_is_not_known_stays_to_be_seen() -> None:
    block: dict[str, Any] = {"shuffle": False, "sides": "both", "steps": []}
    fields = fields_of(block, CATALOGUE)
    texts = texts_of(block, fields)
    assert (texts["shuffle"], texts["sides"]) == ("", "both")
    chosen = {field.key: text for field in fields for text, _label in field.choices[1:]}
    assert field_values(chosen, block, CATALOGUE) == {"shuffle": True, "sides": "each"}
    assert [text for field in PART_FIELDS for text, _label in field.choices] == ["", *get_args(Breath)]


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


def test_a_card_without_room_cuts_its_name_and_never_its_dose() -> None:
    text = "2  Seated upper-back turn · 20 s each side"
    assert fit_card(text, 60) == text
    assert fit_card(text, 30) == "2  Seated up… · 20 s each side"
    assert fit_card(text, 20) == "2  Seated upper-bac…"
    assert fit_card("“Push your chair back.”", 10) == "“Push you…"
