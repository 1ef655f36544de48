"""The page about the format and the schemas for editors say what the program does."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tests.audio.music_files import tone, write_music
from tests.library_folders import Place
from tests.scripts import load_script
from timer_app.core.compiler import limits, resolve
from timer_app.core.compiler.compile import compile_session
from timer_app.core.fields import types as fields
from timer_app.core.fields.template import PLACEHOLDERS
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import STEP_KINDS, Defaults, Session, Sound
from timer_app.library.library import Library
from timer_app.library.music import MAX_MUSIC_FILES
from timer_app.system import paths
from timer_app.system.files import toml_files

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "session-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(schema = 1\n.*?)```", PAGE, re.DOTALL)
SHIPPED = [*toml_files(paths.shipped_sessions_dir()), *toml_files(paths.shipped_sessions_dir() / "exercises")]


def test_the_page_has_an_example_of_everything() -> None:
    assert len(EXAMPLES) == PAGE.count("```toml")
    assert len(EXAMPLES) >= 10
    used = {key for text in EXAMPLES for key in re.findall(r"\b([a-z_]+) = ", text)}
    for kind in STEP_KINDS.values():
        assert {field.alias or name for name, field in kind.model_fields.items()} - used <= {
            "prepare",
            "short",
            "cautions",
        }


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_page_checks_clean_and_compiles(number: int, place: Place) -> None:
    library, path = Library.default(), place.write("example.toml", EXAMPLES[number])
    for name in re.findall(r'"([\w/-]+\.(?:wav|mp3|flac|ogg))"', EXAMPLES[number]):
        write_music(path.parent / name, tone(0.5))
    assert library.check(path) == []
    if "[exercises." not in EXAMPLES[number]:
        session, _ = library.load(library.find(str(path)))
        assert compile_session(session, library.plan(session, library.estimated_lengths("calm"))).timeline.total_ms > 0


def test_every_key_and_placeholder_is_on_the_page() -> None:
    models: list[type[BaseModel]] = [Session, Defaults, Sound, Exercise, *STEP_KINDS.values()]
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in PAGE and f"`[{key}]`" not in PAGE} == set()
    assert {name for name in PLACEHOLDERS if f"`{{{name}}}`" not in PAGE} == set()


def test_the_limits_on_the_page_are_those_of_the_program() -> None:
    table = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", PAGE.partition("## Limits")[2], re.MULTILINE))
    assert table["a name"] == f"{fields.MAX_NAME} characters"
    assert table["a text"] == f"{fields.MAX_TEXT:,} characters"
    assert table["a unit"] == f"{fields.MAX_UNIT} characters"
    assert table["a list of steps"] == f"{fields.MAX_LIST:,}"
    assert table["a list of sets"] == str(fields.MAX_LISTED_SETS)
    assert table["cues of a step"] == str(fields.MAX_CUES)
    assert table["parts of a tempo"] == str(fields.MAX_PARTS)
    assert table["parts of a flow"] == str(fields.MAX_FLOW_PARTS)
    assert table["entries of `music`"] == str(fields.MAX_MUSIC)
    assert table["files of music"] == str(MAX_MUSIC_FILES)
    assert table["blocks in one another"] == str(limits.MAX_DEPTH)
    assert table["phases of a whole session"] == f"{limits.MAX_PHASES:,}"
    assert table["cues of a whole session"] == f"{limits.MAX_CUES:,}"


def test_the_page_says_how_much_of_a_session_is_laid_out() -> None:
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| [^|]+ \|$", PAGE.partition("## Limits")[2], re.MULTILINE)
    laid_out = dict(rows)
    assert laid_out["sets, rests and lines of a session"] == f"{limits.MAX_LAID_OUT_UNITS:,}"
    assert laid_out["phases of a session"] == f"{limits.MAX_LAID_OUT_PHASES:,}"
    assert laid_out["parts of a set, in all its reps or rounds"] == f"{limits.MAX_SET_PHASES:,}"
    assert laid_out["your own cues of a session"] == f"{resolve.MAX_LAID_OUT_CUES:,}"


# The schemas.


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", ["session.schema.json", "exercises.schema.json"])
def test_the_schemas_are_those_of_the_models(name: str) -> None:
    script = load_script("make_schema")
    made = script.schema(script.SCHEMAS[name])
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made, "run `python scripts/make_schema.py`"


_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


class _Validator:
    """As much of JSON Schema as the models make use of."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def fits(self, value: Any, schema: Mapping[str, Any] | None = None) -> bool:
        schema = self._root if schema is None else schema
        if "$ref" in schema:
            return self.fits(value, self._root["$defs"][schema["$ref"].rpartition("/")[2]])
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices is not None:
            fitting = sum(self.fits(value, choice) for choice in choices)
            return fitting == 1 if "oneOf" in schema else fitting > 0
        return self._is_of_type(value, schema) and self._is_allowed(value, schema) and self._holds(value, schema)

    @staticmethod
    def _is_of_type(value: Any, schema: Mapping[str, Any]) -> bool:
        types = schema.get("type", [])
        names = [types] if isinstance(types, str) else types
        kinds = [_TYPES[name] for name in names if name == "boolean" or not isinstance(value, bool)]
        return not names or any(isinstance(value, kind) for kind in kinds)

    @staticmethod
    def _is_allowed(value: Any, schema: Mapping[str, Any]) -> bool:
        too_long = isinstance(value, str | list) and len(value) > schema.get("maxLength", schema.get("maxItems", 10**9))
        return not too_long and value in schema.get("enum", [value]) and value == schema.get("const", value)

    def _holds(self, value: Any, schema: Mapping[str, Any]) -> bool:
        if isinstance(value, list):
            return all(self.fits(item, schema.get("items", {})) for item in value)
        if not isinstance(value, dict):
            return True
        known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        if not set(schema.get("required", [])) <= set(value) or (others is False and not set(value) <= set(known)):
            return False
        return all(self.fits(inner, known.get(key, others or {})) for key, inner in value.items())


def _validates(text: str) -> bool:
    data = tomllib.loads(text)
    return _Validator(_schema("exercises.schema.json" if "exercises" in data else "session.schema.json")).fits(data)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_fits_the_schemas(path: Path) -> None:
    assert _validates(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_fit_the_schemas(number: int) -> None:
    assert _validates(EXAMPLES[number])


@pytest.mark.parametrize(
    "text",
    [
        'schema = 2\nname = "x"\nsteps = [{ say = "x" }]',
        'schema = 1\nname = "x"\nsteps = [{ hold = "3s", nam = "x" }]',
        'schema = 1\nname = "x"\nsteps = [{ hold = true, name = "x" }]',
        'schema = 1\nname = "x"\nsteps = [{ hold = 3, reps = 3, name = "x" }]',
        'schema = 1\nname = "x"\nsteps = [{ name = "x" }]',
        'schema = 1\nname = "x"\nsteps = [{ rest = 3, sets = 2 }]',
        'schema = 1\nexercises.a = { name = "x", say = "x", hold = 3, cues = [{ say = "x" }] }',
    ],
)
def test_the_schemas_refuse_what_is_no_session(text: str) -> None:
    assert not _validates(text)


def test_the_schemas_tell_an_editor_what_a_key_means() -> None:
    for name in ("session.schema.json", "exercises.schema.json"):
        text = json.dumps(_schema(name))
        assert '"null"' not in text
        assert '"default"' not in text
        for made in _schema(name)["$defs"].values():
            assert all("description" in field for field in made["properties"].values())
