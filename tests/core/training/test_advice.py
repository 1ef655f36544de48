"""Which sessions answers suggest."""

from __future__ import annotations

from timer_app.core.player.recorder import Answer
from timer_app.core.timeline.model import Advice, Measure, Phase, Timeline
from timer_app.core.training.measurements import Suggested, suggested

TIGHT = Advice("seated-stretches", "the chest is perhaps tight", 1, 1)
WEAK = Advice("wall-and-shoulders", "the upper back is perhaps weak", 2, 3)
UNEVEN = Advice("cat-cow-mobility", "the {side} side is behind", apart=3)


def asking(key: str, name: str, *advice: Advice) -> Phase:
    return Phase("measure", name, None, None, 0, measure=Measure(key, f"{name}?", 0, 10, advice=advice))


SESSION = Timeline(
    "Check",
    (
        asking("pair", "Chest", TIGHT, WEAK),
        asking("pair", "Neck", Advice("seated-stretches", "the neck is perhaps tight", 1, 1)),
        asking("reach", "Reach", UNEVEN),
    ),
)


def answers(**given: float) -> list[Answer]:
    return [Answer("pair", name.capitalize(), "", None, value) for name, value in given.items()]


def reach(left: float, right: float) -> list[Answer]:
    return [Answer("reach", "Reach", "cm", side, value) for side, value in (("left", left), ("right", right))]


def test_an_answer_suggests_what_is_named_for_it() -> None:
    assert suggested(SESSION, answers(chest=1)) == (Suggested("seated-stretches", "the chest is perhaps tight"),)
    assert suggested(SESSION, answers(chest=3)) == (Suggested("wall-and-shoulders", "the upper back is perhaps weak"),)
    assert suggested(SESSION, answers(chest=0)) == suggested(SESSION, []) == ()


def test_a_session_that_is_suggested_twice_stands_there_once_with_both_reasons() -> None:
    (one,) = suggested(SESSION, answers(chest=1, neck=1))
    assert one == Suggested("seated-stretches", "the chest is perhaps tight; the neck is perhaps tight")


def test_sides_that_are_apart_suggest_something_and_say_which_is_behind() -> None:
    assert suggested(SESSION, reach(12, 15)) == (Suggested("cat-cow-mobility", "the right side is behind"),)
    assert suggested(SESSION, reach(15, 12)) == (Suggested("cat-cow-mobility", "the left side is behind"),)
    assert suggested(SESSION, reach(12, 14)) == ()
    assert suggested(SESSION, reach(12, 15)[:1]) == ()
