"""What the screen is given of a run, at any moment of it."""

from __future__ import annotations

from timer_app.core.player.player import Player
from timer_app.core.player.states import Command
from timer_app.core.timeline.model import Timeline
from timer_app.tui.play.view import RunView


def at(run: Timeline, ms: int, *commands: Command) -> RunView:
    """The view `ms` after the start and then after `commands`."""
    player = Player(run)
    player.send(Command.START, 0)
    player.advance(ms)
    for command in commands:
        player.send(command, ms)
    return RunView(player.snapshot(ms), player.timeline)
