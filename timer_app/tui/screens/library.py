"""The list of sessions, where the app begins."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from timer_app.paths import own_sessions
from timer_app.tui.bindings import bindings_for
from timer_app.tui.commands import Place, first_key
from timer_app.tui.widgets.key_line import KeyLine
from timer_app.tui.widgets.message import Message as MessageLine
from timer_app.tui.widgets.session_table import SessionTable, best_first

if TYPE_CHECKING:
    from timer_app.library import Library, SessionEntry


class FilterInput(Input):
    """Where the filter is typed; the keys that move the mark go on working beside it."""

    def __init__(self) -> None:
        super().__init__(id="filter", placeholder="Type to filter", compact=True, select_on_focus=False)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        # The key that leads here is pressed twice as easily as once; no name has to be looked for by its slash.
        if event.character == "/" and not self.value:
            event.prevent_default()
            event.stop()
            return
        await super()._on_key(event)


class LibraryScreen(Screen[None]):
    """Shows every session, filters as the user types, and lets one be chosen.

    Args:
        library: Where the sessions are.
        keys: The user's own keys.
        notices: Lines to show at once.
    """

    CSS_PATH = "library.tcss"
    PLACE: ClassVar[Place] = "library"
    BINDINGS = bindings_for("library")
    AUTO_FOCUS = "SessionTable"

    class Chosen(Message):
        """The user wants this session to run."""

        def __init__(self, entry: SessionEntry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, library: Library, keys: Mapping[str, str], notices: Iterable[str] = ()) -> None:
        super().__init__()
        self._library = library
        self._keys = keys
        self._notices = list(notices)
        self._all: list[SessionEntry] | None = None

    def compose(self) -> ComposeResult:
        """Title, filter, list, what is marked, and the keys."""
        with Vertical(id="library"):
            yield Static("Timer", id="title", markup=False)
            yield FilterInput()
            yield SessionTable()
            yield Static(id="empty", markup=False)
            yield Static(id="about", markup=False)
        yield MessageLine()
        yield KeyLine("library", self._keys)

    def on_mount(self) -> None:
        """Tell what there is to tell."""
        self.watch(self.query_one(SessionTable), "marked", self._describe, init=False)
        if self._notices:
            self.say("   ".join(self._notices))

    def on_screen_resume(self) -> None:
        """Read the sessions, at first and after every run: files may have changed meanwhile."""
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        self._all = await asyncio.to_thread(self._library.entries)
        self._filter()

    def say(self, line: str) -> None:
        """Show one line for a while."""
        self.query_one(MessageLine).say(line)

    def on_key(self, event: events.Key) -> None:
        """Begin to filter with the first character typed."""
        filter_input = self.query_one(FilterInput)
        if filter_input.has_focus or event.key in self.active_bindings:
            return
        if event.is_printable and event.character and event.character.strip():
            filter_input.focus()
            filter_input.insert_text_at_cursor(event.character)
            event.stop()

    def on_input_changed(self) -> None:
        """Show only what fits."""
        self._filter(keep_mark=False)

    def on_input_submitted(self) -> None:
        """Start what is marked."""
        self.action_start()

    def on_session_table_picked(self) -> None:
        """Start what was clicked on."""
        self.action_start()

    def action_start(self) -> None:
        """Choose the marked session, unless its file has faults."""
        entry = self.query_one(SessionTable).entry
        if entry is None:
            return
        if entry.faults:
            self.say(f"This file has faults. To see them: timer-app check {entry.path}")
            return
        self.query_one(SessionTable).focus()  # so that letters are keys again when the run is over
        self.post_message(self.Chosen(entry))

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one(FilterInput).focus()

    def action_clear(self) -> None:
        """Empty the filter and go back to the list."""
        self.query_one(FilterInput).value = ""
        self.query_one(SessionTable).focus()

    def action_reload(self) -> None:
        """Read the files again."""
        self._read()

    def action_move(self, by: int) -> None:
        """Move the mark."""
        self.query_one(SessionTable).marked += by

    def action_page(self, by: int) -> None:
        """Move the mark by what is in sight."""
        table = self.query_one(SessionTable)
        table.marked += by * table.page

    def action_edge(self, side: int) -> None:
        """Move the mark to the first or the last session."""
        table = self.query_one(SessionTable)
        table.marked = len(table.entries) - 1 if side > 0 else 0

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.exit()

    def _filter(self, *, keep_mark: bool = True) -> None:
        if self._all is None:
            return
        table = self.query_one(SessionTable)
        before = table.entry
        wanted = self.query_one(FilterInput).value
        shown = best_first(self._all, wanted)
        table.entries = shown
        kept = next((i for i, entry in enumerate(shown) if keep_mark and before and entry.path == before.path), 0)
        table.marked = kept
        self._explain_emptiness(wanted, is_empty=not shown)
        self._describe()

    def _explain_emptiness(self, wanted: str, *, is_empty: bool) -> None:
        self.set_class(is_empty, "-empty")
        if not is_empty:
            return
        if wanted.strip():
            text = f"No session fits “{wanted}”. {first_key('clear', self._keys)} shows all of them again."
        else:
            text = f"There are no sessions. timer-app new FILE writes one; what lies in {own_sessions()} is listed."
        self.query_one("#empty", Static).update(text)

    def _describe(self) -> None:
        """Show in full what the list may have cut."""
        entry = self.query_one(SessionTable).entry
        equipment = f"\nYou need: {', '.join(entry.equipment)}." if entry and entry.equipment else ""
        text = f"{entry.summary}{equipment}" if entry and not entry.faults else ""
        self.query_one("#about", Static).update(text, layout=False)
