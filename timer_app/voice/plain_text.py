"""Text made safe for engines that take commands inside it."""

from __future__ import annotations

import unicodedata

# Control characters carry espeak's commands (one of them changes the rate of every later line), surrogates cannot
# be encoded, and espeak keeps symbols of its own among the private characters.
_UNSPEAKABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_BYTE_ORDER_MARK = "\ufeff"


def _speakable(character: str) -> bool:
    return character != _BYTE_ORDER_MARK and unicodedata.category(character) not in _UNSPEAKABLE


def plain_text(text: str) -> str:
    """`text` without characters that cannot be spoken, its words parted by single spaces."""
    return " ".join("".join(c if _speakable(c) else " " for c in text).split())
