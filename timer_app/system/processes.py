"""Child processes of the program: messages over a pipe, and a child that cannot take its parent down.

The program holds a `ChildProcess`. Its threads write to the pipe and read from it, so neither a hung nor a dead
child blocks a caller for longer than the caller allows. The child runs `serve`, which ends when the program does.

A message is a header (a JSON object) and, where it carries samples, their bytes. Engines and drivers print whatever
they like, so the child reserves standard output for messages (`private_output`), and every message begins with a mark
that tells it from anything else on the pipe.
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
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, Final, NamedTuple

from timer_app.core.i18n import SOURCE_LANGUAGE, _, current_language, use_language

_PREFIX: Final = struct.Struct("<4sII")  # the mark, the sizes of header and payload
_MARK: Final = b"msg\0"

_LANGUAGE: Final = "TIMER_APP_CHILD_LANGUAGE"  # the variable that tells a child in which language it answers

_CLOSE_S: Final = 1.2
_KILL_S: Final = 2.0
# A child whose program is gone gives up on its own this much later than the program would have given up on it.
_WATCHDOG_MARGIN_S: Final = 5.0


class Message(NamedTuple):
    """What one side sends to the other.

    Attributes:
        header: Names and plain values.
        payload: Samples as little-endian float32, where the message carries any.
    """

    header: dict[str, Any]
    payload: bytes = b""


def write_message(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Write one message.

    Raises:
        OSError: Nobody reads any more.
        ValueError: The stream is closed.
    """
    encoded = json.dumps(header).encode("ascii")
    stream.write(_PREFIX.pack(_MARK, len(encoded), len(payload)) + encoded)
    if payload:
        stream.write(payload)
    stream.flush()


def read_message(stream: BinaryIO) -> Message | None:
    """Wait for one message; `None` when the other side is gone, even in the middle of one.

    Raises:
        ValueError: What came is not a message.
    """
    prefix = stream.read(_PREFIX.size)
    if len(prefix) < _PREFIX.size:
        return None
    mark, n_header, n_payload = _PREFIX.unpack(prefix)
    if mark != _MARK:
        raise ValueError("not a message")
    encoded, payload = stream.read(n_header), stream.read(n_payload)
    if len(encoded) < n_header or len(payload) < n_payload:
        return None
    header = json.loads(encoded)
    if not isinstance(header, dict):
        raise ValueError("a message without names")  # noqa: TRY004 - the fault is in the data
    return Message(header, payload)


def module_command(name: str, *arguments: str) -> list[str]:
    """The command that runs a module with this interpreter; files in the current folder are not imported."""
    return [sys.executable, "-P", "-m", name, *arguments]


class ProcessGoneError(Exception):
    """The child ended, hung or answered nonsense; it has been killed."""


class ProcessHungError(ProcessGoneError):
    """The child did not answer in time, and has been killed."""


class ChildProcess:
    """A running child process.

    Args:
        command: What to run.
        silent: Discard what the child writes to standard error.

    Raises:
        OSError: The process cannot be started.
    """

    def __init__(self, command: Sequence[str], *, silent: bool = False) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the command is the program's own
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if silent else None,
            env={**os.environ, _LANGUAGE: current_language()},
            # Keys pressed in the terminal are for the program, which ends the child when it is ready to.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._outgoing: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._end_reason = ""
        self._asking = threading.Lock()
        self._writer = threading.Thread(target=self._write, args=(self._process.stdin,), daemon=True)
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._writer.start()
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, header: dict[str, Any], payload: bytes = b"") -> None:
        """Send a message, after those before it; returns at once."""
        self._outgoing.put(Message(header, payload))

    def receive(self, limit_s: float) -> Message | None:
        """The next message; `None` when the child has ended.

        Raises:
            TimeoutError: None came within `limit_s` seconds.
        """
        try:
            message = self._incoming.get(timeout=limit_s)
        except queue.Empty:
            raise TimeoutError from None
        if message is None:
            self._incoming.put(None)  # so that the next caller finds it ended too
        return message

    def ask(self, header: dict[str, Any], limit_s: float) -> Message:
        """Send a message and wait for the reply to it; callers in several threads take turns.

        Raises:
            ProcessGoneError: No proper reply within `limit_s` seconds; the child is killed.
            ProcessHungError: No reply at all.
        """
        with self._asking:
            self.send({**header, "limit_s": limit_s + _WATCHDOG_MARGIN_S})
            try:
                reply = self.receive(limit_s)
            except TimeoutError:
                self.kill()
                raise ProcessHungError(_("did not answer within {seconds} s").format(seconds=f"{limit_s:g}")) from None
            if reply is None:
                self.kill()
                raise ProcessGoneError(
                    self._end_reason or _("stopped (status {status})").format(status=self._process.returncode)
                )
            return reply

    def close(self) -> None:
        """Let the child finish on its own, for about a second at most, then kill it."""
        self._outgoing.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_CLOSE_S)
        self.kill()

    def kill(self) -> None:
        """End the child at once; may be called again, and while another thread waits for a message."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_KILL_S)
        self._outgoing.put(None)
        self._writer.join(_KILL_S)
        self._reader.join(_KILL_S)

    def _write(self, pipe: BinaryIO) -> None:
        with contextlib.suppress(OSError), pipe:  # the reader notices a dead child
            while (message := self._outgoing.get()) is not None:
                write_message(pipe, *message)

    def _read(self, pipe: BinaryIO) -> None:
        with contextlib.suppress(OSError), pipe:
            try:
                while (message := read_message(pipe)) is not None:
                    self._incoming.put(message)
            except ValueError:
                self._end_reason = _("answered nonsense")
        self._incoming.put(None)


def serve(source: BinaryIO, target: BinaryIO, handle: Callable[[Message], Message | None]) -> None:
    """Handle each message, and reply to those that are asked, until the program sends no more.

    Args:
        source: Where messages come from.
        target: Where replies go.
        handle: Its result is the reply to a message that is asked. What it raises then is sent as `{"error": ...}`.
    """
    while (message := read_message(source)) is not None:
        if "limit_s" in message.header:
            write_message(target, *_reply(message, handle))
        else:
            handle(message)


def _reply(message: Message, handle: Callable[[Message], Message | None]) -> Message:
    # Should the engine hang and the program be gone by then, nobody else ends this process.
    faulthandler.dump_traceback_later(message.header["limit_s"], exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        return handle(message) or Message({})
    except Exception as error:  # noqa: BLE001 - engines raise anything; the program decides what it means
        return Message({"error": f"{type(error).__name__}: {error}"})
    finally:
        faulthandler.cancel_dump_traceback_later()


def private_output() -> BinaryIO:
    """Standard output for messages alone: from now on what a library prints goes where errors go.

    Texts in messages are in the language of the program from now on.
    """
    use_language(os.environ.get(_LANGUAGE, SOURCE_LANGUAGE))
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")
