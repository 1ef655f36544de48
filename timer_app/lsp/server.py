"""The language server: registers what an editor can ask for, and answers from the analyses of the open texts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from timer_app import __version__
from timer_app.analysis import Completion, Fix, OutlineEntry, completions, fixes, hover
from timer_app.core.diagnostics import LocatedProblem
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import clock_text, length_text
from timer_app.lsp.documents import Documents
from timer_app.lsp.positions import Positions
from timer_app.lsp.streams import BoundedInput

if TYPE_CHECKING:
    from timer_app.analysis import Analysis
    from timer_app.library import Library

NAME = "timer-app"
RUN_COMMAND = "timer-app.run"
_DEBOUNCE_S = 0.2  # no diagnostics while somebody types
_TRIGGERS = ('"', "{", "[", "=", " ", ",", "\n")
_COMPLETION_KINDS = {
    "key": types.CompletionItemKind.Property,
    "table": types.CompletionItemKind.Module,
    "value": types.CompletionItemKind.EnumMember,
    "placeholder": types.CompletionItemKind.Variable,
    "step": types.CompletionItemKind.Struct,
    "exercise": types.CompletionItemKind.Class,
    "session": types.CompletionItemKind.File,
}
_SYMBOL_KINDS = {
    "steps": types.SymbolKind.Namespace,
    "exercise": types.SymbolKind.Class,
    "rest": types.SymbolKind.Null,
    "say": types.SymbolKind.String,
    "wait": types.SymbolKind.Event,
    "measure": types.SymbolKind.Number,
    "session": types.SymbolKind.File,
}


class TrainingServer(LanguageServer):
    """A language server, and what it knows of the open texts.

    Args:
        make_library: Makes the library that texts may refer to; it is made anew when a file is saved.
    """

    def __init__(self, make_library: Callable[[], Library]) -> None:
        # Whole texts, as pygls splits the lines of changed parts at more signs than editors do.
        super().__init__(NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.documents = Documents(make_library)
        self._options: dict[str, Any] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def analysis(self, uri: str) -> Analysis | None:
        """What is known of an open text; `None` where it is no file of this program."""
        return self.documents.analysis(uri, self.workspace.get_text_document(uri).source)

    def wants(self, option: str) -> bool:
        """Whether the editor has not turned something off when it started the server."""
        return bool(self._options.get(option, True))

    def take_options(self, options: Any) -> None:
        """Take what the editor wants, as it says at the start."""
        self._options = options if isinstance(options, dict) else {}

    def positions(self, analysis: Analysis) -> Positions:
        """The positions in a text."""
        return Positions(analysis.lines, self.workspace.position_codec)

    def publish_soon(self, uri: str) -> None:
        """Send the diagnostics of a text once it rests."""
        if earlier := self._waiting.pop(uri, None):
            earlier.cancel()
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._publish_later(uri))

    async def _publish_later(self, uri: str) -> None:
        await asyncio.sleep(_DEBOUNCE_S)
        self._waiting.pop(uri, None)
        self.publish(uri)

    def publish(self, uri: str) -> None:
        """Send the diagnostics of a text."""
        document = self.workspace.text_documents.get(uri)
        if document is None:
            return
        analysis = self.analysis(uri)
        found = list(self._diagnostics(analysis)) if analysis is not None else []
        parameters = types.PublishDiagnosticsParams(uri, found, document.version)
        self.text_document_publish_diagnostics(parameters)

    def clear(self, uri: str) -> None:
        """Forget a text that is closed, with its diagnostics."""
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        self.documents.forget(uri)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def publish_all(self) -> None:
        """Send the diagnostics of every open text, as what they refer to has changed."""
        self.documents.reload()
        for uri in list(self.workspace.text_documents):
            self.publish_soon(uri)

    def _diagnostics(self, analysis: Analysis) -> Iterator[types.Diagnostic]:
        positions, own = self.positions(analysis), frozenset(analysis.own_problems)
        for problem in analysis.problems:
            # The fault of another file is told at the top of the one that needs it.
            is_own = problem in own
            place = (problem.line - 1, problem.column - 1, problem.end_column - 1) if is_own else (0, 0, 1)
            yield types.Diagnostic(
                range=positions.range(*place),
                message=_message(problem) if is_own else f"{problem.place}: {_message(problem)}",
                severity=_severity(problem),
                source=NAME,
            )

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Write a fault of the server to standard error: the editor keeps it in its log."""
        logging.getLogger(__name__).error("%s: %s", getattr(source, "__name__", source), error)


