"""An app whose colours the user chooses, and whose words can be read in all of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette

from timer_app.tui.sized import SizedApp
from timer_app.tui.themes import DEFAULT_THEME, OWN_NAMES, OWN_THEMES, following, readable_variables, theme_for
from timer_app.tui.widgets.message import Message

if TYPE_CHECKING:
    from textual.types import CSSPathType

    from timer_app.settings.store import SettingsDesk


class ThemedApp(SizedApp, inherit_bindings=False):
    """Takes a theme, and keeps the one that is chosen.

    Args:
        desk: Where it is written down; `None` for nowhere.
        css_path: The style sheets to begin with.
    """

    def __init__(self, desk: SettingsDesk | None, css_path: CSSPathType | None = None) -> None:
        super().__init__(css_path=css_path)
        self.desk = desk
        for theme in OWN_THEMES:
            self.register_theme(theme)

    def take_theme(self, wanted: str | None) -> list[str]:
        """Take the colours before anything is drawn, and tell what is wrong with the user's choice."""
        known = wanted in self.available_themes
        name = wanted if wanted and known else DEFAULT_THEME
        self.set_reactive(ThemedApp.theme, name)
        self.stylesheet.set_variables(self.get_css_variables())
        return [] if known or wanted is None else [f'There is no theme "{wanted}".']

    def fit_terminal(self) -> None:
        """Take colours that the terminal has, where it has few; greys of a theme's own are legible in any."""
        if self.no_color:
            return
        self.theme = theme_for(self.theme, self.console.color_system, is_dark=self.current_theme.dark)

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, all of them legible."""
        theme = self.current_theme
        return readable_variables(super().get_css_variables(), ansi=theme.ansi, dark=theme.dark)

    def choose_theme(self, name: str) -> None:
        """Take a theme for good."""
        self.theme = name
        trouble = self.desk.change("theme", name) if self.desk else ""
        self.tell(f"Colours: {name}. {trouble}".rstrip())

    def tell(self, line: str) -> None:
        """Show one line for a while, where the screen has a place for it."""
        for message in self.screen.query(Message):
            message.say(line)

    def action_next_theme(self) -> None:
        """Go on to the next of the program's own themes."""
        self.choose_theme(following(self.theme))

    def action_change_theme(self) -> None:
        """Let a theme be chosen from all there are."""
        if isinstance(self.screen, CommandPalette):
            return
        self.search_commands([(name, partial(self.choose_theme, name)) for name in self.theme_names], "Colours")

    @property
    def theme_names(self) -> list[str]:
        """Every theme, the program's own first."""
        return [*OWN_NAMES, *sorted(set(self.available_themes) - set(OWN_NAMES))]
