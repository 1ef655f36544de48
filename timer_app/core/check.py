"""What would disappoint in a session or an exercise, though it can be played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from timer_app.core.compile import Compiled, Plan, compile_session
from timer_app.core.diagnostics.problems import Path, Problem, quoted
from timer_app.core.draft import Dropped
from timer_app.core.fields.notation import duration_text
from timer_app.core.fields.template import plain
from timer_app.core.flatten import blocks, leaves
from timer_app.core.resolve import Work, resolve
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import RestStep, SayStep, Session, Step, WorkStep
from timer_app.core.timeline.utterance import Lengths

LONG_INSTRUCTION_MS = 25_000
LONG_TEXT_MS = 30_000
_SECOND_MS = 1_000


def check_session(session: Session, plan: Plan) -> tuple[Compiled, list[Problem]]:
    """Compile a session that keeps its limits, and warn of what would disappoint in it."""
    compiled = compile_session(session, plan)
    works = [(leaf.path, leaf.step, _resolved(leaf.step, session, plan)) for leaf in leaves(session.steps)]
    warnings = [*_missed(compiled.dropped), *_rests_in_a_row(session)]
    for path, step, work in works:
        warnings += _long_texts(step, path, plan.lengths)
        if work is not None and isinstance(step, WorkStep):
            warnings += _long_parts(step, path, work, plan.lengths)
            warnings += _hurried_sides(step, path, work)
    return compiled, warnings


def check_exercise(exercise: Exercise, path: Path, lengths: Lengths) -> list[Problem]:
    """Warn of what would disappoint in an exercise of the catalogue, which lies at `path` of its file."""
    warnings = [*_long_text(exercise.say, (*path, "say"), LONG_INSTRUCTION_MS, lengths)]
    if exercise.switch == 0 and exercise.sides:
        warnings.append(_no_switch((*path, "switch")))
    return warnings


def _resolved(step: Step, session: Session, plan: Plan) -> Work | None:
    if not isinstance(step, WorkStep):
        return None
    return resolve(step, plan.catalogue, session.defaults, plan.level, plan.phrases)


def _missed(dropped: Sequence[Dropped]) -> Iterator[Problem]:
    """The author's own lines for which there is no room, each once however often it is missed."""
    for line in {line.origin: line for line in reversed(dropped) if line.origin and not line.instead}.values():
        yield Problem(line.origin, f"{quoted(line.text)} will not be heard: {line.reason}", severity="warning")


def _rests_in_a_row(session: Session) -> Iterator[Problem]:
    """Rests at the end of a round, behind which the block has one of its own."""
    for path, block in blocks(session.steps):
        rest_ms = session.defaults.rest if block.rest is None else block.rest
        if rest_ms and block.rounds and block.rounds.high > 1 and isinstance(block.steps[-1], RestStep):
            said = f"the block rests for {duration_text(rest_ms)} between its rounds as well: two rests in a row"
            allowed = "rest = 0 in the block, or no rest at the end of its steps"
            yield Problem((*path, "steps", len(block.steps) - 1, "rest"), said, allowed, severity="warning")


def _long_texts(step: Step, path: Path, lengths: Lengths) -> Iterator[Problem]:
    """What takes longer to say than is easily followed."""
    for key in ("say", "wait"):
        text = getattr(step, key, None)
        if isinstance(text, str):
            limit_ms = LONG_TEXT_MS if isinstance(step, SayStep) else LONG_INSTRUCTION_MS
            yield from _long_text(text, (*path, key), limit_ms, lengths)


def _long_text(text: str, path: Path, limit_ms: int, lengths: Lengths) -> Iterator[Problem]:
    length_ms = lengths.speech(plain(text)).length_ms
    if length_ms > limit_ms:
        said = f"takes about {length_ms // _SECOND_MS} s to say"
        yield Problem(path, said, f"up to {limit_ms // _SECOND_MS} s, which are easily followed", severity="warning")


def _long_parts(step: WorkStep, path: Path, work: Work, lengths: Lengths) -> Iterator[Problem]:
    """Lines of parts that have no time to be said in them."""
    key = "flow" if work.kind == "flow" else "tempo"
    own = getattr(step, key, None) is not None
    for index, part in enumerate(work.parts):
        if part.say and lengths.speech(plain(part.say)).length_ms > part.duration_ms:
            where = (*path, key, index, "say") if own else (*path, "exercise")
            said = f"{quoted(part.say)} will not be heard: it is longer than its part"
            yield Problem(where, said, severity="warning")


def _hurried_sides(step: WorkStep, path: Path, work: Work) -> Iterator[Problem]:
    if len(work.sides) > 1 and not work.switch_ms:
        keys = (key for key in ("switch", "sides", "exercise") if getattr(step, key) is not None)
        yield _no_switch((*path, next(keys)))


def _no_switch(path: Path) -> Problem:
    return Problem(path, "there is no time to change sides", 'switch = "6s", for example', severity="warning")
