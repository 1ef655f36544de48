"""What the data of a session refers to: other sessions, exercises of the catalogue, sounds, recordings and music.

All of it works on the data of a file, not on its model: the author's own spelling of times and doses goes along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from timer_app.core.fields import NotationError, clean_text
from timer_app.core.fields.load import has_words
from timer_app.core.fields.types import SIDE_WORDS
from timer_app.core.session.translation import TEXT_KEYS
from timer_app.sharing.bundle import Data

MediaKind = Literal["sound", "recording", "music"]
ChangeMedia = Callable[[str, MediaKind], str | None]
"""Gives the name that a file has from now on; `None` takes it out."""

_OWN_WORDS = frozenset({*SIDE_WORDS, "end", "easier", "harder"})
_NOT_READ = frozenset({"voice", "sound", "lexicon", "figure"})


def steps_in(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every step of a session, blocks and what is in them included."""
    steps = data.get("steps")
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict):
            yield step
            yield from steps_in(step)


def named_sessions(data: Mapping[str, Any]) -> list[str]:
    """The sessions that stand in the places of steps, each once."""
    return _named(data, "session")


def named_exercises(data: Mapping[str, Any]) -> list[str]:
    """The exercises of the catalogue that its steps use, each once."""
    return _named(data, "exercise")


def _named(data: Mapping[str, Any], key: str) -> list[str]:
    found = (step.get(key) for step in steps_in(data))
    return list(dict.fromkeys(name for name in found if isinstance(name, str)))


def with_other_names(data: Data, sessions: Mapping[str, str], exercises: Mapping[str, str]) -> Data:
    """The same with other names for some sessions and exercises that its steps name."""
    if not sessions and not exercises:
        return data
    names = {"session": sessions, "exercise": exercises}

    def renamed(step: Any) -> Any:
        if not isinstance(step, dict):
            return step
        changes = {key: new[step[key]] for key, new in names.items() if _is_in(step.get(key), new)}
        steps = step.get("steps")
        return {**step, **changes, **({"steps": list(map(renamed, steps))} if isinstance(steps, list) else {})}

    changed: Data = renamed(data)
    return changed


def _is_in(value: object, names: Mapping[str, str]) -> bool:
    return isinstance(value, str) and value in names


def with_media(data: Data, change: ChangeMedia) -> Data:
    """The data of a session or an exercise with other names for its sounds, recordings and music.

    What loses its last file goes with it: a cue without anything to be heard, or an empty list.
    """
    changed: Data = {}
    for key, value in data.items():
        new = _changed(key, value, change)
        if new is not None:
            changed[key] = new
    return changed


def media_names(data: Data) -> list[str]:
    """The sounds, recordings and music that the data of a session or an exercise names, each once."""
    found: dict[str, None] = {}

    def note(name: str, _kind: MediaKind) -> str:
        found[name] = None
        return name

    with_media(data, note)
    return list(found)


def _changed(key: str, value: Any, change: ChangeMedia) -> Any:
    """What a key has from now on; `None` takes it out."""
    if key == "recording" and isinstance(value, str):
        return change(value, "recording")
    if key == "recordings" and isinstance(value, dict):
        return _changed_table(value, "recording", change)
    if key == "sound" and isinstance(value, dict):
        return {inner: new for inner, old in value.items() if (new := _sounding(inner, old, change)) is not None}
    if key == "cues" and isinstance(value, list):
        return [cue for each in value if (cue := _cue(each, change)) is not None] or None
    if key == "steps" and isinstance(value, list):
        return [with_media(step, change) if isinstance(step, dict) else step for step in value]
    return value


def _changed_table(files: Mapping[str, Any], kind: MediaKind, change: ChangeMedia) -> Data | None:
    new = {key: change(file, kind) if isinstance(file, str) else file for key, file in files.items()}
    return {key: file for key, file in new.items() if file is not None} or None


def _sounding(key: str, value: Any, change: ChangeMedia) -> Any:
    """What a key of the table `sound` has from now on."""
    if key == "sounds" and isinstance(value, dict):
        return _changed_table(value, "sound", change)
    if key == "music":
        files = [value] if isinstance(value, str) else value
        if isinstance(files, list):
            new = [change(file, "music") if isinstance(file, str) else file for file in files]
            return [file for file in new if file is not None] or None
    return value


def _cue(cue: Any, change: ChangeMedia) -> Any:
    if not isinstance(cue, dict) or not is_sound_file(cue.get("sound")):
        return cue
    new = change(cue["sound"], "sound")
    if new is not None:
        return {**cue, "sound": new}
    rest = {key: value for key, value in cue.items() if key != "sound"}
    return rest if "say" in rest else None


def is_sound_file(sound: object) -> bool:
    """Whether a cue sound is the path of a file, and not the name of one in a theme."""
    return isinstance(sound, str) and sound.lower().endswith(".wav")


def in_language(data: Data, texts: Mapping[str, str], language: str) -> Data:
    """The data of a session or an exercise in another language, as `core.session.translation` does it with models."""
    translated: Data = _translated(data, texts, is_text=False)
    return {**translated, "language": language} if language else translated


def _translated(value: Any, texts: Mapping[str, str], *, is_text: bool) -> Any:
    if isinstance(value, str):
        return _text(value, texts) if is_text else value
    if isinstance(value, list):
        return [_translated(inside, texts, is_text=is_text) for inside in value]
    if not isinstance(value, dict):
        return value
    changed: Data = {}
    for key, inside in value.items():
        if key == "recordings" and isinstance(inside, dict):
            changed[key] = {part: texts[file] for part, file in inside.items() if file in texts}
        elif key == "load":
            changed[key] = _translated(inside, texts, is_text=True) if _is_worded(inside) else inside
        else:
            changed[key] = inside if key in _NOT_READ else _translated(inside, texts, is_text=key in TEXT_KEYS)
    recording = changed.get("recording")
    if isinstance(recording, str) and any(changed.get(key) != value.get(key) for key in ("say", "wait")):
        # What was recorded in another language is spoken, unless there is a recording in this one.
        other = texts.get(recording)
        changed = {**changed, "recording": other} if other else {k: v for k, v in changed.items() if k != "recording"}
    return changed


def _is_worded(load: object) -> bool:
    return any(isinstance(one, str) and has_words(one) for one in (load if isinstance(load, list) else [load]))


def _text(text: str, texts: Mapping[str, str]) -> str:
    if text in _OWN_WORDS:
        return text
    try:
        return texts.get(clean_text(text), text)
    except NotationError:
        return text
