"""All commands of the screens with their keys; footer, help, palette and key bindings are made from this list.

It needs nothing of Textual, so that settings can be checked without loading it.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from timer_app.core.constraints import KEY_NAMES
from timer_app.core.diagnostics import nearest
from timer_app.core.i18n import N_, SOURCE_LANGUAGE, _, best_language, current_language, source_texts

if TYPE_CHECKING:
    from timer_app.core.player.controls import Control

# As keyboards have them; other languages have other words on their keys.
_MODIFIERS = {
    "ctrl": N_("Ctrl"),
    "alt": N_("Alt"),
    "shift": N_("Shift"),
    "super": N_("Super"),
    "hyper": N_("Hyper"),
    "meta": N_("Meta"),
}
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
_KEY_SYMBOLS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
_KEY_WORDS = {
    "enter": N_("Enter"),
    "escape": N_("Esc"),
    "space": N_("Space"),
    "tab": N_("Tab"),
    "backspace": N_("Backspace"),
    "pageup": N_("PgUp"),
    "pagedown": N_("PgDn"),
    "home": N_("Home"),
    "end": N_("End"),
    "insert": N_("Ins"),
    "delete": N_("Del"),
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
    """How a key is shown: `Space`, `?`, `Ctrl+C`; its words are those on the keyboards of the language in use."""
    *modifiers, key = name.split("+")
    plain = _CHARACTERS.get(key) or _KEY_SYMBOLS.get(key) or _(_KEY_WORDS.get(key, ""))
    plain = plain or (key.upper() if key[1:].isdigit() else key)
    if modifiers == ["ctrl"]:
        plain = plain.upper() if len(plain) == 1 else plain  # terminals tell no case behind this one
    return "+".join([*(_(_MODIFIERS[modifier]) for modifier in modifiers), plain])


ScreenScope = Literal[
    "everywhere", "library", "play", "summary", "history", "editor", "form", "question", "settings", "dialogue"
]

# In the order in which the help shows them. Texts are only marked here, and translated where they are shown.
SCOPE_TITLES: dict[ScreenScope, str] = {
    "play": N_("While a session runs"),
    "library": N_("In the list of sessions"),
    "summary": N_("In the summary"),
    "history": N_("In the history"),
    "editor": N_("In the editor"),
    "form": N_("In the form of the editor"),
    "question": N_("When asked to be sure"),
    "settings": N_("In the settings"),
    "dialogue": N_("In help, previews and lists to choose from"),
    "everywhere": N_("Everywhere"),
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
        menu: The letter that does it in the menu of the list; empty for none.
    """

    id: str
    keys: str
    label: str
    tooltip: str
    scope: ScreenScope
    action: str
    footer: bool = False
    menu: str = ""


def _play(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str = "", *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "play", action or name, footer)


def _control(name: Control, keys: str, label: str, tooltip: str, *, footer: bool = False) -> ScreenCommand:
    """A command whose meaning depends on the state of the run, and is decided there."""
    return _play(name, keys, label, tooltip, f"control('{name}')", footer=footer)


