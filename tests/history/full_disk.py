"""Runs of the program on a disk that is full for a while."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.history.performing import LIMIT_S

SIZE = 1_000_000
_OWN_DISKS = ("unshare", "--user", "--map-root-user", "--mount", "bash", "-ec")


class LimitedRun:
    """`timer-app` with some arguments; when the disk is to be full, it may not make a file longer.

    Attributes:
        kept: The folder of its data, when it has ended.
        reason: What it says of such a disk.
    """

    reason = "the disk does not take it"

    def __init__(self, folder: Path, arguments: list[str]) -> None:
        self.stored = folder / "data"
        self.program = shlex.join([sys.executable, "-m", "timer_app", *arguments])
        environment = {**os.environ, "TIMER_APP_DATA": str(self.data(folder))}
        self.process = _started(self.command(), folder, environment)
        self.pid = int(self.line())
        self._usual = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)

    def data(self, _folder: Path) -> Path:
        """Where the program is to keep its data."""
        return self.stored

    def command(self) -> list[str]:
        """What is started; its first line tells the number of the program's process."""
        return ["bash", "-c", f"echo $BASHPID; exec {self.program}"]

    def fill(self) -> None:
        """Let the disk be full from now on."""
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (1, self._usual[1]))

    def free(self) -> None:
        """Let there be room again."""
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, self._usual)

    def line(self) -> str:
        """The next line it tells; empty at its end."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def lines_until(self, word: str) -> list[str]:
        """The lines up to the first with that word."""
        reported = [self.line()]
        while word not in reported[-1]:
            assert reported[-1], f"it ended before {word!r}: {reported}"
            reported.append(self.line())
        return reported

    def end(self) -> tuple[list[str], str]:
        """Have it end; what it tells until then, and what went wrong."""
        os.kill(self.pid, signal.SIGTERM)
        out, err = self.process.communicate(timeout=LIMIT_S)
        return out.splitlines(), err


class SmallDiskRun(LimitedRun):
    """`timer-app` on a small disk of its own, which something else fills up."""

    reason = "the disk is full"

    def __init__(self, folder: Path, arguments: list[str]) -> None:
        self._disk = folder / "disk"
        self._disk.mkdir()
        super().__init__(folder, arguments)
        # The disk is seen by the program and those before it alone.
        self._ballast = Path(f"/proc/{self.pid}/root{self._disk}/ballast")

    def data(self, _folder: Path) -> Path:
        """On the small disk."""
        return self._disk

    def command(self) -> list[str]:
        """A disk is gone with the last process that sees it, so what is on it is taken along."""
        disk = shlex.quote(str(self._disk))
        mount = f"mount -t tmpfs -o size={SIZE} none {disk}"
        take_along = f"rm -f {disk}/ballast; cp -r {disk} {shlex.quote(str(self.stored))}"
        return [*_OWN_DISKS, f"{mount}; (echo $BASHPID; exec {self.program}) || true; {take_along}"]

    def fill(self) -> None:
        """Take all the room there is."""
        with self._ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4_096))

    def free(self) -> None:
        """Give it back."""
        self._ballast.unlink()


def may_have_own_disks() -> bool:
    """Whether this computer lets its users have disks that they alone see."""
    if not shutil.which(_OWN_DISKS[0]):
        return False
    trial = subprocess.run([*_OWN_DISKS, "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    return trial.returncode == 0


def _started(command: list[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