def _severity(problem: LocatedProblem) -> types.DiagnosticSeverity:
    is_warning = problem.severity == "warning"
    return types.DiagnosticSeverity.Warning if is_warning else types.DiagnosticSeverity.Error


def _message(problem: LocatedProblem) -> str:
    """What is wrong, what is allowed and what was probably meant."""
    said = f"{problem.key}: {problem.message}" if problem.key else problem.message
    others = (line.strip() for part, line in problem.details() if part in {"allowed", "meant"})
    return "\n".join([said, *others])


def serve(make_library: Callable[[], Library], reading: BinaryIO, writing: BinaryIO) -> None:
    """Answer an editor until its messages end.

    Args:
        make_library: Makes the library that texts may refer to.
        reading: Where its messages come from.
        writing: Where the answers go.
    """
    server = TrainingServer(make_library)
    _register_changes(server)
    _register_places(server)
    _register_texts(server)
    # What pygls asks of its input is no more than this.
    server.start_io(cast("BinaryIO", BoundedInput(reading)), writing)


def _register_changes(server: TrainingServer) -> None:
    """What the editor tells: its wishes, and what becomes of its texts."""

    @server.feature(types.INITIALIZE)
    def initialized(parameters: types.InitializeParams) -> None:
        server.take_options(parameters.initialization_options)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(parameters: types.DidOpenTextDocumentParams) -> None:
        server.publish(parameters.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(parameters: types.DidChangeTextDocumentParams) -> None:
        server.publish_soon(parameters.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(parameters: types.DidSaveTextDocumentParams) -> None:
        if server.analysis(parameters.text_document.uri) is not None:
            server.publish_all()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(parameters: types.DidCloseTextDocumentParams) -> None:
        server.clear(parameters.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(_parameters: types.DidChangeWatchedFilesParams) -> None:
        server.publish_all()


def _register_places(server: TrainingServer) -> None:
    """What may stand at a place, what stands there, and what mends it."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=list(_TRIGGERS)))
    def complete(parameters: types.CompletionParams) -> types.CompletionList | None:
        analysis = server.analysis(parameters.text_document.uri)
        if analysis is None:
            return None
        positions, line = server.positions(analysis), min(parameters.position.line, len(analysis.lines) - 1)
        found = completions(analysis, line, positions.column(parameters.position))
        items = [_completion_item(positions, line, number, one) for number, one in enumerate(found)]
        return types.CompletionList(is_incomplete=True, items=items)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def explain(parameters: types.HoverParams) -> types.Hover | None:
        analysis = server.analysis(parameters.text_document.uri)
        if analysis is None:
            return None
        positions = server.positions(analysis)
        found = hover(analysis, parameters.position.line, positions.column(parameters.position))
        if found is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, found.markdown)
        return types.Hover(content, positions.range(found.line, found.start_column, found.end_column))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def mend(parameters: types.CodeActionParams) -> list[types.CodeAction]:
        uri, lines = parameters.text_document.uri, parameters.range
        analysis = server.analysis(uri)
        if analysis is None:
            return []
        positions = server.positions(analysis)
        found = fixes(analysis)
        return [
            _code_action(positions, uri, fix)
            for fix in found
            if lines.start.line < fix.problem.line <= lines.end.line + 1
        ]


def _register_texts(server: TrainingServer) -> None:
    """The outline, the lenses and the lengths of a whole text."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(parameters: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        analysis = server.analysis(parameters.text_document.uri)
        return [] if analysis is None else [_symbol(server.positions(analysis), one) for one in analysis.outline]

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def lenses(parameters: types.CodeLensParams) -> list[types.CodeLens]:
        analysis = server.analysis(parameters.text_document.uri)
        path = to_fs_path(parameters.text_document.uri)
        if analysis is None or path is None or not server.wants("lenses"):
            return []
        return list(_lenses(server.positions(analysis), analysis, path))

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hints(parameters: types.InlayHintParams) -> list[types.InlayHint]:
        analysis = server.analysis(parameters.text_document.uri)
        if analysis is None or not server.wants("hints"):
            return []
        first, last = parameters.range.start.line, parameters.range.end.line
        return [hint for hint in _hints(server.positions(analysis), analysis) if first <= hint.position.line <= last]


def _completion_item(positions: Positions, line: int, number: int, found: Completion) -> types.CompletionItem:
    documentation = types.MarkupContent(types.MarkupKind.Markdown, found.documentation) if found.documentation else None
    return types.CompletionItem(
        label=found.label,
        kind=_COMPLETION_KINDS.get(found.kind, types.CompletionItemKind.Value),
        detail=found.detail or None,
        documentation=documentation,
        sort_text=f"{number:04}",
        # What is typed may be part of the detail, such as the name of an exercise: it is filtered here.
        filter_text=positions.lines[line][found.start_column : found.end_column].strip("\"'") or found.label,
        text_edit=types.TextEdit(positions.range(line, found.start_column, found.end_column), found.insert_text),
    )


def _code_action(positions: Positions, uri: str, fix: Fix) -> types.CodeAction:
    edits = [
        types.TextEdit(positions.range(edit.line, edit.start_column, edit.end_column, edit.end_line), edit.new_text)
        for edit in fix.edits
    ]
    return types.CodeAction(
        title=fix.title,
        kind=types.CodeActionKind.QuickFix,
        edit=types.WorkspaceEdit(changes={uri: edits}),
        is_preferred=fix.is_sure or None,
    )


def _symbol(positions: Positions, entry: OutlineEntry) -> types.DocumentSymbol:
    end_column = len(positions.lines[entry.end_line])
    return types.DocumentSymbol(
        name=entry.name or entry.kind or "?",
        detail=_times(entry),
        kind=_SYMBOL_KINDS.get(entry.kind, types.SymbolKind.Function),
        range=positions.range(entry.line, 0, end_column, entry.end_line),
        selection_range=positions.range(entry.line, 0, len(positions.lines[entry.line])),
        children=[_symbol(positions, child) for child in entry.children],
    )


def _times(entry: OutlineEntry) -> str | None:
    """When a step begins and how long it takes: `0:23 · 5:02`."""
    if entry.start_ms is None or entry.duration_ms is None:
        return None
    return f"{clock_text(entry.start_ms)} · {length_text(entry.duration_ms)}"


def _lenses(positions: Positions, analysis: Analysis, path: str) -> Iterator[types.CodeLens]:
    """Lenses that run the session, from its start and from each of its outer steps."""
    if analysis.timeline is None:
        return
    length = length_text(analysis.timeline.total_ms)
    title = _("Run this ({length})").format(length=length)
    yield types.CodeLens(positions.range(0, 0, 0), types.Command(title, RUN_COMMAND, arguments=[{"file": path}]))
    for entry in analysis.outline[1:]:
        if entry.step is not None:
            arguments = [{"file": path, "from": entry.step + 1}]
            command = types.Command(_("Run from here"), RUN_COMMAND, arguments=arguments)
            yield types.CodeLens(positions.range(entry.line, 0, 0), command)


def _hints(positions: Positions, analysis: Analysis) -> Iterator[types.InlayHint]:
    """How long each step and each block takes, at the end of its line."""
    for entry in analysis.entries():
        if entry.duration_ms:
            at = positions.position(entry.line, len(positions.lines[entry.line]))
            yield types.InlayHint(at, length_text(entry.duration_ms), padding_left=True)
