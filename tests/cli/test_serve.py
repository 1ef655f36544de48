from __future__ import annotations

import http.client
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.command_line import LIMIT_S, Inside
from tests.web.certificates import make_certificate
from timer_app.cli.commands import serve as serving
from timer_app.system.lazy import install_command


def test_where_the_extra_is_not_installed_a_line_says_how_to_get_it(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda name: None if name == "segno" else name)
    found = timer_app("serve")
    assert (found.status, found.out) == (1, "")
    assert found.err == f"timer-app: a browser needs more than comes along: {install_command('serve')}\n"


@pytest.mark.parametrize("options", [["--port", "65536"], ["--port", "web"], ["--session", "desk-brake"]])
def test_a_wrong_call_is_told_before_anything_is_served(timer_app: Inside, options: list[str]) -> None:
    found = timer_app("serve", *options)
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)


def test_a_host_that_is_not_this_computer_is_told(timer_app: Inside) -> None:
    found = timer_app("serve", "--host", "192.0.2.77", "--port", "0")
    assert (found.status, found.out, found.err.count("\n")) == (1, "", 1)
    assert "cannot listen on 192.0.2.77" in found.err


class Served:
    """A server without a terminal."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "timer_app", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def line_with(self, part: str) -> str:
        """The next line that has `part`; those before it are passed over."""
        assert self.process.stdout is not None
        return next(line for line in self.process.stdout if part in line).strip()

    def end(self) -> tuple[str, str]:
        """Stop it; what it wrote since, and its errors."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=LIMIT_S)


@contextmanager
def served(*options: str) -> Iterator[Served]:
    server = Served(*options)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


def status_of(address: str, cert: Path | None = None) -> int:
    """The status of the answer to a request; with a certificate, it is encrypted."""
    parts = urlsplit(address)
    assert parts.scheme == ("https" if cert else "http")
    line = (
        http.client.HTTPSConnection(parts.netloc, timeout=LIMIT_S, context=ssl.create_default_context(cafile=cert))
        if cert
        else http.client.HTTPConnection(parts.netloc, timeout=LIMIT_S)
    )
    line.request("GET", f"{parts.path}?{parts.query}")
    try:
        return line.getresponse().status
    finally:
        line.close()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="Windows has no such signal")
def test_without_a_terminal_no_address_is_printed_that_was_not_asked_for() -> None:
    with served() as server:
        first = server.line_with("token=")
        assert status_of(first) == 200
        (asked,) = re.findall(r"kill -USR1 (\d+)$", server.line_with("A device has come in"))
        assert int(asked) == server.process.pid
        server.process.send_signal(signal.SIGUSR1)
        assert server.line_with("For another device") == "For another device:"
        second = server.line_with("token=")
        assert (status_of(first), status_of(second)) == (403, 200)
        server.line_with("A device has come in")
        assert server.end() == ("", "")


def test_serving_goes_on_when_nobody_reads_what_it_prints_any_more() -> None:
    with served() as server:
        address = server.line_with("token=")
        for stream in (server.process.stdout, server.process.stderr):
            assert stream is not None
            stream.close()
        assert [status_of(address) for _ in range(2)] == [200, 403]
        server.process.send_signal(signal.SIGUSR1)
        assert status_of(address) == 403
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(LIMIT_S) == 0
        server.process.stdout = server.process.stderr = None


def test_with_a_certificate_the_line_is_encrypted(tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    with served("--cert", str(made.cert), "--key", str(made.key)) as server:
        assert status_of(server.line_with("token="), made.cert) == 200
        assert "not encrypted" not in "".join(server.end())


def test_for_a_network_a_line_says_that_nothing_is_encrypted_and_what_helps() -> None:
    with served("--host", "0.0.0.0") as server:  # noqa: S104 - the very thing that is warned of
        said = server.line_with("not encrypted")
    assert "--cert FILE --key FILE" in said


def test_a_certificate_that_cannot_be_used_is_told_in_a_line(timer_app: Inside, tmp_path: Path) -> None:
    found = timer_app("serve", "--cert", tmp_path / "none.pem")
    assert (found.status, found.out) == (1, "")
    assert found.err == f"timer-app serve: there is no file {tmp_path / 'none.pem'}\n"
    found = timer_app("serve", "--key", tmp_path / "none.pem")
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert "--cert" in found.err
