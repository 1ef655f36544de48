"""The timeline: phases in a row, each with its cues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from math import isfinite
from typing import Literal, NamedTuple

from timer_app.core.figures.model import Figure

PhaseKind = Literal["prepare", "work", "switch", "rest", "say", "wait", "measure"]
CueKind = Literal["speech", "sound"]
Breath = Literal["in", "out", "hold"]
SideKind = Literal["left", "right", "first", "second"]
_WORK = ("hold", "reps", "flow")
MOST_CHOICE = 3.0  # a question with a wider range of answers measures something


@dataclass(frozen=True, slots=True)
class Cue:
    """A sound or a spoken line at an offset inside its phase.

    Attributes:
        offset_ms: From the start of the phase; `0 <= offset_ms < duration_ms`.
        kind: `speech` or `sound`.
        content: The line to speak, or the name (or path) of the sound.
        length_ms: How long it sounds.
        from_end: The cue belongs to the end of its phase: added time moves it along.
    """

    offset_ms: int
    kind: CueKind
    content: str
    length_ms: int
    from_end: bool = False

    @property
    def end_ms(self) -> int:
        """The offset by which it has sounded; a cue of unknown length takes a moment all the same."""
        return self.offset_ms + max(1, self.length_ms)


@dataclass(frozen=True, slots=True)
class SuggestionRule:
    """What an answer suggests.

    Attributes:
        session: The id of a session to train with.
        because: Why, in words; `{side}` stands for the side, and with `apart` for that of the larger answer.
        low: The smallest answer for which it holds.
        high: The largest.
        apart: It holds for two sides that are at least so far apart, whatever the answers; `None` for `low` to `high`.
    """

    session: str
    because: str
    low: float = 0.0
    high: float = 0.0
    apart: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number asked of the user.

    Attributes:
        key: What is measured, such as `pain` or `reach`.
        prompt: The question as shown.
        low: The smallest number taken, or `None` for no limit.
        high: The largest number taken, or `None` for no limit.
        unit: Shown behind the number; empty for a plain number.
        suggestion_rules: What the answers suggest.
        area: What the session calls it, which for pain is the area that hurts; empty where it gives no name.
    """

    key: str
    prompt: str
    low: float | None
    high: float | None
    unit: str = ""
    suggestion_rules: tuple[SuggestionRule, ...] = ()
    area: str = ""

    @property
    def is_choice(self) -> bool:
        """Whether a few answers are chosen from, so that more or less of it has no meaning."""
        return self.low is not None and self.high is not None and self.high - self.low <= MOST_CHOICE

    def rejection_reason(self, value: float) -> str:
        """Why `value` is no answer, in words; empty for one that is."""
        too_low = self.low is not None and value < self.low
        too_high = self.high is not None and value > self.high
        if isfinite(value) and not too_low and not too_high:
            return ""
        if self.low is not None and self.high is not None:
            return f"the answer is a number from {self.low:g} to {self.high:g}"
        if too_low:
            return f"the answer is a number of at least {self.low:g}"
        return f"the answer is a number of at most {self.high:g}" if too_high else "the answer is a number"


