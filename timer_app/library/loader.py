"""Reads the files of sessions, exercises, phrases and translations, and tells what is wrong with them.

What only lists sessions needs none of it: `Library` asks for a reader when a file is read that is not in its index.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from timer_app.core.compiler.compile import CompileContext, outline
from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.core.compiler.lint import check_limits, check_session
from timer_app.core.compiler.unroll import flat_steps
from timer_app.core.diagnostics.problems import FileFault, LocatedProblem, Problem, nearest
from timer_app.core.diagnostics.source import Source
from timer_app.core.diagnostics.validate import validate_source
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import MeasureStep, Session, WorkStep
from timer_app.core.session.phrases import Phrases
from timer_app.core.session.translation import Translatable, in_language
from timer_app.core.text.languages import same_language
from timer_app.core.timeline.utterance import Lengths
from timer_app.library import index as library_index
from timer_app.library import index as library_names
from timer_app.library.exercises import (
    Catalogue,
    check_exercises,
    exercise_warnings,
    is_exercise_file,
    read_catalogue,
    read_exercise_file,
)
from timer_app.library.music import MusicLibrary
from timer_app.library.phrases import PhraseCatalogue, english_fallback_warning, is_phrase_file
from timer_app.library.programmes import is_programme_file, read_programme
from timer_app.library.sounds import SoundLibrary, SoundOverrides
from timer_app.library.translations import (
    check_translation,
    fault_notices,
    is_translation,
    translated_texts,
    translation_faults,
    translation_file_faults,
)
from timer_app.system.files import parse_file, translations_of
from timer_app.tts import names as voice_names

# Gives the lengths of lines and sounds for a theme, the folder of a session's file, and files in place of sounds.
MakeLengths = Callable[[str, Path | None, SoundOverrides | None], Lengths]


class LoaderContext(NamedTuple):
    """What files may refer to.

    Attributes:
        exercises: Folders of exercise files; a later one replaces exercises of an earlier one.
        phrases: The folder of the user's own words for the coach; `None` for none.
        sounds: Which sounds sessions may name.
        music: Which music they may name.
        sessions: Gives the ids of the sessions that programmes may name.
    """

    exercises: Sequence[Path]
    phrases: Path | None
    sounds: SoundLibrary
    music: MusicLibrary
    sessions: Callable[[], Collection[str]] = tuple


class LibraryLoader:
    """Reads files against one catalogue and one set of phrases.

    Args:
        around: What they may refer to.
        language: The language wanted for sessions that are translated into it; empty for every session's own.
        lengths: Tells how long lines and sounds last.
    """

    def __init__(self, around: LoaderContext, language: str, lengths: MakeLengths) -> None:
        self._exercises, phrases, self._sounds, self._music, self._sessions = around
        self._language = language
        self._lengths = lengths
        self._phrase_catalogue = PhraseCatalogue(phrases)
        self._catalogues: dict[str, dict[str, Exercise]] = {}

    @cached_property
    def _catalogue(self) -> Catalogue:
        return read_catalogue(self._exercises, self._sounds, self._music.check_recording)

    def catalogue_in(self, language: str) -> dict[str, Exercise]:
        """The catalogue in a language, as far as it is translated."""
        if language not in self._catalogues:
            self._catalogues[language] = self._catalogue.in_language(language)
        return self._catalogues[language]

    @property
    def catalogue(self) -> dict[str, Exercise]:
        """Every exercise, by its id; the user's own replace shipped ones of the same id."""
        return self._catalogue.exercises

    def folder_of(self, exercise: str) -> Path | None:
        """Where the file lies that an exercise of the catalogue is in."""
        home = self._catalogue.origins.get(exercise)
        return home.path.parent if home else None

    @property
    def catalogue_problems(self) -> list[LocatedProblem]:
        """What is wrong with exercise files; their exercises are missing from the catalogue."""
        return list(self._catalogue.problems)

    @property
    def phrase_problems(self) -> list[LocatedProblem]:
        """What is wrong with the user's files of phrases; those phrases are said in the shipped words."""
        return self._phrase_catalogue.problems

    def text_notices(self, session: Session, path: Path | None) -> list[str]:
        """Which words and translations, of those that a session needs, are left out for their faults.

        Args:
            session: As it was loaded.
            path: Its file.
        """
        # One in the language wanted is written in it, or has been translated into it without faults.
        broken = translation_faults(path, self._language) if path and not self._is_in_wanted_language(session) else ()
        language = session.language
        return fault_notices(
            [*self._phrase_catalogue.problems_in(language), *broken, *self._catalogue.text_faults(language)]
        )

    def notices(self, translations: Iterable[Path]) -> list[str]:
        """Which of the user's files besides sessions are left out for their faults, a line each."""
        texts = [fault for path in translations for fault in translation_file_faults(path)]
        return fault_notices([*self.catalogue_problems, *self.phrase_problems, *texts])

    def load(self, path: Path) -> tuple[Session, list[LocatedProblem]]:
        """A session and the warnings about it.

        Raises:
            FileFault: The file cannot be used; it carries all errors.
        """
        source = parse_file(path)
        session, problems = self._read_session(source, path)
        if session is None:
            raise FileFault(source.collected(problems))
        warnings = source.collected(self._warnings(session, path))
        return self._translated_session(session, path), warnings

    def check(self, path: Path, shown: str = "") -> list[LocatedProblem]:
        """Everything wrong with a file of a session, exercises, a programme, translated texts or phrases.

        Warnings are given only where there are no errors, and then also those of the translations beside the file.

        Args:
            path: The file.
            shown: How the user wrote the path, for messages; the path itself if empty.
        """
        try:
            source = parse_file(path, shown)
        except FileFault as fault:
            return list(fault.problems)
        if is_programme_file(source):
            return read_programme(source, self._sessions())[1]
        if is_phrase_file(source):
            return self._phrase_catalogue.check(source)
        if is_translation(source):
            return check_translation(source, path, self._read_original, self._context(path))
        found = self._check_original(source, path)
        if any(problem.severity == "error" for problem in found):
            return found
        beside = [(other, str(Path(source.name).with_name(other.name))) for other in translations_of(path).values()]
        return [*found, *(problem for other, name in beside for problem in self.check(other, name))]

    def _check_original(self, source: Source, path: Path) -> list[LocatedProblem]:
        if is_exercise_file(source):
            return check_exercises(source, self._sounds, path.parent, self._music.check_recording)
        session, problems = self._read_session(source, path)
        return source.collected(problems if session is None else self._warnings(session, path))

    def _read_original(self, source: Source, path: Path) -> tuple[Translatable | None, Callable[..., list[Problem]]]:
        """What a translation belongs to, and what tells what would disappoint in it once it is translated."""
        if is_exercise_file(source):
            file, _ = read_exercise_file(source, self._sounds, path.parent, self._music.check_recording)
            return file, exercise_warnings
        return self._read_session(source, path)[0], lambda session: self._warnings(session, path)

    def plan(self, session: Session, lengths: Lengths, level: float = 0.0, seed: int = 0) -> CompileContext:
        """What is needed to compile `session`."""
        return CompileContext(self.catalogue_in(session.language), self.phrases(session.language), lengths, level, seed)

    def phrases(self, language: str) -> Phrases:
        """The coach's words in a language, its base language, or English."""
        return self._phrase_catalogue.phrases(language)

    def facts(self, path: Path, shown: str) -> library_index.SessionFacts:
        """What the list shows of a file."""
        try:
            source = parse_file(path, shown)
        except FileFault as fault:
            return library_index.SessionFacts(path.stem, faults=len(fault.problems))
        session, problems = self._read_session(source, path)
        if session is None:
            return library_index.SessionFacts(library_names.session_name_in(source) or path.stem, faults=len(problems))
        session = self._translated_session(session, path)
        short = outline(session, self._estimated_plan(session, path))
        return library_index.SessionFacts(short.name, short.summary, short.length_ms, short.equipment)

    def _read_session(self, source: Source, path: Path) -> tuple[Session | None, list[Problem]]:
        """The session and no problems, or all its errors."""
        session, problems = validate_source(Session, source, self._context(path))
        if session is None:
            return None, problems
        problems = check_limits(session, self.plan(session, EstimatedLengths()))
        return (None, problems) if problems else (session, [])

    def _translated_session(self, session: Session, path: Path) -> Session:
        """A session in the language wanted, where there is a translation into it."""
        texts = {} if self._is_in_wanted_language(session) else translated_texts(path, self._language)
        return in_language(session, texts, self._language) if texts else session

    def _is_in_wanted_language(self, session: Session) -> bool:
        return not self._language or same_language(self._language, session.language)

    def _warnings(self, session: Session, path: Path) -> list[Problem]:
        warnings = [*_unknown_voice(session), *check_session(session, self._estimated_plan(session, path))[1]]
        suggestions = self._unknown_suggestions(session)
        return [
            *self._missing_phrases(session.language),
            *self._untranslated_exercises(session),
            *suggestions,
            *warnings,
        ]

    def _unknown_suggestions(self, session: Session) -> Iterator[Problem]:
        """Sessions that are suggested and are not here; elsewhere they may be."""
        asking = [
            leaf for leaf in flat_steps(session.steps) if isinstance(leaf.step, MeasureStep) and leaf.step.suggest
        ]
        known = self._sessions() if asking else ()
        for leaf in asking:
            for number, one in enumerate(leaf.step.suggest if isinstance(leaf.step, MeasureStep) else ()):
                if one.session not in known:
                    path, near = (*leaf.path, "suggest", number, "session"), nearest(one.session, known) or ""
                    said = f'there is no session "{one.session}"'
                    yield Problem(path, said, suggestion=near, severity="warning")

    def _untranslated_exercises(self, session: Session) -> Iterator[Problem]:
        """The exercises that a session uses and that are not in its language."""
        strangers = self._catalogue.untranslated(session.language)
        for leaf in flat_steps(session.steps) if strangers else ():
            used = leaf.step.exercise if isinstance(leaf.step, WorkStep) else None
            if used in strangers:
                said = f'"{used}" is in the language "{strangers[used]}", and not translated into "{session.language}"'
                yield Problem((*leaf.path, "exercise"), said, severity="warning")

    def _missing_phrases(self, language: str) -> Iterator[Problem]:
        """What the coach has to say in English in a session of that language."""
        if not self._phrase_catalogue.has_language(language):
            said = f'the coach has no words of its own in "{language}", and speaks English'
            yield Problem(("language",), said, severity="warning")
        elif lacking := self._phrase_catalogue.missing(language):
            yield english_fallback_warning(("language",), language, lacking)

    def _estimated_plan(self, session: Session, path: Path) -> CompileContext:
        lengths = self._lengths(session.sound.theme, path.parent, session.sound.sounds)
        return self.plan(session, lengths, session.level or 0.0)

    def _context(self, path: Path) -> dict[str, Any]:
        """What the session's validators look things up in."""
        return {
            "exercises": self.catalogue,
            "themes": self._sounds.themes,
            "check_sound": lambda sound: self._sounds.check(sound, path.parent),
            "check_sound_file": lambda file: self._sounds.check_file(file, path.parent),
            "check_music": lambda name: self._music.check(name, path.parent),
            "check_recording": lambda name: self._music.check_recording(name, path.parent),
        }


def _unknown_voice(session: Session) -> Iterator[Problem]:
    """A voice that is not known here; elsewhere it may be."""
    try:
        voice_names.check_name(session.voice.name or voice_names.DEFAULT_VOICE)
    except voice_names.VoiceNameError as error:
        yield Problem(("voice", "name"), str(error), error.allowed, error.meant, severity="warning")
