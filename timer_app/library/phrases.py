"""Loads the coach's phrases in any language, when they are needed.

The user's files lie over the bundled ones, a region (`pt-BR`) over its language (`pt`), and all of them over English:
what a file leaves out is said in the words below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from timer_app.core.diagnostics import FileFault, LocatedProblem, Problem, Source, quoted, validate_source
from timer_app.core.i18n import _
from timer_app.core.session import Phrases, PluralRule, english_plural
from timer_app.system.files import parse_file, toml_files

FALLBACK_LANGUAGE = "en"
_SHIPPED_DIR = Path(__file__).parents[1] / "phrases"
_NOT_PHRASES = frozenset({"language"})
PHRASE_KEYS = frozenset(Phrases.model_fields) - _NOT_PHRASES
_MAX_NAMED = 6  # phrases named in a message


@dataclass(frozen=True)
class PhraseFile:
    """A phrase file.

    Attributes:
        words: Its phrases, without those that have faults.
        problems: Its faults.
    """

    words: dict[str, Any]
    problems: tuple[LocatedProblem, ...] = ()


class PhraseCatalogue:
    """The phrases of all languages.

    Args:
        own: The folder of the user's files; it need not exist.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._cache: dict[str, Phrases] = {}

    @cached_property
    def _own_files(self) -> dict[str, list[PhraseFile]]:
        """The user's files by language."""
        files: dict[str, list[PhraseFile]] = {}
        for path in toml_files(self._own) if self._own else []:
            files.setdefault(path.stem.lower(), []).append(_read_own_file(path))
        return files

    @property
    def problems(self) -> list[LocatedProblem]:
        """The faults of the user's files; the phrases below them are used instead."""
        return [problem for language in self._own_files for problem in self._problems(language)]

    def problems_in(self, language: str) -> list[LocatedProblem]:
        """The faults that concern a session in `language`."""
        codes = dict.fromkeys((*_language_codes(language), FALLBACK_LANGUAGE))
        return [problem for code in codes for problem in self._problems(code)]

    def _problems(self, code: str) -> list[LocatedProblem]:
        return [problem for file in self._own_files.get(code, []) for problem in file.problems]

    @property
    def languages(self) -> list[str]:
        """Every language that has phrases."""
        return sorted({path.stem for path in toml_files(_SHIPPED_DIR)} | set(self._own_files))

    def phrases(self, language: str) -> Phrases:
        """The coach's phrases in a language.

        Raises:
            FileFault: The installation is damaged.
        """
        if language not in self._cache:
            self._cache[language] = self._build_phrases(language)
        return self._cache[language]

    def has_language(self, language: str) -> bool:
        """Whether there are any phrases in the language."""
        return any(self._words(code) for code in _language_codes(language))

    def missing(self, language: str) -> list[str]:
        """The phrases that the language lacks, so that they are said in English."""
        own = {key for code in _language_codes(language) for words in self._words(code) for key in words}
        return [key for key in Phrases.model_fields if key in PHRASE_KEYS - own]

    def check(self, source: Source) -> list[LocatedProblem]:
        """All errors of a phrase file, or the phrases that it lacks if there are no errors."""
        problems = list(_file_faults(source))
        return source.collected(problems or self._missing_in(source))

    def _missing_in(self, source: Source) -> Iterator[Problem]:
        language = source.data["language"]
        below = {key for code in _language_codes(language) if (words := _shipped_words(code)) for key in words}
        missing = [key for key in Phrases.model_fields if key in PHRASE_KEYS - below - source.data.keys()]
        if missing:
            yield english_fallback_warning(("language",), language, missing)

    def _build_phrases(self, language: str) -> Phrases:
        words: dict[str, Any] = {}
        for code in (FALLBACK_LANGUAGE, *reversed(_language_codes(language))):
            for layer in self._words(code):
                words |= layer
                words["language"] = layer.get("language", code)
        try:
            phrases = Phrases.model_validate(words).with_plurals(plural_rule(language))
        except ValueError:
            raise FileFault.about(str(_SHIPPED_DIR), _("is damaged"), _("install the program again")) from None
        return phrases.borrowing(self.missing(language), FALLBACK_LANGUAGE)

    def _words(self, code: str) -> list[dict[str, Any]]:
        """The phrases of this very language, the shipped ones first."""
        shipped = _shipped_words(code)
        return [*([shipped] if shipped else []), *(file.words for file in self._own_files.get(code, []))]


def is_phrase_file(source: Source) -> bool:
    """Whether a file holds phrases of the coach rather than a session or exercises."""
    return not {"steps", "exercises", "texts", "schema"} & source.data.keys() and bool(PHRASE_KEYS & source.data.keys())


def english_fallback_warning(path: tuple[str | int, ...], language: str, missing: Sequence[str]) -> Problem:
    """The warning that a language lacks some phrases."""
    some = ", ".join(missing[:_MAX_NAMED])
    if len(missing) > _MAX_NAMED:
        some = _("{names} and {count} more").format(names=some, count=len(missing) - _MAX_NAMED)
    message = _("the coach has no words in {language} for {some}, and says them in English").format(
        language=quoted(language), some=some
    )
    return Problem(path, message, severity="warning")


def phrases(language: str) -> Phrases:
    """The shipped phrases of a language, its base language (`de` for `de-AT`), or English."""
    return _shipped_catalogue().phrases(language)


@cache
def _shipped_catalogue() -> PhraseCatalogue:
    return PhraseCatalogue()


def plural_rule(language: str) -> PluralRule:
    """Which plural form (`one`, `few`, ...) a number takes in a language, by the rules of Unicode's CLDR."""
    if _language_codes(language)[-1] == FALLBACK_LANGUAGE:
        return english_plural  # loading Babel is slow, and most sessions do not need it
    return _cldr_rule(language)


@cache
def _cldr_rule(language: str) -> PluralRule:
    from babel import Locale, UnknownLocaleError

    for code in _language_codes(language):
        try:
            rule: PluralRule = Locale.parse(code, sep="-").plural_form
        except (UnknownLocaleError, ValueError):
            continue
        return rule
    return english_plural


def _language_codes(language: str) -> list[str]:
    """A code and its base language in lower case: `pt-br`, `pt`."""
    code = language.lower()
    return list(dict.fromkeys((code, code.split("-", maxsplit=1)[0])))


@cache
def _shipped_words(code: str) -> dict[str, Any]:
    path = _SHIPPED_DIR / f"{code}.toml"
    return parse_file(path).data if path.is_file() else {}


def _read_own_file(path: Path) -> PhraseFile:
    try:
        source = parse_file(path)
    except FileFault as fault:
        return PhraseFile({}, fault.problems)
    problems = list(_file_faults(source))
    faulty = {problem.path[0] if problem.path else "" for problem in problems}
    words = {key: value for key, value in source.data.items() if key in PHRASE_KEYS - faulty}
    return PhraseFile(words, tuple(source.collected(problems)))


def _file_faults(source: Source) -> Iterator[Problem]:
    """The errors of a phrase file, which may leave out any phrase."""
    language = source.data.get("language")
    if language is None:
        yield Problem(("language",), _("is missing"), _('a code such as "sv"'), part="table")
    complete = replace(source, data={**_shipped_words(FALLBACK_LANGUAGE), **source.data})
    yield from validate_source(Phrases, complete)[1]
    # The name of the file decides which language it is used for.
    stem = Path(source.name).stem
    if isinstance(language, str) and language.lower() != stem.lower():
        message = _("is not what the file is called; it is taken for the language {stem}").format(stem=quoted(stem))
        yield Problem(("language",), message, quoted(stem))
