"""Turns the list of commands into the screen library's key bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from timer_app.tui.commands import Place, ScreenCommand, commands_of

# Leaving must work whatever has the focus; the filter must have it before the next letter is given out, or a fast
# typist's letters act as keys.
_FIRST = ("leave", "suspend", "filter")
# What lies above another screen hides the app's bindings, so it has those that work everywhere for itself.
_ABOVE: tuple[Place, ...] = ("question", "dialogue")


def bindings_for(place: Place) -> list[BindingType]:
    """The bindings of one place, with ids that the user's keys refer to."""
    here = commands_of(place) + (commands_of("everywhere") if place in _ABOVE else ())
    return [_binding(command) for command in here]


def _binding(command: ScreenCommand) -> Binding:
    return Binding(
        command.keys,
        command.action,
        command.label,
        show=command.footer,
        tooltip=command.tooltip,
        id=command.id,
        priority=command.id in _FIRST,
    )
