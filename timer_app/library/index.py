"""Caches what the list shows of each session file, and finds sessions by name."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timer_app import __version__
from timer_app.core.diagnostics import FileFault, nearest, printable, quoted
from timer_app.core.i18n import _, current_language, ngettext
from timer_app.core.wording.formatting import joined_by_or
from timer_app.system.files import atomic_write, make_private_folder, read_text

if TYPE_CHECKING:
    from timer_app.core.diagnostics import LocatedProblem, Source


_MAX_FILES = 50_000  # in the cache, those read last
_UNSAVED = 2_000  # new files after which it is saved, so that who ends the first listing of many loses little
_ABANDONED_S = 3_600
_MAX_BYTES = 100_000_000  # of the cache, many times what it needs


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the list shows of a session file.

    Attributes:
        name: The session's name; the file's name if the file has errors.
        summary: One line about it.
        length_ms: Its length.
        equipment: The equipment it needs.
        faults: The number of errors.
        fault: The first of them, in a line.
        words: What else it is found by: the names of its exercises and blocks, and the muscles they work on.
        uses: The files of the sessions that are put into it.
        is_lasting: They stay as they are while the file, those in `uses` and the catalogue do. Some errors depend on
            other files, such as sounds.
    """

    name: str
    summary: str = ""
    length_ms: int = 0
    equipment: tuple[str, ...] = ()
    faults: int = 0
    fault: str = ""
    words: str = ""
    uses: tuple[str, ...] = ()
    is_lasting: bool = True

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        shown = {"name": self.name, "summary": self.summary, "length_ms": self.length_ms, "faults": self.faults}
        more = {
            "fault": self.fault,
            "equipment": list(self.equipment),
            "words": self.words,
            "uses": list(self.uses),
            "is_lasting": self.is_lasting,
        }
        return {**shown, **more}

    @classmethod
    def from_json(cls, found: object) -> SessionFacts | None:
        """The facts in an entry of the cache file; `None` if it has another form, since anything may stand there."""
        match found:
            case {
                "name": str(name),
                "summary": str(summary),
                "length_ms": int(length_ms),
                "equipment": [*equipment],
                "faults": int(faults),
                "fault": str(fault),
                "words": str(words),
                "uses": [*uses],
                "is_lasting": bool(is_lasting),
            } if all(isinstance(item, str) for item in (*equipment, *uses)):
                return cls(name, summary, length_ms, tuple(equipment), faults, fault, words, tuple(uses), is_lasting)
        return None


