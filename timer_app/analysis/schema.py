"""The JSON schemas of files, and what of them holds for a table or a key of a text that may be broken.

Editors that know JSON schemas read them from `docs/`; completions and hovers are made from the same ones. They are in
English: `scripts/make_catalogues.py` finds what they say, and it is translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from timer_app.analysis.syntax import Document, Value
from timer_app.core.diagnostics import KeyPath
from timer_app.core.i18n import _
from timer_app.core.session import ExerciseFile, Phrases
from timer_app.core.session.model import STEP_KINDS, Session
from timer_app.core.session.translation import Translation
from timer_app.core.training import Programme
from timer_app.core.wording.formatting import joined_by_or
from timer_app.library import FileKind

Schema = Mapping[str, Any]

MODELS: dict[FileKind, type[BaseModel]] = {
    "session": Session,
    "exercises": ExerciseFile,
    "programme": Programme,
    "translation": Translation,
    "phrases": Phrases,
}
_CHOICES = ("oneOf", "anyOf")
_MOST_EXAMPLES = 4
DOSE_KEYS = tuple(key for key, kind in STEP_KINDS.items() if getattr(kind, "dose", None) == key)
_USUAL_STEPS = ("exercise", "hold", "reps", "rest", "say", "steps")  # the most usual first


class FileSchema(GenerateJsonSchema):
    """What may stand in a file: TOML has no null, and defaults are told in words, as authors write them."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key that may be left out cannot be null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults are kept in milliseconds, which nobody writes."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """A title would only repeat the key."""
        return False


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a model, its keys as files write them."""
    return model.model_json_schema(by_alias=True, schema_generator=FileSchema)


class TableKeys(NamedTuple):
    """What may stand in a table.

    Attributes:
        known: What is known of each key that may stand there, by the key.
        required: Those that may not be missing.
        others: What the value of any other key is; `None` where there may be none.
        is_open: Nothing tells yet which of several sorts of table it is.
    """

    known: Mapping[str, Schema]
    required: tuple[str, ...] = ()
    others: Schema | None = None
    is_open: bool = False


@cache
def _schema_of(kind: FileKind) -> dict[str, Any]:
    return json_schema(MODELS[kind])


@cache
def _refused_keys() -> Mapping[str, frozenset[str]]:
    """The keys that a kind of step has only to say why they do not belong there, by the title of its schema."""
    return {step.__name__: getattr(step, "refused_keys", frozenset()) for step in STEP_KINDS.values()}


class FileSchemas:
    """What the schema of one kind of file says about the places of a text.

    Args:
        kind: The kind of file.
        document: The text.
    """

    def __init__(self, kind: FileKind, document: Document) -> None:
        self._root = _schema_of(kind)
        self._document = document

    def value_schema(self, path: KeyPath) -> Schema | None:
        """What may stand at a path, choices between several forms left open; `None` where nothing may."""
        schema: Schema | None = self._root
        value: Value | None = self._document.root
        for part in path:
            if schema is None:
                return None
            if isinstance(part, int):
                schema = next((form["items"] for form in self.forms(schema) if "items" in form), None)
                value = value.items[part] if value and value.kind == "list" and part < len(value.items) else None
            else:
                keys = self._keys_of(schema, value)
                schema = keys.known.get(part, keys.others)
                value = value.get(part) if value and value.kind == "table" else None
        return schema

    def table_keys(self, path: KeyPath) -> TableKeys:
        """What may stand in the table at a path."""
        schema = self.value_schema(path)
        return self._keys_of(schema, self._document.at(path)) if schema is not None else TableKeys({})

    def dose_keys(self, path: KeyPath) -> Mapping[str, Schema]:
        """The keys that give a step a dose of its own."""
        schema = self.value_schema(path)
        tables = [form for form in self.forms(schema) if form.get("type") == "object"] if schema is not None else []
        return {
            key: table["properties"][key] for table in tables for key in table.get("required", ()) if key in DOSE_KEYS
        }

    def forms(self, schema: Schema) -> Iterator[Schema]:
        """Every form that a value may have, each with what is said about all of them."""
        around = {key: value for key, value in schema.items() if key in {"description", "examples"}}
        if "$ref" in schema:
            found = self._root["$defs"][schema["$ref"].rpartition("/")[2]]
            yield from self.forms({**found, **around})
        elif choices := next((schema[key] for key in _CHOICES if key in schema), None):
            for choice in choices:
                for form in self.forms(choice):
                    yield {**around, **form}
        else:
            yield schema

    def is_list_of_tables(self, schema: Schema) -> bool:
        """Whether a value is a list of tables, which may be written with a header for each."""
        items = [form["items"] for form in self.forms(schema) if form.get("type") == "array" and "items" in form]
        return any(form.get("type") == "object" for item in items for form in self.forms(item))

    def _keys_of(self, schema: Schema, value: Value | None) -> TableKeys:
        tables = [form for form in self.forms(schema) if form.get("type") == "object"]
        names = set(value.names if value and value.kind == "table" else ())
        fitting = [form for form in tables if names.issuperset(form.get("required", ()))] if len(tables) > 1 else tables
        if len(tables) > 1 and not fitting:
            return _all_keys([table for table in tables if names <= _own_keys(table).known.keys()] or tables)
        return _own_keys(fitting[0]) if fitting else TableKeys({})


def _own_keys(table: Schema) -> TableKeys:
    refused = _refused_keys().get(table.get("title", ""), frozenset())
    known = {key: inner for key, inner in table.get("properties", {}).items() if key not in refused}
    others = table.get("additionalProperties")
    required = tuple(key for key in table.get("required", ()) if key in known)
    return TableKeys(known, required, others if isinstance(others, dict) else None)


def _all_keys(tables: list[Schema]) -> TableKeys:
    """The keys of several sorts of table, first those that tell which one it is."""
    each = [_own_keys(table) for table in tables]
    telling = {key: keys.known[key] for keys in each for key in keys.required if len(keys.required) == 1}
    telling = {key: telling[key] for key in sorted(telling, key=_rank)}
    known = telling | {key: inner for keys in reversed(each) for key, inner in keys.known.items() if key not in telling}
    return TableKeys(known, is_open=True)


def _rank(key: str) -> int:
    return _USUAL_STEPS.index(key) if key in _USUAL_STEPS else len(_USUAL_STEPS)


def values_of(form: Schema) -> tuple[str, ...]:
    """The values among which a form chooses, as files write them; empty where it is free."""
    if form.get("type") == "boolean":
        return ("true", "false")
    options = form.get("enum", [form["const"]] if "const" in form else [])
    return tuple(f'"{option}"' if isinstance(option, str) else str(option) for option in options)


def describe_meaning(schemas: FileSchemas, schema: Schema) -> str:
    """What a key means, else what its table is for, in the language in use; empty where neither is said."""
    form = next(schemas.forms(schema), schema)
    return _(str(schema.get("description") or form.get("description", "")))


def describe_type(schemas: FileSchemas, schema: Schema) -> str:
    """What a value may be, in a line: its sorts, its choices or bounds, and examples."""
    said = dict.fromkeys(word for form in schemas.forms(schema) for word in _words_of_form(form))
    examples = list(dict.fromkeys(e for form in schemas.forms(schema) for e in form.get("examples", ())))
    text = joined_by_or(list(said))
    if examples:
        shown = ", ".join(_written(example) for example in examples[:_MOST_EXAMPLES])
        text = _("{types}, such as {examples}").format(types=text, examples=shown)
    return text


def _written(value: object) -> str:
    return f'`"{value}"`' if isinstance(value, str) else f"`{str(value).lower()}`"


def _words_of_form(form: Schema) -> list[str]:
    if options := values_of(form):
        return [", ".join(f"`{option}`" for option in options)]
    types = form.get("type", ())
    return [_type_word(form, name) for name in ([types] if isinstance(types, str) else types)] or [_("any value")]


def _type_word(form: Schema, name: str) -> str:
    match name:
        case "integer" | "number":
            return _with_bounds(_("a whole number") if name == "integer" else _("a number"), form)
        case "string":
            return _("a text")
        case "array":
            return _("a list")
        case "object":
            return _("a table")
    return name


def _with_bounds(words: str, form: Schema) -> str:
    low, high = form.get("minimum"), form.get("maximum")
    if low is not None and high is not None:
        return _("{kind} from {low} to {high}").format(kind=words, low=low, high=high)
    return words
