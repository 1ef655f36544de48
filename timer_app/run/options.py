"""How a session is to be run: what was asked for, what the session says, and what the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from timer_app.core.constraints import (
    DEFAULT_COMPANY,
    DEFAULT_OUTPUT,
    DEFAULT_THEME,
    DEFAULT_VERBOSITY,
    DEFAULT_VOLUME,
    Company,
    Verbosity,
)
from timer_app.core.timeline.utterance import DEFAULT_PITCH, Manner
from timer_app.tts import DEFAULT_VOICE

if TYPE_CHECKING:
    from timer_app.core.compiler import CompileContext
    from timer_app.core.session.model import Session
    from timer_app.core.timeline.utterance import Lengths
    from timer_app.core.training import ResolvedDose
    from timer_app.library import Library
    from timer_app.tts import SpeechStyle

MAX_AUDIBLE_SPEED = 4.0


@dataclass(frozen=True, slots=True)
class RunDefaults:
    """What holds where neither the run nor the session says anything: the user's settings.

    Attributes:
        level: Where in each range of doses to work, 0 to 1.
        voice: Who speaks.
        rate: Words a minute; `None` for the usual rate of each language.
        pitch: How high the voice is, 0 to 100.
    """

    level: float = 0.0
    voice: str = DEFAULT_VOICE
    rate: int | None = None
    pitch: int = DEFAULT_PITCH


@dataclass(frozen=True, slots=True)
class ResolvedOptions:
    """What holds for a run of one session; every choice is made.

    Attributes:
        level: Where in each range of doses to work, 0 to 1.
        voice: Who speaks.
        style: How lines are spoken.
        sound_theme: The set of cue sounds.
        sounds: Files that replace single cue sounds, by the name of the sound.
        breath_tones: Parts with a breath sound as long as they last.
    """

    level: float
    voice: str
    style: SpeechStyle
    sound_theme: str
    sounds: Mapping[str, str]
    breath_tones: bool


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a session is to be run, before the session is known.

    `level`, `voice`, `rate`, `pitch` and `sound_theme` override the session where they are given; `resolved` says what
    holds for a session. Settings of the same names become these options, see `timer_app.settings.run_options`.

    Attributes:
        level: Where in each range of doses to work, 0 to 1; `None` for the session's level.
        voice: Who speaks; `None` for the session's voice.
        rate: Words a minute, for every line; `None` for what the line or the session says.
        pitch: How high the voice is, for every line; `None` for what the line or the session says.
        defaults: What holds where neither this nor the session says anything.
        seed: Decides the order of shuffled blocks; `None` for a new one each time.
        lexicon: Spellings for the voice, besides those of the session.
        volume: Loudness in percent.
        sound: `False` for a silent run.
        output: What plays the sound; `auto` for the best there is.
        latency_ms: By how much later than usual the sound reaches the ear, as with some headsets.
        speed: How much faster than real time; above 4 there is no sound.
        open_steps_ms: Steps that wait go on after this time; `None` waits for the user.
        sound_theme: The set of cue sounds; `None` for the session's.
        sounds: The user's files that replace single cue sounds, by the name of the sound.
        verbosity: How much the coach says.
        breath_tones: Parts with a breath sound as long as they last; only at real speed.
        growth: Doses progress from session to session, unless `level` or `doses` sets them.
        ceiling: How far doses may have progressed, 0 to 1; a programme sets it.
        doses: The progressive doses, by the index of their step in the list of steps.
        left_out: The steps that are not done, by their index; `None` where nobody has chosen yet.
        max_ms: How long the session may take; what has a lower priority is left out for it.
        variants: The exercises that are done in place of those that steps name, by the index of the step; `None` where
            nobody has chosen yet.
        company: How soon a long silence is broken where the session does not say it.
        fewer_words: The more often the session has been done, the less of it is explained.
        times_done: How often it has been done lately; `None` where nobody has looked, so that all is said.
        wording: Decides which of several wordings are said.
        keys: What the keys are called that somebody can press, by the names of their commands.
        first_step: The step with which the run begins, by its index; earlier ones are not done.
    """

    level: float | None = None
    voice: str | None = None
    rate: int | None = None
    pitch: int | None = None
    defaults: RunDefaults = RunDefaults()
    seed: int | None = None
    lexicon: Mapping[str, str] = field(default_factory=dict)
    volume: int = DEFAULT_VOLUME
    sound: bool = True
    output: str = DEFAULT_OUTPUT
    latency_ms: int = 0
    speed: float = 1.0
    open_steps_ms: int | None = None
    sound_theme: str | None = None
    sounds: Mapping[str, str] = field(default_factory=dict)
    verbosity: Verbosity = DEFAULT_VERBOSITY
    breath_tones: bool = True
    growth: bool = False
    ceiling: float = 1.0
    doses: Mapping[int, ResolvedDose] = field(default_factory=dict)
    left_out: frozenset[int] | None = None
    max_ms: int | None = None
    variants: Mapping[int, str] | None = None
    company: Company = DEFAULT_COMPANY
    fewer_words: bool = False
    times_done: int | None = None
    wording: int = 0
    keys: Mapping[str, str] = field(default_factory=dict)
    first_step: int = 0

    def resolved(self, session: Session | None = None) -> ResolvedOptions:
        """What holds for `session`: these options override it, and it overrides the defaults.

        Args:
            session: What is run; `None` for something that is heard outside of a session.
        """
        level, voice, theme = self.level, self.voice, self.sound_theme
        if session:
            level = session.level if level is None else level
            voice = voice or _session_voice(session)
            theme = theme or session.sound.theme
        return ResolvedOptions(
            level=self.defaults.level if level is None else level,
            voice=voice or self.defaults.voice,
            style=self._style(session),
            sound_theme=theme or DEFAULT_THEME,
            sounds={**(session.sound.sounds if session else {}), **self.sounds},
            # A tone made for the length of a part would run into the next part at another speed.
            breath_tones=self.breath_tones and self.speed == 1,
        )

    def compile_context(
        self, session: Session, library: Library, lengths: Lengths, seed: int | None = None
    ) -> CompileContext:
        """What `session` is compiled with, for a run as for what is shown of it before.

        Args:
            session: The session.
            library: Where exercises and phrases come from.
            lengths: How long lines and sounds last.
            seed: Decides the order of shuffled blocks; `None` for what these options say.
        """
        from timer_app.core.compiler import fit_time  # options are made before anything is compiled

        resolved, decided = self.resolved(session), self.seed if seed is None else seed
        context = replace(
            library.plan(session, lengths, resolved.level, decided or 0),
            verbosity=self.verbosity,
            breath_tones=resolved.breath_tones,
            doses=self.doses,
            left_out=self.left_out,
            variants=self.variants or {},
            asks=self.open_steps_ms is None,
            company=self.company,
            times_done=self.times_done,
            wording=self.wording,
            fades=self.fewer_words,
            keys=self.keys if self.open_steps_ms is None else {},
        )
        return fit_time(session, context, self.max_ms)

    def _style(self, session: Session | None) -> SpeechStyle:
        from timer_app.tts import SpeechStyle  # the first screen does not wait for the models behind it

        usual, fixed = Manner(self.defaults.rate, self.defaults.pitch), Manner(self.rate, self.pitch)
        if session is None:
            return SpeechStyle(usual=usual, fixed=fixed)
        return SpeechStyle.for_session(session, usual, fixed, self.lexicon)

    @property
    def is_heard(self) -> bool:
        """Whether the run makes sound at all."""
        return self.sound and self.speed <= MAX_AUDIBLE_SPEED


def _session_voice(session: Session) -> str | None:
    """The voice that a session names; none for a file outside of the user's voice folder."""
    from timer_app.system import paths
    from timer_app.tts.names import find_session_voice

    return find_session_voice(session.voice.name, paths.own_voices_dir()) if session.voice.name else None
