"""Names for the sizes that a terminal may have, by which the style sheets go, and screens that have the latest one."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen

_Sized = TypeVar("_Sized", bound=Screen[None])

_WIDTHS = [(0, "-slim"), (32, "-narrow"), (60, "-standard"), (100, "-wide")]
_HEIGHTS = [(0, "-tiny"), (9, "-short"), (20, "-normal"), (32, "-tall")]


class SizedApp(App[None], inherit_bindings=False):
    """Gives every screen the classes that belong to its size."""

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    def fitted(self, screen: _Sized) -> _Sized:
        """A screen about to be shown, with its classes: when the first resize brings them, all is styled twice."""
        classes = (_class_for(self.size.width, _WIDTHS), _class_for(self.size.height, _HEIGHTS))
        screen.update_classes(dict.fromkeys(classes, True), update=False)
        return screen


class SizedScreen(Screen[None]):
    """A screen that may be the first: it takes no size that the terminal had before.

    A terminal that changes its size while the app starts has two sizes on their way to the screen; each laid out in
    turn would send the other one again, without end.
    """

    async def _on_resize(self, event: events.Resize) -> None:
        # The handlers of the classes above are called one after the other, unless this is said.
        if event.size != self.app.size:
            event.prevent_default()
            event.stop()


def _class_for(extent: int, names: list[tuple[int, str]]) -> str:
    return next(name for least, name in reversed(names) if extent >= least)
