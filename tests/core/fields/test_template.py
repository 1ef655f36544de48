"""Which texts are taken, and what becomes of their placeholders."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.fields.notation import NotationError
from timer_app.core.fields.template import PLACEHOLDERS, clean_text, fill_placeholders, without_placeholders


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("  Lie down.\n\tBreathe.\r\n", "Lie down. Breathe."),
        ("a\u00a0b\u2028c", "a b c"),
        ("[red]x[/]", "[red]x[/]"),
        ("Wärme für die Schultern 💪🏽", "Wärme für die Schultern 💪🏽"),
        ("👩\u200d🦰 and שלום", "👩\u200d🦰 and שלום"),
        ("{name} and {{braces}}", "{name} and {{braces}}"),
    ],
)
def test_a_text_becomes_one_line(written: str, taken: str) -> None:
    assert clean_text(written) == taken


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "must not be empty"),
        (" \n", "must not be empty"),
        ("\u200b\ufeff", "must not be empty"),
        ("a\x1bb", "has the control character U+001B"),
        ("a\x00b", "has the control character U+0000"),
        ("a\x0bb", "has the control character U+000B"),
        ("a\x85b", "has the control character U+0085"),
        ("a\x7fb", "has the control character U+007F"),
        ("a\u202eb", "has the control character U+202E"),
        ("a\u2066b", "has the control character U+2066"),
        ("{you}", "unknown placeholder {you}"),
        ("{}", "unknown placeholder {}"),
        ("{" + "x" * 99 + "}", "unknown placeholder {" + "x" * 39 + "…}"),
        ("{name", 'has a single "{"'),
        ("name}", 'has a single "}"'),
        ("{{name}", 'has a single "}"'),
        ("{a{name}}", 'has a single "{"'),
    ],
)
def test_a_text_that_cannot_be_shown_or_filled_in_is_refused(written: str, reason: str) -> None:
    with pytest.raises(NotationError) as raised:
        clean_text(written)
    assert raised.value.reason == reason


def test_a_misspelt_placeholder_is_guessed() -> None:
    with pytest.raises(NotationError) as raised:
        clean_text("{sidee}")
    assert raised.value.suggestion == "{side}"


@given(st.text())
def test_whatever_is_taken_has_no_control_characters_and_can_be_filled_in(written: str) -> None:
    try:
        taken = clean_text(written)
    except NotationError:
        return
    shown = fill_placeholders(taken, {"name": "Squat"})
    assert not any(unicodedata.category(character) == "Cc" for character in shown)
    assert clean_text(taken) == taken


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{name}", "Squat"),
        ("{side} side", "Left side"),
        ("the {side} side", "the left side"),
        ("set {set} of {sets}", "set 2 of"),
        ("{next}then rest", "Then rest"),
        ("{{name}}", "{name}"),
        ("{{{name}}}", "{Squat}"),
        ("nothing", "nothing"),
        ("{set}", "2"),
    ],
)
def test_placeholders_are_replaced_and_those_without_a_value_leave_nothing(text: str, filled: str) -> None:
    assert fill_placeholders(text, {"name": "Squat", "side": "left", "set": 2, "next": ""}) == filled


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert fill_placeholders("{name}", {"name": "{set}", "set": 3}) == "{set}"


@given(st.text(alphabet="ab{}", min_size=1, max_size=20))
def test_doubling_braces_makes_any_text_literal(text: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert clean_text(doubled) == doubled
    assert without_placeholders(f"x{doubled}") == f"x{text}"


def test_every_placeholder_is_known_to_the_check() -> None:
    for name in PLACEHOLDERS:
        assert clean_text(f"{{{name}}}") == f"{{{name}}}"
