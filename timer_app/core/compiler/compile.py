"""Compiles a session with its doses and the lengths of its lines into a timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import NamedTuple

from timer_app.core.compiler.coach import Coach
from timer_app.core.compiler.draft import Draft, DraftLine, DroppedLine, Priority
from timer_app.core.compiler.goals import jump_rules
from timer_app.core.compiler.layout import Layout, is_about_keys_alone, measure_name
from timer_app.core.compiler.limits import MAX_LAID_OUT_UNITS, bounded_work, is_large
from timer_app.core.compiler.picks import left_out_by_chance, left_out_for_time, picks_of
from timer_app.core.compiler.placement import Interval, place_drafts, place_lead_in, total_ms
from timer_app.core.compiler.pools import WordPools
from timer_app.core.compiler.resolve import Work, resolve, resolve_clock
from timer_app.core.compiler.set_context import SetContext
from timer_app.core.compiler.unroll import FlatStep, Unroller, flat_steps, is_nothing
from timer_app.core.constraints import DEFAULT_COMPANY, Company, Guidance, Verbosity
from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields import short_title, without_placeholders
from timer_app.core.fields.types import SIDE_WORDS, Fit
from timer_app.core.i18n import N_
from timer_app.core.session import Exercise, Phrases
from timer_app.core.session.model import Block, MeasureStep, RestStep, SayStep, Session, WaitStep, WorkStep
from timer_app.core.timeline import Cue, LeadIn, Phase, StepInfo, Timeline
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.utterance import Lengths, Utterance
from timer_app.core.training import ResolvedDose

SHORT_AFTER, SPARSE_AFTER = 3, 10  # records after which a session is explained less
HALF_FROM_MS = 5 * 60_000  # the half of a shorter session needs no telling
EARLIEST, LATEST = 0.45, 0.6  # of the session; said before or after, it would not be true
QUIET_MS = 300  # of silence around the line
NOT_BESIDE_MS = 10_000  # from the half of a hold
_KINDS = ("rest", "prepare", "switch")


class _Candidate(NamedTuple):
    """A place for the line; the nearest to the middle is the smallest."""

    away_ms: int
    phase: int
    offset_ms: int


def announce_halfway(
    phases: tuple[Phase, ...], line: Utterance, lengths: Lengths, halves: Collection[str]
) -> tuple[tuple[Phase, ...], tuple[DroppedLine, ...]]:
    """Have `line` said in the quiet place nearest to the middle: in a rest, a preparation, a change of sides or a hold.

    Everything else has its place already, so this line matters less than all of that.

    Args:
        phases: The phases.
        line: What is said.
        lengths: How long it takes.
        halves: What is said at the half of a hold, to which the line would be close only to confuse.

    Returns:
        The phases, and the line if there was no room for it.
    """
    total_ms = sum(phase.timed_ms for phase in phases)
    if total_ms < HALF_FROM_MS:
        return phases, ()
    length_ms = lengths.speech(line).length_ms
    candidate = min(_candidates(phases, total_ms, length_ms, halves), default=None)
    if candidate is None:
        return phases, (DroppedLine(line.text, _middle(phases, total_ms), (), N_("there is no time left for it")),)
    said = _with(phases[candidate.phase], Cue(candidate.offset_ms, line, length_ms))
    return (*phases[: candidate.phase], said, *phases[candidate.phase + 1 :]), ()


def _candidates(
    phases: Sequence[Phase], total_ms: int, length_ms: int, halves: Collection[str]
) -> Iterator[_Candidate]:
    """Of every quiet stretch where the line may begin, the moment nearest to the middle."""
    start_ms, middle_ms = 0, total_ms // 2
    earliest_ms, latest_ms = int(EARLIEST * total_ms), int(LATEST * total_ms)
    # Of halves that are further away the nearest moment to the middle cannot depend.
    halves_ms = list(_halves_ms(phases, halves, earliest_ms - NOT_BESIDE_MS, latest_ms + length_ms + NOT_BESIDE_MS))
    for index, phase in enumerate(phases):
        first_ms, last_ms = earliest_ms - start_ms, latest_ms - start_ms
        if last_ms < 0:
            return
        if (phase.duration_ms or 0) >= first_ms and _may_speak(phase):
            near_ms = [
                (from_ms - start_ms, to_ms - start_ms)
                for from_ms, to_ms in halves_ms
                if from_ms <= start_ms + (phase.duration_ms or 0) and to_ms >= start_ms
            ]
            for from_ms, to_ms in _silences(phase, length_ms, _spill_ms(phases[index - 1]) if index else 0, near_ms):
                offset_ms = min(max(middle_ms - start_ms, from_ms), to_ms)
                if first_ms <= offset_ms <= last_ms:
                    yield _Candidate(abs(start_ms + offset_ms - middle_ms), index, offset_ms)
        start_ms += phase.timed_ms


def _spill_ms(phase: Phase) -> int:
    """How long a line lasts into the next phase: a rest and the time to get ready after it are planned together."""
    return max((cue.end_ms for cue in phase.cues), default=0) - (phase.duration_ms or 0)


def _halves_ms(phases: Sequence[Phase], halves: Collection[str], from_ms: int, to_ms: int) -> Iterator[Interval]:
    """When the half of a hold is told, and the time around it, as far as that lies between two moments."""
    start_ms = 0
    for phase in phases:
        if start_ms - NOT_BESIDE_MS > to_ms:
            return
        end_ms = start_ms + phase.timed_ms
        for cue in phase.cues if end_ms + NOT_BESIDE_MS >= from_ms else ():
            if cue.kind == "speech" and cue.text in halves:
                yield start_ms + cue.offset_ms - NOT_BESIDE_MS, start_ms + cue.end_ms + NOT_BESIDE_MS
        start_ms = end_ms


def _may_speak(phase: Phase) -> bool:
    """Whether there is time and peace for a line: not among counted reps, nor where the user is waited for."""
    is_steady = phase.kind == "work" and phase.rep is None
    return phase.duration_ms is not None and (is_steady or phase.kind in _KINDS)


def _silences(
    phase: Phase, length_ms: int, spill_ms: int = 0, closed_ms: Iterable[Interval] = ()
) -> Iterator[Interval]:
    """Where in a phase a line of that length may begin, so that nothing else is heard meanwhile.

    Args:
        phase: The phase.
        length_ms: How long the line is.
        spill_ms: How long the last line of the phase before lasts into it.
        closed_ms: When else the line may not be heard.
    """
    heard = [(cue.offset_ms, cue.end_ms) for cue in phase.cues if cue.kind == "speech" or not cue.may_be_spoken_over]
    heard += [(0, spill_ms)] if spill_ms > 0 else []
    heard += closed_ms
    end_ms, free_ms = phase.duration_ms or 0, QUIET_MS
    for begins_ms, ends_ms in [*sorted(heard), (end_ms, end_ms)]:
        latest_ms = begins_ms - length_ms - QUIET_MS
        if free_ms <= latest_ms:
            yield free_ms, latest_ms
        free_ms = max(free_ms, ends_ms + QUIET_MS)


def _middle(phases: Sequence[Phase], total_ms: int) -> int:
    """The phase in which the middle lies."""
    start_ms = 0
    for index, phase in enumerate(phases):
        start_ms += phase.timed_ms
        if start_ms * 2 > total_ms:
            return index
    return len(phases) - 1


def _with(phase: Phase, cue: Cue) -> Phase:
    return replace(phase, cues=tuple(sorted([*phase.cues, cue], key=lambda known: known.offset_ms)))


RESUME_LEAD_IN_MS = 3_000
REPEAT_LEAD_IN_MS = 6_000
_SECOND_MS = 1_000


class LanguageTexts(NamedTuple):
    """What is there in one language."""

    catalogue: Mapping[str, Exercise]
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class CompileContext:
    """Everything that a compilation depends on besides the session.

    Attributes:
        catalogue: The exercises, by id.
        phrases: The coach's words, in the session's language.
        lengths: How long lines and sounds last.
        level: Where in every range the dose is taken, 0 to 1.
        seed: Decides the order of shuffled blocks.
        verbosity: How much the coach says.
        breath_tones: Parts with a breath sound as long as they last.
        doses: What a set is to be of steps whose doses have grown, by their place in the list of steps.
        asks: Somebody can answer the questions after a set; without them, there are none.
        languages: Catalogue and phrases in other languages, for sessions that are put in.
        no_time_for: Those of the steps left out for which there is no time, which is said.
        left_out: The steps that are not done, by their place in the list of steps; `None` lets the seed choose where a
            block says how many of its steps are done.
        variants: The exercise that is done in place of the one that a step names, by the step's place in the list.
        company: How soon a long silence is broken where the session does not say it.
        wording: Decides which of several wordings are said.
        times_done: How often the session has been done lately; `None` where nobody knows, as in an export.
        fades: The more often it has been done, the less of it is explained.
        keys: What the keys are called that somebody can press, by the names of their commands.
    """

    catalogue: Mapping[str, Exercise]
    phrases: Phrases
    lengths: Lengths
    level: float = 0.0
    seed: int = 0
    verbosity: Verbosity = "full"
    breath_tones: bool = True
    doses: Mapping[int, ResolvedDose] = field(default_factory=dict)
    asks: bool = True
    languages: Mapping[str, tuple[Mapping[str, Exercise], Phrases]] = field(default_factory=dict)
    left_out: frozenset[int] | None = None
    no_time_for: frozenset[int] = frozenset()
    variants: Mapping[int, str] = field(default_factory=dict)
    company: Company = DEFAULT_COMPANY
    wording: int = 0
    times_done: int | None = None
    fades: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)

    def steps_left_out(self, session: Session) -> frozenset[int]:
        """The steps of `session` that are not done."""
        return left_out_by_chance(session, str(self.seed)) if self.left_out is None else self.left_out

    def texts_in(self, language: str) -> LanguageTexts:
        """Catalogue and phrases in a language; those of the session where there are no others."""
        return LanguageTexts(*self.languages.get(language, (self.catalogue, self.phrases)))

    def is_large(self, session: Session) -> bool:
        """Whether `session` is so large that it is laid out with estimated lengths only."""
        return is_large(session, self)

    @property
    def key_values(self) -> dict[str, str]:
        """What the keys are called, by the placeholders for them."""
        return {f"key:{name}": key for name, key in self.keys.items()}

    @property
    def guidance(self) -> Guidance:
        """How much of the session is still explained."""
        if not self.fades or self.verbosity != "full":
            return "full"
        done = self.times_done or 0
        return "full" if done < SHORT_AFTER else "short" if done < SPARSE_AFTER else "sparse"

    @property
    def speaks(self) -> bool:
        """Whether anything is said at all."""
        return self.verbosity != "tones"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A timeline, and what became of its lines.

    Attributes:
        timeline: The timeline.
        dropped: The lines for which it had no room as they are.
        candidates: Every line that may be said, shorter forms and dropped lines too, with the index of the first phase
            in which it is wanted. Which lines these are does not depend on their lengths, but for what is said of the
            length of a rest that grows.
        fit: Whether its phases grew for what is said, or last as long as written.
        is_partial: The session asks for more than is laid out: it ends early, or some of its cues are not heard.
        works: What each step of work asks for, by its path, before what is too much of it is left out.
    """

    timeline: Timeline
    dropped: tuple[DroppedLine, ...]
    candidates: Mapping[Utterance, int] = field(default_factory=dict)
    fit: Fit = "words"
    is_partial: bool = False
    works: Mapping[KeyPath, Work] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Outline:
    """A session in short.

    Attributes:
        name: Its name.
        summary: One line about it; empty for none.
        length_ms: How long it takes, steps that wait counted as nothing.
        equipment: What is needed.
    """

    name: str
    summary: str
    length_ms: int
    equipment: tuple[str, ...]


