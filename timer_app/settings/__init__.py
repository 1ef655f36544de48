"""The user's settings.

In: `settings.toml`, and single changes made on the settings screen.
Out: `Settings`, with every faulty key reported and replaced by its default. Changes keep the comments and the order of
the file.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
