from __future__ import annotations

import pytest

from tests.analysis.texts import HEAD, at
from timer_app.analysis import completions, hover
from timer_app.core.i18n import use_language


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ('[[steps]]\nname = "A"\nhold = "20s"\nma|rks = "none"', ["Into which shares", '`"halves"`']),
        ('[[steps]]\nname = "A"\nhold = "20s"\nsettle = "|2s"', ["Silence after", '`"30s"`']),
        ('[[steps]]\nname = "A"\nre|ps = 9', ['a list, a whole number or a text, such as `"10-15"`']),
        ("[def|aults]\nrest = 3", ["What holds for every step"]),
        ('[[steps]]\nexercise = "wall-|squat"', ["Wall squat · 30 s to 1:00", "Back flat on the wall", "Needs: wall"]),
        ('language = "de"\n[[steps]]\nexercise = "wall-|squat"', ["Wandsitz · 30 s to 1:00", "Rücken flach an der"]),
        ('language = "de"\n[[st|eps]]\nexercise = "wall-squat"', ["Wandsitz · 30 s to 1:00"]),
        ('[[steps]]\nexercise = "neck-|release"', ["neck, on the left/right, just below"]),
        ('[[steps]]\nexer|cise = "wall-squat"', ["The id of an exercise", "**Wall squat**: 51 s, from 0:01 on"]),
        ('[[st|eps]]\nname = "A"\nhold = "20s"', ["**A**: 26 s, from 0:01 on"]),
        ('[[steps]]\nname = "A"\nhold = "20s"\nsay = "Turn {si|de}."', ["**`{side}`**: the side"]),
        ('[[steps]]\nname = "A"\nhold = "20s\nma|rks = "none"', ["Into which shares"]),
    ],
)
def test_it_says_what_stands_there(marked: str, said: list[str]) -> None:
    found = hover(*at(HEAD + marked))
    assert found is not None
    for words in said:
        assert words in found.markdown


def test_it_says_nothing_where_nothing_stands() -> None:
    assert hover(*at(f'{HEAD}|\n[[steps]]\nrest = "5s"')) is None
    assert hover(*at(f'{HEAD}# na|me\n[[steps]]\nrest = "5s"')) is None
    assert hover(*at(f'{HEAD}[[steps]]\nnothing| = "5s"')) is None


def test_keys_are_explained_in_the_language_of_the_moment() -> None:
    key, typed = at(f"{HEAD}[lexi|con]"), at(f"{HEAD}lexi|")
    for language, words in (("de", "Wörter, die"), ("en", "Words that"), ("de", "Wörter, die")):
        use_language(language)
        found = hover(*key)
        assert found is not None
        assert f"**lexicon**: {words} " in found.markdown
        (offered,) = completions(*typed)
        assert offered.documentation.startswith(words)


def test_the_sides_of_an_exercise_are_named_in_the_language_of_the_screen() -> None:
    use_language("de")
    found = hover(*at(f'{HEAD}[[steps]]\nexercise = "neck-|release"'))
    assert found is not None
    assert "**Neck release · 20 s · links und rechts**" in found.markdown


def test_a_name_can_load_nothing_in_the_editor_of_its_reader() -> None:
    found = hover(*at(f'{HEAD}[[st|eps]]\nname = "![x](https://example.org/x.png) <img src=y>"\nhold = "20s"'))
    assert found is not None
    assert "!\\[x\\](" in found.markdown
    assert "\\<img" in found.markdown
