"""The figures that show how an exercise is done, as numbers.

In: the `[figure]` table of an exercise, and a position in the run.
Out: a checked `Figure`, and for any moment the shapes to draw. Turning shapes into terminal cells is the job of
`tui/widgets`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
