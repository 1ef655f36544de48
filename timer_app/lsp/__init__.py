"""The language server: what an editor shows of a session while it is written.

In: the messages of an editor on standard input, and the texts that it has open.
Out: diagnostics, completions, hovers, quick fixes, an outline with times, and lenses that run a session. `analysis`
finds all of it; this room puts it into the protocol, with pygls.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
