"""Opens the stage for a run without keeping the screen waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

_Opened = TypeVar("_Opened")


async def opened(make: Callable[[], _Opened], discard: Callable[[_Opened], None]) -> _Opened:
    """Call `make` in a thread; what it makes is given to `discard` when nobody waits for it any more.

    Raises:
        Exception: What `make` raises.
    """
    opening = asyncio.ensure_future(asyncio.to_thread(make))

    def throw_away(done: asyncio.Future[_Opened]) -> None:
        if not done.cancelled() and done.exception() is None:
            discard(done.result())

    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(throw_away)
        raise
