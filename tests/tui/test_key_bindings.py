from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from textual.binding import Binding

from timer_app.core.i18n import current_language, use_language
from timer_app.tui import key_bindings
from timer_app.tui.dialogs import help_lines
from timer_app.tui.key_bindings import (
    COMMANDS,
    COMMANDS_BY_ID,
    SCOPE_TITLES,
    ScreenCommand,
    ScreenScope,
    commands_of,
    first_key,
    format_key,
    format_keys,
    key_name,
    key_problems,
    keys_of,
    menu_commands,
    spoken_keys,
    usable_keys,
)
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets import footer
from timer_app.tui.widgets.footer import LASTING, fit_footer_keys, footer_commands


def test_every_command_has_its_own_id_a_label_a_tooltip_and_keys_that_exist() -> None:
    assert len(COMMANDS_BY_ID) == len(COMMANDS)
    for command in COMMANDS:
        assert command.label
        assert command.tooltip.endswith(".")
        assert len(keys_of(command, {})) == len(command.keys.split(","))


def test_the_keys_that_commands_have_by_themselves_do_not_clash() -> None:
    defaults = {command.id: command.keys for command in COMMANDS}
    assert key_problems(defaults) == []


def test_the_help_lists_every_command_with_its_keys_at_any_width() -> None:
    for width in (18, 43, 90):
        text = " ".join(" ".join(help_lines({}, width)).split())
        for command in COMMANDS:
            assert " ".join(command.tooltip.split()) in text
            assert format_keys(command, {}) in text


def test_the_help_begins_with_the_place_from_which_it_is_opened() -> None:
    titles = [
        [line for line in help_lines({}, 90, place) if line in SCOPE_TITLES.values()] for place in (None, "history")
    ]
    assert titles[0] == list(SCOPE_TITLES.values())
    assert titles[1][:2] == [SCOPE_TITLES["history"], SCOPE_TITLES["play"]]
    assert sorted(titles[1]) == sorted(titles[0])


def bound(place: ScreenScope) -> dict[str | None, Binding]:
    """The bindings of a place by their ids."""
    return {binding.id: binding for binding in bindings_for(place) if isinstance(binding, Binding)}


@pytest.mark.parametrize("place", SCOPE_TITLES)
def test_every_command_is_bound_with_its_id_and_tooltip(place: ScreenScope) -> None:
    for command in commands_of(place):
        binding = bound(place)[command.id]
        assert (binding.key, binding.tooltip) == (command.keys, command.tooltip)


@pytest.mark.parametrize("place", ["question", "dialogue"])
def test_what_lies_above_a_screen_has_the_keys_that_work_everywhere(place: ScreenScope) -> None:
    assert {command.id for command in commands_of("everywhere")} <= set(bound(place))


def test_a_remapped_key_is_shown_everywhere() -> None:
    keys = {"go": "x,f5"}
    assert first_key("go", keys) == "x"
    assert "  x, F5 " in "\n".join(help_lines(keys, 90))
    assert fit_footer_keys("play", keys, {}, 80)[0].key == "x"


def test_keys_may_be_swapped() -> None:
    assert key_problems({"next": "b", "back": "n"}) == []


@pytest.mark.parametrize(
    ("mapping", "reported"),
    [
        ({"pauze": "p"}, 'keys.pauze: there is no command "pauze"; did you mean "pause"?'),
        ({"pause": "spcae"}, 'keys.pause: there is no key "spcae"; keys are called "p", "space", "f5", "ctrl+p"'),
        ({"pause": "p,"}, 'keys.pause: a key is missing; a comma itself is called "comma"'),
        ({"pause": "n"}, 'keys.pause: "n" is the key of "next" too; until one of them has another, "pause" has p'),
        ({"pause": "?"}, 'keys.pause: "?" is the key of "help" too; until one of them has another, "pause" has p'),
    ],
)
def test_what_is_wrong_with_a_key_is_told_in_one_line(mapping: dict[str, str], reported: str) -> None:
    assert key_problems(mapping) == [reported]


def test_keys_of_places_that_never_meet_may_be_the_same() -> None:
    assert key_problems({"start": "z", "close": "z"}) == []


def test_faulty_keys_are_left_out_and_good_ones_kept() -> None:
    assert usable_keys({"pause": "n", "mute": "x", "nothing": "y"}) == {"mute": "x"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("p", "p"),
        ("+", "plus"),
        ("?", "question_mark"),
        ("space", "space"),
        ("ctrl+p", "ctrl+p"),
        ("ctrl+/", "ctrl+slash"),
        ("ctrl++", "ctrl+plus"),
        ("f12", "f12"),
        ("é", "é"),
        ("", None),
        ("f99", None),
        ("Space", None),
        ("hyper-p", None),
        ("up+p", None),
    ],
)
def test_keys_are_known_by_the_names_users_write(written: str, name: str | None) -> None:
    assert key_name(written) == name


def test_key_names_are_those_of_the_screen_library() -> None:
    from string import punctuation

    from textual.binding import Binding

    for character in punctuation.replace(",", ""):
        (bound,) = Binding.make_bindings([Binding(character, "x")])
        assert key_name(character) == bound.key
        assert format_key(bound.key) == character


