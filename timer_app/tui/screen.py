"""What all screens share: safe text, named size classes for the style sheets, key bindings, and the screen stack."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar
from unicodedata import category

from rich.cells import cell_len
from rich.segment import Segment
from textual import constants, events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen

from timer_app.core.diagnostics import printable
from timer_app.tui.key_bindings import ScreenCommand, ScreenScope, commands_of

_ScreenT = TypeVar("_ScreenT", bound=Screen[None])
_AnswerT = TypeVar("_AnswerT")

NARROW_FROM, STANDARD_FROM, WIDE_FROM = 32, 60, 100  # columns
SHORT_FROM, NORMAL_FROM, TALL_FROM = 9, 20, 32  # rows
_ARRIVING = "-arriving"  # a dialogue on the way to its place
_WIDTHS = [(0, "-slim"), (NARROW_FROM, "-narrow"), (STANDARD_FROM, "-standard"), (WIDE_FROM, "-wide")]
_HEIGHTS = [(0, "-tiny"), (SHORT_FROM, "-short"), (NORMAL_FROM, "-normal"), (TALL_FROM, "-tall")]


class _PrintableFilter(LineFilter):
    """Lets no character of a name or text change the terminal, wherever on the screen it stands.

    Lines come here when they are laid out already, so the number of cells stays: what takes no cell is left out.
    Widgets that show names escape them before.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the screen library's signature
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(_without_hidden(segment.text), segment.style)
            for segment in segments
        ]


def _without_hidden(text: str) -> str:
    """`text` in as many cells, with a sign in place of each character that a terminal should not get."""
    if printable(text) == text:
        return text
    return "".join(c if category(c) == "Zs" or printable(c) == c else _HIDDEN_SIGN * cell_len(c) for c in text)


_HIDDEN_SIGN: Final = "\N{REPLACEMENT CHARACTER}"
_PRINTABLE_FILTER: Final = _PrintableFilter()


class SafeApp(App[None], inherit_bindings=False):
    """Sends nothing to the terminal that a name could change it with."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), _PRINTABLE_FILTER]


class SizedApp(SafeApp, inherit_bindings=False):
    """Gives every screen the classes that belong to its size, and tells large text how to be drawn.

    Attributes:
        smooth_digits: Large text is drawn in quarter blocks.
    """

    smooth_digits: reactive[bool] = reactive(False, repaint=False)

    def push_screen(self, screen: Any, *args: Any, **more: Any) -> Any:
        """Show a screen; a dialogue glides into its place in a moment, unless nothing is to move."""
        if isinstance(screen, ModalScreen) and self.animation_level != "none":
            screen.add_class(_ARRIVING)
            screen.call_after_refresh(screen.remove_class, _ARRIVING)
        return super().push_screen(screen, *args, **more)

    def reduce_motion(self, reduced: bool) -> None:
        """Let nothing glide, or let it again."""
        self.animation_level = "none" if reduced else constants.TEXTUAL_ANIMATIONS

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    def with_size_classes(self, screen: _ScreenT) -> _ScreenT:
        """A screen about to be shown, with its classes: when the first resize brings them, all is styled twice."""
        classes = (_breakpoint_class(self.size.width, _WIDTHS), _breakpoint_class(self.size.height, _HEIGHTS))
        screen.update_classes(dict.fromkeys(classes, True), update=False)
        return screen


class Dialogue(ModalScreen[_AnswerT]):
    """A screen over another one, which is dismissed once, whatever is pressed meanwhile."""

    def dismiss(self, result: _AnswerT | None = None) -> AwaitComplete:
        # Keys that were pressed before it is gone still reach it, and a second time would take away what lies below.
        if self.app.screen is self:
            return super().dismiss(result)
        return AwaitComplete.nothing()  # type: ignore[no-untyped-call, no-any-return] # the screen library left it so


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


def _breakpoint_class(extent: int, names: list[tuple[int, str]]) -> str:
    return next(name for least, name in reversed(names) if extent >= least)


# Leaving must work whatever has the focus.
_PRIORITY_IDS = ("leave", "suspend")
# What lies above another screen hides the app's bindings, so it has those that work everywhere for itself.
_MODAL_SCOPES: tuple[ScreenScope, ...] = ("question", "settings", "dialogue")


def bindings_for(scope: ScreenScope) -> list[BindingType]:
    """The bindings of one place, with ids that the user's keys refer to."""
    here = commands_of(scope) + (commands_of("everywhere") if scope in _MODAL_SCOPES else ())
    return [_binding(command) for command in here]


def _binding(command: ScreenCommand) -> Binding:
    return Binding(
        command.keys,
        command.action,
        command.label,
        show=command.footer,
        tooltip=command.tooltip,
        id=command.id,
        priority=command.id in _PRIORITY_IDS,
    )


def has_screen(app: App[Any], kind: type[Screen[Any]]) -> bool:
    """Whether a screen of a kind is there, in sight or below another one."""
    return any(isinstance(screen, kind) for screen in app.screen_stack)


def has_scope(app: App[Any], scope: ScreenScope) -> bool:
    """Whether a screen of a scope is there, in sight or below another one; its module need not be loaded for that."""
    return any(getattr(screen, "SCOPE", None) == scope for screen in app.screen_stack)


def scope_of(app: App[Any]) -> ScreenScope | None:
    """Whose keys work; a dialogue has none of its own in the list: they are those of the screen below it."""
    scopes: Iterator[ScreenScope | None] = (getattr(screen, "SCOPE", None) for screen in reversed(app.screen_stack))
    return next(filter(None, scopes), None)


def pop_to_screen(app: App[Any], kind: type[Screen[Any]]) -> bool:
    """Close whatever lies over the screen of a kind; who waits for an answer there gets none.

    Returns:
        Whether there is such a screen; it is the one on top then. A key that is pressed twice at once may ask to leave
        a screen that is left already.
    """
    if not has_screen(app, kind):
        return False
    while not isinstance(app.screen, kind):
        app.screen.dismiss()
    return True


def is_being_removed(screen: Screen[Any]) -> bool:
    """Whether a screen is being taken down, although its timers and workers may not be stopped yet."""
    # A screen is never hidden by a style, so nothing else makes this false.
    return not screen.display


async def wait_until_painted(screen: Screen[Any]) -> None:
    """Wait until a screen that was just shown is drawn, before something is loaded that it can be drawn without.

    Loading keeps the interpreter from drawing, even in a thread. To be called in a worker.
    """
    seen = asyncio.Event()
    # The app has its turn when all is mounted; before that the screen draws nothing that it could wait for itself.
    screen.app.call_later(screen.call_after_refresh, seen.set)
    await seen.wait()