def compile_session(session: Session, plan: CompileContext, *, notes_candidates: bool = True) -> Compiled:
    """Lay a session out in time.

    The same arguments give the same timeline. Which phases there are does not depend on the lengths of lines; how
    long those phases last that wait for a line, and where cues lie, does.

    Args:
        session: The session.
        plan: What it depends on besides.
        notes_candidates: Note what may be said, which whoever renders no lines does not need.
    """
    layout, drafts, steps, picked, works = _laid_out(session, plan)
    candidates: dict[Utterance, int] = {}
    drafts = _with_lines_noted(drafts, candidates) if plan.speaks and notes_candidates else drafts
    phases, dropped = place_drafts(drafts, plan.lengths, speaks=plan.speaks)
    if plan.verbosity == plan.guidance == "full":
        said = _own(plan.phrases, "session_half", Priority.SESSION)
        half = Utterance.in_manner(said.text, said.manner_in(session.manner))
        phases, missed = announce_halfway(phases, half, plan.lengths, frozenset(plan.phrases.halfway))
        dropped += missed
        candidates.setdefault(half, len(phases) // 2)
    timeline = Timeline(
        without_placeholders(session.name),
        phases,
        steps,
        counted_lead_in(session, plan, RESUME_LEAD_IN_MS),
        _repeat_lead_in(session, plan),
        picked,
    )
    if notes_candidates:
        candidates.update((line, len(phases) - 1) for line in timeline.spoken_lines() if line not in candidates)
    return Compiled(timeline, dropped, candidates, session.defaults.fit, layout.is_partial, works)


def _with_lines_noted(drafts: Iterator[Draft], candidates: dict[Utterance, int]) -> Iterator[Draft]:
    """The drafts as they pass; their lines are added to `candidates`."""

    def note(draft: Draft, phase: int) -> None:
        for line in draft.lines:
            manner = line.manner_in(draft.manner)
            for text in () if line.no_place else (line.text, *line.shorter):
                candidates.setdefault(Utterance.in_manner(text, manner), phase)
        for make, _template in draft.templates:
            if instruction := make.keywords.get("instruction"):
                candidates.setdefault(instruction, phase)

    phase = 0
    for draft in drafts:
        first, phase = phase, phase + len(draft.templates)
        note(draft, first)
        before = tuple(draft.lines)
        yield draft
        if tuple(draft.lines) != before:
            note(draft, first)  # what is counted or told of its length is added once that is known


def fit_time(
    session: Session, plan: CompileContext, max_ms: int | None, among: Collection[int] | None = None
) -> CompileContext:
    """What a session is compiled with so that it takes no longer than some time, as far as its priorities allow.

    Args:
        session: The session.
        plan: What it is compiled with otherwise.
        max_ms: How long it may take; `None` for any time.
        among: The steps that may be left out, by their place in the list of steps; `None` for all.
    """
    if max_ms is None:
        return plan

    before = plan.steps_left_out(session)

    def length_without(left_out: frozenset[int]) -> int:
        # It is said what is left out, which takes time too.
        return outline(session, replace(plan, left_out=left_out, no_time_for=left_out - before)).length_ms

    left_out = left_out_for_time(session, max_ms, length_without, before, among)
    return replace(plan, left_out=left_out, no_time_for=left_out - before)


def outline(session: Session, plan: CompileContext) -> Outline:
    """What a list of sessions shows; several times quicker than `compile_session`."""
    _, drafts, steps, *_ = _laid_out(session, plan, sketches=True)
    equipment = tuple(dict.fromkeys(item for step in steps if not step.is_left_out for item in step.equipment))
    return Outline(
        without_placeholders(session.name),
        without_placeholders(session.summary or ""),
        total_ms(drafts, plan.lengths),
        equipment,
    )


class _LaidOut(NamedTuple):
    """A session before its lines are placed.

    Attributes:
        layout: What lays it out.
        drafts: All its phases.
        steps: The list of steps.
        picked: The names of those that were chosen by chance.
        works: What each step of work asks for, by its path.
    """

    layout: Layout
    drafts: Iterator[Draft]
    steps: tuple[StepInfo, ...]
    picked: tuple[str, ...]
    works: Mapping[KeyPath, Work]


def _laid_out(session: Session, plan: CompileContext, *, sketches: bool = False) -> _LaidOut:
    """A session before its lines are placed."""
    entries = list(_with_variants(flat_steps(session.steps), plan))
    indices = {entry.path: index for index, entry in enumerate(entries)}
    unbounded = {
        entry.path: _work(entry.step, entry.home or session, plan, plan.doses.get(indices[entry.path]))
        for entry in entries
        if isinstance(entry.step, WorkStep | Block)
    }
    pools = WordPools(plan.wording)
    works = {path: bounded_work(work) for path, work in unbounded.items()}
    coach_in = cache(
        lambda language: Coach(
            plan.texts_in(language).phrases,
            plan.verbosity,
            breath_tones=plan.breath_tones,
            asks=plan.asks,
            pools=pools,
            company=plan.company,
            guidance=plan.guidance,
            times_done=plan.times_done,
        )
    )
    layout = Layout(
        session,
        lambda home: coach_in(home.language),
        works,
        indices,
        plan.level,
        jumps=jump_rules(session),
        keys=plan.key_values,
        sketches=sketches,
    )
    left_out = plan.steps_left_out(session)
    unrolled = Unroller(session, plan.level, plan.seed, left_out).visits()
    visits = list(islice(unrolled, MAX_LAID_OUT_UNITS))
    is_bounded = any(work is not unbounded[path] for path, work in works.items())
    layout.is_partial = is_bounded or next(unrolled, None) is not None
    if sketches and not plan.no_time_for and next(picks_of(session), None) is None:
        return _LaidOut(layout, layout.drafts(visits), tuple(_sketched_infos(entries, works, left_out)), (), unbounded)
    times = Counter(visit.path for visit in visits)
    steps = (_info(entry, works, plan, times[entry.path]) for entry in entries)
    infos = tuple(
        replace(
            step,
            dose_origin=plan.doses[index].origin if index in plan.doses else None,
            is_left_out=index in left_out,
            takes_time=_takes_time(entry, session, plan),
        )
        for index, (entry, step) in enumerate(zip(entries, steps, strict=True))
    )
    picked = tuple(_picked_names(session, infos))
    missed = tuple(dict.fromkeys(step.name for index, step in enumerate(infos) if _is_missed(index, step, plan)))
    return _LaidOut(layout, layout.drafts(visits, picked, missed), infos, picked, unbounded)


def _is_missed(index: int, step: StepInfo, plan: CompileContext) -> bool:
    """Whether there is no time for a step that somebody would miss: nobody misses a word or a rest."""
    return index in plan.no_time_for and (step.is_work or step.kind == "measure")


def _sketched_infos(
    entries: Iterable[FlatStep], works: Mapping[KeyPath, Work], left_out: Collection[int]
) -> Iterator[StepInfo]:
    """Entries of the step list with no more than what a list of sessions shows of them: the equipment."""
    for index, entry in enumerate(entries):
        needs = works[entry.path].equipment if entry.path in works else ()
        equipment = tuple(map(without_placeholders, needs))
        yield StepInfo("", "", equipment=equipment, is_left_out=index in left_out)


def _with_variants(entries: Iterable[FlatStep], plan: CompileContext) -> Iterator[FlatStep]:
    """The steps with the exercises that are done today in place of those that they name."""
    for index, entry in enumerate(entries):
        variant = plan.variants.get(index)
        is_there = variant in plan.catalogue and isinstance(entry.step, WorkStep)
        yield replace(entry, step=entry.step.model_copy(update={"exercise": variant})) if is_there else entry


def _picked_names(session: Session, steps: Sequence[StepInfo]) -> Iterator[str]:
    """What was chosen where a block does some of its steps only."""
    for _path, items in picks_of(session):
        for item in items:
            done = [steps[index] for index in item.indices if not steps[index].is_left_out]
            if done:
                name = item.step.name if isinstance(item.step, Block) else None
                yield without_placeholders(name) if name else ", ".join(step.name for step in done if step.is_work)


def _takes_time(entry: FlatStep, session: Session, plan: CompileContext) -> bool:
    """Whether a step becomes a phase: a rest of no length does not, nor, by the clock, what is only said."""
    if isinstance(entry.step, SayStep):
        by_clock = (entry.home or session).defaults.fit == "clock"
        return not by_clock and not is_about_keys_alone(entry.step, plan.key_values)
    return not is_nothing(entry.step, plan.level)


def _work(step: WorkStep | Block, session: Session, plan: CompileContext, dose: ResolvedDose | None) -> Work:
    catalogue, phrases = plan.texts_in(session.language)
    if isinstance(step, Block):
        return resolve_clock(step, catalogue, session.defaults, plan.level, phrases)
    return resolve(step, catalogue, session.defaults, plan.level, phrases, today=dose)


def _info(entry: FlatStep, works: Mapping[KeyPath, Work], plan: CompileContext, visits: int) -> StepInfo:
    """What the step list shows of a step that is done so many times."""
    work = works.get(entry.path)
    if work is not None:
        equipment = tuple(without_placeholders(item) for item in work.equipment)
        name = SetContext(work).name
        dose = work.dose
        if entry.by_sides and not work.both_sides:
            dose, visits = replace(dose, sides=SIDE_WORDS["each"]), visits // len(SIDE_WORDS["each"])
        shown = (name, work.kind, dose, entry.depth, entry.block, equipment, dose.times(visits))
        unfilled = work.name if work.name != name else ""
        exercise = (entry.step.exercise or "") if isinstance(entry.step, WorkStep) else ""
        return StepInfo(*shown, exercise=exercise, figure=work.figure, unfilled=unfilled)
    phrases = plan.texts_in(entry.home.language).phrases if entry.home else plan.phrases
    match entry.step:
        case RestStep(rest=rest):
            dose = Dose("rest", rest.at(plan.level))
            return StepInfo(phrases.label_rest, "rest", dose, entry.depth, entry.block)
        case SayStep() as step:
            text = step.text or step.say
            return StepInfo(short_title(text), "say", None, entry.depth, entry.block)
        case WaitStep(wait=text):
            return StepInfo(short_title(text), "wait", None, entry.depth, entry.block)
        case MeasureStep() as step:
            return StepInfo(measure_name(step, phrases), "measure", None, entry.depth, entry.block)
    raise AssertionError(f"a step of no known kind: {entry.step!r}")


def counted_lead_in(session: Session, plan: CompileContext, duration_ms: int, *lines: DraftLine) -> LeadIn:
    """Ticks and numbers in the last three seconds before work goes on, after whatever else is said."""
    seconds = range(RESUME_LEAD_IN_MS // _SECOND_MS, 0, -1)
    # The first beat falls on its second, so its word needs a moment before that.
    first = Utterance.in_manner(str(seconds[0]), session.manner)
    duration_ms += max(0, RESUME_LEAD_IN_MS - duration_ms + plan.lengths.speech(first).beat_ms)
    ticks = [duration_ms - second * _SECOND_MS for second in seconds]
    numbers = zip(seconds, ticks, strict=True)
    counted = [DraftLine(str(second), Priority.COUNTDOWN, at_ms, on_beat=True) for second, at_ms in numbers]
    spoken = [*lines, *counted] if plan.speaks else []
    return LeadIn(duration_ms, place_lead_in(spoken, session.manner, ticks, plan.lengths))


def _repeat_lead_in(session: Session, plan: CompileContext) -> LeadIn:
    """Time to move to another spot before a set is done once more."""
    said = _own(plan.phrases, "once_more", Priority.SIDE)._replace(at_ms=0)
    said_ms = plan.lengths.speech(Utterance.in_manner(said.text, said.manner_in(session.manner))).length_ms
    needed_ms = _whole_seconds(said_ms) + RESUME_LEAD_IN_MS + _SECOND_MS
    duration_ms = max(REPEAT_LEAD_IN_MS, _whole_seconds(session.defaults.switch), needed_ms)
    return counted_lead_in(session, plan, duration_ms, said)


def _own(phrases: Phrases, key: str, priority: Priority) -> DraftLine:
    """One of the coach's lines, as it stands."""
    return DraftLine(getattr(phrases, key), priority, language=phrases.language_of(key))


def _whole_seconds(length_ms: int) -> int:
    return -(-length_ms // _SECOND_MS) * _SECOND_MS
