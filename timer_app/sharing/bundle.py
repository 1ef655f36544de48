"""A session with everything of its author's that it needs, as plain data: what a link and a file hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from timer_app.core.i18n import _
from timer_app.interchange import InterchangeError

Data = dict[str, Any]
"""The data of a file, or of an exercise in one."""

MAX_SESSIONS = 50
MAX_EXERCISES = 1_000
_MAX_NESTING = 60
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_ID = 80
_MAX_FOLDERS = 3
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class ShareError(InterchangeError):
    """Something cannot be shared, or what was shared cannot be read; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A session that is shared.

    Attributes:
        session: The data of its file.
        sessions: Those of its author's that it names, by their ids.
        exercises: Those of its author's that they use, by their ids, by the language of their texts.
    """

    session: Data
    sessions: Mapping[str, Data]
    exercises: Mapping[str, Mapping[str, Data]]

    @property
    def name(self) -> str:
        """The name of the session, as it stands there."""
        name = self.session.get("name")
        return name if isinstance(name, str) else ""

    def to_plain(self) -> Data:
        """The same as plain data; what is empty is left out."""
        more = {"sessions": self.sessions, "exercises": self.exercises}
        return {"session": self.session, **{key: value for key, value in more.items() if value}}

    @classmethod
    def from_plain(cls, data: object) -> Bundle:
        """What `to_plain` has made plain, whoever has written it.

        Raises:
            ShareError: It is something else, or more than there may be.
        """
        if not isinstance(data, dict) or not data.keys() <= {"session", "sessions", "exercises"}:
            raise _no_session()
        session, sessions, exercises = data.get("session"), data.get("sessions", {}), data.get("exercises", {})
        if not isinstance(session, dict) or not _is_table(sessions) or not _is_table(exercises):
            raise _no_session()
        if not all(_is_table(inside) for inside in exercises.values()) or not _is_writable(data):
            raise _no_session()
        _check_names(sessions, exercises)
        return cls(session, sessions, exercises)


def is_session_id(text: object) -> bool:
    """Whether a text may be the id of a session, and so the name of its file: small letters, digits and hyphens."""
    if not isinstance(text, str) or len(text) > _MAX_ID:
        return False
    parts = text.split("/")
    return len(parts) <= _MAX_FOLDERS + 1 and all(map(_ID.fullmatch, parts))


def _check_names(sessions: Mapping[str, object], exercises: Mapping[str, Mapping[str, object]]) -> None:
    """See that all names may be those of files, and that there are not too many.

    Raises:
        ShareError: They are not, or there are.
    """
    ids = [name for inside in exercises.values() for name in inside]
    if len(sessions) > MAX_SESSIONS or len(ids) > MAX_EXERCISES or len(set(ids)) < len(ids):
        raise ShareError(
            _("more is shared at once than there may be: {sessions} sessions, {exercises} exercises").format(
                sessions=MAX_SESSIONS, exercises=MAX_EXERCISES
            )
        )
    are_ids = all(map(is_session_id, sessions)) and all(len(name) <= _MAX_ID and _ID.fullmatch(name) for name in ids)
    if not are_ids or not all(map(_LANGUAGE.fullmatch, exercises)):
        raise ShareError(_("a name in what is shared is none: small letters, digits and hyphens are"))


def _no_session() -> ShareError:
    return ShareError(_("what is shared is no session"))


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(inside, dict) for inside in value.values())


def _is_writable(value: object, depth: int = 0) -> bool:
    """Whether a session file can hold a value."""
    if depth > _MAX_NESTING:
        return False
    if isinstance(value, dict):
        return all(_is_text(key) and _is_writable(inside, depth + 1) for key, inside in value.items())
    if isinstance(value, list):
        return all(_is_writable(inside, depth + 1) for inside in value)
    return _is_text(value) or isinstance(value, int) or (isinstance(value, float) and isfinite(value))


def _is_text(value: object) -> bool:
    # Half of a character that takes two in UTF-16 can stand in JSON, and in no file.
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)
