"""The web server: the page, its files, and the socket that connects each page with its app."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import textual_serve
from aiohttp import WSMsgType, web

from timer_app.core.player import machine_ms
from timer_app.web.access import COOKIE_S, Access, Host, HostPolicy, parse_host
from timer_app.web.app_pool import AppSession, AppSessions, PageConnection, Size, StartError, TooManyPagesError
from timer_app.web.connections import Handler

_PAGE_DIR: Final = Path(__file__).parent / "page"
_TERMINAL_DIR: Final = Path(textual_serve.__file__).parent / "static"
_HEARTBEAT_S: Final = 5.0
_LARGEST_MESSAGE: Final = 65_536
_MOST_CELLS: Final = 1_000
_DEFAULT_SIZE: Final = Size(80, 24)
_LONGEST_ID: Final = 64
_LONGEST_PATH: Final = 200  # a file system may take no longer one

_HEADERS: Final = {
    # Nothing is fetched from other hosts, and no other page can frame this one. The terminal writes styles into the
    # page.
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' {sockets}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_PLAIN_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


class Server:
    """Serves the app to devices that have access.

    Args:
        door: Decides which devices have access.
        hosts: Decides which host names are allowed.
        runs: The processes of the app.
        entered: Called when a device was let in, which uses up its token.
        failed: Called with the reason when the app cannot be started for a page.
    """

    def __init__(
        self,
        door: Access,
        hosts: HostPolicy,
        runs: AppSessions,
        entered: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        self._access, self._host_policy, self._runs = door, hosts, runs
        self._entered, self._failed = entered, failed

    def app(self) -> web.Application:
        """The application that answers requests."""
        app = web.Application(middlewares=[self._check_access])
        app.router.add_get("/", self._index)
        app.router.add_get("/ws", self._websocket)
        app.router.add_get("/music/{track}", self._track)
        app.router.add_static("/page", _PAGE_DIR)
        app.router.add_static("/terminal", _TERMINAL_DIR)
        app.on_shutdown.append(self._end)
        return app

    @web.middleware
    async def _check_access(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse requests to other hosts, and devices that have neither a valid cookie nor the token."""
        host = _host(request)
        if host is None:
            return _bad_request("the request names no host, or not as it should")
        if not self._host_policy.allow(host):
            return _refusal("host.html")
        cookie = None
        if not self._access.is_known(request.cookies.get(_cookie_name(request), "")):
            comes_in = request.path == "/" and request.method == "GET"
            cookie = self._access.redeem(request.query.get("token", "")) if comes_in else None
            if cookie is None:
                return _refusal("refused.html")
        if len(request.path) > _LONGEST_PATH:
            raise web.HTTPNotFound
        response = await handler(request)
        if cookie is not None:
            response.set_cookie(
                _cookie_name(request),
                cookie,
                max_age=COOKIE_S,
                httponly=True,
                samesite="Strict",
                path="/",
                secure=request.secure,
            )
            self._entered()
        if not response.prepared:
            _add_security_headers(response, request)
        return response

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(_PAGE_DIR / "index.html", headers={"Cache-Control": "no-store"})

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        """The connection between a page and its app, while the page is open."""
        host = _host(request)
        if host is None or not self._host_policy.allow_origin(request.headers.get("Origin", ""), host, request.scheme):
            return _refusal("host.html")
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=_LARGEST_MESSAGE)
        await socket.prepare(request)
        page = PageConnection(socket)
        try:
            run = self._runs.get_or_create(_page_id(request))
        except TooManyPagesError:
            await page.close(PageConnection.FULL)
            return socket
        try:
            await run.attach(page, _size(request.query))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await _handle_message(message.data, page, run)
        except StartError as error:
            self._failed(str(error))
            await page.close(PageConnection.FAILED)
        finally:
            run.detach(page)
        return socket

    async def _track(self, request: web.Request) -> web.StreamResponse:
        """A file of music that the page was told of."""
        run = self._runs.get(_page_id(request))
        path = run.process.music.get(request.match_info["track"]) if run else None
        return web.FileResponse(path) if path and path.is_file() else web.Response(status=404)

    async def _end(self, _: web.Application) -> None:
        await self._runs.end_all()


async def _handle_message(data: str, page: PageConnection, run: AppSession) -> None:
    """Handle a message of a page; malformed ones are ignored."""
    try:
        kind, *rest = json.loads(data)
    except (ValueError, TypeError, RecursionError):  # the last one for thousands of nested brackets
        return
    value = rest[0] if rest else None
    if kind == "stdin" and isinstance(value, str):
        await run.process.send_bytes(value.encode("utf-8", "replace"))
    elif kind == "resize" and isinstance(value, dict):
        await run.process.set_terminal_size(*_size(value))
    elif kind == "sync" and isinstance(value, int | float):
        page.send(json.dumps(["sync", value, machine_ms()]))
    elif kind == "ping" and isinstance(value, str | int | float | None):
        page.send(json.dumps(["pong", value]))
    elif kind == "command" and isinstance(value, str):
        await run.process.send_command(value)
    elif kind in ("focus", "blur"):
        await (run.process.focus() if kind == "focus" else run.process.blur())


def _size(values: Mapping[str, Any]) -> Size:
    """The size of a terminal, as a page gives it."""
    return Size(_cells(values.get("width"), _DEFAULT_SIZE.width), _cells(values.get("height"), _DEFAULT_SIZE.height))


def _cells(value: object, default: int) -> int:
    try:
        return min(_MOST_CELLS, max(1, int(value))) if isinstance(value, int | str) else default
    except ValueError:
        return default


def _page_id(request: web.Request) -> str:
    """Identifies a page by its device and by the id that it gives itself."""
    return f"{request.cookies.get(_cookie_name(request), '')} {request.query.get('page', '')[:_LONGEST_ID]}"


def _cookie_name(request: web.Request) -> str:
    """The cookie of this port: cookies are shared between ports, and another server may run on the same host."""
    host = _host(request)
    return f"timer_app_{host.port if host else 0}"


def _host(request: web.Request) -> Host | None:
    """The host that a request names; `None` if it names none, or the header is malformed."""
    return parse_host(request.headers.get("Host", ""), request.scheme)


def _add_security_headers(response: web.StreamResponse, request: web.Request) -> None:
    sockets = f"{'wss' if request.secure else 'ws'}://{request.host}"
    for name, value in _HEADERS.items():
        response.headers[name] = value.replace("{sockets}", sockets)


def _bad_request(reason: str) -> web.Response:
    return _last_response(f"{reason}\n", 400, "text/plain", {"Cache-Control": "no-store"})


def _refusal(page: str) -> web.Response:
    text = (_PAGE_DIR / page).read_text(encoding="utf-8")
    headers = {**_HEADERS, "Content-Security-Policy": _PLAIN_POLICY, "Cache-Control": "no-store"}
    return _last_response(text, 403, "text/html", headers)


def _last_response(text: str, status: int, content_type: str, headers: Mapping[str, str]) -> web.Response:
    """A response after which the connection is closed: strangers keep none."""
    response = web.Response(text=text, status=status, content_type=content_type, headers=headers)
    response.force_close()
    return response
