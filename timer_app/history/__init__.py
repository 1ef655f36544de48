"""The history: what was done, in one SQLite file, written while it happens.

In: the events of a run, and records from another computer.
Out: records, statistics, doses and measurements of earlier runs, reports in words. A killed program loses nothing that
was counted.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
