"""Decides how a line is delivered: in which language, at which rate and pitch, and with which words respelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from timer_app.core.session.model import Session
from timer_app.core.timeline.utterance import AS_USUAL, MIDDLE_PITCH, USUAL_RATE, Manner, manner_of
from timer_app.voice.lexicon import NO_LEXICON, Lexicon


class Take(NamedTuple):
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
class Delivery:
    """How lines are delivered.

    Attributes:
        language: Of every line that has none of its own.
        usual: For lines that have no manner of their own.
        fixed: Goes before everything, even a line's own manner: what was asked for on the command line.
        lexicon: How words are spelled for the voice.
    """

    language: str = "en"
    usual: Manner = AS_USUAL
    fixed: Manner = AS_USUAL
    lexicon: Lexicon = NO_LEXICON

    @classmethod
    def of(
        cls, session: Session, usual: Manner, fixed: Manner = AS_USUAL, lexicon: Mapping[str, str] | None = None
    ) -> Delivery:
        """How a session's lines are delivered; its own words go before those of `lexicon`."""
        return cls(session.language, usual, fixed, Lexicon({**(lexicon or {}), **session.lexicon}))

    def take(self, text: str) -> Take:
        """What the voice is asked for."""
        manner = self.fixed.over(manner_of(text)).over(self.usual)
        return Take(
            self.lexicon.respelled(text),
            manner.language or self.language,
            USUAL_RATE if manner.rate is None else manner.rate,
            MIDDLE_PITCH if manner.pitch is None else manner.pitch,
        )
