"""Moves a run along its timeline.

In: a timeline, the present time in milliseconds, and commands such as pause or next.
Out: events that carry the time at which they were due, the cues to hand to the sound ahead of time, and the record of
what was done. Nothing counts ticks: however often the player is asked, the events are the same.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
