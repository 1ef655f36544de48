from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.wording.languages import base_code, best_match, normalise_code, unsupported_language_message

CODES = st.from_regex(r"[a-z]{2}(-[a-z]{2})?", fullmatch=True)


@pytest.mark.parametrize("code", ["pt-br", "pt-BR", "PT_br", " pt_BR.UTF-8 "])
def test_a_code_has_one_spelling(code: str) -> None:
    assert normalise_code(code) == "pt-br"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("en-us", "en-us"),
        ("en_GB", "en-gb"),
        ("en-au", "en"),
        ("de-AT", "de"),
        ("de-at-x-wien", "de"),
        ("pt", "pt-br"),
        ("fr-ca", "fr-be"),
        ("zh", "cmn"),
        ("no", "nb"),
        ("xx", None),
        ("", None),
    ],
)
def test_the_nearest_language_is_taken(wanted: str, found: str | None) -> None:
    offered = {"en", "en-us", "en-gb", "de", "pt-br", "fr-be", "fr-ch", "cmn", "nb"}
    assert best_match(wanted, offered) == found


@given(CODES, st.sets(CODES, max_size=8))
def test_a_match_is_offered_and_of_the_same_language_and_exact_where_it_can_be(wanted: str, offered: set[str]) -> None:
    found = best_match(wanted, offered)
    if wanted in offered:
        assert found == wanted
    if found is not None:
        assert found in offered
        assert base_code(found) in {base_code(wanted), "nb" if base_code(wanted) == "no" else ""}


def test_the_refusal_names_what_is_spoken_where_that_is_little() -> None:
    line = unsupported_language_message("test", "xx", {"en", "en-us", "de"})
    assert line == 'the test voice does not speak "xx"; it speaks de, en'


def test_the_refusal_names_the_nearest_where_much_is_spoken() -> None:
    line = unsupported_language_message("test", "dee", {f"{a}{b}" for a in "abcde" for b in "xyze"})
    assert "did you mean ee or de?" in line
    assert "20 languages" in line
    assert "\n" not in line
