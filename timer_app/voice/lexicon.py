"""Words that a voice gets wrong, and how they are spelled for it; what is shown stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property


class Lexicon:
    """Replaces whole words, whatever their capitals, in what is spoken.

    Args:
        spellings: For each word, or words in a row, how it is spelled for the voice.
    """

    def __init__(self, spellings: Mapping[str, str] | None = None) -> None:
        self._spellings = {_folded(word): spelling for word, spelling in (spellings or {}).items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The longest first: a name of two words goes before one of them.
        words = sorted(self._spellings, key=lambda word: (-len(word), word))
        spaced = (r"\s+".join(map(re.escape, word.split())) for word in words)
        return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)

    def respelled(self, text: str) -> str:
        """`text` as it is spelled for the voice; a replacement is not looked at again."""
        if not self._spellings:
            return str(text)
        return self._pattern.sub(lambda found: self._spellings.get(_folded(found[0]), found[0]), str(text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and other._spellings == self._spellings

    def __hash__(self) -> int:
        return hash(frozenset(self._spellings.items()))


NO_LEXICON = Lexicon()


def _folded(word: str) -> str:
    return " ".join(word.lower().split())
