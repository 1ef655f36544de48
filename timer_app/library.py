"""Finds and reads session files and exercise catalogues: shipped ones, the user's, and any path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from timer_app import paths
from timer_app.catalogue import (
    Catalogue,
    check_exercises,
    exercise_file,
    exercise_warnings,
    is_exercise_file,
    read_catalogue,
)
from timer_app.core.check import check_session
from timer_app.core.compile import Plan, outline
from timer_app.core.estimate import EstimatedLengths
from timer_app.core.exercise import Exercise
from timer_app.core.fields import DEFAULT_THEME
from timer_app.core.flatten import leaves
from timer_app.core.limits import check_limits
from timer_app.core.model import Session, WorkStep
from timer_app.core.phrases import Phrases
from timer_app.core.problems import FileFault, Located, Problem
from timer_app.core.reader import read
from timer_app.core.recordings import recordings
from timer_app.core.source import Source
from timer_app.core.speech import Lengths
from timer_app.core.translation import Translatable, in_language, same_language
from timer_app.files import original_of, parse_file, toml_files, translation_files, translations_of
from timer_app.library_index import Facts, Index
from timer_app.library_names import existing, looks_like_path, name_in, not_found, only_translates
from timer_app.musicbox import MusicBox
from timer_app.phrase_book import PhraseBook, is_phrase_file, said_in_english
from timer_app.soundbox import OwnSounds, SoundBox, wav_length_ms
from timer_app.translations import check_translation, faults_beside, faults_of, is_translation, left_out, texts_beside
from timer_app.voice import names as voice_names

Origin = Literal["shipped", "own", "file"]


class Media(NamedTuple):
    """The files that a session brings to be heard.

    Attributes:
        music: What is played below everything else.
        recordings: Files of lines that are played in place of being spoken.
    """

    music: list[Path]
    recordings: dict[str, Path]


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
        phrases: The user's own words for the coach; `None` for none.
    """

    sessions: tuple[tuple[Origin, Path], ...]
    exercises: tuple[Path, ...]
    index: Path | None = None
    phrases: Path | None = None

    @classmethod
    def default(cls) -> Folders:
        """The user's and the shipped folders."""
        return cls(
            (("own", paths.own_sessions()), ("shipped", paths.shipped_sessions())),
            (paths.shipped_sessions() / "exercises", paths.own_exercises()),
            paths.cache_dir() / "library.json",
            paths.own_phrases(),
        )


