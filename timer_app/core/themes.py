"""The set of cue sounds that is heard where nothing else is asked for."""

from __future__ import annotations

DEFAULT_THEME = "calm"
