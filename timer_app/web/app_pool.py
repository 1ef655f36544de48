"""Processes of the app and the pages that show them; a process outlives its page for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from timer_app.web.hosted_app import AppProcess

GRACE_S: Final = 60.0
"""How long the app runs on without a page."""

MAX_APP_SESSIONS: Final = 4

_MAX_PENDING_BYTES: Final = 32_000_000


class TooManyPagesError(Exception):
    """The limit of open pages is reached."""


class StartError(Exception):
    """The app cannot be started; the message is the reason."""


class Size(NamedTuple):
    """Columns and rows of a terminal."""

    width: int
    height: int


class Socket(Protocol):
    """The server's end of the connection to a page."""

    async def send_bytes(self, data: bytes) -> None:
        """Send something for the terminal."""

    async def send_str(self, data: str) -> None:
        """Send something else, as JSON."""

    async def close(self, *, code: int) -> object:
        """Close the connection; the code tells the page why."""


class PageConnection:
    """The connection to one page; sending never waits for the page.

    Args:
        socket: The connection.
    """

    TAKEN_OVER: Final = 4001
    LEFT: Final = 4002
    FULL: Final = 4003
    FAILED: Final = 4004

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._messages: asyncio.Queue[bytes | str | None] = asyncio.Queue()
        self._pending_bytes = 0
        self._sender = asyncio.create_task(self._send_all())

    def send(self, message: bytes | str) -> None:
        """Queue a message; a page that falls far behind is disconnected."""
        self._pending_bytes += len(message)
        if self._pending_bytes > _MAX_PENDING_BYTES:
            self._sender.cancel()
        else:
            self._messages.put_nowait(message)

    async def close(self, code: int) -> None:
        """Close the connection once all queued messages are sent."""
        self._messages.put_nowait(None)
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(self._sender, 1.0)
        with contextlib.suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(self._socket.close(code=code), 1.0)

    def disconnect(self) -> None:
        """The connection has ended."""
        self._sender.cancel()

    async def _send_all(self) -> None:
        with contextlib.suppress(ConnectionError):
            while (message := await self._messages.get()) is not None:
                self._pending_bytes -= len(message)
                await (self._socket.send_str(message) if isinstance(message, str) else self._socket.send_bytes(message))


class AppSession:
    """One process of the app, and the page that shows it.

    Args:
        command: Starts the app.
        left: Called when the user left the app, which may still have work to finish.
        over: Called when the process has ended.
        grace_s: How long it runs on without a page.
    """

    def __init__(
        self,
        command: Sequence[str],
        left: Callable[[AppSession], None],
        over: Callable[[AppSession], None],
        grace_s: float = GRACE_S,
    ) -> None:
        self.process = AppProcess(command, self)
        self._left, self._over, self._grace_s = left, over, grace_s
        self._page: PageConnection | None = None
        self._start: asyncio.Task[None] | None = None
        self._end: asyncio.TimerHandle | None = None
        self._taking_over: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    async def attach(self, page: PageConnection, size: Size) -> None:
        """Show the app in a page, in place of the present one; the first page starts the app.

        Raises:
            StartError: The app cannot be started.
        """
        before, self._page = self._page, page
        if self._end:
            self._end.cancel()
        if before:  # do not wait: it may no longer answer
            self._taking_over = asyncio.create_task(before.close(PageConnection.TAKEN_OVER))
        if self._start is None:
            self._start = asyncio.create_task(self._begin(size))
            await asyncio.shield(self._start)
        else:
            await asyncio.shield(self._start)  # another page may have begun it a moment before
            await self.process.set_terminal_size(size.width, size.height)
            await self.process.redraw()

    def detach(self, page: PageConnection) -> None:
        """A page was closed; the app runs on for a while."""
        page.disconnect()
        if page is self._page:
            self._page = None
            self._schedule_end()

    async def draw(self, data: bytes) -> None:
        """Output for the terminal; dropped without a page, as a new page has everything drawn again."""
        if self._page:
            self._page.send(data)

    async def tell(self, message: str) -> None:
        """Something else for the page."""
        if self._page:
            self._page.send(message)

    async def app_left(self) -> None:
        """The user left the app: the page is free for another one, and this one has some time to finish."""
        self._left(self)
        self._schedule_end()
        await self._close_page()

    async def app_gone(self) -> None:
        """The process has ended."""
        self._over(self)
        if self._end:
            self._end.cancel()
        await self._close_page()

    async def end(self) -> None:
        """Shut the app down."""
        await self.process.stop()

    async def _begin(self, size: Size) -> None:
        try:
            await self.process.start(size.width, size.height)
        except OSError as error:
            self._page = None
            self._over(self)
            raise StartError((error.strerror or str(error)).lower()) from error

    async def _close_page(self) -> None:
        page, self._page = self._page, None
        if page:
            await page.close(PageConnection.LEFT)

    def _schedule_end(self) -> None:
        if self._end:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(self._grace_s, self._end_unattended)

    def _end_unattended(self) -> None:
        self._ending = asyncio.create_task(self.end())


class AppSessions:
    """All processes of the app, by the page that each belongs to.

    Args:
        command: Starts the app.
        grace_s: How long a process runs on without its page.
        most: How many there may be.
    """

    def __init__(self, command: Sequence[str], grace_s: float = GRACE_S, most: int = MAX_APP_SESSIONS) -> None:
        self._command, self._grace_s, self._most = command, grace_s, most
        self._runs: dict[str, AppSession] = {}
        self._leaving: set[AppSession] = set()  # without a page, with work to finish

    def __len__(self) -> int:
        return len(self._runs)

    def get(self, page_id: str) -> AppSession | None:
        """The process that belongs to a page."""
        return self._runs.get(page_id)

    def get_or_create(self, page_id: str) -> AppSession:
        """The process that belongs to a page; a new one where there is none.

        Raises:
            TooManyPagesError: The limit is reached.
        """
        if run := self._runs.get(page_id):
            return run
        if len(self._runs) >= self._most:
            raise TooManyPagesError
        run = self._runs[page_id] = AppSession(self._command, self._mark_leaving, self._forget, self._grace_s)
        return run

    async def end_all(self) -> None:
        """Shut every process down."""
        await asyncio.gather(*(run.end() for run in (*self._runs.values(), *self._leaving)))

    def _mark_leaving(self, run: AppSession) -> None:
        self._forget(run)
        self._leaving.add(run)

    def _forget(self, run: AppSession) -> None:
        self._runs = {page_id: each for page_id, each in self._runs.items() if each is not run}
        self._leaving.discard(run)
