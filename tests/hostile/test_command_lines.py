from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import click
import pytest

from tests.cli import streams as s
from tests.hostile.report import figures, shares
from timer_app.cli.main import cli

VALUES: Final = (
    *(
        "",
        " ",
        "-",
        "--",
        "---",
        "-1",
        "0",
        "1",
        "1e400",
        "nan",
        "inf",
        "9" * 40,
        "9" * 5_000,
        "0x10",
        "1_000",
        "٣",
        "½",
    ),
    *("1:30", "99999h", "-5s", "1d", "2026-02-30", "0001-01-01", "9999-12-31", "30d", "999999999d", "25:00", "07:30"),
    *("desk-break", "desk-week", "gentle-start", "wall-squat", "posture-check", "calm", "espeak", "none", "null", "de"),
    *(
        "piper:",
        "piper:/dev/null",
        "piper:../../x",
        "kokoro:/dev/null.onnx#x",
        "system:",
        "file:",
        "file:/dev/full",
        "zh-Hant-TW",
        "xx-x-x",
        "*",
    ),
    *("/", ".", "..", "/dev/null", "/dev/full", "/dev/zero", "/proc/self/mem", "~", "no/such/folder/x.toml", "x" * 300),
    *(
        "x.toml",
        "x.wav",
        "x.m4a",
        "x.jsonl",
        "x.ics",
        "-x.toml",
        "x y.toml",
        "%s",
        "{0}",
        "{name}",
        "$(touch x)",
        "`x`",
    ),
    *("a\nb", "a\tb", "\x1b[2J", "\u202etoml.x", "\u200b", "\ufeff", "e\u0301" * 40, "\U0010ffff", "\udcff", "'", '"'),
)
STATUSES: Final = {0, 1, 2, 130}
GOES_ON_S: Final = 4.0
SILENT: Final = ("--plain", "--no-sound", "--speed", "1000", "--open-steps", "0")


def parameters() -> dict[str, list[click.Parameter]]:
    """What every command takes, by its words."""

    def walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, list[click.Parameter]]]:
        context = click.Context(command)
        yield " ".join(words), command.get_params(context)
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                if inner := command.get_command(context, name):
                    yield from walk(inner, (*words, name))

    return dict(walk(cli, ()))


class Speller:
    """Spells command lines that nobody means.

    Args:
        chance: Which one is next.
        files: Files that are there.
    """

    def __init__(self, chance: random.Random, files: Sequence[str]) -> None:
        self._chance, self._files, self._commands = chance, files, parameters()

    def line(self) -> list[str]:
        words = self._chance.choice([*self._commands])
        taken = self._commands[words]
        options = [one for one in taken if isinstance(one, click.Option)]
        chosen = self._chance.sample(options, self._chance.randint(0, min(4, len(options))))
        given = [word for option in chosen for word in self._option(option)]
        for argument in taken:
            if isinstance(argument, click.Argument):
                count = self._chance.choice((0, 1, 1, 1, 1, 2) if argument.nargs == 1 else (0, 1, 2, 5))
                given[len(given) :] = [self._value(argument) for _ in range(count)]
        if self._chance.random() < 0.1:
            given.insert(self._chance.randint(0, len(given)), self._chance.choice(VALUES))
        # A run would take its time, and play.
        return [*words.split(), *given, *(SILENT if words in {"run", "interval"} else ())]

    def _option(self, option: click.Option) -> list[str]:
        name = self._chance.choice([*option.opts, *option.secondary_opts])
        return [name] if option.is_flag or option.count else [name, self._value(option)]

    def _value(self, parameter: click.Parameter) -> str:
        kind = parameter.type
        if isinstance(kind, click.Choice) and self._chance.random() < 0.6:
            return str(self._chance.choice([*kind.choices]))
        return self._chance.choice(self._files if self._chance.random() < 0.4 else VALUES).replace("\0", "")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("prepared")
    s.prepare(home)
    return home


@pytest.mark.parametrize(("seed", "count"), shares(8, 12, 2_000))
def test_no_command_line_ends_in_a_traceback_or_never(
    request: pytest.FixtureRequest, prepared: Path, tmp_path: Path, seed: int, count: int
) -> None:
    names = ("short.toml", "exported.jsonl", "config/settings.toml", "data", "new.wav", "new.toml", "new.jsonl")
    speller = Speller(random.Random(seed), names)  # noqa: S311 - command lines, not secrets

    def end(case: tuple[int, list[str]]) -> tuple[list[str], s.Ended | None]:
        number, line = case
        folder = tmp_path / str(number)
        environment = s.own_copy(prepared, folder)
        for name in ("short.toml", "exported.jsonl"):
            (folder / name).write_bytes((prepared / name).read_bytes())
        started = s.start_forked(line, folder, s.Streams(), environment)
        return line, end_of(started, goes_on=bool({"serve", "run", "interval", "sounds"} & {*line}))

    with figures(request, "command lines", seed) as counted, ThreadPoolExecutor(2) as pool:
        for line, ended in pool.map(end, enumerate([speller.line() for _ in range(count)])):
            counted.tried += 1
            if ended is None:
                counted.note("hangs", f"seed {seed}: {line}")
            elif ended.is_fault:
                counted.note("tracebacks", f"seed {seed}: {line}: {ended}")
            elif ended.status not in STATUSES:
                counted.note("wrong", f"seed {seed}: {line}: {ended}")


def end_of(started: s.Started, *, goes_on: bool) -> s.Ended | None:
    """The end of a command; what is meant to go on is interrupted, and what does not end is killed."""
    if goes_on:
        give_up = time.monotonic() + GOES_ON_S
        while time.monotonic() < give_up and started.is_running():
            time.sleep(0.02)
        started.send(signal.SIGINT)
    try:
        return started.end()
    except TimeoutError:
        return None
