"""Turns the list of commands into the screen library's key bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from timer_app.tui.commands import Place, commands_of

# Leaving must work whatever has the focus; the filter must have it before the next letter is given out, or a fast
# typist's letters act as keys.
_FIRST = ("leave", "suspend", "filter")


def bindings_for(place: Place) -> list[BindingType]:
    """The bindings of one place, with ids that the user's keys refer to."""
    return [
        Binding(
            command.keys,
            command.action,
            command.label,
            show=command.footer,
            tooltip=command.tooltip,
            id=command.id,
            priority=command.id in _FIRST,
        )
        for command in commands_of(place)
    ]
