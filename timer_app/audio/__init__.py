"""Sound: clips, the mixer, music, and the sinks that play them on time.

In: cues with the time at which they are to be heard, and music files.
Out: one stream of 48 kHz samples, the same for a device and for a file. The live stream runs in a process of its own,
so that a busy program cannot delay it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
