"""Reads sessions, exercises, phrases and translations, and reports what is wrong with them.

Listing sessions does not need it: `Library` loads it when a file is not in the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from timer_app.core.compiler import (
    CompileContext,
    Compiled,
    EstimatedLengths,
    check_limits,
    contents,
    flat_steps,
    outline,
)
from timer_app.core.compiler.lint import check_session
from timer_app.core.diagnostics import (
    FileFault,
    LocatedProblem,
    Problem,
    Source,
    nearest,
    printable,
    quoted,
    validate_source,
)
from timer_app.core.fields import NotationError, without_placeholders
from timer_app.core.i18n import _
from timer_app.core.session import Exercise, Phrases
from timer_app.core.session.model import Block, MeasureStep, Session, WorkStep
from timer_app.core.session.translation import Translatable, in_language
from timer_app.core.timeline.utterance import Lengths
from timer_app.core.wording.languages import same_language
from timer_app.library import index as library_index
from timer_app.library.exercises import (
    Catalogue,
    ExerciseOrigin,
    check_exercises,
    exercise_warnings,
    is_exercise_file,
    read_catalogue,
    read_exercise_file,
)
from timer_app.library.included import Included, Sources, at_the_name, put_in
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
from timer_app.system import paths
from timer_app.system.files import parse_file, translations_of
from timer_app.tts import names as voice_names

# Gives the lengths of lines and sounds for a theme, the folder of a session's file, and files that replace sounds.
MakeLengths = Callable[[str, Path | None, SoundOverrides | None], Lengths]
# Gives a session, which lies at the path, a plan with exact lengths for one with estimated ones.
RefinePlan = Callable[[Session, Path, CompileContext], CompileContext]


FileKind = Literal["session", "exercises", "programme", "phrases", "translation"]


class FileReading(NamedTuple):
    """What the text of a file says.

    Attributes:
        kind: What sort of file it is; a session where nothing tells that it is another sort.
        problems: Its faults; warnings only where there are no errors.
        session: The session with those that it names in their places; `None` for another file, or one with errors.
        compiled: What becomes of the session.
    """

    kind: FileKind
    problems: Sequence[LocatedProblem]
    session: Session | None = None
    compiled: Compiled | None = None


def _kind_of_file(source: Source) -> FileKind:
    if is_programme_file(source):
        return "programme"
    if is_phrase_file(source):
        return "phrases"
    if is_translation(source):
        return "translation"
    return "exercises" if is_exercise_file(source) else "session"


class LoaderContext(NamedTuple):
    """What the files may refer to.

    Attributes:
        exercises: Folders of exercise files; a later one replaces exercises of an earlier one.
        phrases: The folder of the user's phrase files; `None` for none.
        sounds: The sounds that sessions may name.
        music: The music that they may name.
        sessions: Gives the files of the sessions that programmes and other sessions may name, by their ids.
    """

    exercises: Sequence[Path]
    phrases: Path | None
    sounds: SoundLibrary
    music: MusicLibrary
    sessions: Callable[[], Mapping[str, Path]] = dict


class LibraryLoader:
    """Reads files against one catalogue and one set of phrases.

    Args:
        context: What they may refer to.
        language: The language in which sessions are wanted, where they are translated; empty for their own.
        lengths: Gives the lengths of lines and sounds.
    """

    def __init__(self, context: LoaderContext, language: str, lengths: MakeLengths) -> None:
        self._exercises, phrases, self._sounds, self._music, self._sessions = context
        self._language = language
        self._lengths = lengths
        self._phrase_catalogue = PhraseCatalogue(phrases)
        self._catalogues: dict[str, dict[str, Exercise]] = {}
        self._misses_others = False  # the session that was read last lacks a sound, a voice or another session

    @cached_property
    def _catalogue(self) -> Catalogue:
        return read_catalogue(self._exercises, self._sounds, self._music.check_recording)

    def catalogue_in(self, language: str) -> dict[str, Exercise]:
        """The catalogue, translated into `language` where there is a translation."""
        if language not in self._catalogues:
            self._catalogues[language] = self._catalogue.in_language(language)
        return self._catalogues[language]

    @property
    def catalogue(self) -> dict[str, Exercise]:
        """Every exercise, by its id; the user's own replace shipped ones of the same id."""
        return self._catalogue.exercises

    def exercise_origin(self, exercise: str) -> ExerciseOrigin | None:
        """The file that defines an exercise of the catalogue; `None` if there is no such exercise."""
        return self._catalogue.origins.get(exercise)

    def folder_of(self, exercise: str) -> Path | None:
        """The folder of the file that defines an exercise of the catalogue."""
        origin = self.exercise_origin(exercise)
        return origin.path.parent if origin else None

    @property
    def catalogue_problems(self) -> list[LocatedProblem]:
        """The faults of exercise files that could not be used."""
        return list(self._catalogue.problems)

    @property
    def phrase_problems(self) -> list[LocatedProblem]:
        """The faults of the user's phrase files; the shipped phrases are used instead."""
        return self._phrase_catalogue.problems

    @property
    def phrase_languages(self) -> list[str]:
        """The languages in which the coach has words of its own."""
        return self._phrase_catalogue.languages

    def text_notices(self, session: Session, path: Path | None) -> list[str]:
        """The phrases and translations that a session needs but that have faults and are not used, a line per file.

        Args:
            session: The session, as loaded.
            path: Its file.
        """
        # A session in the wanted language is written in it, or its translation has no faults.
        faults = translation_faults(path, self._language) if path and not self._is_in_wanted_language(session) else ()
        language = session.language
        return fault_notices(
            [*self._phrase_catalogue.problems_in(language), *faults, *self._catalogue.text_faults(language)]
        )

    def notices(self, translations: Iterable[Path]) -> list[str]:
        """The user's files, other than sessions, that have faults and are not used; a line for each."""
        faults = [fault for path in translations for fault in translation_file_faults(path)]
        return fault_notices([*self.catalogue_problems, *self.phrase_problems, *faults])

    def load(self, path: Path) -> tuple[Session, list[LocatedProblem]]:
        """A session and the warnings about it.

        Raises:
            FileFault: The file has errors; the exception lists all of them.
        """
        source = parse_file(path)
        session, problems = self._read_session(source, path)
        if session is None:
            raise FileFault(source.collected(problems))
        warnings = source.collected(self._warnings(session, path))
        return self._whole(self._translated_session(session, path), path).session, warnings

    def check(self, path: Path, shown: str = "", refine: RefinePlan | None = None) -> list[LocatedProblem]:
        """All faults of a file: a session, exercises, a programme, a translation or phrases.

        Warnings are given only if there are no errors, and then the translations beside the file are checked too.

        Args:
            path: The file.
            shown: The path as the user wrote it, for messages; empty for `path` itself.
            refine: Gives a session its plan with exact lengths; `None` leaves them estimated.
        """
        try:
            source = parse_file(path, shown)
        except FileFault as fault:
            return list(fault.problems)
        found = self.read(source, path, refine)
        problems, may_be_translated = list(found.problems), found.kind in {"session", "exercises"}
        if not may_be_translated or any(problem.severity == "error" for problem in problems):
            return problems
        translations = [(each, str(Path(source.name).with_name(each.name))) for each in translations_of(path).values()]
        return [*problems, *(problem for each, name in translations for problem in self.check(each, name, refine))]

    def read(self, source: Source, path: Path, refine: RefinePlan | None = None) -> FileReading:
        """What a text that may not be saved yet says: its faults, and what it becomes if it is a session.

        Args:
            source: The text.
            path: Where it lies, or would lie.
            refine: Gives a session its plan with exact lengths; `None` leaves them estimated.
        """
        match kind := _kind_of_file(source):
            case "programme":
                return FileReading(kind, read_programme(source, self._sessions())[1])
            case "phrases":
                return FileReading(kind, self._phrase_catalogue.check(source))
            case "translation":
                read_original = partial(self._read_original, refine=refine)
                return FileReading(kind, check_translation(source, path, read_original, self._context(path)))
            case "exercises":
                found = check_exercises(source, self._sounds, path.parent, self._music.check_recording, self.catalogue)
                return FileReading(kind, found)
        session, problems = self._read_session(source, path)
        if session is None:
            return FileReading(kind, source.collected(problems))
        whole, compiled, warnings = self._compiled(session, path, refine)
        return FileReading(kind, source.collected(warnings), whole, compiled)

    def _read_original(
        self, source: Source, path: Path, refine: RefinePlan | None
    ) -> tuple[Translatable | None, Callable[..., list[Problem]]]:
        """The original of a translation, and a function that gives the warnings about it once it is translated."""
        if is_exercise_file(source):
            file, _ = read_exercise_file(source, self._sounds, path.parent, self._music.check_recording)
            return file, exercise_warnings
        return self._read_session(source, path)[0], lambda session: self._warnings(session, path, refine)

    def plan(self, session: Session, lengths: Lengths, level: float = 0.0, seed: int = 0) -> CompileContext:
        """What is needed to compile `session`."""
        texts = self._texts_in(session.language)
        languages = {other: self._texts_in(other) for other in contents.other_languages(session)}
        return CompileContext(*texts, lengths, level, seed, languages=languages)

    def _texts_in(self, language: str) -> tuple[dict[str, Exercise], Phrases]:
        return self.catalogue_in(language), self.phrases(language)

    def phrases(self, language: str) -> Phrases:
        """The coach's phrases in a language, its base language, or English."""
        return self._phrase_catalogue.phrases(language)

    def facts(self, path: Path, shown: str) -> library_index.SessionFacts:
        """What the list shows of a session file."""
        try:
            source = parse_file(path, shown)
        except FileFault as fault:
            # Without a line, it is not the text that is wrong: the file may not be read, for one.
            is_lasting = all(problem.line for problem in fault.problems)
            return _facts_of_faults(printable(path.stem), fault.problems, is_lasting=is_lasting)
        session, problems = self._read_session(source, path)
        if session is None:
            name, is_lasting = library_index.session_name_in(source) or printable(path.stem), not self._misses_others
            return _facts_of_faults(name, source.collected(problems), is_lasting=is_lasting)
        session, files, _ = self._whole(self._translated_session(session, path), path)
        summary = outline(session, self._estimated_plan(session, path))
        shown_facts = (summary.name, summary.summary, summary.length_ms, summary.equipment)
        words = _search_words(session, self.catalogue_in(session.language))
        return library_index.SessionFacts(*shown_facts, words=words, uses=tuple(map(str, files)))

    def _read_session(self, source: Source, path: Path) -> tuple[Session | None, list[Problem]]:
        """The session without problems, or `None` with all its errors."""
        self._misses_others = False
        session, problems = validate_source(Session, source, self._context(path))
        if session is None:
            self._misses_others |= any(problem.path[:2] == ("sound", "theme") for problem in problems)
            return None, problems
        whole, files, missing = self._whole(session, path)
        self._misses_others |= bool(missing or files)
        problems = list(missing) or at_the_name(check_limits(whole, self.plan(whole, EstimatedLengths())), whole)
        return (None, problems) if problems else (session, [])

    def _whole(self, session: Session, path: Path) -> Included:
        """A session with the sessions that it names in their places."""
        return put_in(session, path, Sources(self._find_session, self._sessions, self._read_included))

    def _find_session(self, name: str, beside: Path) -> Path | None:
        """The file of a session that another one names: beside that one, or else in the library."""
        near = beside.parent / f"{name}.toml"
        return near if near.is_file() else self._sessions().get(name)

    def _read_included(self, path: Path, beside: Path) -> Session:
        """A session that is put into another one, whose own sounds and recordings lie beside that one."""
        source = parse_file(path)
        session, problems = validate_source(Session, source, self._context(beside))
        if session is None:
            raise FileFault(source.collected(problems))
        return self._translated_session(session, path)

    def _translated_session(self, session: Session, path: Path) -> Session:
        """The session in the wanted language if there is a translation."""
        texts = {} if self._is_in_wanted_language(session) else translated_texts(path, self._language)
        return in_language(session, texts, self._language) if texts else session

    def _is_in_wanted_language(self, session: Session) -> bool:
        return not self._language or same_language(self._language, session.language)

    def _warnings(self, session: Session, path: Path, refine: RefinePlan | None = None) -> list[Problem]:
        return self._compiled(session, path, refine)[2]

    def _compiled(
        self, session: Session, path: Path, refine: RefinePlan | None
    ) -> tuple[Session, Compiled, list[Problem]]:
        """The session with those that it names in their places, its timeline, and the warnings about it."""
        session = self._whole(session, path).session
        plan = self._estimated_plan(session, path)
        plan = refine(session, path, plan) if refine else plan
        compiled, checked = check_session(session, plan)
        warnings = [*_unknown_voice(session), *at_the_name(checked, session)]
        suggestions = self._unknown_suggestions(session)
        return (
            session,
            compiled,
            [
                *self._missing_phrases(session.language),
                *self._untranslated_exercises(session),
                *suggestions,
                *warnings,
            ],
        )

    def _unknown_suggestions(self, session: Session) -> Iterator[Problem]:
        """Warnings about suggested sessions that do not exist here; they may exist elsewhere."""
        questions = [
            flat
            for flat in flat_steps(session.steps)
            if isinstance(flat.step, MeasureStep) and flat.step.suggest and flat.home is None
        ]
        known = self._sessions() if questions else ()
        for flat in questions:
            for number, suggestion in enumerate(flat.step.suggest if isinstance(flat.step, MeasureStep) else ()):
                if suggestion.session not in known:
                    path, near = (*flat.path, "suggest", number, "session"), nearest(suggestion.session, known) or ""
                    message = _('there is no session "{session}"').format(session=suggestion.session)
                    yield Problem(path, message, suggestion=near, severity="warning")

    def _untranslated_exercises(self, session: Session) -> Iterator[Problem]:
        """Warnings about exercises that are not available in the language of the session."""
        untranslated = self._catalogue.untranslated(session.language)
        for flat in flat_steps(session.steps) if untranslated else ():
            exercise = flat.step.exercise if isinstance(flat.step, WorkStep) and flat.home is None else None
            if exercise in untranslated:
                language = untranslated[exercise]
                message = _('"{exercise}" is in the language "{language}", and not translated into "{wanted}"').format(
                    exercise=exercise, language=language, wanted=session.language
                )
                yield Problem((*flat.path, "exercise"), message, severity="warning")

    def _missing_phrases(self, language: str) -> Iterator[Problem]:
        """A warning if the coach says some phrases in English in a session of that language."""
        if not self._phrase_catalogue.has_language(language):
            message = _('the coach has no words of its own in "{language}", and speaks English').format(
                language=language
            )
            yield Problem(("language",), message, severity="warning")
        elif missing := self._phrase_catalogue.missing(language):
            yield english_fallback_warning(("language",), language, missing)

    def _estimated_plan(self, session: Session, path: Path) -> CompileContext:
        lengths = self._lengths(session.sound.theme, path.parent, session.sound.sounds)
        return self.plan(session, lengths, session.level or 0.0)

    def _context(self, path: Path) -> dict[str, Any]:
        """What the validators of a file need to know."""
        return {
            "exercises": self.catalogue,
            "themes": self._sounds.themes,
            "check_sound": self._noting(lambda sound: self._sounds.check(sound, path.parent)),
            "check_sound_file": self._noting(lambda file: self._sounds.check_file(file, path.parent)),
            "check_music": self._noting(lambda name: self._music.check(name, path.parent)),
            "check_recording": self._noting(lambda name: self._music.check_recording(name, path.parent)),
            "check_voice": self._noting(_check_voice),
        }

    def _noting(self, check: Callable[[str], object]) -> Callable[[str], object]:
        """The same check, with what it refuses noted: another file may be missing or faulty."""

        def noting(name: str) -> object:
            try:
                return check(name)
            except Exception:
                self._misses_others = True
                raise

        return noting


