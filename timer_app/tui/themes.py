"""The colour themes of the app, and what keeps the colours of every theme legible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.color import Color
from textual.command import CommandPalette
from textual.theme import Theme

from timer_app.core.i18n import _
from timer_app.tui.screen import SizedApp
from timer_app.tui.widgets.text_layout import MessageLine

if TYPE_CHECKING:
    from textual.types import CSSPathType

    from timer_app.settings import SettingsStore


DEFAULT_THEME = "timer-dark"
_SIXTEEN_COLOURS = ("standard", "windows")

LEAST_CONTRAST = 4.5  # of text with what lies behind it: WCAG 2.2, level AA
_BLEND_STEPS = 50
_LINEAR_BELOW = 0.04045  # parts of a colour up to here grow in a straight line
_TINTS = ("primary", "secondary", "accent", "warning", "error", "success")
_BEHIND_TEXT = ("background", "surface", "panel")
_LINE_SHARE = 0.25  # of the foreground in lines around panels, which part them and are not read
_PHASE_TINTS = {"prepare": "warning", "work": "success", "rest": "primary", "ask": "accent", "say": "secondary"}
_Colour = TypeVar("_Colour", str, Color)

OWN_THEMES = (
    Theme(
        DEFAULT_THEME,
        primary="#5fb3e6",
        secondary="#b9a5ea",
        accent="#ef9ad0",
        warning="#f2b95e",
        error="#ff8a80",
        success="#7fd08a",
        foreground="#e6e6e6",
        background="#101418",
        surface="#1a2026",
        panel="#222a32",
    ),
    Theme(
        "timer-light",
        primary="#00568f",
        secondary="#5b3fa8",
        accent="#9a1f74",
        warning="#7a4a00",
        error="#a8201a",
        success="#1f6b2c",
        foreground="#1b1f24",
        background="#fbfaf7",
        surface="#f0eee8",
        panel="#e6e3da",
        dark=False,
    ),
    Theme(
        "high-contrast",
        primary="#66ccff",
        secondary="#d7b8ff",
        accent="#ff9df5",
        warning="#ffd800",
        error="#ff9c9c",
        success="#6dff6d",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        variables={"border": "#ffffff", "border-blurred": "#ffffff"},
    ),
    # Blue against orange and yellow, and steps of lightness: distinguishable with red-green colour blindness.
    Theme(
        "colour-blind",
        primary="#56b4e9",
        secondary="#b8c7d9",
        accent="#f0e442",
        warning="#e69f00",
        error="#ff7f32",
        success="#9bd7ff",
        foreground="#f2f2f2",
        background="#0d1117",
        surface="#161b22",
        panel="#1f2630",
    ),
)
OWN_THEME_NAMES = tuple(theme.name for theme in OWN_THEMES)

# A terminal of sixteen colours decides itself what they look like; the dark blue of many is all but black.
_ON_BLACK = {
    "primary": "ansi_bright_cyan",
    "secondary": "ansi_bright_white",
    "accent": "ansi_bright_magenta",
    "warning": "ansi_bright_yellow",
    "error": "ansi_bright_red",
    "success": "ansi_bright_green",
}
_ON_WHITE = {
    "primary": "ansi_blue",
    "secondary": "ansi_black",
    "accent": "ansi_magenta",
    "warning": "ansi_red",
    "error": "ansi_red",
    "success": "ansi_green",
}


def contrast(one: Color, other: Color) -> float:
    """The contrast of two opaque colours as WCAG counts it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in colour.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4


def readable_colour(colour: Color, behind: Iterable[Color]) -> Color:
    """`colour`, or as little lighter or darker as it takes to be read on everything in `behind`."""
    backgrounds = tuple(behind)
    ends = (Color(255, 255, 255), Color(0, 0, 0))
    end = max(ends, key=lambda end: min(contrast(end, background) for background in backgrounds))
    for step in range(_BLEND_STEPS + 1):
        tried = colour.blend(end, step / _BLEND_STEPS, alpha=1.0)
        if all(contrast(tried, background) >= LEAST_CONTRAST for background in backgrounds):
            return tried
    return end


def readable_variables(variables: Mapping[str, str], *, ansi: bool, dark: bool) -> dict[str, str]:
    """The variables of a theme with those changed that would leave words hard to read.

    Args:
        variables: Names of style sheet variables to colours.
        ansi: The theme leaves it to the terminal what its colours look like.
        dark: The theme is light on dark.
    """
    return {**variables, **(_ansi_variables(dark=dark) if ansi else _rgb_variables(variables))}


def _ansi_variables(*, dark: bool) -> dict[str, str]:
    tints = _ON_BLACK if dark else _ON_WHITE
    texts = {f"text-{name}": colour for name, colour in tints.items()}
    lines = {"border-blurred": "ansi_bright_black", "scrollbar": "ansi_bright_black"}
    quiet = {"text-muted": "ansi_default", "footer-key-foreground": tints["primary"]}
    return {**texts, **tints, **lines, **quiet, **_accents({f"text-{name}": tints[name] for name in tints})}


