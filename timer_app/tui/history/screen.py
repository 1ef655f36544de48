"""The history screen: views of what was done, by period and session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import N_, _
from timer_app.history import RecordSummary, Store
from timer_app.history import report as telling
from timer_app.history.database import HistoryError, error_text
from timer_app.history.views import VIEWS, Period, recorded_sessions
from timer_app.tui.dialogs import ConfirmScreen
from timer_app.tui.history.charts import Chart
from timer_app.tui.history.record_screen import (
    ALL_SESSIONS,
    RecordScreen,
    WhichSessionScreen,
    record_line,
    tab_at,
    tabs_content,
)
from timer_app.tui.key_bindings import ScreenScope, first_key
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import MessageLine, name_panel

PAGE_SIZE = 200  # records read at a time
TAB_TITLES = (*(view.title for view in VIEWS), N_("Records"))
"""Of the views, in the order of their keys."""
_RECORDS_TAB = len(VIEWS)
_AROUND_TITLE = 6  # cells of the line around the panel
_RECORD_COMMANDS = ("open_record", "forget")  # what can be done only where one is marked
_ANSWERS = (N_("No, keep it  (n)"), N_("Yes, delete it  (y)"))


def _titles() -> list[str]:
    return [_(title) for title in TAB_TITLES]


class Page(VerticalScroll, inherit_bindings=False):
    """Scrolls up and down; left and right belong to the screen."""

    BINDINGS = [
        Binding("up", "scroll_up", show=False),
        Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "scroll_home", show=False),
        Binding("end", "scroll_end", show=False),
    ]


class HistoryScreen(Screen[None]):
    """Shows one view of the history at a time; figures are got in a thread.

    Args:
        store: The history.
        keys: The user's own keys.
        now: The time of day.
    """

    CSS_PATH = "screen.tcss"
    SCOPE: ClassVar[ScreenScope] = "history"
    BINDINGS = bindings_for("history")
    AUTO_FOCUS = "Page"

    def __init__(self, store: Store, keys: Mapping[str, str], now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store = store
        self._keys = keys
        self._now = now
        self._period = Period(now().date(), language=store.language)
        self._current = 0
        self._entries: list[RecordSummary] = []
        self._has_more = False

    def compose(self) -> ComposeResult:
        with Vertical(id="back"):
            yield Static(id="tabs", markup=False)
            with Page(id="page"):
                yield Static(id="sentence", markup=False)
                yield Chart()
            records = MarkedList([])
            records.id = "records"
            yield records
        yield MessageLine()
        yield KeyFooter("history", self._keys)

    def on_mount(self) -> None:
        self._refresh_view()

    def on_resize(self) -> None:
        """The names of the views, as many as fit."""
        self._show_heading()

    def action_turn(self, by: int) -> None:
        """Go to the view beside this one."""
        self.action_show((self._current + by) % len(TAB_TITLES))

    def action_show(self, number: int) -> None:
        """Show one of the views."""
        self._current = number
        self.query_one(Page).scroll_home(animate=False)
        self._refresh_view()

    def action_period(self) -> None:
        """Go on to the next period."""
        self._set_period(replace(self._period, weeks=self._period.next_weeks()))

    @work(exclusive=True, group="dialogue")
    async def action_session(self) -> None:
        """Ask for a session."""
        try:
            known = await asyncio.to_thread(self._store.query, recorded_sessions)
        except HistoryError as error:
            self._show_message(str(error))
            return
        chosen = await self.app.push_screen_wait(WhichSessionScreen(known))
        if chosen is not None:
            is_all = chosen == ALL_SESSIONS
            name = "" if is_all else chosen.name
            self._set_period(replace(self._period, session=None if is_all else chosen.session, name=name))

    @work(exclusive=True, group="dialogue")
    async def action_open(self) -> None:
        """Show the marked record."""
        entry = self._highlighted_entry()
        if entry is None:
            return
        try:
            whole = await asyncio.to_thread(self._store.full_record, entry.id)
        except HistoryError as error:
            self._show_message(str(error))
            return
        if whole is not None:
            self.app.push_screen(RecordScreen(whole))

    @work(exclusive=True, group="dialogue")
    async def action_forget(self) -> None:
        """Delete the marked record, if the user is sure."""
        entry = self._highlighted_entry()
        if entry is None:
            text = _("{key} shows the records; one that is marked can be deleted.")
            self._show_message(text.format(key=first_key("view_records", self._keys)))
            return
        question = ConfirmScreen(
            _("Delete this record for good?"), record_line(entry), (_(_ANSWERS[0]), _(_ANSWERS[1]))
        )
        if not await self.app.push_screen_wait(question):
            return
        try:
            await asyncio.to_thread(self._store.forget, [entry.id])
        except HistoryError as error:
            self._show_message(str(error))
        else:
            self._show_message(_("The record is deleted."))
        self._refresh_view()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Show the view whose name was clicked on."""
        tabs = self.query_one("#tabs", Static)
        offset = event.get_content_offset(tabs) if event.widget is tabs else None
        index = tab_at(_titles(), self._current, tabs.content_size.width, offset.x) if offset else None
        if index is not None:
            self.action_show(index)

    def on_option_list_option_selected(self) -> None:
        """Show what was chosen with the mouse or the keyboard."""
        self.action_open()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Read more records when the mark reaches the last one."""
        if self._has_more and event.option_index == len(self._entries) - 1:
            self._has_more = False
            self._read_more()

    def _set_period(self, scope: Period) -> None:
        self._period = scope
        self._refresh_view()

    def _highlighted_entry(self) -> RecordSummary | None:
        index = self.query_one(MarkedList).highlighted
        if self._current != _RECORDS_TAB or index is None or index >= len(self._entries):
            return None
        return self._entries[index]

    def _refresh_view(self) -> None:
        """Show the view anew, with figures of now."""
        self._period = replace(self._period, today=self._now().date())
        is_records = self._current == _RECORDS_TAB
        self.set_class(is_records, "-records")
        self.query_one(MarkedList if is_records else Page).focus()
        self._show_heading()
        self._show_keys()
        if is_records:
            self._read_records()
        else:
            self._read_view()

    def _show_heading(self) -> None:
        back = self.query_one("#back")
        period = self._period.label()
        title = _("History: {period}").format(period=period)
        name_panel(back, title if cell_len(title) <= self.app.size.width - _AROUND_TITLE else period)
        width = back.content_size.width or self.app.size.width  # before it was laid out
        self.query_one("#tabs", Static).update(tabs_content(_titles(), self._current, width))

    def _show_keys(self) -> None:
        is_any_marked = self._current == _RECORDS_TAB and bool(self._entries)
        self.query_one(KeyFooter).unavailable = () if is_any_marked else _RECORD_COMMANDS

    @work(exclusive=True, group="read")
    async def _read_view(self) -> None:
        ask = partial(VIEWS[self._current].load, period=self._period)
        chart = self.query_one(Chart)
        try:
            view = await asyncio.to_thread(self._store.query, ask)
        except HistoryError as error:
            chart.view = None
            self._show_sentence(error_text(error))
            return
        self._show_sentence(telling.sentence(view))
        chart.view = view

    @work(exclusive=True, group="read")
    async def _read_records(self) -> None:
        entries = await self._read_page(0)
        self._entries = entries
        self.query_one(MarkedList).replace_lines((entry.id, record_line(entry)) for entry in entries)
        self._show_keys()
        if entries:
            text = _("The latest first. {key} shows what was done in one.")
            self._show_sentence(text.format(key=first_key("open_record", self._keys)))

    @work(exclusive=True, group="read")
    async def _read_more(self) -> None:
        known = {entry.id for entry in self._entries}  # a run that began meanwhile has moved the pages
        more = [entry for entry in await self._read_page(len(self._entries)) if entry.id not in known]
        self._entries += more
        self.query_one(MarkedList).add_lines((entry.id, record_line(entry)) for entry in more)

    async def _read_page(self, skip: int) -> list[RecordSummary]:
        """The next records; tells where there is none, or why."""
        try:
            found = await asyncio.to_thread(
                self._store.entries, self._since_datetime(), PAGE_SIZE, self._period.session, skip
            )
        except HistoryError as error:
            self._show_sentence(error_text(error))
            return []
        self._has_more = len(found) == PAGE_SIZE
        if not found and not skip:
            self._show_sentence(
                _("Nothing was done in this time. This will show every record, with what was planned and done.")
            )
        return found

    def _since_datetime(self) -> datetime | None:
        since = self._period.since
        return None if since is None else datetime.combine(since, time(), self._now().tzinfo)

    def _show_sentence(self, sentence: str) -> None:
        self.query_one("#sentence", Static).update(printable(sentence))

    def _show_message(self, line: str) -> None:
        self.query_one(MessageLine).show_message(line)
