from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.web.certificates import Certificate, make_certificate
from tests.web.conftest import House, open_house
from timer_app.web.connections import CertificateError, load_certificate

LIMIT_S = 20.0


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path)


@pytest.fixture
async def encrypted(tmp_path: Path, certificate: Certificate) -> AsyncIterator[House]:
    async with open_house(tmp_path, load_certificate(*certificate)) as house:
        yield house


async def test_a_page_and_its_line_are_encrypted(
    encrypted: House, certificate: Certificate, device: aiohttp.ClientSession
) -> None:
    tls = ssl.create_default_context(cafile=certificate.cert)
    address = encrypted.address
    async with device.get(address, params={"token": encrypted.door.token}, ssl=tls) as response:
        assert response.status == 200
        assert "Secure" in response.headers["Set-Cookie"]
        policy = response.headers["Content-Security-Policy"]
        assert "wss://" in policy
        assert "ws://" not in policy
    async with device.ws_connect(f"{address}/ws?page=one", headers={"Origin": address}, ssl=tls) as socket:
        assert (await socket.receive_bytes(timeout=LIMIT_S)).startswith(b"drawn by ")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await device.ws_connect(f"{address}/ws", headers={"Origin": address.replace("https", "http")}, ssl=tls)
    assert refused.value.status == 403
    assert encrypted.log == []


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\0\x05hello"])
async def test_what_is_not_encrypted_is_not_answered_nor_logged(
    encrypted: House, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", encrypted.port)
    writer.write(sent)
    answer = await asyncio.wait_for(reader.read(), LIMIT_S)
    writer.close()
    assert b"HTTP" not in answer
    assert (encrypted.log, caplog.records) == ([], [])


async def test_a_request_that_does_not_come_in_time_ends_its_connection(
    encrypted: House, certificate: Certificate
) -> None:
    tls = ssl.create_default_context(cafile=certificate.cert)
    reader, writer = await asyncio.open_connection("127.0.0.1", encrypted.port, ssl=tls)
    writer.write(b"GET / HTTP/1.1\r\nHost: local")
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), LIMIT_S) == b""
    assert len(encrypted.connections) == 0
    writer.close()


def test_a_key_may_stand_in_the_file_of_the_certificate(tmp_path: Path, certificate: Certificate) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(certificate.cert.read_bytes() + certificate.key.read_bytes())
    assert load_certificate(both, None).get_ca_certs() == []


def test_what_cannot_be_used_is_told(tmp_path: Path, certificate: Certificate) -> None:
    (tmp_path / "other").mkdir()
    other = make_certificate(tmp_path / "other", password="secret")  # noqa: S106 - of a key that is thrown away
    nothing = tmp_path / "nothing.pem"
    nothing.write_bytes(b"")
    for cert, key, reason in (
        (tmp_path / "none.pem", None, "there is no file .*none.pem"),
        (tmp_path, None, "there is no file"),
        (certificate.cert, tmp_path / "none.pem", "there is no file .*none.pem"),
        (certificate.cert, None, "in PEM format in .*name it with --key"),
        (nothing, nothing, "no certificate and private key in PEM format"),
        (other.cert, other.key, "has a password"),
        (other.cert, certificate.key, "is not the one of the certificate"),
    ):
        with pytest.raises(CertificateError, match=reason):
            load_certificate(cert, key)
