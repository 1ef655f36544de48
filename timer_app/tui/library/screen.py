"""The library screen: the list of sessions, where the app starts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from timer_app.core.diagnostics import command_text, printable
from timer_app.system.paths import own_sessions_dir
from timer_app.tui.key_bindings import ScreenScope, first_key
from timer_app.tui.library.filter import (
    SessionActivity,
    SessionFilter,
    equipment_of,
    filter_and_rank,
    next_length_limit,
    relative_date,
)
from timer_app.tui.library.preview import PreviewPane
from timer_app.tui.library.table import SessionTable
from timer_app.tui.screen import SizedScreen, bindings_for, wait_until_painted
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.inputs import PromptInput
from timer_app.tui.widgets.text_layout import MessageLine

if TYPE_CHECKING:
    from pathlib import Path

    from timer_app.library import Library, SessionEntry
    from timer_app.tui.context import AppContext
    from timer_app.tui.library.preview import Preview

_PREVIEW_DELAY_S = 0.12  # a mark that moves on sooner asks for no preview


class FilterInput(PromptInput):
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


class LibraryScreen(SizedScreen):
    """Shows every session, filters as the user types, and lets one be chosen.

    Args:
        library: Where the sessions are.
        keys: The user's own keys.
        context: Stars, previews, and when sessions were last done.
        notices: Lines to show at once.
    """

    CSS_PATH = "screen.tcss"
    SCOPE: ClassVar[ScreenScope] = "library"
    BINDINGS = bindings_for("library")
    AUTO_FOCUS = "SessionTable"

    class Chosen(Message):
        """The user wants this session to run."""

        def __init__(self, entry: SessionEntry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(
        self, library: Library, keys: Mapping[str, str], context: AppContext, notices: Iterable[str] = ()
    ) -> None:
        super().__init__()
        self._library = library
        self._keys = keys
        self._notices = list(notices)
        self._entries: list[SessionEntry] | None = None
        self._app_context = context
        self._session_filter = SessionFilter()
        self._activity = SessionActivity()
        self._previews: dict[Path, Preview] = {}
        self._has_room = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="library"):
            with Vertical(id="choice"):
                yield Static("Timer", id="title", markup=False)
                with Horizontal(id="wishes"):
                    yield FilterInput()
                    yield Static(id="limits", markup=False)
                yield SessionTable(self._begin_filter)
                yield Static(id="empty", markup=False)
                yield Static(id="about", markup=False)
            yield PreviewPane(id="preview")
        yield MessageLine()
        yield KeyFooter("library", self._keys)

    def on_mount(self) -> None:
        self.watch(self.query_one(SessionTable), "marked", self._show_details, init=False)
        if self._notices:
            self.show_message("   ".join(self._notices))
        self.reload()

    @work(exclusive=True)
    async def reload(self) -> None:
        """Read sessions and history, which may have changed since: after a run, after a look back, when asked to."""
        await wait_until_painted(self)
        self._entries = await asyncio.to_thread(self._library.entries)
        done, due = await asyncio.to_thread(lambda: (self._app_context.recently_done(), self._app_context.due()))
        self._activity = SessionActivity(self._app_context.favourites.ids, done, due)
        self._previews.clear()
        if self.app.is_running:  # the user may have left meanwhile
            self._apply_filter()

    def refresh_previews(self) -> None:
        """Look into sessions anew: they may be run in another way now."""
        self._previews.clear()
        self._show_details()

    def on_resize(self) -> None:
        """Look into the marked session where there is room for that now."""
        self.call_after_refresh(self._show_preview_if_room)

    def _show_preview_if_room(self) -> None:
        if self._entries is not None and not self._has_room and self.query_one(PreviewPane).display:
            self._show_details()

    def show_message(self, line: str) -> None:
        """Show one line for some seconds."""
        self.query_one(MessageLine).show_message(line)

    def _begin_filter(self, event: events.Key) -> bool:
        """Begin to filter with a character that is no key; returns whether the key was one."""
        character = event.character if event.is_printable else None
        if not character or not character.strip() or event.key in self.active_bindings:
            return False
        # At once, or the next letter of a fast typist would act as a key.
        self.set_focus(self.query_one(FilterInput))
        self.query_one(FilterInput).insert_text_at_cursor(character)
        return True

    def on_input_changed(self) -> None:
        """Show only what fits."""
        self._apply_filter(keep_mark=False)

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
            self.show_message(f"This file has faults. To see them: {command_text('check', str(entry.path))}")
            return
        self.query_one(SessionTable).focus()  # so that letters are keys again when the run is over
        self.post_message(self.Chosen(entry))

    def action_filter(self) -> None:
        """Go to the filter."""
        self.set_focus(self.query_one(FilterInput))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - as inherited
        """The filter's own key is a character like others while something is typed there."""
        return action != "filter" or not isinstance(self.focused, FilterInput)

    def action_clear(self) -> None:
        """Empty the filter, lift the limits and go back to the list."""
        self._session_filter = SessionFilter()
        self.query_one(FilterInput).value = ""
        self.query_one(SessionTable).focus()
        self._apply_filter()

    def action_length(self) -> None:
        """Go on to the next limit of length."""
        self._session_filter = replace(self._session_filter, most_min=next_length_limit(self._session_filter.most_min))
        self._apply_filter()

    @work(exclusive=True, group="dialogue")
    async def action_equipment(self) -> None:
        """Ask what is at hand."""
        items = equipment_of(self._entries or ())
        if not items:
            self.show_message("No session needs anything.")
            return
        from timer_app.tui.library.filter import EquipmentScreen

        missing = await self.app.push_screen_wait(EquipmentScreen(items, self._session_filter.missing))
        self._session_filter = replace(self._session_filter, missing=missing)
        self._apply_filter()

    def action_dose(self) -> None:
        """Go on to other doses."""
        message = self._app_context.doses.select_next()
        self._previews.clear()
        self._apply_filter()
        self.show_message(message)

    def action_star(self) -> None:
        """Put a star on the marked session, or take it off."""
        entry = self.query_one(SessionTable).entry
        if entry is None:
            return
        trouble = self._app_context.favourites.toggle(entry.id)
        self._activity = replace(self._activity, stars=self._app_context.favourites.ids)
        starred = entry.id in self._activity.stars
        self.show_message(
            trouble or (f"{entry.name} stays at the top." if starred else f"{entry.name} has no star any more.")
        )
        self._apply_filter()

    @work(exclusive=True, group="dialogue")
    async def action_preview(self) -> None:
        """Show the preview on a separate screen."""
        entry = self.query_one(SessionTable).entry
        preview = await self._load_preview(entry) if entry else None
        if entry and preview:
            from timer_app.tui.library.preview import PreviewScreen

            self.app.push_screen(PreviewScreen(preview, self._remark(entry)))

    def action_history(self) -> None:
        """Look back on what was done."""
        from timer_app.tui.history.screen import HistoryScreen

        if self._app_context.tracker is None:
            self.show_message("No history is kept here.")
            return
        self.app.push_screen(
            HistoryScreen(self._app_context.tracker.store, self._keys, self._app_context.now), self._after_history
        )

    def _after_history(self, _: None) -> None:
        self.reload()

    def action_reload(self) -> None:
        """Read the files again."""
        self.reload()

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

    def _apply_filter(self, *, keep_mark: bool = True) -> None:
        if self._entries is None:
            return
        table = self.query_one(SessionTable)
        before = table.entry
        self._session_filter = replace(self._session_filter, words=self.query_one(FilterInput).value)
        table.stars, table.due = self._activity.stars, frozenset(self._activity.due or {})
        shown = filter_and_rank(self._entries, self._session_filter, self._activity)
        table.entries = shown
        index = next((i for i, entry in enumerate(shown) if keep_mark and before and entry.path == before.path), 0)
        table.marked = index
        limits = ", ".join(part for part in (self._session_filter.limits_text(), self._app_context.doses.label) if part)
        self.query_one("#limits", Static).update(limits)
        self._show_empty_text(is_empty=not shown)
        self._show_details()

    def _show_empty_text(self, *, is_empty: bool) -> None:
        self.set_class(is_empty, "-empty")
        if not is_empty:
            return
        words, limits = self._session_filter.words.strip(), self._session_filter.limits_text()
        if words or limits:
            criteria = " ".join(
                part for part in (f"“{words}”" if words else "", f"({limits})" if limits else "") if part
            )
            text = f"No session fits {criteria}. {first_key('clear', self._keys)} shows all of them again."
        else:
            folder = printable(str(own_sessions_dir()))
            text = f"There are no sessions. timer-app new FILE writes one; what lies in {folder} is listed."
        self.query_one("#empty", Static).update(text)

    def _show_details(self) -> None:
        """Show in full what the list may have cut, and what the marked session will be like."""
        entry = self.query_one(SessionTable).entry
        equipment = f"\nYou need: {', '.join(entry.equipment)}." if entry and entry.equipment else ""
        text = f"{entry.summary}{equipment}" if entry and not entry.faults else ""
        self.query_one("#about", Static).update(text, layout=False)
        self._has_room = self.query_one(PreviewPane).display
        self._show_preview(entry)

    @work(exclusive=True, group="preview")
    async def _show_preview(self, entry: SessionEntry | None) -> None:
        pane = self.query_one(PreviewPane)
        if not pane.display:
            return
        if entry is not None and entry.path not in self._previews:
            await asyncio.sleep(_PREVIEW_DELAY_S)
        preview = await self._load_preview(entry) if entry else None
        if self.app.is_running:  # the user may have left meanwhile
            pane.show(preview, self._remark(entry) if entry else "")

    async def _load_preview(self, entry: SessionEntry) -> Preview | None:
        """The preview of a session; `None` for one that cannot be run."""
        if self._app_context.preview_loader is None or entry.faults:
            return None
        if entry.path not in self._previews:
            from timer_app.core.diagnostics import FileFault

            try:
                self._previews[entry.path] = await asyncio.to_thread(self._app_context.preview_loader, entry)
            except FileFault:  # the file has changed since it was listed; starting it tells what is wrong
                return None
        return self._previews[entry.path]

    def _remark(self, entry: SessionEntry) -> str:
        if entry.faults:
            return f"This file has faults. To see them: {command_text('check', str(entry.path))}"
        done = self._activity.last_done(entry.id)
        last = f"Last done {relative_date(done, self._app_context.now())}." if done else ""
        due = (self._activity.due or {}).get(entry.id, "")
        return "\n".join(part for part in (entry.summary, due, last) if part)
