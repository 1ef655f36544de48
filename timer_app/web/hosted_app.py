"""One process of the app, drawn for one page."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

DRIVER: Final = "timer_app.web.driver:PageDriver"
"""The driver that draws the app, as Textual names it."""

_EXIT_TIMEOUT_S: Final = 4.0  # time for voices and the record to finish


class AppListener(Protocol):
    """Receives what the app draws and plays."""

    async def draw(self, data: bytes) -> None:
        """Something for the terminal in the page."""

    async def tell(self, message: str) -> None:
        """Something else for the page, as JSON."""

    async def app_left(self) -> None:
        """The user left the app, which may still have work to finish."""

    async def app_gone(self) -> None:
        """The process has ended."""


class AppProcess(AppService):
    """Starts the app, and passes on what it draws and plays.

    Args:
        command: Starts the app.
        audience: Receives it.

    Attributes:
        music: The files of music that the page may request, by the names that it knows them by.
    """

    def __init__(self, command: Sequence[str], audience: AppListener) -> None:
        super().__init__(
            " ".join(command),
            write_bytes=audience.draw,
            write_str=audience.tell,
            close=audience.app_left,
            download_manager=DownloadManager(),
        )
        self._argv = list(command)
        self._audience = audience
        self.music: dict[str, Path] = {}

    @property
    def pid(self) -> int | None:
        """The number of the process; `None` before it was started."""
        return self._process.pid if self._process else None

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        # The terminal in the page can draw everything, whatever the terminal of the server can.
        return {**environment, "TEXTUAL_DRIVER": DRIVER, "TERM": "xterm-256color", "PYTHONUTF8": "1"}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the app without a shell, in a session of its own, so that Ctrl+C at the server does not reach it."""
        process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=os.name == "posix",
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def run(self) -> None:
        """Pass everything on until the app ends, however it does."""
        try:
            await super().run()
        finally:
            await self._audience.app_gone()

    async def redraw(self) -> None:
        """Have everything drawn and all sound sent again, for a new page."""
        await self.send_meta({"type": "page"})

    async def send_command(self, name: str) -> None:
        """Run a command of the app, as if its key had been pressed."""
        await self.send_meta({"type": "command", "id": name})

    async def on_meta(self, data: bytes) -> None:
        """Pass on messages for the page; `AppService` handles all others."""
        message = json.loads(data)
        if message["type"] == "place":
            await self.remote_write_str(json.dumps(["place", message["place"]]))
        elif message["type"] == "sound":
            await self.remote_write_str(json.dumps(["sound", self._page_sound_message(message)]))
        else:
            await super().on_meta(data)

    def _page_sound_message(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message about sound, with names in place of paths, which the page must not see."""
        if message["do"] != "music":
            return message
        files = {hashlib.sha256(path.encode()).hexdigest()[:16]: Path(path) for path in message.pop("paths")}
        self.music.update(files)
        return {**message, "tracks": list(files)}

    async def stop(self) -> None:
        """Ask the app to quit, and end its process if it does not."""
        process, task = self._process, self._task
        if process is None or task is None:
            return
        await self.send_meta({"type": "quit"})
        for end in (process.terminate, process.kill):
            done, _ = await asyncio.wait([task], timeout=_EXIT_TIMEOUT_S)
            if done and await _wait_for_exit(process):
                break
            with contextlib.suppress(ProcessLookupError):
                end()
        await process.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        self._task = None


async def _wait_for_exit(process: Process) -> bool:
    try:
        await asyncio.wait_for(process.wait(), _EXIT_TIMEOUT_S)
    except TimeoutError:
        return False
    return True
