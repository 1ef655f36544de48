"""Numbers and days as the language in use writes them, by Babel, which the first screen does not need."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from timer_app.core.i18n.catalogue import SOURCE_LANGUAGE, current_language


@lru_cache(maxsize=16)
def _decimal_sign(language: str) -> str:
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(language)


def with_decimal_sign(text: str) -> str:
    """A text whose only point, if any, is that of a number, with the sign that the language has for it: `1,5 s`."""
    language = current_language()
    return text if language == SOURCE_LANGUAGE or "." not in text else text.replace(".", _decimal_sign(language))


def weekday_name(day: date, english: str) -> str:
    """The full name of a day of the week in the language in use; `english` is the one that needs no Babel."""
    language = current_language()
    if language == SOURCE_LANGUAGE:
        return english
    from babel.dates import get_day_names

    return str(get_day_names("wide", locale=language)[day.weekday()])


def date_text(day: date, english: str, skeleton: str = "") -> str:
    """A day in the language in use.

    Args:
        day: The day.
        english: How it is written in English, which needs no Babel.
        skeleton: The parts to show, as CLDR names them, such as `MMMd`; empty for day, month and year.
    """
    language = current_language()
    if language == SOURCE_LANGUAGE:
        return english
    from babel.dates import format_date, format_skeleton

    if not skeleton:
        return format_date(day, "medium", locale=language)
    return format_skeleton(skeleton, day, locale=language)
