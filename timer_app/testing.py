"""Helpers for tests, of this project and of what others build on it: a manual clock, a sink, short timelines.

A run without waiting:

    >>> clock, sink = ManualClock(), RecordingSink()
    >>> conductor = Conductor(Player(timeline(hold(20_000, sound(0, "start")), rest(5_000))), clock, sink)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from timer_app.core.player import Clock, ManualClock
from timer_app.core.timeline import Cue, CueContent, LeadIn, Measure, Phase, PhaseKind, StepInfo, Timeline
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.utterance import Utterance

__all__ = [
    "Cancelled",
    "ManualClock",
    "Part",
    "RecordingSink",
    "Scheduled",
    "Step",
    "hold",
    "lead_in",
    "line",
    "measure",
    "overrun",
    "phase",
    "prepare",
    "reps",
    "rest",
    "say",
    "self_paced",
    "sound",
    "step",
    "switch",
    "timeline",
    "wait",
]


class Scheduled(NamedTuple):
    """A cue that was handed over, to be heard at `at_ms` of the machine's clock without its first `from_ms`."""

    content: CueContent
    at_ms: float
    from_ms: int = 0


class Cancelled(NamedTuple):
    """What had not begun at `at_ms` was to be forgotten, and what sounded too unless `keep_sounding`."""

    at_ms: float
    keep_sounding: bool


