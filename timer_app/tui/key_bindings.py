"""All commands of the screens with their keys; footer, help, palette and key bindings are made from this list.

It needs nothing of Textual, so that settings can be checked without loading it.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from timer_app.core.constraints import KEY_NAMES
from timer_app.core.diagnostics import nearest

if TYPE_CHECKING:
    from timer_app.core.player.controls import Control

_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_NAMED_KEYS = frozenset(
    {"space", "enter", "escape", "tab", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"}
    | {"up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 25)}
)
# Where the terminal library calls a character something shorter than its Unicode name.
_TEXTUAL_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_KEY_SYMBOLS = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
}


# Their signs are no words.
_SPOKEN_BY_NAME = frozenset({"up", "down", "left", "right", "plus", "minus", "slash", "question_mark"})


def _character_name(character: str) -> str:
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _TEXTUAL_NAMES.get(name, name)


_CHARACTERS = {_character_name(character): character for character in string.punctuation}


def key_name(written: str) -> str | None:
    """The name the screen knows a key by, from what a user wrote; `None` where there is no such key.

    Args:
        written: A character (`p`, `+`), a name (`space`, `plus`, `f5`), or either behind modifiers (`ctrl+p`).
    """
    written = written.strip()
    if len(written) == 1:
        return _character_name(written) if written.isprintable() and not written.isspace() else None
    *modifiers, key = written.split("+") if not written.endswith("++") else [*written[:-2].split("+"), "+"]
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return None
    plain = _plain_name(key)
    return None if plain is None else "+".join([*modifiers, plain])


def _plain_name(key: str) -> str | None:
    if key in _NAMED_KEYS or key in _CHARACTERS:
        return key
    return _character_name(key) if len(key) == 1 and key.isprintable() and not key.isspace() else None


def split_keys(written: str) -> list[str]:
    """The keys of a list such as "space,p", as written."""
    return [part.strip() for part in written.split(",")]


def format_key(name: str) -> str:
    """How a key is shown: `Space`, `?`, `Ctrl+C`."""
    *modifiers, key = name.split("+")
    plain = _CHARACTERS.get(key) or _KEY_SYMBOLS.get(key) or (key.upper() if key[1:].isdigit() else key)
    if modifiers == ["ctrl"]:
        plain = plain.upper() if len(plain) == 1 else plain  # terminals tell no case behind this one
    return "+".join([*(modifier.capitalize() for modifier in modifiers), plain])


ScreenScope = Literal["everywhere", "library", "play", "summary", "history", "question", "settings", "dialogue"]

# In the order in which the help shows them.
SCOPE_TITLES: dict[ScreenScope, str] = {
    "play": "While a session runs",
    "library": "In the list of sessions",
    "summary": "In the summary",
    "history": "In the history",
    "question": "When asked to be sure",
    "settings": "In the settings",
    "dialogue": "In help, previews and lists to choose from",
    "everywhere": "Everywhere",
}


@dataclass(frozen=True, slots=True)
class ScreenCommand:
    """Something the user can ask for with a key.

    Attributes:
        id: What settings call it.
        keys: The keys it has by itself, separated by commas.
        label: Short, for the footer.
        tooltip: What it does, in a sentence.
        scope: Where it works.
        action: The screen's (or the app's) method `action_...` that does it.
        footer: Shown in the footer; the earlier in the list, the sooner where there is little room.
    """

    id: str
    keys: str
    label: str
    tooltip: str
    scope: ScreenScope
    action: str
    footer: bool = False


def _play(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str = "", *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "play", action or name, footer)


def _control(name: Control, keys: str, label: str, tooltip: str, *, footer: bool = False) -> ScreenCommand:
    """A command whose meaning depends on the state of the run, and is decided there."""
    return _play(name, keys, label, tooltip, f"control('{name}')", footer=footer)


def _library(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "library", action, footer)


def _history(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "history", action, footer)


def _settings(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "settings", action, footer)


COMMANDS: tuple[ScreenCommand, ...] = (
    _control("go", "space", "Pause", "Pause, go on, count a rep or a round: whatever is next.", footer=True),
    _control("next", "n,right", "Next", "Leave what runs now and go to what comes next.", footer=True),
    _control("back", "b,left", "Back", "Go back to what came before.", footer=True),
    _control("again", "o", "Once more", "Do this set once more, such as another spot under the ball.", footer=True),
    _play("jump", "j", "Jump", "Choose a step from the list and go there.", footer=True),
    _play("give_up", "q,escape", "Give up", "End the session without finishing it; asks first.", footer=True),
    _control("more_time", "plus,equals_sign", "10 s more", "Add ten seconds to what runs now.", footer=True),
    _control("less_time", "minus", "10 s less", "Take ten seconds off what runs now.", footer=True),
    _play("mute", "m", "Mute", "Turn the sound off, or on again.", footer=True),
    _control("go_on", "enter", "Go on", "Go on where the session waits for you, or after a pause."),
    _control("pause", "p", "Pause", "Pause the session, or go on after a pause."),
    _play("explain", "i", "Explain", "Hear the instruction of this exercise, or of the next one.", footer=True),
    _control("restart", "r", "Restart", "Start what runs now from its beginning."),
    _play("finish", "f", "Finish", "End the session here and keep what was done; asks first."),
    _play("louder", "up", "Louder", "Turn the sound up.", "change_volume(5)"),
    _play("quieter", "down", "Quieter", "Turn the sound down.", "change_volume(-5)"),
    _play("easier", "e", "Easier", "Do an easier variant of the exercise, where there is one.", "change_variant(-1)"),
    _play("harder", "h", "Harder", "Do a harder variant of the exercise, where there is one.", "change_variant(1)"),
    _play("figure", "g", "Figure", "Show the figure that does the exercise, or hide it.", "toggle_figure"),
    _play("flash", "l", "Flash", "Let the time flash with each beep of a countdown, or not.", "toggle_flash"),
    _play("reduced_motion", "k", "Less motion", "Keep the screen still: nothing flashes or glides. Again: let it move.",
          "toggle_motion"),
    _library("start", "enter", "Start", "Start the session that is marked.", "start", footer=True),
    _library("filter", "slash", "Filter", "Type to see only sessions that fit; letters that are no keys begin it too.",
             "filter", footer=True),
    _library("star", "s", "Star", "Put a star on the session, which keeps it at the top, or take it off.", "star",
             footer=True),
    _library("preview", "p", "Preview", "Show the phases and steps of the marked session.", "preview", footer=True),
    _library("equipment", "e", "Equipment", "Say what you have at hand, to see only what can be done with it.",
             "equipment", footer=True),
    _library("length", "l", "Length", "See only sessions of at most 5, 10, 20 or 30 minutes, or all again.", "length",
             footer=True),
    _library("dose", "v", "Dose", "Do every range at its low end, then at its high end, then as doses have grown.",
             "dose", footer=True),
    _library("history", "h", "History", "Look back on what was done.", "history", footer=True),
    _library("clear", "escape", "Clear", "Empty the filter and see every session.", "clear"),
    _library("reload", "ctrl+r,f5", "Read again", "Read the session files again.", "reload"),
    _library("up", "up", "Up", "Mark the session above.", "move(-1)"),
    _library("down", "down", "Down", "Mark the session below.", "move(1)"),
    _library("page_up", "pageup", "Page up", "Move the mark up by a screenful.", "page(-1)"),
    _library("page_down", "pagedown", "Page down", "Move the mark down by a screenful.", "page(1)"),
    _library("first", "home", "First", "Mark the first session.", "edge(-1)"),
    _library("last", "end", "Last", "Mark the last session.", "edge(1)"),
    _library("quit", "q", "Quit", "Leave the program.", "quit", footer=True),
    ScreenCommand("close", "enter,q,escape", "Close", "Close the summary.", "summary", "close", footer=True),
    ScreenCommand("do_again", "a", "Again", "Do the session again.", "summary", "again", footer=True),
    ScreenCommand("note", "n", "Note", "Write a note about the run, which the history keeps.", "summary", "note",
                  footer=True),
    ScreenCommand("look_back", "h", "History", "Look back on what was done.", "summary", "history", footer=True),
    ScreenCommand("train", "t", "Train", "Start the session that the answers suggest, where they suggest one.",
                  "summary", "train"),
    _history("next_view", "right", "Next view", "Go on to the next view.", "turn(1)", footer=True),
    _history("period", "p", "Period", "See the last 4 or 12 weeks, a year, or all the time.", "period", footer=True),
    _history("only_session", "s", "Session", "See only what was done in one session, or in all again.", "session",
             footer=True),
    _history("leave_history", "q,escape,h", "Close", "Go back to the list of sessions.", "close", footer=True),
    _history("open_record", "enter", "Open", "Show the marked record with all that was planned and done.", "open",
             footer=True),
    _history("forget", "d,delete", "Forget", "Delete the marked record for good; asks first.", "forget", footer=True),
    _history("previous_view", "left", "View before", "Go back to the view before.", "turn(-1)"),
    _history("view_calendar", "1", "Calendar", "Show on which days something was done.", "show(0)"),
    _history("view_weeks", "2", "Weeks", "Show the minutes of each week.", "show(1)"),
    _history("view_exercises", "3", "Exercises", "Show the time, reps and sets of each exercise.", "show(2)"),
    _history("view_pain", "4", "Pain", "Show pain before and after, and where it goes.", "show(3)"),
    _history("view_bests", "5", "Bests", "Show the longest holds, most reps and longest row of days.", "show(4)"),
    _history("view_records", "6", "Records", "Show the list of records.", "show(5)"),
    ScreenCommand("yes", "y", "Yes", "Yes, do it.", "question", "yes"),
    ScreenCommand("no", "n,escape", "No", "No, change nothing.", "question", "no"),
    _settings("increase", "right", "Change", "Go on to the next value, or make it more.", "step(1)", footer=True),
    _settings("decrease", "left", "Less", "Go back to the value before, or make it less.", "step(-1)"),
    _settings("undo", "ctrl+z", "Undo", "Take back the last change of a setting.", "undo", footer=True),
    _settings("reset", "delete", "Default", "Bring back the default of the marked setting.", "reset", footer=True),
    _settings("search", "slash", "Search", "Type to see only settings that fit; letters begin it too.", "search",
              footer=True),
    _settings("leave_settings", "escape,q", "Close", "Leave what is typed, or the settings.", "dismiss_it",
              footer=True),
    ScreenCommand("dismiss", "escape,q", "Close", "Close it and change nothing.", "dialogue", "dismiss_it"),
    ScreenCommand("help", "question_mark,f1", "Help", "Show every key.", "everywhere", "app.help", footer=True),
    ScreenCommand("palette", "ctrl+p", "Commands", "Find a command by its name.", "everywhere",
                  "app.command_palette"),
    ScreenCommand("settings", "f2", "Settings", "Change the settings; they are written down at once.", "everywhere",
                  "app.settings"),
    ScreenCommand("next_theme", "f3", "Colours", "Go on to the next set of colours, and keep it.", "everywhere",
                  "app.next_theme"),
    ScreenCommand("theme", "f4", "All colours", "Choose from all sets of colours, and keep the choice.", "everywhere",
                  "app.change_theme"),
    ScreenCommand("suspend", "ctrl+z", "Suspend", "Put the program into the background; the shell's fg brings it back.",
                  "everywhere", "app.suspend_process"),
    ScreenCommand("leave", "ctrl+c,ctrl+q", "Leave", "Leave the program at once, without asking.", "everywhere",
                  "app.leave"),
)  # fmt: skip

COMMANDS_BY_ID: dict[str, ScreenCommand] = {command.id: command for command in COMMANDS}


def commands_of(scope: ScreenScope) -> tuple[ScreenCommand, ...]:
    """The commands of one scope, in their order."""
    return tuple(command for command in COMMANDS if command.scope == scope)


def keys_of(command: ScreenCommand, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The names of a command's keys, as the user's `mapping` has them or else by default."""
    written = split_keys(mapping.get(command.id, command.keys))
    return tuple(name for name in map(key_name, written) if name is not None)


