from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from timer_app.core.fields.notation import NotationError
from timer_app.core.fields.types import Sides


def meant(written: str) -> str:
    with pytest.raises((NotationError, ValidationError)) as caught:
        TypeAdapter(Sides).validate_python(written)
    error = caught.value
    if isinstance(error, ValidationError):
        error = error.errors()[0]["ctx"]["error"]
    assert isinstance(error, NotationError)
    return error.suggestion


@pytest.mark.parametrize(
    "written",
    ["left-right", "leftright", "l+r", "L/R", "lr", "right, left", "Left and right", "left then right", "each side"],
)
def test_whoever_names_two_sides_is_told_the_word_for_one_after_the_other(written: str) -> None:
    assert meant(written) == "each"


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("both sides", "both"),
        ("left side", "left"),
        ("rihgt", "right"),
        ("eech", "each"),
        ("up and down", ""),
        ("", ""),
    ],
)
def test_a_word_for_sides_among_others_or_misspelt_is_found(written: str, word: str) -> None:
    assert meant(written) == word
