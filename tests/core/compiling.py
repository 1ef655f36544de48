"""Short ways to compile a session written as data, and to look at what came of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from timer_app.core.compiler.compile import CompileContext, Compiled, LanguageTexts, compile_session
from timer_app.core.constraints import Verbosity
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import IncludedSession, Session, SessionStep, with_one_fit
from timer_app.core.timeline.model import Cue, Phase, Timeline
from timer_app.core.timeline.utterance import Lengths, SpeechTiming, Utterance
from timer_app.library import phrases as phrase_book

Step = dict[str, Any]

HOLD: Step = {"name": "Squat", "hold": "30s"}
SQUAT: Step = {"name": "Squat", "hold": "20s"}
ROW: Step = {"name": "Row", "reps": 5, "tempo": "2-3"}
SOUNDS_MS = {
    "start": 500,
    "end": 600,
    "tick": 60,
    "halfway": 400,
    "set": 500,
    "rest": 300,
    "switch": 500,
    "finish": 900,
}
BEAT_MS = 80


_ENGLISH = phrase_book.phrases("en")
HALVES = _ENGLISH.halfway
FILLERS = {*_ENGLISH.encourage, *_ENGLISH.breathe, *_ENGLISH.company, *_ENGLISH.company_rest}


class PlainLengths:
    """Every character takes as long; the beat comes soon after the start of a line."""

    def __init__(self, ms_per_character: int = 50) -> None:
        self._ms_per_character = ms_per_character

    def speech(self, line: Utterance, /) -> SpeechTiming:
        return SpeechTiming(len(line.text) * self._ms_per_character, BEAT_MS if line.text else 0)

    def sound(self, name: str, /) -> int:
        return SOUNDS_MS.get(name, 0)


class RandomLengths:
    """Lengths without rhyme or reason, the same for the same line."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def speech(self, line: Utterance, /) -> SpeechTiming:
        length_ms = self._number(line.text, 2_500)
        return SpeechTiming(length_ms, min(length_ms, self._number(f"beat of {line.text}", 300)))

    def sound(self, name: str, /) -> int:
        return self._number(f"sound {name}", 900)

    def _number(self, text: str, below: int) -> int:
        return zlib.crc32(f"{self._seed} {text}".encode()) % below


def session(*steps: Step, catalogue: Mapping[str, Exercise] | None = None, **more: Any) -> Session:
    """A session; a step may put another one in, as `{"included": {"steps": [...]}}` with any keys of a session."""
    context = {"exercises": catalogue or {}}
    data = {"schema": 1, "name": "Test", "steps": [_put_in(step, context) for step in steps], **more}
    return with_one_fit(Session.model_validate(data, context=context))


def _put_in(step: Step, context: Mapping[str, Any]) -> Step | IncludedSession:
    inner = [_put_in(one, context) for one in step.get("included", step).get("steps", ())]
    if "included" in step:
        data = {"schema": 1, "name": "Inner", **step["included"], "steps": inner}
        return IncludedSession.of(SessionStep(session="inner"), Session.model_validate(data, context=context))
    return {**step, "steps": inner} if inner else step


def exercises(**found: Step) -> dict[str, Exercise]:
    return {name.replace("_", "-"): Exercise.model_validate(data) for name, data in found.items()}


def plan(
    lengths: Lengths | None = None,
    *,
    level: float = 0.0,
    seed: int = 0,
    catalogue: Mapping[str, Exercise] | None = None,
    language: str = "en",
    verbosity: Verbosity = "full",
) -> CompileContext:
    phrases = phrase_book.phrases(language)
    languages = {"de": LanguageTexts(catalogue or {}, phrase_book.phrases("de"))}
    made = CompileContext(catalogue or {}, phrases, lengths or PlainLengths(), level, seed, verbosity=verbosity)
    return replace(made, languages=languages)


def compiled(
    *steps: Step,
    level: float = 0.0,
    lengths: Lengths | None = None,
    verbosity: Verbosity = "full",
    **more: Any,
) -> Compiled:
    return compile_session(session(*steps, **more), plan(lengths, level=level, verbosity=verbosity))


def phases(*steps: Step, **more: Any) -> list[Phase]:
    """The phases between the opening and the closing words."""
    return list(compiled(*steps, **more).timeline.phases[1:-1])


def kinds(*steps: Step, **more: Any) -> list[str]:
    """What the phases between the opening and the closing words are."""
    return [phase.kind for phase in phases(*steps, **more)]


class Heard(NamedTuple):
    """A cue with the moment at which it is heard; open phases count as no time."""

    at_ms: int
    phase: int
    cue: Cue

    @property
    def end_ms(self) -> int:
        return self.at_ms + self.cue.length_ms


def heard(timeline: Timeline, kind: str) -> Iterator[Heard]:
    """Every cue of a kind, in the order of the timeline."""
    for index, (phase, start_ms) in enumerate(zip(timeline.phases, timeline.starts_ms, strict=True)):
        yield from (Heard(start_ms + cue.offset_ms, index, cue) for cue in phase.cues if cue.kind == kind)


def said(phase: Phase) -> list[str]:
    """The lines of a phase, in order."""
    return [cue.text for cue in phase.cues if cue.kind == "speech"]


def sounds(phase: Phase) -> list[tuple[int, str]]:
    """The sounds of a phase with their offsets, in order."""
    return [(cue.offset_ms, cue.text) for cue in phase.cues if cue.kind == "sound"]


def lines(phase: Phase) -> dict[str, int]:
    """The lines of a phase with their offsets, without what fills a silence."""
    return {cue.text: cue.offset_ms for cue in phase.cues if cue.kind == "speech" and cue.text not in FILLERS}


def words(phase: Phase) -> list[str]:
    """What is said apart from numbers, and from what fills a silence."""
    return [line for line in said(phase) if not line.isdigit() and line not in FILLERS]


def first_work(step: Step, **more: Any) -> Phase:
    """The first phase of work."""
    return next(phase for phase in phases(step, **more) if phase.kind == "work")
