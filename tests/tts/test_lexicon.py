from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.tts.pronunciation import NO_LEXICON, Lexicon

BACK = Lexicon({"Scapulae": "skapyulee", "SMR": "S M R", "levator scapulae": "le-vay-tor", "C7": "C seven"})


@pytest.mark.parametrize(
    ("shown", "spoken"),
    [
        ("Squeeze the scapulae.", "Squeeze the skapyulee."),
        ("SCAPULAE, together", "skapyulee, together"),
        ("The levator  scapulae and the scapulae", "The le-vay-tor and the skapyulee"),
        ("smr at C7", "S M R at C seven"),
        ("C70 and scapulaelike words stay", "C70 and scapulaelike words stay"),
        ("", ""),
    ],
)
def test_whole_words_are_respelled_whatever_their_capitals(shown: str, spoken: str) -> None:
    assert BACK.respell(shown) == spoken


def test_a_replacement_is_taken_as_it_stands() -> None:
    assert Lexicon({"a": r"b \1", "b": "c"}).respell("a b") == r"b \1 c"


@given(st.text())
def test_an_empty_lexicon_changes_nothing(text: str) -> None:
    assert NO_LEXICON.respell(text) == text


@given(st.dictionaries(st.text(min_size=1).filter(str.strip), st.text()), st.text())
def test_any_words_make_a_lexicon(spellings: dict[str, str], text: str) -> None:
    assert isinstance(Lexicon(spellings).respell(text), str)


def test_lexicons_of_the_same_words_are_equal() -> None:
    assert Lexicon({"A b": "c"}) == Lexicon({"a  B": "c"})
    assert hash(Lexicon({"A b": "c"})) == hash(Lexicon({"a  B": "c"}))
    assert BACK != NO_LEXICON
