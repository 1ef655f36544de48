"""The model that checks a settings file, made from the table of settings."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    ValidationError,
    create_model,
)

from timer_app.core.constraints import OUTPUT_ALLOWED, OUTPUTS, validate_output_name
from timer_app.core.diagnostics import LocatedProblem, Problem, Source, nearest, validate_source
from timer_app.core.fields import NotationError, parse_time_of_day
from timer_app.core.fields.types import Language, Lexicon, OwnSounds
from timer_app.settings.settings import SETTINGS, Setting
from timer_app.tts import names as voice_names

_Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w.-]+$")]


def _known_voice(name: str) -> str:
    try:
        return voice_names.check_name(name)
    except voice_names.VoiceNameError as error:
        raise NotationError(str(error), error.allowed, error.meant) from None


def _known_output(name: str) -> str:
    try:
        return validate_output_name(name)
    except ValueError as error:
        raise NotationError(str(error), OUTPUT_ALLOWED, nearest(name, OUTPUTS) or "") from None


def _time_of_day(value: str) -> str:
    return f"{parse_time_of_day(value):%H:%M}"


# Types that hold more than a Python type can say.
_FILE_TYPES: Mapping[str, Any] = {
    "level": FiniteFloat,
    "voice": Annotated[str, AfterValidator(_known_voice)],
    "day_start": Annotated[str, AfterValidator(_time_of_day)],
    "output": Annotated[str, AfterValidator(_known_output)],
    "language": Language,
    "lexicon": Lexicon,
    "screen_language": Literal[SETTINGS["screen_language"].choices],
    "theme": _Name,
    "sound_theme": _Name,
    "sounds": OwnSounds,
    "keys": dict[str, str],
}


def _field_type(setting: Setting) -> Any:
    wanted = _FILE_TYPES.get(setting.key, setting.type)
    if setting.limits is None:
        return wanted
    least, most = setting.limits
    return Annotated[wanted, Field(ge=least, le=most)]


_FILE_FIELDS: dict[str, Any] = {key: (_field_type(setting), None) for key, setting in SETTINGS.items()}

SettingsFile: type[BaseModel] = create_model(
    "SettingsFile", __config__=ConfigDict(extra="forbid", frozen=True, strict=True), **_FILE_FIELDS
)


def _check_sound_file(file: str) -> None:
    from timer_app.library import SoundLibrary  # only here: hardly any file of settings names a sound

    SoundLibrary.default().check_file(file)


def validate_settings(source: Source) -> tuple[BaseModel | None, list[Problem]]:
    """The values of a file, or `None` and everything that is wrong with them, with the sounds that they name."""
    return validate_source(SettingsFile, source, {"check_sound_file": _check_sound_file})


def read_settings(source: Source) -> tuple[dict[str, Any], tuple[LocatedProblem, ...]]:
    """The values in a file that can be used, and every fault of the others."""
    file, problems = validate_settings(source)
    if file is not None:
        return _given_values(file), ()
    return _usable_values(source.data, {problem.path for problem in problems}), tuple(source.collected(problems))


def checked_value(key: str, value: object) -> Any:
    """`value`, checked and converted as in a file.

    Raises:
        ValueError: The value is not allowed for `key`.
    """
    return getattr(SettingsFile.model_validate({key: value}), key)


def _given_values(file: BaseModel) -> dict[str, Any]:
    return file.model_dump(exclude_unset=True)


def _usable_values(data: Mapping[str, Any], faulty: AbstractSet[tuple[str | int, ...]]) -> dict[str, Any]:
    """The values of a file without those at the paths in `faulty`."""
    usable = {key: value for key, value in data.items() if (key,) not in faulty}
    for name in ("keys", "sounds"):
        if isinstance(table := usable.get(name), dict):
            usable[name] = {key: value for key, value in table.items() if (name, key) not in faulty}
    try:
        return _given_values(SettingsFile.model_validate(usable))
    except ValidationError:
        return {}
