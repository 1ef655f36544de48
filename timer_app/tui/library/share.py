"""Shows a session as a link and a QR code, and copies the link."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from timer_app.core.diagnostics import command_text
from timer_app.core.i18n import _
from timer_app.sharing import pack
from timer_app.sharing.codes import code_lines, code_size
from timer_app.sharing.link import MAX_CODE_BYTES, code_text, make_link
from timer_app.system import install_command
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.text_layout import joined_lines

if TYPE_CHECKING:
    from timer_app.library import Library, SessionEntry

_DARK_ON_LIGHT = "#ffffff on #000000"  # what is drawn is light
_COPY_KEYS = ("enter", "c")


@dataclass(frozen=True, slots=True)
class Shared:
    """A session as others get it.

    Attributes:
        id: Its id in the list.
        name: Its name.
        link: The link that holds it.
        files: How many sounds, recordings and files of music a link cannot take along.
    """

    id: str
    name: str
    link: str
    files: int


def shared(library: Library, entry: SessionEntry) -> Shared:
    """What is shared of a session.

    Raises:
        ShareError: It is too large for a link.
        FileFault: A file cannot be read.
    """
    packed = pack(library, entry)
    return Shared(entry.id, entry.name, make_link(packed.without_media), len(packed.media))


class ShareScreen(Dialogue[None]):
    """Shows the code as large as it is, and the link below it; Enter copies the link.

    Args:
        share: What is shown.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, share: Shared) -> None:
        super().__init__()
        self._share = share

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -whole"):
            with VerticalScroll(id="share"):
                yield Static(id="share-code", markup=False)
                yield Static(id="share-remark", markup=False)
                yield Static(self._share.link, id="share-link", markup=False)
            yield Static(_("Enter copies the link; Esc closes"), id="share-hint", markup=False)

    def on_resize(self) -> None:
        """Show what there is room for now."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """Show the code where there is room for it, and say why where there is none."""
        reason = self._why_no_code()
        code = self.query_one("#share-code", Static)
        code.display = not reason
        code.update("" if reason else Text("\n".join(code_lines(code_text(self._share.link))), _DARK_ON_LIGHT))
        remarks = [self._share.name, reason, self._files_remark()]
        self.query_one("#share-remark", Static).update(joined_lines(filter(None, remarks)))

    def _why_no_code(self) -> str:
        link = self._share.link
        if len(link) > MAX_CODE_BYTES:
            return _("The link is too long for a QR code; as a file: {command}").format(
                command=command_text("share", self._share.id, options="--to zip")
            )
        if find_spec("segno") is None:
            return _("A QR code needs more than comes along: {command}").format(command=install_command("share"))
        size, room = code_size(code_text(link)), self.app.size
        if size.columns <= room.width and size.rows < room.height:
            return ""
        return _("The QR code needs a terminal of {columns} × {rows}.").format(columns=size.columns, rows=size.rows + 1)

    def _files_remark(self) -> str:
        if not self._share.files:
            return ""
        return _("A link holds no sounds, recordings or music; with them: {command}").format(
            command=command_text("share", self._share.id, options="--to zip")
        )

    def on_key(self, event: events.Key) -> None:
        """Copy the link."""
        if event.key in _COPY_KEYS:
            event.stop()
            self.app.copy_to_clipboard(self._share.link)
            self.query_one("#share-hint", Static).update(_("Copied, if your terminal allows that"))

    def action_dismiss_it(self) -> None:
        """Go back to the list."""
        self.dismiss(None)