class RecordingSink:
    """A sink that notes what it is asked to do.

    Args:
        clock: Tells when a cancellation happens; without one, everything scheduled before it counts as not begun.
        latency_ms: Cues due so soon after a cancellation have begun, as in an output that is filled ahead.

    Attributes:
        calls: Everything it was asked, in order.
        paused_with: The sound of each pause.
        closed: Whether the device was given back.
    """

    def __init__(self, clock: Clock | None = None, latency_ms: int = 0) -> None:
        self.latency_ms = latency_ms
        self.calls: list[Scheduled | Cancelled] = []
        self.paused_with: list[CueContent] = []
        self.closed = False
        self._clock = clock

    def preload(self, contents: Iterable[CueContent]) -> None:
        """Nothing has to be at hand."""

    def schedule(self, content: CueContent, at_ms: float, from_ms: int = 0) -> None:
        """Note a cue."""
        self.calls.append(Scheduled(content, at_ms, from_ms))

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Note a cancellation."""
        at_ms = float("-inf") if self._clock is None else self._clock.machine_ms(self._clock.now_ms())
        self.calls.append(Cancelled(at_ms, keep_sounding))

    def pause(self, content: CueContent) -> None:
        """Note a pause, after which nothing sounds but `content`."""
        self.cancel()
        self.paused_with.append(content)

    def close(self) -> None:
        """Note that no more is to come."""
        self.closed = True

    @property
    def heard(self) -> list[Scheduled]:
        """The cues that began to be heard, or will be, ordered by their moment."""
        heard: list[Scheduled] = []
        for call in self.calls:
            if isinstance(call, Scheduled):
                heard.append(call)
            else:
                begun_ms = call.at_ms + (self.latency_ms if call.keep_sounding else 0)
                heard = [cue for cue in heard if cue.at_ms <= begun_ms]
        return sorted(heard, key=lambda cue: cue.at_ms)


Part: TypeAlias = Phase | Sequence[Phase]
"""One phase, or the phases of one unit."""


@dataclass(frozen=True, slots=True)
class Step:
    """Parts that belong to one step of a file; made by `step`."""

    info: StepInfo
    parts: tuple[Part, ...]


def sound(at_ms: int, name: str = "tick", *, length_ms: int = 0, from_end: bool = False) -> Cue:
    """A sound at `at_ms` of its phase."""
    return Cue(at_ms, name, length_ms, from_end)


def line(at_ms: int, text: str, *, length_ms: int = 1_000, from_end: bool = False) -> Cue:
    """A spoken line at `at_ms` of its phase."""
    return Cue(at_ms, Utterance(text), length_ms, from_end)


def phase(kind: PhaseKind, duration_ms: int | None, *cues: Cue, label: str = "", **more: Any) -> Phase:
    """Any phase; `more` are fields of `Phase`. `timeline` fills in step and unit."""
    ordered = tuple(sorted(cues, key=lambda cue: cue.offset_ms))
    return Phase(kind, label or kind.capitalize(), duration_ms, step=None, unit=0, cues=ordered, **more)


def hold(duration_ms: int | None, *cues: Cue, label: str = "Hold", **more: Any) -> Phase:
    """A set of a hold; without a length, the user ends it."""
    return phase("work", duration_ms, *cues, label=label, **more)


def overrun(*cues: Cue, label: str = "Hold", **more: Any) -> Phase:
    """The time past zero of a hold, which stands before it in the same unit."""
    return phase("work", None, *cues, label=label, overrun=True, count_up=True, **more)


def reps(count: int, *parts_ms: int, label: str = "Reps", **more: Any) -> list[Phase]:
    """A set of `count` paced reps, each as many phases long as there are `parts_ms`; 3 s a rep by default."""
    return [
        phase("work", part_ms, label=label, rep=rep, reps=count, **more)
        for rep in range(1, count + 1)
        for part_ms in parts_ms or (3_000,)
    ]


def self_paced(count: int | None, *cues: Cue, label: str = "Reps", **more: Any) -> Phase:
    """A set of reps that the person counts."""
    return phase("work", None, *cues, label=label, self_paced=True, reps=count, **more)


def rest(duration_ms: int, *cues: Cue, **more: Any) -> Phase:
    """A rest."""
    return phase("rest", duration_ms, *cues, **more)


def prepare(duration_ms: int, *cues: Cue, **more: Any) -> Phase:
    """Time to get ready."""
    return phase("prepare", duration_ms, *cues, **more)


def switch(duration_ms: int, *cues: Cue, **more: Any) -> Phase:
    """Time to change sides."""
    return phase("switch", duration_ms, *cues, **more)


def say(text: str, duration_ms: int, **more: Any) -> Phase:
    """A line that fills a phase of its own."""
    return phase("say", duration_ms, line(0, text, length_ms=duration_ms), text=text, **more)


def wait(text: str = "Go on when you are ready.", *cues: Cue, **more: Any) -> Phase:
    """A phase that lasts until the user goes on."""
    return phase("wait", None, *cues, text=text, **more)


def measure(
    key: str = "pain", low: float | None = 0, high: float | None = 10, *, unit: str = "", area: str = "", **more: Any
) -> Phase:
    """A question for a number."""
    return phase("measure", None, measure=Measure(key, f"{key.capitalize()}?", low, high, unit, area=area), **more)


def lead_in(duration_ms: int, *cues: Cue) -> LeadIn:
    """The moment before work goes on."""
    return LeadIn(duration_ms, cues)


def step(name: str, *parts: Part, kind: str = "hold", dose: Dose | None = None) -> Step:
    """Parts that belong to one step: `step("Plank", hold(20_000), rest(5_000), hold(20_000))`."""
    return Step(StepInfo(name, kind, dose), parts)


def timeline(
    *parts: Part | Step, name: str = "Test", resume: LeadIn | None = None, again: LeadIn | None = None
) -> Timeline:
    """A timeline of `parts`: each is a unit of its own, and a step of its own unless it lies in a `step`."""
    steps = [part if isinstance(part, Step) else _own_step(part) for part in parts]
    phases = _numbered((number, part) for number, owner in enumerate(steps) for part in owner.parts)
    infos = tuple(owner.info for owner in steps)
    return Timeline(name, tuple(phases), infos, resume or LeadIn(), again or LeadIn(6_000))


def _own_step(part: Part) -> Step:
    first = part if isinstance(part, Phase) else part[0]
    return Step(StepInfo(first.label, first.kind), (part,))


def _numbered(parts: Iterator[tuple[int, Part]]) -> Iterator[Phase]:
    for unit, (number, part) in enumerate(parts):
        for each in (part,) if isinstance(part, Phase) else part:
            yield replace(each, step=number, unit=unit)
