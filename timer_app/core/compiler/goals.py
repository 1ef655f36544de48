"""Where answers lead: the steps that `then` of a question names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from timer_app.core.compiler.unroll import FlatStep, flat_steps
from timer_app.core.diagnostics import KeyPath, Problem, nearest, quoted
from timer_app.core.i18n import _
from timer_app.core.session.model import MeasureStep, Session, WorkStep
from timer_app.core.timeline import JumpRule

END = "end"
VARIANTS = {"easier": -1, "harder": 1}
_WORDS = (END, *VARIANTS)


def jump_rules(session: Session) -> Mapping[KeyPath, tuple[JumpRule, ...]]:
    """Where the answers to every question lead, by the path of the question; names that are not there lead nowhere."""
    flat = list(flat_steps(session.steps))
    return {
        flat_step.path: tuple(_rules(flat_step.step, flat, index))
        for index, flat_step in enumerate(flat)
        if isinstance(flat_step.step, MeasureStep) and flat_step.step.then
    }


def _rules(step: MeasureStep, flat: list[FlatStep], index: int) -> Iterator[JumpRule]:
    for one in step.then:
        goal = None if one.go in _WORDS else _find(one.go, flat, index + 1)
        if goal is not None or one.go in _WORDS:
            yield JumpRule(goal, *(one.answer or (0.0, 0.0)), one.apart, VARIANTS.get(one.go, 0))


def check_goals(session: Session) -> Iterator[Problem]:
    """The names of steps that do not come after the question that leads to them."""
    flat = list(flat_steps(session.steps))
    for index, flat_step in enumerate(flat):
        for number, one in enumerate(flat_step.step.then if isinstance(flat_step.step, MeasureStep) else ()):
            if one.go in _WORDS or _find(one.go, flat, index + 1) is not None:
                continue
            is_before = _find(one.go, flat, 0) is not None
            said = (
                _("{go} comes before the question").format(go=quoted(one.go))
                if is_before
                else _("there is no step {go}").format(go=quoted(one.go))
            )
            names = [name for later in flat[index + 1 :] for name in _names(later)]
            allowed = _('"end", "easier", "harder", or the name of a step that comes after the question')
            near = "" if is_before else nearest(one.go, [*names, *_WORDS]) or ""
            yield Problem((*flat_step.path, "then", number, "go"), said, allowed, near)


def _find(name: str, flat: list[FlatStep], first: int) -> int | None:
    """The first step of that name from `first` on; that of a block is its first step."""
    return next((index for index in range(first, len(flat)) if name in _names(flat[index])), None)


def _names(flat_step: FlatStep) -> Iterator[str]:
    own = (
        getattr(flat_step.step, "name", None),
        flat_step.step.exercise if isinstance(flat_step.step, WorkStep) else None,
    )
    yield from filter(None, (*own, flat_step.block))
