"""Makes the JSON schemas with which editors check sessions, exercises and programmes, from the models behind them.

And the catalogue that says for which files each of them is, in the form of SchemaStore.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from timer_app.analysis.schema import json_schema
from timer_app.core.session.exercise import ExerciseFile
from timer_app.core.session.model import Session
from timer_app.core.training.programme import Programme

DOCS = Path(__file__).parents[1] / "docs"
SCHEMAS: dict[str, type[BaseModel]] = {
    "session.schema.json": Session,
    "exercises.schema.json": ExerciseFile,
    "programme.schema.json": Programme,
}


CATALOGUE = "editors.catalog.json"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_AROUND = ("sessions", "timer-app")  # the folders of the bundled files, and the user's
# The files that each schema is for.
_FILES = {
    "session.schema.json": ("Slow Count session", ["**/sessions/*.toml"]),
    "exercises.schema.json": (
        "Slow Count exercises",
        ["**/sessions/exercises/*.toml", "**/timer-app/exercises/*.toml"],
    ),
    "programme.schema.json": (
        "Slow Count programme",
        ["**/sessions/programmes/*.toml", "**/timer-app/programmes/*.toml"],
    ),
}


def schema(model: type[BaseModel]) -> str:
    """The JSON schema of a model, as it stands in its file."""
    made = {"$schema": _DRAFT, **json_schema(model)}
    for table in (made, *made.get("$defs", {}).values()):
        # Taplo writes these into a new table.
        if required := table.get("required"):
            table["x-taplo"] = {"initKeys": required}
    return _written(made)


def catalogue() -> str:
    """Which schema is for which files."""
    schemas = [
        {"name": name, "description": SCHEMAS[file].__doc__, "fileMatch": patterns, "url": file}
        for file, (name, patterns) in _FILES.items()
    ]
    return _written({"$schema": "https://json.schemastore.org/schema-catalog.json", "version": 1, "schemas": schemas})


def _written(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all schemas and the catalogue."""
    for name, model in SCHEMAS.items():
        (DOCS / name).write_text(schema(model), encoding="utf-8")
    (DOCS / CATALOGUE).write_text(catalogue(), encoding="utf-8")


if __name__ == "__main__":
    main()
