"""No name, wherever it stands, reaches the terminal as anything but letters and escapes: every command is walked."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import timer_app as timer_app_package
from tests.command_line import Inside
from tests.hostile_names import NAME, NO_TEXT, TAME, fill, hidden_in
from timer_app.cli import cli
from timer_app.core.diagnostics import printable
from timer_app.system import paths

PACKAGE = Path(timer_app_package.__file__).parent

# What each command prints of names that it finds by itself; every new command needs an entry.
CALLS: dict[str, list[list[str]]] = {
    "check": [
        [f"{NAME}/b{NAME}", f"c{NAME}", NAME, "{programme}", "{settings}", "{exercises}", "{phrases}"],
        ["--json", "--fast", f"{NAME}/b{NAME}", f"c{NAME}", "{programme}", "{settings}", "{exercises}", "{phrases}"],
    ],
    "completion": [["bash"], ["zsh"], ["fish"]],
    "diff": [[NAME, TAME], [NAME], ["{file}", NAME, "--json"]],
    "edit": [[NAME], ["{file}"], ["{folder}/new.toml"]],
    "export": [[NAME, "{home}/x.wav", "--voice", "none"], [TAME, "{folder}/y.wav", "--voice", "none", "--captions"]],
    "figure": [["{file}"], ["wall-squat", "--once"]],
    "history": [[], ["--json"], ["--csv"]],
    "history export": [["{home}/out.jsonl"], ["{folder}/out.jsonl"]],
    "history forget": [["--all", "--yes"]],
    "history import": [["{home}/rows.jsonl"], ["{file}"]],
    "history stats": [[], ["--session", NAME], ["calendar", "bests", "--since", "2020-01-01"]],
    "import": [["{routine}", "--dry-run"], ["{routine}", "--yes", "--json"], ["{file}", "{home}/{name}", "--yes"]],
    "interval": [["--save", "{home}/{name}.toml"], ["--plain", "--speed", "1000", "--voice", "none", "--rounds", "1"]],
    "lint": [
        [f"{NAME}/b{NAME}", f"c{NAME}", NAME, "{programme}", "{settings}", "{exercises}", "{phrases}"],
        ["--json", "--fix", f"{NAME}/b{NAME}", f"c{NAME}", "{programme}", "{file}", "{exercises}", "{phrases}"],
    ],
    "list": [[], ["--exercises"]],
    "lsp": [[NAME]],
    "new": [["{folder}/new.toml"], ["{home}/{name}.toml"]],
    "programme ics": [["{home}/x.ics"]],
    "programme list": [[]],
    "programme show": [[], [NAME], [f"b{NAME}"]],
    "programme start": [[NAME], [f"b{NAME}"]],
    "programme stop": [[]],
    "run": [
        [NAME, "--plain", "--speed", "1000", "--voice", "none"],
        ["{file}", "--plain", "--speed", "1000"],
        ["--resume", "--plain", "--speed", "1000"],
    ],
    "serve": [["--session", f"c{NAME}"], ["--session", f"{NAME}/b{NAME}"]],
    "share": [
        [NAME],
        ["{file}", "--json"],
        [TAME, "--to", "zip", "-o", "{folder}/x.zip"],
        [NAME, "--to", "qr"],
        [f"c{NAME}"],
    ],
    "show": [[NAME, "--cues"], [NAME, "--json"], ["{file}"], [f"{NAME}/b{NAME}"]],
    "sounds": [[]],
    "today": [[], ["--json"]],
    "voices": [[], ["--languages"]],
    "voices get": [
        [NAME, "http://127.0.0.1:9/x.onnx", "--sha256", "0" * 64],
        ["mine", f"http://127.0.0.1:9/{NAME}.onnx", "--sha256", "0" * 64],
        ["mine", NAME, "--sha256", NAME],
    ],
}
# What ends a call that would go on, or take long, although a name in it is right.
ENDS = {"serve": ["--cert", NAME], "run": ["--plain", "--speed", "1000"]}


def leaves(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its whole name."""
    if name and not (isinstance(command, click.Group) and not command.invoke_without_command):
        yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            assert found is not None
            yield from leaves(found, f"{name} {part}".strip())


