"""A screen that edits a file: saves it, asks before anything is lost, and notices what others do to the file."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from timer_app.core.diagnostics import FileFault, first_line, printable
from timer_app.core.i18n import _
from timer_app.tui.editor.edited_file import EditedFile
from timer_app.tui.editor.questions import Answer, QuestionScreen
from timer_app.tui.library.follow import FileFollower, FilesChanged
from timer_app.tui.screen import SizedScreen

if TYPE_CHECKING:
    from textual.timer import Timer

    from timer_app.tui.context import Follow

_DRAFT_AFTER_S = 1.0
_LOOK_AGAIN_S = 0.5
_OTHER_LINE_ENDS = "\x85\u2028\u2029"
_SAVE, _DISCARD, _RELOAD, _OVERWRITE, _RESTORE = "save", "discard", "reload", "overwrite", "restore"


class FileScreen(SizedScreen):
    """Knows what is saved and what is not; what shows the text is up to the screen that is made of it.

    Args:
        edited: The file.

    Attributes:
        start_text: What was in the file when it was read last.
    """

    class Closed(Message):
        """The user is done.

        Args:
            edited: The file.
        """

        def __init__(self, edited: EditedFile) -> None:
            super().__init__()
            self.edited = edited

    def __init__(self, edited: EditedFile) -> None:
        super().__init__()
        self.edited = edited
        self.start_text = ""
        self._saved_text: str | None = None
        self._asked_about: str | None = None  # what others made of the file when the user wanted to go on
        self._draft_timer: Timer | None = None
        self._follower: FileFollower | None = None

    @property
    def text(self) -> str:
        """The text as it is now."""
        raise NotImplementedError

    def take_text(self, text: str) -> None:
        """Show another text in its place; this can be undone."""
        raise NotImplementedError

    def show_message(self, line: str) -> None:
        """Show one line for a while."""
        raise NotImplementedError

    def saved(self) -> None:
        """The text is in the file now."""

    @property
    def is_modified(self) -> bool:
        """Whether there is something that is not saved."""
        return self._saved_text is not None and self.text != self._saved_text

    def read_file(self) -> str:
        """The text to begin with.

        Raises:
            FileFault: The file cannot be read.
        """
        text = self.edited.read().removeprefix("\N{BYTE ORDER MARK}")
        for character in _OTHER_LINE_ENDS:  # at which the text would be broken into lines that TOML does not know
            text = text.replace(character, f"\\u{ord(character):04x}")
        self.start_text = text
        return text

    def begin(self, follow: Follow | None = None) -> None:
        """Look after the file from now on, and offer what was not saved last time.

        Args:
            follow: Begins to watch the file; without it, it is looked at whenever the terminal is.
        """
        self._saved_text = self.text  # as the widget gives it back
        self._follower = FileFollower(self, follow)
        self.call_after_refresh(self._follower.start)
        self.watch(self.app, "app_focus", self._look_at_file, init=False)
        self._offer_draft()

    @work(exclusive=True, group="dialogue")
    async def _offer_draft(self) -> None:
        draft = await asyncio.to_thread(self.edited.find_draft, self.text)
        if draft is None:
            return
        when = f"{draft.when:%Y-%m-%d %H:%M}"
        answer = await self.app.push_screen_wait(
            QuestionScreen(
                _("There are changes that were not saved."),
                _("They are from {when}. Ctrl+Z takes them back again.").format(when=when),
                [
                    Answer(_RESTORE, "t", _("Take them up")),
                    Answer(_DISCARD, "d", _("Discard them, and begin with the file as it is")),
                ],
            )
        )
        if answer == _RESTORE:
            self.take_text(draft.text)
        elif answer == _DISCARD:
            self.edited.drop_draft()

    def text_changed(self) -> None:
        """Keep a draft in a moment."""
        if self._draft_timer is not None:
            self._draft_timer.stop()
        self._draft_timer = self.set_timer(_DRAFT_AFTER_S, self._keep_draft)

    @work(exclusive=True, group="draft")
    async def _keep_draft(self) -> None:
        if not self.is_modified:
            self.edited.drop_draft()
            return
        with suppress(OSError):  # without a place for it, there is no draft
            await asyncio.to_thread(self.edited.keep_draft, self.text)

    def keep_draft_now(self) -> None:
        """Keep what is not saved before the program ends."""
        if self.is_modified:
            with suppress(OSError):
                self.edited.keep_draft(self.text)

    @work(exclusive=True, group="dialogue")
    async def action_save(self) -> None:
        """Save the text."""
        await self.save()

    async def save(self) -> bool:
        """Save the text, after a question if others have changed the file; whether it is saved now."""
        if await asyncio.to_thread(self.edited.others_version) is not None:
            answer = await self._ask_about_other_version()
            if answer == _RELOAD:
                await self.reload()
            if answer != _OVERWRITE:
                return False
        return await self._write()

    async def _write(self) -> bool:
        text = self.text
        try:
            await asyncio.to_thread(self.edited.save, text)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            path = printable(str(self.edited.path))
            self.show_message(
                _("{file} cannot be written: {reason}. Your changes are kept as a draft.").format(
                    file=path, reason=reason
                )
            )
            self.keep_draft_now()
            return False
        self._saved_text = text
        self._asked_about = None
        self.saved()
        return True

    async def _ask_about_other_version(self) -> str | None:
        return await self.app.push_screen_wait(
            QuestionScreen(
                _("The file has changed outside of the editor."),
                _(
                    "{file}. Whatever you choose, the other version can be had again: that of the file as {backup}, "
                    "yours with Ctrl+Z."
                ).format(file=printable(self.edited.path.name), backup=printable(self.edited.backup.name)),
                [
                    Answer("keep", "k", _("Keep editing, and decide later")),
                    Answer(_RELOAD, "r", _("Read the file again")),
                    Answer(_OVERWRITE, "o", _("Overwrite the file with this text")),
                ],
            )
        )

    async def reload(self) -> None:
        """Read the file again; what was typed can be had again by undoing."""
        try:
            text = await asyncio.to_thread(self.read_file)
        except FileFault as fault:
            self.show_message(first_line(fault))
            return
        self.take_text(text)
        self._saved_text = self.text
        self.edited.drop_draft()

    async def on_unmount(self) -> None:
        """Watch the file no more."""
        if self._follower is not None:
            await asyncio.to_thread(self._follower.close)

    def on_files_changed(self, message: FilesChanged) -> None:
        """Look at the file, once what is under way here is done: it may be that which has changed it."""
        if message.failure or not self.is_running:
            return
        if any(one.node is self and one.group == "dialogue" and not one.is_finished for one in self.app.workers):
            self.set_timer(_LOOK_AGAIN_S, partial(self.on_files_changed, message))
        else:
            self._look_at_file(has_focus=True)

    def _look_at_file(self, has_focus: bool) -> None:
        if has_focus and self.is_current:
            self.look_at_file()

    @work(exclusive=True, group="dialogue")
    async def look_at_file(self) -> None:
        """Notice that others have changed the file: read it again, or ask where there are changes here too."""
        there = await asyncio.to_thread(self.edited.others_version)
        if there is None or there == self._asked_about:
            return
        if not self.is_modified:
            await self.reload()
            self.show_message(_("The file has changed outside, and was read again."))
            return
        self._asked_about = there
        answer = await self._ask_about_other_version()
        if answer == _RELOAD:
            await self.reload()
        elif answer == _OVERWRITE:
            await self._write()

    @work(exclusive=True, group="dialogue")
    async def leave(self) -> None:
        """Leave, after a question where something is not saved."""
        if await self.may_leave():
            self.post_message(self.Closed(self.edited))

    async def may_leave(self) -> bool:
        """Whether nothing is lost, or the user wants it so."""
        if not self.is_modified:
            return True
        answer = await self.app.push_screen_wait(
            QuestionScreen(
                _("Save the changes?"),
                printable(str(self.edited.path)),
                [
                    Answer(_SAVE, "s", _("Save them")),
                    Answer(_DISCARD, "d", _("Discard them")),
                    Answer("keep", "k", _("Keep editing")),
                ],
            )
        )
        if answer == _SAVE:
            return await self.save()
        if answer == _DISCARD:
            self.edited.drop_draft()
            self._saved_text = self.text  # so that no draft is written any more
            return True
        return False