@pytest.mark.parametrize(
    ("name", "shown"), [("ctrl+c", "Ctrl+C"), ("ctrl+plus", "Ctrl++"), ("ctrl+f5", "Ctrl+F5"), ("alt+p", "Alt+p")]
)
def test_a_key_behind_a_modifier_is_shown_as_texts_name_it(name: str, shown: str) -> None:
    assert format_key(name) == shown


def test_keys_have_the_words_of_the_language_in_use_and_signs_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"Ctrl": "Strg", "Space": "Leertaste", "PgUp": "Bild↑", "Enter": "Enter"}
    monkeypatch.setattr(key_bindings, "_", lambda text: words.get(text, text))
    names = ("space", "ctrl+space", "pageup", "up", "ctrl+up", "f5", "ctrl+p", "q", "enter")
    shown = [format_key(name) for name in names]
    assert shown == ["Leertaste", "Strg+Leertaste", "Bild↑", "↑", "Strg+↑", "F5", "Strg+P", "q", "Enter"]


def test_the_coach_names_keys_in_its_own_language_or_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    use_language("de")
    monkeypatch.setattr(key_bindings, "_", lambda text: "Leertaste" if current_language() == "de" else text)
    assert (spoken_keys({}, "de-AT")["go"], spoken_keys({}, "en")["go"]) == ("Leertaste", "Space")


@pytest.mark.parametrize("width", range(10, 130, 7))
def test_the_footer_never_cuts_a_key(width: int) -> None:
    shown = fit_footer_keys("play", {}, {}, width)
    assert all(entry.end <= width for entry in shown)
    assert all(one.end < other.column for one, other in pairwise(shown))
    if width >= 20:
        assert shown[0].command.id == "go"
        assert "help" in [entry.command.id for entry in shown]


def test_in_80_columns_long_words_leave_room_for_how_to_get_out_and_for_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    longer = {"Space": "Leertaste", "Start": "Jetzt starten", "Settings": "Einstellungen", "Ctrl": "Strg"}
    for module in (key_bindings, footer):
        monkeypatch.setattr(module, "_", lambda text: longer.get(text, text))
    shown = [entry.command.id for entry in fit_footer_keys("library", {}, {}, 78)]
    assert shown == ["start", "menu", "help", "quit", "settings"]


def test_the_keys_in_the_help_stand_in_a_column_of_their_own() -> None:
    lines = list(help_lines({}, 90))
    widest = max(len(format_keys(command, {})) for command in COMMANDS)
    assert all(line[2 + widest : 4 + widest] == "  " for line in lines if line.startswith("  "))


def test_the_footer_has_every_command_meant_for_it_where_there_is_room() -> None:
    shown = [entry.command for entry in fit_footer_keys("play", {}, {}, 400)]
    assert sorted(shown, key=footer_commands("play").index) == footer_commands("play")


SCOPES_WITH_FOOTER: tuple[ScreenScope, ...] = ("library", "play", "summary", "history", "settings")


@pytest.mark.parametrize("place", SCOPES_WITH_FOOTER)
def test_the_footer_says_how_to_leave_how_to_learn_more_and_where_the_settings_are(place: ScreenScope) -> None:
    for width in range(76, 200):  # two columns of 80 are the margin on either side
        shown = {entry.command.id for entry in fit_footer_keys(place, {}, {}, width)}
        # The settings themselves name their way out in place of a key that does nothing there.
        assert {"leave_settings" if place == name == "settings" else name for name in LASTING} <= shown
        assert place != "settings" or "settings" not in shown


@pytest.mark.parametrize("place", SCOPES_WITH_FOOTER)
def test_a_footer_that_becomes_narrower_drops_the_least_important_keys_first(place: ScreenScope) -> None:
    order = [command.id for command in footer_commands(place)]
    for width in range(200):
        shown = {entry.command.id for entry in fit_footer_keys(place, {}, {}, width)}
        assert shown == set(order[: len(shown)])
        assert shown <= {entry.command.id for entry in fit_footer_keys(place, {}, {}, width + 1)}


KEYS_OF_BROWSERS = frozenset({"ctrl+w", "ctrl+t", "ctrl+n", "ctrl+q", "f11", "f12"})


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_has_a_key_that_reaches_a_page_in_a_browser(command: ScreenCommand) -> None:
    assert set(keys_of(command, {})) - KEYS_OF_BROWSERS


@pytest.mark.parametrize("command", commands_of("library"), ids=lambda command: command.id)
def test_no_command_of_the_list_has_a_letter_as_its_key(command: ScreenCommand) -> None:
    assert not [key for key in keys_of(command, {}) if len(key) == 1]


def test_the_letters_of_the_menu_differ() -> None:
    letters = [command.menu for command in menu_commands()]
    assert len(set(letters)) == len(letters)


def test_keys_can_be_checked_without_loading_the_screen_library() -> None:
    program = "import sys, timer_app.tui.key_bindings; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
