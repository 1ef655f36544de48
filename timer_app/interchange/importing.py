"""Plans an import: reads sources, joins the catalogue, keeps the limits, and says which files would be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timer_app.core.i18n import N_
from timer_app.interchange import limits
from timer_app.interchange.catalogue import ExerciseNames
from timer_app.interchange.formats import read_source
from timer_app.interchange.model import (
    Block,
    Imported,
    ImportedExercise,
    ImportedSession,
    InterchangeError,
    LedgerEntry,
    Remark,
    Say,
    Work,
    check_steps,
    every_step,
)
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned_name
from timer_app.interchange.writer import FreePaths, PlannedFile, exercise_ids, exercises_text, session_text
from timer_app.system import files, paths

if TYPE_CHECKING:
    from timer_app.library import Library

_LANGUAGES = ("de",)  # of the bundled catalogue, beside its own

KNOWN = N_("exercises whose ids are in the catalogue already are left out: {count}")
NO_DOSE = N_("no time or reps given, so it waits until you go on")
OWN_DOSE = N_("no time or reps given, so it has the dose of the catalogue")
NO_EXERCISE = N_("names no exercise with a time or a number of reps, so there is no session")
FOLDERS = N_("is in more than {most} folders; the outer ones are kept")
TOO_LARGE = N_("its file would be larger than {most} MB, and could not be read, so it is not written")
MANY_EXERCISES = N_("go into several files, as one may have {most} MB")

_MOST = {"most": files.MAX_BYTES // 1_000_000}


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What one source gives.

    Attributes:
        source: The name of the source.
        format: The format that it has.
        title: What that is called.
        files: The files that would be written.
        ledger: What became of everything in the source.
    """

    source: str
    format: str
    title: str
    files: tuple[PlannedFile, ...]
    ledger: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do."""

    imported: tuple[ImportedFile, ...]

    @property
    def files(self) -> list[PlannedFile]:
        """Every file that the sources give."""
        return [file for one in self.imported for file in one.files]

    @property
    def new_files(self) -> list[PlannedFile]:
        """Those that are not there yet."""
        return [file for file in self.files if file.status == "new"]


def exercise_names(library: Library) -> ExerciseNames:
    """The exercises of a library by the names that people give them, also in other languages."""
    return ExerciseNames(library.catalogue, map(library.catalogue_in, _LANGUAGES))


def plan_import(library: Library, sources: Sequence[Source], format_name: str = "", name: str = "") -> ImportPlan:
    """What an import of some sources would write.

    Args:
        library: The sessions and exercises that there are.
        sources: The sources.
        format_name: The format of all of them; empty to find it out.
        name: The name of the session, where a source gives one only.

    Raises:
        InterchangeError: A source is of no format, or broken.
    """
    names = exercise_names(library)
    planner = _Planner(names, FreePaths(paths.own_sessions_dir(), paths.own_exercises_dir(), library.ids()))
    imported = []
    for source in sources:
        try:
            found, read = read_source(source, format_name)
            if name and len(read.sessions) == 1:
                read = _renamed(read, cleaned_name(name)[0] or read.sessions[0].name)
            imported.append(planner.planned(read, source, (found.NAME, found.TITLE)))
        except InterchangeError as error:
            raise InterchangeError(f"{source.shown}: {error}") from None
    return ImportPlan(tuple(imported))


def _renamed(read: Imported, name: str) -> Imported:
    """The only session of a source under another name, by which the ledger calls it too."""
    (session,) = read.sessions
    ledger = (entry._replace(key=name) if entry.key == session.name else entry for entry in read.ledger)
    return replace(read, sessions=(replace(session, name=name),), ledger=tuple(ledger))


class _Planner:
    """Plans what is written of one source after the other.

    Args:
        names: The exercises that steps may join.
        free: Finds names for files.
    """

    def __init__(self, names: ExerciseNames, free: FreePaths) -> None:
        self._names, self._free = names, free
        self._steps = 0
        self._exercises: set[str] = set()  # those that are planned, by their ids

    def planned(self, read: Imported, source: Source, named: tuple[str, str]) -> ImportedFile:
        """What is written of a source.

        Raises:
            InterchangeError: There are too many steps in all the sources together.
        """
        origin = f"Imported from {source.name or 'standard input'} ({named[1]})."
        entries = list(read.ledger)
        written: list[PlannedFile] = []
        for session in read.sessions:
            joined, changes = self._joined(session)
            entries += changes
            if joined is None:
                continue
            text = session_text(joined, self._names, origin)
            if _is_too_large(text):
                entries.append(LedgerEntry(0, joined.name, "", "lost", TOO_LARGE, _MOST))
            else:
                written.append(self._free.session(joined, text))
        if read.exercises:
            exercises, changes = self._exercise_files(read.exercises, source, origin)
            written += exercises
            entries += changes
        return ImportedFile(source.name, *named, tuple(written), tuple(entries))

    def _joined(self, session: ImportedSession) -> tuple[ImportedSession | None, list[LedgerEntry]]:
        """A session as it is written, or `None` where it is not, and what had to be changed."""
        whole, entries = limits.fitted(session)
        if whole is None:
            return None, entries
        self._steps += sum(1 for _step in every_step(whole.steps))
        check_steps(self._steps)
        joined = self._names.joined(whole)
        if not _says_what_to_do(joined):
            return None, [*entries, LedgerEntry(0, joined.name, "", "lost", NO_EXERCISE)]
        return joined, [*entries, *_unknown_doses(joined), *_deep_folders(joined)]

    def _exercise_files(
        self, exercises: Sequence[ImportedExercise], source: Source, origin: str
    ) -> tuple[list[PlannedFile], list[LedgerEntry]]:
        """The files of a list of exercises, without those that there are already, and what had to be changed."""
        name = source.stem or "exercises"
        # What an earlier import of the same list has written is no other exercise.
        before = self._free.written_exercises(name)
        own = {one for text in before.values() for one in exercise_ids(text)}
        new = self._new(exercises, self._names.ids - own)
        texts = _texts_of(new, origin)
        if not all(text in before.values() for _some, text in texts):
            new = self._new(exercises, self._names.ids)
            texts = _texts_of(new, origin)
        self._exercises |= {one.id for one in new}
        entries = []
        if len(texts) > 1:
            entries.append(LedgerEntry(0, source.name, "", "changed", MANY_EXERCISES, _MOST))
        if len(new) < len(exercises):
            details = {"count": len(exercises) - len(new)}
            entries.append(LedgerEntry(0, source.name, "", "lost", KNOWN, details))
        return [self._free.exercises(some, name, text) for some, text in texts], entries

    def _new(self, exercises: Sequence[ImportedExercise], known: frozenset[str]) -> list[ImportedExercise]:
        return [one for one in exercises if one.id not in known and one.id not in self._exercises]


def _is_too_large(text: str) -> bool:
    return len(text.encode()) > files.MAX_BYTES


def _texts_of(exercises: Sequence[ImportedExercise], origin: str) -> list[tuple[Sequence[ImportedExercise], str]]:
    """The texts of files with some exercises, each so small that it can be read again."""
    if not exercises:
        return []
    text = exercises_text(exercises, origin)
    if len(exercises) == 1 or not _is_too_large(text):
        return [(exercises, text)]
    half = len(exercises) // 2
    return [*_texts_of(exercises[:half], origin), *_texts_of(exercises[half:], origin)]


def _says_what_to_do(session: ImportedSession) -> bool:
    """Whether it is more than words that no dose goes with, as any text would be."""
    steps = (step for step in every_step(session.steps) if not isinstance(step, Block | Remark | Say))
    return any(not isinstance(step, Work) or step.has_dose or step.exercise for step in steps)


def _unknown_doses(session: ImportedSession) -> list[LedgerEntry]:
    """What becomes of steps whose source names no dose."""
    return [
        LedgerEntry(0, step.name, "", "changed", OWN_DOSE if step.exercise else NO_DOSE)
        for step in every_step(session.steps)
        if isinstance(step, Work) and not step.has_dose
    ]


def _deep_folders(session: ImportedSession) -> list[LedgerEntry]:
    most = files.MAX_FOLDER_DEPTH
    if len(session.folder) <= most:
        return []
    return [LedgerEntry(0, session.name, "/".join(session.folder), "changed", FOLDERS, {"most": most})]
