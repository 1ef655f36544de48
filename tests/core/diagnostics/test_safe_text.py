"""What a hostile name looks like on a terminal, in JSON, in a table and in a command, and which names are refused."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timer_app.core.diagnostics.safe_text import (
    command_text,
    csv_cell,
    json_text,
    printable,
    refused_character,
    storable,
)

PERSIAN = "\u0646\u06cc\u0645\u200c\u0686\u0631\u062e\u0634"
LIFTER = "\U0001f3cb\ufe0f\u200d\u2640\ufe0f Squat"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
LETTERS = [PERSIAN, LIFTER, ENGLAND, "\u0915\u094d\u200d\u0937", "Wärme 5 × 3", "伸展", "\u06dd\u0661"]


def is_safe(character: str) -> bool:
    """Whether a terminal shows a character as a letter or sign, said without the rule that is tested."""
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    return not hidden or character in f"\u200c\u200d{ENGLAND}\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"


@pytest.mark.parametrize("name", LETTERS)
def test_a_name_in_any_script_stays_as_it_is(name: str) -> None:
    assert printable(name) == name
    assert refused_character(name) == ""
    assert json_text(name) == f'"{name}"'


@pytest.mark.parametrize(
    ("name", "shown", "wrong"),
    [
        ("a\x1b[2J", "a\\x1b[2J", "has the control character U+001B"),
        ("a\x9b2J", "a\\x9b2J", "has the control character U+009B"),
        ("a\x7f", "a\\x7f", "has the control character U+007F"),
        ("a\u202egnp.exe", "a\\u202egnp.exe", "has the control character U+202E"),
        ("a\u2067b", "a\\u2067b", "has the control character U+2067"),
        ("a\u200eb", "a\\u200eb", "has the control character U+200E"),
        ("wall\u200b-squat", "wall\\u200b-squat", "has the invisible character U+200B"),
        ("wall\u00ad-squat", "wall\\xad-squat", "has the invisible character U+00AD"),
        ("\ufeffa", "\\ufeffa", "has the invisible character U+FEFF"),
        ("a\U000e0041", "a\\U000e0041", "has the invisible character U+E0041"),
        (f"{ENGLAND}\U000e0041", f"{ENGLAND}\\U000e0041", "has the invisible character U+E0041"),
        ("a\ue000", "a\\ue000", "has the private-use character U+E000"),
        ("a\U0010fffd", "a\\U0010fffd", "has the private-use character U+10FFFD"),
        ("a\udcff", "a\\udcff", "has the invisible character U+DCFF"),
        ("a\nb", "a\\nb", ""),
    ],
)
def test_what_only_disguises_is_shown_as_an_escape_and_refused(name: str, shown: str, wrong: str) -> None:
    assert printable(name) == shown
    assert refused_character(name) == wrong
    assert json.loads(json_text({name: name})) == {name: name}


def test_a_line_break_is_refused_where_nobody_makes_a_blank_of_it() -> None:
    assert refused_character("a\n", breaks=False) == "has the control character U+000A"
    assert refused_character("a\u2028", breaks=False) == "has the control character U+2028"


@given(st.text())
def test_nothing_hidden_reaches_a_line_or_json(text: str) -> None:
    assert all(map(is_safe, printable(text)))
    assert printable(printable(text)) == printable(text)
    assert all(is_safe(character) or character == "\n" for character in json_text([text]))
    assert json.loads(json_text([text])) == [text]


def test_a_byte_that_is_no_text_is_copied_as_that_byte() -> None:
    assert command_text("check", "a\udcff\ud800'\\") == r"timer-app check $'a\xff\xed\xa0\x80\'\\'"


def test_what_no_file_can_hold_is_stored_as_an_escape() -> None:
    assert storable("a\udcffb\u202e") == "a\\udcffb\u202e"


@pytest.mark.parametrize("start", "=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - spreadsheets take them for formulas too
def test_a_cell_is_no_formula(start: str) -> None:
    assert csv_cell(f"{start}1+1").startswith("'")
    assert csv_cell(f"1{start}1")[0] == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="asks a shell")
@settings(max_examples=5)
@given(st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1), min_size=20))
def test_a_shell_takes_a_copied_command_as_one_name(names: list[str]) -> None:
    commands = [command_text("run", name, options="--resume") for name in ["x; touch y", "-x", "$(id)", "'", *names]]
    assert [printable(command) for command in commands] == commands
    script = "\n".join(["timer-app() { printf '%s\\0' \"$@\"; printf '\\0'; }", *commands])
    asked = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    for name, words in zip(
        ["x; touch y", "-x", "$(id)", "'", *names], asked.stdout.decode().split("\0\0"), strict=False
    ):
        assert words.split("\0") == (["run", "--resume", "--", name] if name[0] == "-" else ["run", name, "--resume"])
