"""Reads and checks translations, which lie beside sessions and exercises: `desk-break.de.toml`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from timer_app.core.diagnostics import problems as p
from timer_app.core.diagnostics.problems import FileFault, LocatedProblem, Problem, nearest, quoted
from timer_app.core.diagnostics.source import Source
from timer_app.core.diagnostics.validate import validate_source
from timer_app.core.fields.template import clean_text
from timer_app.core.session.translation import Translatable, Translation, in_language, recordings_of, texts_of
from timer_app.core.text.format import count_text
from timer_app.core.text.languages import base_language
from timer_app.system.files import original_of, parse_file, translations_of

# Reads the original of a translation, and tells what would disappoint in such a model.
ReadOriginal = Callable[[Source, Path], tuple[Translatable | None, Callable[..., list[Problem]]]]
# The texts of a translation, and its faults.
_ReadResult = tuple[Mapping[str, str], tuple[LocatedProblem, ...]]
_PLACEHOLDER = re.compile(r"{\w+}")
_CACHE_SIZE = 256  # files


def is_translation(source: Source) -> bool:
    """Whether a file holds translated texts, and neither a session nor exercises."""
    return "texts" in source.data and not {"steps", "exercises"} & source.data.keys()


def translated_texts(path: Path, language: str) -> Mapping[str, str]:
    """The texts of a file in a language or its base language; none where there is no translation without errors."""
    beside = _find_translation(path, language)
    return _read(beside)[0] if beside else {}


def translation_faults(path: Path, language: str) -> Sequence[LocatedProblem]:
    """Why the translation that `texts_beside` looks for cannot be used; nothing where there is none."""
    beside = _find_translation(path, language)
    return translation_file_faults(beside) if beside else ()


def translation_file_faults(path: Path) -> Sequence[LocatedProblem]:
    """Why a translation cannot be used."""
    return _read(path)[1]


def _find_translation(path: Path, language: str) -> Path | None:
    found = translations_of(path)
    return found.get(language.lower()) or found.get(base_language(language))


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
    found, problems = validate_source(Translation, source)
    return (found.everything if found else {}), tuple(source.collected(problems))


def fault_notices(problems: Iterable[LocatedProblem]) -> list[str]:
    """A line for each file that is not used, or not wholly, for the faults in it."""
    files: dict[str, list[LocatedProblem]] = {}
    for problem in problems:
        files.setdefault(problem.file, []).append(problem)
    return [_fault_notice(file, found[0], len(found) - 1) for file, found in files.items()]


def _fault_notice(file: str, first: LocatedProblem, more: int) -> str:
    place = f"{file}:{first.line}" if first.line else file
    key = f"{first.key}: " if first.key else ""
    others = f" and {count_text(more, 'more fault')}" if more else ""
    return f"{place}: {key}{first.message}{others}; other words stand in, and `timer-app check` tells more."


def check_translation(source: Source, path: Path, find: ReadOriginal, context: dict[str, Any]) -> list[LocatedProblem]:
    """Everything wrong with a file of translated texts; warnings only where there are no errors.

    Args:
        source: The file.
        path: Where it lies.
        find: Reads what it belongs to, `None` where that has errors, and tells what would disappoint in it.
        context: What validators look things up in.
    """
    problems, original = list(_errors(source, context)), original_of(path)
    if original is None:
        problems.append(Problem((), "there is no file beside it that this is a translation of"))
    if problems or original is None:
        return source.collected(problems)
    try:
        found = parse_file(original)
    except FileFault as fault:
        return list(fault.problems)
    model, warnings = find(found, original)
    if model is None:
        return source.collected([Problem((), f"{original.name} has faults; check that first")])
    made = in_language(model, _cleaned(source), source.data["language"])
    return source.collected(
        [*_gaps(source, model, original.name), *_problems_in_translation(warnings(made), source, found)]
    )


def _cleaned(source: Source) -> dict[str, str]:
    """The texts of a translation without errors, as models hold them."""
    return {clean_text(text): clean_text(translation) for text, translation in source.data["texts"].items()}


def _errors(source: Source, context: dict[str, Any]) -> Iterator[Problem]:
    """Why a file of translated texts cannot be used."""
    yield from validate_source(Translation, source, context)[1]
    language, named = source.data.get("language"), Path(source.name).stem.rpartition(".")[2]
    if isinstance(language, str) and language.lower() != named.lower():
        said = f"is not what the file is called; it is taken for the language {quoted(named)}"
        yield Problem(("language",), said, quoted(named))


def _gaps(source: Source, original: Translatable, name: str) -> Iterator[Problem]:
    """What does not fit the original any more: texts it has not, texts without a translation, placeholders.

    Args:
        source: A translation without errors.
        original: The session, or the file of exercises.
        name: The original's file.
    """
    wanted = dict.fromkeys(text for _, text in texts_of(original))
    given = {clean_text(text): text for text in source.data["texts"]}
    for text, key in given.items():
        if text not in wanted:
            said = f"{name} has no such text"
            near = nearest(text, wanted.keys() - given.keys()) or ""
            yield Problem(("texts", key), said, "", near, "warning", "key")
        else:
            yield from _other_placeholders(text, source.data["texts"][key], ("texts", key))
    known = recordings_of(original)
    for recording in source.data.get("recordings", {}):
        if recording not in known:
            near = nearest(recording, known) or ""
            yield Problem(("recordings", recording), f"{name} has no such recording", "", near, "warning", "key")
    for text in wanted:
        if text not in given:
            yield Problem(("texts",), f"{quoted(text)} has no translation", severity="warning", part="table")


def _other_placeholders(text: str, translation: str, path: p.KeyPath) -> Iterator[Problem]:
    before, after = (set(_PLACEHOLDER.findall(words)) for words in (text, translation))
    if before != after:
        said = f"has other placeholders than the original: {_listed(after)} in place of {_listed(before)}"
        yield Problem(path, said, severity="warning")


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted(names)) or "none"


def _problems_in_translation(problems: Iterable[Problem], source: Source, original: Source) -> Iterator[Problem]:
    """Problems of the translated original, at the texts of the translation that they are about."""
    given = {clean_text(text): text for text in source.data["texts"]}
    for problem in problems:
        found = _value_at(original.data, problem.path)
        text = found.get("say") if isinstance(found, dict) else found  # a cue as a whole
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
