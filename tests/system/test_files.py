"""Part files of killed writers, the lock of a folder, and modes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from timer_app.system.files import atomic_write, folder_lock, make_private_folder, remove_abandoned_parts

KILLED_WRITER = """
import os, signal, sys
from pathlib import Path
from timer_app.system.files import atomic_write
with atomic_write(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _age(path: Path, seconds: float) -> Path:
    when = time.time() - seconds
    os.utime(path, (when, when))
    return path


def _killed_part(folder: Path) -> Path:
    before = set(folder.iterdir())
    subprocess.run([sys.executable, "-c", KILLED_WRITER, str(folder / "a.toml")], check=False, timeout=60)
    (part,) = set(folder.iterdir()) - before
    return part


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    part = _age(_killed_part(tmp_path), 90)
    with atomic_write(tmp_path / "b.toml") as file:
        file.write(b"whole")
    assert not part.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["b.toml"]


def test_only_part_files_of_dead_processes_and_old_ones_go(tmp_path: Path) -> None:
    fresh = _killed_part(tmp_path)  # may be another computer's that shares the folder
    kept = [
        fresh,
        *(tmp_path / name for name in (f".timer-app-{os.getpid()}-aa.part", "notes.part", ".timer-app-x.toml")),
    ]
    for path in kept[1:]:
        path.touch()
        _age(path, 3_600)
    gone = [tmp_path / ".timer-app-0123456789ab.part", tmp_path / f".timer-app-{os.getpid()}-bb.part"]
    for path in gone:
        path.touch()
        _age(path, 90_000)
    (tmp_path / ".timer-app-99999999999999999999-a.part").mkdir()
    remove_abandoned_parts(tmp_path)
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in gone)


def test_who_waits_too_long_for_a_lock_is_told_what_to_do(tmp_path: Path) -> None:
    with (
        folder_lock(tmp_path),
        pytest.raises(OSError, match="another timer-app has been writing there for 0 s; try again, or close it"),
        folder_lock(tmp_path, timeout_s=0),
    ):
        pass
    with folder_lock(tmp_path, timeout_s=0):
        assert list(tmp_path.iterdir()) == []


@pytest.fixture(params=[0o000, 0o022, 0o277])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_private_files_and_folders_are_so_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "c"
    make_private_folder(folder)
    (folder / "old").touch()
    (folder / "old").chmod(0o666)
    for name in ("new", "old"):
        with atomic_write(folder / name, private=True) as file:
            file.write(b"mine")
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    for made in (folder, *list(folder.parents)[:2]):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


@pytest.mark.usefixtures("umask")
def test_a_file_that_is_like_another_is_so_before_anything_is_in_it(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.touch()
    old.chmod(0o640)
    with atomic_write(tmp_path / "new", like=old) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    with atomic_write(tmp_path / "other", like=tmp_path / "missing") as file:
        file.write(b"mine")
    assert (tmp_path / "other").exists()


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for folder in ("file", "nowhere", "nowhere/inside"):
        with pytest.raises(FileExistsError):
            make_private_folder(tmp_path / folder)
    make_private_folder(tmp_path)


def test_a_folder_that_the_file_system_denies_though_its_parent_is_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path, *_mode: int) -> None:
        raise FileNotFoundError(2, "No such file or directory", str(path))

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(FileNotFoundError):
        make_private_folder(tmp_path / "a" / "b")
