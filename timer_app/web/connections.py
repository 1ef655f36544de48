"""Connections to the server: how many there may be, how long a request may take to come, and what is logged of them."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from timer_app.core.i18n import _
from timer_app.core.wording.formatting import joined_by_and

MAX_CONNECTIONS: Final = 128
REQUEST_LIMIT_S: Final = 10.0
"""How long the first request of a connection may take to arrive, and a TLS handshake."""

IDLE_LIMIT_S: Final = 30.0
"""How long a connection is kept for another request."""

_SHUTDOWN_S: Final = 1.0

_MakeProtocol = Callable[[], asyncio.Protocol]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connections:
    """Bounds the connections to a server.

    One that has not sent a whole request in time is closed. Where there are too many, the one that has waited for the
    longest makes room, so that strangers who send nothing keep nobody out.

    Args:
        most: How many there may be.
        request_limit_s: How long the first request may take to arrive.
    """

    def __init__(self, most: int = MAX_CONNECTIONS, request_limit_s: float = REQUEST_LIMIT_S) -> None:
        self._most, self._request_limit_s = most, request_limit_s
        self._open: set[asyncio.Transport] = set()
        self._waiting: dict[asyncio.Transport, asyncio.TimerHandle] = {}  # for their first request, oldest first

    def __len__(self) -> int:
        return len(self._open)

    @asynccontextmanager
    async def listening(
        self,
        app: web.Application,
        host: str,
        port: int,
        *,
        log: Callable[[str], None],
        tls: ssl.SSLContext | None = None,
    ) -> AsyncIterator[int]:
        """Answer requests with `app`; the value is the port.

        Args:
            app: Answers them.
            host: Where to listen.
            port: 0 takes a free one.
            log: Called with a line when a request broke something.
            tls: The certificate, where connections are to be encrypted.

        Raises:
            OSError: It cannot be listened there.
        """
        app.middlewares.insert(0, self._mark_arrival)
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=_request_log(log),
            shutdown_timeout=_SHUTDOWN_S,
            keepalive_timeout=IDLE_LIMIT_S,
            lingering_time=REQUEST_LIMIT_S,
        )
        await runner.setup()
        try:
            listener = await asyncio.get_running_loop().create_server(
                self._bounded(cast("_MakeProtocol", runner.server)),  # which is there once it is set up
                host,
                port,
                ssl=tls,
                ssl_handshake_timeout=None if tls is None else REQUEST_LIMIT_S,
            )
            try:
                yield int(listener.sockets[0].getsockname()[1])
            finally:
                listener.close()
        finally:
            await runner.cleanup()

    def opened(self, transport: asyncio.Transport) -> None:
        """A connection was made."""
        if len(self._open) >= self._most:
            displaced = next(iter(self._waiting), transport)
            self.closed(displaced)  # counts no more, though its end is told later
            displaced.abort()
            if displaced is transport:
                return
        self._open.add(transport)
        self._waiting[transport] = asyncio.get_running_loop().call_later(self._request_limit_s, transport.abort)

    def closed(self, transport: asyncio.Transport) -> None:
        """A connection has ended."""
        self._open.discard(transport)
        self._stop_waiting(transport)

    @web.middleware
    async def _mark_arrival(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Close the connection of a request, which came in time, only when it is idle."""
        if request.transport is not None:
            self._stop_waiting(request.transport)
        return await handler(request)

    def _stop_waiting(self, transport: asyncio.Transport) -> None:
        if timer := self._waiting.pop(transport, None):
            timer.cancel()

    def _bounded(self, protocol: _MakeProtocol) -> _MakeProtocol:
        return lambda: _BoundedProtocol(self, protocol())


class _BoundedProtocol(asyncio.Protocol):
    """Passes everything on, and tells when its connection begins and ends."""

    def __init__(self, connections: Connections, inner: asyncio.Protocol) -> None:
        self._connections, self._inner = connections, inner
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # what a server makes can be read and written
        self._inner.connection_made(transport)
        self._connections.opened(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._connections.closed(self._transport)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


class CertificateError(Exception):
    """A certificate cannot be used; the message is the reason."""


def load_certificate(cert: Path, key: Path | None) -> ssl.SSLContext:
    """What encrypts connections with a certificate.

    Args:
        cert: The certificate in PEM format, with those that vouch for it.
        key: Its private key, without a password; `None` where `cert` has it.

    Raises:
        CertificateError: A file cannot be read, or they are no certificate and its key.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    for path in (cert, key):
        if path is not None and not path.is_file():
            raise CertificateError(_("there is no file {path}").format(path=path))
    try:
        context.load_cert_chain(cert, key, password=_refuse_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise CertificateError(
                _("the key in {key} is not the one of the certificate in {cert}").format(key=key or cert, cert=cert)
            ) from None
        where = joined_by_and([str(path) for path in (cert, key) if path])
        text = (
            _("no certificate and private key in PEM format in {where}")
            if key
            else _(
                "no certificate and private key in PEM format in {where} "
                "(is the key in another file? name it with --key)"
            )
        )
        raise CertificateError(text.format(where=where)) from None
    except OSError as error:
        raise CertificateError(
            _("cannot read {key}: {reason}").format(key=key or cert, reason=(error.strerror or str(error)).lower())
        ) from None
    return context


def _refuse_password() -> str:
    raise CertificateError(_("the private key has a password; use one that has none"))


class _OneLine(logging.Handler):
    """Tells what went wrong in a line; malformed requests, which are refused, are not worth one."""

    def __init__(self, log: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):
            self._log(f"a request could not be answered: {error!r}" if error else record.getMessage())


def _request_log(log: Callable[[str], None]) -> logging.Logger:
    """A logger of its own, which no configuration of others sends elsewhere."""
    logger = logging.Logger("timer_app.web")  # noqa: LOG001 - not one that is shared
    logger.addHandler(_OneLine(log))
    return logger
