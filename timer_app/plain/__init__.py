"""A run as lines of text, for pipes, logs and screen readers.

In: a run, and what the user types.
Out: one line per event.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
