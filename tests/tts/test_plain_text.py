from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from timer_app.tts.pronunciation import speakable_text


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
