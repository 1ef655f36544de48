"""Packs a session for others: its data in the language in which it is seen, and what of its author's it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.diagnostics import quoted
from timer_app.core.fields.types import CUE_SOUNDS
from timer_app.core.i18n import _
from timer_app.core.wording.languages import same_language
from timer_app.library import translated_texts
from timer_app.sharing.bundle import MAX_SESSIONS, Bundle, Data, ShareError
from timer_app.sharing.references import (
    MediaKind,
    in_language,
    media_names,
    named_exercises,
    named_sessions,
    with_media,
)
from timer_app.system import paths
from timer_app.system.files import parse_file

if TYPE_CHECKING:
    from timer_app.library import Library, SessionEntry

_USUAL_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Packed:
    """A session with all it needs.

    Attributes:
        bundle: Its data, with the names of files as the author wrote them.
        folder: The folder of its file, from which these are meant.
        folders: The folder of the file of each exercise of the author's.
    """

    bundle: Bundle
    folder: Path
    folders: Mapping[str, Path] = field(default_factory=dict)

    @property
    def media(self) -> list[str]:
        """The sounds, recordings and music that it names, each once."""
        exercises = (data for found in self.bundle.exercises.values() for data in found.values())
        everything = (self.bundle.session, *self.bundle.sessions.values(), *exercises)
        return list(dict.fromkeys(name for data in everything for name in media_names(data)))

    @property
    def without_media(self) -> Bundle:
        """The data without any file that would have to come with it."""

        def leave_out(_name: str, _kind: MediaKind) -> None:
            return None

        return Bundle(
            with_media(self.bundle.session, leave_out),
            {name: with_media(data, leave_out) for name, data in self.bundle.sessions.items()},
            {
                language: {name: with_media(data, leave_out) for name, data in exercises.items()}
                for language, exercises in self.bundle.exercises.items()
            },
        )


def pack(library: Library, entry: SessionEntry) -> Packed:
    """Pack a session.

    Args:
        library: Where it is, and the sessions and exercises that it names.
        entry: The session, which has no faults.

    Raises:
        ShareError: It names more sessions than can be shared at once.
        FileFault: A file cannot be read.
    """
    session, language = session_data(entry.path, library.language)
    sessions = _own_sessions(library, entry, session)
    everything = [session, *sessions.values()]
    exercises, folders = _own_exercises(library, everything, language)
    return Packed(Bundle(session, sessions, exercises), entry.path.parent, folders)


def session_data(path: Path, wanted: str) -> tuple[Data, str]:
    """The data of a session, in the wanted language where it is translated, and the language it is in.

    Raises:
        FileFault: The file cannot be read.
    """
    data = _with_own_theme(parse_file(path).data)
    language = str(data.get("language", _USUAL_LANGUAGE))
    if not wanted or same_language(wanted, language):
        return data, language
    texts = translated_texts(path, wanted)
    return (in_language(data, texts, wanted), wanted) if texts else (data, language)


def _with_own_theme(data: Data) -> Data:
    """The data of a session with the files of a sound theme of the user's, which nobody else has by its name."""
    sound = data.get("sound")
    theme = sound.get("theme") if isinstance(sound, dict) else None
    folder = paths.own_sounds_dir() / str(theme)
    if not isinstance(sound, dict) or not isinstance(theme, str) or (paths.shipped_sounds_dir() / theme).is_dir():
        return data
    files = {name: f"{theme}/{name}.wav" for name in CUE_SOUNDS if (folder / f"{name}.wav").is_file()}
    rest = {key: value for key, value in sound.items() if key != "theme"}
    return {**data, "sound": {**rest, "sounds": {**files, **sound.get("sounds", {})}}}


def _own_sessions(library: Library, entry: SessionEntry, session: Data) -> dict[str, Data]:
    """The sessions of the author's that a session names, and that those name, by their ids."""
    known = set(library.ids())
    found: dict[str, Data] = {}
    waiting = named_sessions(session)
    while waiting:
        name = waiting.pop(0)
        near = entry.path.parent / f"{name}.toml"
        path = near if near.is_file() else library.find(name).path if name in known else None
        if path is None or name in found or _is_shipped(path):
            continue
        if len(found) == MAX_SESSIONS:
            raise ShareError(
                _("{session} names more than {most} other sessions").format(session=quoted(entry.id), most=MAX_SESSIONS)
            )
        found[name], _language = session_data(path, library.language)
        waiting += named_sessions(found[name])
    return found


def _own_exercises(
    library: Library, sessions: Iterable[Data], language: str
) -> tuple[dict[str, dict[str, Data]], dict[str, Path]]:
    """The exercises of the author's that sessions use, by their language, and the folder of the file of each."""
    wanted = list(dict.fromkeys(name for data in sessions for name in named_exercises(data)))
    ladders = {name: exercise.variants for name, exercise in library.catalogue.items() if exercise.variants}
    found: dict[str, dict[str, Data]] = {}
    folders: dict[str, Path] = {}
    while wanted:
        name = wanted.pop(0)
        origin = library.exercise_origin(name)
        if origin is None or name in folders or _is_shipped(origin.path):
            continue
        data = deepcopy(parse_file(origin.path).data["exercises"][name])
        spoken = origin.language
        texts = {} if same_language(spoken, language) else translated_texts(origin.path, language)
        if texts:
            data, spoken = in_language(data, texts, ""), language
        found.setdefault(spoken, {})[name] = data
        folders[name] = origin.path.parent
        # Easier and harder variants are a ladder, which is whole or none.
        wanted += [each for top, steps in ladders.items() if name in steps for each in (top, *steps)]
    return found, folders


def _is_shipped(path: Path) -> bool:
    return path.resolve().is_relative_to(paths.shipped_sessions_dir().resolve())
