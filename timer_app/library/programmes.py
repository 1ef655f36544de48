"""Finds and reads programmes, bundled and the user's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.diagnostics import FileFault, nearest, quoted
from timer_app.core.i18n import _
from timer_app.system import paths
from timer_app.system.files import parse_file, toml_files

if TYPE_CHECKING:
    from timer_app.core.diagnostics import LocatedProblem, Source
    from timer_app.core.training import Programme


class ProgrammeError(Exception):
    """There is no such programme; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class ProgrammeLibrary:
    """The programmes in some folders.

    Attributes:
        folders: An earlier one hides the same name in a later one.
        sessions: The ids of all sessions.
    """

    folders: tuple[Path, ...]
    sessions: Collection[str]

    @classmethod
    def default(cls, sessions: Collection[str]) -> ProgrammeLibrary:
        """The user's and the shipped programmes."""
        return cls((paths.own_programmes_dir(), paths.shipped_programmes_dir()), sessions)

    def files(self) -> dict[str, Path]:
        """The file of each programme by its id, which is the file's name without its ending."""
        files: dict[str, Path] = {}
        for folder in self.folders:
            for path in toml_files(folder):
                files.setdefault(path.stem, path)
        return dict(sorted(files.items()))

    def load(self, name: str) -> Programme:
        """The programme with that id.

        Raises:
            ProgrammeError: There is none.
            FileFault: Its file has faults.
        """
        files = self.files()
        if name not in files:
            near = nearest(name, files)
            hint = (
                _("did you mean {name}?").format(name=quoted(near))
                if near
                else _("there is: {names}").format(names=", ".join(files))
            )
            raise ProgrammeError(_("there is no programme {name}; {hint}").format(name=quoted(name), hint=hint))
        source = parse_file(files[name])
        programme, problems = read_programme(source, self.sessions)
        if programme is None:
            raise FileFault(problems)
        return programme


def is_programme_file(source: Source) -> bool:
    """Whether a file holds a programme rather than a session."""
    return "weeks" in source.data and "steps" not in source.data


def read_programme(source: Source, sessions: Collection[str]) -> tuple[Programme | None, list[LocatedProblem]]:
    """The programme in a file, or `None` with all its errors.

    Args:
        source: The file.
        sessions: The ids of all sessions.
    """
    from timer_app.core.diagnostics import validate_source
    from timer_app.core.training import Programme  # models are loaded only to read a file

    programme, problems = validate_source(Programme, source, {"sessions": sessions})
    return programme, source.collected(problems)
