from __future__ import annotations

import asyncio
import json
import os
from contextlib import AbstractAsyncContextManager

import aiohttp
import pytest

from tests.web.conftest import GRACE_S, MOST, House
from timer_app.core.player.clock import machine_ms
from timer_app.web.app_pool import PageConnection, Size

LIMIT_S = 20.0
Line = aiohttp.ClientWebSocketResponse


def line(
    device: aiohttp.ClientSession, house: House, page: str = "one", **headers: str
) -> AbstractAsyncContextManager[Line]:
    origin = {"Origin": house.address, **headers}
    return device.ws_connect(f"{house.address}/ws?page={page}&width=43&height=46", headers=origin)


class FarEnd:
    """A page's socket, without a page."""

    def __init__(self) -> None:
        self.was_drawn_for = asyncio.Event()
        self.code: int | None = None

    async def send_bytes(self, _: bytes) -> None:
        self.was_drawn_for.set()

    async def send_str(self, _: str) -> None:
        pytest.fail("nothing but the screen is told")

    async def close(self, *, code: int) -> None:
        self.code = code


async def drawn(socket: Line) -> bytes:
    return (await socket.receive_bytes(timeout=LIMIT_S)).removeprefix(b"drawn by ")


async def said(socket: Line) -> list[object]:
    parts: list[object] = json.loads(await socket.receive_str(timeout=LIMIT_S))
    return parts


async def code(socket: Line) -> int | None:
    while (await socket.receive(timeout=LIMIT_S)).type not in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
        pass
    return socket.close_code


async def gone(pid: int) -> None:
    for _ in range(400):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"process {pid} is still there")


async def vacant(house: House) -> None:
    """Wait until no page has an app, which is known a moment after the last process has gone."""
    for _ in range(400):
        if not len(house.runs):
            return
        await asyncio.sleep(0.05)
    pytest.fail("an app still has its place")


@pytest.mark.parametrize("path", ["/", "/?token=guess", "/page/page.js", "/terminal/js/textual.js", "/ws", "/music/x"])
async def test_without_token_or_cookie_there_is_nothing_but_what_to_do(
    house: House, device: aiohttp.ClientSession, path: str
) -> None:
    async with device.get(house.address + path) as response:
        assert response.status == 403
        assert "press Enter" in await response.text()
        assert "Set-Cookie" not in response.headers


async def test_a_token_lets_the_first_device_in_and_no_second_one(house: House, device: aiohttp.ClientSession) -> None:
    address = f"{house.address}/?token={house.door.token}"
    async with device.get(address) as response:
        assert response.status == 200
        assert "HttpOnly" in (cookie := response.headers["Set-Cookie"])
        assert "SameSite=Strict" in cookie
    assert house.entered == [house.door.token]
    for path in ("/", "/page/page.js", "/terminal/js/textual.js"):
        async with device.get(house.address + path) as response:
            assert response.status == 200
    async with aiohttp.ClientSession() as other, other.get(address) as response:
        assert response.status == 403


async def test_looking_whether_there_is_something_uses_no_token_up(house: House, device: aiohttp.ClientSession) -> None:
    address = f"{house.address}/?token={house.door.token}"
    async with device.head(address) as response:
        assert response.status == 403
    async with device.get(address) as response:
        assert response.status == 200


