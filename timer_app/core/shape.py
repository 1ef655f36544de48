"""What a model wants at a place: follows the parts of a pydantic error through the model's own schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from timer_app.core.problems import Path

Schema = Mapping[str, Any]
Fork = tuple[Path, str]

_INNER = ("schema", "python_schema", "lax_schema")
_KEY_MARK = "[key]"
_UNIONS = {"union", "tagged-union"}


@dataclass(slots=True)
class Place:
    """Where an error lies.

    Attributes:
        path: Keys and indices from the root of the data, without anything that only the model knows.
        wanted: What the model wants there; `None` where that cannot be told.
        table: The keys of the table that the last key belongs to, as files write them.
        tag: The choice taken by the innermost union around that table; empty for none.
        siblings: The keys of all choices of that union.
        forks: The unions without a tag that were passed, each with the choice the error is about.
        in_key: The error is about a key itself, not its value.
        chosen: The choice was only just taken, and its table not entered.
    """

    path: Path = ()
    wanted: Schema | None = None
    table: tuple[str, ...] = ()
    tag: str = ""
    siblings: tuple[str, ...] = ()
    forks: list[Fork] = field(default_factory=list)
    in_key: bool = False
    chosen: bool = False


class Shape:
    """The schema of a model, with its definitions looked up."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._definitions: dict[str, Schema] = {}
        self._refused: dict[int, frozenset[str]] = {}
        self._root = model.__pydantic_core_schema__

    def place(self, loc: Iterable[str | int], data: object) -> Place:
        """The place that the location of an error in `data` means."""
        place = Place(wanted=self.peel(self._root))
        for part in loc:
            if part == _KEY_MARK:
                place.in_key = True
            elif place.wanted is not None and place.wanted["type"] in _UNIONS:
                self._choose(place, str(part))
            elif place.wanted is not None or _holds(_at(data, place.path), part):
                self._enter(place, part)
        return place

    def peel(self, schema: Schema | None) -> Schema | None:
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

    def choices(self, union: Schema) -> Iterator[tuple[str, Schema | None]]:
        """The choices of a union with their tags or labels."""
        if union["type"] == "tagged-union":
            yield from ((str(tag), self.peel(choice)) for tag, choice in union["choices"].items())
            return
        for choice in union["choices"]:
            schema, label = choice if isinstance(choice, tuple) else (choice, None)
            peeled = self.peel(schema)
            yield label or self._label(schema), peeled

    def _label(self, schema: Schema) -> str:
        """How the error of a choice without a tag begins to name it."""
        if schema["type"] == "definition-ref":
            schema = self._definitions.get(schema["schema_ref"], schema)
        return schema["cls"].__name__ if "cls" in schema else str(schema["type"])

    def _choose(self, place: Place, label: str) -> None:
        union = place.wanted or {}
        choices = dict(self.choices(union))
        if union["type"] == "tagged-union":
            place.tag = label
            place.siblings = tuple(key for choice in choices.values() for key in self.keys(choice))
            place.wanted = choices.get(label)
            place.chosen = True
            return
        place.forks.append((place.path, label))
        near = [name for name in choices if label.startswith(name)]
        place.wanted = choices[max(near, key=len)] if near else None

    def _enter(self, place: Place, part: str | int) -> None:
        wanted = place.wanted or {"type": "any"}
        place.path += (part,)
        if not place.chosen:
            place.tag, place.siblings = "", ()
        place.chosen = False
        if fields := dict(_fields(wanted)):
            place.table = self.keys(wanted)
            place.wanted = self.peel(fields.get(str(part)))
            return
        place.table = ()
        place.wanted = self.peel(_item(wanted, part))


def _at(data: Any, path: Path) -> object:
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
