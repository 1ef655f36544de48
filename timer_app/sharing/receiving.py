"""What strangers have shared, as files to be written: checked as files of one's own are, before any of it is stored.

Everything is first written into a private folder that is removed again, and read there by the same reader that reads
the user's files. Nothing of the user's is ever replaced: a session whose name is taken gets a number, an exercise
whose id means another one here gets another id, and what is there already is not written again. What consists of
several files has a folder of its own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from timer_app.core.diagnostics import FileFault, parse_toml, validate_source
from timer_app.core.i18n import N_, _
from timer_app.core.session import ExerciseFile
from timer_app.interchange import FreePaths, ImportedFile, LedgerEntry, PlannedFile, slug
from timer_app.library import Folders, Library
from timer_app.sharing.bundle import Bundle, Data
from timer_app.sharing.packing import session_data
from timer_app.sharing.references import media_names, with_media, with_other_names
from timer_app.sharing.toml_text import exercises_toml, session_toml
from timer_app.system import paths

if TYPE_CHECKING:
    from timer_app.core.session import Exercise

FORMAT = "shared"
TITLE = N_("a shared session")
RENAMED = N_("another exercise has this id here, so it is called {name}")
KNOWN = N_("is in your catalogue already")
UNUSED = N_("no session and no exercise names this file")
_MAX_NUMBER = 1_000


@dataclass(frozen=True, slots=True)
class Received:
    """What was shared, with everything that came with it.

    Attributes:
        bundle: The sessions and exercises.
        files: Sounds, recordings and music: their bytes, by the paths that sessions and exercises name them by.
        source: How the user calls where it comes from.
    """

    bundle: Bundle
    files: Mapping[str, bytes] = field(default_factory=dict)
    source: str = ""


def receive(library: Library, received: Received) -> ImportedFile:
    """Which files would be written for what was shared.

    Args:
        library: The sessions and exercises that there are.
        received: What was shared.

    Raises:
        FileFault: It has faults; the exception lists all of them.
    """
    return _Receiver(library, received).plan()


class _Receiver:
    def __init__(self, library: Library, received: Received) -> None:
        self._library = library
        self._bundle = received.bundle
        self._files = received.files
        self._files_of: dict[str, list[str]] = {}  # by their paths, and by the folders that they are in
        for file in received.files:
            for name in (file, *map(str, PurePosixPath(file).parents[:-1])):
                self._files_of.setdefault(name, []).append(file)
        self._source = received.source
        self._stem = slug(received.bundle.name, "shared")
        self._ledger: list[LedgerEntry] = []
        self._paths = FreePaths(paths.own_sessions_dir(), paths.own_exercises_dir(), library.ids())

    def plan(self) -> ImportedFile:
        """What would be written, once it was checked."""
        exercises, new_ids = self._exercises()
        planned = [*self._sessions(new_ids), *self._exercise_files(exercises)]
        checked = _checked(planned, self._library.language)
        return ImportedFile(self._source, FORMAT, _(TITLE), tuple(checked), tuple(self._ledger))

    # Exercises

    def _exercises(self) -> tuple[dict[str, dict[str, Data]], dict[str, str]]:
        """The exercises that are not in the catalogue yet, and the ids of those that get another one."""
        catalogue = self._library.catalogue
        new_ids: dict[str, str] = {}
        known: set[str] = set()
        taken = {*catalogue, *(name for found in self._bundle.exercises.values() for name in found)}
        for language, found in self._bundle.exercises.items():
            models = _exercise_models({name: self._stored(data) for name, data in found.items()}, language)
            for name in found:
                if name not in catalogue:
                    continue
                if name in models and catalogue[name] == models[name]:
                    known.add(name)
                    self._ledger.append(LedgerEntry(0, name, "", "taken", KNOWN))
                    continue
                new_ids[name] = self._free_id(name, taken, models.get(name))
                taken.add(new_ids[name])
                self._ledger.append(LedgerEntry(0, name, "", "changed", RENAMED, {"name": new_ids[name]}))
        # One that has got its number with an earlier import is there by now.
        known |= {name for name, new in new_ids.items() if new in catalogue}
        exercises = {
            language: {new_ids.get(name, name): _with_new_ids(data, new_ids) for name, data in new.items()}
            for language, found in self._bundle.exercises.items()
            if (new := {name: data for name, data in found.items() if name not in known})
        }
        return exercises, new_ids

    def _free_id(self, name: str, taken: Collection[str], model: Exercise | None) -> str:
        """The first id with a number that is free, or that the same exercise has already."""
        for number in range(2, _MAX_NUMBER):
            numbered = f"{name}-{number}"
            mine = self._library.catalogue.get(numbered)
            if numbered not in taken or (mine is not None and mine == model):
                return numbered
        return f"{name}-{_MAX_NUMBER}"

    def _stored(self, exercise: Data) -> Data:
        """An exercise as it is stored, its recordings in a folder beside the file."""
        return with_media(exercise, lambda name, _kind: f"{self._stem}/{name}")

    def _exercise_files(self, exercises: Mapping[str, Mapping[str, Data]]) -> Iterator[PlannedFile]:
        folder = paths.own_exercises_dir()
        for language, found in exercises.items():
            name = self._stem if len(self._bundle.exercises) == 1 else f"{self._stem}-{language.lower()}"
            text = exercises_toml({one: self._stored(data) for one, data in found.items()}, language)
            path, status = self._paths.free(folder, name, text)
            yield PlannedFile(path, text, status, str(len(found)), kind="exercises")
        # Exercises in several languages may share a recording.
        yield from self._media(folder / self._stem, (data for found in exercises.values() for data in found.values()))

    # Sessions

    def _sessions(self, new_ids: Mapping[str, str]) -> Iterator[PlannedFile]:
        """The shared session, and those that it names beside it."""
        if self._bundle.sessions or self._files:
            yield from self._folder_of_sessions(new_ids)
            return
        data = with_other_names(self._bundle.session, {}, new_ids)
        text = session_toml(data)
        if (known := self._same_session(data)) is not None:
            yield PlannedFile(known, text, "there already", _title(data, self._stem))
            return
        path, status = self._paths.free(paths.own_sessions_dir(), self._stem, text)
        yield PlannedFile(path, text, status, _title(data, self._stem))

    def _same_session(self, data: Data) -> Path | None:
        """The file of a session of that name that says the same: such as a bundled one, which everybody has."""
        if self._stem not in self._library.ids():
            return None
        path = self._library.find(self._stem).path
        try:
            mine, _language = session_data(path, str(data.get("language", "")))
        except FileFault:
            return None
        return path if mine == data else None

    def _folder_of_sessions(self, new_ids: Mapping[str, str]) -> Iterator[PlannedFile]:
        names = self._names_beside()
        sessions = {self._stem: self._bundle.session, **{names[old]: one for old, one in self._bundle.sessions.items()}}
        written = {name: with_other_names(data, names, new_ids) for name, data in sessions.items()}
        texts = {name: session_toml(data) for name, data in written.items()}
        folder = self._free_folder({f"{name}.toml": text.encode() for name, text in texts.items()})
        for name, text in texts.items():
            path = folder / f"{name}.toml"
            yield PlannedFile(path, text, _status(path, text.encode()), _title(written[name], name))
        yield from self._media(folder, written.values())
        named = {name for data in (*sessions.values(), *self._every_exercise()) for name in media_names(data)}
        for name in sorted(self._files.keys() - named):
            self._ledger.append(LedgerEntry(0, name, "", "lost", UNUSED))

    def _every_exercise(self) -> Iterator[Data]:
        return (data for found in self._bundle.exercises.values() for data in found.values())

    def _names_beside(self) -> dict[str, str]:
        """What the sessions that are named are called beside the shared one."""
        names: dict[str, str] = {}
        for name in self._bundle.sessions:
            short, number = name.rpartition("/")[2], 1
            while (numbered := short if number == 1 else f"{short}-{number}") in {self._stem, *names.values()}:
                number += 1
            names[name] = numbered
        return names

    def _free_folder(self, contents: Mapping[str, bytes]) -> Path:
        """The first folder of that name that is not there, or has the same sessions in it."""
        parent = paths.own_sessions_dir()
        for number in range(1, _MAX_NUMBER):
            folder = parent / (self._stem if number == 1 else f"{self._stem}-{number}")
            if not folder.exists() or all(_status(folder / name, data) != "new" for name, data in contents.items()):
                return folder
        return parent / f"{self._stem}-{_MAX_NUMBER}"

    def _media(self, folder: Path, of: Iterable[Data]) -> Iterator[PlannedFile]:
        """The files that some data names, of those that came with it; music may be named by its folder."""
        files = {file: None for data in of for name in media_names(data) for file in self._files_of.get(name, ())}
        for file in files:
            path, data = folder / file, self._files[file]
            yield PlannedFile(path, "", _status(path, data), file, kind="media", data=data)


def _with_new_ids(exercise: Data, new_ids: Mapping[str, str]) -> Data:
    """An exercise with other ids in its ladder."""
    variants = exercise.get("variants")
    if not isinstance(variants, list):
        return exercise
    return {**exercise, "variants": [new_ids.get(one, one) if isinstance(one, str) else one for one in variants]}


def _title(data: Data, otherwise: str) -> str:
    name = data.get("name")
    return name if isinstance(name, str) else otherwise


def _status(path: Path, content: bytes) -> Literal["new", "there already"]:
    """Whether a file says so already; one that says something else makes writing fail, as it is never replaced."""
    try:
        is_same = path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        is_same = False
    return "there already" if is_same else "new"


def _checked(planned: list[PlannedFile], language: str) -> list[PlannedFile]:
    """The same files, with what is known once they were read as files of the user's.

    Raises:
        FileFault: One has errors.
    """
    with tempfile.TemporaryDirectory(prefix="timer-app-", ignore_cleanup_errors=True) as name:
        staging, own = Path(name), paths.config_dir()
        staged = {file.path: staging / file.path.relative_to(own) for file in planned if file.path.is_relative_to(own)}
        for file in planned:
            if (path := staged.get(file.path)) is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
        library = _library_with(staging, language)
        faults = [
            problem
            for file in planned
            if file.kind != "media" and file.path in staged
            for problem in library.check(staged[file.path], file.path.name)
            if problem.severity == "error"
        ]
        if faults:
            raise FileFault(list(dict.fromkeys(faults)))
        return [
            replace(file, length_ms=library.facts(staged.get(file.path, file.path)).length_ms)
            if file.kind == "session"
            else file
            for file in planned
        ]


def _library_with(staging: Path, language: str) -> Library:
    """The user's library, with what lies in a folder as if it were the user's own."""
    usual = Folders.default()
    folders = Folders(
        (("own", staging / "sessions"), *usual.sessions),
        (*usual.exercises, staging / "exercises"),
        None,
        usual.phrases,
    )
    return Library.of_default_sounds(folders, language)


def _exercise_models(exercises: Mapping[str, Data], language: str) -> Mapping[str, Exercise]:
    """The exercises as they are read; empty where they have faults, which are told later."""
    try:
        source = parse_toml(exercises_toml(exercises, language), "")
    except FileFault:
        return {}
    file, _problems = validate_source(ExerciseFile, source)
    return file.exercises if file else {}