def format_keys(command: ScreenCommand, mapping: Mapping[str, str]) -> str:
    """A command's keys as the help shows them: `Space` or `n, →`."""
    return ", ".join(format_key(name) for name in keys_of(command, mapping))


def first_key(command_id: str, mapping: Mapping[str, str]) -> str:
    """The key to name where a hint tells the user what to press."""
    return format_key(keys_of(COMMANDS_BY_ID[command_id], mapping)[0])


def spoken_keys(mapping: Mapping[str, str]) -> dict[str, str]:
    """What the coach calls the keys of the commands that texts may name, by the ids of these commands."""
    names = {name: keys_of(COMMANDS_BY_ID[name], mapping)[0] for name in KEY_NAMES}
    return {name: key if key in _SPOKEN_BY_NAME else format_key(key) for name, key in names.items()}


def key_problems(mapping: Mapping[str, str]) -> list[str]:
    """What is wrong with the user's keys, one plain line each.

    Args:
        mapping: Ids of commands to keys, such as `{"pause": "space,p"}`.
    """
    return [line for _, line in _problems(mapping)]


def usable_keys(mapping: Mapping[str, str]) -> dict[str, str]:
    """`mapping` without what `key_problems` finds fault with."""
    usable = dict(mapping)
    while faulty := {command for command, _ in _problems(usable)}:
        usable = {command: keys for command, keys in usable.items() if command not in faulty}
    return usable


