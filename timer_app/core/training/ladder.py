"""Ladders of exercises, from the easiest variant to the hardest, and which of them is done today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from timer_app.core.diagnostics import Problem, nearest, quoted
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.core.session import Exercise
    from timer_app.core.training.progression import PastPerformance

DAYS_TO_MOVE = 2  # so many in a row at the high end lead up, so many that were not completed lead down


def ladders(catalogue: Mapping[str, Exercise]) -> dict[str, tuple[str, ...]]:
    """The ladder of every exercise that has one, by its id."""
    found: dict[str, tuple[str, ...]] = {}
    for exercise in catalogue.values():
        found |= dict.fromkeys((name for name in exercise.variants if name in catalogue), exercise.variants)
    return found


def variant_beside(catalogue: Mapping[str, Exercise], exercise: str, by: int) -> str | None:
    """The variant that is so many rungs harder, or easier if negative; `None` where the ladder has none."""
    ladder = [name for name in ladders(catalogue).get(exercise, ()) if name in catalogue]
    at = ladder.index(exercise) + by if exercise in ladder else -1
    return ladder[at] if 0 <= at < len(ladder) else None


def check_ladder(name: str, catalogue: Mapping[str, Exercise]) -> list[Problem]:
    """What is wrong with the ladder that an exercise of the catalogue declares."""
    ladder, problems = catalogue[name].variants, []
    path = ("exercises", name, "variants")
    others = {rung for other, exercise in catalogue.items() if other != name for rung in exercise.variants}
    if ladder and name not in ladder:
        problems.append(
            Problem(
                path,
                _("the exercise {name} itself is not in its ladder").format(name=quoted(name)),
                _('"{name}" in its place').format(name=name),
            )
        )
    for number, rung in enumerate(ladder):
        here = (*path, number)
        if rung not in catalogue:
            near = nearest(rung, catalogue) or ""
            problems.append(Problem(here, _("there is no exercise {rung}").format(rung=quoted(rung)), suggestion=near))
        elif rung in ladder[:number] or rung in others:
            problems.append(
                Problem(
                    here,
                    _("{rung} is in a ladder already").format(rung=quoted(rung)),
                    _("each exercise once, in one ladder"),
                )
            )
        elif catalogue[rung].dose != catalogue[name].dose:
            said = _("{rung} goes by {dose}, not by {wanted}").format(
                rung=quoted(rung), dose=catalogue[rung].dose, wanted=catalogue[name].dose
            )
            problems.append(Problem(here, said, _("exercises of one kind of dose")))
    return problems


def rung_today(
    ladder: Sequence[str], named: str, performances: Mapping[str, Sequence[PastPerformance]], highs: Mapping[str, int]
) -> str:
    """The variant of today: that of the last time, or the one beside it.

    After two days in a row that were completed at the high end of its dose without more pain, the next harder one
    follows; after a day with more pain, or two that were not completed, the next easier one.

    Args:
        ladder: The variants, the easiest first.
        named: The one that the session names, with which it begins.
        performances: What was done of each.
        highs: The high end of the dose of each.
    """
    done = sorted((one.day, ladder.index(name)) for name in ladder for one in performances.get(name, ()))
    if not done:
        return named
    at = done[-1][1]
    by_day = groupby(sorted(performances[ladder[at]]), lambda one: one.day)
    days = [tuple(found) for _, found in by_day][-DAYS_TO_MOVE:]
    if any(one.more_pain for one in days[-1]):
        at -= 1
    elif len(days) == DAYS_TO_MOVE:
        high = highs[ladder[at]]
        at += all(any(one.completed and one.amount >= high for one in day) for day in days)
        at -= all(not any(one.completed for one in day) for day in days)
    return ladder[min(len(ladder) - 1, max(0, at))]
