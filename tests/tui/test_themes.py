from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from rich.color import ColorSystem
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widget import Widget

from tests.tui.conftest import FakeLiveRun, OpenPlay, make_app, squat_timeline
from timer_app.tui.app import TimerApp
from timer_app.tui.themes import (
    LEAST_CONTRAST,
    OWN_THEME_NAMES,
    OWN_THEMES,
    contrast,
    next_theme,
    readable_colour,
    readable_variables,
    supported_theme,
)

OPAQUE = [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi]
HARD = ("solarized-light", "rose-pine-dawn", "nord", "textual-light")  # the least contrast of their own
TONES = ("prepare", "work", "switch", "rest", "say", "wait", "measure")
# Lines and blocks that tell by their place and shape; no words.
GRAPHICS = {
    "bar--filled",
    "bar--empty",
    "input--selection",
    "option-list--separator",
    "figure--near",
    "figure--body",
    "figure--far",
    "figure--scene",
    "figure--thing",
    "figure--eye",
    "figure--muscle",
    "figure--spot",
    "figure--sign",
}


def too_faint(app: TimerApp) -> list[str]:
    """Everything on the screen whose words cannot be read well."""
    return [f"{app.theme}: {what} {ratio:.2f}" for what, ratio in contrasts(app) if ratio < LEAST_CONTRAST]


def contrasts(app: TimerApp) -> Iterator[tuple[str, float]]:
    for widget in app.screen.walk_children(Widget):
        if widget.display and widget.size.area:
            yield from _contrasts_of(widget)


def _contrasts_of(widget: Widget) -> Iterator[tuple[str, float]]:
    yield str(widget), _ratio(widget.rich_style)
    for name in sorted(type(widget).COMPONENT_CLASSES - GRAPHICS):
        if not name.startswith(("scrollbar", "screen--")):
            yield f"{widget} {name}", _ratio(widget.get_component_rich_style(name))


def _ratio(style: Style) -> float:
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


async def in_every_theme(app: TimerApp, pilot: Any) -> list[str]:
    faint: list[str] = []
    for name in (*OWN_THEME_NAMES, *HARD):
        app.theme = name
        await pilot.pause()
        faint += too_faint(app)
    return faint


@pytest.mark.parametrize("keys", [(), ("x", "y", "z"), ("f1",)])
async def test_every_word_of_the_list_and_the_help_can_be_read_in_all_themes(keys: tuple[str, ...]) -> None:
    app = make_app(FakeLiveRun(squat_timeline()))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press(*keys)
        assert await in_every_theme(app, pilot) == []


@pytest.mark.parametrize("key", ["", "j", "q", "f"])
async def test_every_word_of_a_run_can_be_read_in_every_theme(open_play: OpenPlay, key: str) -> None:
    async with open_play(squat_timeline()) as play:
        await play.pass_time(1_000)
        if key:
            await play.press(key)
        assert await in_every_theme(play.app, play.pilot) == []


async def test_the_colour_of_every_phase_can_be_read_in_the_programs_own_themes(open_play: OpenPlay) -> None:
    async with open_play(squat_timeline()) as play:
        await play.pass_time(1_000)
        for name in OWN_THEME_NAMES:
            play.app.theme = name
            for shown, tone in pairwise(("prepare", *TONES)):
                play.screen.remove_class(f"-{shown}")
                play.screen.add_class(f"-{tone}")
                await play.pilot.pause()
                assert too_faint(play.app) == [], tone
            play.screen.remove_class(f"-{TONES[-1]}")
            play.screen.add_class("-prepare")


async def test_every_word_of_the_summary_can_be_read_in_every_theme() -> None:
    app = make_app(FakeLiveRun(squat_timeline()))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.press("n", "n", "f", "y")
        await pilot.pause()
        assert await in_every_theme(app, pilot) == []


