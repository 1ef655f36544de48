"""The line for what has to be said once: refusals and notices."""

from __future__ import annotations

from textual.timer import Timer
from textual.widgets import Static

from timer_app.tui.widgets.kept import Kept

_SHOWN_S = 6.0
_PER_CHARACTER_S = 0.06


class Message(Static, Kept):
    """One line that goes away by itself, later the longer it is."""

    def __init__(self) -> None:
        super().__init__(id="message", markup=False)
        self._timer: Timer | None = None
        self.text = ""

    def say(self, text: str) -> None:
        """Show `text` in place of what stood here."""
        self._show(text)
        self._timer = self.set_timer(max(_SHOWN_S, len(text) * _PER_CHARACTER_S), self._clear)

    def _clear(self) -> None:
        self._show("")

    def _show(self, text: str) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.text = text
        self.set_class(bool(text), "-said")
        self.update(text, layout=False)
