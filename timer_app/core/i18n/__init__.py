"""The texts of the program in the language of the screen: gettext catalogues, chosen once at the start.

In: an English text of the program, with its placeholders and, for amounts, its number.
Out: the same text in the language in use; English where a catalogue lacks it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
