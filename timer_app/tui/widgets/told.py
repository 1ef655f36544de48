"""Texts about the run: each changes on screen only when its words change."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Static

from timer_app.tui.view import RunView
from timer_app.tui.widgets.kept import Kept


class Told(Static, Kept):
    """Shows what `say` says about the run, literally: nothing in it is markup.

    Args:
        say: The text for a view.
        id: The widget's name in style sheets.
    """

    def __init__(self, say: Callable[[RunView], str], *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id, markup=False)
        self.add_class("-silent")
        self._say = say
        self.text = ""

    def follow(self, view: RunView) -> None:
        """Say what there is to say now; the widget keeps its size."""
        text = self._say(view)
        if text != self.text:
            self.text = text
            self.set_class(not text, "-silent")
            self.update(text, layout=False)
