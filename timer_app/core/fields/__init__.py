"""The values that every kind of file is made of: durations, doses, tempos, cue positions, names and texts.

In: values as people write them, such as `"20-30s"`, `"1-3-2"` or `"Turn {side}"`.
Out: integer milliseconds, `DoseRange`, `CuePosition`, and texts with their placeholders filled in.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
