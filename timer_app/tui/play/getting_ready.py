"""Shows a session while its run gets ready: its name, its cautions, and how many lines are rendered."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

from timer_app.core.i18n import _


class GettingReady(VerticalScroll, can_focus=False):
    """Shows texts without markup, and redraws only the line of progress.

    Args:
        session_name: What is about to begin.
    """

    cautions: reactive[tuple[str, ...]] = reactive((), repaint=False)
    progress: reactive[tuple[int, int]] = reactive((0, 0), repaint=False)

    def __init__(self, session_name: str) -> None:
        super().__init__(id="ready")
        self._session_name = session_name

    def compose(self) -> ComposeResult:
        yield Static(self._session_name, id="ready-name", markup=False)
        yield Static(progress_line(0, 0), id="ready-progress", markup=False)
        yield Static(id="ready-cautions", markup=False)

    def watch_progress(self, progress: tuple[int, int]) -> None:
        """Show the progress."""
        self.query_one("#ready-progress", Static).update(progress_line(*progress))

    def watch_cautions(self, cautions: tuple[str, ...]) -> None:
        """Show the cautions."""
        self.query_one("#ready-cautions", Static).update("\n\n".join(f"! {caution}" for caution in cautions))


def progress_line(done: int, total: int) -> str:
    """How many lines are rendered, in words."""
    if total and done < total:
        text = _("Getting the voice ready: {done} of {total} lines. It starts by itself.")
        return text.format(done=done, total=total)
    return _("Getting ready. It starts by itself.")
