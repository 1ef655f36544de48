"""Looks up the texts of the program in the catalogues of `timer_app/locale`.

Texts are looked up when they are shown, never when a module is loaded, so that one process can change its language:
what stands in a table of a module is marked with `N_` there and translated with `_` where it is shown. Placeholders
have names (`_("{count} of {total} done").format(count=2, total=5)`), since other languages order them otherwise.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

SOURCE_LANGUAGE = "en"
DOMAIN = "timer-app"
_LOCALE = Path(__file__).parents[2] / "locale"


# Of a thread: what one writes into a file does not change what another draws.
_meanwhile: ContextVar[str] = ContextVar("language meanwhile", default="")


class _InUse:
    """The language that texts are taken in where none is meanwhile."""

    language = SOURCE_LANGUAGE


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


def share_with_libraries() -> None:
    """Let libraries that look texts up by the global functions of gettext find those of theirs that a catalogue has.

    They go by the variables of the process, as `system_languages` does.
    """
    if _InUse.language != SOURCE_LANGUAGE:
        gettext.bindtextdomain(DOMAIN, _LOCALE)
        gettext.textdomain(DOMAIN)


def current_language() -> str:
    """The language that texts come in."""
    return _meanwhile.get() or _InUse.language


@contextmanager
def texts_in(language: str) -> Iterator[None]:
    """Take texts in a language meanwhile, whatever the screen speaks; in English where there are none in it."""
    token = _meanwhile.set(best_language([language]))
    try:
        yield
    finally:
        _meanwhile.reset(token)


def source_texts() -> AbstractContextManager[None]:
    """Take texts as they are meanwhile: for what is stored or read by other programs."""
    return texts_in(SOURCE_LANGUAGE)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, which is read when the first text in it is looked up."""
    is_source = language == SOURCE_LANGUAGE
    return gettext.NullTranslations() if is_source else gettext.translation(DOMAIN, _LOCALE, [language])


def _(text: str) -> str:
    """A text in the language in use; of nothing nothing, for which a catalogue has its own head."""
    return _catalogue(current_language()).gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of a text that goes with a number; the placeholder `{count}` is left for the caller to fill."""
    return _catalogue(current_language()).ngettext(singular, plural, count)


def N_(text: str) -> str:  # noqa: N802 - the name by which every extractor of messages knows it
    """Mark a text for translation that is looked up later."""
    return text
