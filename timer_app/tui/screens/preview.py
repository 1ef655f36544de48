"""The preview of a session on a screen of its own, for terminals without room beside the list."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from timer_app.tui.bindings import bindings_for
from timer_app.tui.preview import Preview
from timer_app.tui.widgets.preview_pane import PreviewPane


class PreviewScreen(ModalScreen[None]):
    """Shows a preview.

    Args:
        preview: Of which session.
        remark: What else to know.
    """

    CSS_PATH = "dialogue.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "PreviewPane"

    def __init__(self, preview: Preview, remark: str) -> None:
        super().__init__()
        self._preview = preview
        self._remark = remark

    def compose(self) -> ComposeResult:
        """The preview, which scrolls where it is longer than the screen."""
        with Vertical(classes="dialogue -long"):
            yield PreviewPane()

    def on_mount(self) -> None:
        """Fill it."""
        pane = self.query_one(PreviewPane)
        pane.can_focus = True
        pane.show(self._preview, self._remark)
        pane.focus()

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
