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

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import equipment_text
from timer_app.tui.context import DisplayOptions
from timer_app.tui.key_bindings import ScreenScope, first_key
from timer_app.tui.library.filter import (
    SessionActivity,
    SessionFilter,
    equipment_of,
    filter_and_rank,
    next_length_limit,
)
from timer_app.tui.library.filter_input import FilterInput
from timer_app.tui.library.follow import FileFollower, FilesChanged
from timer_app.tui.library.preview import PreviewPane, PreviewScreen
from timer_app.tui.library.table import SessionTable
from timer_app.tui.library.today import TodaysSession, programme_text, todays_session
from timer_app.tui.library.wording import empty_list_text, faults_remark, own_session_text, session_remark
from timer_app.tui.screen import SizedScreen, bindings_for, has_scope, wait_until_painted
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.text_layout import MessageLine, name_panel, program_title

if TYPE_CHECKING:
    from pathlib import Path

    from timer_app.library import Library, SessionEntry
    from timer_app.run.programme import Schedule
    from timer_app.tui.context import AppContext
    from timer_app.tui.library.preview_content import Preview

_PREVIEW_DELAY_S = 0.12  # a mark that moves on sooner asks for no preview


class TodayLine(Static):
    """Names today's session and why; a click starts it."""

    class Picked(Message):
        """The session is wanted."""

    def __init__(self) -> None:
        super().__init__(id="today", markup=False)

    def on_click(self) -> None:
        """Ask for it."""
        self.post_message(self.Picked())