def _library(  # noqa: PLR0913, PLR0917 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, menu: str = "", *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "library", action, footer, menu)


def _everywhere(  # noqa: PLR0913, PLR0917 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, menu: str = "", *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "everywhere", f"app.{action}", footer, menu)


def _history(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "history", action, footer)


def _editor(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(f"editor_{name}", keys, label, tooltip, "editor", action, footer)


def _form(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(f"form_{name}", keys, label, tooltip, "form", action, footer)


def _settings(  # noqa: PLR0913 - a row of a table
    name: str, keys: str, label: str, tooltip: str, action: str, *, footer: bool = False
) -> ScreenCommand:
    return ScreenCommand(name, keys, label, tooltip, "settings", action, footer)


COMMANDS: tuple[ScreenCommand, ...] = (
    _control("go", "space", N_("Pause"), N_("Pause, go on, count a rep or a round: whatever is next."), footer=True),
    _control("next", "n,right", N_("Next"), N_("Skip to the next step."), footer=True),
    _control("back", "b,left", N_("Back"), N_("Go back to what came before."), footer=True),
    _control("again", "o", N_("Once more"), N_("Repeat this set, for example on another spot under the ball."),
             footer=True),
    _play("jump", "j", N_("Jump"), N_("Choose a step from the list and go there."), footer=True),
    _play("give_up", "q,escape", N_("Give up"), N_("End the session without finishing it; asks first."), footer=True),
    _control("more_time", "plus,equals_sign", N_("10 s more"), N_("Add ten seconds to what runs now."), footer=True),
    _control("less_time", "minus", N_("10 s less"), N_("Take ten seconds off what runs now."), footer=True),
    _play("mute", "m", N_("Mute"), N_("Turn the sound off, or on again."), footer=True),
    _control("go_on", "enter", N_("Go on"), N_("Go on where the session waits for you, or after a pause.")),
    _control("pause", "p", N_("Pause"), N_("Pause the session, or go on after a pause.")),
    _play("explain", "i", N_("Explain"), N_("Hear the instruction of this exercise, or of the next one."), footer=True),
    _control("restart", "r", N_("Restart"), N_("Start what runs now from its beginning.")),
    _play("finish", "f", N_("Finish"), N_("End the session here and keep what was done; asks first.")),
    _play("louder", "up", N_("Louder"), N_("Turn the sound up."), "change_volume(5)"),
    _play("quieter", "down", N_("Quieter"), N_("Turn the sound down."), "change_volume(-5)"),
    _play("easier", "e", N_("Easier"), N_("Do an easier variant of the exercise, where there is one."),
          "change_variant(-1)"),
    _play("harder", "h", N_("Harder"), N_("Do a harder variant of the exercise, where there is one."),
          "change_variant(1)"),
    _play("figure", "g", N_("Figure"), N_("Show the figure that does the exercise, or hide it."), "toggle_figure"),
    _play("flash", "l", N_("Flash"), N_("Turn flashing with the countdown on or off."), "toggle_flash"),
    _play("reduced_motion", "k", N_("Less motion"),
          N_("Keep the screen still: nothing flashes or glides. Again: let it move."), "toggle_motion"),
    _library("start", "enter", N_("Start"), N_("Start the marked session."), "start", footer=True),
    _library("menu", "space", N_("Menu"),
             N_("Show a menu of all commands, each with its letter; while the filter is empty."), "menu", footer=True),
    _library("today", "f9", N_("Today"), N_("Start today's session: the one that is due, or else the one suggested."),
             "today", "t", footer=True),
    _library("preview", "f6,ctrl+o", N_("Preview"), N_("Show the phases and steps of the marked session."), "preview",
             "p", footer=True),
    _library("history", "f8,ctrl+y", N_("History"), N_("Show what you did."), "history", "h", footer=True),
    _library("intervals", "shift+f4", N_("Intervals"), N_("Run work and rest at once, or save them as a session."),
             "intervals", "v"),
    _library("star", "f7,ctrl+s", N_("Star"),
             N_("Put a star on the session, which keeps it at the top, or take it off."), "star", "s", footer=True),
    _library("share", "shift+f7", N_("Share"), N_("Show the session as a QR code and as a link."),
             "share", "g"),
    _library("equipment", "ctrl+g", N_("Equipment"),
             N_("Choose the equipment you have, to see only sessions that need nothing else."), "equipment", "e",
             footer=True),
    _library("length", "ctrl+l", N_("Length"),
             N_("Show only sessions of at most 5, 10, 20 or 30 minutes, or all again."), "length", "l", footer=True),
    _library("dose", "ctrl+b", N_("Dose"),
             N_("Cycle the doses: as they have grown, low end, high end."), "dose", "d",
             footer=True),
    _library("minutes", "shift+f6", N_("Minutes"),
             N_("Set how many minutes you have: a longer session leaves out what matters least."), "minutes", "m"),
    _library("new", "ctrl+n,shift+f5", N_("New"), N_("Write a new session, from a template with a step of each kind."),
             "new", "n"),
    _library("edit", "ctrl+e", N_("Edit"), N_("Edit the marked session, or your own copy of a shipped one."),
             "edit", "w", footer=True),
    _library("clear", "escape", N_("Clear"), N_("Clear the filter and the limits, and see every session."), "clear"),
    _library("filter", "slash", N_("Filter"), N_("Filter the list; or just start typing."), "filter"),
    _library("reload", "f5,ctrl+r", N_("Read again"), N_("Read the session files again."), "reload", "r"),
    _library("up", "up", N_("Up"), N_("Mark the session above."), "move(-1)"),
    _library("down", "down", N_("Down"), N_("Mark the session below."), "move(1)"),
    _library("page_up", "pageup", N_("Page up"), N_("Move the mark up by a screenful."), "page(-1)"),
    _library("page_down", "pagedown", N_("Page down"), N_("Move the mark down by a screenful."), "page(1)"),
    _library("first", "home,ctrl+home", N_("First"), N_("Mark the first session."), "edge(-1)"),
    _library("last", "end,ctrl+end", N_("Last"), N_("Mark the last session."), "edge(1)"),
    ScreenCommand("close", "enter,q,escape", N_("Close"), N_("Close the summary."), "summary", "close", footer=True),
    ScreenCommand("do_again", "a", N_("Again"), N_("Do the session again."), "summary", "again", footer=True),
    ScreenCommand("note", "n", N_("Note"), N_("Write a note about the run, which the history keeps."), "summary",
                  "note", footer=True),
    ScreenCommand("look_back", "h", N_("History"), N_("Show the history."), "summary", "history",
                  footer=True),
    ScreenCommand("train", "t", N_("Train"), N_("Start the session that the answers suggest, where they suggest one."),
                  "summary", "train"),
    _history("next_view", "right", N_("Next view"), N_("Go to the next view."), "turn(1)", footer=True),
    _history("open_record", "enter", N_("Open"), N_("Show the marked record with all that was planned and done."),
             "open", footer=True),
    _history("leave_history", "q,escape,h", N_("Close"), N_("Go back to the list of sessions."), "close", footer=True),
    _history("period", "p", N_("Period"), N_("Show the last 4 or 12 weeks, the last year, or everything."), "period",
             footer=True),
    _history("only_session", "s", N_("Session"), N_("Show only one session, or all again."),
             "session", footer=True),
    _history("forget", "d,delete", N_("Forget"), N_("Delete the marked record for good; asks first."), "forget",
             footer=True),
    _history("previous_view", "left", N_("Previous view"), N_("Go to the previous view."), "turn(-1)"),
    _history("view_calendar", "1", N_("Calendar"), N_("Show the days on which you trained."), "show(0)"),
    _history("view_weeks", "2", N_("Weeks"), N_("Show the minutes of each week."), "show(1)"),
    _history("view_exercises", "3", N_("Exercises"), N_("Show the time, reps and sets of each exercise."), "show(2)"),
    _history("view_pain", "4", N_("Pain"), N_("Show pain before and after sessions, and its trend."), "show(3)"),
    _history("view_bests", "5", N_("Bests"), N_("Show the longest holds, most reps and longest streak."),
             "show(4)"),
    _history("view_records", "6", N_("Records"), N_("Show the list of records."), "show(5)"),
    _editor("save", "ctrl+s", N_("Save"), N_("Save the text; the version before stays beside it."), "save",
            footer=True),
    _editor("form", "f6", N_("Form"), N_("Change the session in a form, or go back to its text."), "form", footer=True),
    _editor("run", "ctrl+r", N_("Run"), N_("Save, and run the session from the step of the line."), "run_here",
            footer=True),
    _editor("hear", "ctrl+l", N_("Hear"), N_("Hear what the line says, or stop it."), "hear", footer=True),
    _editor("complete", "ctrl+space,ctrl+@", N_("Complete"), N_("Show what can be written at the cursor."), "complete"),
    _editor("next_fault", "f8", N_("Fault"), N_("Go to the next fault."), "next_fault", footer=True),
    _editor("fix", "f9", N_("Mend"), N_("Mend the fault of the line, where it is clear what was meant."), "fix",
            footer=True),
    _editor("explain", "f5", N_("Explain"), N_("Explain the key at the cursor, or what is wrong there."), "explain",
            footer=True),
    _editor("panel", "f7", N_("Panel"), N_("Go to the faults and steps beside the text, and back."), "panel",
            footer=True),
    _editor("search", "ctrl+f", N_("Search"), N_("Find something in the text, and replace it."), "search",
            footer=True),
    _editor("close", "escape", N_("Close"), N_("Leave the editor; asks where something is not saved."), "close",
            footer=True),
    _editor("undo", "ctrl+z", N_("Undo"), N_("Undo the last change."), "undo"),
    _editor("redo", "ctrl+y", N_("Redo"), N_("Redo the change that was undone."), "redo"),
    _editor("elsewhere", "ctrl+o", N_("Other editor"),
            N_("Open the file in your own editor, as $VISUAL or $EDITOR names it."), "edit_elsewhere"),
    _form("change", "enter", N_("Change"), N_("Change the marked step."), "screen.do_in_form('change')", footer=True),
    _form("add", "a,insert", N_("Add"), N_("Add a step behind the marked one, or at the end of a block."),
          "screen.do_in_form('add')", footer=True),
    _form("rounds", "r", N_("Rounds"), N_("Put the marked step into a block of its own, done in rounds."),
          "screen.do_in_form('rounds')", footer=True),
    _form("apart", "u", N_("Take apart"), N_("Take the marked block apart and keep its steps."),
          "screen.do_in_form('apart')", footer=True),
    _form("delete", "delete", N_("Delete"), N_("Delete the marked step; undo brings it back."),
          "screen.do_in_form('delete')", footer=True),
    _form("copy", "d", N_("Duplicate"), N_("Put a copy of the marked step behind it."),
          "screen.do_in_form('copy')", footer=True),
    _form("move_up", "alt+up,shift+up", N_("Up"), N_("Move the marked step up."),
          "screen.do_in_form('up')", footer=True),
    _form("move_down", "alt+down,shift+down", N_("Down"), N_("Move the marked step down."),
          "screen.do_in_form('down')", footer=True),
    _form("text", "t", N_("Text"), N_("Show the marked step in the text."), "screen.do_in_form('text')", footer=True),
    ScreenCommand("yes", "y", N_("Yes"), N_("Yes, do it."), "question", "yes"),
    ScreenCommand("no", "n,escape", N_("No"), N_("No, change nothing."), "question", "no"),
    _settings("increase", "right", N_("Change"), N_("Go to the next value, or increase it."), "step(1)",
              footer=True),
    _settings("decrease", "left", N_("Less"), N_("Go to the previous value, or decrease it."), "step(-1)"),
    _settings("undo", "ctrl+z", N_("Undo"), N_("Undo the last change of a setting."), "undo", footer=True),
    _settings("reset", "delete", N_("Default"), N_("Bring back the default of the marked setting."), "reset",
              footer=True),
    _settings("search", "slash", N_("Search"), N_("Search the settings; or just start typing."),
              "search", footer=True),
    _settings("leave_settings", "escape,q", N_("Close"), N_("Clear the search, or close the settings."), "dismiss_it",
              footer=True),
    ScreenCommand("dismiss", "escape,q", N_("Close"), N_("Close it and change nothing."), "dialogue", "dismiss_it"),
    _everywhere("help", "f1,question_mark", N_("Help"), N_("Show every key."), "help", "?", footer=True),
    _everywhere("settings", "f2", N_("Settings"), N_("Change the settings; each change is saved at once."), "settings",
                "o", footer=True),
    _everywhere("quit", "ctrl+q,f10", N_("Quit"), N_("Leave the program; asks first while a session runs."), "quit",
                "q", footer=True),
    _everywhere("palette", "ctrl+p", N_("Find"),
                N_("Find anything by its name: a session, an exercise, a setting, a command."), "command_palette", "f",
                footer=True),
    _everywhere("next_theme", "f3", N_("Colours"), N_("Switch to the next set of colours, and keep it."), "next_theme",
                "c"),
    _everywhere("theme", "f4", N_("All colours"), N_("Choose from all sets of colours, and keep the choice."),
                "change_theme", "a"),
    _everywhere("suspend", "ctrl+z", N_("Suspend"),
                N_("Put the program into the background; the shell's fg brings it back."), "suspend_process"),
    _everywhere("leave", "ctrl+c", N_("Leave"), N_("Leave the program at once, without asking."), "leave"),
)  # fmt: skip

COMMANDS_BY_ID: dict[str, ScreenCommand] = {command.id: command for command in COMMANDS}


def commands_of(scope: ScreenScope) -> tuple[ScreenCommand, ...]:
    """The commands of one scope, in their order."""
    return tuple(command for command in COMMANDS if command.scope == scope)


def keys_of(command: ScreenCommand, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The names of a command's keys, as the user's `mapping` has them or else by default."""
    written = split_keys(mapping.get(command.id, command.keys))
    return tuple(name for name in map(key_name, written) if name is not None)


def menu_commands() -> tuple[ScreenCommand, ...]:
    """What the menu of the list offers, each with a letter; first what is only done there."""
    return tuple(command for scope in _MENU_SCOPES for command in commands_of(scope) if command.menu)


_MENU_SCOPES: tuple[ScreenScope, ...] = ("library", "everywhere")


def format_keys(command: ScreenCommand, mapping: Mapping[str, str]) -> str:
    """A command's keys as the help shows them: `n, →`, or with its letter in the menu `F7, Ctrl+S, Space s`."""
    keys = [format_key(name) for name in keys_of(command, mapping)]
    if command.menu and command.scope == "library":
        keys.append(f"{first_key('menu', mapping)} {command.menu}")
    return ", ".join(keys)


def first_key(command_id: str, mapping: Mapping[str, str]) -> str:
    """The key to name where a hint tells the user what to press."""
    return format_key(keys_of(COMMANDS_BY_ID[command_id], mapping)[0])


def spoken_keys(mapping: Mapping[str, str], language: str = SOURCE_LANGUAGE) -> dict[str, str]:
    """What the coach calls the keys of the commands that texts may name, by the ids of these commands.

    Args:
        mapping: The user's own keys.
        language: The language of the coach; where screens are in another one, keys have their English names.
    """
    names = {name: keys_of(COMMANDS_BY_ID[name], mapping)[0] for name in KEY_NAMES}
    with nullcontext() if best_language([language]) == current_language() else source_texts():
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
            text = (
                _('keys.{command_id}: there is no command "{command_id}"; did you mean "{close}"?')
                if close
                else _('keys.{command_id}: there is no command "{command_id}"')
            )
            yield (
                command_id,
                text.format(command_id=command_id, close=close),
            )
            continue
        for key in split_keys(written):
            if key_name(key) is None:
                yield command_id, f"keys.{command_id}: {_unknown_key_text(key)}"
    yield from _key_conflicts(mapping)


def _unknown_key_text(written: str) -> str:
    if not written:
        return _('a key is missing; a comma itself is called "comma"')
    return _('there is no key "{written}"; keys are called "p", "space", "f5", "ctrl+p"').format(written=written)


def _key_conflicts(mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    checked: set[str] = set()
    for command_id in filter(COMMANDS_BY_ID.__contains__, mapping):
        mine = COMMANDS_BY_ID[command_id]
        checked.add(command_id)
        for other in COMMANDS:
            if other.id in checked or not _share_screen(mine, other):
                continue
            for key in sorted(set(keys_of(mine, mapping)) & set(keys_of(other, mapping))):
                both = _('keys.{command_id}: "{key}" is the key of "{other}" too').format(
                    command_id=command_id, key=format_key(key), other=other.id
                )
                until = _('until one of them has another, "{command_id}" has {keys}').format(
                    command_id=command_id, keys=format_keys(mine, {})
                )
                yield command_id, f"{both}; {until}"


def _share_screen(one: ScreenCommand, other: ScreenCommand) -> bool:
    """Whether both commands can be asked for on one screen; settings and editor have no key to suspend the program."""
    scopes = {one.scope, other.scope}
    if "suspend" in (one.id, other.id) and scopes & {"settings", "editor"}:
        return False
    return one.id != other.id and (len(scopes) == 1 or "everywhere" in scopes or scopes == {"editor", "form"})
