"""Makes the JSON schemas with which editors check sessions, exercises and programmes, from the models behind them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from timer_app.core.session.exercise import ExerciseFile
from timer_app.core.session.model import Session
from timer_app.core.training.programme import Programme

DOCS = Path(__file__).parents[1] / "docs"
SCHEMAS: dict[str, type[BaseModel]] = {
    "session.schema.json": Session,
    "exercises.schema.json": ExerciseFile,
    "programme.schema.json": Programme,
}


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


def schema(model: type[BaseModel]) -> str:
    """The JSON schema of a model, as it stands in its file."""
    made = model.model_json_schema(by_alias=True, schema_generator=FileSchema)
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all schemas."""
    for name, model in SCHEMAS.items():
        (DOCS / name).write_text(schema(model), encoding="utf-8")


if __name__ == "__main__":
    main()
