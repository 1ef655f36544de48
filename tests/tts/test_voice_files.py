from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.command_line import Inside
from timer_app.system import paths
from timer_app.tts import voice_files
from timer_app.tts.voice_files import (
    VoiceFileError,
    checked_source,
    fetch_voice,
    find_licence,
    model_path,
)

MODEL = bytes(range(256)) * 1_000
SHA256 = hashlib.sha256(MODEL).hexdigest()
DESCRIPTION = json.dumps({"audio": {"sample_rate": 22_050}, "espeak": {"voice": "en"}}).encode()


class Server(ThreadingHTTPServer):
    """Serves the files given, by their paths; a redirect is a text that begins with `->`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {
            "/v/anna.onnx": MODEL,
            "/v/anna.onnx.json": DESCRIPTION,
            "/v/MODEL_CARD": "Änna voice: CC0.\n".encode(),
        }
        self.promised = 0  # bytes of the model that are promised beyond those that come

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        content = self.server.files.get(self.path.partition("?")[0])
        if content is None:
            self.send_error(404)
        elif content.startswith(b"->"):
            self.send_response(302)
            self.send_header("Location", content[2:].decode())
            self.end_headers()
        else:
            more = self.server.promised if self.path.endswith(".onnx") else 0
            self.send_response(200)
            self.send_header("Content-Length", str(len(content) + more))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing is written."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield served
        served.shutdown()
        thread.join()


def test_a_voice_is_fetched_with_its_description_and_its_progress_is_told(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    target = model_path("anna", tmp_path / "voices")
    source = checked_source(server.url("/v/anna.onnx?download=true"), SHA256.upper())
    assert find_licence(source) == (server.url("/v/MODEL_CARD?download=true"), "Änna voice: CC0.\n")
    fetch_voice(source, target, lambda there, total: told.append((there, total)))
    assert target.read_bytes() == MODEL
    assert Path(f"{target}.json").read_bytes() == DESCRIPTION
    assert told[-1] == (len(MODEL), len(MODEL))


@pytest.mark.parametrize(
    ("path", "content", "promised", "reported"),
    [
        ("/v/anna.onnx", b"another model", 0, "is not the file that was asked for"),
        ("/v/anna.onnx", MODEL, 1_000, "broke off"),
        ("/v/anna.onnx", MODEL, voice_files.MAX_MODEL_BYTES, "a voice has at most 500,000,000"),
        ("/v/anna.onnx", b"->http://example.org/anna.onnx", 0, "is not encrypted"),
        ("/v/anna.onnx.json", b"{}", 0, "does not describe a piper voice"),
        ("/v/anna.onnx.json", b"x" * 1_000_001, 0, "has more than 1,000,000 bytes"),
        ("/v/anna.onnx.json", None, 0, "the server answers 404"),
    ],
)
def test_what_is_not_what_was_asked_for_changes_nothing(  # noqa: PLR0917 - one argument for each column above
    server: Server, tmp_path: Path, path: str, content: bytes | None, promised: int, reported: str
) -> None:
    target = model_path("anna", tmp_path)
    target.write_bytes(b"the earlier one")
    server.files[path], server.promised = content or b"", promised
    if content is None:
        del server.files[path]
    with pytest.raises(VoiceFileError, match=reported):
        fetch_voice(checked_source(server.url("/v/anna.onnx"), SHA256), target, lambda *_: None)
    assert [file.name for file in tmp_path.iterdir()] == ["anna.onnx"]
    assert target.read_bytes() == b"the earlier one"


@pytest.mark.parametrize(
    ("url", "sha256", "reported"),
    [
        ("http://example.org/anna.onnx", SHA256, "write https://"),
        ("file:///etc/passwd", SHA256, "is no address"),
        ("anna.onnx", SHA256, "is no address"),
        ("https://[::1", SHA256, "is no address"),
        ("https://example.org/anna.onnx", "abc", "is no SHA-256"),
    ],
)
def test_an_unsafe_address_or_no_checksum_is_refused(url: str, sha256: str, reported: str) -> None:
    with pytest.raises(VoiceFileError, match=reported):
        checked_source(url, sha256)


@pytest.mark.parametrize("name", ["../anna", "", "a/b", ".hidden", "C:\\anna"])
def test_a_name_stays_in_the_voice_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(VoiceFileError, match="is no name for a voice"):
        model_path(name, tmp_path)


def test_a_server_that_is_not_there_is_an_error(server: Server) -> None:
    url = server.url("/v/anna.onnx")
    server.server_close()
    with pytest.raises(VoiceFileError, match="cannot be reached"):
        find_licence(checked_source(url, SHA256))


def test_the_command_shows_the_licence_and_asks_before_it_fetches(server: Server, timer_app: Inside) -> None:
    arguments = ("voices", "get", "anna", server.url("/v/anna.onnx"), "--sha256", SHA256)
    asked = timer_app(*arguments)
    assert asked.status == 2
    assert "Änna voice: CC0." in asked.out
    assert "--yes answers it" in asked.err
    assert not paths.own_voices_dir().exists()
    done = timer_app(*arguments, "--yes")
    assert done.status == 0
    assert (paths.own_voices_dir() / "anna.onnx").read_bytes() == MODEL
    again = timer_app(*arguments, "--yes")
    assert (again.status, "--force replaces it" in again.err) == (2, True)
    del server.files["/v/MODEL_CARD"]
    assert "No licence was found" in timer_app(*arguments, "--yes", "--force").out
