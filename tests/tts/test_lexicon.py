from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.timeline.utterance import Utterance
from timer_app.tts.cache import cache_key
from timer_app.tts.pronunciation import NO_LEXICON, Lexicon, SpeechStyle

BACK = Lexicon({"Scapulae": "skapyulee", "SMR": "S M R", "levator scapulae": "le-vay-tor", "C7": "C seven"})


def spelled(lexicon: Lexicon, text: str) -> str:
    return lexicon.spoken(Utterance(text)).text


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
    assert spelled(BACK, shown) == spoken


def test_a_replacement_is_taken_as_it_stands() -> None:
    assert spelled(Lexicon({"a": r"b \1", "b": "c"}), "a b") == r"b \1 c"


@given(st.text())
def test_an_empty_lexicon_changes_nothing(text: str) -> None:
    assert spelled(NO_LEXICON, text) == Utterance(text).in_words().text


@given(st.dictionaries(st.text(min_size=1).filter(str.strip), st.text()), st.text())
def test_any_words_make_a_lexicon(spellings: dict[str, str], text: str) -> None:
    assert isinstance(spelled(Lexicon(spellings), text), str)


def test_lexicons_of_the_same_words_are_equal() -> None:
    assert Lexicon({"A b": "c"}) == Lexicon({"a  B": "c"})
    assert hash(Lexicon({"A b": "c"})) == hash(Lexicon({"a  B": "c"}))
    assert BACK != NO_LEXICON


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3x10 of scapulae, 20 kg", "3 times 10 of skapyulee, 20 kilos"),
        ("🔥 1/2", "on fire w/ 2x"),
        ("🔥", "on fire"),
        ("🙂", ""),
    ],
)
def test_a_spelling_of_the_user_goes_before_the_words_for_shorthand(written: str, spoken: str) -> None:
    own = {"scapulae": "skapyulee", "20 kg": "20 kilos", "🔥": "on fire", "1/2": "w/ 2x"}
    line = SpeechStyle(lexicon=Lexicon(own)).apply(Utterance(written))
    assert line.text == spoken


def test_a_line_without_shorthand_keeps_its_key_in_the_cache() -> None:
    line = Utterance("Set 2 of 3 is next. Half-way: 50 %.", "en", 150, 50)
    assert cache_key("espeak", "1", SpeechStyle().apply(line)) == cache_key("espeak", "1", line)


def test_the_words_for_shorthand_are_those_of_the_language_in_which_a_line_is_spoken() -> None:
    assert SpeechStyle().apply(Utterance("3x10", "de")).text == "3 mal 10"