@pytest.mark.parametrize("name", [*OWN_THEME_NAMES, *OPAQUE])
def test_words_in_every_colour_of_every_theme_can_be_read_on_all_that_lies_behind_them(name: str) -> None:
    theme = next((theme for theme in OWN_THEMES if theme.name == name), None) or BUILTIN_THEMES[name]
    colours = readable_variables(theme.to_color_system().generate(), ansi=False, dark=theme.dark)
    tints = ("primary", "secondary", "accent", "warning", "error", "success", "muted")
    for behind in ("background", "surface", "panel"):
        for words in ("foreground", *(f"text-{tint}" for tint in tints)):
            assert contrast(Color.parse(colours[words]), Color.parse(colours[behind])) >= LEAST_CONTRAST


def test_contrast_is_counted_as_the_guidelines_count_it() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(Color.parse("#123456"), Color.parse("#123456")) == 1


def test_a_colour_that_can_be_read_stays_and_a_faint_one_moves_only_as_far_as_it_must() -> None:
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    assert readable_colour(white, [black]) == white
    for faint in (Color(40, 40, 60), Color(90, 0, 0)):
        assert LEAST_CONTRAST <= contrast(readable_colour(faint, [black]), black) < LEAST_CONTRAST + 1


def test_a_theme_of_the_terminals_own_colours_keeps_to_them() -> None:
    theme = BUILTIN_THEMES["ansi-dark"]
    variables = readable_variables(theme.to_color_system().generate(), ansi=True, dark=True)
    assert all(variables[f"text-{name}"].startswith("ansi_") for name in ("primary", "warning", "success", "error"))


@pytest.mark.parametrize(
    ("system", "dark", "taken"),
    [
        ("truecolor", True, "nord"),
        ("256", True, "nord"),
        (None, True, "nord"),
        ("standard", True, "ansi-dark"),
        ("windows", False, "ansi-light"),
    ],
)
def test_a_terminal_of_sixteen_colours_gets_a_theme_made_of_them(system: str | None, dark: bool, taken: str) -> None:
    assert supported_theme("nord", system, is_dark=dark) == taken


def test_a_key_goes_round_the_programs_own_themes_from_any_other() -> None:
    observed = [next_theme("nord")]
    for _ in OWN_THEME_NAMES:
        observed.append(next_theme(observed[-1]))
    assert observed == [*OWN_THEME_NAMES, OWN_THEME_NAMES[0]]


# How eyes without red or without green cones see a colour, on linear light (Viénot, Brettel and Mollon 1999).
BLIND = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


@pytest.mark.parametrize("kind", BLIND)
def test_phases_differ_to_colour_blind_eyes_in_the_theme_for_them(kind: str) -> None:
    (theme,) = (theme for theme in OWN_THEMES if theme.name == "colour-blind")
    variables = readable_variables(theme.to_color_system().generate(), ansi=False, dark=True)
    shown = [Color.parse(variables[f"text-{name}"]) for name in ("warning", "success", "primary", "accent")]
    observed = [_as_seen(colour, BLIND[kind]) for colour in shown]
    pairs = [(one, other) for i, one in enumerate(observed) for other in observed[i + 1 :]]
    assert min(sum(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in pairs) > 0.08


def _as_seen(colour: Color, matrix: tuple[tuple[float, float, float], ...]) -> tuple[float, ...]:
    light = [(part / 255) ** 2.2 for part in colour.rgb]
    return tuple(sum(m * part for m, part in zip(row, light, strict=True)) for row in matrix)


@pytest.mark.parametrize("no_color", [True, False])
async def test_a_theme_of_terminal_colours_is_taken_where_there_are_few_but_not_without_colours(
    monkeypatch: pytest.MonkeyPatch, no_color: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(FakeLiveRun(squat_timeline()))
    async with app.run_test():
        before = app.theme
        monkeypatch.setattr(app.console, "_color_system", ColorSystem.STANDARD)
        app.apply_terminal_colours()
        assert (app.theme == before) is no_color
