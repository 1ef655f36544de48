"""Shares sessions with other people and other devices: a link, a QR code, one file, a watch, a sheet of paper.

In: a session of the library; and what strangers have shared, as a link or as a file.
Out: links, codes and files; and of what strangers have shared the files that would be written, checked before anything
is. It stands beside `interchange`, which reads formats of other programs: here a session leaves and comes back whole.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
