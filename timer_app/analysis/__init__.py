"""Analyses the text of a file while it is written: what is wrong, what it becomes, and what may stand at a place.

In: a text that may be broken, and the library that it may refer to.
Out: one frozen `Analysis` with problems, session, timeline and outline; completions, hovers and quick fixes for it. The
editor, the language server and `lint` share it. Lines and columns count from 0, but in problems from 1, as printed.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
