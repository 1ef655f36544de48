"""Wording that several rooms share: amounts, and the names of languages.

In: numbers, units, language codes.
Out: English text, and language codes in one spelling.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
