"""Finds and reads everything that is written in files: sessions, exercises, programmes, phrases, sounds, music.

In: names, paths and languages. The user's files take precedence over the bundled ones.
Out: checked models, paths of sounds, and located problems. The index remembers what the list of sessions shows, so
unchanged files are not read again.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
