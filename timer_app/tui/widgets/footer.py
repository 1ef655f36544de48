"""The footer: as many keys of the screen as fit, none cut off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip

from timer_app.tui.key_bindings import ScreenCommand, ScreenScope, commands_of, first_key
from timer_app.tui.widgets.cached import CachedWidget

_GAP = 2


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
        return self.column + len(self.key) + 1 + len(self.label)


def footer_commands(scope: ScreenScope) -> list[ScreenCommand]:
    """The commands in the footer of a scope: help comes second, so that it is shown on any width."""
    first, *others = [command for command in commands_of(scope) if command.footer]
    return [first, *(command for command in commands_of("everywhere") if command.footer), *others]


def fit_footer_keys(
    scope: ScreenScope,
    keys: Mapping[str, str],
    labels: Mapping[str, str],
    columns: int,
    unavailable: Collection[str] = (),
) -> list[FooterKey]:
    """The keys that fit into `columns`.

    Args:
        scope: Whose keys.
        keys: The user's own keys.
        labels: Labels that differ from the usual ones just now, by id.
        columns: How much room there is.
        unavailable: What does nothing just now, by id; it is left out.
    """
    shown: list[FooterKey] = []
    column = 0
    for command in footer_commands(scope):
        if command.id in unavailable:
            continue
        label = labels.get(command.id, command.label)
        entry = FooterKey(command, first_key(command.id, keys), label, column)
        if entry.end <= columns:
            shown.append(entry)
            column = entry.end + _GAP
    return shown


# Measured beside Textual's Footer with eleven keys: 60 changes of a label took 0.4 s of processor time, there 1.1 s,
# because it builds a widget for every key anew. It also cuts off the key at the edge.
class KeyFooter(CachedWidget):
    """Shows keys; a click on one does what the key does.

    Args:
        scope: Whose keys.
        keys: The user's own keys.
    """

    COMPONENT_CLASSES = {"keys--key", "keys--label"}  # noqa: RUF012 - the screen library declares it so
    labels: reactive[Mapping[str, str]] = reactive({})
    unavailable: reactive[Collection[str]] = reactive(())

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
        segments: list[Segment] = []
        for entry in self._fitting_keys():
            segments += [Segment(entry.key, key_style), Segment(f" {entry.label}{' ' * _GAP}", label_style)]
        return Strip(segments).adjust_cell_length(self.size.width, style)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Explain the key below the pointer."""
        entry = self._key_at(event)
        self.tooltip = entry.command.tooltip if entry else None

    async def on_click(self, event: events.Click) -> None:
        """Do what the key does."""
        if entry := self._key_at(event):
            await self.app.run_action(entry.command.action, self.screen)

    def _key_at(self, event: events.MouseEvent) -> FooterKey | None:
        offset = event.get_content_offset(self)
        return next((e for e in self._fitting_keys() if offset and e.column <= offset.x < e.end), None)

    def _fitting_keys(self) -> list[FooterKey]:
        return fit_footer_keys(self._scope, self._keys, self.labels, self.size.width, self.unavailable)
