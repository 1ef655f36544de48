"""Shows what a session will be like."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from timer_app.core.text.format import rough_text
from timer_app.tui.preview import HEIGHTS, WORDS, Preview, profile, step_lines, totals


class ProfileBar(Widget):
    """The phases along the time: the higher a cell, the more there is to do in it."""

    COMPONENT_CLASSES = {f"profile--{kind}" for kind in HEIGHTS}  # noqa: RUF012 - the screen library declares it so
    preview: reactive[Preview | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """The profile, on the first line."""
        width = self.size.width
        if y or self.preview is None:
            return Strip.blank(width, self.rich_style)
        kinds = profile(self.preview.spans, width)
        cells = [Segment(HEIGHTS[kind], self.get_component_rich_style(f"profile--{kind}")) for kind in kinds]
        return Strip(cells).adjust_cell_length(width, self.rich_style)


class PreviewPane(VerticalScroll, can_focus=False):
    """Profile, sums, equipment, when it was last done, steps and cautions.

    Args:
        id: The widget's name in style sheets.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._preview: Preview | None = None
        self._remark = ""

    def on_mount(self) -> None:
        """There is nothing to show yet: the first picture is drawn without it."""
        self.call_after_refresh(self._lay_out)

    async def _lay_out(self) -> None:
        await self.mount_all(self._parts())
        self._fill()

    @staticmethod
    def _parts() -> Iterator[Widget]:
        """Each by itself, so that only what differs is drawn anew."""
        yield Static(id="preview-name", markup=False)
        yield ProfileBar(id="preview-profile")
        yield Static(id="preview-sums", markup=False)
        yield Static(id="preview-facts", markup=False)
        yield Static(id="preview-steps", markup=False)
        yield Static(id="preview-cautions", markup=False)

    def show(self, preview: Preview | None, remark: str = "") -> None:
        """Show a session, or nothing but a remark."""
        self._preview, self._remark = preview, remark
        self._fill()
        self.scroll_home(animate=False)

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the width; what is changed while the screen is laid out would keep its old height."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        if not self.children:
            return
        preview = self._preview
        self.query_one(ProfileBar).preview = preview
        self._say("#preview-name", preview.name if preview else "")
        self._say("#preview-facts", facts(preview, self._remark) if preview else self._remark)
        width = max(1, self.scrollable_content_region.width)
        self._say("#preview-sums", sums_lines(preview, width) if preview else "")
        self._say("#preview-steps", "\n".join(step_lines(preview.steps, width)) if preview else "")
        self._say("#preview-cautions", "\n".join(f"! {text}" for text in preview.cautions) if preview else "")

    def _say(self, where: str, text: str) -> None:
        widget = self.query_one(where, Static)
        widget.display = bool(text)
        widget.update(text)


def sums_lines(preview: Preview, width: int) -> str:
    """How much of each kind there is, which also explains the profile; no sum is broken over two lines."""
    sums = totals(preview.spans)
    parts = [f"{HEIGHTS[kind]} {WORDS[kind]} {rough_text(ms)}" for kind, ms in sums.items() if kind in WORDS]
    if preview.open_phases:
        times = "once" if preview.open_phases == 1 else f"{preview.open_phases} times"
        parts.append(f"{HEIGHTS['wait']} waits for you {times}")
    lines = [""]
    for part in parts:
        joined = f"{lines[-1]}   {part}" if lines[-1] else part
        lines[-1:] = [joined] if cell_len(joined) <= width or not lines[-1] else [lines[-1], part]
    return "\n".join(lines)


def facts(preview: Preview, remark: str) -> str:
    """Length and equipment, and the remark."""
    total_ms = sum(length_ms for _, length_ms in preview.spans)
    least = "At least" if preview.open_phases else "About"
    needs = f"You need: {', '.join(preview.equipment)}." if preview.equipment else "You need nothing for it."
    return "\n".join(part for part in (f"{least} {rough_text(total_ms)}. {needs}", remark) if part)
