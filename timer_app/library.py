"""Finds and reads session files and exercise catalogues: shipped ones, the user's, and any path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from timer_app import paths
from timer_app.core.check import check_session
from timer_app.core.compile import Plan
from timer_app.core.estimate import EstimatedLengths
from timer_app.core.exercise import Exercise, ExerciseFile
from timer_app.core.fields import DEFAULT_THEME
from timer_app.core.limits import check_limits
from timer_app.core.model import Session
from timer_app.core.phrases import Phrases
from timer_app.core.problems import FileFault, Located, Problem, nearest
from timer_app.core.reader import read
from timer_app.core.source import Source, parse
from timer_app.core.speech import Lengths
from timer_app.files import read_text
from timer_app.library_index import Index
from timer_app.soundbox import SoundBox, wav_length_ms

Origin = Literal["shipped", "own", "file"]
FALLBACK_LANGUAGE = "en"
_PHRASES = Path(__file__).parent / "phrases"
_SUFFIX = ".toml"


class LibraryError(Exception):
    """There is no such session; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A line of the list of sessions.

    Attributes:
        id: The file's name without its ending; what the user types.
        path: The file.
        origin: Whether it is shipped, the user's own, or a file named by its path.
        name: The session's name; the id where the file is broken.
        summary: One line about it.
        length_ms: How long it takes, steps that wait counted as nothing; an estimate.
        equipment: What is needed.
        faults: How many errors the file has; a session with any cannot be started.
    """

    id: str
    path: Path
    origin: Origin
    name: str
    summary: str = ""
    length_ms: int = 0
    equipment: tuple[str, ...] = ()
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a library looks.

    Attributes:
        sessions: Folders of session files with their origin; an earlier one hides the same name in a later one.
        exercises: Folders of exercise files; a later one replaces exercises of an earlier one.
        index: Where what was found in the files is kept; `None` for nowhere.
    """

    sessions: tuple[tuple[Origin, Path], ...]
    exercises: tuple[Path, ...]
    index: Path | None = None

    @classmethod
    def default(cls) -> Folders:
        """The user's and the shipped folders."""
        return cls(
            (("own", paths.own_sessions()), ("shipped", paths.shipped_sessions())),
            (paths.shipped_sessions() / "exercises", paths.own_exercises()),
            paths.cache_dir() / "library.json",
        )


