"""The catalogues themselves: complete where they have to be, and safe to fill in."""

from __future__ import annotations

import ast
import io
import re
import string
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from tests.scripts import load_script
from timer_app.analysis.schema import MODELS, json_schema
from timer_app.core.i18n import _, languages, ngettext, use_language
from timer_app.core.wording.formatting import count_text

catalogues = load_script("make_catalogues")
TRANSLATED = languages()[1:]
# What is seen while a session runs is in every language; the rest may still be in English.
RUN = re.compile(r"core/(player|timeline)/|core/wording/(?!difference)|plain/|run/|tui/play/|tui/dialogs")
_NAME = re.compile(r"\w+(\.\w+)*")  # not what a table of TOML in a text has in its braces


@cache
def catalogue(language: str) -> Catalog:
    path = catalogues.LOCALE / language / "LC_MESSAGES" / f"{catalogues.DOMAIN}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    found = message.string
    return tuple(found) if isinstance(found, list | tuple) else (str(found),)


def placeholders(text: str) -> set[str]:
    """The names that a text leaves to be filled in, each with how it is written; not a brace that stands for itself."""
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:  # a text that is not filled in may have single braces
        return set()
    named = ((name, form, conversion) for _text, name, form, conversion in fields if name and _NAME.fullmatch(name))
    return {f"{name}!{conversion}:{form}" for name, form, conversion in named}


def is_seen_in_a_run(message: Message) -> bool:
    return any(RUN.match(file) for file, _ in message.locations)


def test_nine_languages_have_a_catalogue() -> None:
    assert languages() == ("en", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh")


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_in_english_where_it_may_not_be(language: str) -> None:
    wanted = [one for one in messages(language) if language == "de" or is_seen_in_a_run(one)]
    assert wanted
    assert [one.id for one in wanted if one.fuzzy or not all(forms(one))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for message in messages(language):
        if isinstance(message.id, str):
            pairs = [(message.id, form) for form in forms(message) if form]
        else:
            # A form for one thing may leave out its number.
            assert len(forms(message)) == catalogue(language).num_plurals, message.id
            pairs = [(message.id[1], form) for form in forms(message) if form]
        for text, form in pairs:
            missing = placeholders(text) - placeholders(form)
            assert placeholders(form) <= placeholders(text), (message.id, form)
            assert missing <= ({"count!None:"} if isinstance(message.id, tuple) else set()), (message.id, form)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_begins_and_ends_with_the_spaces_of_its_text(language: str) -> None:
    for message in messages(language):
        text = message.id if isinstance(message.id, str) else message.id[1]
        for form in filter(None, forms(message)):
            assert form == form.strip() or form.startswith(" ;"), form
            assert text == text.strip(), text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["0 reps", "1 rep", "2 reps", "5 reps", "22 reps"]),
        ("de", ["0 Wdh.", "1 Wdh.", "2 Wdh.", "5 Wdh.", "22 Wdh."]),
        ("fr", ["0 répétition", "1 répétition", "2 répétitions", "5 répétitions", "22 répétitions"]),
        ("pl", ["0 powtórzeń", "1 powtórzenie", "2 powtórzenia", "5 powtórzeń", "22 powtórzenia"]),
        ("ja", ["0 回", "1 回", "2 回", "5 回", "22 回"]),
    ],
)
def test_a_number_has_the_form_of_its_language(language: str, expected: list[str]) -> None:
    use_language(language)
    assert [count_text(count, "rep") for count in (0, 1, 2, 5, 22)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{a} of {total:,}", {"a!None:", "total!None:,"}), ("{{name}}", set()), ("{a.b}", {"a.b!None:"}), ("{", set())],
)
def test_a_placeholder_is_what_would_be_filled_in(text: str, expected: set[str]) -> None:
    assert placeholders(text) == expected


def test_nothing_is_nothing_in_every_language() -> None:
    use_language("de")
    assert _("") == ""


def test_what_is_in_no_catalogue_stays_english() -> None:
    use_language("de")
    assert ngettext("{count} nonesuch", "{count} nonesuches", 2) == "{count} nonesuches"


def test_texts_are_found_wherever_they_stand() -> None:
    source = b"""
# i18n: a remark
_("one")
f"{_('two')} and {ngettext('{count} three', '{count} threes', 3)}"
N_("four " "five")
_(name)
"""
    found = [
        (name, texts, notes)
        for _, name, texts, notes in catalogues.calls_in(io.BytesIO(source), catalogues.KEYWORDS, ("i18n:",), {})
    ]
    assert sorted(found, key=str) == [
        ("N_", ("four five",), []),
        ("_", ("one",), ["i18n: a remark"]),
        ("_", ("two",), []),
        ("_", (None,), []),
        ("ngettext", ("{count} three", "{count} threes", None), []),
    ]


def test_texts_of_commands_are_found_where_they_are_declared() -> None:
    source = """
@click.command(epilog="none")
@click.option("--one", help="One " "option.")
def command():
    \"\"\"Do something.

        At once.
    \"\"\"

def helper():
    \"\"\"No command.\"\"\"
"""
    assert sorted(catalogues.help_texts_in(source)) == ["Do something.\n\nAt once.", "One option."]


def test_what_schemas_say_of_keys_and_tables_is_found_with_its_module() -> None:
    found = set(catalogues.schema_texts())
    assert ("core/session/model.py", "What is done, in order.") in found
    assert ("core/session/model.py", "Hold a position for some time.") in found
    assert ("core/figures/schema.py", "Both arms.") in found
    nested = {
        "description": "one",
        "anyOf": [{"description": "two"}, {"properties": {"description": {"type": "string"}}}],
    }
    assert list(catalogues.descriptions_in(nested)) == ["one", "two"]


def test_whatever_a_schema_says_of_a_key_or_a_table_is_in_german_too() -> None:
    said = {text for model in MODELS.values() for text in catalogues.descriptions_in(json_schema(model))}
    german = catalogue("de")
    assert len(said) > 200
    assert sorted(text for text in said if text not in german or not german[text].string) == []


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield node
            yield from _own_nodes(node)


def test_no_function_uses_the_name_of_translating_for_a_variable() -> None:
    faulty = []
    for path in sorted(catalogues.PACKAGE.rglob("*.py")):
        for scope in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [node for node in _own_nodes(scope) if isinstance(node, ast.Name) and node.id == "_"]
                comprehended = {
                    name
                    for node in _own_nodes(scope)
                    if isinstance(node, ast.comprehension)
                    for name in ast.walk(node.target)
                }
                own = [name for name in names if name not in comprehended]
                if len({type(name.ctx) for name in own}) > 1:
                    faulty.append((path.name, scope.name))
    assert faulty == []
