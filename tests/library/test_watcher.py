from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from time import monotonic

import pytest

from timer_app.library.watcher import FileWatcher

LIMIT_S = 15.0
_TRY_AGAIN_S = 0.25


class Watching:
    """A watcher of some folders and files, and what it has told."""

    def __init__(self, folders: Iterable[Path], files: Iterable[Path] = ()) -> None:
        self.told: Queue[frozenset[Path]] = Queue()
        self.failures: Queue[str] = Queue()
        self.watcher = FileWatcher(folders, files, self.told.put, self.failures.put)

    def has_begun(self, probe: Path) -> None:
        """Wait until what is written is noticed."""
        self._until(lambda: probe.write_text(str(monotonic())), lambda paths: probe in paths)
        while not self.told.empty():
            self.told.get()

    def hears_of(self, path: Path) -> None:
        """Wait until a change of `path` is told, or that anything may have changed."""
        self._until(lambda: None, lambda paths: path in paths or not paths)

    def _until(self, act: Callable[[], object], is_it: Callable[[frozenset[Path]], bool]) -> None:
        end = monotonic() + LIMIT_S
        while monotonic() < end:
            act()
            try:
                if is_it(self.told.get(timeout=_TRY_AGAIN_S)):
                    return
            except Empty:
                continue
        raise AssertionError("nothing was told")


@contextmanager
def watching(folders: Iterable[Path], files: Iterable[Path] = ()) -> Iterator[Watching]:
    there = Watching(folders, files)
    try:
        yield there
    finally:
        there.watcher.close()


def save_in_place(path: Path) -> Path:
    path.write_text("changed")
    return path


def replace_at_once(path: Path) -> Path:
    new = path.with_name(f".{path.name}.swp")
    new.write_text("changed")
    new.replace(path)
    return path


def move_old_version_away(path: Path) -> Path:
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text("changed")
    return path


def delete(path: Path) -> Path:
    path.unlink()
    return path


def rename(path: Path) -> Path:
    return path.rename(path.with_name("other.toml"))


@pytest.mark.parametrize("change", [save_in_place, replace_at_once, move_old_version_away, delete, rename])
def test_each_way_to_change_a_file_is_told(tmp_path: Path, change: Callable[[Path], Path]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("before")
    with watching([tmp_path]) as there:
        there.has_begun(tmp_path / "probe.toml")
        there.hears_of(change(file))


def test_what_editors_leave_beside_a_file_is_not_told(tmp_path: Path) -> None:
    with watching([tmp_path]) as there:
        there.has_begun(tmp_path / "probe.toml")
        for name in ("4913", ".mine.toml.swp", "mine.toml~", ".#mine.toml", "#mine.toml#", "mine.toml.tmp"):
            (tmp_path / name).write_text("x")
        last = save_in_place(tmp_path / "mine.toml")
        assert there.told.get(timeout=LIMIT_S) == {last}


def test_folders_that_come_later_are_followed_with_all_inside(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "sessions"
    with watching([folder, tmp_path]) as there:
        there.has_begun(tmp_path / "probe.toml")
        (folder / "morning").mkdir(parents=True)
        there.hears_of(folder)
        there.has_begun(folder / "morning" / "probe.toml")
        there.hears_of(save_in_place(folder / "morning" / "mine.toml"))


def test_a_folder_that_was_deleted_and_made_again_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    with watching([folder]) as there:
        there.has_begun(folder / "probe.toml")
        (folder / "probe.toml").unlink()
        folder.rmdir()
        there.hears_of(folder)
        folder.mkdir()
        there.has_begun(folder / "probe.toml")


def test_a_folder_that_takes_the_place_of_another_at_once_is_followed(tmp_path: Path) -> None:
    folder, other = tmp_path / "sessions", tmp_path / "other"
    folder.mkdir()
    with watching([folder]) as there:
        there.has_begun(folder / "probe.toml")
        for _ in range(3):
            shutil.rmtree(folder)
            folder.mkdir()
            there.has_begun(folder / "probe.toml")
            other.mkdir()
            shutil.rmtree(folder)
            other.rename(folder)
            there.has_begun(folder / "probe.toml")


def test_of_a_single_file_only_that_one_counts(tmp_path: Path) -> None:
    file = save_in_place(tmp_path / "mine.toml")
    with watching([], [file]) as there:
        there.has_begun(file)
        save_in_place(tmp_path / "other.toml")
        replace_at_once(file)
        assert there.told.get(timeout=LIMIT_S) == {file}


def test_the_file_behind_a_link_is_followed(tmp_path: Path) -> None:
    folder, kept = tmp_path / "sessions", tmp_path / "kept"
    folder.mkdir()
    kept.mkdir()
    file = save_in_place(kept / "mine.toml")
    (folder / "mine.toml").symlink_to(file)
    with watching([folder]) as there:
        there.has_begun(folder / "probe.toml")
        there.hears_of(replace_at_once(file).resolve())


def test_a_system_that_gives_no_more_watches_is_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **_more: object) -> None:
        raise OSError("OS file watch limit reached. about [...]")

    monkeypatch.setattr("watchfiles.watch", refuse)
    with watching([tmp_path]) as there:
        assert there.failures.get(timeout=LIMIT_S) == "OS file watch limit reached. about [...]"
        there.watcher.close()
        assert there.failures.empty()


def test_nothing_is_left_when_it_is_closed(tmp_path: Path) -> None:
    with watching([tmp_path]) as there:
        there.has_begun(tmp_path / "probe.toml")
        ending = monotonic()
    assert not there.watcher._thread.is_alive()
    assert monotonic() - ending < 1.0
    assert os.listdir(tmp_path) == ["probe.toml"]  # noqa: PTH208 - names alone are compared
