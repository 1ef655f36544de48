"""Compiles a session into a timeline: a pure, deterministic function.

In: a session, its exercises, doses, phrases, and how long each line takes to say.
Out: a timeline, and warnings about what would disappoint. Steps are unrolled (blocks and rounds), resolved (exercise
and defaults), laid out as phases, given the coach's lines, and each line is placed where there is time for it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