LEAVES = {name: command for name, command in leaves(cli) if name != "programme"}


@pytest.fixture
def hostile(home: Path) -> Path:
    fill(home)
    (home / "rows.jsonl").write_text(
        '{"timer-app": "history", "format": 1}\n' + json.dumps({"record": {NAME: NAME, "name": NAME}}), encoding="utf-8"
    )
    exercise = {"name": NAME, "duration": 30, NAME: NAME}
    workout = {"title": NAME, "sets": [{"repetitions": 2, "exercises": [exercise, exercise]}], NAME: {NAME: NAME}}
    (home / f"{NAME}.json").write_text(json.dumps(workout), encoding="utf-8")
    return home


def filled_in(arguments: list[str], home: Path) -> list[str]:
    places = {
        "{programme}": str(paths.own_programmes_dir() / f"b{NAME}.toml"),
        "{settings}": str(paths.settings_file()),
        "{exercises}": str(paths.own_exercises_dir() / f"{NAME}.toml"),
        "{phrases}": str(paths.own_phrases_dir() / "en.toml"),
        "{file}": str(home / NAME / f"{NAME}.toml"),
        "{routine}": str(home / f"{NAME}.json"),
        "{folder}": str(home / NAME),
        "{home}": str(home),
        "{name}": f"d{NAME}",
    }
    for place, path in places.items():
        arguments = [argument.replace(place, path) for argument in arguments]
    return arguments


def assert_safe(out: str, err: str, call: list[str]) -> None:
    assert hidden_in(out) == [], f"standard output of {call!r}: {out!r}"
    assert hidden_in(err) == [], f"standard error of {call!r}: {err!r}"
    assert "Traceback" not in err
    assert "something unexpected" not in err, err


def test_nothing_is_printed_past_the_one_door() -> None:
    door, single_sign = PACKAGE / "cli" / "output.py", 'sys.stdout.write("·")'
    past = re.compile(r"\bclick\.s?echo\(|\bsys\.std(?:out|err)\.write\(|(?<![\w.])print\(|\bjson\.dumps\(")
    sources = {path: path.read_text(encoding="utf-8").replace(single_sign, "") for path in PACKAGE.rglob("*.py")}
    in_commands = {path: text for path, text in sources.items() if path.parts[-2] in ("cli", "commands", "plain")}
    assert [str(path) for path, text in in_commands.items() if path != door and past.search(text)] == []


def test_every_command_has_a_call_here() -> None:
    assert set(CALLS) == set(LEAVES)


