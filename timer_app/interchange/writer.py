"""Writes imported sessions as session files, and imported exercises into a file of the user's catalogue.

Nothing that is there is ever overwritten: a name that is taken gets a number, and a file that holds the same text is
left as it is, so that importing twice is the same as importing once.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomli_w

from timer_app.core.fields import DoseRange, format_duration_ms
from timer_app.core.session import Exercise
from timer_app.interchange.catalogue import ExerciseNames
from timer_app.interchange.model import (
    Block,
    ImportedExercise,
    ImportedSession,
    Part,
    Remark,
    Rest,
    Say,
    Step,
    Wait,
    Work,
)
from timer_app.interchange.texts import slug
from timer_app.system.files import (
    MAX_FOLDER_DEPTH,
    PART_SUFFIX,
    make_private_folder,
    part_prefix,
    sync_file,
    sync_folder,
)

_MAX_NUMBER = 10_000
_WRITERS = 8  # threads: most of the time of a small file is spent waiting for the disk
_MAX_REMARK = 300

Status = Literal["new", "there already"]
FileKind = Literal["session", "exercises", "media"]


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to be written.

    Attributes:
        path: Where.
        text: What.
        status: Whether a file with this text is there already, which is then left alone.
        name: The name of the session, or how many exercises.
        session: The session in it, where it was imported from another format.
        kind: What the file is.
        length_ms: How long the session takes.
        data: What is written where it is no text.
    """

    path: Path
    text: str
    status: Status
    name: str
    session: ImportedSession | None = None
    kind: FileKind = "session"
    length_ms: int = 0
    data: bytes | None = None

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode() if self.data is None else self.data


def session_text(session: ImportedSession, names: ExerciseNames | None = None, origin: str = "") -> str:
    """A session as a TOML file.

    Args:
        session: The session.
        names: The exercises that its steps have joined; `None` where they have joined none.
        origin: Where it comes from, for a comment at the top.
    """
    head: dict[str, Any] = {"schema": 1, "name": session.name}
    if session.summary:
        head["summary"] = session.summary
    head["language"] = session.language
    defaults: dict[str, Any] = {"fit": "clock"}
    for key, length_ms in (("prepare", session.prepare_ms), ("rest", session.rest_ms), ("switch", session.switch_ms)):
        defaults[key] = _time(length_ms)
    if session.marks:
        defaults["marks"] = session.marks
    lines = [f"# {_comment(line)}" for line in origin.split("\n") if line]
    lines += ["", *_table(head), "", "[defaults]", *_table(defaults)]
    lines += _steps(session.steps, "steps", session, names)
    return "\n".join(lines).lstrip("\n") + "\n"


