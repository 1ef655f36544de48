"""How long lines take while a session is written: an estimate at once, and their true length once it is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from timer_app.core.compiler import CompileContext, EstimatedLengths, compile_session
from timer_app.core.timeline.utterance import KnownLengths, SpeechTiming, Utterance
from timer_app.tts import VoiceError, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timer_app.core.session.model import Session
    from timer_app.library import Library
    from timer_app.run import RunOptions
    from timer_app.tts import SpeechStyle

_AT_ONCE = 8  # lines that are measured before somebody may type on or leave
_MOST = 500  # different lines of a session, as before a run


class Measurer(Protocol):
    """Measures lines, in another process."""

    def measure(
        self, lines: Iterable[Utterance], voice: str, style: SpeechStyle, recordings: Mapping[str, Path]
    ) -> dict[Utterance, SpeechTiming]:
        """How long each line lasts."""

    def close(self) -> None:
        """End the process."""


class SpokenLengths:
    """Remembers the lengths of lines from one text to the next.

    Args:
        library: Where sounds and recordings are.
        options: Gives who speaks, and how, where the session does not say it.
        make_measurer: Makes what measures, when it is needed.

    Attributes:
        leaves_estimates: Some lengths of the session that was measured last are estimated.
    """

    def __init__(
        self, library: Library, options: Callable[[], RunOptions], make_measurer: Callable[[], Measurer]
    ) -> None:
        self._library = library
        self._options = options
        self._make_measurer = make_measurer
        self._measurer: Measurer | None = None
        self._known: dict[Utterance, SpeechTiming] = {}
        self._speaker: tuple[str, SpeechStyle] | None = None
        self._last: tuple[Session, Path, CompileContext] | None = None
        self._waiting: tuple[Session | None, list[Utterance]] = None, []
        self._is_off = False
        self._asking = Lock()  # the process answers one at a time
        self.leaves_estimates = True

    def refine(self, session: Session, path: Path, plan: CompileContext) -> CompileContext:
        """The plan of a session with the lengths that are known, and estimates for the others."""
        resolved = self._options().resolved(session)
        speaker = resolved.voice, resolved.style
        if speaker != self._speaker:
            self._speaker, self._known = speaker, {}
        sounds = self._library.sound_lengths(resolved.sound_theme, path.parent, resolved.sounds)
        estimated, known = EstimatedLengths(sounds), self._known
        refined = replace(plan, lengths=KnownLengths(lambda line: known.get(line) or estimated.speech(line), sounds))
        self._last = session, path, refined
        return refined

    def measure_some(self) -> bool:
        """Measure some lines of the session that was looked at last; whether there were any to measure."""
        with self._asking:
            return self._measure_some()

    def _measure_some(self) -> bool:
        if self._last is None or self._speaker is None or self._is_off:
            return False
        session, path, plan = self._last
        voice, style = self._speaker
        if voice == names.SILENT or plan.is_large(session):
            return False
        missing = self._missing(session, plan)
        self.leaves_estimates = bool(missing)
        missing = missing[: min(_AT_ONCE, max(0, _MOST - len(self._known)))]
        if not missing:
            return False
        try:
            self._measurer = self._measurer or self._make_measurer()
            recordings = self._library.media(session, path.parent).recordings
            measured = self._measurer.measure(missing, voice, style, recordings)
        except VoiceError:
            self._is_off = True  # a run says what is wrong
            return False
        self._known.update(measured)
        return bool(measured)

    def _missing(self, session: Session, plan: CompileContext) -> list[Utterance]:
        """The lines of a session that are not measured yet.

        Which lines there are hardly depends on their lengths: it is laid out again only once all of them are known, and
        not for each few of them, while somebody may be typing.
        """
        of_session, waiting = self._waiting
        missing = [line for line in waiting if line not in self._known] if of_session is session else []
        if not missing:
            missing = [line for line in compile_session(session, plan).candidates if line not in self._known]
        self._waiting = session, missing
        return missing

    def close(self) -> None:
        """End what measures."""
        self._is_off = True
        if self._measurer is not None:
            self._measurer.close()
