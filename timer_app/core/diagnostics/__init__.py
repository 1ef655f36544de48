"""Faults in files: finds all of them at once and says where each one is.

In: the text of a TOML file and the pydantic model that it has to fit.
Out: the model, or problems with line, column, key, what is wrong, what is allowed, and the nearest valid spelling.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
