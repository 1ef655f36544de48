"""The screens, made with Textual.

In: key presses, and what the library, the run and the history report.
Out: the app: list of sessions, play screen, summary, history, settings. `commands.py` is the one list from which key
bindings, footer, help and palette are made.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
