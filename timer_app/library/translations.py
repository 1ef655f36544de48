"""Reads and checks translations, which lie beside sessions and exercises: `desk-break.de.toml`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from timer_app.core.diagnostics import FileFault, LocatedProblem, Problem, Source, nearest, quoted, validate_source
from timer_app.core.diagnostics import problems as p
from timer_app.core.fields import clean_text
from timer_app.core.i18n import _
from timer_app.core.session.translation import Translatable, Translation, in_language, recordings_of, texts_of
from timer_app.core.wording.formatting import count_text, joined_by_and
from timer_app.core.wording.languages import base_language
from timer_app.system.files import original_of, parse_file, translations_of

# Reads the original of a translation; gives its model, and a function that gives the warnings about such a model.
ReadOriginal = Callable[[Source, Path], tuple[Translatable | None, Callable[..., list[Problem]]]]
# The texts of a translation, and its faults.
_ReadResult = tuple[Mapping[str, str], tuple[LocatedProblem, ...]]
_PLACEHOLDER = re.compile(r"{[\w:]+}")
_CACHE_SIZE = 256  # files


def is_translation(source: Source) -> bool:
    """Whether a file holds translated texts rather than a session or exercises."""
    return "texts" in source.data and not {"steps", "exercises"} & source.data.keys()


def translated_texts(path: Path, language: str) -> Mapping[str, str]:
    """The texts of a file in a language or its base language; empty if there is no translation without errors."""
    translation = _find_translation(path, language)
    return _read(translation)[0] if translation else {}


def translation_faults(path: Path, language: str) -> Sequence[LocatedProblem]:
    """The faults that keep the translation of a file from being used; none if there is no translation."""
    translation = _find_translation(path, language)
    return translation_file_faults(translation) if translation else ()


def translation_file_faults(path: Path) -> Sequence[LocatedProblem]:
    """The faults that keep a translation from being used."""
    return _read(path)[1]


def _find_translation(path: Path, language: str) -> Path | None:
    translations = translations_of(path)
    return translations.get(language.lower()) or translations.get(base_language(language))


def _read(path: Path) -> _ReadResult:
    with contextlib.suppress(OSError):
        state = path.stat()
        return _read_cached(path, state.st_mtime_ns, state.st_size)
    return {}, ()


@lru_cache(_CACHE_SIZE)
def _read_cached(path: Path, _changed_ns: int, _size: int) -> _ReadResult:
    try:
        source = parse_file(path)
    except FileFault as fault:
        return {}, tuple(fault.problems)
    translation, problems = validate_source(Translation, source)
    return (translation.everything if translation else {}), tuple(source.collected(problems))


def fault_notices(problems: Iterable[LocatedProblem]) -> list[str]:
    """A line for each file that is not, or not entirely, used because of its faults."""
    files: dict[str, list[LocatedProblem]] = {}
    for problem in problems:
        files.setdefault(problem.file, []).append(problem)
    return [_fault_notice(file, faults[0], len(faults) - 1) for file, faults in files.items()]


def _fault_notice(file: str, first: LocatedProblem, more: int) -> str:
    position = f"{file}:{first.line}" if first.line else file
    key = f"{first.key}: " if first.key else ""
    text = (
        _("{position}: {fault} and {others}; other words stand in, and `timer-app check` tells more.")
        if more
        else _("{position}: {fault}; other words stand in, and `timer-app check` tells more.")
    )
    return text.format(position=position, fault=key + first.message, others=count_text(more, "more fault"))


def check_translation(
    source: Source, path: Path, read_original: ReadOriginal, context: dict[str, Any]
) -> list[LocatedProblem]:
    """All errors of a translation, or all warnings if it has no errors.

    Args:
        source: The translation.
        path: Its path.
        read_original: Reads the original; gives `None` if that has errors.
        context: What the validators need to know.
    """
    problems, original = list(_errors(source, context)), original_of(path)
    if original is None:
        problems.append(Problem((), _("there is no file beside it that this is a translation of")))
    if problems or original is None:
        return source.collected(problems)
    try:
        original_source = parse_file(original)
    except FileFault as fault:
        return list(fault.problems)
    model, warnings = read_original(original_source, original)
    if model is None:
        return source.collected(
            [Problem((), _("{original} has faults; check that first").format(original=original.name))]
        )
    translated = in_language(model, _cleaned(source), source.data["language"])
    return source.collected(
        [*_gaps(source, model, original.name), *_problems_in_translation(warnings(translated), source, original_source)]
    )


def _cleaned(source: Source) -> dict[str, str]:
    """The texts of a translation without errors, in the form that models hold."""
    return {clean_text(text): clean_text(translation) for text, translation in source.data["texts"].items()}


def _errors(source: Source, context: dict[str, Any]) -> Iterator[Problem]:
    """The errors of a translation."""
    yield from validate_source(Translation, source, context)[1]
    language, named = source.data.get("language"), Path(source.name).stem.rpartition(".")[2]
    if isinstance(language, str) and language.lower() != named.lower():
        message = _("is not what the file is called; it is taken for the language {stem}").format(stem=quoted(named))
        yield Problem(("language",), message, quoted(named))


def _gaps(source: Source, original: Translatable, name: str) -> Iterator[Problem]:
    """Warnings where a translation does not match its original: unknown or missing texts, other placeholders.

    Args:
        source: A translation without errors.
        original: The session or the exercise file.
        name: The name of the original's file.
    """
    wanted = dict.fromkeys(text for _, text in texts_of(original))
    given = {clean_text(text): text for text in source.data["texts"]}
    for text, key in given.items():
        if text not in wanted:
            near = nearest(text, wanted.keys() - given.keys()) or ""
            yield Problem(("texts", key), _("{name} has no such text").format(name=name), "", near, "warning", "key")
        else:
            yield from _other_placeholders(text, source.data["texts"][key], ("texts", key))
    known = recordings_of(original)
    for recording in source.data.get("recordings", {}):
        if recording not in known:
            near = nearest(recording, known) or ""
            yield Problem(
                ("recordings", recording),
                _("{name} has no such recording").format(name=name),
                "",
                near,
                "warning",
                "key",
            )
    for text in wanted:
        if text not in given:
            yield Problem(
                ("texts",), _("{text} has no translation").format(text=quoted(text)), severity="warning", part="table"
            )


def _other_placeholders(text: str, translation: str, path: p.KeyPath) -> Iterator[Problem]:
    before, after = (set(_PLACEHOLDER.findall(words)) for words in (text, translation))
    if before != after:
        message = _("has other placeholders than the original: {found} in place of {wanted}").format(
            found=_listed(after), wanted=_listed(before)
        )
        yield Problem(path, message, severity="warning")


def _listed(names: Iterable[str]) -> str:
    return joined_by_and(sorted(names)) or _("none")


def _problems_in_translation(problems: Iterable[Problem], source: Source, original: Source) -> Iterator[Problem]:
    """Problems of the translated original, moved to the text of the translation that causes them."""
    given = {clean_text(text): text for text in source.data["texts"]}
    for problem in problems:
        value = _value_at(original.data, problem.path)
        text = value.get("say") if isinstance(value, dict) else value  # a dict is a whole cue
        key = given.get(" ".join(text.split())) if isinstance(text, str) else None
        is_known = problem.path == ("language",)
        path: p.KeyPath = ("texts", key) if key else problem.path if is_known else ("texts",)
        part: p.CaretTarget = "value" if key or is_known else "table"
        yield Problem(path, problem.message, problem.allowed, problem.suggestion, problem.severity, part)


def _value_at(data: Any, path: p.KeyPath) -> object:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
