"""A server in the test's own process, and an app that says and does little, in a process of its own."""

from __future__ import annotations

import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from timer_app.web.access import Access, HostPolicy
from timer_app.web.app_pool import AppSessions
from timer_app.web.connections import Connections
from timer_app.web.server import Server

GRACE_S = 0.5
REQUEST_LIMIT_S = 1.0
MOST = 6

# Draws what it is sent, by the packets that Textual's driver for pages uses; "bye" has it leave, "exit" has it say so
# and take its time. Asked by the server to leave, it writes a file first.
ECHO = """
import json, os, sys
def packet(kind, data):
    os.write(1, kind + len(data).to_bytes(4, "big") + data)
os.write(1, b"__GANGLION__\\n")
packet(b"D", b"drawn by %d" % os.getpid())
while kind := sys.stdin.buffer.read(1):
    data = sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), "big"))
    packet(b"D", kind + data)
    if data == b"play":
        packet(b"M", json.dumps({"type": "sound", "do": "music", "paths": [sys.argv[1]]}).encode())
    if data == b"exit":
        packet(b"M", b'{"type": "exit"}')
    if kind == b"M" and json.loads(data)["type"] == "quit":
        open(sys.argv[1] + ".left", "w").close()
        break
    if data == b"bye":
        break
"""


@dataclass
class House:
    """The server, and everything it is made of."""

    door: Access
    runs: AppSessions
    left: Path
    address: str = ""
    connections: Connections = field(default_factory=lambda: Connections(MOST, REQUEST_LIMIT_S))
    log: list[str] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


def echo(*arguments: str) -> list[str]:
    """The command of that app."""
    return [sys.executable, "-c", ECHO, *arguments]


@asynccontextmanager
async def open_house(folder: Path, tls: ssl.SSLContext | None = None) -> AsyncIterator[House]:
    """A server on a port of its own; runs go on for half a second without a page, and there can be two."""
    music = folder / "slow.wav"
    music.write_bytes(b"RIFF and so on")
    house = House(Access(), AppSessions(echo(str(music)), grace_s=GRACE_S, most=2), music.with_name("slow.wav.left"))
    entered = house.entered
    server = Server(
        house.door, HostPolicy(), house.runs, lambda: entered.append(house.door.token), house.failures.append
    )
    listening = house.connections.listening(server.app(), "127.0.0.1", 0, log=house.log.append, tls=tls)
    async with listening as port:
        house.address = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        yield house


@pytest.fixture
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A server whose connections are not encrypted."""
    async with open_house(tmp_path_factory.mktemp("music")) as house:
        yield house


@pytest.fixture
async def device() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that has not been let in."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
async def known(house: House, device: aiohttp.ClientSession) -> aiohttp.ClientSession:
    """A browser that has been let in."""
    async with device.get(house.address, params={"token": house.door.token}) as response:
        assert response.status == 200
    return device
