from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.session import area_key, area_word
from timer_app.core.session.areas import _WORDS
from timer_app.library.phrases import PhraseCatalogue

KNOWN = [("Neck", "neck"), ("  nacken ", "neck"), ("ÉPAULES", "shoulder"), ("腰", "lower-back")]


@pytest.mark.parametrize(("name", "key"), KNOWN)
def test_pain_in_one_area_has_one_key_in_every_language(name: str, key: str) -> None:
    assert area_key("pain", name) == key


def test_what_is_not_known_and_what_is_no_pain_has_its_own_name_as_key() -> None:
    assert area_key("pain", "Left  ear") == "left-ear"
    assert area_key("reach", "Nacken") == "nacken"
    assert area_key("pain", "") == ""


@given(st.sampled_from(["pain", "reach"]), st.text(max_size=30))
def test_the_key_of_a_key_is_the_same(measure: str, name: str) -> None:
    key = area_key(measure, name)
    assert area_key(measure, key) == key


def test_every_language_of_the_coach_has_a_word_for_every_area_and_no_word_stands_for_two() -> None:
    keys: dict[str, str] = {}
    for key, words in _WORDS.items():
        assert all(area_word(key, language) for language in PhraseCatalogue().languages)
        for word in (one for of_language in words.values() for one in of_language):
            assert keys.setdefault(word.casefold(), key) == key, word
        assert area_key("pain", key) == key
    assert area_word("neck", "pt-BR") == "Pescoço"
    assert area_word("left-ear", "de") == area_word("neck", "xx") == ""
