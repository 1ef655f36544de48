"""Warns of what would disappoint in a session that can be played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from timer_app.core.compiler.compile import CompileContext, Compiled, compile_session
from timer_app.core.compiler.draft import DroppedLine, Priority
from timer_app.core.compiler.limits import laid_out_in_part
from timer_app.core.compiler.resolve import Work
from timer_app.core.compiler.rounds import LateRound, late_rounds
from timer_app.core.compiler.unroll import StepVisit, Unroller, blocks, flat_steps, round_rest_ms
from timer_app.core.diagnostics import KeyPath, Problem, quoted
from timer_app.core.fields import NumberedTempo, duration_text, format_duration_ms, without_placeholders
from timer_app.core.i18n import _
from timer_app.core.session import Exercise
from timer_app.core.session.model import (
    Block,
    RestStep,
    SayStep,
    Session,
    Step,
    WorkStep,
)
from timer_app.core.timeline import Phase
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Lengths, Manner, Utterance

LONG_INSTRUCTION_MS = 25_000
LONG_TEXT_MS = 30_000
_SECOND_MS = 1_000
_COUNTDOWN_MS = 3_500
_GAP_MS = 250  # of silence between two lines
_BEFORE_SIDE_MS = 1_000  # for the tone that ends the work before, and a little silence


def check_session(session: Session, plan: CompileContext) -> tuple[Compiled, list[Problem]]:
    """Compile a session that keeps its limits, and warn of what would disappoint in it."""
    compiled = compile_session(session, plan, notes_candidates=False)
    too_much = laid_out_in_part(session, plan) if compiled.is_partial else []
    warnings = [*too_much, *_missed(compiled), *_rests_in_a_row(session), *_short_switches(session, compiled)]
    warnings += [*_late_rounds(session, plan, compiled), *_unguided_cues(session)]
    warnings += (
        _no_switch((*path, "sides"))
        for path, block in blocks(session.steps, included=False)
        if block.sides and not session.defaults.switch
    )
    # A session that is put in is checked in its own file.
    for flat in (one for one in flat_steps(session.steps) if one.home is None):
        path, step = flat.path, flat.step
        warnings += _long_texts(step, path, plan.lengths, session.manner)
        if isinstance(step, WorkStep):
            work = compiled.works[path]
            warnings += _long_parts(step, path, work, plan.lengths, session.manner)
            warnings += _hurried_sides(step, path, work)
            warnings += () if flat.by_sides else _sides_at_once(step, path, plan)
            warnings += _short_time(step, path, work)
            warnings += _endless_tempo(step, path, work)
    return compiled, [*warnings, *_bare_tempo(session, plan, compiled.works)]


def check_exercise(exercise: Exercise, path: KeyPath, lengths: Lengths) -> list[Problem]:
    """Warn of what would disappoint in an exercise of the catalogue, which lies at `path` of its file."""
    warnings = [*_long_text(exercise.say, (*path, "say"), LONG_INSTRUCTION_MS, lengths)]
    if isinstance(exercise.tempo, NumberedTempo) and not exercise.tempo.starts and not exercise.tempo_starts:
        said = _("{written} starts with the lift where a session says nothing else").format(
            written=quoted(exercise.tempo.written)
        )
        allowed = _('tempo_starts = "lift" to say so or "lower"')
        warnings.append(Problem((*path, "tempo"), said, allowed, severity="warning"))
    if exercise.switch == 0 and exercise.sides:
        warnings.append(_no_switch((*path, "switch")))
    return warnings


def _missed(compiled: Compiled) -> Iterator[Problem]:
    """The author's own lines that are not said as they are, each once: at the place where it lacks most."""
    worst: dict[KeyPath, DroppedLine] = {}
    for line in compiled.dropped:
        if line.origin and _badness(line) > _badness(worst.get(line.origin)):
            worst[line.origin] = line
    waiting_ms: Counter[int] = Counter()
    for line in compiled.dropped if worst else ():
        if line.at_ms is None and not line.replacement:
            waiting_ms[line.phase] += line.length_ms + _GAP_MS
    for origin, line in worst.items():
        allowed = _what_would_help(line, compiled.timeline.phases[line.phase], waiting_ms[line.phase])
        yield Problem(origin, f"{quoted(line.text)} {_fate(line)}", allowed, severity="warning")


