"""Validates the data of a file against a model, and collects everything that is wrong with it.

To say what is allowed at the position of an error, it follows the path of the pydantic error through the model's
schema.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from timer_app.core.diagnostics.keys import meant_key, unknown_key_message
from timer_app.core.diagnostics.problems import (
    MAX_PROBLEMS,
    CaretTarget,
    KeyPath,
    Problem,
    kind_of,
    more_problems,
    nearest,
    quoted,
)
from timer_app.core.diagnostics.pydantic_errors import EXPECTED_KINDS, ErrorText, explain_error
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from timer_app.core.diagnostics.source import Source


Schema = Mapping[str, Any]
UnionBranch = tuple[KeyPath, str]

_INNER = ("schema", "python_schema", "lax_schema")
_KEY_MARK = "[key]"
_UNIONS = {"union", "tagged-union"}


@dataclass(slots=True)
class SchemaLocation:
    """Where an error is.

    Attributes:
        path: Keys and indices from the root of the data, without anything that only the model knows.
        schema: What the model wants there; `None` where that cannot be told.
        table_keys: The keys of the table that the last key belongs to, as files write them.
        tag: The choice taken by the innermost union around that table; empty for none.
        siblings: The keys of all choices of that union.
        branches: The unions without a tag that were passed, each with the choice the error is about.
        in_key: The error is about a key itself, not its value.
        chosen: The choice was only just taken, and its table not entered.
    """

    path: KeyPath = ()
    schema: Schema | None = None
    table_keys: tuple[str, ...] = ()
    tag: str = ""
    siblings: tuple[str, ...] = ()
    branches: list[UnionBranch] = field(default_factory=list)
    in_key: bool = False
    chosen: bool = False


class ModelSchema:
    """The schema of a model, with its definitions looked up."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._definitions: dict[str, Schema] = {}
        self._refused: dict[int, frozenset[str]] = {}
        self._choices: dict[int, dict[str, Schema | None]] = {}
        self._choice_keys: dict[int, tuple[str, ...]] = {}
        self._root = model.__pydantic_core_schema__

    def locate(self, loc: Iterable[str | int], data: object) -> SchemaLocation:
        """The position that the location of an error in `data` means."""
        location = SchemaLocation(schema=self.unwrap(self._root))
        for part in loc:
            if part == _KEY_MARK:
                location.in_key = True
            elif location.schema is not None and location.schema["type"] in _UNIONS:
                self._choose(location, str(part))
            elif location.schema is not None or _holds(_at(data, location.path), part):
                self._enter(location, part)
        return location

    def unwrap(self, schema: Schema | None) -> Schema | None:
        """A schema without the validators, defaults and references around it."""
        while schema is not None:
            for definition in schema.get("definitions", ()):
                self._definitions[definition["ref"]] = definition
            if schema["type"] == "definition-ref":
                schema = self._definitions.get(schema["schema_ref"])
                continue
            inner = next((schema[key] for key in _INNER if key in schema), None)
            if inner is None:
                return schema
            if schema["type"] == "model":
                self._refused[id(inner)] = getattr(schema["cls"], "refused_keys", frozenset())
            schema = inner
        return None

    def keys(self, schema: Schema | None) -> tuple[str, ...]:
        """The keys that a table may have, as files write them; empty for what is no table.

        A model that knows keys only to refuse them with a reason names these in its `refused_keys`.
        """
        refused = self._refused.get(id(schema), frozenset())
        return tuple(name for name, _ in _fields(schema) if name not in refused)

    def choices(self, union: Schema) -> Mapping[str, Schema | None]:
        """The choices of a union by their tags or labels."""
        # A file may have as many faults as steps, all of them about the same union.
        if id(union) not in self._choices:
            self._choices[id(union)] = dict(self._find_choices(union))
        return self._choices[id(union)]

    def choice_keys(self, union: Schema) -> tuple[str, ...]:
        """The keys of all choices of a union, each once."""
        if id(union) not in self._choice_keys:
            keys = (key for choice in self.choices(union).values() for key in self.keys(choice))
            self._choice_keys[id(union)] = tuple(dict.fromkeys(keys))
        return self._choice_keys[id(union)]

    def _find_choices(self, union: Schema) -> Iterator[tuple[str, Schema | None]]:
        if union["type"] == "tagged-union":
            yield from ((str(tag), self.unwrap(choice)) for tag, choice in union["choices"].items())
            return
        for choice in union["choices"]:
            schema, label = choice if isinstance(choice, tuple) else (choice, None)
            peeled = self.unwrap(schema)
            yield label or self._label(schema), peeled

    def _label(self, schema: Schema) -> str:
        """How the error of a choice without a tag begins to name it."""
        if schema["type"] == "definition-ref":
            schema = self._definitions.get(schema["schema_ref"], schema)
        return schema["cls"].__name__ if "cls" in schema else str(schema["type"])

    def _choose(self, location: SchemaLocation, label: str) -> None:
        union = location.schema or {}
        choices = self.choices(union)
        if union["type"] == "tagged-union":
            location.tag = label
            location.siblings = self.choice_keys(union)
            location.schema = choices.get(label)
            location.chosen = True
            return
        location.branches.append((location.path, label))
        near = [name for name in choices if label.startswith(name)]
        location.schema = choices[max(near, key=len)] if near else None

    def _enter(self, location: SchemaLocation, part: str | int) -> None:
        expected = location.schema or {"type": "any"}
        location.path += (part,)
        if not location.chosen:
            location.tag, location.siblings = "", ()
        location.chosen = False
        if fields := dict(_fields(expected)):
            location.table_keys = self.keys(expected)
            location.schema = self.unwrap(fields.get(str(part)))
            return
        location.table_keys = ()
        location.schema = self.unwrap(_item(expected, part))


