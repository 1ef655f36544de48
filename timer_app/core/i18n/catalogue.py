"""Looks up the texts of the program in the catalogues of `timer_app/locale`.

Texts are looked up when they are shown, never when a module is loaded, so that one process can change its language:
what stands in a table of a module is marked with `N_` there and translated with `_` where it is shown. Placeholders
have names (`_("{count} of {total} done").format(count=2, total=5)`), since other languages order them otherwise.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

SOURCE_LANGUAGE = "en"
DOMAIN = "timer-app"
_LOCALE = Path(__file__).parents[2] / "locale"


# Of a thread: what one writes into a file does not change what another draws.
_untranslated: ContextVar[bool] = ContextVar("untranslated", default=False)
_ENGLISH = gettext.NullTranslations()


class _InUse:
    """The catalogue that texts are taken from; it is read when the first text is looked up."""

    language = SOURCE_LANGUAGE
    texts: gettext.NullTranslations | None = _ENGLISH


@cache
def languages() -> tuple[str, ...]:
    """The languages that the screens can be in, such as `en` and `de`, English first."""
    found = sorted(path.parents[1].name for path in _LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE_LANGUAGE, *found)


def best_language(wanted: Iterable[str]) -> str:
    """The first of some languages that the screens can be in; English if they can be in none.

    Args:
        wanted: Tags of languages or names of locales: `de`, `pt-BR`, `de_AT.UTF-8`; `C` and `POSIX` are English.
    """
    known = languages()
    for tag in wanted:
        name = tag.partition(".")[0].partition("@")[0].replace("-", "_").partition("_")[0].lower()
        if name in {"c", "posix"}:
            return SOURCE_LANGUAGE
        if name in known:
            return name
    return SOURCE_LANGUAGE


def system_languages(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The languages that the user of a terminal wants, best first, as `best_language` takes them.

    As in other programs, the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set names the locale; where that is
    none or `C`, the list in `LANGUAGE` does not count.

    Args:
        environment: The variables of the process.
    """
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if locale.partition(".")[0] in {"", "C", "POSIX"}:
        return (locale,) if locale else ()
    return (*filter(None, environment.get("LANGUAGE", "").split(":")), locale)


def use_language(language: str) -> None:
    """Take the texts from the catalogue of that language from now on.

    Args:
        language: One of `languages()`; any other stands for English.
    """
    _InUse.language = language if language in languages() else SOURCE_LANGUAGE
    _InUse.texts = _ENGLISH if _InUse.language == SOURCE_LANGUAGE else None


def share_with_libraries() -> None:
    """Let libraries that look texts up by the global functions of gettext find those of theirs that a catalogue has.

    They go by the variables of the process, as `system_languages` does.
    """
    if _InUse.language != SOURCE_LANGUAGE:
        gettext.bindtextdomain(DOMAIN, _LOCALE)
        gettext.textdomain(DOMAIN)


def current_language() -> str:
    """The language that texts come in."""
    return SOURCE_LANGUAGE if _untranslated.get() else _InUse.language


@contextmanager
def source_texts() -> Iterator[None]:
    """Take texts as they are meanwhile: for what is stored or read by other programs, whatever the screen speaks."""
    token = _untranslated.set(True)
    try:
        yield
    finally:
        _untranslated.reset(token)


def _catalogue() -> gettext.NullTranslations:
    if _untranslated.get():
        return _ENGLISH
    if _InUse.texts is None:
        _InUse.texts = gettext.translation(DOMAIN, _LOCALE, [_InUse.language])
    return _InUse.texts


def _(text: str) -> str:
    """A text in the language in use; of nothing nothing, for which a catalogue has its own head."""
    return _catalogue().gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of a text that goes with a number; the placeholder `{count}` is left for the caller to fill."""
    return _catalogue().ngettext(singular, plural, count)


def N_(text: str) -> str:  # noqa: N802 - the name by which every extractor of messages knows it
    """Mark a text for translation that is looked up later."""
    return text
