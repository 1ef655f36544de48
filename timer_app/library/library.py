"""Finds session files (bundled, the user's, or at any path) and lists them without reading known ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from timer_app.core.constraints import DEFAULT_THEME
from timer_app.library import index as library_index
from timer_app.system import lazy, paths
from timer_app.system.files import folders_inside, original_of, passed_over_files, toml_files, translation_files

if TYPE_CHECKING:
    from timer_app.core.compiler import CompileContext
    from timer_app.core.diagnostics import LocatedProblem, Source
    from timer_app.core.session import Exercise, Phrases
    from timer_app.core.session.model import Session
    from timer_app.core.timeline.utterance import Lengths
    from timer_app.library.exercises import ExerciseOrigin
    from timer_app.library.loader import FileReading, LibraryLoader, RefinePlan
    from timer_app.library.music import MusicLibrary, RecordingRef
    from timer_app.library.sounds import SoundLibrary, SoundOverrides

_HELPED_FROM = 300  # fewer new files are read sooner than a helper has started

Origin = Literal["shipped", "own", "file"]


class Media(NamedTuple):
    """The music and the recordings of a session.

    Attributes:
        music: The tracks.
        recordings: The recordings that replace spoken lines, by the line.
    """

    music: list[Path]
    recordings: dict[str, Path]


class LibraryError(Exception):
    """There is no such session; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A line of the list of sessions.

    Attributes:
        id: The file's name without its ending, after the folders that it lies in: `morning/wake-up`.
        path: The file.
        origin: Whether it is shipped, the user's own, or a file named by its path.
        name: The session's name; the id if the file has errors.
        summary: One line about it.
        length_ms: Its estimated length, without steps that wait for the user.
        equipment: The equipment it needs.
        faults: The number of errors in the file; a session with errors cannot be started.
        fault: The first of them, in a line; empty for none.
        words: What else it is found by: the names of its exercises and blocks, and the muscles they work on.
    """

    id: str
    path: Path
    origin: Origin
    name: str
    summary: str = ""
    length_ms: int = 0
    equipment: tuple[str, ...] = ()
    faults: int = 0
    words: str = ""
    fault: str = ""

    @property
    def group(self) -> str:
        """The folders inside that of the user's sessions in which the file lies, such as `morning`; empty for none."""
        return self.id.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a library looks.

    Attributes:
        sessions: Folders of session files with their origin; an earlier one hides the same name in a later one.
        exercises: Folders of exercise files; a later one replaces exercises of an earlier one.
        index: The cache file of the index; `None` for none.
        phrases: The folder of the user's phrase files; `None` for none.
    """

    sessions: tuple[tuple[Origin, Path], ...]
    exercises: tuple[Path, ...]
    index: Path | None = None
    phrases: Path | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as plain data, without the index."""
        sessions = [[origin, str(folder)] for origin, folder in self.sessions]
        return {
            "sessions": sessions,
            "exercises": list(map(str, self.exercises)),
            "phrases": None if self.phrases is None else str(self.phrases),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Folders:
        """What `to_json` has made plain."""
        sessions = tuple((origin, Path(folder)) for origin, folder in data["sessions"])
        phrases = None if data["phrases"] is None else Path(data["phrases"])
        return cls(sessions, tuple(map(Path, data["exercises"])), None, phrases)

    @classmethod
    def default(cls) -> Folders:
        """The user's and the shipped folders."""
        return cls(
            (("own", paths.own_sessions_dir()), ("shipped", paths.shipped_sessions_dir())),
            (paths.shipped_sessions_dir() / "exercises", paths.own_exercises_dir()),
            paths.cache_dir() / "library.json",
            paths.own_phrases_dir(),
        )


class Library:
    """All sessions and exercises.

    Args:
        folders: Where to look.
        sounds: The sounds that sessions may name.
        music: The music that they may name.
        language: The language in which sessions are wanted, where they are translated; empty for their own.
    """

    def __init__(
        self, folders: Folders, sounds: SoundLibrary, music: MusicLibrary | None = None, language: str = ""
    ) -> None:
        self.sounds = sounds
        self.language = language
        self.music = music or lazy(_no_music)
        self._folders = folders
        self._has_helper = False

    @classmethod
    def default(cls, language: str = "") -> Library:
        """The shipped and the user's sessions, in `language` where they are translated."""
        library = cls.of_default_sounds(Folders.default(), language)
        library._has_helper = True  # noqa: SLF001 - a helper has the same sounds and music
        return library

    @classmethod
    def of_default_sounds(cls, folders: Folders, language: str = "") -> Library:
        """The sessions in some folders, with the shipped and the user's sounds and music."""
        return cls(folders, lazy(_default_sounds), lazy(_default_music), language)

    @cached_property
    def _loader(self) -> LibraryLoader:
        from timer_app.library.loader import LibraryLoader, LoaderContext  # models are loaded only to read a file

        context = LoaderContext(self._folders.exercises, self._folders.phrases, self.sounds, self.music, self._files)
        return LibraryLoader(context, self.language, self.estimated_lengths)

    @property
    def catalogue(self) -> dict[str, Exercise]:
        """Every exercise, by its id; the user's own replace shipped ones of the same id."""
        return self._loader.catalogue

    def catalogue_in(self, language: str) -> dict[str, Exercise]:
        """The catalogue, translated into `language` where there is a translation."""
        return self._loader.catalogue_in(language)

    def exercise_origin(self, name: str) -> ExerciseOrigin | None:
        """The file that an exercise of the catalogue comes from; `None` if there is no such exercise."""
        return self._loader.exercise_origin(name)

    @property
    def catalogue_problems(self) -> list[LocatedProblem]:
        """The faults of exercise files that could not be used."""
        return self._loader.catalogue_problems

    @property
    def phrase_problems(self) -> list[LocatedProblem]:
        """The faults of the user's phrase files; the shipped phrases are used instead."""
        return self._loader.phrase_problems

    @property
    def phrase_languages(self) -> list[str]:
        """The languages in which the coach has words of its own."""
        return self._loader.phrase_languages

    def text_notices(self, session: Session, path: Path | None = None) -> list[str]:
        """The phrases and translations that a session needs but that have faults and are not used, a line per file.

        Args:
            session: The session, as loaded.
            path: Its file.
        """
        return self._loader.text_notices(session, path)

    def notices(self) -> list[str]:
        """The user's files that are not read, and others than sessions that have faults; a line for each."""
        passed_over = [library_index.passed_over_notice(*item) for item in self._passed_over().items()]
        return [*self._fault_notices(), *passed_over]

    def _fault_notices(self) -> list[str]:
        known = self._index.notices
        if known is None:
            known = self._loader.notices(self._translations())
            self._index.notices = known
            self._index.save()
        return known

    def entries(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> list[SessionEntry]:
        """Every session, the user's own first, those in folders last among them, sorted by name.

        Args:
            progress: Is told again and again how many of the files that are not known yet have been read.
        """
        files = self._session_files()
        known = {path: self._index.get(path) for _, path in files.values()}
        new = [path for path, facts in known.items() if facts is None]
        for done, (path, facts) in enumerate(self._read(new), 1):
            known[path] = facts
            progress(done, len(new))
        entries = [
            _entry(path, origin, name, known[path] or self.facts(path)) for name, (origin, path) in files.items()
        ]
        self._index.save()
        return sorted(
            entries,
            key=lambda entry: (entry.origin != "own", entry.group.casefold(), entry.name.casefold(), entry.id),
        )

    def uses(self, entry: SessionEntry) -> tuple[Path, ...]:
        """The files of the sessions that are put into one."""
        facts = self._index.get(entry.path) or self.facts(entry.path)
        return tuple(map(Path, facts.uses))

    def facts(self, path: Path) -> library_index.SessionFacts:
        """What the list shows of a session file, which is read for it."""
        return self._loader.facts(path, "")

    def _read(self, paths: Sequence[Path]) -> Iterator[tuple[Path, library_index.SessionFacts]]:
        """What the list shows of files that are not known yet, each remembered."""
        found: Iterable[tuple[Path, library_index.SessionFacts]]
        if self._has_helper and len(paths) >= _HELPED_FROM and (os.cpu_count() or 1) > 1:
            from timer_app.library.facts_reader import read_facts

            found = read_facts(paths, self.facts, self._folders.to_json(), self.language)
        else:
            found = ((path, self.facts(path)) for path in paths)
        for path, facts in found:
            self._index.put(path, facts)
            yield path, facts

    def _files(self) -> dict[str, Path]:
        """The file of every session, by its id."""
        return {name: path for name, (_, path) in sorted(self._session_files().items())}

    def ids(self) -> list[str]:
        """The id of every session, without reading the files."""
        return sorted(self._session_files())

    def forget(self, changed: Iterable[Path] = ()) -> None:
        """Read exercises, phrases and translations anew when they are needed next, as their files may have changed.

        Args:
            changed: What has changed; sessions alone are read anew anyway. Anything may have without it.
        """
        changed = tuple(changed)
        if not changed or not all(map(self._is_plain_session, changed)):
            for known in ("_loader", "_index"):
                self.__dict__.pop(known, None)

    def _is_plain_session(self, path: Path) -> bool:
        """Whether a file is a session and nothing on which others depend."""
        is_single = path.suffix == ".toml" and "." not in path.stem
        return (
            is_single
            and not self._is_catalogue(path)
            and any(path.is_relative_to(folder) for _origin, folder in self._folders.sessions)
        )

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """The folders of files that the user writes: sessions, exercises, phrases and their translations."""
        sessions = (folder for _origin, folder in self._folders.sessions)
        folders = (*sessions, *self._folders.exercises, *filter(None, [self._folders.phrases]))
        shipped = paths.shipped_sessions_dir()
        return tuple(folder for folder in folders if not folder.is_relative_to(shipped))

    def find(self, name_or_path: str) -> SessionEntry:
        """The session with that id, at that path, or of that name; the last part of an id is enough if it is unique.

        Raises:
            LibraryError: There is none, or more than one.
        """
        files = self._session_files()
        if name_or_path in files:
            origin, path = files[name_or_path]
            return self._entry(path, origin, name_or_path)
        given = library_index.existing_path(name_or_path)
        if given is not None and (original := original_of(given)):
            raise LibraryError(library_index.translation_message(name_or_path, original))
        if given is not None and (library_index.looks_like_path(name_or_path) or not given.is_dir()):
            known = (name for name, (_, path) in files.items() if path.absolute() == given.absolute())
            return self._entry(given, "file", next(known, given.stem), shown=name_or_path)
        inside = library_index.ids_in_folders(name_or_path, files)
        if len(inside) > 1:
            raise LibraryError(library_index.several_message(name_or_path, inside))
        if inside:
            origin, path = files[inside[0]]
            return self._entry(path, origin, inside[0])
        named = [entry for entry in self.entries() if entry.name.casefold() == name_or_path.casefold()]
        if named:
            return named[0]
        raise LibraryError(library_index.not_found_message(name_or_path, list(files), self._passed_over()))

    def load(self, entry: SessionEntry) -> tuple[Session, list[LocatedProblem]]:
        """A session and the warnings about it.

        Raises:
            FileFault: The file has errors; the exception lists all of them.
        """
        return self._loader.load(entry.path)

    def check(self, path: Path, shown: str = "", refine: RefinePlan | None = None) -> list[LocatedProblem]:
        """All faults of a file: a session, exercises, a programme, a translation or phrases.

        Args:
            path: The file.
            shown: The path as the user wrote it, for messages; empty for `path` itself.
            refine: Gives a session its plan with exact lengths; `None` leaves them estimated.
        """
        return self._loader.check(path, shown, refine)

    def read(self, source: Source, path: Path, refine: RefinePlan | None = None) -> FileReading:
        """What a text that may not be saved yet says: its faults, and what it becomes if it is a session.

        Args:
            source: The text.
            path: Where it lies, or would lie.
            refine: Gives a session its plan with exact lengths; `None` leaves them estimated.
        """
        return self._loader.read(source, path, refine)

    def plan(self, session: Session, lengths: Lengths, level: float = 0.0, seed: int = 0) -> CompileContext:
        """What is needed to compile `session`."""
        return self._loader.plan(session, lengths, level, seed)

    def phrases(self, language: str) -> Phrases:
        """The coach's phrases in a language, its base language, or English."""
        return self._loader.phrases(language)

    def estimated_lengths(self, theme: str, beside: Path | None = None, own: SoundOverrides | None = None) -> Lengths:
        """Estimated lengths of lines, and exact lengths of sounds."""
        from timer_app.core.compiler import EstimatedLengths

        return EstimatedLengths(self.sound_lengths(theme, beside, own))

    def sound_lengths(
        self, theme: str, beside: Path | None = None, own: SoundOverrides | None = None
    ) -> Callable[[str], int]:
        """A function that gives the length of a sound in milliseconds; 0 if the sound does not exist."""
        from timer_app.library.sounds import wav_length_ms

        @cache
        def length_ms(sound: str) -> int:
            path = self.find_sound(sound, theme, beside, own)
            return wav_length_ms(path) if path else 0

        return length_ms

    def find_sound(
        self, sound: str, theme: str, beside: Path | None = None, own: SoundOverrides | None = None
    ) -> Path | None:
        """The file of a sound: from `own`, from the theme, or else from the default theme.

        Args:
            sound: A name, or the path of a WAV file.
            theme: The name of a theme.
            beside: The folder of the session's file.
            own: Files that replace single sounds, if they exist.
        """
        replaced = self.sounds.find(own[sound], theme, beside) if own and sound in own else None
        return replaced or self.sounds.find(sound, theme, beside) or self.sounds.find(sound, DEFAULT_THEME, beside)

    def media(self, session: Session, beside: Path | None = None) -> Media:
        """The music and the recordings of a session and its exercises, as far as the files exist.

        Args:
            session: The session.
            beside: The folder of its file.
        """
        from timer_app.library.music import recorded_lines  # models are loaded only for a session

        catalogue, phrases = self.catalogue_in(session.language), self.phrases(session.language)
        references = recorded_lines(session, catalogue, phrases)
        found = {line: self._recording(reference, beside) for line, reference in references.items()}
        recordings = {line: path for line, path in found.items() if path}
        return Media(self.music.find(session.sound.music, beside), recordings)

    def _recording(self, reference: RecordingRef, beside: Path | None) -> Path | None:
        folder = self._loader.folder_of(reference.exercise) if reference.exercise else beside
        return self.music.find_recording(reference.file, folder)

    @cached_property
    def _index(self) -> library_index.LibraryIndex:
        catalogue = [path for folder in self._folders.exercises for path in toml_files(folder)]
        phrases = toml_files(self._folders.phrases) if self._folders.phrases else []
        return library_index.LibraryIndex(
            self._folders.index, [*catalogue, *phrases, *self._translations()], self.language
        )

    def _translations(self) -> list[Path]:
        sessions = (inside for origin, folder in self._folders.sessions for inside in self._folders_in(origin, folder))
        folders = [*self._folders.exercises, *sessions]
        return [path for folder in folders for path in translation_files(folder)]

    def _passed_over(self) -> dict[Path, str]:
        """The user's files that look like sessions and are not read, each with what to do about it."""
        own = [folder for origin, folder in self._folders.sessions if origin == "own"]
        found = {path: advice for folder in own for path, advice in passed_over_files(folder).items()}
        return {path: advice for path, advice in found.items() if not self._is_catalogue(path)}

    def _is_catalogue(self, path: Path) -> bool:
        folders = [*self._folders.exercises, *filter(None, [self._folders.phrases])]
        return any(path.is_relative_to(folder) for folder in folders)

    def _session_files(self) -> dict[str, tuple[Origin, Path]]:
        files: dict[str, tuple[Origin, Path]] = {}
        for origin, folder in self._folders.sessions:
            for inside in self._folders_in(origin, folder):
                group = "" if inside == folder else f"{inside.relative_to(folder).as_posix()}/"
                for path in toml_files(inside):
                    files.setdefault(f"{group}{path.stem}", (origin, path))
        return files

    def _folders_in(self, origin: Origin, folder: Path) -> list[Path]:
        """The folders that are read in one of sessions; those of the user may have others inside, as groups."""
        if origin != "own":
            return [folder]
        return [inside for inside in folders_inside(folder) if not self._is_catalogue(inside)]

    def _entry(self, path: Path, origin: Origin, session_id: str, shown: str = "") -> SessionEntry:
        facts = self._index.get(path)
        if facts is None:
            facts = self._loader.facts(path, shown)
            self._index.put(path, facts)
        return _entry(path, origin, session_id, facts)


def _entry(path: Path, origin: Origin, session_id: str, facts: library_index.SessionFacts) -> SessionEntry:
    shown = (facts.name, facts.summary, facts.length_ms, facts.equipment, facts.faults, facts.words, facts.fault)
    return SessionEntry(session_id, path, origin, *shown)


# Reading a session needs sounds and music; listing sessions does not.
def _default_sounds() -> SoundLibrary:
    from timer_app.library.sounds import SoundLibrary

    return SoundLibrary.default()


def _default_music() -> MusicLibrary:
    from timer_app.library.music import MusicLibrary

    return MusicLibrary.default()


def _no_music() -> MusicLibrary:
    from timer_app.library.music import MusicLibrary

    return MusicLibrary()
