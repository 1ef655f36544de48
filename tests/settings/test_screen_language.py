from __future__ import annotations

import pytest

from timer_app.core.i18n import current_language
from timer_app.settings import Settings, coach_language, use_screen_language


@pytest.mark.parametrize(
    ("settings", "coach", "system", "found"),
    [
        (Settings(), None, "C", "en"),
        (Settings(), None, "de_DE.UTF-8", "de"),
        (Settings(language="de"), None, "C", "de"),
        (Settings(language="de"), "en", "de_DE.UTF-8", "en"),
        (Settings(language="xx"), None, "de_DE.UTF-8", "de"),
        (Settings(screen_language="en", language="de"), "de", "de_DE.UTF-8", "en"),
        (Settings(screen_language="de"), "en", "C", "de"),
    ],
)
def test_the_setting_goes_before_the_coach_and_the_coach_before_the_system(
    settings: Settings, coach: str | None, system: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_MESSAGES", system)
    use_screen_language(settings, coach)
    assert current_language() == found


@pytest.mark.parametrize(
    ("settings", "given", "system", "found"),
    [
        (Settings(), None, "de_DE.UTF-8", "de"),
        (Settings(), None, "C", "en"),
        (Settings(screen_language="de"), None, "C", "de"),
        (Settings(screen_language="de", language="sv"), None, "C", "sv"),
        (Settings(language="de"), "en", "de_DE.UTF-8", "en"),
    ],
)
def test_the_coach_speaks_the_language_of_the_screens_unless_asked_for_another(
    settings: Settings, given: str | None, system: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_MESSAGES", system)
    use_screen_language(settings, given)
    assert coach_language(settings, given) == found
