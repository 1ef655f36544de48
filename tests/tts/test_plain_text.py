from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.tts.pronunciation import neural_text, speakable_text


@given(st.text())
def test_plain_text_holds_no_control_private_or_surrogate_characters(text: str) -> None:
    plain = speakable_text(text)
    assert {unicodedata.category(c) for c in plain}.isdisjoint({"Cc", "Cs", "Co", "Cn"})
    plain.encode("utf-8")


@given(st.text())
def test_plain_text_stays_as_it_is_when_cleaned_again(text: str) -> None:
    assert speakable_text(speakable_text(text)) == speakable_text(text)


def test_words_signs_and_brackets_stay() -> None:
    assert speakable_text("Half-way:\n [red]ä[/]  <b> 50 %, 漢") == "Half-way: [red]ä[/] <b> 50 %, 漢"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Switch sides", "Switch sides."),
        ("Switch sides.", "Switch sides."),
        ("Ready?", "Ready?"),
        ("3", "3."),
        ("Lower your chin:", "Lower your chin."),
        ("Now [slowly](/slow/) down", "Now slowly down."),
        ("Wait … and go", "Wait, and go."),
        ("… and go!", "and go!"),
        ("Say [[test]]", "Say test."),
        ("Hold <b>still</b>", "Hold still."),
        ("…", ""),
        ("— —", ""),
        (" \x00 ", ""),
    ],
)
def test_a_neural_voice_gets_sentences_and_no_markup(text: str, spoken: str) -> None:
    assert neural_text(text) == spoken


@given(st.text(max_size=80))
def test_a_neural_voice_gets_no_brackets_and_is_given_nothing_without_words(text: str) -> None:
    spoken = neural_text(text)
    assert not set("[]<>{}") & set(spoken)
    assert not spoken or any(map(str.isalnum, spoken))
    assert neural_text(spoken) == spoken
