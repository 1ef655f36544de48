from __future__ import annotations

import pytest

from timer_app.core.i18n import best_language, languages, system_languages, use_language
from timer_app.core.i18n import current_language as current


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, ()),
        ({"LANG": "de_DE.UTF-8"}, ("de_DE.UTF-8",)),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, ("de_DE.UTF-8",)),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, ("en_GB.UTF-8",)),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": ""}, ("fr_FR.UTF-8",)),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:fr"}, ("de", "fr", "en_US.UTF-8")),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, ("C.UTF-8",)),
        ({"LANGUAGE": "de"}, ()),
    ],
)
def test_the_environment_names_languages_as_other_programs_read_it(
    environment: dict[str, str], wanted: tuple[str, ...]
) -> None:
    assert system_languages(environment) == wanted


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((), "en"),
        (("de_AT.UTF-8@euro",), "de"),
        (("de-CH",), "de"),
        (("xx", "de"), "de"),
        (("en_GB", "de"), "en"),
        (("C.UTF-8", "de"), "en"),
        (("",), "en"),
    ],
)
def test_the_first_language_that_the_screens_know_is_taken(wanted: tuple[str, ...], found: str) -> None:
    assert best_language(wanted) == found


def test_a_language_without_a_catalogue_is_english() -> None:
    use_language("de")
    assert current() == "de"
    use_language("xx")
    assert current() == "en"
    assert languages()[0] == "en"
