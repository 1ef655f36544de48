from __future__ import annotations

import time
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.test_analysis import mutations
from tests.analysis.texts import EXERCISES, SHIPPED
from timer_app.analysis.syntax import Value, read_document, written_key
from timer_app.core.diagnostics import KeyPath, parse_toml


def _paths(data: Any, path: KeyPath = ()) -> list[KeyPath]:
    if isinstance(data, dict):
        return [path, *(inner for key, value in data.items() for inner in _paths(value, (*path, key)))]
    if isinstance(data, list):
        return [path, *(inner for index, value in enumerate(data) for inner in _paths(value, (*path, index)))]
    return [path]


@pytest.mark.parametrize("text", [*SHIPPED.values(), *EXERCISES.values()], ids=lambda text: text[:30])
def test_it_reads_a_text_that_is_whole_as_the_parser_does(text: str) -> None:
    document, source = read_document(text), parse_toml(text, "")
    for path in _paths(source.data)[1:]:
        value = document.at(path)
        assert value is not None, path
        line, column, _ = source.locate(path)
        if value.kind in {"text", "word"}:
            assert document.position(value.start) == (line - 1, column - 1), path
        around = document.at(path[:-1])
        if isinstance(path[-1], str) and around is not None and not value.is_section:
            entry = around.entry(path[-1])
            line, column, _ = source.locate(path, "key")
            assert entry is not None, path
            assert document.position(entry.start) == (line - 1, column - 1), path


def _data(value: Value) -> Any:
    if value.kind == "table":
        return {entry.name: _data(entry.value) for entry in value.entries}
    return [_data(item) for item in value.items] if value.kind == "list" else value.text


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ('a = "x\nb = "y"', 'a = "x"\nb = "y"'),
        ("a = \nb = 2", 'a = ""\nb = 2'),
        ('a = ["x",\nb = "y"', 'a = ["x"]\nb = "y"'),
        ("a = [\n  { b = 1\n  { c = 2 },\n]\nd = 3", "a = [\n  { b = 1 },\n  { c = 2 },\n]\nd = 3"),
        ("a = [\n  b = 1 },\n  { c = 2 },\n]", "a = [\n  { b = 1 },\n  { c = 2 },\n]"),
        ("a = [ { b = 1 }\n[[t]]\nc = 2", "a = [ { b = 1 } ]\n[[t]]\nc = 2"),
        ("[[t]\na = 1\n[u\nb = 2", "[[t]]\na = 1\n[u]\nb = 2"),
        ('[[t]]\na = { b = "x, c = 2 }\n[[t]]\na = 1', '[[t]]\na = { b = "x, c = 2 }" }\n[[t]]\na = 1'),
    ],
)
def test_a_slip_does_not_change_what_follows(broken: str, mended: str) -> None:
    whole = tomllib.loads(mended)
    assert _data(read_document(broken).root) == _texts(whole)


def _texts(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _texts(value) for key, value in data.items()}
    return [_texts(value) for value in data] if isinstance(data, list) else str(data)


@pytest.mark.parametrize("line", ["[a{}]", "a{}.b = 1"])
def test_many_tables_are_read_in_a_time_that_grows_with_their_number(line: str) -> None:
    begun_s = time.process_time()
    document = read_document("\n".join(line.format(number) for number in range(50_000)))
    assert time.process_time() - begun_s < 5  # looked for among all before it, each takes longer than the last
    assert len(document.root.entries) == 50_000


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"'\\\n\t\x00\x7f.-_"), max_size=9))
def test_a_key_that_is_written_is_read_again(name: str) -> None:
    line = f"{written_key(name)} = 0"
    assert tomllib.loads(line) == {name: 0}
    assert [entry.name for entry in read_document(line).root.entries] == [name]


@settings(max_examples=200)
@given(mutations() | st.text("a=\"'[]{},.\n #\\", max_size=60), st.data())
def test_every_place_of_every_text_is_something(text: str, data: st.DataObject) -> None:
    document = read_document(text)
    offset = data.draw(st.integers(0, len(text)))
    place = document.place(offset)
    assert place.part in {"key", "value", "header"}
    assert document.offset(*document.position(offset)) == offset
    if place.entry is not None:
        assert place.entry in place.table.entries or not place.table.is_section
