"""What a power cut leaves of a folder: nothing is certain on the disk but what was synced before.

`disk_log.c` logs what a program does to the folder. A file's bytes are certain once the file is synced, and names (new,
changed or removed ones) once their folder is. Of what came later, anything may be on the disk: bytes in any choice, and
names in the order in which they changed, as journalling file systems have it.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SECTOR = 512
_SHARED_MEMORY = "-shm"  # of SQLite, which does not read it after a restart
_SOURCE = Path(__file__).with_name("disk_log.c")


class Operation(NamedTuple):
    """One line of the log.

    Attributes:
        kind: Its letter, as `disk_log.c` lists them.
        values: What follows it.
        data: The bytes that were written.
    """

    kind: str
    values: list[str]
    data: bytes = b""


def record(command: Sequence[str], root: Path, work: Path) -> list[Operation]:
    """Run a command, which has to succeed; returns what it did below `root`, and what it printed, in order."""
    library, log = work / "disk_log.so", work / "disk.log"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl", "-pthread"], check=True)
    variables = {"LD_PRELOAD": str(library), "DISK_LOG_ROOT": str(root), "DISK_LOG_FILE": str(log)}
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done
    return list(_parsed(log.read_bytes()))


def _parsed(log: bytes) -> Iterator[Operation]:
    at = 0
    while at < len(log):
        end = log.index(b"\n", at)
        kind, rest = log[at:end].decode().split(" ", 1)
        values = rest.split("\t" if kind == "R" else " ", 1 if kind == "C" else -1) if kind in "CRWTSK" else [rest]
        at, length = end + 1, int(values[-1]) if kind in "WK" else 0
        yield Operation(kind, values, log[at : at + length])
        at += length


@dataclass
class _File:
    """A file: what is certain of it, and the operations on it since."""

    synced: bytes = b""
    later: list[Operation] = field(default_factory=list)

    @property
    def now(self) -> bytes:
        """The bytes as the program sees them."""
        return _applied(self.synced, self.later)

    def sync(self) -> None:
        """Make all of them certain."""
        self.synced, self.later = self.now, []

    def after_cut(self, chance: random.Random | None) -> bytes:
        """The bytes after a power cut: what was synced, and by chance some of what came later."""
        if chance is None:
            return self.synced
        return _applied(self.synced, (_torn(one, chance) for one in self.later if chance.random() < 0.5))


def _torn(operation: Operation, chance: random.Random) -> Operation:
    """A write of which perhaps only the first sectors came on the disk."""
    sectors = len(operation.data) // SECTOR
    if operation.kind != "W" or sectors < 2 or chance.random() < 0.5:
        return operation
    return operation._replace(data=operation.data[: chance.randrange(1, sectors) * SECTOR])


def _applied(before: bytes, operations: Sequence[Operation] | Iterator[Operation]) -> bytes:
    content = bytearray(before)
    for kind, values, data in operations:
        if kind == "T":
            length = int(values[1])
            content = content[:length] + bytes(max(0, length - len(content)))
        else:
            offset = int(values[1])
            content += bytes(max(0, offset - len(content)))
            content[offset : offset + len(data)] = data
    return bytes(content)


_Entry = _File | None  # `None` is a folder
_Change = Callable[[dict[Path, _Entry]], None]


class Disk:
    """The folder as the program sees it, and what of it is certain.

    Args:
        root: Where it is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: dict[Path, _Entry] = {}
        self._certain_names: dict[Path, _Entry] = {}
        self._later: dict[Path, list[_Change]] = {}  # by their folder
        self._inodes: dict[str, _File] = {}

    def apply(self, operation: Operation) -> None:  # noqa: C901 - one case an operation
        """Follow the program."""
        kind, values, _ = operation
        match kind:
            case "C":
                self._inodes[values[0]] = _File()
                self._name(Path(values[1]), self._inodes[values[0]])
            case "M":
                self._name(Path(values[0]), None)
            case "W" | "T":
                if values[0] in self._inodes:
                    self._inodes[values[0]].later.append(operation)
            case "S":
                if values[0] in self._inodes:
                    self._inodes[values[0]].sync()
            case "D":
                for change in self._later.pop(Path(values[0]), []):
                    change(self._certain_names)
            case "R":
                self._move(Path(values[0]), Path(values[1]))
            case "U":
                self._remove(Path(values[0]))

    def _name(self, path: Path, entry: _Entry) -> None:
        def change(names: dict[Path, _Entry]) -> None:
            names[path] = entry

        self._change(path.parent, change)

    def _remove(self, path: Path) -> None:
        def change(names: dict[Path, _Entry]) -> None:
            names.pop(path, None)

        self._change(path.parent, change)

    def _move(self, old: Path, new: Path) -> None:
        assert old.parent == new.parent, "only renames within a folder are atomic on every file system"
        entry = self._names[old]

        def change(names: dict[Path, _Entry]) -> None:
            names.pop(old, None)
            names[new] = entry

        self._change(new.parent, change)

    def _change(self, folder: Path, change: _Change) -> None:
        change(self._names)
        self._later.setdefault(folder, []).append(change)

    def now(self) -> dict[Path, bytes]:
        """Every file as the program sees it."""
        return {path: entry.now for path, entry in self._names.items() if entry is not None and _is_read(path)}

    def after_cut(self, chance: random.Random | None = None) -> dict[Path, bytes]:
        """Every file after a power cut now; with `chance`, some of what is not certain is there too."""
        names = dict(self._certain_names)
        if chance is not None:
            for changes in self._later.values():
                for change in changes[: chance.randint(0, len(changes))]:
                    change(names)
        reached = {self._root}
        for path in sorted(path for path, entry in names.items() if entry is None):
            if path.parent in reached:
                reached.add(path)
        return {
            path: entry.after_cut(chance)
            for path, entry in names.items()
            if entry is not None and _is_read(path) and path.parent in reached
        }


def _is_read(path: Path) -> bool:
    return not path.name.endswith(_SHARED_MEMORY)
