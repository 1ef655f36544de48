"""Completes a line for the voice: its rate and pitch, words for shorthand, spellings of words that voices get wrong.

What is shown stays as it is written. The engines also get their text from here without characters that they would
take as commands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner, Utterance

if TYPE_CHECKING:
    from timer_app.core.session.model import Session  # the process of a voice starts without the models


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

    def spoken(self, line: Utterance) -> Utterance:
        """`line` with its words respelled and the shorthand between them in words; empty if it says nothing."""
        found = list(self._pattern.finditer(line.text)) if self._spellings else []
        if not found:
            return line.in_words()
        # A letter stands in for each respelled word, so that none of them is expanded.
        marked = line._replace(text=self._pattern.sub(_MARK, line.text.replace(_MARK, " "))).in_words()
        spellings = map(self._spelling, found)
        return marked._replace(text=re.sub(_MARK, lambda _: next(spellings), marked.text))

    def _spelling(self, found: re.Match[str]) -> str:
        return self._spellings.get(_folded(found[0]), found[0])

    @property
    def spellings(self) -> Mapping[str, str]:
        """How each word, in small letters, is spelled for the voice."""
        return self._spellings

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and other._spellings == self._spellings

    def __hash__(self) -> int:
        return hash(frozenset(self._spellings.items()))


NO_LEXICON = Lexicon()
_MARK = "\U00010380"  # a letter of a script that no voice reads


def _folded(word: str) -> str:
    return " ".join(word.lower().split())


@dataclass(frozen=True, slots=True)
class SpeechStyle:
    """What the options of a run say about how lines are spoken.

    Attributes:
        usual: Holds where a line leaves something open.
        fixed: Overrides everything, even what a line says: what was asked for on the command line.
        lexicon: How words are spelled for the voice.
    """

    usual: Manner = DEFAULT_MANNER
    fixed: Manner = DEFAULT_MANNER
    lexicon: Lexicon = NO_LEXICON

    @classmethod
    def for_session(
        cls, session: Session, usual: Manner, fixed: Manner = DEFAULT_MANNER, lexicon: Mapping[str, str] | None = None
    ) -> SpeechStyle:
        """For the lines of a session, whose own spellings override those of `lexicon`."""
        return cls(usual, fixed, Lexicon({**(lexicon or {}), **session.lexicon}))

    def to_dict(self) -> dict[str, Any]:
        """The style as plain data, for another process."""
        return {"usual": self.usual, "fixed": self.fixed, "lexicon": dict(self.lexicon.spellings)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SpeechStyle:
        """The style that `to_dict` gave."""
        return cls(Manner(*data["usual"]), Manner(*data["fixed"]), Lexicon(data["lexicon"]))

    def apply(self, line: Utterance) -> Utterance:
        """The line as the voice is given it: respelled, shorthand in words, with the rate and pitch of this run.

        Its text is empty if there is nothing to say.
        """
        manner = self.fixed.over(line.manner).over(self.usual)
        return self.lexicon.spoken(Utterance.in_manner(line.text, manner))


# Control characters carry espeak's commands (one of them changes the rate of every later line), surrogates cannot
# be encoded, and espeak keeps symbols of its own among the private characters.
_UNSPEAKABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_BYTE_ORDER_MARK = "\ufeff"


def _speakable(character: str) -> bool:
    return character != _BYTE_ORDER_MARK and unicodedata.category(character) not in _UNSPEAKABLE


_ELLIPSIS = re.compile(r"\s*(?:…|\.{3,})\s*")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)|</?[A-Za-z][^<>]*>")  # phonemes for a word, and tags
_BRACKETS = re.compile(r"[\[\]{}<>|\\_*#~^`]+")  # what is left of their markup
_BEFORE_STOP = re.compile(r"(?<=[\w)\"'’”%])(?:[\s,;:/–—-]*)$")


def neural_text(text: str) -> str:
    """`text` as neural voices and Pico take it; empty if there is nothing to say.

    Brackets would be read as phonemes or tags, an ellipsis or a mark by itself comes out as noise, and a line without
    a last full stop breaks off. Units and other shorthand are words already, see `Utterance.in_words`.
    """
    words = _LINK.sub(lambda found: found[1] or " ", speakable_text(text))
    words = _ELLIPSIS.sub(", ", _BRACKETS.sub(" ", words))
    words = " ".join(words.split()).lstrip(" ,;:.-–—•")
    if not any(map(str.isalnum, words)):
        return ""
    return _BEFORE_STOP.sub(".", words)


def speakable_text(text: str) -> str:
    """`text` without characters that cannot be spoken, its words parted by single spaces."""
    return " ".join("".join(c if _speakable(c) else " " for c in text).split())
