"""Keeps what lives as long as the program out of the way of the garbage collector."""

from __future__ import annotations

import gc

# What is left to look at is little: looking often costs next to nothing, and keeps garbage from piling up.
_COLLECT_AFTER = (2_000, 10, 10)


def set_aside() -> None:
    """Let collections look only at what is made from now on; what has become garbage so far is freed.

    Looking through everything that a screen library and a session hold takes a tenth of a second, and a picture
    that moves gives cause for it every few seconds.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
