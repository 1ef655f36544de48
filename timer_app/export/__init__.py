"""Writes a session to a file: sound with chapters and captions, or a programme as a calendar.

In: a session with its options, or a programme, and the name of the file.
Out: a file that appears only when it is complete, with the same samples that a live run plays.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
