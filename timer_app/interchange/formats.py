"""Finds out which format a source has, and reads it: one module for each format, all with the same three names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from timer_app.core.i18n import _
from timer_app.interchange import (
    csv_table,
    exercise_lists,
    feeel,
    just_another_workout_timer,
    liftoscript,
    openhiit,
    plain_text,
    seconds,
    timer_machine,
    wger,
)
from timer_app.interchange.model import Imported, InterchangeError
from timer_app.interchange.source import Source
from timer_app.system.paths import own_sessions_dir

_MAX_TEXT = 2_000_000  # characters of what is no JSON


class Format(Protocol):
    """What a module of a format has."""

    NAME: str
    TITLE: str

    def sniff(self, source: Source) -> bool:
        """Whether a source is of this format."""

    def read(self, source: Source) -> Imported:
        """What the source gives."""


# In the order in which they are tried: any text may be a routine.
_MODULES = (
    timer_machine,
    openhiit,
    just_another_workout_timer,
    feeel,
    wger,
    seconds,
    exercise_lists,
    liftoscript,
    csv_table,
    plain_text,
)
FORMATS: dict[str, Format] = {module.NAME: cast("Format", module) for module in _MODULES}
"""Every format by its name."""


def find_format(source: Source, name: str = "") -> Format:
    """The format of a source.

    Args:
        source: The source.
        name: The format that it has, where the user says so.

    Raises:
        InterchangeError: It has none.
    """
    if name:
        return FORMATS[name]
    if source.ending == ".toml":
        raise InterchangeError(_("is TOML, as sessions are: copy it into {folder}").format(folder=own_sessions_dir()))
    is_json = source.json is not None
    for module in _MODULES:
        if not (is_json and module is plain_text) and module.sniff(source):
            return cast("Format", module)
    if is_json:
        raise InterchangeError(_("is JSON, but of no app that is known; known are: {known}").format(known=_known()))
    raise InterchangeError(_("is empty"))


def _known() -> str:
    titles: Sequence[str] = [module.TITLE for module in _MODULES if module not in (plain_text, csv_table, liftoscript)]
    return ", ".join(titles)


def read_source(source: Source, name: str = "") -> tuple[Format, Imported]:
    """The format of a source, and what it gives; raises as `find_format` does."""
    if source.json is None and len(source.text) > _MAX_TEXT:
        # Far more than people write: reading each of so many lines would take minutes.
        raise InterchangeError(_("has more than {most:,} characters; import less at once").format(most=_MAX_TEXT))
    found = find_format(source, name)
    return found, source.with_encoding(found.read(source))