def _problems(mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of the id in `mapping` at fault and the line that says why."""
    for command_id, written in mapping.items():
        if command_id not in COMMANDS_BY_ID:
            close = nearest(command_id, COMMANDS_BY_ID)
            hint = f'; did you mean "{close}"?' if close else ""
            yield command_id, f'keys.{command_id}: there is no command "{command_id}"{hint}'
            continue
        for key in split_keys(written):
            if key_name(key) is None:
                yield command_id, f"keys.{command_id}: {_unknown_key_text(key)}"
    yield from _key_conflicts(mapping)


def _unknown_key_text(written: str) -> str:
    if not written:
        return 'a key is missing; a comma itself is called "comma"'
    return f'there is no key "{written}"; keys are called "p", "space", "f5", "ctrl+p"'


def _key_conflicts(mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    checked: set[str] = set()
    for command_id in filter(COMMANDS_BY_ID.__contains__, mapping):
        mine = COMMANDS_BY_ID[command_id]
        checked.add(command_id)
        for other in COMMANDS:
            if other.id in checked or not _share_screen(mine, other):
                continue
            for key in sorted(set(keys_of(mine, mapping)) & set(keys_of(other, mapping))):
                both = f'keys.{command_id}: "{format_key(key)}" is the key of "{other.id}" too'
                until = f'until one of them has another, "{command_id}" has {format_keys(mine, {})}'
                yield command_id, f"{both}; {until}"


def _share_screen(one: ScreenCommand, other: ScreenCommand) -> bool:
    """Whether both commands can be asked for on one screen; the settings have no key to suspend the program."""
    if "suspend" in (one.id, other.id) and "settings" in (one.scope, other.scope):
        return False
    return one.id != other.id and (one.scope == other.scope or "everywhere" in (one.scope, other.scope))