class LibraryIndex:
    """Caches facts about files; they are valid while the file and the catalogue are unchanged.

    Args:
        path: The cache file; with `None`, facts are cached in memory only.
        catalogue: The exercise and phrase files, on which all sessions depend.
        language: The language in which sessions are shown.
    """

    def __init__(self, path: Path | None, catalogue: Sequence[Path], language: str = "") -> None:
        self._path = path
        # Faults and notices are in the language of the screens.
        self._stamp = [__version__, language, current_language(), *(_stamp(file) for file in catalogue)]
        self._notices: list[str] | None = None
        self._cached: dict[str, Any] = self._load()
        self._changed = False
        self._unsaved = 0

    def get(self, path: Path) -> SessionFacts | None:
        """The cached facts about a file; `None` if there are none or they are outdated."""
        match self._cached.get(str(path.absolute())):
            case {"stamp": stamp, "facts": {"uses": [*uses], **found}} if stamp == _stamps(path, uses):
                return SessionFacts.from_json({**found, "uses": uses})
        return None

    def put(self, path: Path, facts: SessionFacts) -> None:
        """Cache the facts about a file."""
        key = str(path.absolute())
        self._cached.pop(key, None)  # what was read last goes to the end
        if facts.is_lasting:
            self._cached[key] = {"stamp": _stamps(path, facts.uses), "facts": facts.to_json()}
            self._changed = True
            self._unsaved += 1
            if self._unsaved >= _UNSAVED:
                self.save()

    @property
    def notices(self) -> list[str] | None:
        """Notices about the files on which all sessions depend; `None` if they were not checked yet."""
        return self._notices

    @notices.setter
    def notices(self, notices: list[str]) -> None:
        self._notices = notices
        self._changed = True

    def save(self) -> None:
        """Write the cache for the next start; a folder without write access is no error."""
        if self._path is None or not self._changed:
            return
        newest = dict(list(self._cached.items())[-_MAX_FILES:])
        content = {"stamp": self._stamp, "files": newest, "notices": self._notices}
        with contextlib.suppress(OSError):
            make_private_folder(self._path.parent)
            with atomic_write(self._path, private=True) as file:
                file.write(json.dumps(content).encode())
            self._changed, self._unsaved = False, 0
            for left in self._path.parent.glob(f"{self._path.stem}.*.tmp"):  # by a killed writer of an earlier version
                if left.stat().st_mtime < time.time() - _ABANDONED_S:
                    left.unlink()

    def _load(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            found = json.loads(read_text(self._path, largest=_MAX_BYTES))
        except (FileFault, OSError, ValueError, RecursionError):
            return {}
        match found:
            case {"stamp": stamp, "files": dict(files), **others} if stamp == self._stamp:
                notices = others.get("notices")
                if isinstance(notices, list) and all(isinstance(line, str) for line in notices):
                    self._notices = notices
                return files
        return {}


def _stamps(path: Path, uses: Iterable[object]) -> list[str]:
    """The state of a file and of the files that it uses."""
    return [_stamp(path), *(_stamp(Path(other)) for other in uses if isinstance(other, str))]


def _stamp(path: Path) -> str:
    try:
        state = path.stat()
    except (OSError, ValueError):
        return f"{path} is not there"
    return f"{path} {state.st_mtime_ns} {state.st_size} {state.st_ino}"


_SUFFIX = ".toml"
_LONGEST_NAME = 80


def existing_path(name: str) -> Path | None:
    """The path that the user wrote, if something exists there."""
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long, not encodable, or "~" of an unknown user
        return None


def looks_like_path(name: str) -> bool:
    """Whether a name means a file rather than a session."""
    return "/" in name or bool(Path(name).suffix)


def passed_over_notice(path: Path, advice: str) -> str:
    """Says in one line that a file is not read, and what to do about it."""
    return printable(_("{path}: is passed over; {advice}").format(path=path, advice=advice))


def ids_in_folders(name: str, ids: Iterable[str]) -> list[str]:
    """The sessions in folders whose ids end in that name."""
    return sorted(one for one in ids if one.endswith(f"/{name}")) if name else []


def several_message(name: str, ids: Sequence[str]) -> str:
    """Says in one line that several folders have a session of that name."""
    meant = printable(joined_by_or(ids))
    return _("there are {count} sessions {name} in folders; name {meant}").format(
        count=len(ids), name=quoted(name, _LONGEST_NAME), meant=meant
    )


def not_found_message(name: str, ids: list[str], passed_over: Mapping[Path, str]) -> str:
    """Says in one line that there is no such session, and which one may be meant.

    Args:
        name: What the user wrote.
        ids: The sessions that there are.
        passed_over: The files that are not read, each with what to do about it.
    """
    meant = next((path for path in passed_over if name in (path.name, path.name.split(".")[0])), None)
    if meant:
        return _("there is no session {name}; {advice}").format(
            name=quoted(name, _LONGEST_NAME), advice=passed_over_notice(meant, passed_over[meant])
        )
    by_last_part = {one.rpartition("/")[2]: one for one in reversed(ids)}
    near = nearest(name, [*ids, *by_last_part])
    near = by_last_part.get(near, near) if near else near
    if name.endswith(_SUFFIX) or ("/" in name and not near):
        return _("{name}: there is no such file").format(name=printable(name, _LONGEST_NAME))
    hint = _('did you mean "{near}"?').format(near=near) if near else _("`timer-app list` shows them all")
    return _("there is no session {name}; {hint}").format(name=quoted(name, _LONGEST_NAME), hint=hint)


def translation_message(name: str, original: Path) -> str:
    """Says in one line that a file is the translation of a session."""
    return _("{name} only translates; name {stem} instead").format(
        name=printable(name, _LONGEST_NAME), stem=original.stem
    )


def fault_line(problems: Sequence[LocatedProblem]) -> str:
    """The first error of a file, in a line that says how many others there are."""
    first = next((problem for problem in problems if problem.severity == "error"), None)
    if first is None:
        return ""
    what = ": ".join(filter(None, (first.key, first.message)))
    line = _("line {line}: {what}").format(line=first.line, what=what) if first.line else what
    others = len(problems) - 1
    more = ngettext("{fault} (and {count} more)", "{fault} (and {count} more)", others)
    return printable(more.format(fault=line, count=others) if others else line)


def session_name_in(source: Source) -> str:
    """The name of a session that has errors; empty if the name is one of them."""
    name = source.data.get("name")
    return " ".join(name.split())[:_LONGEST_NAME] if isinstance(name, str) and printable(name) == name else ""
