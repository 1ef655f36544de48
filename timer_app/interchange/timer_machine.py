"""Reads the timers of TimeR Machine: steps and groups in groups, with what each step does besides passing time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from timer_app.core.fields import DoseRange
from timer_app.core.fields.types import MAX_COUNTDOWN, MAX_TEXT
from timer_app.core.i18n import N_
from timer_app.interchange.json_source import CALLED_REST, HALF, INTERNAL, MUSIC, NOTHING, OVERRUNS, ZERO, Node, ledger
from timer_app.interchange.model import (
    Block,
    Cue,
    Imported,
    ImportedSession,
    Rest,
    Step,
    Work,
    all_sessions,
    is_to_do,
)
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned, is_rest, rest_words

NAME = "timer-machine"
TITLE = "TimeR Machine"

_USUAL_COUNT = 5
_MADE = ("HALT", "HALF", "COUNT", "BEEP", "VOICE")  # the kinds of what a step does that have an equivalent

HISTORY = N_("the history of that app is not imported")
SCHEDULE = N_("for sessions on certain days, write a programme")
APP_SETTINGS = N_("settings of the other app")
NOTIFIER = N_("every step ends with a tone anyway")
TRIGGER = N_("a session starts no other one")
PHONE = N_("only a phone does that")
COUNT = N_("the last {count} seconds are marked")
BEEP = N_("a tick sounds every second")
VOICE = N_("said at the start")
UNSAYABLE = N_("{names} cannot be told here, and is left out of the line")
UNKNOWN_KIND = N_("nothing here does that")
UNUSED = N_("the step makes no use of it")
IN_REST = N_("a rest has the tones of the coach")
TOO_LONG = N_("the line of the step is longer than sessions allow, so this is left out")
EMPTY = N_("nothing in it is to be done")
NO_FOLDER = N_("the file has no such folder")
NO_TIMER = N_("no timer is in it")

# What each variable of a spoken line is here; `None` for what no placeholder stands for. The app has 23 of them, and
# spelled them otherwise before.
_VARIABLES: dict[str, str | None] = {
    "TName": None,
    "TLoop": "{round}",
    "TTotalLoop": "{rounds}",
    "TDuration": None,
    "TElapsed": None,
    "TElapsed%": None,
    "TRemaining": None,
    "TRemaining%": None,
    "TEndTime": None,
    "GName": None,
    "GLoop": "{round}",
    "GTotalLoop": "{rounds}",
    "GDuration": None,
    "GElapsed": None,
    "GElapsed%": None,
    "GRemaining": None,
    "GRemaining%": None,
    "GEndTime": None,
    "SName": "{name}",
    "SNameNext": "{next}",
    "SDuration": "{seconds}",
    "SEndTime": None,
    "OClockTime": None,
}
_OLDER = {
    "step_name": "SName",
    "step_duration": "SDuration",
    "step_end_time": "SEndTime",
    "timer_name": "TName",
    "timer_loop": "TLoop",
    "timer_loop_total": "TTotalLoop",
    "timer_duration": "TDuration",
    "timer_elapsed": "TElapsed",
    "timer_elapsed%": "TElapsed%",
    "timer_remaining": "TRemaining",
    "timer_remaining%": "TRemaining%",
    "timer_end_time": "TEndTime",
    "group_name": "GName",
    "group_loop": "GLoop",
    "group_loop_total": "GTotalLoop",
    "group_duration": "GDuration",
    "group_elapsed": "GElapsed",
    "group_elapsed%": "GElapsed%",
    "group_remaining": "GRemaining",
    "group_remaining%": "GRemaining%",
    "group_end_time": "GEndTime",
    "clock_time": "OClockTime",
}
_OLDEST = {
    "loop": "TLoop",
    "total_loop": "TTotalLoop",
    "step_name": "SName",
    "step_duration": "SDuration",
    "elapsed": "TElapsed",
    "elapsed_group": "GElapsed",
    "elapsed_in_percent": "TElapsed%",
    "elapsed%": "TElapsed%",
    "elapsed%_group": "GElapsed%",
    "remaining": "TRemaining",
    "remaining_group": "GRemaining",
    "remaining_in_percent": "TRemaining%",
    "remaining%": "TRemaining%",
    "remaining%_group": "GRemaining%",
    "time": "OClockTime",
    "step_end_time": "SEndTime",
    "timer_end_time": "TEndTime",
    "group_end_time": "GEndTime",
}
_TOKENS: dict[str, str | None] = {
    **{f"${name}": _VARIABLES[variable] for name, variable in _OLDEST.items()},
    **{f"{{{name}}}": _VARIABLES[variable] for name, variable in _OLDER.items()},
    **{f"{{{name}}}": meaning for name, meaning in _VARIABLES.items()},
}
_PLACEHOLDERS = {token: meaning or "" for token, meaning in _TOKENS.items()}
_WITHOUT_MEANING = re.compile(
    "|".join(re.escape(token) for token in sorted(_TOKENS, key=len, reverse=True) if _TOKENS[token] is None)
)
_ALL_TOKENS = re.compile("|".join(map(re.escape, sorted(_TOKENS, key=len, reverse=True))))


def sniff(source: Source) -> bool:
    """Whether it is a backup, or shared timers, of that app."""
    root = source.json
    if root is None:
        return False
    timers = root.find("timers")
    if timers is not None and isinstance(timers.data, list):
        return any(_is_timer(node) for node in timers.data) or (not timers.data and root.has("folders"))
    return _is_timer(root)


def _is_timer(node: Node) -> bool:
    steps = node.find("steps")
    if steps is None or not isinstance(steps.data, list) or not node.has("loop"):
        return False
    return all(step.has("length") or step.has("steps") for step in steps.data if step.is_table)


def read(source: Source) -> Imported:
    """The timers of a file, each a session."""
    root = source.json
    if root is None:
        return Imported()
    root.lose(HISTORY, "timerStamps")
    root.lose(SCHEDULE, "schedulers")
    root.lose(APP_SETTINGS, "prefs")
    root.lose(NOTIFIER, "notifier")
    folders = {}
    for node in root.items("folders"):
        folders[node.raw("id")] = node.name("name", "")
    timers = root.items("timers") if root.has("timers") else [root]
    used = {timer.raw("folderId") for timer in timers}
    sessions = all_sessions(_session(timer, folders, source) for timer in timers)
    for node in root.items("folders"):
        if node.raw("id") not in used:
            node.refuse("name", NO_TIMER)
    return Imported(sessions, ledger(root))


def _session(timer: Node, folders: dict[str, str], source: Source) -> Iterator[ImportedSession]:
    name = timer.name("name", source.stem or TITLE)
    timer.lose(INTERNAL, "id")
    folder = folders.get(timer.raw("folderId"), "")
    if timer.raw("folderId") and not folder:
        timer.refuse("folderId", NO_FOLDER)
    more = timer.table("more")
    if more is not None:
        more.lose(PHONE, "showNotif", "notifCount")
        more.lose(TRIGGER, "triggerTimerId")
    rounds = timer.count("loop")
    inside = tuple(_steps(timer, depth=1, in_rounds=rounds > 1))
    first, last = _edge(timer, "startStep"), _edge(timer, "endStep")
    body = inside if rounds == 1 or not inside else (Block(inside, rounds=rounds),)
    steps = (*first, *body, *last)
    if not is_to_do(steps):
        timer.refuse("name", NOTHING)
        return
    marks = "none"  # the half is marked where a step says so
    yield ImportedSession(name, steps, "", source.language, (folder,) if folder else (), marks=marks)


def _edge(timer: Node, key: str) -> tuple[Step, ...]:
    node = timer.table(key)
    return tuple(_step(node, 1, in_rounds=False)) if node is not None else ()


def _steps(group: Node, depth: int, *, in_rounds: bool) -> Iterator[Step]:
    for number, node in enumerate(group.items("steps"), 1):
        if node.has("steps"):
            rounds = node.count("loop")
            name = node.name("name", "") if node.raw("name") else ""
            inside = tuple(_steps(node, depth + 1, in_rounds=in_rounds or rounds > 1))
            if inside:
                yield Block(inside, name, rounds)
            else:
                node.refuse("loop", EMPTY)
                node.refuse("name", EMPTY)
        else:
            yield from _step(node, number, in_rounds=in_rounds)


def _step(node: Node, number: int, *, in_rounds: bool) -> Iterator[Step]:
    kind = node.raw("type").upper()
    length_ms = node.milliseconds("length", unit_ms=1)
    behaviours = node.items("behaviour")
    if not length_ms:
        node.forget(NOTIFIER if kind == "NOTIFIER" else ZERO)
        return
    placeholders = _PLACEHOLDERS if in_rounds else {**_PLACEHOLDERS, "{TLoop}": "1", "{GLoop}": "1"}
    name = node.name("label", f"Step {number}")
    kinds = [behaviour.raw("type").upper() for behaviour in behaviours]
    spoken = ""
    for behaviour, kind in zip(behaviours, kinds, strict=True):
        if kind == "VOICE":
            spoken = _line(behaviour, placeholders, spoken)
    if is_rest(name) and "HALT" not in kinds:
        for behaviour, kind in zip(behaviours, kinds, strict=True):
            if kind != "VOICE":
                behaviour.forget(IN_REST if kind in _MADE else _reason(kind))
        node.change("label", CALLED_REST)
        yield Rest(length_ms, spoken or rest_words(name))
        return
    work = Work(name, (DoseRange(length_ms, length_ms),))
    for behaviour, kind in zip(behaviours, kinds, strict=True):
        work = _with_behaviour(work, behaviour, kind)
    cue = (Cue("start", say=spoken),) if spoken else ()
    yield replace(work, cues=(*cue, *work.cues))


def _reason(kind: str) -> str:
    """Why something that a step does is lost."""
    if kind == "MUSIC":
        return MUSIC
    return PHONE if kind in ("VIBRATION", "SCREEN", "NOTIFICATION", "FLASHLIGHT", "IMAGE") else UNKNOWN_KIND


def _with_behaviour(work: Work, node: Node, kind: str) -> Work:
    """A step with one more thing that it does besides what it says."""
    match kind:
        case "HALT":
            node.change("type", OVERRUNS)
            _note_unused(node, UNUSED, "label", "content")
            return replace(work, overrun=True)
        case "HALF":
            node.change("type", HALF)
            _note_unused(node, HALF, "label", "content")
            return replace(work, marks="halves")
        case "COUNT":
            written = node.number("label", _USUAL_COUNT) if node.raw("label").strip() else _USUAL_COUNT
            count = int(min(max(written, 0), MAX_COUNTDOWN))
            node.change("label", COUNT, count=count)
            _note_unused(node, UNUSED, "content")
            return replace(work, countdown=count)
        case "BEEP":
            node.change("type", BEEP)
            _note_unused(node, BEEP, "label", "content")
            node.lose(BEEP, "loop")
            cues = () if any(cue.sound for cue in work.cues) else (Cue("every 1s", sound="tick"),)
            return replace(work, cues=(*work.cues, *cues))
        case "VOICE":
            return work
        case _:
            node.forget(_reason(kind))
            return work


def _note_unused(node: Node, reason: str, *keys: str) -> None:
    """Note that what stands at some keys is lost, if anything does."""
    for key in keys:
        if node.raw(key).strip():
            node.refuse(key, reason)


def _line(node: Node, placeholders: dict[str, str], before: str) -> str:
    """What a step says with one more thing that it says: both texts, their variables turned into placeholders."""
    for key in ("label", "content"):
        raw = node.raw(key)
        if not raw.strip():
            continue
        text, reason = cleaned(raw, placeholders=placeholders)
        if len(before) + bool(before) + len(text) > MAX_TEXT:
            node.refuse(key, TOO_LONG)
            continue
        before = f"{before} {text}".strip()
        missing = _WITHOUT_MEANING.findall(_ALL_TOKENS.sub(lambda found: f"{found[0]} ", raw))
        if missing:
            node.change(key, UNSAYABLE, names=", ".join(dict.fromkeys(missing)))
        else:
            node.change(key, reason or VOICE)
    return before
