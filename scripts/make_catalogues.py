"""Extracts the texts of the program and brings the catalogues in timer_app/locale up to date.

Each language has a `.po`, which people edit, and the `.mo` that is made of it and read at run time; `timer-app.pot`
is the list of all texts. With `--check` nothing is written: whatever is not up to date is named, and the status is 1.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from timer_app.analysis.schema import MODELS, json_schema
from timer_app.core.fields.types import Strict

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "timer_app"
LOCALE = PACKAGE / "locale"
DOMAIN = "timer-app"
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
# What click says in help and errors and takes from the catalogue of the program; some are of older versions.
CLICK_TEXTS: tuple[str | tuple[str, str], ...] = (
    *("Usage:", "Options", "Commands", "Show this message and exit.", "Show the version and exit.", "Aborted!"),
    *("Missing argument", "Missing option", "Missing parameter", "Missing command.", "Choose from:\n\t{choices}"),
    *("Invalid value: {message}", "Invalid value for {param_hint}: {message}"),
    "Option {name!r} does not take a value.",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)


def calls_in(file: Any, keywords: Any, comment_tags: Collection[str], options: Any) -> Iterator[Any]:  # noqa: ARG001 - as Babel calls it
    """The calls of `keywords` in a module, those within f-strings too, which Babel finds on newer Pythons only."""
    source = file.read().decode()
    lines = source.splitlines()
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in keywords:
            texts = (one.value if isinstance(one, ast.Constant) else None for one in call.args)
            above = lines[call.lineno - 2].strip().removeprefix("#").strip() if call.lineno > 1 else ""
            comments = [above] if above.startswith(tuple(comment_tags)) else []
            yield call.lineno, call.func.id, tuple(text if isinstance(text, str) else None for text in texts), comments


def help_texts_in(source: str) -> Iterator[str]:
    """The texts of commands and options where they are declared: `help=` and the docstrings of commands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in {"help", "short_help", "option_help"}:
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield node.value.value
        elif isinstance(node, ast.FunctionDef) and any(map(_declares_command, node.decorator_list)):
            yield ast.get_docstring(node) or ""


def _declares_command(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in {"command", "group"}


def schema_texts() -> Iterator[tuple[str, str]]:
    """What the schemas of files say of tables and keys, which an editor shows; after the module that says it."""
    modules = {table.__name__: table.__module__ for table in _all_below(Strict)}
    for model in MODELS.values():
        made = json_schema(model)
        for name, table in {**made.pop("$defs", {}), model.__name__: made}.items():
            file = modules[name].replace(".", "/").removeprefix(f"{PACKAGE.name}/")
            yield from ((f"{file}.py", text) for text in descriptions_in(table))


def _all_below(table: type[Strict]) -> Iterator[type[Strict]]:
    for below in table.__subclasses__():
        yield below
        yield from _all_below(below)


def descriptions_in(schema: object) -> Iterator[str]:
    """Every description in a schema."""
    inner = schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ()
    if isinstance(schema, Mapping) and isinstance(schema.get("description"), str):
        yield schema["description"]
    for one in inner:
        yield from descriptions_in(one)


def extracted() -> Catalog:
    """All texts of the program, each with the modules it stands in."""
    catalogue = Catalog(project=DOMAIN, charset="utf-8", fuzzy=False, header_comment="# The texts of timer-app.")
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as file:
            found = sorted(extract(calls_in, file, KEYWORDS, ("i18n:",)), key=lambda one: one[0])
        for _, message, comments, context in found:
            # Line numbers would change a catalogue with every edit.
            name = path.relative_to(PACKAGE).as_posix()
            catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
        for text in filter(None, help_texts_in(path.read_text(encoding="utf-8"))):
            catalogue.add(text, None, [(path.relative_to(PACKAGE).as_posix(), 0)])
    for name, text in schema_texts():
        catalogue.add(text, None, [(name, 0)])
    for message in CLICK_TEXTS:
        catalogue.add(message, None, [("cli/help_texts.py", 0)])
    return catalogue


def po_text(catalogue: Catalog) -> str:
    """A catalogue as its file has it, without anything that changes from day to day."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=False, sort_by_file=True, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    left_out = (
        *("POT-Creation-Date", "PO-Revision-Date", "Generated-By"),
        *("Last-Translator", "Language-Team", "Report-Msgid-Bugs-To"),
    )
    return "".join(line for line in lines if not line.startswith(tuple(f'"{key}:' for key in left_out)))


def mo_bytes(catalogue: Catalog) -> bytes:
    """A catalogue as it is read at run time, which has no dates either."""
    catalogue.creation_date = catalogue.revision_date = NO_DAY
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def up_to_date() -> dict[Path, bytes]:
    """Every file of the catalogues with the content it should have."""
    template = extracted()
    files = {LOCALE / f"{DOMAIN}.pot": po_text(template).encode()}
    for path in sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parents[1].name, domain=DOMAIN)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        name = Locale.parse(path.parents[1].name).english_name
        catalogue.header_comment = f"# The texts of timer-app in {name}."
        text = po_text(catalogue)
        files[path] = text.encode()
        # As it is read back, so that the bytes do not depend on how the file was written before.
        files[path.with_suffix(".mo")] = mo_bytes(read_po(io.BytesIO(text.encode()), locale=path.parents[1].name))
    return files


def main() -> int:
    """Write what has changed, or with `--check` name it."""
    files = up_to_date()
    stale = [path for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not up to date; `make docs` makes it again.")
        return 1 if stale else 0
    for path in stale:
        path.write_bytes(files[path])
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
