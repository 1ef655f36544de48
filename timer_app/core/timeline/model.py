"""The timeline: phases in a row, each with its cues."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from math import inf, isfinite
from typing import Literal, NamedTuple, TypeAlias

from timer_app.core.figures import Figure
from timer_app.core.i18n import _
from timer_app.core.timeline.dose import Dose, DoseOrigin, SetQuestion
from timer_app.core.timeline.utterance import Utterance

PhaseKind = Literal["prepare", "work", "switch", "rest", "say", "wait", "measure"]
CueKind = Literal["speech", "sound"]
CueContent: TypeAlias = Utterance | str
"""A line to speak, or the name (or path) of a sound."""

Breath = Literal["in", "out", "hold"]
SideKind = Literal["left", "right", "first", "second"]
_WORK = ("hold", "reps", "flow", "distance", "rounds")
LONG_SOUND_MS = 2_000  # such a sound, a breath tone for one, lies under the voice
FILLER_CLEAR_MS = 500  # of silence around what fills one
MOST_CHOICE = 3.0  # a question with a wider range of answers measures something


@dataclass(frozen=True, slots=True)
class Cue:
    """A sound or a spoken line at an offset inside its phase.

    Attributes:
        offset_ms: From the start of the phase; `0 <= offset_ms < duration_ms`.
        content: The line to speak, or the sound.
        length_ms: How long it sounds.
        from_end: The cue belongs to the end of its phase, and moves with it when time is added.
        fills: It only fills a silence, and gives way to any other where its phase is not as long as planned.
    """

    offset_ms: int
    content: CueContent
    length_ms: int
    from_end: bool = False
    fills: bool = False

    @property
    def kind(self) -> CueKind:
        """Whether a line or a sound is heard."""
        return "speech" if isinstance(self.content, Utterance) else "sound"

    @property
    def may_be_spoken_over(self) -> bool:
        """Whether it lies below the voice: another that fills a silence, or a long sound such as a breath tone."""
        return self.fills or (self.kind == "sound" and self.length_ms >= LONG_SOUND_MS)

    @property
    def text(self) -> str:
        """The words of the line, or the sound's name."""
        return content_text(self.content)

    @property
    def end_ms(self) -> int:
        """The offset at which it ends; a cue of unknown length counts as one millisecond."""
        return self.offset_ms + max(1, self.length_ms)


def content_text(content: CueContent) -> str:
    """The words of a line, or the name of a sound."""
    return content.text if isinstance(content, Utterance) else content


@dataclass(frozen=True, slots=True)
class SuggestionRule:
    """When an answer suggests a session.

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
class JumpRule:
    """Where the run goes on after some answers.

    Attributes:
        step: Index of the step to go on with, at the next time it is done; `None` for the end of the session.
        harder: The run goes on as written, and the next exercise with variants is so many rungs harder; 0 for a jump.
        low: The smallest answer for which it holds.
        high: The largest.
        apart: It holds for two sides that are at least so far apart; `None` for `low` to `high`.
    """

    step: int | None
    low: float = 0.0
    high: float = 0.0
    apart: float | None = None
    harder: int = 0

    def holds_for(self, answers: Sequence[float]) -> bool:
        """Whether it holds for the answers to one question, one for each side."""
        if self.apart is not None:
            return len(answers) > 1 and max(answers) - min(answers) >= self.apart
        return any(self.low <= answer <= self.high for answer in answers)


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
        area: The key of what the session calls it, which for pain is the area that hurts: the same in every language,
            and empty where the session gives no name.
        jumps: Where the run goes on after some answers; the first rule that holds counts, once all sides are answered.
        of_set: What of the set before it is asked, which is noted there; empty for a question of the author's.
        planned: What that was to be, for reading; empty where nothing is planned.
        unless_counted: It is passed over where reps were counted by hand.
    """

    key: str
    prompt: str
    low: float | None
    high: float | None
    unit: str = ""
    suggestion_rules: tuple[SuggestionRule, ...] = ()
    area: str = ""
    jumps: tuple[JumpRule, ...] = ()
    of_set: SetQuestion | None = None
    planned: str = ""
    unless_counted: bool = False

    @property
    def is_choice(self) -> bool:
        """Whether the user picks one of a few answers, so that more or less has no meaning."""
        return self.low is not None and self.high is not None and self.high - self.low <= MOST_CHOICE

    def rejection_reason(self, value: float) -> str:
        """Why `value` is not a valid answer, in words; empty if it is valid."""
        too_low = self.low is not None and value < self.low
        too_high = self.high is not None and value > self.high
        if self.of_set == "reps" and isfinite(value) and value != int(value):
            return _("the answer is a whole number")
        if isfinite(value) and not too_low and not too_high:
            return ""
        if self.low is not None and self.high is not None:
            return _("the answer is a number from {low} to {high}").format(low=f"{self.low:g}", high=f"{self.high:g}")
        if too_low:
            return _("the answer is a number of at least {low}").format(low=f"{self.low:g}")
        if too_high:
            return _("the answer is a number of at most {high}").format(high=f"{self.high:g}")
        return _("the answer is a number")


