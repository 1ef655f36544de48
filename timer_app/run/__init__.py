"""Everything that one run needs, built once for every front end.

In: a session, options, the library and the history.
Out: a `LiveRun`: timeline, player, voice, sound and record, ready to start. Screen, plain output, page and export all
use it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
