"""Imports routines of other programs: reads their files and texts, and writes them as sessions of one's own.

In: files and texts of strangers: Seconds, Just Another Workout Timer, OpenHIIT, TimeR Machine, Feeel, wger,
Liftoscript, tables, plain text, and lists of exercises.
Out: session files and exercise files that pass `check`, and a ledger of what became of everything in the source.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
