"""A child process that answers one message after another, and cannot take its parent down."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from timer_app.child import start_child

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

    def ask(self, message: Mapping[str, object], limit_s: float) -> dict[str, Any]:
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