@dataclass(frozen=True, slots=True)
class Phase:
    """One uninterrupted interval.

    Attributes:
        kind: What the person does: prepare, work, switch sides, rest, listen, wait or answer.
        label: The exercise's name, or what stands in its place ("Rest").
        duration_ms: `None` waits for the user.
        step: Index into `Timeline.steps`; `None` for the opening and closing words.
        unit: Phases of one unit are moved over together by next and back: all the reps of a set, all rounds of a flow.
        part: The word of a tempo or flow part ("squeeze", "Cat"); empty elsewhere.
        text: The instruction or line shown, already filled in.
        up_next: The name of what follows, for rests and preparation; empty where nothing does.
        count_up: Shown and spoken as time gone rather than time left.
        self_paced: The person counts the reps.
        overrun: The hold went past zero and counts on.
        set, sets, side, rep, reps, round, rounds: Where in the session this is, counted from 1; `None` where it does
            not apply.
        breath: Which way to breathe in this part.
        part_number: Which part of its rep or round it is, from 1, as the author numbers them: those of no length count.
        side_kind: Which side `side` is, whatever it is called: one of the body's, or one of an author's own two.
        cues: Ordered by offset.
    """

    kind: PhaseKind
    label: str
    duration_ms: int | None
    step: int | None
    unit: int
    part: str = ""
    text: str = ""
    up_next: str = ""
    count_up: bool = False
    self_paced: bool = False
    overrun: bool = False
    set: int | None = None
    sets: int | None = None
    side: str | None = None
    rep: int | None = None
    reps: int | None = None
    round: int | None = None
    rounds: int | None = None
    breath: Breath | None = None
    measure: Measure | None = None
    cues: tuple[Cue, ...] = ()
    part_number: int | None = None
    side_kind: SideKind | None = None

    @property
    def is_open(self) -> bool:
        """Whether the phase waits for the user."""
        return self.duration_ms is None


@dataclass(frozen=True, slots=True)
class StepInfo:
    """A line of the step list: one step of the file, however often it is repeated.

    Attributes:
        name: The exercise's name, or a short form of what is said.
        kind: `hold`, `reps`, `flow`, `rest`, `say`, `wait` or `measure`.
        dose: What is to be done each time the step is reached, in words ("2 × 20 s each side").
        depth: How many blocks it lies in.
        block: Name of the innermost block around it; empty for none.
        equipment: What is needed for it.
        planned: The same as `dose`, all rounds of the blocks around it counted; empty where it is the same.
        exercise: Its id in the catalogue; empty for what is not from there.
        figure: Who does it along; `None` for nobody.
        growth: Where a dose that grows comes from, in words; empty where there is nothing to tell.
        unfilled: Its name as the file has it, with its placeholders; empty where it has none.
    """

    name: str
    kind: str
    dose: str
    depth: int = 0
    block: str = ""
    equipment: tuple[str, ...] = ()
    planned: str = ""
    exercise: str = ""
    figure: Figure | None = None
    growth: str = ""
    unfilled: str = ""

    @property
    def is_work(self) -> bool:
        """Whether something is done in it: a hold, reps or a flow."""
        return self.kind in _WORK

    @property
    def whole_dose(self) -> str:
        """What is to be done of it in the whole session, in words."""
        return self.planned or self.dose


