"""The language server as an editor meets it: a process, the protocol, and nothing else on its output."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.workspace import PositionCodec

from tests.command_line import LIMIT_S
from timer_app.analysis import Edit, apply_edits
from timer_app.library import Library
from timer_app.lsp import serve
from timer_app.lsp.positions import Positions
from timer_app.lsp.streams import MAX_HEADER, MAX_MESSAGE, BoundedInput

HEAD = 'schema = 1\nname = "Mine 🦵"\n'
BROKEN = f'{HEAD}\n[[steps]]\nexercise = "wall-sqat"\n'
WHOLE = BROKEN.replace("sqat", "squat")


class Editor(LanguageClient):
    """An editor with one file open."""

    def __init__(self, path: Path) -> None:
        super().__init__("editor", "1")
        self.uri = path.as_uri()
        self.path = path
        self.sent = 0
        self._published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator] # pygls says no type
        def published(parameters: types.PublishDiagnosticsParams) -> None:
            self._published.put_nowait(parameters)

    @property
    def document(self) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri)

    async def begin(self, *encodings: types.PositionEncodingKind) -> types.InitializeResult:
        general = types.GeneralClientCapabilities(position_encodings=list(encodings) or None)
        capabilities = types.ClientCapabilities(general=general)
        options = {"lenses": False} if encodings else None
        parameters = types.InitializeParams(capabilities=capabilities, initialization_options=options)
        found = await self.initialize_async(parameters)
        self.initialized(types.InitializedParams())
        return found

    async def diagnostics(self) -> list[types.Diagnostic]:
        """What is published next for the present version."""
        while True:
            found = await asyncio.wait_for(self._published.get(), LIMIT_S)
            if found.version == self.sent:
                return list(found.diagnostics)

    async def open(self, text: str) -> list[types.Diagnostic]:
        item = types.TextDocumentItem(self.uri, "toml", self.sent, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.diagnostics()

    async def change(self, *texts: str) -> list[types.Diagnostic]:
        for text in texts:
            self.sent += 1
            identifier = types.VersionedTextDocumentIdentifier(self.sent, self.uri)
            change = types.TextDocumentContentChangeWholeDocument(text)
            self.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        return await self.diagnostics()

    async def complete(self, line: int, character: int) -> list[types.CompletionItem]:
        place = types.CompletionParams(self.document, types.Position(line, character))
        found = await self.text_document_completion_async(place)
        assert isinstance(found, types.CompletionList)
        return list(found.items)


@asynccontextmanager
async def editor(tmp_path: Path, *encodings: types.PositionEncodingKind) -> AsyncIterator[Editor]:
    """An editor that is connected to the server, and leaves in good order."""
    client = Editor(tmp_path / "sessions" / "mine.toml")
    await client.start_io(sys.executable, "-m", "timer_app", "lsp")
    await client.begin(*encodings)
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    await asyncio.wait_for(client.stop(), LIMIT_S)  # type: ignore[no-untyped-call] # pygls says no type
    assert client._server is not None
    assert client._server.returncode == 0


async def test_an_editor_is_led_from_a_fault_to_a_session_that_runs(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        (fault,) = await client.open(BROKEN)
        assert fault.severity is types.DiagnosticSeverity.Error
        assert fault.message == (
            'steps[0].exercise: there is no exercise "wall-sqat"\n'
            'allowed: an id that `timer-app list --exercises` shows\ndid you mean "wall-squat"?'
        )
        assert BROKEN.split("\n")[fault.range.start.line][fault.range.start.character :] == '"wall-sqat"'
        context = types.CodeActionContext(diagnostics=[fault])
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(client.document, fault.range, context)
        )
        (action,) = actions or ()
        assert isinstance(action, types.CodeAction)
        assert action.title == 'Change to "wall-squat"'
        assert action.edit is not None
        assert action.edit.changes is not None
        edits = [_edit(edit) for edit in action.edit.changes[client.uri]]
        assert apply_edits(BROKEN, edits) == WHOLE
        assert await client.change(WHOLE) == []
        await _session_is_shown(client)


async def _session_is_shown(client: Editor) -> None:
    (symbol,) = await client.text_document_document_symbol_async(types.DocumentSymbolParams(client.document)) or ()
    assert isinstance(symbol, types.DocumentSymbol)
    assert (symbol.name, symbol.detail, symbol.range.start.line) == ("Wall squat", "0:01 · 51 s", 3)
    (lens,) = await client.text_document_code_lens_async(types.CodeLensParams(client.document)) or ()
    assert lens.command is not None
    assert (lens.command.title, lens.command.command) == ("Run this (57 s)", "timer-app.run")
    (argument,) = lens.command.arguments or ()
    assert json.loads(json.dumps(argument, default=vars)) == {"file": str(client.path)}
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))
    (hint,) = await client.text_document_inlay_hint_async(types.InlayHintParams(client.document, everything)) or ()
    assert (hint.label, hint.position) == ("51 s", types.Position(3, 9))
    place = types.HoverParams(client.document, types.Position(4, 15))
    hover = await client.text_document_hover_async(place)
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "Back flat on the wall" in hover.contents.value


def _edit(edit: types.TextEdit | Any) -> Edit:
    start, end = edit.range.start, edit.range.end
    return Edit(start.line, start.character, end.line, end.character, edit.new_text)


async def test_exercises_are_completed_while_the_text_is_broken_and_other_files_are_left_alone(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        await client.open(f'{HEAD}\n[[steps]]\nexercise = "wall-s')
        found = {item.label: item for item in await client.complete(4, 18)}
        assert set(found) == {"wall-squat", "wall-shoulder-stretch"}
        squat = found["wall-squat"]
        assert squat.detail == "Wall squat · 30 s to 1:00"
        assert isinstance(squat.text_edit, types.TextEdit)
        assert squat.text_edit.new_text == 'wall-squat"'
        assert squat.text_edit.range == types.Range(types.Position(4, 12), types.Position(4, 18))
        client.uri = (tmp_path / "pyproject.toml").as_uri()
        assert await client.open('[project]\nname = 3\nfoo = "') == []
        place = types.CompletionParams(client.document, types.Position(0, 0))
        assert await client.text_document_completion_async(place) is None


async def test_columns_are_counted_as_the_editor_counts_and_what_it_does_not_want_is_left_out(tmp_path: Path) -> None:
    async with editor(tmp_path, types.PositionEncodingKind.Utf8) as client:
        (fault,) = await client.open(f'{HEAD}steps = [{{ "🦵" = 1, rest = "5s" }}]')
        assert "unknown key" in fault.message
        assert (fault.range.start.character, fault.range.end.character) == (11, 17)
        assert await client.change(WHOLE) == []
        assert not await client.text_document_code_lens_async(types.CodeLensParams(client.document))


async def test_only_the_last_of_many_changes_is_looked_at_and_nothing_kills_the_server(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        await client.open("")
        broken = [BROKEN[:end] for end in range(0, len(BROKEN), 3)]
        found = await client.change(*broken, '[[[{"\ud83d', "\0" * 50, "[" * 500, BROKEN)
        assert len(found) == 1
        # Asked about places that are not there.
        assert await client.complete(4_000, 4_000) is not None
        place = types.HoverParams(client.document, types.Position(4, 4_000))
        assert await client.text_document_hover_async(place) is None
        assert await client.change(WHOLE) == []


async def test_what_a_saved_file_says_of_an_exercise_holds_at_once(tmp_path: Path, own_folders: Path) -> None:
    folder = own_folders / "config" / "exercises"
    folder.mkdir(parents=True)
    async with editor(tmp_path) as client:
        (fault,) = await client.open(f'{HEAD}[[steps]]\nexercise = "my-own"\n')
        assert "my-own" in fault.message
        (folder / "mine.toml").write_text('schema = 1\n[exercises.my-own]\nname = "A"\nsay = "B."\nhold = "9s"\n')
        client.text_document_did_save(types.DidSaveTextDocumentParams(client.document))
        assert await client.diagnostics() == []


async def test_it_speaks_the_language_that_the_settings_ask_for(tmp_path: Path, own_folders: Path) -> None:
    (own_folders / "config").mkdir(parents=True)
    (own_folders / "config" / "settings.toml").write_text('screen_language = "de"\n')
    async with editor(tmp_path) as client:
        (fault,) = await client.open(BROKEN)
        assert 'es gibt keine Übung "wall-sqat"' in fault.message
        assert await client.change(f'{WHOLE}[lexicon]\n"kg" = "Kilo"\n') == []
        place = types.HoverParams(client.document, types.Position(5, 3))
        hover = await client.text_document_hover_async(place)
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "Wörter, die die Stimme falsch spricht" in hover.contents.value


def _message(content: dict[str, Any]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def _bodies(output: bytes) -> Iterator[dict[str, Any]]:
    while output:
        head, _, rest = output.partition(b"\r\n\r\n")
        size = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        yield json.loads(rest[:size])
        output = rest[size:]


def test_the_end_of_its_input_is_its_end_and_only_the_protocol_is_on_its_output() -> None:
    sent = _message({"id": 1, "method": "initialize", "params": {"capabilities": {}}})
    sent += _message({"id": 2, "method": "no/such/thing", "params": {}}) + b"Content-Length: 99\r\n\r\n{"
    command = [sys.executable, "-m", "timer_app", "lsp", "--stdio"]
    ended = subprocess.run(command, input=sent, capture_output=True, timeout=LIMIT_S, check=False)
    answers = {body.get("id"): body for body in _bodies(ended.stdout)}
    assert answers[1]["result"]["serverInfo"]["name"] == "timer-app"
    assert answers[2]["error"]
    assert ended.returncode == 0


@pytest.mark.parametrize("sent", [b"\0" * 10_000, b"no protocol " * 1_000])
def test_what_cannot_be_the_protocol_ends_it_and_does_not_fill_the_memory(sent: bytes) -> None:
    reading, writing = io.BytesIO(sent), io.BytesIO()
    serve(Library.default, reading, writing)
    assert reading.tell() <= MAX_HEADER
    assert writing.getvalue() == b""


def test_a_message_is_no_larger_than_an_editor_would_send() -> None:
    bounded = BoundedInput(io.BytesIO(b"x" * 10))
    assert bounded.read(10) == b"x" * 10
    assert bounded.read(MAX_MESSAGE + 1) == b""


@given(st.text("a🦵é\u0301ß\u2028", max_size=9), st.data())
def test_every_place_of_a_line_is_found_again_in_each_encoding(line: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(line)))
    for encoding, codec in (("utf-8", "utf-8"), ("utf-16", "utf-16-le"), ("utf-32", "utf-32-le")):
        positions = Positions([line], PositionCodec(encoding))
        place = positions.position(0, column)
        assert place.character == len(line[:column].encode(codec)) // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
        assert positions.column(place) == column
        assert positions.column(types.Position(0, 10_000)) == len(line)
        assert positions.column(types.Position(7, 3)) == 0
