"""Everything that touches the operating system on behalf of the other rooms.

In: file names, bytes, commands to start.
Out: the folders of the user and of the program, whole-file reads and atomic writes, child processes that cannot take
the program down, and parts that are loaded when they are first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
