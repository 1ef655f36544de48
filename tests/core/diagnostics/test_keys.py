from __future__ import annotations

import pytest

from timer_app.core.diagnostics.keys import meant_key, unknown_key_message
from timer_app.core.fields.types import Strict as Table
from timer_app.core.session.model import Block, ExerciseStep, HoldStep, RepsStep, Session


def options(table: type[Table]) -> list[str]:
    """The keys that a table takes, as files write them."""
    refused: frozenset[str] = getattr(table, "refused_keys", frozenset())
    return [field.alias or name for name, field in table.model_fields.items() if name not in refused]


@pytest.mark.parametrize(
    ("table", "written", "meant"),
    [
        (HoldStep, "duration", "hold"),
        (HoldStep, "Work", "hold"),
        (HoldStep, "time", "hold"),
        (RepsStep, "rep", "reps"),
        (HoldStep, "repeat", "sets"),
        (Block, "repeat", "rounds"),
        (RepsStep, "series", "sets"),
        (Block, "series", "rounds"),
        (HoldStep, "desc", "say"),
        (Session, "description", "summary"),
        (HoldStep, "notes", "say"),
        (ExerciseStep, "left", "sides"),
        (ExerciseStep, "each side", "sides"),
        (ExerciseStep, "both", "sides"),
        (Session, "exercises", "steps"),
        (HoldStep, "weight", "load"),
        (RepsStep, "effort", "rpe"),
        (Block, "AMRAP", "within"),
        (Block, "time_cap", "within"),
        (Block, "emom", "every"),
    ],
)
def test_words_of_other_programs_are_known_where_the_table_has_such_a_key(
    table: type[Table], written: str, meant: str
) -> None:
    assert meant_key(written, options(table)) == meant


@pytest.mark.parametrize(
    ("table", "written"),
    [
        (RepsStep, "duration"),
        (HoldStep, "rep"),
        (Block, "duration"),
        (HoldStep, "colour"),
        (HoldStep, "ho"),
        (HoldStep, ""),
        (HoldStep, "x" * 100_000),
    ],
)
def test_nothing_is_offered_that_the_table_would_refuse_or_that_only_looks_alike(
    table: type[Table], written: str
) -> None:
    assert meant_key(written, options(table)) == ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [("cuse", "cues"), ("side", "sides"), ("hodl", "hold"), ("tell", "tell_time"), ("HOLD", "hold")],
)
def test_a_slip_of_the_fingers_or_the_beginning_of_a_key_is_understood(written: str, meant: str) -> None:
    assert meant_key(written, options(HoldStep)) == meant


def test_what_is_there_already_is_named_and_not_offered_again() -> None:
    assert meant_key("duration", ["hold"], present=["hold", "duration"]) == ""
    assert unknown_key_message("duration", ["hold"], ["hold", "duration"]) == (
        'unknown key: that is "hold", which is here already'
    )


def test_a_thing_without_a_key_is_told_another_place() -> None:
    assert unknown_key_message("weight", ["hold"], []).endswith('such as reps = 10 with load = "20 kg"')
    assert meant_key("weight", ["load"]) == "load"
    assert unknown_key_message("weight", ["load"], []) == "unknown key"
