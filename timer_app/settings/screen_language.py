"""Which language the screens and messages are in, and which one the coach speaks."""

from __future__ import annotations

import os

from timer_app.core.i18n import best_language, current_language, system_languages, use_language
from timer_app.settings.settings import AUTOMATIC, Settings


def use_screen_language(settings: Settings, coach_language: str | None = None) -> None:
    """Show texts in the language of the setting `screen_language`, else in that of the coach, else in the system's.

    Args:
        settings: The user's settings.
        coach_language: The language that the coach is asked to speak in this run; `None` for that of the settings.
    """
    screen = None if settings.screen_language == AUTOMATIC else settings.screen_language
    asked = filter(None, (screen, coach_language, settings.language))
    use_language(best_language((*asked, *system_languages(os.environ))))


def coach_language(settings: Settings, given: str | None = None) -> str:
    """The language to be guided in: what is asked for in this run, else the setting `language`, else the screens'.

    A session that is not translated into it stays in its own.

    Args:
        settings: The user's settings.
        given: What is asked for in this run.
    """
    return given or settings.language or current_language()
