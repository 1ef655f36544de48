"""The screens that lie over one another: whether one is there, and how it comes back to the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen


def has(app: App[Any], kind: type[Screen[Any]]) -> bool:
    """Whether a screen of a kind is there, in sight or below another one."""
    return any(isinstance(screen, kind) for screen in app.screen_stack)


def uncovered(app: App[Any], kind: type[Screen[Any]]) -> bool:
    """Close whatever lies over the screen of a kind; who waits for an answer there gets none.

    Returns:
        Whether there is such a screen; it is the one on top then. A key that is pressed twice at once may ask to leave
        a screen that is left already.
    """
    if not has(app, kind):
        return False
    while not isinstance(app.screen, kind):
        app.screen.dismiss()
    return True