@dataclass(frozen=True, slots=True)
class Phase:
    """One uninterrupted interval.

    Attributes:
        kind: What the person does: prepare, work, switch sides, rest, listen, wait or answer.
        label: The exercise's name, or a word such as "Rest".
        duration_ms: `None` waits for the user.
        step: Index into `Timeline.steps`; `None` for the opening and closing words.
        unit: Next and back skip all phases of one unit together: all reps of a set, all rounds of a flow.
        part: The word of a tempo or flow part ("squeeze", "Cat"); empty elsewhere.
        text: The instruction or line shown, already filled in.
        up_next: The name of the next exercise, for rests and preparation; empty if there is none.
        word: The author's word for the work, shown large; empty for that of its kind.
        untimed: Its time is no part of the session's: words before the start or after the end.
        ready_ms: How much of the end of a rest it takes to tell what comes next; 0 where that is told at its start.
        count_up: Time elapsed is shown and spoken, rather than time left.
        self_paced: The person counts the reps.
        overrun: The hold went past zero and counts on.
        set, sets, side, rep, reps, round, rounds: The position in the session, counted from 1; `None` if it does not
            apply.
        breath: Which way to breathe in this part.
        part_number: Which part of its rep or round it is, from 1; parts of no length count, as for the author.
        side_kind: Which side `side` is, whatever its name: a side of the body, or one of the author's own two.
        load: What is lifted, worn or pulled in the set, such as `20 kg`; empty for nothing.
        effort: How hard the set is to be, such as `RPE 8`; empty where it is not said.
        distance: How far to go, such as `400 m`; empty for anything else.
        is_open_ended: The reps are the least, or as many as one can; the user ends the set.
        reps_before: How many reps of the set were paced before it.
        begins_round: A round that lasts some fixed time begins with it.
        until_ms: It rests until so long after the beginning of such a round, however long that has taken; its
            duration is what is planned.
        counts_rounds: One clock runs for all rounds, which the person counts; `rounds` is the number at which it
            stops, or `None`.
        instruction: What explains the exercise to whoever asks; `None` where there is nothing to say.
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
    word: str = ""
    untimed: bool = False
    ready_ms: int = 0
    begins_round: bool = False
    until_ms: int | None = None
    counts_rounds: bool = False
    load: str = ""
    effort: str = ""
    distance: str = ""
    is_open_ended: bool = False
    reps_before: int = 0
    instruction: Utterance | None = None

    @property
    def explanation(self) -> str:
        """What is read before this work, where its text is only how to begin or the word of its first part."""
        said = self.instruction.text if self.instruction else ""
        return said if self.part or self.text in said else self.text

    @property
    def is_plain_hold(self) -> bool:
        """Whether it is work that lasts some time and is not counted: no part of a rep or of a flow."""
        is_counted = self.rep is not None or bool(self.part) or self.self_paced or self.counts_rounds
        return self.kind == "work" and self.duration_ms is not None and not is_counted and not self.overrun

    @property
    def counts_time(self) -> bool:
        """Whether it is work that the user ends, and the time of which is counted upward."""
        return self.kind == "work" and self.duration_ms is None and not self.self_paced

    @property
    def is_open(self) -> bool:
        """Whether the phase waits for the user."""
        return self.duration_ms is None

    @property
    def timed_ms(self) -> int:
        """How much of the session's time it takes: nothing if it waits, or is no part of that time."""
        return 0 if self.untimed else self.duration_ms or 0

    def shifted_cues(self, extra_ms: int) -> list[tuple[int, Cue]]:
        """The cues with their offsets if the phase is `extra_ms` longer than planned, in order.

        Cues that count from the end move with it. A line that the end would cut off, or that another would overlap, is
        left out, and so is one that fills a silence where that is none any more.
        """
        if not extra_ms:
            return [(cue.offset_ms, cue) for cue in self.cues]
        end_ms = (self.duration_ms or 0) + extra_ms
        moved = [(cue.offset_ms + extra_ms if cue.from_end else cue.offset_ms, cue) for cue in self.cues]
        inside = sorted(((at_ms, cue) for at_ms, cue in moved if 0 <= at_ms < end_ms), key=lambda pair: pair[0])
        return list(_without_overlaps(_with_quiet_fillers(inside), end_ms))

    def lasting(self, duration_ms: int) -> Phase:
        """The same with another length."""
        cues = self.shifted_cues(duration_ms - (self.duration_ms or 0))
        return replace(self, duration_ms=duration_ms, cues=tuple(replace(cue, offset_ms=at_ms) for at_ms, cue in cues))


