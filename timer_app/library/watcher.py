"""Tells when files are saved, renamed or deleted, so that whatever shows them follows at once.

Folders are watched one by one and not with all that is in them: so that those which do not exist yet can be waited for
in the folder above, links lead nowhere else, and a folder of a thousand others costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from timer_app.core.diagnostics import first_line
from timer_app.system.files import folders_inside

_STEP_MS = 100  # so long nothing more may happen: an editor writes a file in several steps
_TOGETHER_MS = 800  # of changes that never end, so many are told at once
_LOOK_MS = 300
_CLOSING_S = 2.0  # much more than it takes to end
_MOST_TRIES = 20  # with folders that come and go while they are looked at
_MOST_LINKS = 200  # of files in other folders


@dataclass(frozen=True, slots=True)
class _Watched:
    """What is watched now.

    Attributes:
        folders: Where changes are noticed.
        read: The folders of which every TOML file counts.
        files: The files that count elsewhere.
        roots: The folders that were asked for, which may not exist, and those above them.
    """

    folders: frozenset[Path]
    read: frozenset[Path]
    files: frozenset[Path]
    roots: frozenset[Path]

    def counts(self, path: Path) -> bool:
        """Whether a change of a file or a folder is one that matters; editors leave other files beside theirs."""
        if path in self.files or path in self.roots or path in self.read:
            return True
        if path.name.startswith(".") or path.parent not in self.read:
            return False
        return path.suffix == ".toml" or path.is_dir()


def _watched(folders: Iterable[Path], files: Iterable[Path]) -> _Watched:
    roots = {path.absolute() for path in folders}
    read = {inside for root in roots if root.is_dir() for inside in folders_inside(root)}
    named = read | {target for folder in read if (target := _target_of(folder))}  # some systems tell the real place
    links = [path for folder in sorted(read) for path in _links_in(folder)][:_MOST_LINKS]
    given = {path.absolute() for path in files}
    wanted = given | {target for path in (*links, *given) if (target := _target_of(path))}
    above = {_nearest_folder(path) for path in (*(root.parent for root in roots), *(file.parent for file in wanted))}
    waited_for = {parent for root in roots for parent in root.parents if not parent.is_dir()}
    return _Watched(frozenset(read | above), frozenset(named), frozenset(wanted), frozenset(roots | waited_for))


def _links_in(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in folder.iterdir() if path.suffix == ".toml" and path.is_symlink()]
    return []


def _target_of(path: Path) -> Path | None:
    """The file behind a link; `None` for one that leads nowhere."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None


def _nearest_folder(path: Path) -> Path:
    """A folder, or the first of those above it that exists."""
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), path)


class FileWatcher:
    """Watches folders and files in a thread of its own until it is closed.

    Args:
        folders: Folders of TOML files, those inside of them included. They need not exist.
        files: Single files, wherever they are.
        tell: Is called in that thread with the files and folders that have changed; with none of them where it is not
            known which have, so that all must be looked at.
        fail: Is called in that thread, once, with the reason why nothing can be watched.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        files: Iterable[Path],
        tell: Callable[[frozenset[Path]], None],
        fail: Callable[[str], None],
    ) -> None:
        self._folders, self._files = tuple(folders), tuple(files)
        self._tell, self._fail = tell, fail
        self._end = Event()
        self._thread = Thread(target=self._watch_until_closed, name="file watcher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more; nothing is told any more when this returns."""
        self._end.set()
        self._thread.join(_CLOSING_S)

    def _watch_until_closed(self) -> None:
        tries, is_first = 0, True
        while not self._end.is_set():
            try:
                self._watch(tells_first=not is_first)
                tries = 0
            except FileNotFoundError as error:  # gone since it was looked for
                tries += 1
                if tries > _MOST_TRIES:
                    self._give_up(error)
            except (OSError, RuntimeError, ImportError) as error:  # the system may have no more watches to give
                self._give_up(error)
            is_first = False

    def _give_up(self, error: Exception) -> None:
        if not self._end.is_set():
            self._end.set()
            self._fail(first_line(error))

    def _watch(self, *, tells_first: bool) -> None:
        """Watch what is there, until there are other folders.

        Args:
            tells_first: Something may have changed before this had begun.
        """
        from watchfiles import Change, watch  # it takes a moment, for which no screen waits

        watched = _watched(self._folders, self._files)
        changes = watch(
            *sorted(watched.folders),
            watch_filter=None,
            recursive=False,
            step=_STEP_MS,
            debounce=_TOGETHER_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            stop_event=self._end,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
        is_first = True
        for found in changes:
            paths = frozenset(path for path in (Path(path) for _, path in found) if watched.counts(path))
            if self._end.is_set():
                return
            if tells_first:
                self._tell(frozenset())
            elif paths:
                self._tell(paths)
            tells_first = False
            # A folder that takes the place of another has its name, but is not the one that is watched.
            is_replaced = any(kind != Change.modified and Path(path) in watched.folders for kind, path in found)
            # At first without a change, too: a folder may have been made before the one above it was watched.
            if is_replaced or ((found or is_first) and _watched(self._folders, self._files) != watched):
                return
            is_first = False