class Library:
    """All sessions and exercises.

    Args:
        folders: Where to look.
        sounds: Which sounds sessions may name.
        music: Which music they may name.
        language: The language wanted for sessions that are translated into it; empty for every session's own.
    """

    def __init__(self, folders: Folders, sounds: SoundBox, music: MusicBox | None = None, language: str = "") -> None:
        self.sounds = sounds
        self.language = language
        self.music = music or MusicBox()
        self._folders = folders
        self._phrase_book = PhraseBook(folders.phrases)
        self._catalogues: dict[str, dict[str, Exercise]] = {}
        self._broken_texts: list[Located] = []

    @classmethod
    def default(cls, language: str = "") -> Library:
        """The shipped and the user's own, in a language where there is a translation into it."""
        return cls(Folders.default(), SoundBox.default(), MusicBox.default(), language)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return read_catalogue(self._folders.exercises, self.sounds)

    def catalogue_in(self, language: str) -> dict[str, Exercise]:
        """The catalogue in a language, as far as it is translated."""
        if language not in self._catalogues:
            self._catalogues[language] = self._catalogue.in_language(language)
        return self._catalogues[language]

    @property
    def catalogue(self) -> dict[str, Exercise]:
        """Every exercise, by its id; the user's own replace shipped ones of the same id."""
        return self._catalogue.exercises

    @property
    def catalogue_problems(self) -> list[Located]:
        """What is wrong with exercise files; their exercises are missing from the catalogue."""
        return list(self._catalogue.problems)

    @property
    def phrase_problems(self) -> list[Located]:
        """What is wrong with the user's files of phrases; those phrases are said in the shipped words."""
        return self._phrase_book.problems

    def text_notices(self, language: str) -> list[str]:
        """Which words and translations, of those that a session in a language needs, are left out for their faults."""
        return left_out(
            [*self._phrase_book.problems_in(language), *self._broken_texts, *self._catalogue.text_faults(language)]
        )

    def notices(self) -> list[str]:
        """Which of the user's files besides sessions are left out for their faults, a line each."""
        known = self._index.notices
        if known is None:
            texts = [fault for path in self._translations() for fault in faults_of(path)]
            known = left_out([*self.catalogue_problems, *self.phrase_problems, *texts])
            self._index.notices = known
            self._index.save()
        return known

    def entries(self) -> list[SessionEntry]:
        """Every session, the user's own first, each list by name."""
        entries = [self._entry(path, origin) for origin, path in self._session_files().values()]
        self._index.save()
        return sorted(entries, key=lambda entry: (entry.origin != "own", entry.name.casefold(), entry.id))

    def ids(self) -> list[str]:
        """The id of every session, without reading the files."""
        return sorted(self._session_files())

    def find(self, name_or_path: str) -> SessionEntry:
        """The session with that id, at that path, or of that name.

        Raises:
            LibraryError: There is none.
        """
        files = self._session_files()
        if name_or_path in files:
            origin, path = files[name_or_path]
            return self._entry(path, origin)
        given = existing(name_or_path)
        if given is not None and (original := original_of(given)):
            raise LibraryError(only_translates(name_or_path, original))
        if given is not None and (looks_like_path(name_or_path) or not given.is_dir()):
            return self._entry(given, "file", shown=name_or_path)
        named = [entry for entry in self.entries() if entry.name.casefold() == name_or_path.casefold()]
        if named:
            return named[0]
        raise LibraryError(not_found(name_or_path, list(files)))

    def load(self, entry: SessionEntry) -> tuple[Session, list[Located]]:
        """A session and the warnings about it.

        Raises:
            FileFault: The file cannot be used; it carries all errors.
        """
        source = parse_file(entry.path)
        session, problems = self._read(source, entry.path)
        if session is None:
            raise FileFault(source.collected(problems))
        warnings = source.collected(self._warnings(session, entry.path))
        return self._as_wanted(session, entry.path), warnings

    def check(self, path: Path, shown: str = "") -> list[Located]:
        """Everything wrong with a file of a session, exercises, translated texts or phrases.

        Warnings are given only where there are no errors, and then also those of the translations beside the file.

        Args:
            path: The file.
            shown: How the user wrote the path, for messages; the path itself if empty.
        """
        try:
            source = parse_file(path, shown)
        except FileFault as fault:
            return list(fault.problems)
        if is_phrase_file(source):
            return self._phrase_book.check(source)
        if is_translation(source):
            return check_translation(source, path, self._translatable)
        found = self._check_original(source, path)
        if any(problem.severity == "error" for problem in found):
            return found
        beside = [(other, str(Path(source.name).with_name(other.name))) for other in translations_of(path).values()]
        return [*found, *(problem for other, name in beside for problem in self.check(other, name))]

    def _check_original(self, source: Source, path: Path) -> list[Located]:
        if is_exercise_file(source):
            return check_exercises(source, self.sounds, path.parent)
        session, problems = self._read(source, path)
        return source.collected(problems if session is None else self._warnings(session, path))

    def _translatable(self, source: Source, path: Path) -> tuple[Translatable | None, Callable[..., list[Problem]]]:
        """What a translation belongs to, and what tells what would disappoint in it once it is translated."""
        if is_exercise_file(source):
            file, _ = exercise_file(source, self.sounds, path.parent)
            return file, exercise_warnings
        return self._read(source, path)[0], lambda session: self._warnings(session, path)

    def plan(self, session: Session, lengths: Lengths, level: float = 0.0, seed: int = 0) -> Plan:
        """What is needed to compile `session`."""
        return Plan(self.catalogue_in(session.language), self.phrases(session.language), lengths, level, seed)

    def phrases(self, language: str) -> Phrases:
        """The coach's words in a language, its base language, or English."""
        return self._phrase_book.phrases(language)

    def estimated_lengths(self, theme: str, beside: Path | None = None, own: OwnSounds | None = None) -> Lengths:
        """Lengths of lines guessed from their text, and true ones of sounds."""
        return EstimatedLengths(self.sound_lengths(theme, beside, own))

    def sound_lengths(
        self, theme: str, beside: Path | None = None, own: OwnSounds | None = None
    ) -> Callable[[str], int]:
        """Tells how long a sound lasts, in milliseconds; 0 for one that is not there."""

        @cache
        def length_ms(sound: str) -> int:
            path = self.find_sound(sound, theme, beside, own)
            return wav_length_ms(path) if path else 0

        return length_ms

    def find_sound(
        self, sound: str, theme: str, beside: Path | None = None, own: OwnSounds | None = None
    ) -> Path | None:
        """The file of a sound: of the theme, of the default theme where that lacks it, or of the author.

        Args:
            sound: A name, or the path of a WAV file.
            theme: The name of a theme.
            beside: The folder of the session's file.
            own: Files that take the place of single sounds, as long as they are there.
        """
        replaced = self.sounds.find(own[sound], theme, beside) if own and sound in own else None
        return replaced or self.sounds.find(sound, theme, beside) or self.sounds.find(sound, DEFAULT_THEME, beside)

    def media(self, session: Session, beside: Path | None = None) -> Media:
        """The music and the recordings of a session that are there.

        Args:
            session: The session.
            beside: The folder of its file.
        """
        found = {line: self.music.recording(name, beside) for line, name in recordings(session).items()}
        there = {line: path for line, path in found.items() if path}
        return Media(self.music.find(session.sound.music, beside), there)

    @cached_property
    def _index(self) -> Index:
        catalogue = [path for folder in self._folders.exercises for path in toml_files(folder)]
        phrases = toml_files(self._folders.phrases) if self._folders.phrases else []
        return Index(self._folders.index, [*catalogue, *phrases, *self._translations()], self.language)

    def _translations(self) -> list[Path]:
        folders = [*self._folders.exercises, *(folder for _, folder in self._folders.sessions)]
        return [path for folder in folders for path in translation_files(folder)]

    def _session_files(self) -> dict[str, tuple[Origin, Path]]:
        found: dict[str, tuple[Origin, Path]] = {}
        for origin, folder in self._folders.sessions:
            for path in toml_files(folder):
                found.setdefault(path.stem, (origin, path))
        return found

    def _entry(self, path: Path, origin: Origin, shown: str = "") -> SessionEntry:
        facts = self._index.get(path)
        if facts is None:
            facts = self._facts(path, shown)
            self._index.put(path, facts)
        shown_facts = (facts.name, facts.summary, facts.length_ms, facts.equipment, facts.faults)
        return SessionEntry(path.stem, path, origin, *shown_facts)

    def _facts(self, path: Path, shown: str) -> Facts:
        """What the list shows of a file."""
        try:
            source = parse_file(path, shown)
        except FileFault as fault:
            return Facts(path.stem, faults=len(fault.problems))
        session, problems = self._read(source, path)
        if session is None:
            return Facts(name_in(source) or path.stem, faults=len(problems))
        session = self._as_wanted(session, path)
        short = outline(session, self._estimated_plan(session, path))
        return Facts(short.name, short.summary, short.length_ms, short.equipment)

    def _read(self, source: Source, path: Path) -> tuple[Session | None, list[Problem]]:
        """The session and no problems, or all its errors."""
        session, problems = read(Session, source, self._context(path))
        if session is None:
            return None, problems
        problems = check_limits(session, self.plan(session, EstimatedLengths()))
        return (None, problems) if problems else (session, [])

    def _as_wanted(self, session: Session, path: Path) -> Session:
        """A session in the language wanted, where there is a translation into it."""
        if not self.language or same_language(self.language, session.language):
            return session
        texts = texts_beside(path, self.language)
        self._broken_texts = list(faults_beside(path, self.language))
        return in_language(session, texts, self.language) if texts else session

    def _warnings(self, session: Session, path: Path) -> list[Problem]:
        warnings = [*_unknown_voice(session), *check_session(session, self._estimated_plan(session, path))[1]]
        return [*self._unspoken(session.language), *self._untranslated(session), *warnings]

    def _untranslated(self, session: Session) -> Iterator[Problem]:
        """The exercises that a session uses and that are not in its language."""
        strangers = self._catalogue.strangers(session.language)
        for leaf in leaves(session.steps) if strangers else ():
            used = leaf.step.exercise if isinstance(leaf.step, WorkStep) else None
            if used in strangers:
                said = f'"{used}" is in the language "{strangers[used]}", and not translated into "{session.language}"'
                yield Problem((*leaf.path, "exercise"), said, severity="warning")

    def _unspoken(self, language: str) -> Iterator[Problem]:
        """What the coach has to say in English in a session of that language."""
        if not self._phrase_book.speaks(language):
            said = f'the coach has no words of its own in "{language}", and speaks English'
            yield Problem(("language",), said, severity="warning")
        elif lacking := self._phrase_book.lacking(language):
            yield said_in_english(("language",), language, lacking)

    def _estimated_plan(self, session: Session, path: Path) -> Plan:
        lengths = self.estimated_lengths(session.sound.theme, path.parent, session.sound.sounds)
        return self.plan(session, lengths, session.level or 0.0)

    def _context(self, path: Path) -> dict[str, Any]:
        """What the session's validators look things up in."""
        return {
            "exercises": self.catalogue,
            "themes": self.sounds.themes,
            "check_sound": lambda sound: self.sounds.check(sound, path.parent),
            "check_sound_file": lambda file: self.sounds.check_file(file, path.parent),
            "check_music": lambda name: self.music.check(name, path.parent),
            "check_recording": lambda name: self.music.check_recording(name, path.parent),
        }


def _unknown_voice(session: Session) -> Iterator[Problem]:
    """A voice that is not known here; elsewhere it may be."""
    try:
        voice_names.checked(session.voice.name or voice_names.DEFAULT_VOICE)
    except voice_names.VoiceNameError as error:
        yield Problem(("voice", "name"), str(error), error.allowed, error.meant, severity="warning")
