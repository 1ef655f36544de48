"""`timer-app serve`: serves the app to browsers, and prints the addresses that let devices in."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples
from timer_app.cli.output import drop_unwritable, echo, echo_code, echo_error, is_terminal
from timer_app.cli.parameters import SessionParam, WholeNumberRange
from timer_app.cli.resources import find_session, load_library, load_session, load_user_settings
from timer_app.core.diagnostics import quoted
from timer_app.core.i18n import _
from timer_app.sharing.codes import code_lines
from timer_app.system import install_command

if TYPE_CHECKING:
    import asyncio
    import ssl

    from timer_app.web import Access

_RENEWING_SIGNAL: Final[int | None] = getattr(signal, "SIGUSR1", None)  # Windows has none
_LOCAL_HOSTS: Final = ("localhost", "127.0.0.1", "::1")
_REQUIRED_MODULES: Final = ("aiohttp", "ifaddr", "segno", "textual_serve")


@click.command(epilog=examples("serve", "serve --host 0.0.0.0 --session desk-break"))
@click.option("--host", default="localhost", metavar="NAME", help="Where to listen; 0.0.0.0 lets other devices in.")
@click.option("--port", type=WholeNumberRange(0, 65_535), default=8000, metavar="NUMBER", help="0 takes a free one.")
@click.option("--session", type=SessionParam(), metavar="NAME", help="Run this one instead of showing the list.")
@click.option("--cert", type=click.Path(path_type=Path), metavar="FILE", help="Encrypt, with this certificate.")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Its private key, if in another file.")
def serve(host: str, port: int, session: str | None, cert: Path | None, key: Path | None) -> int:
    """Serve the app to a browser, on this computer or a phone.

    Prints an address that lets one device in, once. The sound is played in the page. Ctrl+C ends it. It goes on when
    nobody reads what it prints any more.
    """
    import asyncio

    _require_installed()
    settings = load_user_settings()
    if session is not None:
        library = load_library(None, settings)
        load_session(library, find_session(library, session))
    return asyncio.run(_serve(host, port, session, _load_certificate(cert, key)))


def _load_certificate(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    from timer_app.web import CertificateError, load_certificate

    if cert is None:
        if key is not None:
            raise click.UsageError(_("--key is for a certificate; name it with --cert."))
        return None
    try:
        return load_certificate(cert, key)
    except CertificateError as error:
        raise CommandError(f"{PROGRAM} serve: {error}") from None


def _require_installed() -> None:
    if not all(find_spec(name) for name in _REQUIRED_MODULES):
        raise CommandError(
            f"{PROGRAM}: "
            + _("a browser needs more than comes along: {command}").format(command=install_command("serve"))
        )


async def _serve(host: str, port: int, session: str | None, tls: ssl.SSLContext | None) -> int:
    import asyncio

    from timer_app.cli.page_process import page_command
    from timer_app.web import Access, AppSessions, Connections, HostPolicy, Server, local_host_names

    access, connections = Access(), Connections()
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()
    printer = _AddressPrinter(access, host, is_encrypted=tls is not None)
    server = Server(
        access,
        HostPolicy(local_host_names(host)),
        AppSessions(page_command(session)),
        printer.device_entered,
        printer.start_failed,
    )
    async with contextlib.AsyncExitStack() as stack:
        try:
            used_port = await stack.enter_async_context(
                connections.listening(server.app(), host, port, log=_report, tls=tls)
            )
        except OSError as error:
            raise _cannot_listen(host, port, error) from None
        except UnicodeError:
            raise CommandError(
                f"{PROGRAM} serve: " + _("{host} is not the name of a computer; write one").format(host=quoted(host)),
                USAGE,
            ) from None
        with _handling_stop_signals(loop, stopped), printer.renewing_on_request(loop):
            printer.open(used_port)
            return await stopped


def _report(trouble: str) -> None:
    echo_error(f"{PROGRAM} serve: {trouble}")


def _cannot_listen(host: str, port: int, error: OSError) -> CommandError:
    reason = (os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)).lower()
    text = (
        _("cannot listen on {host}, port {port}: {reason}; --port 0 takes one that is free")
        if port
        else _("cannot listen on {host}, port {port}: {reason}")
    )
    return CommandError(f"{PROGRAM} serve: {text.format(host=host, port=port, reason=reason)}")


@contextlib.contextmanager
def _handling_stop_signals(loop: asyncio.AbstractEventLoop, stopped: asyncio.Future[int]) -> Iterator[None]:
    """Set the exit status when a signal asks for the end: 0 for Ctrl+C, the usual way to stop serving."""
    statuses = {"SIGINT": 0, "SIGTERM": 128 + 15, "SIGHUP": 128 + 1}
    numbers = {number: status for name, status in statuses.items() if (number := getattr(signal, name, None))}

    def stop(status: int) -> None:
        if not stopped.done():
            stopped.set_result(status)

    handled = []
    for number, status in numbers.items():
        # Where the loop supports no handlers, Ctrl+C raises an exception instead.
        with contextlib.suppress(NotImplementedError, RuntimeError):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, stop, status)
                handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


@contextlib.contextmanager
def _going_on() -> Iterator[None]:
    """Serve on where the terminal is gone or nobody reads the output: devices that are in still use the app."""
    with contextlib.suppress(OSError, ValueError):
        yield
    drop_unwritable(sys.stdout)


class _AddressPrinter:
    """Prints the address for the first device, and a new one for each further device.

    Once the first address is out, an output that is closed, full or broken is no reason to stop.

    Args:
        access: Makes the tokens in the addresses.
        host: The host that the server listens on.
        is_encrypted: Whether it has a certificate.
    """

    def __init__(self, access: Access, host: str, *, is_encrypted: bool) -> None:
        self._access, self._host, self._is_encrypted = access, host, is_encrypted
        self._port = 0

    def open(self, port: int) -> None:
        """Print the first address."""
        self._port = port
        echo(_("The timer is served; Ctrl+C ends that. Open this on the device that is to show it:"))
        self._print_address()
        if self._host in _LOCAL_HOSTS:
            hint = _("Only this computer can open it; `--host 0.0.0.0` lets others of your network do so.")
        elif self._is_encrypted:
            return
        else:
            hint = _(
                "The connection is not encrypted: others in the network can read it. --cert FILE --key FILE encrypt it."
            )
        with _going_on():
            echo(hint)

    def device_entered(self) -> None:
        """Report a device that has entered; its address is used up.

        Another address is printed only when it is asked for: what is not a terminal may be a log, which is kept, and
        which others may read.
        """
        if is_terminal(sys.stdin):
            how = _("Press Enter for the address of another one.")
        elif _RENEWING_SIGNAL:
            how = _("For the address of another one: kill -USR1 {pid}").format(pid=os.getpid())
        else:
            how = _("For another one, start the server again.")
        with _going_on():
            echo(_("A device has come in. {how}").format(how=how))

    def start_failed(self, reason: str) -> None:
        """Report that the app did not start for a page."""
        _report(_("the app cannot be started for a page: {reason}").format(reason=reason))

    @contextlib.contextmanager
    def renewing_on_request(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Print a new address whenever Enter is pressed or SIGUSR1 comes."""
        is_listening = has_handler = False
        with contextlib.suppress(NotImplementedError, OSError):
            if is_terminal(sys.stdin):
                loop.add_reader(sys.stdin, self._enter_pressed, loop)
                is_listening = True
        with contextlib.suppress(NotImplementedError, RuntimeError):
            if _RENEWING_SIGNAL:
                loop.add_signal_handler(_RENEWING_SIGNAL, self._renew)
                has_handler = True
        try:
            yield
        finally:
            if is_listening:
                loop.remove_reader(sys.stdin)
            if has_handler and _RENEWING_SIGNAL:
                loop.remove_signal_handler(_RENEWING_SIGNAL)

    def _enter_pressed(self, loop: asyncio.AbstractEventLoop) -> None:
        with _going_on():
            if sys.stdin.readline():
                self._renew()
                return
        loop.remove_reader(sys.stdin)

    def _renew(self) -> None:
        self._access.renew()
        with _going_on():
            echo(_("For another device:"))
            self._print_address()

    def _print_address(self) -> None:
        from timer_app.web import hosts_to_print, page_url

        scheme = "https" if self._is_encrypted else "http"
        addresses = [page_url(host, self._port, self._access.token, scheme) for host in hosts_to_print(self._host)]
        # A phone can open no address of this computer alone.
        if is_terminal(sys.stdout) and self._host not in _LOCAL_HOSTS:
            echo_code(code_lines(addresses[0]))
        for address in addresses:
            echo(f"  {address}")
