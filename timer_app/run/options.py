"""How a session is to be run: what command line, settings and screens agree on before a session is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timer_app.core.ranges import Verbosity
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner
from timer_app.tts.names import DEFAULT_VOICE

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.core.training.progression import ResolvedDose

MAX_AUDIBLE_SPEED = 4.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a session is to be run.

    Attributes:
        level: Where in every range the dose is taken, 0 to 1; `None` for the session's own level.
        usual_level: Taken where neither the run nor the session says.
        seed: Decides the order of shuffled blocks; `None` for a new one each time.
        voice: Who speaks; `None` for the session's own voice.
        usual_voice: Speaks where neither the run nor the session names one.
        manner: How everything is spoken, whatever the session says.
        usual_manner: How that is spoken of which nothing says how.
        lexicon: Spellings for the voice, besides those of the session.
        volume: 0 to 100.
        sound: `False` for a silent run.
        output: What plays the sound; `auto` for the best there is.
        latency_ms: By how much later than usual the sound reaches the ear, as with some headsets.
        speed: How much faster than real time; above 4 there is no sound.
        open_steps_ms: Steps that wait go on after this time; `None` waits for the user.
        theme: The sound theme; `None` for the session's own.
        sounds: The user's own files in place of single cue sounds, by the sound's name; `None` for none.
        verbosity: How much the coach says.
        breath_tones: Parts with a breath sound as long as they last; only at the true speed.
        growth: Doses grow with what was done, where neither `level` nor `doses` says what they are.
        ceiling: How far doses may have grown, 0 to 1; a programme says so.
        doses: What a set is to be of steps whose doses have grown, by their place in the list of steps.
    """

    level: float | None = None
    usual_level: float = 0.0
    seed: int | None = None
    voice: str | None = None
    usual_voice: str = DEFAULT_VOICE
    manner: Manner = DEFAULT_MANNER
    usual_manner: Manner = DEFAULT_MANNER
    lexicon: Mapping[str, str] | None = None
    volume: int = 80
    sound: bool = True
    output: str = "auto"
    latency_ms: int = 0
    speed: float = 1.0
    open_steps_ms: int | None = None
    theme: str | None = None
    sounds: Mapping[str, str] | None = None
    verbosity: Verbosity = "full"
    breath_tones: bool = True
    growth: bool = False
    ceiling: float = 1.0
    doses: Mapping[int, ResolvedDose] = field(default_factory=dict)

    def voice_for(self, session: Session) -> str:
        """Who speaks in that session."""
        return self.voice or session.voice.name or self.usual_voice

    @property
    def is_heard(self) -> bool:
        """Whether the run makes sound at all."""
        return self.sound and self.speed <= MAX_AUDIBLE_SPEED
