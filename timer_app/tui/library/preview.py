"""The preview of a session beside the list, and on a screen of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from timer_app.tui.library.preview_content import (
    KIND_BLOCKS,
    Preview,
    facts_text,
    faults_content,
    profile_kinds,
    steps_content,
    totals_text,
)
from timer_app.tui.screen import Dialogue, bindings_for

if TYPE_CHECKING:
    from pathlib import Path

    from timer_app.core.timeline import Timeline
    from timer_app.library import library as sessions
    from timer_app.tui.library.preview_figure import PreviewFigure

_FIGURE_FROM_ROWS = 20  # so many rows of a preview leave enough for its words


class ProfileBar(Widget):
    """The phases along the time: the higher a cell, the more there is to do in it."""

    COMPONENT_CLASSES = {f"profile--{kind}" for kind in KIND_BLOCKS}
    preview: reactive[Preview | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y or self.preview is None:
            return Strip.blank(width, self.rich_style)
        kinds = profile_kinds(self.preview.spans, width)
        cells = [Segment(KIND_BLOCKS[kind], self.get_component_rich_style(f"profile--{kind}")) for kind in kinds]
        return Strip(cells).adjust_cell_length(width, self.rich_style)


class PreviewPane(VerticalScroll, can_focus=False):
    """Figure, profile, sums, equipment, when it was last done, steps and cautions; or the faults of a file.

    Args:
        is_still: Whether nothing may move.
        id: The widget's name in style sheets.
        classes: The groups that it belongs to there.
    """

    def __init__(
        self,
        is_still: Callable[[], bool],
        *,
        id: str | None = None,  # noqa: A002 - textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._is_still = is_still
        self._preview: Preview | None = None
        self._remark = ""
        self._file: Path | None = None
        self._figure: PreviewFigure | None = None

    def on_mount(self) -> None:
        self.call_after_refresh(self._lay_out)

    async def _lay_out(self) -> None:
        await self.mount_all(self._widgets())
        self._fill()

    @staticmethod
    def _widgets() -> Iterator[Widget]:
        """Each by itself, so that only what differs is drawn anew."""
        yield Static(id="preview-name", markup=False)
        yield ProfileBar(id="preview-profile")
        yield Static(id="preview-sums", markup=False)
        yield Static(id="preview-facts", markup=False)
        yield Static(id="preview-faults", markup=False)
        yield Static(id="preview-steps", markup=False)
        yield Static(id="preview-cautions", markup=False)

    def show(self, preview: Preview | None, remark: str = "", file: Path | None = None) -> None:
        """Show a session, or nothing but a remark; one that is shown already stays where it is scrolled to.

        Args:
            preview: The session.
            remark: What else to know.
            file: Its file.
        """
        is_same = file is not None and file == self._file
        if is_same and (preview, remark) == (self._preview, self._remark):
            return  # its figure goes on
        self._preview, self._remark, self._file = preview, remark, file
        self._fill()
        if not is_same:
            self.scroll_home(animate=False)

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the width; what is changed while the screen is laid out would keep its old height."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        if not self.children:
            return
        preview = self._preview
        bar = self.query_one(ProfileBar)
        bar.preview = preview
        bar.display = not (preview and preview.faults)
        self._set_text("#preview-name", preview.name if preview else "")
        self._set_text("#preview-facts", facts_text(preview, self._remark) if preview else self._remark)
        width = max(1, self.scrollable_content_region.width - 1)  # one column apart from the scroll bar
        self._set_text("#preview-faults", faults_content(preview.faults, width) if preview else "")
        self._set_text("#preview-sums", totals_text(preview, width) if preview else "")
        self._set_text("#preview-steps", steps_content(preview.steps, width) if preview else "")
        self._set_text("#preview-cautions", "\n".join(f"! {text}" for text in preview.cautions) if preview else "")
        self._show_figure(preview.timeline if preview and self.size.height >= _FIGURE_FROM_ROWS else None)

    def _set_text(self, where: str, text: str | Content) -> None:
        widget = self.query_one(where, Static)
        widget.display = bool(text)
        widget.update(text)

    def _show_figure(self, timeline: Timeline | None) -> None:
        """Let the figure do the exercises; it is loaded with the first session that is looked into."""
        if self._figure is None:
            if timeline is None:
                return
            from timer_app.tui.library.preview_figure import PreviewFigure

            self._figure = PreviewFigure(reduced=self._is_still())
            self.mount(self._figure, before="#preview-facts")
        self._figure.reduced = self._is_still()
        self._figure.show(timeline)


class PreviewScreen(Dialogue[bool]):
    """Shows a preview, and returns whether the session is to be edited.

    Args:
        preview: Of which session.
        remark: What else to know.
        is_still: Whether nothing may move.
        entry: The session in the list.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = [
        *bindings_for("dialogue"),
        *(binding for binding in bindings_for("library") if isinstance(binding, Binding) and binding.id == "edit"),
    ]
    AUTO_FOCUS = "PreviewPane"

    def __init__(
        self, preview: Preview, remark: str, is_still: Callable[[], bool], entry: sessions.SessionEntry
    ) -> None:
        super().__init__()
        self.entry = entry
        self._preview = preview
        self._remark = remark
        self._is_still = is_still

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long"):
            yield PreviewPane(self._is_still)

    def on_mount(self) -> None:
        pane = self.query_one(PreviewPane)
        pane.can_focus = True
        pane.show(self._preview, self._remark, self.entry.path)
        pane.focus()

    def show(self, preview: Preview, remark: str) -> None:
        """Show what the session has become."""
        self.query_one(PreviewPane).show(preview, remark, self.entry.path)

    def action_edit(self) -> None:
        """Go back, and edit the session."""
        self.dismiss(True)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(False)
