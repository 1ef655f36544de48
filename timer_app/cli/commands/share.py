"""`timer-app share`: gives a session to somebody else: as a link, a code for a camera, or a file."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import AS_JSON, LANGUAGE, examples
from timer_app.cli.output import echo, echo_code, echo_error, echo_json, echo_lines, is_terminal, slow_status
from timer_app.cli.parameters import STANDARD_OUTPUT, NewFileParam, SessionParam
from timer_app.cli.resources import find_session, load_library, load_session, load_user_settings, new_file
from timer_app.cli.tables import Column, echo_table, format_table
from timer_app.core.diagnostics import FileFault, command_text, quoted
from timer_app.core.fields import without_placeholders
from timer_app.core.i18n import N_, _, ngettext
from timer_app.sharing import ShareError
from timer_app.sharing.codes import PICTURE_ENDINGS, code_lines, code_size, write_code
from timer_app.sharing.link import MAX_CODE_BYTES, code_text, make_link
from timer_app.system import install_command

if TYPE_CHECKING:
    from timer_app.core.compiler import CompileContext
    from timer_app.core.compiler.contents import Contents
    from timer_app.core.session.model import Session
    from timer_app.interchange import LedgerEntry
    from timer_app.library import Library, SessionEntry
    from timer_app.sharing import Packed
    from timer_app.sharing.watch_steps import Workout

KINDS = ("link", "qr", "zip", "fit", "tcx", "markdown", "handout", "pdf")


_PRINTED = (None, "link", "qr", "markdown")  # what is printed where no file is named
_PROMPT_ROWS = 2  # below a code, where the shell goes on
_LEDGER_COLUMNS = (Column("yellow"), Column("bold", wraps=True), Column(wraps=True))
_FATES = {"changed": N_("changed"), "lost": N_("lost")}


class _Target(NamedTuple):
    """Where what is made goes.

    Attributes:
        output: The file to write; `None` for none, or one of a name that follows from the session's.
        force: Whether a file that is there may be replaced.
        as_json: Whether what is made is told as JSON.
    """

    output: Path | None
    force: bool
    as_json: bool


@click.command(
    epilog=examples(
        "share desk-break", "share mine.toml --to zip", "share desk-break --to handout", "share desk-break --to fit"
    )
)
@click.argument("name", type=SessionParam())
@click.option("--to", "kind", type=click.Choice(KINDS), help="What to make; a link with its QR code if left out.")
@click.option("-o", "--output", type=NewFileParam(), metavar="FILE", help='The file to write; "-" is standard output.')
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@LANGUAGE
@AS_JSON
def share(name: str, *, kind: str | None, language: str | None, **target: Any) -> None:
    """Share a session: as a link, a QR code or a file.

    NAME is one that `list` shows, or a path. Without --to, its link is printed, which holds the whole session, and in
    a terminal its QR code. `import` reads what is shared, and shows what is in it before it writes anything.
    """
    is_piped = target["output"] == STANDARD_OUTPUT
    if is_piped and target["as_json"]:
        raise click.UsageError(_('--json and "-o -" exclude each other: both go to standard output.'))
    if is_piped and kind in _PRINTED:
        kind, target["output"] = kind or "link", None
    settings = load_user_settings(language)
    library = load_library(language, settings)
    entry = find_session(library, name)
    session = load_session(library, entry, language)
    sharing = _Sharing(library, entry, session, _Target(target["output"], target["force"], target["as_json"]))
    try:
        sharing.to(kind)
    except ShareError as error:
        raise CommandError(f"{PROGRAM}: {error}") from None
    except FileFault as fault:
        raise CommandError.from_problems(fault.problems) from None


@dataclass(frozen=True)
class _Sharing:
    """Makes one thing of a session.

    Attributes:
        library: Where the session is.
        entry: The session.
        session: What is in its file.
        target: Where what is made goes.
    """

    library: Library
    entry: SessionEntry
    session: Session
    target: _Target

    def to(self, kind: str | None) -> None:
        """Make it.

        Args:
            kind: One of `KINDS`, or `None` for a link and its code.
        """
        makers: dict[str | None, Callable[[], None]] = {
            None: self._link_and_code,
            "link": self._link,
            "qr": self._code,
            "zip": self._archive,
            "fit": self._fit,
            "tcx": self._tcx,
            "markdown": self._markdown,
            "handout": self._handout,
            "pdf": self._pdf,
        }
        makers[kind]()

    @cached_property
    def _packed(self) -> Packed:
        from timer_app.sharing import pack

        return pack(self.library, self.entry)

    @cached_property
    def _link_text(self) -> str:
        return make_link(self._packed.without_media)

    # Links and codes

    def _link_and_code(self) -> None:
        is_shown = is_terminal(sys.stdout) and self.target.output is None and not self.target.as_json
        if is_shown and len(self._link_text) > MAX_CODE_BYTES:
            echo_error(_too_long(self._link_text))
            self._archive()
            return
        self._link()
        if is_shown:
            echo_error(_("Whoever gets it reads it with: {command}").format(command=command_text("import", "LINK")))
            self._show_code()

    def _link(self) -> None:
        link = self._link_text
        self._tell_what_stays()
        if self.target.output is not None:
            self._write(self.target.output, f"{link}\n".encode(), {"kind": "link", "bytes": len(link)})
        elif self.target.as_json:
            self._tell({"kind": "link", "bytes": len(link), "link": link}, "")
        else:
            echo(link)

    def _show_code(self) -> None:
        """The code, last of all, so that nothing scrolls a part of it away; or why there is none."""
        if not _has_codes():
            echo_error(_no_codes())
        elif not _fits(text := code_text(self._link_text)):
            self._picture_of_code(text)
        else:
            echo_code(code_lines(text))

    def _picture_of_code(self, text: str) -> None:
        """The code as a picture, where the terminal has no room for it; nothing that is there is replaced."""
        target = self._file("png")
        try:
            with new_file(target, force=False) as file:
                write_code(text, file, "png")
        except CommandError:
            echo_error(_too_small(text, self.entry.id))
            return
        size = code_size(text)
        echo_error(
            _("the QR code needs a terminal of {columns} × {rows}, so it is a picture: {file}").format(
                columns=size.columns, rows=size.rows + _PROMPT_ROWS, file=target
            )
        )

    def _code(self) -> None:
        """The code alone: in the terminal, or as a picture."""
        link, target = self._link_text, self.target.output
        if len(link) > MAX_CODE_BYTES:
            raise ShareError(_too_long(link))
        if not _has_codes():
            raise ShareError(_no_codes())
        ending = _picture_ending(target) if target is not None else ""
        self._tell_what_stays()
        text = code_text(link)
        told = {"kind": "qr", "bytes": len(link), "code": text}
        if target is not None:
            with new_file(target, force=self.target.force) as file:
                write_code(text, file, ending)
            self._tell({**told, "file": str(target)}, str(target))
        elif self.target.as_json:
            self._tell(told, "")
        elif is_terminal(sys.stdout) and not _fits(text):
            raise ShareError(_too_small(text, self.entry.id))
        else:
            echo_code(code_lines(text))

    def _tell_what_stays(self) -> None:
        """Which files a link cannot take along."""
        count = len(self._packed.media)
        if count:
            text = ngettext(
                "A link holds no sounds, recordings or music: {count} file stays here. With it: {command}",
                "A link holds no sounds, recordings or music: {count} files stay here. With them: {command}",
                count,
            )
            command = command_text("share", self.entry.id, options="--to zip")
            echo_error(text.format(count=count, command=command))

    # Files

    def _archive(self) -> None:
        """One file with everything."""
        from timer_app.sharing.archive import write_archive

        target = self._file("zip")
        with new_file(target, force=self.target.force) as file:
            count = write_archive(file, self._packed, self.library)
        self._tell({"kind": "zip", "file": str(target), "media": count}, str(target))

    # Paper and watches

    def _fit(self) -> None:
        """A workout for a watch."""
        if find_spec("fit_tool") is None:
            needs = _("FIT needs more than comes along: {command}").format(command=install_command("share"))
            raise ShareError(needs)
        from timer_app.sharing.fit import fit_of

        workout = self._workout
        self._write(self._file("fit"), fit_of(workout, time.time_ns() // 1_000_000), {"kind": "fit"}, workout.ledger)

    def _tcx(self) -> None:
        from timer_app.sharing.tcx import tcx_of

        content, ledger = tcx_of(self._workout)
        self._write(self._file("tcx"), content, {"kind": "tcx"}, ledger)

    def _markdown(self) -> None:
        from timer_app.sharing.markdown import markdown_text

        text = markdown_text(self._contents, self.entry.length_ms)
        if self.target.output is not None:
            self._write(self.target.output, text.encode(), {"kind": "markdown"})
        elif self.target.as_json:
            self._tell({"kind": "markdown", "text": text}, "")
        else:
            echo_lines(text.removesuffix("\n").split("\n"))

    def _handout(self) -> None:
        self._write(self._file("html"), self._page().encode(), {"kind": "handout"})

    def _pdf(self) -> None:
        from timer_app.sharing.pdf import paper_of, pdf_of

        target = self._file("pdf")
        with slow_status(_("Printing")):
            content = pdf_of(self._page(), paper_of(os.environ))
        self._write(target, content, {"kind": "pdf"})

    def _page(self) -> str:
        """The handout, with a code where there is what draws it and the session fits into one."""
        from timer_app.sharing.handout import handout

        is_coded = _has_codes() and len(self._link_text) <= MAX_CODE_BYTES
        return handout(self._contents, self.entry.length_ms, code_text(self._link_text) if is_coded else "")

    @cached_property
    def _plan(self) -> CompileContext:
        from timer_app.core.compiler import EstimatedLengths

        return self.library.plan(self.session, EstimatedLengths())

    @cached_property
    def _contents(self) -> Contents:
        from timer_app.core.compiler.contents import contents_of

        return contents_of(self.session, self._plan)

    @cached_property
    def _workout(self) -> Workout:
        from timer_app.sharing.watch_steps import workout_of

        return workout_of(self._contents, self._plan.texts_in(self.session.language)[1])

    def _file(self, ending: str) -> Path:
        """The file to write: the one that is named, or one with the name of the session."""
        from timer_app.interchange import slug

        return self.target.output or Path(f"{slug(self.session.name, 'shared')}.{ending}")

    def _write(self, target: Path, content: bytes, facts: dict[str, Any], ledger: tuple[LedgerEntry, ...] = ()) -> None:
        """Write a file, and tell what of the session is not in it as it was."""
        with new_file(target, force=self.target.force) as file:
            file.write(content)
        told = {"ledger": [entry.to_dict() for entry in ledger]} if ledger else {}
        self._tell({**facts, "file": str(target), **told}, str(target))
        if ledger and not self.target.as_json:
            rows = [(_(_FATES[entry.fate]), entry.key, entry.shown_note) for entry in ledger]
            if target == STANDARD_OUTPUT:
                echo_error(*format_table(rows))
                return
            echo_table([(_("RESULT"), _("WHAT"), _("WHY")), *rows], _LEDGER_COLUMNS, cut=False)

    def _tell(self, facts: dict[str, Any], text: str) -> None:
        name = without_placeholders(self.session.name)
        if self.target.as_json:
            echo_json({"session": self.entry.id, "name": name, **facts})
        elif self.target.output != STANDARD_OUTPUT:
            echo(f"{name}: {text}")


def _has_codes() -> bool:
    return find_spec("segno") is not None


def _no_codes() -> str:
    return _("a QR code needs more than comes along: {command}").format(command=install_command("share"))


def _too_long(link: str) -> str:
    return _("the link has {count:,} letters, more than the {most:,} that a camera reads from a code").format(
        count=len(link), most=MAX_CODE_BYTES
    )


def _fits(text: str) -> bool:
    room, size = shutil.get_terminal_size(), code_size(text)
    return size.columns <= room.columns and size.rows + _PROMPT_ROWS <= room.lines


def _too_small(text: str, name: str) -> str:
    size = code_size(text)
    return _("the QR code needs a terminal of {columns} × {rows}; as a picture: {command}").format(
        columns=size.columns,
        rows=size.rows + _PROMPT_ROWS,
        command=command_text("share", name, options="--to qr -o code.png"),
    )


def _picture_ending(path: Path) -> str:
    """What kind of picture a code is written as.

    Raises:
        CommandError: The name of the file does not say.
    """
    ending = path.suffix.removeprefix(".").lower()
    if ending in PICTURE_ENDINGS:
        return ending
    text = _("{file} is no picture that a code can be written to; its name must end in {allowed}")
    allowed = ", ".join(f".{each}" for each in PICTURE_ENDINGS)
    raise CommandError(f"{PROGRAM}: {text.format(file=quoted(str(path)), allowed=allowed)}", USAGE)
