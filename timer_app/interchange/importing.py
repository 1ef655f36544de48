"""Plans an import: reads sources, joins the catalogue, keeps the limits, and says which files would be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timer_app.core.i18n import N_, _
from timer_app.interchange import limits
from timer_app.interchange.catalogue import ExerciseNames
from timer_app.interchange.formats import read_source
from timer_app.interchange.model import (
    Block,
    Imported,
    ImportedSession,
    InterchangeError,
    LedgerEntry,
    Remark,
    Say,
    Work,
    every_step,
)
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned_name
from timer_app.interchange.writer import (
    PlannedFile,
    exercises_text,
    planned_exercises,
    planned_sessions,
    session_text,
    written_ids,
)
from timer_app.system import paths

if TYPE_CHECKING:
    from timer_app.library import Library

_LANGUAGES = ("de",)  # of the bundled catalogue, beside its own

MAX_STEPS = 100_000

KNOWN = N_("exercises whose ids are in the catalogue already are left out: {count}")
NO_DOSE = N_("no time or reps given, so it waits until you go on")
OWN_DOSE = N_("no time or reps given, so it has the dose of the catalogue")
NO_EXERCISE = N_("names no exercise with a time or a number of reps, so there is no session")
FOLDERS = N_("is in more than {most} folders; the outer ones are kept")


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
    names = ExerciseNames(library.catalogue, map(library.catalogue_in, _LANGUAGES))
    taken = set(library.ids())
    imported, steps = [], 0
    for source in sources:
        try:
            found, read = read_source(source, format_name)
        except InterchangeError as error:
            raise InterchangeError(f"{source.shown}: {error}") from None
        steps += sum(1 for session in read.sessions for _step in every_step(session.steps))
        if steps > MAX_STEPS:
            reason = _("there are more than {most:,} steps in it; import less at once").format(most=MAX_STEPS)
            raise InterchangeError(f"{source.shown}: {reason}")
        if name and len(read.sessions) == 1:
            read = replace(
                read, sessions=(replace(read.sessions[0], name=cleaned_name(name)[0] or read.sessions[0].name),)
            )
        one = _planned(read, source, (found.NAME, found.TITLE), names, taken)
        taken |= {_session_id(file) for file in one.files if file.session is not None}
        imported.append(one)
    return ImportPlan(tuple(imported))


def _session_id(file: PlannedFile) -> str:
    return file.path.relative_to(paths.own_sessions_dir()).with_suffix("").as_posix()


def _planned(
    read: Imported, source: Source, named: tuple[str, str], names: ExerciseNames, taken: set[str]
) -> ImportedFile:
    entries = list(read.ledger)
    sessions: list[ImportedSession] = []
    for session in read.sessions:
        whole, changes = limits.fitted(session)
        entries += changes
        if whole is not None:
            joined = names.joined(whole)
            if not _says_what_to_do(joined):
                entries.append(LedgerEntry(0, joined.name, "", "lost", NO_EXERCISE))
                continue
            entries += _unknown_doses(joined)
            entries += _deep_folders(joined)
            sessions.append(joined)
    origin = f"Imported from {source.name or 'standard input'} ({named[1]})."

    def text_of(session: ImportedSession) -> str:
        return session_text(session, names, origin)

    files = planned_sessions(sessions, paths.own_sessions_dir(), taken, text_of)
    if read.exercises:
        folder, name = paths.own_exercises_dir(), source.stem or "exercises"
        # What an earlier import of the same list has written is no other exercise.
        known = names.ids - written_ids(folder, name)
        exercises = [one for one in read.exercises if one.id not in known]
        if exercises:
            files.append(planned_exercises(exercises, folder, name, exercises_text(exercises, origin)))
        if len(exercises) < len(read.exercises):
            details = {"count": len(read.exercises) - len(exercises)}
            entries.append(LedgerEntry(0, source.name, "", "lost", KNOWN, details))
    return ImportedFile(source.name, *named, tuple(files), tuple(entries))


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
    most = limits.MAX_FOLDERS
    if len(session.folder) <= most:
        return []
    return [LedgerEntry(0, session.name, "/".join(session.folder), "changed", FOLDERS, {"most": most})]
