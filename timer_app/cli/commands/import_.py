"""`timer-app import`: imports routines of other programs, and says what became of everything in them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.errors import FAULT, PROGRAM, CommandError
from timer_app.cli.options import AS_JSON, examples
from timer_app.cli.output import echo, echo_drawn, echo_error, echo_json, echo_lines, slow_status, terminal_width
from timer_app.cli.parameters import LanguageParam
from timer_app.cli.resources import confirm, load_library, load_user_settings
from timer_app.cli.tables import Column, echo_table, styled, truncate, wrap_words
from timer_app.core.diagnostics import FileFault, command_text
from timer_app.core.fields import without_placeholders
from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.formatting import joined_by_and, rough_text
from timer_app.interchange import (
    FORMATS,
    MAX_BYTES,
    ImportedFile,
    ImportPlan,
    InterchangeError,
    LedgerEntry,
    PlannedFile,
    Source,
    length_ms,
    open_sources,
    plan_import,
    write_planned,
)
from timer_app.settings import coach_language
from timer_app.sharing.link import find_link, is_link, read_link
from timer_app.system import paths
from timer_app.system.files import check_plain

if TYPE_CHECKING:
    from timer_app.library import Library
    from timer_app.sharing import Received

_STDIN = "-"
_INDEX = re.compile(r"\[\d+\]")
_BY_LINES = ("text", "liftoscript")  # formats whose entries are whole lines
_BY_HAND = ("text", "csv", "liftoscript")  # what people write themselves is read with guesses
_MAX_STEPS = 60
_MAX_LINES, _MAX_WHAT, _MAX_LINE, _WIDE = 3, 48, 100, 100
_FILE_COLUMNS = (Column("bold", wraps=True), Column(wraps=True), Column("cyan", right=True), Column("green"))
_LEDGER_COLUMNS = (Column("bright_black"), Column(wraps=True), Column("yellow"), Column(wraps=True))
_FATES = {"changed": N_("changed"), "lost": N_("lost")}


@click.command(
    "import",
    epilog=examples("import morning.seconds", "import handout.txt --dry-run", "import - --yes --name Circuit"),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--yes", "sure", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--name", metavar="NAME", help="The name of the session, if there is only one.")
@click.option("--language", type=LanguageParam(), metavar="CODE", help="The language of the texts; usually yours.")
@click.option(
    "--format", "format_name", type=click.Choice(tuple(FORMATS)), help="The format, where it is not recognised."
)
@AS_JSON
def import_(  # noqa: PLR0913 - the options of the command
    files: tuple[str, ...],
    *,
    sure: bool,
    dry_run: bool,
    name: str | None,
    language: str | None,
    format_name: str | None,
    as_json: bool,
) -> int:
    """Import routines of other programs as sessions of your own.

    FILE is a file of Seconds, Just Another Workout Timer, OpenHIIT, TimeR Machine, Feeel, wger or Liftosaur, a table
    (CSV), a text, or a list of exercises; "-" reads a text from standard input. A link or a file that `share` has made
    works too. You see what would be written, and what becomes of everything in the file, before you are asked. No file
    that exists is replaced.
    """
    from timer_app.sharing import Received, receive

    settings = load_user_settings()
    code = coach_language(settings, language)
    try:
        library = load_library(None, settings)
        opened = [_open(file, code) for file in files]
        sources = [source for one in opened if isinstance(one, list) for source in one]
        with slow_status(_("Reading")):
            plan = plan_import(library, sources, format_name or "", name or "")
            shared = (receive(library, one) for one in opened if isinstance(one, Received))
            plan = ImportPlan((*plan.imported, *shared))
    except InterchangeError as error:
        raise CommandError(f"{PROGRAM}: {error}") from None
    except FileFault as fault:
        raise CommandError.from_problems(fault.problems) from None
    if not as_json:
        _show(plan, library)
        if language is None and any(file.session is not None for file in plan.files):
            # No format of a session says it.
            text = _('The texts are taken to be in "{code}"; --language CODE says otherwise.').format(code=code)
            echo_lines(wrap_words(text, terminal_width() or _MAX_LINE))
    if not plan.files:
        if as_json:
            echo_json(_as_data(plan, is_written=False))
        echo_error(f"{PROGRAM}: " + _("there is nothing to write: no session and no exercise can be made of this"))
        return FAULT
    if plan.new_files and not dry_run:
        if not sure:
            confirm(f"{PROGRAM} import", _question(plan), _("Nothing was written."))
        _write(plan.new_files)
    if as_json:
        echo_json(_as_data(plan, is_written=not dry_run))
    else:
        _conclude(plan, is_written=not dry_run)
    return 0


def _open(file: str, language: str) -> Received | list[Source]:
    """What a file, a link or standard input is: something that was shared, or routines of other programs."""
    if (received := _shared(file)) is not None:
        return received
    name, data = _read(file)
    return _message(name, data) or open_sources(name, data, language, file)


def _shared(file: str) -> Received | None:
    """What somebody has shared, as a link or a file that `share` has written; `None` if it is something else."""
    from timer_app.sharing import Received
    from timer_app.sharing.archive import holds_session, read_archive

    if is_link(file):
        return Received(read_link(file), source=_("the link"))
    path = Path(file)
    try:
        if file == _STDIN or not path.is_file():
            return None
        with path.open("rb") as stream:
            if not holds_session(stream):
                return None
            return Received(*read_archive(stream), source=path.name)
    except InterchangeError as error:
        raise InterchangeError(f"{file} {error}") from None
    except OSError as error:
        raise _unreadable(file, error) from None


def _message(name: str, data: bytes) -> Received | None:
    """What somebody has shared in a message; `None` if there is no link in it.

    Args:
        name: The name of the file; empty for standard input.
        data: Its bytes.
    """
    from timer_app.sharing import Received

    text = data.decode(errors="replace")
    # What is piped in may have words around the link; a file of words is a routine.
    has_link = is_link(text) if name else bool(find_link(text))
    return Received(read_link(text), source=_("the link")) if has_link else None


def _read(file: str) -> tuple[str, bytes]:
    """The name of a file without its folders, and its bytes; of standard input, which has no name, the bytes."""
    try:
        if file == _STDIN:
            return "", sys.stdin.buffer.read(MAX_BYTES + 1)
        path = Path(file)
        check_plain(path)
        with path.open("rb") as stream:
            return path.name, stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None


def _unreadable(file: str, error: Exception) -> CommandError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return CommandError(f"{PROGRAM}: " + _("{file} cannot be read: {reason}").format(file=file, reason=reason))


def _question(plan: ImportPlan) -> str:
    count = len(plan.new_files)
    folders = {_folder_of(file) for file in plan.new_files}
    text = ngettext("Write {count} file into {folder}?", "Write {count} files into {folder}?", count)
    return text.format(count=count, folder=joined_by_and(sorted(map(str, folders))))


def _folder_of(file: PlannedFile) -> Path:
    return paths.own_exercises_dir() if file.kind == "exercises" else paths.own_sessions_dir()


def _write(files: list[PlannedFile]) -> None:
    try:
        with slow_status(_("Writing")):
            write_planned(files)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        where = f"{error.filename}: " if error.filename else ""
        raise CommandError(f"{PROGRAM}: {where}cannot be written: {reason}") from None


def _show(plan: ImportPlan, library: Library) -> None:
    """The preview: the ledger, and what would be written; that comes last, beside the question."""
    for one in plan.imported:
        echo_drawn(styled(f"{one.source or _('standard input')} ({one.title})", "bold"))
        if rows := list(_ledger_rows(one)):
            _echo_ledger(rows)
        if one.ledger:
            echo_lines(wrap_words(_totals(one), terminal_width() or _MAX_LINE))
        if one.files:
            heading = (_("FILE"), _("SESSION"), _("LENGTH"), "")
            echo_table([heading, *map(_file_row, one.files)], _FILE_COLUMNS)
        if one.format in _BY_HAND:
            _echo_steps(library, one.files)


def _echo_steps(library: Library, files: Sequence[PlannedFile]) -> None:
    """The steps that were understood, so that they can be compared with what was written."""
    from timer_app.analysis import analyse
    from timer_app.core.compiler import EstimatedLengths
    from timer_app.core.compiler.contents import contents_of
    from timer_app.sharing import step_lines

    lines: list[str] = []
    for file in files:
        session = analyse(file.text, path=file.path, library=library).session if len(lines) <= _MAX_STEPS else None
        if session is not None:
            lines += [f"{without_placeholders(file.name)}:"] if len(files) > 1 else []
            lines += step_lines(contents_of(session, library.plan(session, EstimatedLengths())))
    shown = [*lines[:_MAX_STEPS], *(["…"] if len(lines) > _MAX_STEPS else [])]
    width = max((terminal_width() or _MAX_LINE) - 2, 1)
    echo_lines(f"  {truncate(line, width)}" for line in shown)


def _echo_ledger(rows: list[tuple[str, ...]]) -> None:
    """The rows of the ledger: a table, or several lines each where the terminal is too narrow for one."""
    width = terminal_width()
    if width is None or width >= _WIDE:
        heading = (_("LINE"), _("WHAT"), _("RESULT"), _("WHY"))
        echo_table([heading, *rows], _LEDGER_COLUMNS, cut=False)
        return
    for line, what, became, why in rows:
        echo_drawn(styled(truncate(f"{line}  {became}: {what}".strip(), width), "bold"))
        echo_lines(f"    {words}" for words in wrap_words(why, max(width - 4, 1)))


def _file_row(file: PlannedFile) -> tuple[str, ...]:
    path = _shown_path(file)
    if file.kind == "exercises":
        count = int(file.name)
        return path, ngettext("{count} exercise", "{count} exercises", count).format(count=count), "", _status(file)
    lasts_ms = file.length_ms if file.session is None else length_ms(file.session)
    return path, without_placeholders(file.name), rough_text(lasts_ms), _status(file)


def _shown_path(file: PlannedFile) -> str:
    folder = _folder_of(file)
    return file.path.relative_to(folder).as_posix() if file.path.is_relative_to(folder) else file.path.name


def _status(file: PlannedFile) -> str:
    return _("there already") if file.status == "there already" else ""


def _ledger_rows(one: ImportedFile) -> Iterator[tuple[str, ...]]:
    """What is changed or lost; of a file with keys, those that share their reason are one row."""
    groups: dict[tuple[str, ...], list[LedgerEntry]] = {}
    for number, entry in enumerate(one.ledger):
        if entry.fate != "taken":
            own = (str(number),) if one.format in _BY_LINES or not entry.line else ()
            groups.setdefault((entry.fate, entry.shown_note, *own), []).append(entry)
    for (fate, note, *_own), found in groups.items():
        lines = list(dict.fromkeys(str(entry.line) for entry in found if entry.line))
        shown = ", ".join(lines[:_MAX_LINES]) + (", …" if len(lines) > _MAX_LINES else "")
        yield shown, truncate(_what(found), _MAX_WHAT), _(_FATES[fate]), note


def _what(entries: list[LedgerEntry]) -> str:
    """The names of some keys, without where they lie; of a single one, its value too."""
    if len(entries) == 1:
        key = entries[0].key if not entries[0].value else entries[0].key.rpartition(".")[2]
        return f"{key} = {entries[0].value}" if entries[0].value else key
    return ", ".join(dict.fromkeys(_INDEX.sub("", entry.key).rpartition(".")[2] for entry in entries))


def _totals(one: ImportedFile) -> str:
    fates = [entry.fate for entry in one.ledger]
    text = _("{taken} kept, {changed} changed, {lost} lost; --json lists them all")
    return text.format(**{fate: fates.count(fate) for fate in ("taken", "changed", "lost")})


def _conclude(plan: ImportPlan, *, is_written: bool) -> None:
    count = len(plan.new_files)
    if not count:
        echo(_("Everything is there already; nothing was written."))
        return
    if not is_written:
        echo(_("Nothing was written."))
        return
    echo(ngettext("Wrote {count} file.", "Wrote {count} files.", count).format(count=count))
    session = next((file for file in plan.new_files if file.kind == "session"), None)
    if session is not None:
        name = session.path.relative_to(paths.own_sessions_dir()).with_suffix("").as_posix()
        echo(_("Start one with: {command}").format(command=command_text("run", name)))


def _as_data(plan: ImportPlan, *, is_written: bool) -> list[dict[str, object]]:
    return [
        {
            "source": one.source,
            "format": one.format,
            "files": [
                {
                    "path": str(file.path),
                    "name": file.name,
                    "kind": file.kind,
                    "status": "written" if is_written and file.status == "new" else file.status,
                    "text": file.text,
                }
                for file in one.files
            ],
            "ledger": [entry.to_dict() for entry in one.ledger],
        }
        for one in plan.imported
    ]
