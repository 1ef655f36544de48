"""What the app does around the editor: opens it, runs what is written there, and comes back to the list."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from textual import work

from timer_app.core.diagnostics import FileFault, first_line
from timer_app.core.i18n import _
from timer_app.tui.context import IN_BROWSER
from timer_app.tui.palette_app import PaletteApp
from timer_app.tui.screen import has_scope, has_screen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from timer_app.core.session.model import Session
    from timer_app.core.timeline.utterance import Utterance
    from timer_app.library import SessionEntry
    from timer_app.run import RunOptions
    from timer_app.tui.context import DisplayOptions
    from timer_app.tui.editor.edited_file import EditedFile
    from timer_app.tui.editor.screen import EditorScreen
    from timer_app.tui.editor.spoken_lengths import SpokenLengths
    from timer_app.tui.library import screen as listing
    from timer_app.tui.settings.samples import RunningSample


class EditingApp(PaletteApp, inherit_bindings=False):
    """Has the editor, above the list or alone."""

    keys: Mapping[str, str]
    options: RunOptions
    display_options: DisplayOptions

    def show_run_from(self, entry: SessionEntry, phase: int) -> None:
        """Show the screen of a run that begins with a phase and leaves no record."""
        raise NotImplementedError

    def on_library_screen_new_wanted(self) -> None:
        """Ask for the name of a new session, and write it."""
        self._write_new()

    def on_library_screen_edit_wanted(self, message: listing.LibraryScreen.EditWanted) -> None:
        """Edit a session of the list."""
        self.edit_entry(message.entry)

    @work(exclusive=True, group="dialogue")
    async def _write_new(self) -> None:
        from timer_app.library import starter
        from timer_app.tui.editor.edited_file import new_file
        from timer_app.tui.editor.questions import NameScreen

        name = await self.push_screen_wait(NameScreen())
        if name is not None:
            text = starter.starter_text(starter.name_from_words(name))
            self.show_editor(new_file(starter.file_stem(name, "my-session"), text))

    def edit_entry(self, entry: SessionEntry) -> None:
        """Edit a session; of one that is shipped, a copy of the user's own."""
        from timer_app.tui.editor.edited_file import EditedFile, own_copy_of

        is_shipped = entry.origin == "shipped"
        edited = own_copy_of(entry.path) if is_shipped else EditedFile(entry.path)
        self.show_editor(edited)

    @work(exclusive=True, group="dialogue")
    async def show_editor(self, edited: EditedFile) -> None:
        """Show the editor on a file."""
        from timer_app.tui.editor.own_editor import open_elsewhere
        from timer_app.tui.editor.screen import EditorContext, EditorScreen

        if has_screen(self, EditorScreen):
            return
        follow_file = self._app_context.follow_file
        context = EditorContext(
            self._library,
            self.keys,
            self.display_options,
            self._speak if self._app_context.speak_lines else None,
            self._spoken_lengths(),
            None if IN_BROWSER in os.environ else open_elsewhere,
            follow_file(edited.path) if follow_file else None,
        )
        screen = EditorScreen(edited, context)
        try:
            await asyncio.to_thread(screen.read_file)
        except FileFault as fault:
            if self._library_screen is None:
                raise
            self.show_message(first_line(fault))
            return
        self.push_screen(self.with_size_classes(screen))

    def _spoken_lengths(self) -> SpokenLengths | None:
        make_measurer = self._app_context.make_measurer
        if make_measurer is None:
            return None
        from timer_app.tui.editor.spoken_lengths import SpokenLengths

        return SpokenLengths(self._library, lambda: self.options, make_measurer)

    def _speak(self, session: Session, path: Path, lines: Sequence[Utterance]) -> RunningSample:
        speak = self._app_context.speak_lines
        assert speak is not None  # noqa: S101 - the editor asks only where there is a voice
        return speak(self.options, session, path, lines)

    def on_editor_screen_run_wanted(self, message: EditorScreen.RunWanted) -> None:
        """Run what was written."""
        self._run_written(message.path, message.phase)

    @work
    async def _run_written(self, path: Path, phase: int) -> None:
        entry = await asyncio.to_thread(self._library.find, str(path))
        if entry.faults:
            self.show_message(_("It can be run when its faults are mended."))
        else:
            self.show_run_from(entry, phase)

    def on_file_screen_closed(self, message: EditorScreen.Closed) -> None:
        """Go back to the list, with what was edited marked, or leave where there is none."""
        from timer_app.tui.editor.screen import EditorScreen

        if not isinstance(self.screen, EditorScreen):
            return
        if self._library_screen is None:
            self.exit(return_code=0)
            return
        self.pop_screen()
        self._library_screen.return_from(message.edited.path)

    @property
    def unsaved_editor(self) -> EditorScreen | None:
        """The editor with something in it that is not saved; `None` where there is none."""
        if not has_scope(self, "editor"):
            return None
        from timer_app.tui.editor.screen import EditorScreen

        editors = (screen for screen in self.screen_stack if isinstance(screen, EditorScreen))
        return next((editor for editor in editors if editor.is_modified), None)
