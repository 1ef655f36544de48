"""The program's end of the pipe to an output process; neither a hung nor a dead process makes a caller wait."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

from timer_app.audio.base import AudioError
from timer_app.audio.wire import receive, send
from timer_app.child import module_command, start_child

_CLOSE_S: Final = 1.2
_KILL_S: Final = 2.0

_Parcel = tuple[Mapping[str, object], bytes]


def worker_command(output: str, extra_ms: int) -> list[str]:
    """The command that runs an output process."""
    return module_command("timer_app.audio.worker", output, str(extra_ms))


class WorkerLink:
    """One output process.

    Messages are written, and reports read, by threads of the link.

    Raises:
        AudioError: The process cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = start_child(command)
        except OSError as error:
            raise AudioError(f"the output process cannot be started: {error}") from error
        self._parcels: queue.SimpleQueue[_Parcel | None] = queue.SimpleQueue()
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

    def tell(self, told: Mapping[str, object], payload: bytes = b"") -> None:
        """Send a message, after those before it."""
        self._parcels.put((told, payload))

    def report(self, limit_s: float) -> dict[str, Any] | None:
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
        self._parcels.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_CLOSE_S)
        self.kill()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_KILL_S)
        self._parcels.put(None)
        for thread in self._threads:
            thread.join(_KILL_S)
        if self._process.stdout is not None and not self._threads[1].is_alive():
            self._process.stdout.close()

    def _write(self) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            while (parcel := self._parcels.get()) is not None:
                send(pipe, *parcel)
        except (OSError, ValueError):
            pass  # the process is gone, which the reader tells
        with contextlib.suppress(OSError):
            pipe.close()

    def _read(self) -> None:
        pipe = self._process.stdout
        while pipe is not None and (message := receive(pipe)) is not None:
            self._reports.put(message.told)
        self._reports.put(None)