def _with_quiet_fillers(cues: Sequence[tuple[int, Cue]]) -> Iterator[tuple[int, Cue]]:
    """The cues, in order, without those that were to fill a silence but now come close to another."""
    begins_ms = [at_ms for at_ms, cue in cues if not cue.may_be_spoken_over]
    before, quiet_ms = 0, 0
    for at_ms, cue in cues:
        if not cue.fills:
            if not cue.may_be_spoken_over:
                before, quiet_ms = before + 1, max(quiet_ms, at_ms + cue.length_ms + FILLER_CLEAR_MS)
            yield at_ms, cue
        elif at_ms >= quiet_ms and at_ms + cue.length_ms + FILLER_CLEAR_MS <= (
            begins_ms[before] if before < len(begins_ms) else inf
        ):
            yield at_ms, cue


def _without_overlaps(cues: Iterable[tuple[int, Cue]], end_ms: int) -> Iterator[tuple[int, Cue]]:
    free_ms = 0
    for at_ms, cue in cues:
        if cue.kind == "speech":
            if at_ms < free_ms or (at_ms + cue.length_ms > end_ms and not cue.from_end):
                continue
            free_ms = at_ms + cue.length_ms
        yield at_ms, cue


@dataclass(frozen=True, slots=True)
class StepInfo:
    """An entry of the step list: one step of the file, however often it is repeated.

    Attributes:
        name: The exercise's name, or a short form of what is said.
        kind: `hold`, `reps`, `flow`, `distance`, `rounds` (of a block with one clock), `rest`, `say`, `wait` or
            `measure`.
        dose: The work of one visit; `None` for nothing.
        depth: How many blocks it is nested in.
        block: Name of the innermost block around it; empty for none.
        equipment: The equipment it needs.
        planned: Like `dose`, but for all rounds of the blocks around it; `None` if it is the same.
        exercise: Its id in the catalogue; empty if it is not from there.
        figure: The figure that demonstrates it; `None` for none.
        dose_origin: Why a dose that grows is what it is; `None` for a dose that does not.
        unfilled: Its name as written, with placeholders; empty if it has none.
        is_left_out: It is not done this time.
        takes_time: It becomes a phase; a rest of no length does not.
    """

    name: str
    kind: str
    dose: Dose | None = None
    depth: int = 0
    block: str = ""
    equipment: tuple[str, ...] = ()
    planned: Dose | None = None
    exercise: str = ""
    figure: Figure | None = None
    dose_origin: DoseOrigin | None = None
    unfilled: str = ""
    is_left_out: bool = False
    takes_time: bool = True

    @property
    def is_listed(self) -> bool:
        """Whether it belongs in a list of what is done."""
        return self.takes_time and not self.is_left_out

    @property
    def is_work(self) -> bool:
        """Whether it is work: a hold, reps, a flow, a distance, or rounds by the clock."""
        return self.kind in _WORK

    @property
    def whole_dose(self) -> Dose | None:
        """Its work in the whole session; `None` where it is left out."""
        return None if self.is_left_out else self.planned or self.dose


