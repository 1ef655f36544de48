from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from tests.hostile.mutations import mutated
from tests.hostile.report import LIMIT_S, Figures, figures, shares
from tests.web.conftest import House, open_house

PATHS: Final = (
    "/",
    "/?token=",
    "/page/page.js",
    "/terminal/js/textual.js",
    "/music/x",
    "/ws?page=one&width=43&height=46",
)
ODD_PATHS: Final = (
    "/../../etc/passwd",
    "/page/%2e%2e/%2e%2e/x",
    "//",
    "/%00",
    "/page/" + "a" * 9_000,
    "*",
    "/\u202e",
    "",
)
METHODS: Final = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "X" * 300, "")
HEADERS: Final = (
    *(
        "Cookie: timer-app=x",
        "Content-Length: 99999999999999999999",
        "Content-Length: -1",
        "Transfer-Encoding: chunked",
    ),
    *("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: x"),
    *(
        "Origin: null",
        "Origin: http://[",
        "Expect: 100-continue",
        "Range: bytes=9-1",
        f"X: {'y' * 9_000}",
        "no colon",
        " fold",
    ),
)
# Enough for a whole answer; a request that does not come is closed after the limit of the test's server, a second.
ANSWERED_S: Final = 1.0 + LIMIT_S


def hostile_request(chance: random.Random, house: House) -> bytes:
    """A request that is wrong somewhere, or anything else."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.choice((1, 60, 5_000)))
    path = chance.choice(PATHS if chance.random() < 0.7 else ODD_PATHS)
    host = chance.choice((f"127.0.0.1:{house.port}",) * 3 + ("", "[::1", "evil.example", "a:99999", "\xff"))
    lines = [
        f"{chance.choice(METHODS)} {path} HTTP/{chance.choice(('1.1', '1.1', '1.0', '2', '9.9'))}",
        f"Host: {host}",
    ]
    lines += chance.sample(HEADERS, chance.randint(0, 4))
    text = "\r\n".join([*lines, "", ""]).encode()
    return mutated(chance, text) if chance.random() < 0.5 else text


def message(chance: random.Random) -> bytes:
    """What is sent through a page's socket: a message that is wrong somewhere."""
    told: list[Any] = [
        ["stdin", "x"],
        ["resize", {"width": 80, "height": 24}],
        ["sync", 1],
        ["command", "next"],
        ["ping", 1],
    ]
    return mutated(chance, json.dumps(chance.choice(told)).encode())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@pytest.mark.parametrize(("seed", "count"), shares(20, 60, 10_000))
async def test_no_request_and_no_message_is_a_fault_of_the_server_or_keeps_others_out(
    request: pytest.FixtureRequest, house: House, caplog: pytest.LogCaptureFixture, seed: int, count: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - requests, not secrets
    jar = aiohttp.CookieJar(unsafe=True)
    with figures(request, "requests and messages", seed) as counted:
        async with aiohttp.ClientSession(cookie_jar=jar) as known:
            async with known.get(house.address, params={"token": house.door.token}) as entered:
                assert entered.status == 200
            for number in range(count):
                case = f"seed {seed}, number {number}"
                if chance.random() < 0.3:
                    await send_message(house, known, message(chance), case, counted)
                else:
                    await send_request(house, hostile_request(chance, house), case, counted)
                counted.tried += 1
                for line in (*house.log, *house.failures, *(record.getMessage() for record in caplog.records)):
                    counted.note("tracebacks", f"{case}: {line}")
                house.log.clear()
                house.failures.clear()
                caplog.clear()


async def send_request(house: House, sent: bytes, case: str, counted: Figures) -> None:
    """Send it, and see that an answer comes which is none of a fault, or the end of the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    try:
        async with asyncio.timeout(ANSWERED_S * 5):
            writer.write(sent)
            answer = await reader.read()
    except TimeoutError:
        counted.note("hangs", f"{case}: {sent[:300]!r}")
    except ConnectionError:
        pass  # it was closed before all was sent
    else:
        if answer.partition(b"\r\n")[0].split(b" ")[1:2] == [b"500"]:
            counted.note("tracebacks", f"{case}: {sent[:300]!r}: {answer[:200]!r}")
    finally:
        writer.close()


async def send_message(house: House, known: aiohttp.ClientSession, sent: bytes, case: str, counted: Figures) -> None:
    """Send it through a socket, and see that the socket, or else the next one, still answers."""
    for again in range(2):
        with suppress(aiohttp.ClientError, ConnectionError):
            try:
                async with asyncio.timeout(ANSWERED_S * 5):
                    if await answers(house, known, b"" if again else sent):
                        return
            except TimeoutError:
                break
    counted.note("hangs", f"{case}: {sent[:300]!r}")


async def answers(house: House, known: aiohttp.ClientSession, sent: bytes) -> bool:
    """Whether a page's socket tells the time after that message; one may close it."""
    address = f"{house.address}/ws?page=one&width=43&height=46"
    async with known.ws_connect(address, headers={"Origin": house.address}) as socket:
        with suppress(UnicodeDecodeError):
            await socket.send_str(sent.decode())
        await socket.send_bytes(sent)
        await socket.send_json(["sync", 1])
        async for found in socket:
            if found.type is aiohttp.WSMsgType.TEXT and json.loads(found.data)[0] == "sync":
                return True
    return False
