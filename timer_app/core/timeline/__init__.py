"""The timeline: what a session becomes when it is compiled.

In: nothing; these are the data types that compiler, player, sound and screens share.
Out: `Timeline`, a tuple of phases. A phase (prepare, work, switch, rest, say, wait, measure) has its length in
milliseconds, or none if it waits for the user, and carries cues: sounds and spoken lines at offsets from its start.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
