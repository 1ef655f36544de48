"""Warns of what would disappoint in a session that can be played, and limits how much one may become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from timer_app.core.compiler.compile import CompileContext, Compiled, compile_session
from timer_app.core.compiler.draft import DroppedLine, Priority
from timer_app.core.compiler.goals import check_goals
from timer_app.core.compiler.resolve import Work, resolve
from timer_app.core.compiler.rounds import LateRound, late_rounds
from timer_app.core.compiler.unroll import StepVisit, Unroller, blocks, flat_steps, round_rest_ms
from timer_app.core.diagnostics import KeyPath, Problem, quoted
from timer_app.core.fields import NumberedTempo, duration_text, format_duration_ms, without_placeholders
from timer_app.core.session import Exercise
from timer_app.core.session.model import (
    Block,
    IncludedSession,
    MeasureStep,
    RestStep,
    SayStep,
    Session,
    Step,
    WorkStep,
)
from timer_app.core.timeline import Phase, Timeline
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Lengths, Manner, Utterance

LONG_INSTRUCTION_MS = 25_000
LONG_TEXT_MS = 30_000
_SECOND_MS = 1_000
_COUNTDOWN_MS = 3_500
_GAP_MS = 250  # of silence between two lines
_BEFORE_SIDE_MS = 1_000  # for the tone that ends the work before, and a little silence


def check_session(session: Session, plan: CompileContext) -> tuple[Compiled, list[Problem]]:
    """Compile a session that keeps its limits, and warn of what would disappoint in it."""
    compiled = compile_session(session, plan)
    # A session that is put in is checked in its own file.
    own = (flat for flat in flat_steps(session.steps) if flat.home is None)
    works = [(flat, _resolved(flat.step, session, plan)) for flat in own]
    warnings = [*_missed(compiled), *_rests_in_a_row(session), *_short_switches(session, compiled)]
    warnings += [*_late_rounds(session, plan, compiled.timeline), *_unguided_cues(session)]
    warnings += (
        _no_switch((*path, "sides"))
        for path, block in blocks(session.steps, included=False)
        if block.sides and not session.defaults.switch
    )
    for flat, work in works:
        path, step = flat.path, flat.step
        warnings += _long_texts(step, path, plan.lengths, session.manner)
        if work is not None and isinstance(step, WorkStep):
            warnings += _long_parts(step, path, work, plan.lengths, session.manner)
            warnings += _hurried_sides(step, path, work)
            warnings += () if flat.by_sides else _sides_at_once(step, path, plan)
            warnings += _short_time(step, path, work)
            warnings += _endless_tempo(step, path, work)
    return compiled, [*warnings, *_bare_tempo(session, plan)]


def check_exercise(exercise: Exercise, path: KeyPath, lengths: Lengths) -> list[Problem]:
    """Warn of what would disappoint in an exercise of the catalogue, which lies at `path` of its file."""
    warnings = [*_long_text(exercise.say, (*path, "say"), LONG_INSTRUCTION_MS, lengths)]
    if isinstance(exercise.tempo, NumberedTempo) and not exercise.tempo.starts and not exercise.tempo_starts:
        said = f"{quoted(exercise.tempo.written)} starts with the lift where a session says nothing else"
        allowed = 'tempo_starts = "lift" to say so or "lower"'
        warnings.append(Problem((*path, "tempo"), said, allowed, severity="warning"))
    if exercise.switch == 0 and exercise.sides:
        warnings.append(_no_switch((*path, "switch")))
    return warnings


def _resolved(step: Step, session: Session, plan: CompileContext) -> Work | None:
    if not isinstance(step, WorkStep):
        return None
    return resolve(step, plan.catalogue, session.defaults, plan.level, plan.phrases)


def _missed(compiled: Compiled) -> Iterator[Problem]:
    """The author's own lines that are not said as they are, each once: at the place where it lacks most."""
    worst: dict[KeyPath, DroppedLine] = {}
    for line in compiled.dropped:
        if line.origin and _badness(line) > _badness(worst.get(line.origin)):
            worst[line.origin] = line
    for origin, line in worst.items():
        others = (other for other in compiled.dropped if other.phase == line.phase and not other.replacement)
        waiting_ms = sum(other.length_ms + _GAP_MS for other in others if other.at_ms is None)
        allowed = _what_would_help(line, compiled.timeline.phases[line.phase], waiting_ms)
        yield Problem(origin, f"{quoted(line.text)} {_fate(line)}", allowed, severity="warning")


def _badness(line: DroppedLine | None) -> tuple[bool, bool, int]:
    """Lost is worse than shortened, and that is worse than moved."""
    return (False, False, -1) if line is None else (not line.replacement, not line.moved_ms, line.lacking_ms)