def _accents(texts: Mapping[str, _Colour]) -> dict[str, _Colour]:
    """One colour for each kind of phase: what belongs to the phase has it, from the digits to the bar."""
    return {f"phase-{kind}": texts[f"text-{tint}"] for kind, tint in _PHASE_TINTS.items()}


def _rgb_variables(variables: Mapping[str, str]) -> dict[str, str]:
    behind = [Color.parse(variables[name]) for name in _BEHIND_TEXT]
    foreground = readable_colour(Color.parse(variables["foreground"]), behind)
    muted = readable_colour(foreground.blend(behind[0], 0.4, alpha=1.0), behind)
    texts = {f"text-{name}": readable_colour(Color.parse(variables[f"text-{name}"]), behind) for name in _TINTS}
    texts |= {name: readable_colour(Color.parse(variables[name]), behind) for name in ("primary", "accent", "success")}
    readable = {"foreground": foreground, "text-muted": muted, "text-disabled": muted, **texts}
    marked = {"block-cursor-background": texts["text-primary"], "block-cursor-foreground": behind[0]}
    marked["block-hover-background"] = behind[1]
    blurred = {"block-cursor-blurred-background": behind[2], "block-cursor-blurred-foreground": foreground}
    footer = {
        "footer-background": behind[1],
        "footer-foreground": foreground,
        "footer-description-foreground": muted,
        "footer-key-foreground": texts["text-primary"],
    }
    line = behind[0].blend(foreground, _LINE_SHARE, alpha=1.0)
    own = Color.parse(variables["border-blurred"])
    lines = {"border-blurred": own if contrast(own, behind[0]) >= LEAST_CONTRAST else line, "scrollbar": line}
    lines |= {f"scrollbar-background{state}": behind[0] for state in ("", "-hover", "-active")}
    lines |= {"scrollbar-corner-color": behind[0]}
    quiet = {**footer, **lines, **_accents(texts)}
    return {name: colour.hex for name, colour in {**readable, **marked, **blurred, **quiet}.items()}


def supported_theme(wanted: str, color_system: str | None, *, is_dark: bool) -> str:
    """The theme to take: where the terminal has but sixteen colours, one that is made of those.

    Args:
        wanted: The user's, or the default.
        color_system: What the terminal can do, in the words of the screen library.
        is_dark: `wanted` is light on dark.
    """
    if color_system in _SIXTEEN_COLOURS and not wanted.startswith("ansi-"):
        return "ansi-dark" if is_dark else "ansi-light"
    return wanted


def next_theme(name: str) -> str:
    """The theme of the program's own that a key goes on to from theme `name`."""
    at = OWN_THEME_NAMES.index(name) if name in OWN_THEME_NAMES else -1
    return OWN_THEME_NAMES[(at + 1) % len(OWN_THEME_NAMES)]


class ThemedApp(SizedApp, inherit_bindings=False):
    """Takes a theme, and keeps the one that is chosen.

    Args:
        settings_store: Where it is written down; `None` for nowhere.
        css_path: The style sheets to begin with.
    """

    def __init__(self, settings_store: SettingsStore | None, css_path: CSSPathType | None = None) -> None:
        super().__init__(css_path=css_path)
        self.settings_store = settings_store
        for theme in OWN_THEMES:
            self.register_theme(theme)

    def apply_theme(self, name_wanted: str | None) -> list[str]:
        """Take the colours before anything is drawn, and tell what is wrong with the user's choice."""
        known = name_wanted in self.available_themes
        name = name_wanted if name_wanted and known else DEFAULT_THEME
        self.set_reactive(ThemedApp.theme, name)
        self.stylesheet.set_variables(self.get_css_variables())
        return [] if known or name_wanted is None else [_('There is no theme "{name}".').format(name=name_wanted)]

    def apply_terminal_colours(self) -> None:
        """Take colours that the terminal has, where it has few; greys of a theme's own are legible in any."""
        if self.no_color:
            return
        self.theme = supported_theme(self.theme, self.console.color_system, is_dark=self.current_theme.dark)

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, all of them legible."""
        theme = self.current_theme
        return readable_variables(super().get_css_variables(), ansi=theme.ansi, dark=theme.dark)

    def choose_theme(self, name: str) -> None:
        """Take a theme for good."""
        self.theme = name
        trouble = self.settings_store.change("theme", name) if self.settings_store else ""
        self.show_message(_("Colours: {name}. {trouble}").format(name=name, trouble=trouble).rstrip())

    def show_message(self, line: str) -> None:
        """Show one line for a while, where the screen has a place for it."""
        for message in self.screen.query(MessageLine):
            message.show_message(line)

    def action_next_theme(self) -> None:
        """Go on to the next of the program's own themes."""
        self.choose_theme(next_theme(self.theme))

    def action_change_theme(self) -> None:
        """Let a theme be chosen from all there are."""
        if isinstance(self.screen, CommandPalette):
            return
        self.search_commands([(name, partial(self.choose_theme, name)) for name in self.theme_names], _("Colours"))

    @property
    def theme_names(self) -> list[str]:
        """Every theme, the program's own first."""
        return [*OWN_THEME_NAMES, *sorted(set(self.available_themes) - set(OWN_THEME_NAMES))]
