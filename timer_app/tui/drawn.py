"""Lets work wait until the user sees something."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.screen import Screen


async def drawn(screen: Screen[Any]) -> None:
    """Wait until a screen that was just shown is drawn, before something is loaded that it can be drawn without.

    Loading keeps the interpreter from drawing, even in a thread. To be called in a worker.
    """
    seen = asyncio.Event()
    # The app has its turn when all is mounted; before that the screen draws nothing that it could wait for itself.
    screen.app.call_later(screen.call_after_refresh, seen.set)
    await seen.wait()