def exercises_text(exercises: Iterable[ImportedExercise], origin: str = "") -> str:
    """Exercises as a TOML file for the user's catalogue."""
    lines = [f"# {_comment(line)}" for line in origin.split("\n") if line]
    lines += ["", *_table({"schema": 1, "language": "en"})]
    for exercise in exercises:
        values: dict[str, Any] = {"name": exercise.name, "say": exercise.say}
        if exercise.hold_ms:
            values["hold"] = _time(exercise.hold_ms)
        else:
            values["reps"] = exercise.reps or 1
        values |= {
            key: list(given)
            for key, given in (("muscles", exercise.muscles), ("equipment", exercise.equipment))
            if given
        }
        if exercise.source:
            values["source"] = exercise.source
        lines += ["", f"[exercises.{exercise.id}]", *_table(values)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _comment(text: str) -> str:
    """A text as it may stand in a comment: on one line, with nothing that TOML refuses."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:_MAX_REMARK]


def _table(values: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in values.items()]


_EXERCISE = re.compile(r"^\[exercises\.([a-z0-9-]+)\]$", re.MULTILINE)
_SIMPLE = re.compile(r'[^"\\\x00-\x1f\x7f]*')


def _value(value: object) -> str:
    if type(value) is int:
        return str(value)
    if isinstance(value, str) and _SIMPLE.fullmatch(value):
        return f'"{value}"'
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inside)}" for key, inside in value.items()) + " }"
    return tomli_w.dumps({"x": value})[len("x = ") : -1]


def _time(length_ms: int) -> str | int:
    return format_duration_ms(length_ms) if length_ms else 0


def _hold(dose: DoseRange) -> str:
    """A hold as sessions write it."""
    if dose.is_open and not dose.low:
        return "max"
    text = format_duration_ms(dose.low)
    if dose.low != dose.high:
        high = format_duration_ms(dose.high)
        # One unit holds for both ends.
        text = f"{text[:-1]}-{high}" if text.endswith("s") and high.endswith("s") else f"{text}-{high}"
    return f"{text}+" if dose.is_open else text


def _reps(dose: DoseRange) -> str | int:
    """Reps as sessions write them."""
    if dose.is_open and not dose.low:
        return "max"
    if dose.low == dose.high:
        return f"{dose.low}+" if dose.is_open else dose.low
    return f"{dose.low}-{dose.high}{'+' if dose.is_open else ''}"


def _steps(steps: Sequence[Step], header: str, session: ImportedSession, names: ExerciseNames | None) -> Iterator[str]:
    for step in steps:
        if isinstance(step, Remark):
            yield from ("", f"# Not understood: {_comment(step.text)}")
            continue
        yield from ("", f"[[{header}]]")
        if isinstance(step, Block):
            yield from _table(_block(step))
            yield from _steps(step.steps, f"{header}.steps", session, names)
        else:
            yield from _table(_plain(step, session, names))


def _block(block: Block) -> dict[str, Any]:
    values: dict[str, Any] = {"name": block.name} if block.name else {}
    if block.rounds != 1 or block.every_ms is not None:
        values["rounds"] = block.rounds
    if block.every_ms is not None:
        return values | {"every": _time(block.every_ms)}
    if block.within_ms is not None:
        return values | {"within": _time(block.within_ms)}
    if block.rounds != 1:
        values["rest"] = _time(block.rest_ms)
    if block.between_ms:
        values["between"] = _time(block.between_ms)
    if block.shuffle:
        values["shuffle"] = True
    return values


def _plain(step: Work | Rest | Say | Wait, session: ImportedSession, names: ExerciseNames | None) -> dict[str, Any]:
    if isinstance(step, Rest):
        return {"rest": _time(step.lasts_ms), **({"say": step.say} if step.say else {})}
    if isinstance(step, Say):
        return {"say": step.text}
    if isinstance(step, Wait):
        return {"wait": step.text}
    exercise = names.exercise(step.exercise) if names is not None and step.exercise else None
    if exercise is None and not step.has_dose:
        return {"wait": step.name}
    if _is_breathed(step) and exercise is not None and exercise.flow is None:
        exercise = None  # it would have a dose of another kind
    return _work(step, exercise, session)


def _work(work: Work, exercise: Exercise | None, session: ImportedSession) -> dict[str, Any]:
    values: dict[str, Any] = {"exercise": work.exercise} if exercise is not None else {}
    if exercise is None or exercise.name.casefold() != work.name.casefold():
        values["name"] = work.name
    if work.say:
        values["say"] = work.say
    values |= _dose(work)
    if work.has_dose:
        values |= _times(work, exercise, session)
    if _is_breathed(work):
        values["flow"] = [
            {"name": part.name.capitalize(), "for": _time(part.lasts_ms), "breath": part.breath}
            for part in work.tempo
            if isinstance(part, Part)
        ]
    elif work.tempo:
        parts = work.tempo
        values["tempo"] = (
            parts if isinstance(parts, str) else [{"name": part.name, "for": _time(part.lasts_ms)} for part in parts]
        )
    values |= {key: text for key, text in (("load", work.load), ("rpe", work.rpe), ("rir", work.rir)) if text}
    if work.overrun and work.hold:
        values["overrun"] = True
    if work.marks and work.hold:
        values["marks"] = work.marks
    if work.countdown is not None:
        values["countdown"] = work.countdown
    if work.cues:
        values["cues"] = [
            {"at": cue.at, **({"say": cue.say} if cue.say else {"sound": cue.sound})} for cue in work.cues
        ]
    return values


def _is_breathed(work: Work) -> bool:
    """Whether its reps are breaths: then they are the rounds of a flow."""
    return any(isinstance(part, Part) and part.breath for part in work.tempo) and len(work.reps) == 1


def _dose(work: Work) -> dict[str, Any]:
    if _is_breathed(work):
        return {"rounds": _reps(work.reps[0])}
    if work.distance:
        return {"distance": work.distance}
    if work.hold:
        return {"hold": _hold(work.hold[0]) if len(work.hold) == 1 else list(map(_hold, work.hold))}
    if work.reps:
        return {"reps": _reps(work.reps[0]) if len(work.reps) == 1 else list(map(_reps, work.reps))}
    return {}


def _times(work: Work, exercise: Exercise | None, session: ImportedSession) -> dict[str, Any]:
    """Sets, sides and the times between them, also where an exercise of the catalogue would have others."""
    values: dict[str, Any] = {}
    is_listed = max(len(work.hold), len(work.reps)) > 1
    if not is_listed and (work.sets != 1 or (exercise is not None and exercise.sets is not None)):
        values["sets"] = work.sets
    if work.sides:
        values["sides"] = work.sides
    elif exercise is not None and exercise.sides:
        values["sides"] = "both"
    for key, own_ms, usual_ms in (
        ("rest", work.rest_ms, session.rest_ms),
        ("switch", work.switch_ms, session.switch_ms),
        ("prepare", None, session.prepare_ms),
    ):
        given = None if exercise is None else getattr(exercise, key)
        if own_ms is not None or given is not None:
            values[key] = _time(usual_ms if own_ms is None else own_ms)
    return values


class FreePaths:
    """Finds names for new files: no file has them, no session, and no other file that is planned.

    Args:
        sessions: The folder of the user's sessions.
        exercises: The folder of the user's exercises.
        taken: The ids of all sessions there are, which no new one may have.
    """

    def __init__(self, sessions: Path, exercises: Path, taken: Iterable[str] = ()) -> None:
        self._sessions, self._exercises = sessions, exercises
        self._used = {(sessions, one.casefold()) for one in taken}
        # The last number that each name got: a thousand timers may have the same name.
        self._numbers: dict[tuple[Path, str], int] = {}

    def session(self, session: ImportedSession, text: str) -> PlannedFile:
        """Where a session is to be written."""
        group = tuple(slug(part, "folder")[:24].strip("-") for part in session.folder[:MAX_FOLDER_DEPTH])
        path, status = self.free(self._sessions, "/".join((*group, slug(session.name))), text)
        return PlannedFile(path, text, status, session.name, session)

    def exercises(self, exercises: Sequence[ImportedExercise], name: str, text: str) -> PlannedFile:
        """Where a list of exercises is to be written."""
        path, status = self.free(self._exercises, slug(name, "exercises"), text)
        return PlannedFile(path, text, status, str(len(exercises)), kind="exercises")

    def written_exercises(self, name: str) -> dict[Path, str]:
        """The files that imports of lists of that name have written before, with their texts."""
        found: dict[Path, str] = {}
        with suppress(OSError, UnicodeDecodeError):
            for numbered in _numbered(slug(name, "exercises")):
                path = self._exercises / f"{numbered}.toml"
                found[path] = path.read_text(encoding="utf-8")
        return found

    def free(self, folder: Path, name: str, text: str) -> tuple[Path, Status]:
        """The first path of that name that is free, or has the same text already.

        Args:
            folder: One of the two folders.
            name: The name, with the folders inside that one, but without an ending.
            text: The text.
        """
        first = self._numbers.get((folder, name), 0) + 1
        for number, numbered in enumerate(_numbered(name, first), first):
            self._numbers[folder, name] = number
            path = folder / f"{numbered}.toml"
            is_there = _is_same(path, text)
            if is_there or ((folder, numbered) not in self._used and not os.path.lexists(path)):
                self._used.add((folder, numbered))
                return path, "there already" if is_there else "new"
        return folder / f"{name}-{secrets.token_hex(4)}.toml", "new"


def _numbered(name: str, first: int = 1) -> Iterator[str]:
    """A name, and the same with numbers behind it."""
    for number in range(first, _MAX_NUMBER):
        yield name if number == 1 else f"{name}-{number}"


def exercise_ids(text: str) -> list[str]:
    """The ids of the exercises in a file that an import has written."""
    return _EXERCISE.findall(text)


def _is_same(path: Path, text: str) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(text.encode()) and path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def write_planned(files: Iterable[PlannedFile]) -> None:
    """Write all files that are new.

    Raises:
        OSError: One cannot be written, or something has taken its name in the meantime; those before it are there.
    """
    new = [file for file in files if file.status == "new"]
    folders = {file.path.parent for file in new}
    for folder in folders:
        make_private_folder(folder)
    with ThreadPoolExecutor(_WRITERS) as threads:
        list(threads.map(_write_new, new))
    for folder in folders:
        sync_folder(folder)


def _write_new(file: PlannedFile) -> None:
    """Write a file that appears only when it is complete, and replaces none."""
    part = file.path.with_name(f"{part_prefix()}{secrets.token_hex(6)}{PART_SUFFIX}")
    try:
        with part.open("xb") as stream:
            stream.write(file.content)
            stream.flush()
            sync_file(stream.fileno())
        try:
            # A link fails where a file is; where there are no links, only a race could replace one.
            os.link(part, file.path)
        except OSError:
            # The error of a link names the part file too, of which nobody knows.
            if os.path.lexists(file.path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file.path)) from None
            part.replace(file.path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
