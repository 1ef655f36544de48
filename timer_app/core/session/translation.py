"""The schema of translations, and how one is applied to a session or an exercise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields import types as f
from timer_app.core.fields.load import has_words
from timer_app.core.fields.types import SIDE_WORDS, Strict
from timer_app.core.session.exercise import ExerciseFile
from timer_app.core.session.model import CoachRecordings, Session

# The keys whose values are read or heard by whoever exercises.
TEXT_KEYS = frozenset(
    {
        *("name", "short", "label", "summary", "say", "wait", "text", "unit"),
        *("begin", "finish", "reminders", "second_side"),
        *("cautions", "equipment", "sides", "because", "go", "load"),
    }
)

Translatable = Session | ExerciseFile
_M = TypeVar("_M", bound=BaseModel)
_OWN_WORDS = frozenset({*SIDE_WORDS, "end", "easier", "harder"})  # these mean something by themselves
_NOT_READ = frozenset({"voice", "sound", "lexicon", "figure"})  # tables about how it sounds and looks


class Translation(Strict):
    """A file of translated texts, beside the session or the exercises that it belongs to."""

    schema_version: f.SchemaVersion = Field(alias="schema", description="The version of this format: 1.")
    language: f.Language = Field(description="The language of the translated texts.")
    texts: dict[f.Text, f.Text] = Field(description="Each text as it stands in the original, and its translation.")
    recordings: dict[str, f.Recording] = Field({}, description="Recordings, and the translated ones in their place.")

    @property
    def everything(self) -> dict[str, str]:
        """Translations of texts and of recordings."""
        return {**self.texts, **self.recordings}


def recordings_of(model: BaseModel) -> frozenset[str]:
    """The files of all lines of a model that are recorded."""
    inner = [getattr(model, key) for key in _keys(model)]
    own = inner if isinstance(model, CoachRecordings) else [getattr(model, "recording", None)]
    return frozenset(filter(None, own)).union(*(_recordings(value) for value in inner))


def _recordings(value: object) -> frozenset[str]:
    if isinstance(value, BaseModel):
        return recordings_of(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return frozenset[str]().union(*map(_recordings, inner))


def texts_of(model: BaseModel, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every text of a model that can be translated, with its place in the file."""
    for key in _keys(model):
        if key == "go":
            continue  # it repeats the name of a step, which is translated there
        alias = type(model).model_fields[key].alias
        yield from _texts(getattr(model, key), (*path, alias or key), is_text=key in TEXT_KEYS)


def _keys(model: BaseModel) -> Iterator[str]:
    return (key for key in type(model).model_fields if key not in _NOT_READ)


def _texts(value: object, path: KeyPath, *, is_text: bool) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, BaseModel):
        yield from texts_of(value, path)
    elif isinstance(value, str):
        # A load in numbers is the same in every language.
        if is_text and value not in _OWN_WORDS and ("load" not in path[-2:] or has_words(value)):
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key), is_text=is_text)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index), is_text=is_text)


def in_language(model: _M, texts: Mapping[str, str], language: str) -> _M:
    """The model of a file in another language, with the texts that have a translation."""
    return translated(model, texts).model_copy(update={"language": language})


def translated(model: _M, texts: Mapping[str, str]) -> _M:
    """The same model with the texts that have a translation in it; the others stay as they are."""
    if isinstance(model, CoachRecordings):
        return model.model_copy(update={key: texts.get(file) for key, file in model})
    changes = {key: _translated(getattr(model, key), texts, key in TEXT_KEYS) for key in _keys(model)}
    recording = getattr(model, "recording", None)
    if recording and any(changes.get(key) != getattr(model, key, None) for key in ("say", "wait")):
        # What was recorded in another language is spoken, unless there is a recording in this one.
        changes["recording"] = texts.get(recording)
    return model.model_copy(update=changes)


def _translated(value: Any, texts: Mapping[str, str], is_text: bool) -> Any:
    if isinstance(value, BaseModel):
        return translated(value, texts)
    if isinstance(value, str):
        return texts.get(value, value) if is_text and value not in _OWN_WORDS else value
    if isinstance(value, dict):
        return {key: _translated(inner, texts, is_text) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_translated(inner, texts, is_text) for inner in value)
    return value