class LibraryScreen(SizedScreen):
    """Shows every session, filters as the user types, and lets one be chosen.

    Args:
        library: Where the sessions are.
        keys: The user's own keys.
        context: Stars, previews, and when sessions were last done.
        notices: Lines to show at once.
        display_options: What moves on the screens.
    """

    CSS_PATH = "screen.tcss"
    SCOPE: ClassVar[ScreenScope] = "library"
    BINDINGS = bindings_for("library")
    AUTO_FOCUS = "FilterInput"

    class Chosen(Message):
        """The user wants this session to run."""

        def __init__(self, entry: SessionEntry) -> None:
            super().__init__()
            self.entry = entry

    class NewWanted(Message):
        """The user wants to write a session."""

    class EditWanted(Message):
        """The user wants to edit this session."""

        def __init__(self, entry: SessionEntry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(
        self,
        library: Library,
        keys: Mapping[str, str],
        context: AppContext,
        notices: Iterable[str] = (),
        display_options: DisplayOptions | None = None,
    ) -> None:
        super().__init__()
        self._library = library
        self._keys = keys
        self._notices = list(notices)
        self._entries: list[SessionEntry] | None = None
        self._app_context = context
        self._display_options = display_options or DisplayOptions()
        self._session_filter = SessionFilter()
        self._activity = SessionActivity()
        self._schedule: Schedule | None = None
        self._today: TodaysSession | None = None
        self._previews: dict[Path, Preview] = {}
        self._has_room = False
        self._edited: Path | None = None
        self._follower = FileFollower(self, context.follow_files)

    def compose(self) -> ComposeResult:
        with Horizontal(id="library"):
            with Vertical(id="choice", classes="panel"):
                yield TodayLine()
                yield Static(id="programme", markup=False)
                with Horizontal(id="wishes"):
                    yield FilterInput()
                    yield Static(id="limits", markup=False)
                yield SessionTable()
                yield Static(id="empty", markup=False)
                yield Static(id="own-hint", markup=False)
                yield Static(id="about", markup=False)
            yield PreviewPane(self._is_still, id="preview", classes="panel")
        yield MessageLine()
        yield KeyFooter("library", self._keys)

    def on_mount(self) -> None:
        name_panel(self.query_one("#choice"), program_title())
        name_panel(self.query_one(PreviewPane), _("Preview"))
        self.watch(self.query_one(SessionTable), "marked", self._show_details, init=False)
        # At once: a key pressed right behind the letters acts on what they leave in the list.
        self.watch(self.query_one(FilterInput), "value", self._filter_anew, init=False)
        if self._notices:
            self.show_message("   ".join(self._notices))
        self.reload()

    def on_unmount(self) -> None:
        self._follower.close()

    @work(exclusive=True)
    async def reload(self) -> None:
        """Read sessions and history, which may have changed since: after a run, after a look back, when asked to."""
        await wait_until_painted(self)
        await self._read()
        if self.app.is_running:
            self._follower.start()  # only now: until the list is shown nothing else has the processor

    def on_files_changed(self, message: FilesChanged) -> None:
        """Show what has changed; while a session runs, the list is read when it is over."""
        if message.failure:
            again = first_key("reload", self._keys)
            text = _("The list does not follow your files by itself ({reason}); {again} reads them again.")
            self.show_message(text.format(reason=message.failure, again=again))
            return
        self._library.forget(message.paths)
        if not has_scope(self.app, "play"):
            self._follow(message.paths)

    @work(exclusive=True)
    async def _follow(self, paths: frozenset[Path]) -> None:
        """Read what has changed while the list is looked at: filter, mark and what is in sight stay."""
        await self._read(follows=True)
        # The list has no line for a faulty file of exercises, phrases or a translation.
        notices = await asyncio.to_thread(self._library.notices)
        if told := [line for line in notices if any(printable(path.name) in line for path in paths)]:
            self.show_message("   ".join(told))
        for screen in self.app.screen_stack:
            if isinstance(screen, PreviewScreen):
                await self._refresh_preview(screen)

    async def _refresh_preview(self, screen: PreviewScreen) -> None:
        """Show in an open preview what its file has become."""
        listed = (entry for entry in self.listed if entry.path == screen.entry.path)
        entry = next(listed, None) or replace(screen.entry, faults=1)  # a file that is gone has that as its fault
        preview = await self._load_preview(entry)
        if preview is not None and screen.is_running:
            screen.show(preview, self._remark(entry))

    async def _read(self, *, follows: bool = False) -> None:
        self._entries = await asyncio.to_thread(self._library.entries)
        context = self._app_context
        done, due, self._schedule = await asyncio.to_thread(
            lambda: (context.recently_done(), context.due(), context.schedule())
        )
        self._activity = SessionActivity(self._app_context.favourites.ids, done, due)
        self._previews.clear()
        if self.app.is_running:  # the user may have left meanwhile
            self._show_own_hint()
            self._apply_filter(follows=follows)
            self._show_today()
            if self._edited is not None:
                self._mark(self._edited)
                self._edited = None

    def return_from(self, path: Path) -> None:
        """Read the sessions again, and mark that of a file that was edited."""
        self._edited = path
        self.reload()

    def _mark(self, path: Path) -> None:
        """Mark the session of a file, whatever was filtered before."""
        table = self.query_one(SessionTable)
        if any(entry.path == path for entry in self.listed) and all(entry.path != path for entry in table.entries):
            self.action_clear()
        table.marked = next((i for i, entry in enumerate(table.entries) if entry.path == path), table.marked)

    @property
    def listed(self) -> list[SessionEntry]:
        """All sessions, as they were read last; empty before that."""
        return self._entries or []

    def _is_still(self) -> bool:
        return self._display_options.reduced_motion

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

    def _filter_anew(self) -> None:
        self._apply_filter(keep_mark=False)

    def on_input_submitted(self) -> None:
        """Start what is marked."""
        self.action_start()

    def on_session_table_picked(self) -> None:
        """Start what was clicked on."""
        self.action_start()

    def on_today_line_picked(self) -> None:
        """Start today's session."""
        self.action_today()

    def action_start(self) -> None:
        """Choose the marked session; if its file has faults, show them."""
        self.start_session(self.query_one(SessionTable).entry)

    def start_session(self, entry: SessionEntry | None) -> None:
        """Let a session run; if its file has faults, show them."""
        if entry is None:
            return
        if entry.faults:
            self._show_faults(entry)
            return
        self.post_message(self.Chosen(entry))

    def action_today(self) -> None:
        """Choose the session that is due or suggested."""
        if self._today is None:
            self.show_message(_("Nothing is left for today. Enter starts the marked session."))
        else:
            self.start_session(self._today.entry)

    def filter_by(self, words: str) -> None:
        """Show the sessions that fit some words."""
        self.action_clear()
        self.query_one(FilterInput).value = words
        self.query_one(FilterInput).action_end()

    @work(exclusive=True, group="dialogue")
    async def action_menu(self) -> None:
        """Show what else can be done, and do what is chosen."""
        from timer_app.tui.library.menu import MenuScreen

        command = await self.app.push_screen_wait(MenuScreen(self._keys))
        if command is not None:
            # This worker would end itself where the command asks something in a worker of the same group.
            self.app.call_later(self.app.run_action, command.action, self)

    def action_filter(self) -> None:
        """Go to the filter."""
        self.set_focus(self.query_one(FilterInput))

    def action_clear(self) -> None:
        """Clear the filter, and lift the limits."""
        self._session_filter = SessionFilter()
        self.query_one(FilterInput).value = ""
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
            self.show_message(_("No session needs anything."))
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

    def action_minutes(self) -> None:
        """Go on to another time that a session may take."""
        message = self._app_context.minutes.select_next()
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
        said = _("{name} stays at the top.") if starred else _("{name} has no star any more.")
        self.show_message(trouble or said.format(name=entry.name))
        self._apply_filter()
        self._show_today()

    @work(exclusive=True, group="dialogue")
    async def action_preview(self) -> None:
        """Show the preview on a separate screen."""
        entry = self.query_one(SessionTable).entry
        preview = await self._load_preview(entry) if entry else None
        if entry and preview:
            self._open_preview(preview, entry)

    @work(exclusive=True, group="dialogue")
    async def action_intervals(self) -> None:
        """Ask for intervals, and start or save them."""
        from timer_app.tui.library.intervals import IntervalScreen

        chosen = await self.app.push_screen_wait(IntervalScreen())
        if chosen is None:
            return
        if chosen.starts:
            self.start_session(await asyncio.to_thread(self._library.find, str(chosen.path)))
        else:
            self.show_message(_("Saved as {file}.").format(file=printable(str(chosen.path))))
            self.return_from(chosen.path)

    def on_paste(self, event: events.Paste) -> None:
        """Take a link where nothing has the focus, as in a page that was just opened."""
        self.query_one(FilterInput).take_link(event.text)

    @work(exclusive=True, group="dialogue")
    async def on_filter_input_link_pasted(self, message: FilterInput.LinkPasted) -> None:
        """Offer to import what somebody has shared."""
        from timer_app.tui.library.receive import offer_link

        told, session = await offer_link(self.app, self._library, message.link)
        self.show_message(told)
        if session is None:
            self.reload()
        else:
            self.return_from(session)

    @work(exclusive=True, group="dialogue")
    async def action_share(self) -> None:
        """Show the marked session as a code and a link; if its file has faults, show them."""
        entry = self.query_one(SessionTable).entry
        if entry is None:
            return
        if entry.faults:
            self._show_faults(entry)
            return
        from timer_app.core.diagnostics import FileFault
        from timer_app.sharing import ShareError
        from timer_app.tui.library.share import ShareScreen, shared

        try:
            self.app.push_screen(ShareScreen(await asyncio.to_thread(shared, self._library, entry)))
        except (ShareError, FileFault) as error:
            self.show_message(printable(str(error)))

    def action_new(self) -> None:
        """Write a new session."""
        self.post_message(self.NewWanted())

    def action_edit(self) -> None:
        """Edit the marked session."""
        if (entry := self.query_one(SessionTable).entry) is not None:
            self.post_message(self.EditWanted(entry))

    def action_history(self) -> None:
        """Show the history."""
        from timer_app.tui.history.screen import HistoryScreen

        if self._app_context.tracker is None:
            self.show_message(_("No history is kept here."))
            return
        self.app.push_screen(
            HistoryScreen(self._app_context.tracker.store, self._keys, self._app_context.now), self._after_history
        )

    def _after_history(self, _: None) -> None:
        self.reload()

    def action_reload(self) -> None:
        """Read the files again."""
        self._library.forget()
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

    def _apply_filter(self, *, keep_mark: bool = True, follows: bool = False) -> None:
        if self._entries is None:
            return
        table = self.query_one(SessionTable)
        before = table.entry
        self._session_filter = replace(self._session_filter, words=self.query_one(FilterInput).value)
        table.stars, table.due = self._activity.stars, frozenset(self._activity.due or {})
        shown = filter_and_rank(self._entries, self._session_filter, self._activity)
        if follows:
            table.follow(shown)
        else:
            table.entries = shown
            table.marked = next(
                (i for i, entry in enumerate(shown) if keep_mark and before and entry.path == before.path), 0
            )
        choices = self._app_context
        parts = (self._session_filter.limits_text(), choices.doses.label, choices.minutes.label)
        limits = ", ".join(filter(None, parts))
        self.query_one("#limits", Static).update(limits)
        self._show_empty_text(is_empty=not shown)
        self._show_details()

    def _show_empty_text(self, *, is_empty: bool) -> None:
        self.set_class(is_empty, "-empty")
        if not is_empty:
            return
        words, limits = self._session_filter.words.strip(), self._session_filter.limits_text()
        self.query_one("#empty", Static).update(empty_list_text(words, limits, self._keys))

    def _show_own_hint(self) -> None:
        """Say how to make a session of one's own to who has none."""
        has_own = any(entry.origin == "own" for entry in self._entries or ())
        hint = self.query_one("#own-hint", Static)
        self.set_class(not has_own, "-no-own")
        hint.update("" if has_own else own_session_text(self._keys))

    def _show_today(self) -> None:
        """Say what today's session is, and how far the programme is."""
        if self._entries is None:
            return
        follows = self._schedule is not None
        self._today = todays_session(self._entries, self._activity, self._app_context.now(), follows=follows)
        line = self.query_one(TodayLine)
        self.set_class(self._today is not None, "-has-today")
        if self._today:
            key = first_key("today", self._keys)
            line.update(
                _("Today ({key}): {name}. {why}").format(key=key, name=self._today.entry.name, why=self._today.why)
            )
            line.tooltip = _("Start it.")
        programme = self.query_one("#programme", Static)
        self.set_class(follows, "-has-programme")
        if self._schedule:
            programme.update(printable(programme_text(self._schedule)))

    def _show_details(self) -> None:
        """Show in full what the list may have cut, and what the marked session will be like."""
        entry = self.query_one(SessionTable).entry
        text = ""
        if entry and entry.faults:
            text = entry.fault or _("Enter shows what is wrong with this file.")
        elif entry:
            needs = equipment_text(entry.equipment)
            text = f"{entry.summary.rstrip('.')}. {needs}." if needs else entry.summary
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
            pane.show(preview, self._remark(entry) if entry else "", entry.path if entry else None)

    async def _load_preview(self, entry: SessionEntry) -> Preview | None:
        """The preview of a session, or of the faults of its file; `None` where there are no previews."""
        if entry.faults:
            return await asyncio.to_thread(self._faults_of, entry)
        if self._app_context.preview_loader is None:
            return None
        if entry.path not in self._previews:
            from timer_app.core.diagnostics import FileFault

            try:
                self._previews[entry.path] = await asyncio.to_thread(self._app_context.preview_loader, entry)
            except FileFault:  # the file has changed since it was listed
                return await asyncio.to_thread(self._faults_of, entry)
        return self._previews[entry.path]

    def _faults_of(self, entry: SessionEntry) -> Preview:
        """What is wrong with a file; called in a thread."""
        from timer_app.tui.library.preview_content import preview_of_faults

        problems = self._library.check(entry.path, entry.path.name)
        return preview_of_faults(entry.name, problems)

    @work(exclusive=True, group="dialogue")
    async def _show_faults(self, entry: SessionEntry) -> None:
        """Show what is wrong with a file on a separate screen."""
        preview = await asyncio.to_thread(self._faults_of, entry)
        self._open_preview(preview, entry)

    def _open_preview(self, preview: Preview, entry: SessionEntry) -> None:
        def left(is_to_be_edited: bool | None) -> None:
            if is_to_be_edited:
                self.post_message(self.EditWanted(entry))

        self.app.push_screen(PreviewScreen(preview, self._remark(entry), self._is_still, entry), left)

    def _remark(self, entry: SessionEntry) -> str:
        if entry.faults:
            return faults_remark(entry.path, self._keys, is_followed=self._follower.is_following)
        return session_remark(entry, self._activity, self._app_context.now())