def _badness(line: DroppedLine | None) -> tuple[bool, bool, int]:
    """Lost is worse than shortened, and that is worse than moved."""
    return (False, False, -1) if line is None else (not line.replacement, not line.moved_ms, line.lacking_ms)


def _fate(line: DroppedLine) -> str:
    """What becomes of a line, and why."""
    if line.moved_ms:
        return _("is said {time} late: {reason}").format(time=_tenths(line.moved_ms), reason=_(line.reason))
    lacking = _("; {time} more would do").format(time=_tenths(line.lacking_ms)) if line.lacking_ms else ""
    fate = (
        _("is shortened to {replacement}").format(replacement=quoted(line.replacement))
        if line.replacement
        else _("will not be heard")
    )
    return f"{fate}: {_(line.reason)}{lacking}"


def _what_would_help(line: DroppedLine, phase: Phase, waiting_ms: int) -> str:
    """The edits that would let a line be said as it is.

    Args:
        line: The line.
        phase: Where it should be said.
        waiting_ms: How long all lines take that want to be said there and are not.
    """
    if line.moved_ms:
        return _("another time for it, or fewer words before it")
    if phase.until_ms is not None:
        return _("a longer every, less to do in a round, or fewer words")
    if line.at_ms is not None and line.lacking_ms:
        has_room_ms = max(0, line.length_ms - line.lacking_ms)
        return (
            _("up to {time} of words there, or another time").format(time=_tenths(has_room_ms))
            if has_room_ms
            else _("another time for it")
        )
    key = {"work": "hold", "prepare": "prepare", "rest": "rest", "switch": "switch"}.get(phase.kind, "")
    if not line.lacking_ms or not key or phase.duration_ms is None or (key == "hold" and phase.rep is not None):
        return _("a longer rest before it, a longer prepare, or fewer words") if line.is_said_before_work else ""
    # What gets longer than a countdown gets one, which takes time as well.
    spare_ms = _COUNTDOWN_MS if phase.duration_ms <= 2 * _COUNTDOWN_MS else 0
    needed_s = -(-(phase.duration_ms + max(line.lacking_ms, waiting_ms) + spare_ms) // _SECOND_MS)
    return _('{key} = "{seconds}s", or fewer words').format(key=key, seconds=needed_s)


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
            said = _("the block rests for {time} between its rounds as well: two rests in a row").format(
                time=duration_text(rest_ms)
            )
            allowed = _("rest = 0 in the block, or no rest at the end of its steps")
            yield Problem((*path, "steps", len(block.steps) - 1, "rest"), said, allowed, severity="warning")


def _late_rounds(session: Session, plan: CompileContext, compiled: Compiled) -> Iterator[Problem]:
    """Rounds that take longer than the time after which the next one should begin, one warning a block."""
    timeline = compiled.timeline
    rests = [index for index, phase in enumerate(timeline.phases) if phase.until_ms is not None]
    if not rests:
        return
    visits = Unroller(session, plan.level, plan.seed, plan.steps_left_out(session)).visits()
    visit_at = dict(zip(rests, (visit for visit in visits if visit.every_ms), strict=not compiled.is_partial))
    worst: dict[KeyPath, tuple[LateRound, StepVisit]] = {}
    for late in late_rounds(timeline):
        visit = visit_at[late.phase]
        if visit.path not in worst or worst[visit.path][0].late_ms < late.late_ms:
            worst[visit.path] = late, visit
    for path, (late, visit) in worst.items():
        needed_ms = -(-late.round_ms // _SECOND_MS) * _SECOND_MS
        said = _("a round takes {time}, longer than its {every}: the next one begins when it is over").format(
            time=duration_text(needed_ms), every=duration_text(visit.every_ms)
        )
        allowed = _('every = "{time}", or less to do in a round').format(time=format_duration_ms(needed_ms))
        yield Problem((*path, "every"), said, allowed, severity="warning")


def _unguided_cues(session: Session) -> Iterator[Problem]:
    """Cues of steps that nobody guides, since one clock runs for all rounds."""
    for flat in flat_steps(session.steps):
        for index, step in enumerate(flat.step.steps if isinstance(flat.step, Block) else ()):
            if getattr(step, "cues", None):
                said = _("will not be heard: one clock runs for the whole block, and you do its steps at your own pace")
                yield Problem((*flat.path, "steps", index, "cues"), said, _("no cues"), severity="warning")


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
        said = _("takes about {seconds} s to say").format(seconds=length_ms // _SECOND_MS)
        yield Problem(
            path,
            said,
            _("up to {seconds} s, which are easily followed").format(seconds=limit_ms // _SECOND_MS),
            severity="warning",
        )


def _long_parts(step: WorkStep, path: KeyPath, work: Work, lengths: Lengths, usual: Manner) -> Iterator[Problem]:
    """Lines of parts that have no time to be said in them."""
    key = "flow" if work.kind == "flow" else "tempo"
    own = getattr(step, key, None) is not None
    for index, part in enumerate(work.parts):
        line = Utterance.in_manner(part.say or "", work.manner.over(usual))
        if part.say and lengths.speech(line).length_ms > part.duration_ms:
            where = (*path, key, index, "say") if own else (*path, "exercise")
            said = _("{say} will not be heard: it is longer than its part").format(say=quoted(part.say))
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
            said = _("{time} to change sides are too short for {text}").format(
                time=duration_text(phase.duration_ms or 0), text=quoted(line.text)
            )
            needed_ms = -(-(line.length_ms + _BEFORE_SIDE_MS) // _SECOND_MS) * _SECOND_MS
            allowed = _('switch = "{time}s" or more').format(time=needed_ms // _SECOND_MS)
            yield Problem(_switch_path(flat.step, flat.path), said, allowed, severity="warning")


def _sides_at_once(step: WorkStep, path: KeyPath, plan: CompileContext) -> Iterator[Problem]:
    """Sides that are as they would be anyway: whoever writes "both" may want one side after the other."""
    used = plan.catalogue.get(step.exercise or "")
    if step.sides == () and not (used and used.sides):
        said = _('"both" is both sides at the same time, as it would be without sides')
        allowed = _('"each" for one side after the other, or no sides')
        yield Problem((*path, "sides"), said, allowed, "each", severity="warning")


def _short_time(step: WorkStep, path: KeyPath, work: Work) -> Iterator[Problem]:
    """Times of flows in which not even one round ends."""
    if work.kind == "flow" and step.within and work.unit_ms and work.unit_ms > step.within.low:
        said = _("one round takes {time}, which is longer").format(time=duration_text(work.unit_ms))
        yield Problem((*path, "within"), said, _("the time of a round, or more"), severity="warning")


def _endless_tempo(step: WorkStep, path: KeyPath, work: Work) -> Iterator[Problem]:
    """A tempo by which nothing is paced, as nobody knows how many reps there will be."""
    if work.is_endless and isinstance(getattr(step, "tempo", None), NumberedTempo | tuple):
        said = _("will not be heard: as many reps as you can are done at your own pace")
        allowed = _('reps = "8+", for example, of which the first eight are paced, or no tempo')
        yield Problem((*path, "tempo"), said, allowed, severity="warning")


def _bare_tempo(session: Session, plan: CompileContext, works: Mapping[KeyPath, Work]) -> Iterator[Problem]:
    """In which order the first tempo in numbers is taken that does not say it, nor its session for all of them."""
    for flat_step in flat_steps(session.steps):
        step, home = flat_step.step, flat_step.home or session
        tempo = step.tempo if isinstance(step, WorkStep) and not home.defaults.tempo_starts else None
        if not isinstance(tempo, NumberedTempo) or tempo.starts or getattr(step, "tempo_starts", None):
            continue
        used = plan.catalogue.get(getattr(step, "exercise", None) or "")
        words = plan.texts_in(home.language).phrases.tempo.for_parts(len(tempo.lengths_ms))
        work = works[flat_step.path]
        if work.is_endless or (used and used.tempo_starts) or any(part.name not in words for part in work.parts):
            continue
        order = ", ".join(f"{part.name} {duration_text(part.duration_ms)}" for part in work.parts)
        said = _("{written} is taken as {order}").format(written=quoted(tempo.written), order=order)
        allowed = _('tempo_starts = "lift" to say so or "lower", here or in [defaults]')
        yield Problem((*flat_step.path, "tempo"), said, allowed, severity="warning")
        return


def _no_switch(path: KeyPath) -> Problem:
    return Problem(path, _("there is no time to change sides"), _('switch = "6s", for example'), severity="warning")
