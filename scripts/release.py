"""Builds the wheel and the sdist in dist/, checks both, and tries the wheel the way a user gets it.

The Makefile has fetched everything by then: the tools into the virtual environment, and the program's dependencies as
wheels into the folder `wheels` of it. This script needs no network, so a release can be repeated anywhere.

An install from a checkout hides two faults that only users would meet: a file that is not in the wheel, and a
dependency that pyproject.toml does not declare. The first is found for every file, the second for what a run, an export
and the screens import.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import tarfile
import tempfile
import termios
import time
import tomllib
import wave
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
WHEELHOUSE = Path(sys.prefix) / "wheels"
PACKAGE = "timer_app"
# These lie beside the package in the checkout; in the wheel they move into it.
DATA = ("sessions", "sounds")
DIST_INFO = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
# hatchling adds both to every sdist.
ADDED_TO_SDIST = (".gitignore", "PKG-INFO")
# The shortest session that needs nobody to answer.
SESSION = "desk-break"
CTRL_C = b"\x03"
GIVEN_UP = 130


def tracked_files() -> set[str]:
    """Every file that git tracks and that is still there."""
    listed = run(["git", "ls-files", "-z"], cwd=ROOT).split("\0")
    return {name for name in listed if (ROOT / name).is_file()}


def expected_in_wheel(tracked: Iterable[str], dist_info: str) -> set[str]:
    """The package with its data, and nothing else: no tests, no docs, no scripts."""
    expected = {f"{dist_info}/{name}" for name in DIST_INFO}
    for name in tracked:
        top = name.split("/", 1)[0]
        if top == PACKAGE:
            expected.add(name)
        elif top in DATA:
            expected.add(f"{PACKAGE}/_data/{name}")
    return expected


def expected_in_sdist(tracked: Iterable[str], folder: str) -> set[str]:
    """The whole source, but for the dotfiles: they serve the repository, and the sdist is none."""
    source = {name for name in tracked if not name.startswith(".")}
    return {f"{folder}/{name}" for name in source.union(ADDED_TO_SDIST)}


def differences(archive: str, expected: set[str], found: set[str]) -> list[str]:
    """One line for each file that is missing from the archive, or has no business in it."""
    missing = [f"{archive} lacks {name}" for name in sorted(expected - found)]
    surplus = [f"{archive} should not contain {name}" for name in sorted(found - expected)]
    return missing + surplus


def first_missing(lines: Iterable[str], text: str) -> str | None:
    """The first of the lines that the text does not have in its turn, if there is one."""
    position = 0
    for line in lines:
        found = text.find(line, position)
        if found < 0:
            return line
        position = found + len(line)
    return None


def run(command: Sequence[str | Path], *, cwd: Path, env: dict[str, str] | None = None, warns: bool = True) -> str:
    """What a command prints. The release ends here if it fails, or if it warns where it may not."""
    done = subprocess.run(
        command, check=False, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode or (done.stderr and not warns):
        shown = " ".join(str(word) for word in command)
        sys.exit(f"{done.stdout}{done.stderr}\nstatus {done.returncode}: {shown}")
    return done.stdout


def build() -> tuple[Path, Path]:
    """Build the sdist, and the wheel from that, so that the sdist is known to build.

    Returns:
        The wheel and the sdist.
    """
    shutil.rmtree(DIST, ignore_errors=True)
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT], cwd=ROOT)
    (wheel,) = DIST.glob("*.whl")
    (sdist,) = DIST.glob("*.tar.gz")
    return wheel, sdist


def check_files(wheel: Path, sdist: Path) -> None:
    """Metadata by the rules of the index, contents by what git tracks."""
    run([sys.executable, "-m", "twine", "check", "--strict", wheel, sdist], cwd=ROOT)
    run([sys.executable, "-m", "check_wheel_contents", wheel], cwd=ROOT)
    tracked = tracked_files()
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = {name for name in archive.namelist() if not name.endswith("/")}
    with tarfile.open(sdist) as source:
        in_sdist = {member.name for member in source.getmembers() if not member.isdir()}
    dist_info = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    folder = sdist.name.removesuffix(".tar.gz")
    faults = differences("the wheel", expected_in_wheel(tracked, dist_info), in_wheel)
    faults += differences("the sdist", expected_in_sdist(tracked, folder), in_sdist)
    if faults:
        sys.exit("\n".join([*faults, "compared with the files that git tracks; is something not added yet?"]))


class Installed:
    """The wheel in a virtual environment of its own, in a home that nobody has used."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        # Nothing of the caller's environment: a PYTHONPATH or a setting of pip would be a way back to the checkout or
        # to the network.
        self._env = {
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "TERM": "xterm-256color",
        }
        venv = folder / "venv"
        self._run([sys.executable, "-m", "venv", venv])
        pip = venv / "bin" / "pip"
        self._run([pip, "install", "--no-index", "--find-links", WHEELHOUSE, wheel])
        self._run([pip, "check"])
        self._app = venv / "bin" / "timer-app"

    def printed(self, *arguments: str) -> str:
        """What the command prints; it has to end well and to complain of nothing."""
        return self._run([self._app, *arguments], warns=False)

    def drawn(self, text: str, *arguments: str) -> tuple[str, int]:
        """What the screens draw until the text comes, and the exit status after Ctrl+C."""
        terminal, inside = pty.openpty()
        termios.tcsetwinsize(inside, (40, 120))
        process = subprocess.Popen(
            [self._app, *arguments], cwd=self.home, env=self._env, stdin=inside, stdout=inside, stderr=inside
        )
        os.close(inside)
        try:
            drawn = read_terminal(terminal, until=text.encode())
            os.write(terminal, CTRL_C)
            read_terminal(terminal)  # a program cannot end while what it draws is not read
            return drawn.decode(errors="replace"), process.wait(timeout=30)
        finally:
            process.kill()
            process.wait()
            os.close(terminal)

    def _run(self, command: Sequence[str | Path], *, warns: bool = True) -> str:
        return run(command, cwd=self.home, env=self._env, warns=warns)


