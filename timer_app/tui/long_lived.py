"""Keeps what lives as long as the program out of the way of the garbage collector."""

from __future__ import annotations

import gc


def set_aside() -> None:
    """Let collections look only at what is made from now on; what has become garbage so far is freed.

    Looking through everything that a screen library and a session hold takes a tenth of a second, and a picture
    that moves gives cause for it every few seconds.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
