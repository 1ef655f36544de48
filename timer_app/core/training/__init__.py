"""What earlier runs mean for the next one: progression, measurements and programmes.

In: earlier results, which the history supplies, and today's date.
Out: today's dose within each range, measured values compared over time, and the sessions that are due on a day.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