@dataclass(frozen=True, slots=True)
class LeadIn:
    """The moment before work goes on: after a pause, or before a set is done once more.

    Attributes:
        duration_ms: How long the run stands at the place where it goes on.
        cues: Ordered by offset, which counts from the start of the lead-in; those beyond its end are left out.
    """

    duration_ms: int = 3_000
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A compiled session.

    Attributes:
        name: The session's name.
        phases: In the order they run; never empty.
        steps: What the step list shows.
        resume_lead_in: Played when a paused run goes on.
        repeat_lead_in: Played before a set is repeated; leaves time to move to another spot.
        starts_ms: Start of each phase, open phases counted as zero long; as long as `phases`.
        total_ms: The sum of all durations.
    """

    name: str
    phases: tuple[Phase, ...]
    steps: tuple[StepInfo, ...] = ()
    resume_lead_in: LeadIn = LeadIn()
    repeat_lead_in: LeadIn = LeadIn(6_000)
    starts_ms: tuple[int, ...] = field(init=False)
    total_ms: int = field(init=False)

    def __post_init__(self) -> None:
        starts, at_ms = [], 0
        for phase in self.phases:
            starts.append(at_ms)
            at_ms += phase.duration_ms or 0
        object.__setattr__(self, "starts_ms", tuple(starts))
        object.__setattr__(self, "total_ms", at_ms)

    def unit_start(self, index: int) -> int:
        """Index of the first phase in the unit that phase `index` belongs to."""
        unit = self.phases[index].unit
        while index > 0 and self.phases[index - 1].unit == unit:
            index -= 1
        return index

    def next_unit(self, index: int) -> int | None:
        """Index of the first phase after the unit of phase `index`; `None` after the last one."""
        unit = self.phases[index].unit
        while index < len(self.phases) and self.phases[index].unit == unit:
            index += 1
        return index if index < len(self.phases) else None

    def ends_unit(self, index: int) -> bool:
        """Whether phase `index` is the last one of its unit."""
        return index + 1 == len(self.phases) or self.phases[index + 1].unit != self.phases[index].unit

    def ends_rep(self, index: int) -> bool:
        """Whether a paced rep is complete when phase `index` ends."""
        phase = self.phases[index]
        if phase.rep is None or phase.is_open:
            return False
        return self.ends_unit(index) or self.phases[index + 1].rep != phase.rep

    def ends_round(self, index: int) -> bool:
        """Whether a round of a flow is complete when phase `index` ends."""
        phase = self.phases[index]
        if phase.kind != "work" or phase.step is None or self.steps[phase.step].kind != "flow":
            return False
        return self.ends_unit(index) or self.phases[index + 1].round != phase.round

    def first_of_step(self, step: int) -> int | None:
        """Index of the first phase of step `step`; `None` where the step has no phase."""
        return next((i for i, phase in enumerate(self.phases) if phase.step == step), None)

    def last_set_start(self, index: int) -> int | None:
        """Where the set begins that phase `index` is in or comes after; `None` before the first set."""
        work = (i for i in range(index, -1, -1) if self.phases[i].kind == "work")
        found = next(work, None)
        return None if found is None else self.unit_start(found)

    def spoken_lines(self) -> Iterator[str]:
        """Every line spoken, once each, in the order in which it is first needed."""
        every = chain(*(phase.cues for phase in self.phases), self.resume_lead_in.cues, self.repeat_lead_in.cues)
        return iter(dict.fromkeys(cue.content for cue in every if cue.kind == "speech"))

    def without_open_phases(self, wait_ms: int) -> Timeline:
        """The same for where nobody can answer: open phases last `wait_ms`, or until their line is spoken."""
        return replace(self, phases=tuple(_closed(phase, wait_ms) for phase in self.phases))


def _closed(phase: Phase, wait_ms: int) -> Phase:
    if phase.duration_ms is not None:
        return phase
    if phase.overrun:
        return replace(phase, duration_ms=wait_ms, cues=tuple(cue for cue in phase.cues if cue.end_ms <= wait_ms))
    return replace(phase, duration_ms=max([wait_ms, *(cue.end_ms for cue in phase.cues)]))


SHORTEST_MS = 1_000  # a shorter one would be a blip, not a breath
LONGEST_MS = 30_000  # nobody breathes in for longer, and a sound in memory has to end

_NAME = re.compile(r"breath-(in|out)@(\d{1,5})")


class BreathTone(NamedTuple):
    """What the name of a breath tone says."""

    rises: bool
    length_ms: int


def breath_tone(breath: Breath | None, length_ms: int) -> str | None:
    """The name of the tone for a part; `None` where there is none: the breath is held, or it is no length to breathe.

    Args:
        breath: Which way to breathe in the part.
        length_ms: How long the part lasts.
    """
    if breath not in {"in", "out"} or not SHORTEST_MS <= length_ms <= LONGEST_MS:
        return None
    return f"breath-{breath}@{length_ms}"


def parse_breath_tone(sound: str) -> BreathTone | None:
    """What the name of a sound says; `None` for one that is no breath tone."""
    found = _NAME.fullmatch(sound)
    if found is None or not SHORTEST_MS <= int(found[2]) <= LONGEST_MS:
        return None
    return BreathTone(found[1] == "in", int(found[2]))
