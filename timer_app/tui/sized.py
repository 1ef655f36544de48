"""Names for the sizes that a terminal may have, by which the style sheets go."""

from __future__ import annotations

from typing import TypeVar

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


def _class_for(extent: int, names: list[tuple[int, str]]) -> str:
    return next(name for least, name in reversed(names) if extent >= least)