def read_terminal(terminal: int, *, until: bytes | None = None, limit_s: float = 60) -> bytes:
    """What a program draws, until the text has come, the program has ended or the time is up."""
    drawn, end_s = b"", time.monotonic() + limit_s
    while (until is None or until not in drawn) and time.monotonic() < end_s:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            drawn += os.read(terminal, 65536)
        except OSError:  # this is how Linux tells that nobody draws any more
            break
    return drawn


def try_wheel(app: Installed, version: str) -> None:
    """Run a whole session in lines, export one with its voice and sounds, and open a run on the screen."""
    expect("--version", [version], app.printed("--version"))
    own = sorted(path.stem for path in (ROOT / "sessions").glob("*.toml") if "." not in path.stem)
    expect("list", own, app.printed("list"))

    session = tomllib.loads((ROOT / "sessions" / f"{SESSION}.toml").read_text(encoding="utf-8"))
    spoken = [session["name"], *(step["say"] for step in session["steps"] if "say" in step)]
    expect("run", spoken, app.printed("run", SESSION, "--plain", "--no-sound", "--speed", "60", "--open-steps", "0"))

    app.printed("export", SESSION, "session.wav")
    with wave.open(str(app.home / "session.wav")) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        if seconds < 60 or not any(sound.readframes(sound.getnframes())):
            sys.exit(f"export wrote {seconds:.0f} s, or nothing that can be heard")

    drawn, status = app.drawn(session["name"], "run", SESSION, "--no-sound")
    expect("run on the screen", [session["name"]], drawn)
    if status != GIVEN_UP:
        sys.exit(f"timer-app run ended with status {status} at Ctrl+C, not with {GIVEN_UP}")


def expect(command: str, lines: Iterable[str], printed: str) -> None:
    """End the release if a command has not printed the lines, one after the other."""
    missing = first_missing(lines, printed)
    if missing is not None:
        sys.exit(f"{printed}\ntimer-app {command} did not print {missing!r}")


def main() -> None:
    """Build, check, try."""
    print("Building the wheel and the sdist")
    wheel, sdist = build()
    print("Checking metadata and contents")
    check_files(wheel, sdist)
    print("Installing the wheel in a clean environment and running a session")
    with tempfile.TemporaryDirectory(prefix="timer-app-release-") as folder:
        try_wheel(Installed(wheel, Path(folder)), version=wheel.name.split("-")[1])
    for path in (wheel, sdist):
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 2**20:.1f} MB")


if __name__ == "__main__":
    main()
