from __future__ import annotations

from pathlib import Path

import click
import pytest

from tests.command_line import Inside
from timer_app import __version__
from timer_app.cli import cli
from timer_app.cli.main import SUMMARIES

COMMANDS = (
    "run",
    "export",
    "serve",
    "list",
    "show",
    "check",
    "lint",
    "diff",
    "share",
    "interval",
    "figure",
    "new",
    "edit",
    "import",
    "today",
    "programme",
    "sounds",
    "voices",
    "history",
    "lsp",
    "completion",
)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["rnu"], 'timer-app: there is no command "rnu"; did you mean "run"?'),
        (["xyzzy"], 'timer-app: there is no command "xyzzy"; `timer-app --help` shows them all'),
        (["desk-break"], 'timer-app: there is no command "desk-break"; did you mean `timer-app run desk-break`?'),
        (["mine.toml"], 'timer-app: there is no command "mine.toml"; did you mean `timer-app run mine.toml`?'),
        (["--versoin"], 'timer-app: there is no option "--versoin"; did you mean "--version"?'),
        (["export", "--volum", "9", "x"], 'timer-app export: there is no option "--volum"; did you mean "--volume"?'),
        (
            ["run", "--voise", "none", "x"],
            'timer-app run: there is no option "--voise"; did you mean "--voice"?',
        ),
        (["run", "desk-break", "--theme", "wod"], 'timer-app: there is no sound theme "wod"; did you mean "wood"?'),
        (
            ["run", "desk-break", "--theme", "xyzzy"],
            'timer-app: there is no sound theme "xyzzy"; there is: calm, clear, gym, wood',
        ),
        (["run", "desk-brake"], 'timer-app: there is no session "desk-brake"; did you mean "desk-break"?'),
        (["show", "desk-brake"], 'timer-app: there is no session "desk-brake"; did you mean "desk-break"?'),
        (["run", "./nowhere.toml"], "timer-app: ./nowhere.toml: there is no such file"),
        (["programme"], "timer-app programme: say what: ics, list, show, start or stop; --help tells more"),
        (
            ["programme", "xyzzy"],
            'timer-app programme: there is no command "xyzzy"; `timer-app programme --help` shows them all',
        ),
        (["programme", "lst"], 'timer-app programme: there is no command "lst"; did you mean "list"?'),
        (["run"], "timer-app run: missing argument 'NAME'"),
        (["check"], "timer-app check: missing argument 'FILE...'"),
    ],
)
def test_a_wrong_call_is_one_clear_line_and_status_2(timer_app: Inside, arguments: list[str], line: str) -> None:
    found = timer_app(*arguments)
    assert (found.status, found.out, found.err) == (2, "", f"{line}\n")


@pytest.mark.parametrize(
    "options",
    [
        ["--speed", "0"],
        ["--speed", "nan"],
        ["--speed", "inf"],
        ["--speed", "-1"],
        ["--level", "1.5"],
        ["--level", "nan"],
        ["--rate", "10"],
        ["--volume", "101"],
        ["--volume", "loud"],
        ["--seed", "x"],
        ["--voice", "nobody"],
        ["--output", "trumpet"],
        ["--latency-ms", "-1"],
        ["--latency-ms", "2001"],
        ["--open-steps", "soon"],
        ["--open-steps", "-5"],
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_option(timer_app: Inside, options: list[str]) -> None:
    found = timer_app("run", "desk-break", *options)
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert options[0] in found.err


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["run", "desk-break", "--volume", "101"], "101 is not a whole number from 0 to 100"),
        (["run", "desk-break", "--volume", "loud"], "loud is not a whole number from 0 to 100"),
        (["run", "desk-break", "--level", "nan"], "nan is not a number from 0 to 1"),
        (["run", "desk-break", "--speed", "0"], "0 is not a number from 0.01 to 1000"),
        (["history", "--last", "0"], "0 is not a whole number from 1 to 1000000"),
        (["serve", "--port", "99999"], "99999 is not a whole number from 0 to 65535"),
    ],
)
def test_a_number_out_of_its_limits_is_told_them_in_words(
    timer_app: Inside, arguments: list[str], allowed: str
) -> None:
    found = timer_app(*arguments)
    assert (found.status, found.err.partition(": ")[2]) == (2, f"invalid value for '{arguments[-2]}': {allowed}\n")


