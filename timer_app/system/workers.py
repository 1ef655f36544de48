"""A child process that answers one message after another, and cannot take its parent down.

Starts the program's own child processes, which speak over pipes.

What a process that speaks for the program does: answer messages, and keep everything that an engine prints apart.

How the program and its output process talk: messages over a pipe, each a small table and maybe some bytes.

The program's end of the pipe to an output process; neither a hung nor a dead process makes a caller wait.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Final, NamedTuple, TextIO


def module_command(name: str, *arguments: str) -> list[str]:
    """The command that runs a module with this interpreter; the current folder's files are not imported."""
    return [sys.executable, "-P", "-m", name, *arguments]


def start_child(command: Sequence[str], *, silent: bool = False) -> subprocess.Popen[bytes]:
    """Start a process with a pipe to it and one from it.

    Args:
        command: The program's own.
        silent: What it complains of is not shown.

    Raises:
        OSError: It cannot be started.
    """
    return subprocess.Popen(  # noqa: S603 - the command is the program's own
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if silent else None,
        # Keys of the terminal are for the program, which ends the process in its own time.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


_STOP_S = 2.0


class WorkerGoneError(Exception):
    """The process ended, hung or answered nonsense; it has been stopped."""


class WorkerProcess:
    """Sends JSON objects to a process, a line each, and takes one line back for each.

    Raises:
        WorkerGoneError: The process cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = start_child(command, silent=True)
        except OSError as error:
            raise WorkerGoneError(f"could not be started: {error}") from error
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="voice worker", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        stdout = self._process.stdout
        if stdout is not None:
            with contextlib.suppress(OSError, ValueError):
                for line in stdout:
                    self._lines.put(line)
        self._lines.put(b"")

    def request(self, message: Mapping[str, object], limit_s: float) -> dict[str, Any]:
        """Send `message` and wait for its answer.

        Raises:
            WorkerGoneError: No proper answer within `limit_s`; the process is stopped.
        """
        try:
            self._send(json.dumps(dict(message)))
            answer = json.loads(self._lines.get(timeout=limit_s))
        except queue.Empty:
            self.stop()
            raise WorkerGoneError(f"did not answer within {limit_s:g} s") from None
        except (OSError, ValueError):
            self.stop()
            raise WorkerGoneError(f"stopped (status {self._process.returncode})") from None
        if not isinstance(answer, dict):
            self.stop()
            raise WorkerGoneError("answered nonsense")
        return answer

    def _send(self, line: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{line}\n".encode("ascii"))
            self._process.stdin.flush()

    def stop(self) -> None:
        """End the process at once; may be called again, and while another thread asks."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_S)
        self._reader.join(_STOP_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def serve(handler: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer each JSON object that comes in, a line each, with one; ends the process when no more come.

    A message tells with `limit_s` after how many seconds the process ends itself, should the answer hang and the
    program be gone by then. What `handler` raises is answered with `{"error": ...}`.
    """
    answers = _own_output()
    for line in sys.stdin:
        message = json.loads(line)
        faulthandler.dump_traceback_later(message["limit_s"], exit=True, file=sys.__stderr__ or sys.stderr)
        try:
            answered = handler(message)
        except Exception as error:  # noqa: BLE001 - engines raise anything; the program hears of it
            answered = {"error": f"{type(error).__name__}: {error}"}
        faulthandler.cancel_dump_traceback_later()
        answers.write(json.dumps(answered) + "\n")
        answers.flush()
    os._exit(0)  # engines are known to crash on the way out


def _own_output() -> TextIO:
    """Standard output for the answers alone: what engines print goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return answers


_SIZES: Final = struct.Struct("<II")


class Message(NamedTuple):
    """What one side tells the other.

    Attributes:
        header: Names and plain values.
        payload: Samples as float32 bytes, where the message brings some.
    """

    header: dict[str, Any]
    payload: bytes = b""


def write_message(stream: IO[bytes], header: Mapping[str, object], payload: bytes = b"") -> None:
    """Write one message.

    Raises:
        OSError: Nobody reads any more.
        ValueError: The stream is closed.
    """
    words = json.dumps(dict(header)).encode()
    stream.write(_SIZES.pack(len(words), len(payload)) + words)
    if payload:
        stream.write(payload)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message | None:
    """Wait for one message; `None` when the other side is gone or talks nonsense."""
    try:
        sizes = stream.read(_SIZES.size)
        if len(sizes) < _SIZES.size:
            return None
        n_words, n_payload = _SIZES.unpack(sizes)
        words, payload = stream.read(n_words), stream.read(n_payload)
        return Message(json.loads(words), payload) if len(payload) == n_payload else None
    except (OSError, ValueError):
        return None


_CLOSE_S: Final = 1.2
_KILL_S: Final = 2.0

_OutgoingMessage = tuple[Mapping[str, object], bytes]


def worker_command(output: str, extra_ms: int) -> list[str]:
    """The command that runs an output process."""
    return module_command("timer_app.audio.output_process", output, str(extra_ms))


class WorkerLink:
    """One output process.

    Messages are written, and reports read, by threads of the link.

    Raises:
        OSError: The process cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = start_child(command)
        self._outgoing: queue.SimpleQueue[_OutgoingMessage | None] = queue.SimpleQueue()
        self._reports: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=work, name=f"output {work.__name__}", daemon=True)
            for work in (self._write, self._read)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def send(self, header: Mapping[str, object], payload: bytes = b"") -> None:
        """Send a message, after those before it."""
        self._outgoing.put((header, payload))

    def receive_report(self, limit_s: float) -> dict[str, Any] | None:
        """The next report; `None` when the process has ended.

        Raises:
            TimeoutError: None came within `limit_s` seconds.
        """
        try:
            return self._reports.get(timeout=limit_s)
        except queue.Empty:
            raise TimeoutError from None

    def close(self) -> None:
        """Let the process finish by itself, for about a second at most, and see to it that it is gone."""
        self._outgoing.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_CLOSE_S)
        self.kill()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_KILL_S)
        self._outgoing.put(None)
        for thread in self._threads:
            thread.join(_KILL_S)
        if self._process.stdout is not None and not self._threads[1].is_alive():
            self._process.stdout.close()

    def _write(self) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            while (parcel := self._outgoing.get()) is not None:
                write_message(pipe, *parcel)
        except (OSError, ValueError):
            pass  # the process is gone, which the reader tells
        with contextlib.suppress(OSError):
            pipe.close()

    def _read(self) -> None:
        pipe = self._process.stdout
        while pipe is not None and (message := read_message(pipe)) is not None:
            self._reports.put(message.header)
        self._reports.put(None)
