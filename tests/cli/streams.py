"""Runs the program with its standard streams as a careless caller leaves them: closed, full, or with nobody behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import click

from tests.command_line import SHORT
from tests.history.real_run import FORKING

SESSION: Final = SHORT.replace('"10s"', '"3s"')
NAMES: Final = ("stdin", "stdout", "stderr")
OPEN, CLOSED, FULL, BROKEN = "open", "closed", "full", "broken"
LIMIT_S: Final = 60.0
READY: Final = "?token="

COMMANDS: Final[dict[str, str]] = {
    "": "",
    "check": "{short} --fast",
    "completion": "bash",
    "diff": "{short} desk-break",
    "edit": "{short}",
    "export": "{short} {new}/sound.wav --voice none",
    "figure": "wall-squat --once",
    "history": "",
    "history stats": "",
    "history export": "{new}/all.jsonl",
    "history import": "{home}/exported.jsonl",
    "history forget": "--all --yes",
    "import": "{home}/routine.txt --yes",
    "interval": "--work 1 --rounds 1 --prepare 0 --plain --output null --voice none --speed 4",
    "lint": "{short}",
    "list": "",
    "lsp": "",
    "new": "{new}/new.toml",
    "programme": "",
    "programme list": "",
    "programme start": "gentle-start",
    "programme stop": "",
    "programme show": "",
    "programme ics": "{new}/calendar.ics",
    "run": "{short} --plain --output null --voice none --history --speed 4",
    "serve": "--port 0",
    "share": "{short}",
    "show": "{short} --fast",
    "sounds": "",
    "today": "",
    "voices": "",
    "voices get": "mine http://127.0.0.1:9/mine.onnx --sha256 none --yes",
}
"""Useful arguments for each command, by its words."""

STATUSES: Final = {"edit": 2, "programme": 2, "voices get": 1, "frob": 2, "list --frob": 2}
"""How commands end that do not end with 0 when all streams are open."""

ALSO: Final = ("--help", "frob", "list --frob")
"""What click itself answers."""

_ALONE = threading.Lock()  # whoever starts a process also looks after those that have ended


class Streams(NamedTuple):
    """In which state each standard stream is."""

    stdin: str = OPEN
    stdout: str = OPEN
    stderr: str = OPEN


class Ended(NamedTuple):
    """How a command ended, and what could be read of it."""

    status: int | None
    out: str
    err: str

    @property
    def is_fault(self) -> bool:
        """Whether a fault of the program itself shows."""
        return "Traceback" in self.err or "something unexpected" in self.err


def command_words(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[str]:
    """The words of every command below this one; a group alone is a command too."""
    yield " ".join(words)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if inner := command.get_command(context, name):
                yield from command_words(inner, (*words, name))


def prepare(home: Path) -> None:
    """A user who has done a session, follows a programme, has exported the history, and has a faulty setting."""
    (home / "short.toml").write_text(SESSION, encoding="utf-8")
    (home / "routine.txt").write_text("10s ready, [1m work, 30s rest]x5", encoding="utf-8")
    for line in (COMMANDS["run"], "history export {home}/exported.jsonl", "programme start desk-week"):
        words = line if line.startswith(("history", "programme")) else f"run {line}"
        given = words.format(home=home, short=home / "short.toml").split()
        ended = start_forked(given, home, Streams(), environment_in(home)).end()
        assert ended.status == 0, ended
    # Whatever reads the settings has something to say on standard error.
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.toml").write_text('volume = "loud"\n', encoding="utf-8")


class Started:
    """A program whose streams are in some state.

    Args:
        folder: Where what it writes can be read.
        poll: Its exit status, or `None` while it runs.
        pid: Its process.
    """

    def __init__(self, folder: Path, poll: Callable[[], int | None], pid: int) -> None:
        self._folder, self._poll, self._pid = folder, poll, pid

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._poll() is None

    def send(self, number: int) -> None:
        """Send a signal once it has begun, unless it has ended."""
        give_up = time.monotonic() + LIMIT_S
        while self._poll() is None and time.monotonic() < give_up:
            if (self._folder / NAMES[1]).exists():
                with suppress(ProcessLookupError):
                    os.kill(self._pid, number)
                return
            time.sleep(0.002)

    def end(self, *, stop_when_ready: bool = False) -> Ended:
        """Wait for its end; what serves is interrupted as soon as it does so."""
        give_up, is_asked = time.monotonic() + LIMIT_S, False
        while (status := self._poll()) is None:
            if stop_when_ready and not is_asked and READY in self.read("stdout"):
                os.kill(self._pid, signal.SIGINT)
                is_asked = True
            if time.monotonic() > give_up:
                os.kill(self._pid, signal.SIGKILL)
                raise TimeoutError(f"still there after {LIMIT_S:g} s: {self.read('stdout')} {self.read('stderr')}")
            time.sleep(0.01)
        return Ended(status, self.read("stdout"), self.read("stderr"))

    def read(self, name: str) -> str:
        """What it wrote there, if that was open."""
        with suppress(FileNotFoundError):
            return (self._folder / name).read_text(encoding="utf-8").replace(str(self._folder), "")
        return ""


def arguments_for(words: str, home: Path, folder: Path) -> list[str]:
    """The arguments of a command, with the files of its own filled in."""
    text = f"{words} {COMMANDS.get(words, '')}"
    return text.format(short=home / "short.toml", home=home, new=folder).split()


def own_copy(home: Path, folder: Path) -> dict[str, str]:
    """The environment in which that user is alone, as no command may depend on another."""
    folder.mkdir()
    for name in ("config", "data", "cache"):
        if (home / name).is_dir():
            shutil.copytree(home / name, folder / name)
    return environment_in(folder)


def environment_in(folder: Path) -> dict[str, str]:
    """What makes a folder the user's home."""
    return {f"TIMER_APP_{name}": str(folder / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}


def start_forked(arguments: Sequence[str], folder: Path, streams: Streams, environment: dict[str, str]) -> Started:
    """Start the program in a folder, as a fork of one that has imported most of it already."""
    process = FORKING.Process(target=_begin, args=(list(arguments), str(folder), tuple(streams), environment))
    with _ALONE:
        process.start()

    def poll() -> int | None:
        with _ALONE:
            return None if process.is_alive() else process.exitcode

    assert process.pid
    return Started(folder, poll, process.pid)


def start_process(
    command: Sequence[str], arguments: Sequence[str], folder: Path, streams: Streams, environment: dict[str, str]
) -> Started:
    """Start the program as a shell does."""
    closed = [f"{number}>&-" for number, state in enumerate(streams) if state == CLOSED]
    given = [_descriptor(number, state, str(folder)) for number, state in enumerate(streams)]
    stdin, stdout, stderr = (subprocess.DEVNULL if number is None else number for number in given)
    started = subprocess.Popen(
        ["sh", "-c", " ".join(['exec "$@"', *closed]), "sh", *command, *arguments],
        env={**os.environ, **environment},
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )
    for number in given:
        if number is not None:
            os.close(number)
    return Started(folder, started.poll, started.pid)


def _begin(arguments: list[str], folder: str, streams: tuple[str, str, str], environment: dict[str, str]) -> None:
    """Become the program, as if a shell had started it with such streams."""
    from timer_app.cli import main

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until there is a program to interrupt
    os.environ.update(environment)
    os.environ.pop("TERM", None)
    os.chdir(folder)
    for number, state in enumerate(streams):
        if (opened := _descriptor(number, state, folder)) is None:
            os.close(number)
        else:
            os.dup2(opened, number)
            os.close(opened)
    sys.stdin = None if streams[0] == CLOSED else os.fdopen(0, closefd=False)
    sys.stdout = None if streams[1] == CLOSED else os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = None if streams[2] == CLOSED else os.fdopen(2, "w", 1, encoding="utf-8", closefd=False)
    sys.argv = ["timer-app", *arguments]
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _descriptor(number: int, state: str, folder: str) -> int | None:
    if state == CLOSED:
        return None
    if state == FULL:
        return os.open("/dev/full", os.O_RDWR)
    if state == BROKEN:
        reading, writing = os.pipe()
        os.close(reading if number else writing)
        return writing if number else reading
    if number == 0:
        return os.open(os.devnull, os.O_RDONLY)
    return os.open(f"{folder}/{NAMES[number]}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