NUMBERS = (
    ("run", "desk-break", "--volume"),
    ("run", "desk-break", "--rate"),
    ("run", "desk-break", "--pitch"),
    ("run", "desk-break", "--latency-ms"),
    ("run", "desk-break", "--level"),
    ("run", "desk-break", "--seed"),
    ("run", "desk-break", "--speed"),
    ("run", "desk-break", "--open-steps"),
    ("export", "desk-break", "x.wav", "--volume"),
    ("export", "desk-break", "x.wav", "--open-steps"),
    ("show", "desk-break", "--seed"),
    ("show", "desk-break", "--level"),
    ("serve", "--port"),
    ("history", "--last"),
    ("history", "--since"),
    ("history", "forget", "--before"),
    ("programme", "start", "desk-week", "--from"),
    ("programme", "ics", "x.ics", "--at"),
    ("programme", "ics", "x.ics", "--remind"),
)
NONSENSE = (
    "1" + 400 * "0",
    "-1" + 400 * "0",
    5_000 * "1",
    "1" + 30 * "0",
    "-1",
    "nan",
    "inf",
    "-inf",
    "1e400",
    "",
    "\n",
)


@pytest.mark.parametrize("option", NUMBERS, ids=" ".join)
def test_numbers_that_nobody_means_are_refused_in_one_short_line(timer_app: Inside, option: tuple[str, ...]) -> None:
    for value in NONSENSE:
        found = timer_app(*option, value)
        assert (found.status, found.out, found.err.count("\n")) == (2, "", 1), value
        assert f"invalid value for '{option[-1]}'" in found.err
        assert len(found.err) < 300


@pytest.mark.parametrize("group", ["history", "programme"])
def test_help_of_a_group_cuts_no_line_off(timer_app: Inside, group: str) -> None:
    assert "..." not in timer_app(group, "-h").out.partition("Commands:")[2]


def test_help_has_limits_once_and_names_arguments_as_its_text_does(timer_app: Inside) -> None:
    assert "<=" not in timer_app("run", "-h").out
    assert "forget [OPTIONS] [ID]\n" in timer_app("history", "forget", "-h").out
    assert "stats [OPTIONS] [VIEWS]...\n" in timer_app("history", "stats", "-h").out


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_every_command_with_a_line(timer_app: Inside, flag: str) -> None:
    found = timer_app(flag)
    assert found.status == 0
    assert SUMMARIES.keys() == set(COMMANDS)
    for command in COMMANDS:
        assert f"  {command} " in found.out
    assert "..." not in found.out.partition("Commands:")[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_every_option_a_meaning(timer_app: Inside, command: str) -> None:
    found = timer_app(command, "-h")
    assert found.status == 0
    declared = cli.get_command(click.Context(cli), command)
    assert declared
    assert declared.get_short_help_str(limit=100) == SUMMARIES[command]
    for parameter in declared.params:
        if help_text := getattr(parameter, "help", None):
            assert help_text.split()[0] in found.out
        else:
            assert parameter.param_type_name == "argument"


def test_the_version_is_told(timer_app: Inside) -> None:
    assert timer_app("--version").out == f"timer-app, version {__version__}\n"


def test_sounds_and_voices_are_listed_with_their_state(timer_app: Inside) -> None:
    sounds = timer_app("sounds")
    assert sounds.status == 0
    for name in ("sounddevice", "miniaudio", "simpleaudio", "null", "calm", "start", "tick"):
        assert name in sounds.out
    voices = timer_app("voices", "--languages")
    assert voices.status == 0
    for name in ("espeak", "system", "none"):
        assert f"\n{name} " in voices.out
    assert "espeak  en" in voices.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_each_shell_calls_the_program(timer_app: Inside, shell: str) -> None:
    found = timer_app("completion", shell)
    assert found.status == 0
    assert "_TIMER_APP_COMPLETE" in found.out
    assert "timer-app" in found.out


def completed(timer_app: Inside, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    monkeypatch.setenv("_TIMER_APP_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(("timer-app", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    return timer_app().out.split()


def test_completion_knows_commands_options_and_sessions_own_ones_too(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    own = home / "config" / "sessions"
    own.mkdir(parents=True)
    (own / "desk-mine.toml").touch()
    assert completed(timer_app, monkeypatch, "ch") == ["plain,check"]
    assert completed(timer_app, monkeypatch, "run", "--pl") == ["plain,--plain"]
    assert completed(timer_app, monkeypatch, "run", "desk") == ["plain,desk-break", "plain,desk-mine"]
    assert completed(timer_app, monkeypatch, "check", "./x") == ["file,./x"]
