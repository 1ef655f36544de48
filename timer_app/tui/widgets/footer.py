"""The footer: as many keys of the screen as fit, none cut off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip

from timer_app.core.i18n import _
from timer_app.tui.key_bindings import COMMANDS_BY_ID, ScreenCommand, ScreenScope, commands_of, first_key
from timer_app.tui.widgets.cached import CachedWidget

_GAP = 2
_BEFORE_LASTING = 2  # keys of a screen that are more important there than how to get out
LASTING = ("help", "quit", "settings")
"""What every footer has from 80 columns on, the most important first."""
_LASTING_IN_SETTINGS = ("help", "quit", "leave_settings")  # which are open already, so that their key does nothing
_LASTING_FROM = 76  # cells of a footer in 80 columns, with two on either side


@dataclass(frozen=True, slots=True)
class FooterKey:
    """A key on the line.

    Attributes:
        command: What it does.
        key: As shown.
        label: As shown.
        column: Where it begins.
    """

    command: ScreenCommand
    key: str
    label: str
    column: int

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.column + cell_len(self.key) + 1 + cell_len(self.label)


def footer_commands(scope: ScreenScope) -> list[ScreenCommand]:
    """The commands in the footer of a scope, the most important ones first.

    What a screen is there for comes first and how to learn more, then what is done there most, how to get out and what
    can be changed; then the rest.
    """
    first, *own = [command for command in commands_of(scope) if command.footer]
    everywhere = [command for command in commands_of("everywhere") if command.footer]
    if scope == "settings":
        everywhere = [command for command in everywhere if command.id != "settings"]
    lasting = [COMMANDS_BY_ID[name] for name in _lasting(scope)]
    own, everywhere = ([command for command in some if command not in lasting] for some in (own, everywhere))
    help_, *more = lasting
    return [first, help_, *own[:_BEFORE_LASTING], *more, *own[_BEFORE_LASTING:], *everywhere]


def _lasting(scope: ScreenScope) -> tuple[str, ...]:
    return _LASTING_IN_SETTINGS if scope == "settings" else LASTING


def fit_footer_keys(
    scope: ScreenScope,
    keys: Mapping[str, str],
    labels: Mapping[str, str],
    columns: int,
    unavailable: Collection[str] = (),
) -> list[FooterKey]:
    """The keys that fit into `columns`: the least important ones are left out, and those of the screen stand first.

    Args:
        scope: Whose keys.
        keys: The user's own keys.
        labels: Labels that differ from the usual ones just now, by id.
        columns: How much room there is.
        unavailable: What does nothing just now, by id; it is left out.
    """
    commands = [command for command in footer_commands(scope) if command.id not in unavailable]
    fitting = _fitting(commands, keys, labels, columns)
    if columns >= _LASTING_FROM:
        # Where words are long, what is done there most makes room for how to get out and what can be changed.
        for spare in reversed(commands[2 : 2 + _BEFORE_LASTING]):
            if {command.id for command in fitting}.issuperset(_lasting(scope)):
                break
            commands.remove(spare)
            fitting = _fitting(commands, keys, labels, columns)
    shown: list[FooterKey] = []
    for command in sorted(fitting, key=lambda each: each.scope == "everywhere"):
        column = shown[-1].end + _GAP if shown else 0
        shown.append(FooterKey(command, first_key(command.id, keys), _label(command, labels), column))
    return shown


def _fitting(
    commands: Sequence[ScreenCommand], keys: Mapping[str, str], labels: Mapping[str, str], columns: int
) -> list[ScreenCommand]:
    """The first of some commands, as many as fit."""
    ends = accumulate(_width(command, keys, labels) + _GAP for command in commands)
    return [command for command, end in zip(commands, ends, strict=True) if end <= columns + _GAP]


def _label(command: ScreenCommand, labels: Mapping[str, str]) -> str:
    return labels.get(command.id) or _(command.label)


def _width(command: ScreenCommand, keys: Mapping[str, str], labels: Mapping[str, str]) -> int:
    return FooterKey(command, first_key(command.id, keys), _label(command, labels), 0).end


# Measured beside Textual's Footer with eleven keys: 60 changes of a label took 0.4 s of processor time, there 1.1 s,
# because it builds a widget for every key anew. It also cuts off the key at the edge.
class KeyFooter(CachedWidget):
    """Shows keys; a click on one does what the key does.

    Args:
        scope: Whose keys.
        keys: The user's own keys.
    """

    COMPONENT_CLASSES = {"keys--key", "keys--label", "keys--hover"}
    labels: reactive[Mapping[str, str]] = reactive({})
    unavailable: reactive[Collection[str]] = reactive(())
    hovered: reactive[str] = reactive("")

    def __init__(self, scope: ScreenScope, keys: Mapping[str, str]) -> None:
        super().__init__(id="keys")
        self._scope: ScreenScope = scope
        self._keys = keys

    def render_line(self, y: int) -> Strip:
        style = self.rich_style
        if y:
            return Strip.blank(self.size.width, style)
        key_style = self.get_component_rich_style("keys--key")
        label_style = self.get_component_rich_style("keys--label")
        hover_style = self.get_component_rich_style("keys--hover")
        segments: list[Segment] = []
        for entry in self._fitting_keys():
            is_hovered = entry.command.id == self.hovered
            segments.append(Segment(entry.key, hover_style if is_hovered else key_style))
            segments.append(Segment(f" {entry.label}", hover_style if is_hovered else label_style))
            segments.append(Segment(" " * _GAP, label_style))
        return Strip(segments).adjust_cell_length(self.size.width, style)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Explain the key below the pointer, and show that it can be clicked."""
        entry = self._key_at(event)
        self.hovered = entry.command.id if entry else ""
        self.tooltip = _(entry.command.tooltip) if entry else None

    def on_leave(self) -> None:
        """The pointer is elsewhere now."""
        self.hovered = ""

    async def on_click(self, event: events.Click) -> None:
        """Do what the key does."""
        if entry := self._key_at(event):
            await self.app.run_action(entry.command.action, self.screen)

    def _key_at(self, event: events.MouseEvent) -> FooterKey | None:
        offset = event.get_content_offset(self)
        return next((e for e in self._fitting_keys() if offset and e.column <= offset.x < e.end), None)

    def _fitting_keys(self) -> list[FooterKey]:
        return fit_footer_keys(self._scope, self._keys, self.labels, self.size.width, self.unavailable)
