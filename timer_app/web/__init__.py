"""The app in a browser.

In: requests from devices that were let in, and the screen and sound of the app, which runs in a process per page.
Out: a page that draws the terminal, plays the sound on time, and survives a broken connection. The page itself is in
`page/`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