def _fate(line: DroppedLine) -> str:
    """What becomes of a line, and why."""
    if line.moved_ms:
        return f"is said {_tenths(line.moved_ms)} late: {line.reason}"
    lacking = f"; {_tenths(line.lacking_ms)} more would do" if line.lacking_ms else ""
    fate = f"is shortened to {quoted(line.replacement)}" if line.replacement else "will not be heard"
    return f"{fate}: {line.reason}{lacking}"


def _what_would_help(line: DroppedLine, phase: Phase, waiting_ms: int) -> str:
    """The edits that would let a line be said as it is.

    Args:
        line: The line.
        phase: Where it should be said.
        waiting_ms: How long all lines take that want to be said there and are not.
    """
    if line.moved_ms:
        return "another time for it, or fewer words before it"
    if phase.until_ms is not None:
        return "a longer every, less to do in a round, or fewer words"
    if line.at_ms is not None and line.lacking_ms:
        has_room_ms = max(0, line.length_ms - line.lacking_ms)
        return f"up to {_tenths(has_room_ms)} of words there, or another time" if has_room_ms else "another time for it"
    key = {"work": "hold", "prepare": "prepare", "rest": "rest", "switch": "switch"}.get(phase.kind, "")
    if not line.lacking_ms or not key or phase.duration_ms is None or (key == "hold" and phase.rep is not None):
        return "a longer rest before it, a longer prepare, or fewer words" if line.is_said_before_work else ""
    # What gets longer than a countdown gets one, which takes time as well.
    spare_ms = _COUNTDOWN_MS if phase.duration_ms <= 2 * _COUNTDOWN_MS else 0
    needed_s = -(-(phase.duration_ms + max(line.lacking_ms, waiting_ms) + spare_ms) // _SECOND_MS)
    return f'{key} = "{needed_s}s", or fewer words'


def _tenths(ms: int) -> str:
    """Seconds with one digit, rounded up."""
    return f"{-(-ms // 100) / 10:.1f} s"


def _rests_in_a_row(session: Session) -> Iterator[Problem]:
    """Rests at the end of a round, behind which the block has one of its own."""
    for path, block in blocks(session.steps, included=False):
        rest_ms = 0 if block.between is not None else round_rest_ms(block, session.defaults)
        if (
            rest_ms
            and block.every is None
            and block.within is None
            and block.rounds
            and block.rounds.high > 1
            and isinstance(block.steps[-1], RestStep)
        ):
            said = f"the block rests for {duration_text(rest_ms)} between its rounds as well: two rests in a row"
            allowed = "rest = 0 in the block, or no rest at the end of its steps"
            yield Problem((*path, "steps", len(block.steps) - 1, "rest"), said, allowed, severity="warning")


def _late_rounds(session: Session, plan: CompileContext, timeline: Timeline) -> Iterator[Problem]:
    """Rounds that take longer than the time after which the next one should begin, one warning a block."""
    visits = Unroller(session, plan.level, plan.seed, plan.steps_left_out(session)).visits()
    rests = (index for index, phase in enumerate(timeline.phases) if phase.until_ms is not None)
    visit_at = dict(zip(rests, (visit for visit in visits if visit.every_ms), strict=True))
    worst: dict[KeyPath, tuple[LateRound, StepVisit]] = {}
    for late in late_rounds(timeline):
        visit = visit_at[late.phase]
        if visit.path not in worst or worst[visit.path][0].late_ms < late.late_ms:
            worst[visit.path] = late, visit
    for path, (late, visit) in worst.items():
        needed_ms = -(-late.round_ms // _SECOND_MS) * _SECOND_MS
        said = (
            f"a round takes {duration_text(needed_ms)}, longer than its {duration_text(visit.every_ms)}: "
            "the next one begins when it is over"
        )
        allowed = f'every = "{format_duration_ms(needed_ms)}", or less to do in a round'
        yield Problem((*path, "every"), said, allowed, severity="warning")


def _unguided_cues(session: Session) -> Iterator[Problem]:
    """Cues of steps that nobody guides, since one clock runs for all rounds."""
    for flat in flat_steps(session.steps):
        for index, step in enumerate(flat.step.steps if isinstance(flat.step, Block) else ()):
            if getattr(step, "cues", None):
                said = "will not be heard: one clock runs for the whole block, and you do its steps at your own pace"
                yield Problem((*flat.path, "steps", index, "cues"), said, "no cues", severity="warning")


def _long_texts(step: Step, path: KeyPath, lengths: Lengths, usual: Manner) -> Iterator[Problem]:
    """What takes longer to say than is easily followed."""
    for key in ("say", "wait"):
        text = getattr(step, key, None)
        if isinstance(text, str):
            limit_ms = LONG_TEXT_MS if isinstance(step, SayStep) else LONG_INSTRUCTION_MS
            yield from _long_text(text, (*path, key), limit_ms, lengths, usual)


def _long_text(
    text: str, path: KeyPath, limit_ms: int, lengths: Lengths, manner: Manner = DEFAULT_MANNER
) -> Iterator[Problem]:
    length_ms = lengths.speech(Utterance.in_manner(without_placeholders(text), manner)).length_ms
    if length_ms > limit_ms:
        said = f"takes about {length_ms // _SECOND_MS} s to say"
        yield Problem(path, said, f"up to {limit_ms // _SECOND_MS} s, which are easily followed", severity="warning")


def _long_parts(step: WorkStep, path: KeyPath, work: Work, lengths: Lengths, usual: Manner) -> Iterator[Problem]:
    """Lines of parts that have no time to be said in them."""
    key = "flow" if work.kind == "flow" else "tempo"
    own = getattr(step, key, None) is not None
    for index, part in enumerate(work.parts):
        line = Utterance.in_manner(part.say or "", work.manner.over(usual))
        if part.say and lengths.speech(line).length_ms > part.duration_ms:
            where = (*path, key, index, "say") if own else (*path, "exercise")
            said = f"{quoted(part.say)} will not be heard: it is longer than its part"
            yield Problem(where, said, severity="warning")


def _hurried_sides(step: WorkStep, path: KeyPath, work: Work) -> Iterator[Problem]:
    if len(work.sides) > 1 and not work.switch_ms:
        yield _no_switch(_switch_path(step, path))


def _switch_path(step: WorkStep, path: KeyPath) -> KeyPath:
    """Where a step gets its time to change sides from, as far as it says so itself."""
    return (*path, next(key for key in ("switch", "sides", "exercise") if getattr(step, key) is not None))


def _short_switches(session: Session, compiled: Compiled) -> Iterator[Problem]:
    """Changes of side that are too short for the word that names the side, each step once."""
    timeline = compiled.timeline
    listed = [flat for flat in flat_steps(session.steps) if isinstance(flat.step, WorkStep | Block)]
    works = iter(index for index, info in enumerate(timeline.steps) if info.is_work)
    flats = dict(zip(works, listed, strict=True))
    missed = [line for line in compiled.dropped if line.priority is Priority.SIDE and not line.replacement]
    for line in {timeline.phases[line.phase].step: line for line in reversed(missed)}.values():
        phase = timeline.phases[line.phase]
        flat = None if phase.step is None else flats.get(phase.step)
        if phase.kind == "switch" and flat is not None and isinstance(flat.step, WorkStep):
            said = f"{duration_text(phase.duration_ms or 0)} to change sides are too short for {quoted(line.text)}"
            needed_ms = -(-(line.length_ms + _BEFORE_SIDE_MS) // _SECOND_MS) * _SECOND_MS
            allowed = f'switch = "{needed_ms // _SECOND_MS}s" or more'
            yield Problem(_switch_path(flat.step, flat.path), said, allowed, severity="warning")


def _sides_at_once(step: WorkStep, path: KeyPath, plan: CompileContext) -> Iterator[Problem]:
    """Sides that are as they would be anyway: whoever writes "both" may want one side after the other."""
    used = plan.catalogue.get(step.exercise or "")
    if step.sides == () and not (used and used.sides):
        said = '"both" is both sides at the same time, as it would be without sides'
        allowed = '"each" for one side after the other, or no sides'
        yield Problem((*path, "sides"), said, allowed, "each", severity="warning")


def _short_time(step: WorkStep, path: KeyPath, work: Work) -> Iterator[Problem]:
    """Times of flows in which not even one round ends."""
    if work.kind == "flow" and step.within and work.unit_ms and work.unit_ms > step.within.low:
        said = f"one round takes {duration_text(work.unit_ms)}, which is longer"
        yield Problem((*path, "within"), said, "the time of a round, or more", severity="warning")


def _endless_tempo(step: WorkStep, path: KeyPath, work: Work) -> Iterator[Problem]:
    """A tempo by which nothing is paced, as nobody knows how many reps there will be."""
    if work.is_endless and isinstance(getattr(step, "tempo", None), NumberedTempo | tuple):
        said = "will not be heard: as many reps as you can are done at your own pace"
        allowed = 'reps = "8+", for example, of which the first eight are paced, or no tempo'
        yield Problem((*path, "tempo"), said, allowed, severity="warning")


def _bare_tempo(session: Session, plan: CompileContext) -> Iterator[Problem]:
    """In which order the first tempo in numbers is taken that does not say it, nor the session for all of them."""
    if session.defaults.tempo_starts:
        return
    for flat_step in flat_steps(session.steps):
        step = flat_step.step
        tempo = step.tempo if isinstance(step, WorkStep) else None
        if not isinstance(tempo, NumberedTempo) or tempo.starts or getattr(step, "tempo_starts", None):
            continue
        used = plan.catalogue.get(getattr(step, "exercise", None) or "")
        words = plan.phrases.tempo.for_parts(len(tempo.lengths_ms))
        work = _resolved(step, session, plan)
        if (
            work is None
            or work.is_endless
            or (used and used.tempo_starts)
            or any(part.name not in words for part in work.parts)
        ):
            continue
        order = ", ".join(f"{part.name} {duration_text(part.duration_ms)}" for part in work.parts)
        said = f"{quoted(tempo.written)} is taken as {order}"
        allowed = 'tempo_starts = "lift" to say so or "lower", here or in [defaults]'
        yield Problem((*flat_step.path, "tempo"), said, allowed, severity="warning")
        return


def _no_switch(path: KeyPath) -> Problem:
    return Problem(path, "there is no time to change sides", 'switch = "6s", for example', severity="warning")


MAX_DEPTH = 4
MAX_PHASES = 100_000
MAX_CUES = 500_000
MAX_SESSION_MS = 24 * 3_600_000
_CUES_OF_SET = 60  # countdowns, tones and what the coach says around a set, at the most
_CUES_OF_PART = 3
_CUES_OF_ANNOUNCED = 6  # name, instruction, dose, load and effort of a step while one clock runs for all rounds
_CUES_OF_QUESTION = 4
_CUES_OF_ENDLESS_HOLD = 90
_CUES_OF_REST = 4


def check_limits(session: Session, plan: CompileContext) -> list[Problem]:
    """What a session has too much of; a session with such a problem must not be compiled."""
    misplaced = [*_too_deep(session.steps, ("steps",), 1), *_strange_inside(session.steps, ("steps",))]
    misplaced += check_goals(session)
    if misplaced:
        return misplaced
    gauge = _Gauge(session, plan)
    total = gauge.all_of(session.steps, ("steps",))
    if gauge.problems or not total.excess:
        return gauge.problems
    return [_too_much(("steps",), "the session", *total.excess)]


def _too_deep(steps: Sequence[Step], path: KeyPath, depth: int) -> Iterator[Problem]:
    for index, step in enumerate(steps):
        here = (*path, index)
        if isinstance(step, Block):
            if depth > MAX_DEPTH:
                said, allowed = f"blocks are nested more than {MAX_DEPTH} deep", f"at most {MAX_DEPTH} in one another"
                yield Problem(here, said, allowed, part="table")
            else:
                yield from _too_deep(step.steps, (*here, "steps"), depth + 1)


def _strange_inside(
    steps: Sequence[Step], path: KeyPath, *, by_sides: bool = False, timed: bool = False
) -> Iterator[Problem]:
    """What contradicts a block around it: a side of its own, or another clock for the beginning of its rounds."""
    for index, step in enumerate(steps):
        here = (*path, index)
        if by_sides and getattr(step, "sides", None):
            said = "the block around it is done on the left, then on the right, with everything in it"
            yield Problem((*here, "sides"), said, 'no sides, or "both" for what takes both at once')
        if isinstance(step, Block):
            if timed and step.every is not None:
                said = "the block around it has every too: rounds cannot begin by two clocks"
                yield Problem((*here, "every"), said, "every in one of the two")
            inner = (by_sides or step.sides is not None, timed or step.every is not None)
            yield from _strange_inside(step.steps, (*here, "steps"), by_sides=inner[0], timed=inner[1])


def _too_much(path: KeyPath, what: str, excess: str, allowed: str) -> Problem:
    return Problem(path, f"{what} {excess}", allowed, part="table")


@dataclass(frozen=True, slots=True)
class _Size:
    """How much a part of a session becomes, at the high end of every range."""

    phases: int = 1
    cues: int = 4
    ms: int = 0

    def times(self, count: int) -> _Size:
        return _Size(self.phases * count, self.cues * count, self.ms * count)

    def __add__(self, other: _Size) -> _Size:
        return _Size(self.phases + other.phases, self.cues + other.cues, self.ms + other.ms)

    @property
    def excess(self) -> tuple[str, str] | None:
        """What is too much, and how much is allowed."""
        if self.phases > MAX_PHASES:
            return f"becomes {self.phases:,} phases", f"at most {MAX_PHASES:,} in a session"
        if self.ms > MAX_SESSION_MS:
            return "takes more than 24 hours", "at most 24 hours a session"
        if self.cues > MAX_CUES:
            return f"has up to {self.cues:,} cues", f"at most {MAX_CUES:,} in a session"
        return None


_NOTHING = _Size(0, 0)


class _Gauge:
    """Measures steps; the innermost ones that are too much by themselves are reported.

    Attributes:
        problems: What was found to be too much.
    """

    def __init__(self, session: Session, plan: CompileContext) -> None:
        self.problems: list[Problem] = []
        self._session = session
        self._plan = plan

    def all_of(self, steps: Sequence[Step], path: KeyPath) -> _Size:
        """The size of some steps together."""
        return sum((self._one(step, (*path, index)) for index, step in enumerate(steps)), _NOTHING)

    def _one(self, step: Step, path: KeyPath) -> _Size:
        known, around = len(self.problems), self._session
        if isinstance(step, IncludedSession):
            self._session = step.session
        size = self._block(step, path) if isinstance(step, Block) else self._flat(step)
        self._session = around
        if len(self.problems) > known:
            return _NOTHING
        if excess := size.excess:
            self.problems.append(_too_much(path, "this step", *excess))
            return _NOTHING
        return size

    def _block(self, block: Block, path: KeyPath) -> _Size:
        defaults = self._session.defaults
        if block.within is not None:
            told = block.within // defaults.tell_time if defaults.tell_time else 0
            return _Size(
                2, _CUES_OF_SET + _CUES_OF_ANNOUNCED * len(block.steps) + told, block.within + defaults.prepare
            )
        rounds = block.rounds.high if block.rounds else 1
        once = self.all_of(block.steps, (*path, "steps"))
        once += _Size(cues=_CUES_OF_REST, ms=block.between).times(len(block.steps)) if block.between else _NOTHING
        if block.sides:
            once = once.times(2) + _Size(cues=_CUES_OF_REST, ms=defaults.switch).times(2)
        if block.every is not None:
            once += _Size(2, 2 * _CUES_OF_REST)
            return replace(once, ms=max(once.ms, block.every)).times(rounds)
        rest_ms = round_rest_ms(block, defaults)
        rests = _Size(cues=_CUES_OF_REST, ms=rest_ms).times(rounds - 1) if rest_ms else _NOTHING
        return once.times(rounds) + rests + (_Size() if isinstance(block, IncludedSession) else _NOTHING)

    def _flat(self, step: Step) -> _Size:
        if isinstance(step, RestStep):
            return _Size(cues=_CUES_OF_REST, ms=step.rest.high)
        if isinstance(step, SayStep):
            return _Size(ms=self._said_ms(step.say))
        if isinstance(step, MeasureStep):
            return _Size().times(len(step.sides or (None,)))
        if isinstance(step, WorkStep):
            catalogue, phrases = self._plan.texts_in(self._session.language)
            return self._work(resolve(step, catalogue, self._session.defaults, 1.0, phrases))
        return _Size()

    def _work(self, work: Work) -> _Size:
        return sum((self._set(work.of_set(number)) for number in range(1, work.sets + 1)), _NOTHING)

    def _set(self, work: Work) -> _Size:
        """The size of one set of all its sides."""
        set_ms = work.unit_ms or 0
        # Reps that are open upward go on past those that are paced, and are asked for.
        phases = max(1, work.count * len(work.parts)) + work.overrun + work.is_open
        own = sum(set_ms // cue.at.ms if cue.at.kind == "every" else 1 for cue in work.cues)
        counted = set_ms // _SECOND_MS if work.count_up else 0
        counted += set_ms // work.tell_every_ms if work.tell_every_ms else 0
        said_ms = max(self._said_ms(work.say), self._said_ms(work.second_side)) + self._said_ms(work.begin)
        lead_ms = max(work.prepare_ms, work.rest_ms, work.switch_ms, said_ms + work.settle_ms)
        counted += _CUES_OF_ENDLESS_HOLD if work.is_endless else 0
        questions = len(work.ask) + work.is_open
        asked = _Size(1, _CUES_OF_QUESTION, work.ask_ms or 0).times(questions)
        one = _Size(phases + 2, own + counted + _CUES_OF_SET + _CUES_OF_PART * phases, set_ms + lead_ms)
        return (one + asked).times(len(work.side_sequence))

    def _said_ms(self, text: str) -> int:
        return self._plan.lengths.speech(Utterance(text)).length_ms
