"""The preview of a session: its phases as a profile, its steps, and what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from timer_app.core.wording.doses import dose_text
from timer_app.core.wording.formatting import equipment_text, rough_text
from timer_app.core.wording.phases import indented_name
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.text_layout import beside_or_below

if TYPE_CHECKING:
    from timer_app.core.timeline import StepInfo, Timeline
    from timer_app.library import library as sessions
    from timer_app.run import RunOptions, RunTracker


# The higher, the more there is to do: the profile can be read without its colours.
KIND_BLOCKS = {"work": "█", "switch": "▅", "prepare": "▄", "say": "▃", "rest": "▂", "wait": "▁", "measure": "▁"}
KIND_LABELS = {"work": "work", "prepare": "get ready", "switch": "change sides", "rest": "rest", "say": "listen"}


@dataclass(frozen=True, slots=True)
class Preview:
    """A session before it is run.

    Attributes:
        name: What it is called.
        spans: Kind and length of each phase that takes time, in milliseconds, in their order.
        open_phases: How many phases wait for the user.
        steps: Its steps.
        equipment: What is needed.
        cautions: What to mind.
    """

    name: str
    spans: tuple[tuple[str, int], ...]
    open_phases: int
    steps: tuple[StepInfo, ...]
    equipment: tuple[str, ...]
    cautions: tuple[str, ...]


def load_preview(
    library: sessions.Library, entry: sessions.SessionEntry, options: RunOptions, tracker: RunTracker
) -> Preview:
    """Look into a session, in the doses of today; takes some hundredths of a second.

    Raises:
        FileFault: The file has faults.
    """
    from timer_app.core.compiler import all_cautions, compile_session

    session, _ = library.load(entry)
    lengths = library.estimated_lengths(session.sound.theme, entry.path.parent, session.sound.sounds)
    catalogue = library.catalogue_in(session.language)
    options = tracker.resolve_doses(options, session, catalogue, entry.id, entry.path)
    plan = replace(library.plan(session, lengths, options.resolved(session).level), doses=options.doses)
    plan = replace(plan, left_out=options.left_out, variants=options.variants or {})
    plan = replace(plan, times_done=options.times_done, fades=options.fewer_words)
    timeline = compile_session(session, plan).timeline
    return preview_from_timeline(timeline, entry.equipment, all_cautions(session))


def preview_from_timeline(timeline: Timeline, equipment: Iterable[str], cautions: Iterable[str]) -> Preview:
    """The preview of a compiled session."""
    spans = tuple((phase.kind, phase.timed_ms) for phase in timeline.phases if phase.timed_ms)
    waiting = sum(phase.duration_ms is None for phase in timeline.phases)
    return Preview(timeline.name, spans, waiting, timeline.steps, tuple(equipment), tuple(cautions))


def profile_kinds(spans: Iterable[tuple[str, int]], columns: int) -> list[str]:
    """For each cell of a bar, the kind of phase that has most of it."""
    spans = tuple(spans)
    total_ms = sum(length_ms for _, length_ms in spans)
    if not total_ms or columns < 1:
        return []
    shares: list[dict[str, float]] = [{} for _ in range(columns)]
    start = 0.0
    for kind, length_ms in spans:
        end = start + length_ms * columns / total_ms
        for cell in range(int(start), min(columns, int(end) + 1)):
            part = min(end, cell + 1) - max(start, cell)
            shares[cell][kind] = shares[cell].get(kind, 0.0) + max(0.0, part)
        start = end
    return [max(share, key=share.__getitem__) for share in shares]


def totals_by_kind(spans: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How much time goes to each kind of phase, in milliseconds, in the order of `KIND_LABELS`."""
    found = dict.fromkeys(KIND_LABELS, 0)
    for kind, length_ms in spans:
        found[kind] = found.get(kind, 0) + length_ms
    return {kind: length_ms for kind, length_ms in found.items() if length_ms}


def step_lines(steps: Iterable[StepInfo], width: int) -> Iterator[str]:
    """Each step on a line, its dose in all rounds at the right where there is room for both, else below it."""
    for step in steps:
        if not step.is_listed:
            continue
        yield from map(str.rstrip, beside_or_below(indented_name(step), dose_text(step.whole_dose), width))


class ProfileBar(Widget):
    """The phases along the time: the higher a cell, the more there is to do in it."""

    COMPONENT_CLASSES = {f"profile--{kind}" for kind in KIND_BLOCKS}  # noqa: RUF012 - the screen library declares it so
    preview: reactive[Preview | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y or self.preview is None:
            return Strip.blank(width, self.rich_style)
        kinds = profile_kinds(self.preview.spans, width)
        cells = [Segment(KIND_BLOCKS[kind], self.get_component_rich_style(f"profile--{kind}")) for kind in kinds]
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
        self._set_text("#preview-name", preview.name if preview else "")
        self._set_text("#preview-facts", facts_text(preview, self._remark) if preview else self._remark)
        width = max(1, self.scrollable_content_region.width)
        self._set_text("#preview-sums", totals_text(preview, width) if preview else "")
        self._set_text("#preview-steps", "\n".join(step_lines(preview.steps, width)) if preview else "")
        self._set_text("#preview-cautions", "\n".join(f"! {text}" for text in preview.cautions) if preview else "")

    def _set_text(self, where: str, text: str) -> None:
        widget = self.query_one(where, Static)
        widget.display = bool(text)
        widget.update(text)


def totals_text(preview: Preview, width: int) -> str:
    """How much of each kind there is, which also explains the profile; no sum is broken over two lines."""
    sums = totals_by_kind(preview.spans)
    parts = [
        f"{KIND_BLOCKS[kind]} {KIND_LABELS[kind]} {rough_text(ms)}" for kind, ms in sums.items() if kind in KIND_LABELS
    ]
    if preview.open_phases:
        times = "once" if preview.open_phases == 1 else f"{preview.open_phases} times"
        parts.append(f"{KIND_BLOCKS['wait']} waits for you {times}")
    lines = [""]
    for part in parts:
        joined = f"{lines[-1]}   {part}" if lines[-1] else part
        lines[-1:] = [joined] if cell_len(joined) <= width or not lines[-1] else [lines[-1], part]
    return "\n".join(lines)


def facts_text(preview: Preview, remark: str) -> str:
    """Length and equipment, and the remark."""
    total_ms = sum(length_ms for _, length_ms in preview.spans)
    least = "At least" if preview.open_phases else "About"
    needs = equipment_text(preview.equipment) or "You need nothing for it"
    return "\n".join(part for part in (f"{least} {rough_text(total_ms)}. {needs}.", remark) if part)


class PreviewScreen(ModalScreen[None]):
    """Shows a preview.

    Args:
        preview: Of which session.
        remark: What else to know.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "PreviewPane"

    def __init__(self, preview: Preview, remark: str) -> None:
        super().__init__()
        self._preview = preview
        self._remark = remark

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long"):
            yield PreviewPane()

    def on_mount(self) -> None:
        pane = self.query_one(PreviewPane)
        pane.can_focus = True
        pane.show(self._preview, self._remark)
        pane.focus()

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