@dataclass(frozen=True, slots=True)
class LeadIn:
    """The time before work resumes after a pause, or before a set is repeated.

    Attributes:
        duration_ms: How long the run waits at the position where it resumes.
        cues: Ordered by offset from the start of the lead-in; one at its very end marks zero, later ones are left out.
    """

    duration_ms: int = 3_000
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A compiled session.

    Attributes:
        name: The session's name.
        phases: In the order they run; never empty.
        steps: The step list.
        resume_lead_in: Played when a paused run resumes.
        repeat_lead_in: Played before a set is repeated; leaves time to get back into position.
        picked: The names of the steps that were chosen by chance for this time.
        starts_ms: Start of each phase, open and untimed phases counted as zero long; as long as `phases`.
        total_ms: The sum of all durations, without those of untimed phases.
    """

    name: str
    phases: tuple[Phase, ...]
    steps: tuple[StepInfo, ...] = ()
    resume_lead_in: LeadIn = LeadIn()
    repeat_lead_in: LeadIn = LeadIn(6_000)
    picked: tuple[str, ...] = ()
    starts_ms: tuple[int, ...] = field(init=False)
    total_ms: int = field(init=False)
    _rounds: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts, at_ms = [], 0
        for phase in self.phases:
            starts.append(at_ms)
            at_ms += phase.timed_ms
        object.__setattr__(self, "_rounds", tuple(i for i, phase in enumerate(self.phases) if phase.begins_round))
        object.__setattr__(self, "starts_ms", tuple(starts))
        object.__setattr__(self, "total_ms", at_ms)

    def unit_start(self, index: int) -> int:
        """Index of the first phase in the unit that phase `index` belongs to."""
        unit = self.phases[index].unit
        while index > 0 and self.phases[index - 1].unit == unit:
            index -= 1
        return index

    def round_start(self, index: int) -> int:
        """Index of the phase with which the round of fixed length began that phase `index` is in; -1 for none."""
        at = bisect_right(self._rounds, index)
        return self._rounds[at - 1] if at else -1

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

    def next_of_step(self, step: int | None, index: int) -> int | None:
        """Index of the next phase of step `step` after phase `index`, and for no step that of the last words.

        `None` where the step does not come any more.
        """
        if step is None:
            return len(self.phases) - 1 if index + 1 < len(self.phases) else None
        return next((i for i in range(index + 1, len(self.phases)) if self.phases[i].step == step), None)

    def last_set_start(self, index: int) -> int | None:
        """The first phase of the set that phase `index` belongs to or follows; `None` before the first set."""
        work = (i for i in range(index, -1, -1) if self.phases[i].kind == "work")
        found = next(work, None)
        return None if found is None else self.unit_start(found)

    def spoken_lines(self) -> Iterator[Utterance]:
        """Every spoken line once, in the order in which the lines are first needed."""
        every = chain(*(phase.cues for phase in self.phases), self.resume_lead_in.cues, self.repeat_lead_in.cues)
        return iter(dict.fromkeys(cue.content for cue in every if isinstance(cue.content, Utterance)))

    def as_heard(self) -> Timeline:
        """The same with every phase timed: what lies where in a recording of it."""
        if not any(phase.untimed for phase in self.phases):
            return self
        return replace(self, phases=tuple(replace(phase, untimed=False) for phase in self.phases))

    def without_open_phases(self, wait_ms: int) -> Timeline:
        """The same for runs without a user: open phases last `wait_ms`, or until their line is spoken."""
        return replace(self, phases=tuple(_with_fitted_rests(_closed(phase, wait_ms) for phase in self.phases)))


def _with_fitted_rests(phases: Iterable[Phase]) -> Iterator[Phase]:
    """The same with rests that last until their round is over, now that nothing waits for the user."""
    at_ms, began_ms = 0, 0
    for phase in phases:
        if phase.begins_round:
            began_ms = at_ms
        fitted = phase
        if phase.until_ms is not None:
            fitted = phase.lasting(max(0, phase.until_ms - (at_ms - began_ms)))
        at_ms += fitted.duration_ms or 0
        yield fitted


def _closed(phase: Phase, wait_ms: int) -> Phase:
    if phase.duration_ms is not None:
        return phase
    if phase.counts_time:
        return replace(phase, duration_ms=wait_ms, cues=tuple(cue for cue in phase.cues if cue.end_ms <= wait_ms))
    return replace(phase, duration_ms=max([wait_ms, *(cue.end_ms for cue in phase.cues)]))


SHORTEST_MS = 1_000  # a shorter one would be a blip, not a breath
LONGEST_MS = 30_000  # nobody breathes in for longer, and a sound in memory has to end

_NAME = re.compile(r"breath-(in|out)@(\d{1,5})")


class BreathTone(NamedTuple):
    """The meaning of a breath tone's name."""

    rises: bool
    length_ms: int


def breath_tone(breath: Breath | None, length_ms: int) -> str | None:
    """The name of the tone for a part; `None` if the breath is held or the part is too short or too long for one.

    Args:
        breath: Which way to breathe in the part.
        length_ms: How long the part lasts.
    """
    if breath not in {"in", "out"} or not SHORTEST_MS <= length_ms <= LONGEST_MS:
        return None
    return f"breath-{breath}@{length_ms}"


def parse_breath_tone(sound: str) -> BreathTone | None:
    """The meaning of a sound's name; `None` if it is not a breath tone."""
    found = _NAME.fullmatch(sound)
    if found is None or not SHORTEST_MS <= int(found[2]) <= LONGEST_MS:
        return None
    return BreathTone(found[1] == "in", int(found[2]))
