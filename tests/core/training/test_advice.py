"""Which sessions answers suggest."""

from __future__ import annotations

from timer_app.core.player.recorder import Answer
from timer_app.core.timeline.model import Measure, Phase, SuggestionRule, Timeline
from timer_app.core.training.assessment import SuggestedSession, suggest_sessions

TIGHT = SuggestionRule("seated-stretches", "the chest is perhaps tight", 1, 1)
WEAK = SuggestionRule("wall-and-shoulders", "the upper back is perhaps weak", 2, 3)
UNEVEN = SuggestionRule("cat-cow-mobility", "the {side} side is behind", apart=3)


def asking(key: str, name: str, *advice: SuggestionRule) -> Phase:
    measure = Measure(key, f"{name}?", 0, 10, suggestion_rules=advice, area=name.lower())
    return Phase("measure", name, None, None, 0, measure=measure)


SESSION = Timeline(
    "Check",
    (
        asking("pair", "Chest", TIGHT, WEAK),
        asking("pair", "Neck", SuggestionRule("seated-stretches", "the neck is perhaps tight", 1, 1)),
        asking("reach", "Reach", UNEVEN),
    ),
)


def answers(**given: float) -> list[Answer]:
    return [Answer("pair", name.capitalize(), "", None, value, area=name) for name, value in given.items()]


def reach(left: float, right: float) -> list[Answer]:
    return [
        Answer("reach", "Reach", "cm", side, value, area="reach") for side, value in (("left", left), ("right", right))
    ]


def test_an_answer_suggests_what_is_named_for_it() -> None:
    assert suggest_sessions(SESSION, answers(chest=1)) == (
        SuggestedSession("seated-stretches", "the chest is perhaps tight"),
    )
    assert suggest_sessions(SESSION, answers(chest=3)) == (
        SuggestedSession("wall-and-shoulders", "the upper back is perhaps weak"),
    )
    assert suggest_sessions(SESSION, answers(chest=0)) == suggest_sessions(SESSION, []) == ()


def test_a_session_that_is_suggested_twice_stands_there_once_with_both_reasons() -> None:
    (one,) = suggest_sessions(SESSION, answers(chest=1, neck=1))
    assert one == SuggestedSession("seated-stretches", "the chest is perhaps tight; the neck is perhaps tight")


def test_sides_that_are_apart_suggest_something_and_say_which_is_behind() -> None:
    assert suggest_sessions(SESSION, reach(12, 15)) == (
        SuggestedSession("cat-cow-mobility", "the right side is behind"),
    )
    assert suggest_sessions(SESSION, reach(15, 12)) == (
        SuggestedSession("cat-cow-mobility", "the left side is behind"),
    )
    assert suggest_sessions(SESSION, reach(12, 14)) == ()
    assert suggest_sessions(SESSION, reach(12, 15)[:1]) == ()