def _at(data: Any, path: KeyPath) -> object:
    for part in path:
        if not _holds(data, part):
            return None
        data = data[part]
    return data


def _holds(data: object, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def _fields(schema: Schema | None) -> Iterator[tuple[str, Schema]]:
    fields = schema.get("fields") if schema else None
    for name, inner in fields.items() if isinstance(fields, dict) else ():
        alias = inner.get("validation_alias")
        yield alias if isinstance(alias, str) else name, inner


def _item(schema: Schema, part: str | int) -> Schema | None:
    """What a list wants of an item, or a table of free keys of a value."""
    if schema["type"] == "dict":
        return schema.get("values_schema")
    items = schema.get("items_schema")
    if not isinstance(items, list):
        return items
    variadic = schema.get("variadic_item_index")
    index = part if isinstance(part, int) else 0
    return items[index if variadic is None or index < variadic else variadic] if items else None


_MAX_DETAILS = 2 * MAX_PROBLEMS  # a value that suits none of several choices has an error for each of them
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class _Fault:
    """A problem with what is needed to choose between those of a union's choices.

    Attributes:
        problem: The problem.
        branches: The unions without a tag around it, and the choice in each that it is about.
        expected_kind: The sort of value wanted, where the value is of another sort.
        value: What is in the file.
    """

    problem: Problem
    branches: tuple[UnionBranch, ...] = ()
    expected_kind: str = ""
    value: object = None


def validate_source(
    model: type[T], source: Source, context: dict[str, Any] | None = None
) -> tuple[T | None, list[Problem]]:
    """Read a file's data into a model.

    Args:
        model: What the file should be.
        source: The file.
        context: Passed to the model's validators.

    Returns:
        The model and no problems, or `None` and all problems. A validator that raises a `PydanticCustomError` may
        give `allowed`, `suggestion`, `key` (the key inside, or a list of keys, to point at) and `part` in its context.
    """
    try:
        return model.model_validate(source.data, context=context), []
    except ValidationError as error:
        shape = ModelSchema(model)
        found = error.errors(include_url=False)
        faults = [_fault(shape, details, source.data) for details in found[:_MAX_DETAILS]]
        problems = list(dict.fromkeys(fault.problem for fault in _without_unmeant_branches(faults, 0)))
        left = len(problems) - MAX_PROBLEMS + len(found) - len(faults)
        return None, problems if left <= 0 else _cut(problems, left)


def _cut(problems: list[Problem], left: int) -> list[Problem]:
    """The first problems, and one that stands for so many others."""
    return [*problems[:MAX_PROBLEMS], more_problems(problems[min(MAX_PROBLEMS, len(problems) - 1)], left)]


def _fault(shape: ModelSchema, details: ErrorDetails, data: object) -> _Fault:
    location = shape.locate(details["loc"], data)
    if details["type"] == "missing":
        # What is missing is not in the data, so its name is taken from the error as it is.
        location.path = (*shape.locate(details["loc"][:-1], data).path, details["loc"][-1])
    problem = _problem(shape, location, details, data)
    value = details["input"]
    is_choice = details["type"] in {"literal_error", "enum"} and not isinstance(value, str)
    expected = "a text" if is_choice else EXPECTED_KINDS.get(details["type"], "")
    return _Fault(problem, tuple(location.branches), expected, value)


def _problem(shape: ModelSchema, location: SchemaLocation, details: ErrorDetails, data: object) -> Problem:
    kind, value = details["type"], details["input"]
    if kind == "missing":
        return Problem(location.path, _("is missing"), part="table")
    if kind == "extra_forbidden":
        return _unknown_key(location, _at(data, location.path[:-1]))
    if _is_untagged(location, kind):
        return _no_choice(shape, location, details)
    context: Mapping[str, Any] = details.get("ctx") or {}
    said = explain_error(kind, details["msg"], context, value)
    part: CaretTarget = "key" if location.in_key else "value"
    path, part = _pointed(location.path, part, value, context)
    return Problem(path, said.message, said.allowed, said.suggestion, part=part)


def _pointed(
    path: KeyPath, part: CaretTarget, value: object, context: Mapping[str, Any]
) -> tuple[KeyPath, CaretTarget]:
    """Where to point: at what a validator named, at the header of a table, else at the value."""
    key = context.get("key")
    inner = () if key is None else tuple(key) if isinstance(key, list | tuple) else (key,)
    named = context.get("part")
    if named in {"key", "value", "table"}:
        return path + inner, named
    return path + inner, "table" if isinstance(value, dict) and not inner and part == "value" else part


def _unknown_key(location: SchemaLocation, table: object) -> Problem:
    key = str(location.path[-1])
    allowed = ", ".join(location.table_keys)
    if key in location.siblings:
        beside = _('does not go with "{tag}"').format(tag=location.tag) if location.tag else _("does not belong here")
        return Problem(location.path, beside, allowed, part="key")
    # What is asked about would be taken: it is no key of another choice.
    present = table if isinstance(table, dict) else ()
    meant = meant_key(key, location.table_keys, present)
    message = unknown_key_message(key, location.table_keys, present)
    return Problem(location.path, message, allowed, meant, part="key")


def _is_untagged(location: SchemaLocation, kind: str) -> bool:
    """Whether an error says that none of a union's choices was recognised."""
    expected = location.schema
    if expected is None or expected["type"] != "tagged-union":
        return False
    return kind in {"union_tag_not_found", "union_tag_invalid", expected.get("custom_error_type")}


def _no_choice(shape: ModelSchema, location: SchemaLocation, details: ErrorDetails) -> Problem:
    union: Mapping[str, Any] = location.schema or {}
    value, discriminator = details["input"], union.get("discriminator")
    choices = shape.choices(union)
    if not isinstance(value, dict):
        return Problem(location.path, _("must be a table, not {value}").format(value=kind_of(value)))
    if isinstance(discriminator, str):
        return _wrong_tag((*location.path, discriminator), value.get(discriminator), list(choices))
    known = shape.choice_keys(union)
    tags = [tag for tag in choices if tag in known] or list(choices)
    if typo := _typo(location.path, value, known, tags):
        return typo
    custom = "custom_error_type" in union
    said = explain_error(details["type"], details["msg"], details.get("ctx") or {}, value) if custom else None
    said = said or ErrorText(_("cannot tell what this is"))
    return Problem(location.path, said.message, said.allowed or _one_of(tags), said.suggestion, part="table")


def _wrong_tag(path: KeyPath, tag: object, tags: list[str]) -> Problem:
    if tag is None:
        return Problem(path, _("is missing"), ", ".join(tags), part="table")
    near = nearest(tag, tags) if isinstance(tag, str) else None
    return Problem(path, _("{tag} is not allowed here").format(tag=quoted(tag)), ", ".join(tags), near or "")


def _typo(path: KeyPath, value: Mapping[str, object], known: Collection[str], tags: list[str]) -> Problem | None:
    """The key that is nearly one of those that tell the choices apart; of several, that of the first choice.

    What may as well be another key, such as `stes` for `sets`, comes after what can only be one of them.
    """
    guesses = ((key, meant_key(key, tags)) for key in value if key not in known)
    likely = [(key, tag) for key, tag in guesses if tag]
    if not likely:
        return None
    key, tag = min(likely, key=lambda guess: (meant_key(guess[0], known) != guess[1], tags.index(guess[1])))
    return Problem((*path, key), _("unknown key"), _one_of(tags), tag, part="key")


def _one_of(tags: list[str]) -> str:
    return _("one of {tags}").format(tags=", ".join(tags))


def _without_unmeant_branches(faults: Iterable[_Fault], level: int) -> Iterator[_Fault]:
    """Faults without those of union choices that were not meant; `level` counts the unions passed so far."""
    for path, group in _grouped(faults, level, 0).items():
        if path is None:
            yield from group
        else:
            branches = _grouped(group, level, 1).values()
            yield from _nearest_branch(
                [list(_without_unmeant_branches(branch, level + 1)) for branch in branches], path
            )


def _grouped(faults: Iterable[_Fault], level: int, field: int) -> dict[KeyPath | str | None, list[_Fault]]:
    """Faults by the path (field 0) or the label (field 1) of their fork at a level."""
    groups: dict[KeyPath | str | None, list[_Fault]] = {}
    for fault in faults:
        groups.setdefault(fault.branches[level][field] if len(fault.branches) > level else None, []).append(fault)
    return groups


def _nearest_branch(branches: list[list[_Fault]], path: KeyPath | str) -> list[_Fault]:
    """The faults of the choice that comes nearest; one fault for all where none takes such a value."""
    fitting = [branch for branch in branches if not any(_is_wrong_kind(fault, path) for fault in branch)]
    if fitting:
        return min(fitting, key=len)
    misfits = [fault for branch in branches for fault in branch if _is_wrong_kind(fault, path)]
    expected = list(dict.fromkeys(fault.expected_kind for fault in misfits))
    if "a number" in expected and "a whole number" in expected:
        expected.remove("a whole number")
    *others, last = expected
    kinds = _(last)
    if others:
        kinds = _("{kinds} or {last}").format(kinds=", ".join(map(_, others)), last=kinds)
    message = _("must be {kinds}, not {value}").format(kinds=kinds, value=kind_of(misfits[0].value))
    return [replace(misfits[0], problem=replace(misfits[0].problem, message=message, allowed=""))]


def _is_wrong_kind(fault: _Fault, path: KeyPath | str) -> bool:
    return bool(fault.expected_kind) and fault.problem.path == path