class Library:
    """All sessions and exercises.

    Args:
        folders: Where to look.
        sounds: Which sounds sessions may name.
    """

    def __init__(self, folders: Folders, sounds: SoundBox) -> None:
        self.sounds = sounds
        self._folders = folders

    @classmethod
    def default(cls) -> Library:
        """The shipped and the user's own."""
        return cls(Folders.default(), SoundBox.default())

    @cached_property
    def _catalogue(self) -> tuple[dict[str, Exercise], list[Located]]:
        exercises: dict[str, Exercise] = {}
        problems: list[Located] = []
        for path in (path for folder in self._folders.exercises for path in _toml_files(folder)):
            try:
                exercises |= self._exercise_file(_parse(path, str(path)))
            except FileFault as fault:
                problems += fault.problems
        return exercises, problems

    @property
    def catalogue(self) -> dict[str, Exercise]:
        """Every exercise, by its id; the user's own replace shipped ones of the same id."""
        return self._catalogue[0]

    @property
    def catalogue_problems(self) -> list[Located]:
        """What is wrong with exercise files; their exercises are missing from the catalogue."""
        return self._catalogue[1]

    def entries(self) -> list[SessionEntry]:
        """Every session, the user's own first, each list by name."""
        entries = [self._entry(path, origin) for origin, path in self._session_files().values()]
        self._index.save()
        return sorted(entries, key=lambda entry: (entry.origin != "own", entry.name.casefold()))

    def ids(self) -> list[str]:
        """The id of every session, without reading the files."""
        return sorted(self._session_files())

    def find(self, name_or_path: str) -> SessionEntry:
        """The session called that, or at that path.

        Raises:
            LibraryError: There is none.
        """
        files = self._session_files()
        if name_or_path in files:
            origin, path = files[name_or_path]
            return self._entry(path, origin)
        path = Path(name_or_path).expanduser()
        if _exists(path) and (path.suffix or "/" in name_or_path or not path.is_dir()):
            return self._entry(path, "file", shown=name_or_path)
        named = [entry for entry in self.entries() if entry.name.casefold() == name_or_path.casefold()]
        if named:
            return named[0]
        if "/" in name_or_path or name_or_path.endswith(_SUFFIX):
            raise LibraryError(f"{name_or_path}: there is no such file")
        near = nearest(name_or_path, files)
        hint = f'; did you mean "{near}"?' if near else "; `timer-app list` shows them all"
        raise LibraryError(f'there is no session "{name_or_path}"{hint}')

    def load(self, entry: SessionEntry) -> tuple[Session, list[Located]]:
        """A session and the warnings about it.

        Raises:
            FileFault: The file has errors; it carries all of them, warnings included.
        """
        source = _parse(entry.path, str(entry.path))
        session, problems = self._read_session(source, entry.path)
        located = [source.located(problem) for problem in problems]
        if session is None:
            raise FileFault(located)
        return session, located

    def check(self, path: Path, shown: str = "") -> list[Located]:
        """Everything wrong with a session file or a file of exercises; warnings only where there are no errors."""
        try:
            source = _parse(path, shown or str(path))
            if "exercises" in source.data and "steps" not in source.data:
                self._exercise_file(source)
                return []
        except FileFault as fault:
            return list(fault.problems)
        return [source.located(problem) for problem in self._read_session(source, path)[1]]

    def plan(self, session: Session, lengths: Lengths, level: float = 0.0, seed: int = 0) -> Plan:
        """What is needed to compile `session`."""
        return Plan(self.catalogue, self.phrases(session.language), lengths, level, seed)

    def phrases(self, language: str) -> Phrases:
        """The coach's words in a language, its base language, or English."""
        for code in (language, language.split("-", maxsplit=1)[0], FALLBACK_LANGUAGE):
            path = _PHRASES / f"{code.lower()}{_SUFFIX}"
            if path.is_file():
                return self._phrases_at(path)
        raise LibraryError(f"the program's own phrases are missing from {_PHRASES}; install it again")

    def has_phrases(self, language: str) -> bool:
        """Whether the coach speaks the language by itself."""
        return self.phrases(language).language == language.split("-", maxsplit=1)[0].lower()

    def estimated_lengths(self, theme: str, beside: Path | None = None) -> Lengths:
        """Lengths of lines guessed from their text, and true ones of sounds."""
        return EstimatedLengths(self.sound_lengths(theme, beside))

    def sound_lengths(self, theme: str, beside: Path | None = None) -> Callable[[str], int]:
        """Tells how long a sound lasts, in milliseconds; 0 for one that is not there."""

        @cache
        def length_ms(sound: str) -> int:
            path = self.find_sound(sound, theme, beside)
            return wav_length_ms(path) if path else 0

        return length_ms

    def find_sound(self, sound: str, theme: str, beside: Path | None = None) -> Path | None:
        """The file of a sound: of the theme, of the default theme where that lacks it, or of the author.

        Args:
            sound: A name, or the path of a WAV file.
            theme: The name of a theme.
            beside: The folder of the session's file.
        """
        return self.sounds.find(sound, theme, beside) or self.sounds.find(sound, DEFAULT_THEME, beside)

    @cached_property
    def _read_phrases(self) -> dict[Path, Phrases]:
        return {}

    def _phrases_at(self, path: Path) -> Phrases:
        known = self._read_phrases
        if path not in known:
            known[path] = Phrases.model_validate(_parse(path, str(path)).data)
        return known[path]

    @cached_property
    def _index(self) -> Index:
        catalogue = [path for folder in self._folders.exercises for path in _toml_files(folder)]
        return Index(self._folders.index, catalogue)

    def _session_files(self) -> dict[str, tuple[Origin, Path]]:
        found: dict[str, tuple[Origin, Path]] = {}
        for origin, folder in self._folders.sessions:
            for path in _toml_files(folder):
                found.setdefault(path.stem, (origin, path))
        return found

    def _entry(self, path: Path, origin: Origin, shown: str = "") -> SessionEntry:
        facts = self._index.get(path)
        if facts is None:
            facts = self._facts(path, shown or str(path))
            self._index.put(path, facts)
        return SessionEntry(id=path.stem, path=path, origin=origin, **{**facts, "equipment": tuple(facts["equipment"])})

    def _facts(self, path: Path, shown: str) -> dict[str, Any]:
        """What the list shows of a file."""
        facts: dict[str, Any] = {"name": path.stem, "summary": "", "length_ms": 0, "equipment": [], "faults": 0}
        try:
            source = _parse(path, shown)
        except FileFault as fault:
            return facts | {"faults": len(fault.problems)}
        session, problems = read(Session, source, self._context(path))
        if session is not None:
            problems = check_limits(session, self.plan(session, EstimatedLengths()))
        if session is None or problems:
            return facts | {"name": _name_in(source) or path.stem, "faults": len(problems)}
        return facts | self._measured(session)

    def _measured(self, session: Session) -> dict[str, Any]:
        plan = self.plan(session, self.estimated_lengths(session.sound.theme), session.level or 0.0)
        timeline = check_session(session, plan)[0].timeline
        needed = dict.fromkeys(item for step in timeline.steps for item in step.equipment)
        return {
            "name": session.name,
            "summary": session.summary or "",
            "length_ms": timeline.total_ms,
            "equipment": list(needed),
        }

    def _read_session(self, source: Source, path: Path) -> tuple[Session | None, list[Problem]]:
        """The session, if it has no errors, and everything to be said about it."""
        session, problems = read(Session, source, self._context(path))
        if session is None:
            return None, problems
        plan = self.plan(session, self.estimated_lengths(session.sound.theme, path.parent), session.level or 0.0)
        problems = check_limits(session, plan)
        if problems:
            return None, problems
        warnings = check_session(session, plan)[1]
        if not self.has_phrases(session.language):
            said = f'the coach\'s own lines are not there in "{session.language}"; they are spoken in English'
            warnings.insert(0, Problem(("language",), said, severity="warning"))
        return session, warnings

    def _context(self, path: Path) -> dict[str, Any]:
        """What the session's validators look things up in."""
        return {
            "exercises": self.catalogue,
            "themes": self.sounds.themes,
            "check_sound": lambda sound: self.sounds.check(sound, path.parent),
        }

    def _exercise_file(self, source: Source) -> dict[str, Exercise]:
        found, problems = read(ExerciseFile, source, {"check_sound": self.sounds.check})
        if found is None:
            raise FileFault([source.located(problem) for problem in problems])
        return found.exercises


def _parse(path: Path, shown: str) -> Source:
    try:
        return parse(read_text(path, shown=shown), shown)
    except FileNotFoundError:
        raise FileFault.about(shown, "there is no such file") from None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _toml_files(folder: Path) -> Iterator[Path]:
    try:
        found: Sequence[Path] = sorted(folder.glob(f"*{_SUFFIX}"))
    except OSError:
        return iter(())
    return (path for path in found if not path.name.startswith("."))


def _name_in(source: Source) -> str:
    """The name of a session that has errors, if that is not one of them."""
    name = source.data.get("name")
    return " ".join(name.split())[:80] if isinstance(name, str) and name.isprintable() else ""