def _facts_of_faults(name: str, problems: Sequence[LocatedProblem], *, is_lasting: bool) -> library_index.SessionFacts:
    """What the list shows of a file that has errors."""
    fault = library_index.fault_line(problems)
    return library_index.SessionFacts(name, faults=len(problems), fault=fault, is_lasting=is_lasting)


def _search_words(session: Session, catalogue: Mapping[str, Exercise]) -> str:
    """What a session is found by besides what its line in the list shows."""
    return " · ".join(dict.fromkeys(without_placeholders(word) for word in _names_in(session.steps, catalogue) if word))


def _names_in(steps: Iterable[object], catalogue: Mapping[str, Exercise]) -> Iterator[str]:
    """The names of exercises and blocks, and the muscles that the exercises work on."""
    for step in steps:
        if isinstance(step, Block):
            yield step.name or ""
            yield from _names_in(step.steps, catalogue)
        elif isinstance(step, WorkStep):
            yield step.name or ""
            if exercise := catalogue.get(step.exercise or ""):
                yield exercise.name
                yield (step.exercise or "").replace("-", " ")
                yield from exercise.muscles


def _check_voice(name: str) -> None:
    folder = paths.own_voices_dir()
    if voice_names.find_session_voice(name, folder) is not None:
        return
    kind, argument = voice_names.split_name(name)
    written = voice_names.voice_file(name)
    allowed = f"{kind}:{Path(written).name}{argument.removeprefix(written)}"
    beside = _("its voices") if kind == voice_names.KOKORO else _("its .json")
    raise NotationError(
        _("{name} leads out of your voice folder").format(name=quoted(name)),
        _(
            "{allowed}, with the file or a link to it and {beside} in {folder}; any path by --voice or in your settings"
        ).format(allowed=allowed, beside=beside, folder=folder),
    )


def _unknown_voice(session: Session) -> Iterator[Problem]:
    """A warning about a voice that is not known here; it may be known elsewhere."""
    name, folder = session.voice.name or voice_names.DEFAULT_VOICE, paths.own_voices_dir()
    try:
        file = voice_names.voice_file(voice_names.find_session_voice(voice_names.check_name(name), folder) or name)
    except voice_names.VoiceNameError as error:
        yield Problem(("voice", "name"), str(error), error.allowed, error.meant, severity="warning")
        return
    if file and not Path(file).is_file():
        message, allowed = (
            _("there is no file {file} in your voice folder").format(file=quoted(Path(file).name)),
            _("a file in {folder}").format(folder=folder),
        )
        yield Problem(("voice", "name"), message, allowed, severity="warning")
