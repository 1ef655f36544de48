"""`timer-app new`: writes a session to start from, with a commented step of each kind."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples
from timer_app.cli.output import echo
from timer_app.cli.resources import load_settings_quietly
from timer_app.cli.tables import Column, echo_table
from timer_app.core.diagnostics import command_text, nearest, quoted
from timer_app.core.i18n import _
from timer_app.system.files import atomic_write

_DEFAULT_NAME = "My session"
_LONGEST_NAME = 60

_HEADER: dict[str, Any] = {
    "summary": "One step of each kind, to change as you like",
    "cautions": ["Stop at once if something hurts sharply."],
}
_DEFAULTS: dict[str, Any] = {"prepare": "6s", "rest": "10s"}
_STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Something the coach says.", {"say": "Welcome. Find a wall and a little floor."}),
    (
        "A hold: some time, here on each side, twice. A range grows with --level.",
        {
            "name": "Side stretch",
            "say": "Raise one arm and lean away from it. This is the {side} side.",
            "hold": "20-30s",
            "sides": "each",
            "sets": 2,
            "cues": [{"at": "1/2", "say": "Half way. Keep breathing."}],
        },
    ),
    (
        'Reps at a tempo: lift, hold, lower, in seconds. tempo = "free" leaves the pace to you.',
        {
            "name": "Heel raise",
            "say": "Rise on your toes, and come down slowly.",
            "reps": "8-12",
            "tempo": "1-1-2",
            "tempo_starts": "lift",
        },
    ),
    (
        "A flow: parts that alternate, for some rounds.",
        {
            "name": "Slow breathing",
            "rounds": 3,
            "flow": [
                {"name": "In", "for": "4s", "breath": "in"},
                {"name": "Out", "for": "6s", "breath": "out"},
            ],
        },
    ),
    (
        "A block: steps repeated for some rounds. The exercise comes from the catalogue, with its own dose.",
        {
            "name": "Circuit",
            "rounds": 2,
            "rest": "15s",
            "steps": [{"exercise": "wall-squat"}, {"name": "March on the spot", "hold": "30s"}],
        },
    ),
    ("A step that waits for you.", {"wait": "Sit down, and go on when you are ready."}),
    ("A question: a number from 0 to 10.", {"measure": "pain"}),
)


@click.command(
    epilog=examples(
        "new mine.toml", "new mine.toml --from wall-squat,cat-cow", "new --presets", "new mine.toml --from emom"
    )
)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--from",
    "origins",
    multiple=True,
    metavar="NAMES",
    help="A preset, or exercises of the catalogue with commas between them, in place of a step of each kind.",
)
@click.option("--presets", is_flag=True, help="List the presets instead.")
@click.pass_context
def new(context: click.Context, file: Path | None, origins: tuple[str, ...], *, presets: bool) -> None:
    """Write a session to start from.

    It has a commented step of each kind, or what --from names. FILE must not be there yet.
    """
    load_settings_quietly()
    if presets:
        _list_presets()
        return
    if file is None:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    name = _session_name(file)
    text = _text_from(name, origins) if origins else _starter_text(name)
    write_new_session(file, text)
    echo(
        _("Wrote {file}. Change it as you like; start it with: {command}").format(
            file=file, command=command_text("run", str(file))
        )
    )


def write_new_session(file: Path, text: str) -> None:
    """Write a session file that is not there yet, and check it.

    Raises:
        CommandError: It is there already, cannot be written, or has faults.
    """
    from timer_app.library import Library

    if os.path.lexists(file):
        raise CommandError(f"{PROGRAM}: " + _("{file} is there already; nothing was written").format(file=file))
    try:
        with atomic_write(file) as stream:
            stream.write(text.encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(
            f"{PROGRAM}: " + _("{file} cannot be written: {reason}").format(file=file, reason=reason.lower())
        ) from None
    if errors := [one for one in Library.default().check(file) if one.severity == "error"]:
        raise CommandError.from_problems(errors)


def _list_presets() -> None:
    from timer_app.library.presets import preset_summaries

    echo_table(
        [(_("PRESET"), _("WHAT IT IS")), *preset_summaries().items()], (Column("bold"), Column(wraps=True)), cut=False
    )


def _text_from(name: str, origins: Iterable[str]) -> str:
    """The text of a preset, or of a session of exercises of the catalogue.

    Raises:
        CommandError: There is no preset or exercise of a name.
    """
    from timer_app.library import Library
    from timer_app.library.presets import exercises_text, preset_names, preset_text

    wanted = [part.strip() for origin in origins for part in origin.split(",") if part.strip()]
    presets = preset_names()
    if len(wanted) == 1 and wanted[0] in presets:
        return preset_text(wanted[0])
    exercises = Library.default().catalogue
    for one in wanted:
        if one in presets:
            raise CommandError(
                f"{PROGRAM}: "
                + _("a preset, such as {one}, is a whole session; name it alone").format(one=quoted(one)),
                USAGE,
            )
        if one not in exercises:
            near = nearest(one, [*exercises, *presets])
            hint = (
                _("did you mean {name}?").format(name=quoted(near))
                if near
                else _("`new --presets` and `list --exercises` show them")
            )
            raise CommandError(
                f"{PROGRAM}: " + _("there is no exercise or preset {one}; {hint}").format(one=quoted(one), hint=hint),
                USAGE,
            )
    if not wanted:
        raise CommandError(f"{PROGRAM}: " + _("--from names nothing; `new --presets` shows the presets"), USAGE)
    return exercises_text(name, wanted)


def _starter_text(name: str) -> str:
    """The text of a new session called `name`; it checks clean."""
    opening = (
        "# A session of timer-app. `timer-app check` lists its mistakes, `timer-app run` starts it.\n"
        '# Durations are written 30, "30s", "1:30" or as a range, "20-30s".\n'
    )
    head = _table({"schema": 1, "name": name, **_HEADER})
    defaults = (
        "\n# What holds for every step that says nothing else. A rest before a step is its time to get ready.\n"
        f'# fit = "clock" keeps every number as written; else phases grow for what is said.\n'
        f"[defaults]\n{_table(_DEFAULTS)}"
    )
    steps = (f"\n# {comment}\n[[steps]]\n{_table(step)}" for comment, step in _STEPS)
    return opening + head + defaults + "".join(steps)


def _table(values: Mapping[str, Any]) -> str:
    import tomli_w

    return tomli_w.dumps(values, indent=2)


def _session_name(path: Path) -> str:
    """A session's name made from its file's: `desk-break.toml` is "Desk break"."""
    from timer_app.core.fields import NotationError, clean_text

    words = path.stem.replace("-", " ").replace("_", " ").replace("{", "{{").replace("}", "}}")[:_LONGEST_NAME]
    try:
        name = clean_text(words)
    except NotationError:
        return _DEFAULT_NAME
    return name[:1].upper() + name[1:]