@pytest.mark.parametrize("command", CALLS)
def test_no_command_prints_a_name_as_it_is(
    timer_app: Inside, hostile: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(hostile)
    for arguments in CALLS[command]:
        call = [*command.split(), *filled_in(arguments, hostile)]
        found = timer_app(*call)
        assert_safe(found.out, found.err, call)
        assert found.out or found.err
        if "--json" in call:
            json.loads(found.out)


@pytest.mark.parametrize("command", ["export", "history export", "programme ics"])
def test_no_file_that_is_written_has_a_name_as_it_is(timer_app: Inside, hostile: Path, command: str) -> None:
    for arguments in CALLS[command]:
        timer_app(*command.split(), *filled_in(arguments, hostile), *(["--cue-sheet"] if command == "export" else []))
    written = [path for kind in ("vtt", "srt", "cue", "ics", "out.jsonl") for path in hostile.rglob(f"*{kind}")]
    assert written
    for path in written:
        assert hidden_in(path.read_text(encoding="utf-8").replace("\r\n", "\n")) == [], path


def test_what_is_exported_is_taken_in_again_whatever_it_is_called(timer_app: Inside, hostile: Path) -> None:
    assert timer_app("history", "export", hostile / "all.jsonl").status == 0
    assert timer_app("history", "forget", "--all", "--yes").out.startswith("24 records forgotten")
    assert timer_app("history", "import", hostile / "all.jsonl").out.startswith("24 records added")


def hostile_calls(name: str, command: click.Command) -> Iterator[list[str]]:
    """Calls of a command with the hostile name for each of its options, for its arguments, and for what it has not."""
    needed = [param for param in command.params if isinstance(param, click.Argument)]
    arguments = [NAME for _ in needed]
    yield [*name.split(), f"--{NAME}"]
    yield [*name.split(), *arguments, NAME]
    if arguments:
        yield [*name.split(), *arguments, *ENDS.get(name, [])]
    for param in command.params:
        if isinstance(param, click.Option) and not param.is_flag:
            ends = [] if param.name == "host" else ENDS.get(name, [])
            yield [*name.split(), *arguments, *ends, param.opts[0], NAME]


@pytest.mark.parametrize("name", LEAVES)
def test_no_error_about_what_was_typed_prints_it_as_it_is(
    timer_app: Inside, hostile: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(hostile)
    for call in hostile_calls(name, LEAVES[name]):
        found = timer_app(*call)
        assert_safe(found.out, found.err, call)


@pytest.mark.parametrize("call", [[NAME], [f"--{NAME}"], ["programme", NAME], ["history", NAME]])
def test_no_error_about_a_command_prints_it_as_it_is(timer_app: Inside, hostile: Path, call: list[str]) -> None:  # noqa: ARG001 - the session that is meant is there
    found = timer_app(*call)
    assert_safe(found.out, found.err, call)
    assert found.status == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name for a file")
def test_a_name_that_is_no_text_is_a_name_like_another(timer_app: Inside, hostile: Path) -> None:
    file = paths.own_sessions_dir() / f"{NO_TEXT}.toml"
    for status, *call in (
        (0, "check", "--fast", NO_TEXT),
        (0, "show", NO_TEXT),
        (0, "run", NO_TEXT, "--plain", "--speed", "1000", "--no-sound", "--history"),
        (0, "run", str(file), "--plain", "--speed", "1000", "--no-sound", "--history"),
        (0, "export", NO_TEXT, str(hostile / f"{NO_TEXT}.wav"), "--voice", "none", "--captions", "--cue-sheet"),
        (0, "new", str(hostile / f"{NO_TEXT}.toml")),
        (0, "history", "export", str(hostile / f"{NO_TEXT}.jsonl")),
        (0, "history", "import", str(hostile / f"{NO_TEXT}.jsonl")),
        (2, "history", "forget", NO_TEXT),
        (2, "history", "stats", "--session", f"x{NO_TEXT}"),
        (2, "programme", "start", NO_TEXT),
        (0, "programme", "list"),
        (0, "list"),
    ):
        found = timer_app(*call)
        assert_safe(found.out, found.err, call)
        assert (found.status, "is lost" in found.err) == (status, False), (call, found.err)
    rows = json.loads(timer_app("history", "--json").out)
    assert [row["session"] for row in rows[:2]] == [printable(NO_TEXT)] * 2


def test_a_name_is_shown_with_its_characters_escaped(timer_app: Inside, hostile: Path) -> None:  # noqa: ARG001 - it is listed
    assert printable(NAME) in timer_app("list").out
    assert "touch pwned" in timer_app("list").out


def test_a_table_for_other_programs_keeps_its_columns(timer_app: Inside, hostile: Path) -> None:  # noqa: ARG001 - it has the records
    rows = list(csv.DictReader(io.StringIO(timer_app("history", "--csv").out)))
    assert len(rows) == len(timer_app("history", "--last", "500").out.splitlines()) - 1
    assert {row["name"] for row in rows} == {f"'{printable(NAME)}"}
    assert {row["name"] for row in json.loads(timer_app("history", "--json").out)} == {NAME}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_no_name_with_hidden_characters(
    timer_app: Inside,
    hostile: Path,  # noqa: ARG001 - its sessions are completed
    monkeypatch: pytest.MonkeyPatch,
    shell: str,
) -> None:
    (paths.own_sessions_dir() / "x; touch pwned.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("_TIMER_APP_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "timer-app run ")
    monkeypatch.setenv("COMP_CWORD", "2" if shell != "fish" else "")
    found = timer_app()
    assert_safe(found.out, found.err, [shell])
    assert TAME in found.out
    assert ("'x; touch pwned'" if shell == "bash" else "x; touch pwned") in found.out
