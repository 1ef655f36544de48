"""Decides how a line is delivered: in which language, at which rate and pitch, and with which words respelled.

Words that a voice gets wrong, and how they are spelled for it; what is shown stays as it is written.

Text made safe for engines that take commands inside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from timer_app.core.session.model import Session
from timer_app.core.timeline.utterance import DEFAULT_MANNER, DEFAULT_PITCH, DEFAULT_RATE, Manner, manner_of


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

    def respell(self, text: str) -> str:
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


class SpeechRequest(NamedTuple):
    """One line as a voice is asked for it.

    Attributes:
        text: As it is spelled for the voice.
        language: Its code.
        wpm: Words a minute.
        pitch: From 0 to 100.
    """

    text: str
    language: str
    wpm: int
    pitch: int


@dataclass(frozen=True, slots=True)
class SpeechStyle:
    """How lines are delivered.

    Attributes:
        language: Of every line that has none of its own.
        usual: For lines that have no manner of their own.
        fixed: Goes before everything, even a line's own manner: what was asked for on the command line.
        lexicon: How words are spelled for the voice.
    """

    language: str = "en"
    usual: Manner = DEFAULT_MANNER
    fixed: Manner = DEFAULT_MANNER
    lexicon: Lexicon = NO_LEXICON

    @classmethod
    def for_session(
        cls, session: Session, usual: Manner, fixed: Manner = DEFAULT_MANNER, lexicon: Mapping[str, str] | None = None
    ) -> SpeechStyle:
        """How a session's lines are delivered; its own words go before those of `lexicon`."""
        return cls(session.language, usual, fixed, Lexicon({**(lexicon or {}), **session.lexicon}))

    def request(self, text: str) -> SpeechRequest:
        """What the voice is asked for."""
        manner = self.fixed.over(manner_of(text)).over(self.usual)
        return SpeechRequest(
            self.lexicon.respell(text),
            manner.language or self.language,
            DEFAULT_RATE if manner.rate is None else manner.rate,
            DEFAULT_PITCH if manner.pitch is None else manner.pitch,
        )


# Control characters carry espeak's commands (one of them changes the rate of every later line), surrogates cannot
# be encoded, and espeak keeps symbols of its own among the private characters.
_UNSPEAKABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_BYTE_ORDER_MARK = "\ufeff"


def _speakable(character: str) -> bool:
    return character != _BYTE_ORDER_MARK and unicodedata.category(character) not in _UNSPEAKABLE


def speakable_text(text: str) -> str:
    """`text` without characters that cannot be spoken, its words parted by single spaces."""
    return " ".join("".join(c if _speakable(c) else " " for c in text).split())