async def test_a_name_that_is_not_this_computers_is_refused_even_with_a_cookie(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with known.get(house.address, headers={"Host": "evil.example"}) as response:
        assert response.status == 403
        assert "Not under this name" in await response.text()


async def answer(house: House, request: bytes) -> bytes:
    """Everything that is answered, until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), LIMIT_S)
    finally:
        writer.close()


@pytest.mark.parametrize(
    "named",
    [
        "1.1\r\nHost: localhost:99999",
        "1.1\r\nHost: localhost:abc",
        "1.1\r\nHost: [::1]x",
        "1.1\r\nHost: [::1",
        "1.1\r\nHost: -:-1",
        "1.1\r\nHost:",
        "1.0",
    ],
)
async def test_a_malformed_host_is_refused_in_a_line_and_nothing_is_logged(
    house: House, caplog: pytest.LogCaptureFixture, named: str
) -> None:
    head, _, body = (await answer(house, f"GET / HTTP/{named}\r\n\r\n".encode())).partition(b"\r\n\r\n")
    assert head.split()[1] == b"400"
    assert body == b"the request names no host, or not as it should\n"
    assert (house.log, caplog.records) == ([], [])


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET * HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01\0",
        b"X\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_refused_and_not_logged(
    house: House, caplog: pytest.LogCaptureFixture, request_: bytes
) -> None:
    assert b" 400 " in (await answer(house, request_)).partition(b"\r\n")[0]
    assert (house.log, caplog.records) == ([], [])


async def test_a_fault_of_the_server_is_logged_in_a_line(
    house: House, known: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.runs, "get", lambda _: 1 / 0)
    async with known.get(f"{house.address}/music/x") as response:
        assert response.status == 500
    assert house.log == ["a request could not be answered: ZeroDivisionError('division by zero')"]


async def test_a_path_that_no_file_system_takes_is_not_there(house: House, known: aiohttp.ClientSession) -> None:
    async with known.get(f"{house.address}/page/{'a' * 3_000}") as response:
        assert response.status == 404
    assert house.log == []


@pytest.mark.parametrize("sent", ["", "GET / HTTP/1.1\r\nHost: local"])
async def test_a_request_that_does_not_come_in_time_ends_its_connection(house: House, sent: str) -> None:
    assert await answer(house, sent.encode()) == b""
    assert len(house.connections) == 0


async def test_strangers_keep_no_connection(house: House) -> None:
    assert b"\r\nConnection: close\r\n" in await answer(house, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert len(house.connections) == 0


async def test_those_who_send_nothing_keep_nobody_out(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house) as socket:
        await drawn(socket)
        silent = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(5 * MOST)]
        async with known.get(house.address) as response:
            assert response.status == 200
        assert len(house.connections) <= MOST
        await socket.send_json(["stdin", "ah"])
        assert await drawn(socket) == b"Dah"
        for _, writer in silent:
            writer.close()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}"])
async def test_a_page_from_elsewhere_gets_no_line(house: House, known: aiohttp.ClientSession, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with line(known, house, Origin=origin.format(host=f"127.0.0.1:{house.port}")):
            pass
    assert refused.value.status == 403


async def test_the_page_may_fetch_nothing_from_elsewhere_nor_be_shown_inside_another(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with known.get(house.address) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "http" not in (await response.text()).replace("http-equiv", "")


async def test_keys_sizes_and_commands_reach_the_app_and_nonsense_does_not(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with line(known, house) as socket:
        await drawn(socket)
        for nonsense in ("", "[]", "7", "{}", '["stdin"]', '["stdin", 7]', '["resize", []]', '["command"]', '["x"]'):
            await socket.send_str(nonsense)
        await socket.send_json(["stdin", "ü"])
        assert await drawn(socket) == b"D" + "ü".encode()
        await socket.send_json(["resize", {"width": 100, "height": "x"}])
        assert json.loads((await drawn(socket))[1:]) == {"type": "resize", "width": 100, "height": 24}
        await socket.send_json(["command", "next"])
        assert json.loads((await drawn(socket))[1:]) == {"type": "command", "id": "next"}


@pytest.mark.parametrize(
    "message", ["{nested}", '["sync", {nested}]', '["ping", {nested}]', '["resize", {{"width": {nested}}}]']
)
@pytest.mark.parametrize("depth", [400, 950, 30_000])
async def test_nested_brackets_are_ignored_however_many(
    house: House, known: aiohttp.ClientSession, message: str, depth: int
) -> None:
    async with line(known, house) as socket:
        await drawn(socket)
        await socket.send_str(message.format(nested="[" * depth + "]" * depth))
        await socket.send_json(["sync", 1])
        assert (await said(socket))[:2] == ["sync", 1]
    assert house.log == []


async def test_the_computers_clock_is_told(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house) as socket:
        await drawn(socket)
        before_ms = machine_ms()
        await socket.send_json(["sync", 12.5])
        kind, sent_at, told_ms = await said(socket)
        assert (kind, sent_at) == ("sync", 12.5)
        assert isinstance(told_ms, float)
        assert before_ms <= told_ms <= machine_ms()


async def test_a_page_that_comes_back_finds_its_app_and_has_everything_drawn_anew(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with line(known, house) as socket:
        pid = int(await drawn(socket))
    async with line(known, house) as socket:
        reported = [json.loads((await drawn(socket))[1:])["type"] for _ in range(2)]
        assert reported == ["resize", "page"]
        assert len(house.runs) == 1
        os.kill(pid, 0)


async def test_nobody_looks_on_for_long_so_the_app_is_ended(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house) as socket:
        pid = int(await drawn(socket))
    await gone(pid)
    assert house.left.exists()
    await vacant(house)
    async with line(known, house) as socket:
        assert int(await drawn(socket)) != pid


async def test_a_page_that_came_back_in_time_keeps_its_app_for_good(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house) as socket:
        pid = int(await drawn(socket))
    async with line(known, house) as socket:
        await asyncio.sleep(2 * GRACE_S)
        os.kill(pid, 0)
        assert not house.left.exists()
        assert not socket.closed


async def test_the_same_page_in_two_windows_is_shown_in_the_later_one(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with line(known, house) as first:
        await drawn(first)
        async with line(known, house) as second:
            assert await code(first) == PageConnection.TAKEN_OVER
            assert json.loads((await drawn(second))[1:])["type"] == "resize"
            assert len(house.runs) == 1


async def test_every_page_has_its_own_app_and_one_too_many_is_told(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house, "one") as one, line(known, house, "two") as two:
        assert await drawn(one) != await drawn(two)
        async with line(known, house, "three") as three:
            assert await code(three) == PageConnection.FULL
        await two.send_json(["stdin", "ah"])
        assert await drawn(two) == b"Dah"


async def test_an_app_that_is_left_ends_the_line_and_makes_room(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house) as socket:
        pid = int(await drawn(socket))
        await socket.send_json(["stdin", "bye"])
        assert await code(socket) == PageConnection.LEFT
    await gone(pid)
    await vacant(house)


async def leave(socket: Line) -> int:
    """Have an app say that it was left, though it takes its time to end; returns the number of its process."""
    pid = int(await drawn(socket))
    await socket.send_json(["stdin", "exit"])
    assert await code(socket) == PageConnection.LEFT
    os.kill(pid, 0)
    return pid


async def test_a_page_that_is_loaded_again_while_its_app_still_ends_gets_another_one(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with line(known, house) as socket:
        pid = await leave(socket)
    async with line(known, house) as socket:
        assert int(await drawn(socket)) != pid
        await gone(pid)
        await socket.send_json(["stdin", "ah"])
        assert await drawn(socket) == b"Dah"
        assert len(house.runs) == 1


async def test_an_app_that_was_left_and_does_not_end_is_ended(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house) as socket:
        pid = await leave(socket)
    assert len(house.runs) == 0
    await gone(pid)
    assert house.left.exists()


async def test_an_app_that_cannot_be_started_is_told_and_keeps_no_place(
    house: House, known: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(house.runs, "_command", ["/nowhere/timer-app"])
        for page in ("one", "two", "three"):
            async with line(known, house, page) as socket:
                assert await code(socket) == PageConnection.FAILED
    assert len(house.runs) == 0
    assert house.failures == ["no such file or directory"] * 3
    async with line(known, house) as socket:
        await drawn(socket)


async def test_a_page_that_is_loaded_again_while_its_app_starts_shows_that_app(house: House) -> None:
    run, before, after = house.runs.get_or_create("one"), FarEnd(), FarEnd()
    await asyncio.gather(*(run.attach(PageConnection(socket), Size(80, 24)) for socket in (before, after)))
    await after.was_drawn_for.wait()
    assert before.code == PageConnection.TAKEN_OVER
    assert len(house.runs) == 1
    await run.end()


async def test_music_is_told_by_names_and_only_that_page_can_fetch_it(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with line(known, house) as socket:
        await drawn(socket)
        await socket.send_json(["stdin", "play"])
        await drawn(socket)
        kind, message = await said(socket)
        assert kind == "sound"
        assert isinstance(message, dict)
        assert "paths" not in message
        (track,) = message["tracks"]
        async with known.get(f"{house.address}/music/{track}?page=one") as response:
            assert await response.read() == b"RIFF and so on"
        for wrong in (f"{track}?page=two", "other?page=one"):
            async with known.get(f"{house.address}/music/{wrong}") as response:
                assert response.status == 404


async def test_ending_ends_every_app(house: House, known: aiohttp.ClientSession) -> None:
    async with line(known, house, "one") as one, line(known, house, "two") as two:
        pids = [int(await drawn(socket)) for socket in (one, two)]
        await house.runs.end_all()
        for pid in pids:
            await gone(pid)
    assert len(house.runs) == 0


async def test_ending_ends_those_too_that_were_left_and_take_their_time(
    house: House, known: aiohttp.ClientSession
) -> None:
    async with line(known, house) as socket:
        pid = await leave(socket)
    await house.runs.end_all()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert house.left.exists()
