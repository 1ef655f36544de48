"""Text to speech: several voices behind one protocol.

In: lines of text with language, rate and pitch.
Out: samples, trimmed and of equal loudness, with the exact length that the compiler works with. Lines are rendered in
the background and cached on disk. A voice that fails is replaced by the next one.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
