"""What is imported: the text of a file or of standard input, checked and decoded before any reader sees it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PurePath

from timer_app.core.i18n import N_, _
from timer_app.interchange.archive import DOCUMENT, MAX_BYTES, check_size, members
from timer_app.interchange.json_source import Node, parse_json
from timer_app.interchange.model import Imported, InterchangeError, LedgerEntry
from timer_app.interchange.texts import cleaned_name
from timer_app.system import zip_archives

__all__ = ["MAX_BYTES", "Source", "open_sources"]

_JSON_ENDINGS = frozenset((".json", ".seconds", ".feeel"))
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MAX_LINE, MAX_LINES = 2_000, 20_000
"""How long a line of a text may be that a reader looks at, and how many there may be."""
_MAX_SHOWN = 120  # of a line, in a ledger
_MAX_BROKEN = 20  # lines with broken bytes that are told
_MAX_CONTROLS = 0.02  # of all characters; a text has none
# What has letters and signs only in Windows-1252, where Latin-1 has controls that nobody writes.
_ONLY_IN_1252 = frozenset(range(0x80, 0xA0))

PDF = N_("is a PDF: copy its text, and import that")
_DOCUMENTS = {b"{\\rtf": DOCUMENT, b"\xd0\xcf\x11\xe0": DOCUMENT, b"%PDF-": PDF}

LINE_CUT = N_("only the first {most} characters of the line are read")
LINES_CUT = N_("only the first {most} lines are read")
ENCODED = N_("the file is not UTF-8; read as {encoding}")
BROKEN = N_("some bytes here are not UTF-8, as the rest is; each is read as “{sign}”")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Source:
    """A text to be imported.

    Attributes:
        name: The name of its file, without folders; empty for standard input.
        text: The text, its line ends made line feeds.
        encoding: What it was encoded in, where that was not UTF-8.
        broken: The first lines with bytes that are not UTF-8, in a text that is UTF-8 otherwise.
        language: The language of the texts in it.
        shown: How the user calls it, for messages.
    """

    name: str
    text: str
    encoding: str = ""
    language: str = "en"
    shown: str = ""
    broken: tuple[int, ...] = ()

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePath(self.name).stem

    @property
    def title(self) -> str:
        """What a session of that file is called that has no name of its own."""
        return cleaned_name(self.stem.replace("-", " ").replace("_", " "))[0]

    @property
    def ending(self) -> str:
        """The ending of the name, in small letters."""
        return PurePath(self.name).suffix.lower()

    @property
    def lines(self) -> list[str]:
        """Its lines, as far as a reader of texts looks at them."""
        return [line[:MAX_LINE] for line in self.text.split("\n")[:MAX_LINES]]

    @property
    def unread(self) -> list[LedgerEntry]:
        """What of its lines no reader of texts looks at."""
        lines = self.text.split("\n")
        found = [
            LedgerEntry(number, line[:_MAX_SHOWN], "", "lost", LINE_CUT, {"most": MAX_LINE})
            for number, line in enumerate(lines[:MAX_LINES], 1)
            if len(line) > MAX_LINE
        ]
        if len(lines) > MAX_LINES:
            found.append(LedgerEntry(MAX_LINES + 1, "", "", "lost", LINES_CUT, {"most": MAX_LINES}))
        return found

    @cached_property
    def json(self) -> Node | None:
        """Its value as JSON; `None` where it is another kind of text.

        Raises:
            InterchangeError: It is meant to be JSON, and is wrong.
        """
        start = "".join(self.text[:2_000].split())
        if not start.startswith(("{", "[")):
            return None
        try:
            return parse_json(self.text)
        except InterchangeError:
            # People write circuits in brackets too.
            if self.ending in _JSON_ENDINGS or start.startswith(("{", "[{")):
                raise
            return None

    def with_encoding(self, imported: Imported) -> Imported:
        """What a reader gives, with a word about the encoding if that is not the usual one, or faulty."""
        lines = self.text.split("\n")
        entries = [
            LedgerEntry(number, lines[number - 1].strip()[:_MAX_SHOWN], "", "changed", BROKEN, {"sign": _REPLACEMENT})
            for number in self.broken
        ]
        if self.encoding:
            entries.append(LedgerEntry(0, self.name, "", "changed", ENCODED, {"encoding": self.encoding}))
        return Imported(imported.sessions, (*entries, *imported.ledger), imported.exercises) if entries else imported


def open_sources(name: str, data: bytes, language: str = "en", shown: str = "") -> list[Source]:
    """The texts of a file: one, or those that a zip archive holds.

    Args:
        name: The name of the file, without folders.
        data: Its bytes.
        language: The language of the texts in it.
        shown: How the user calls it; its name if empty.

    Raises:
        InterchangeError: It is too large, no text, or a damaged archive.
    """
    shown = shown or name
    try:
        check_size(len(data))
        if not zip_archives.is_archive(data):
            return [_decoded(name, data, language, shown)]
        inside = members(data)
    except InterchangeError as error:
        raise InterchangeError(f"{shown} {error}") from None
    found = []
    for inner, content in inside:
        where = f"{shown}: {inner}"
        try:
            found.append(_decoded(inner, content, language, where))
        except InterchangeError as error:
            raise InterchangeError(f"{where} {error}") from None
    return found


def _decoded(name: str, data: bytes, language: str, shown: str) -> Source:
    for sign, reason in _DOCUMENTS.items():
        if data.startswith(sign):
            raise InterchangeError(_(reason))
    text, encoding = _text_of(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\f\v\x1b")
    if controls > _MAX_CONTROLS * len(text):
        raise InterchangeError(_("is not a text file"))
    broken = () if encoding or _REPLACEMENT not in text else _broken_lines(data)
    return Source(name, text, encoding, language, shown, broken)


def _text_of(data: bytes) -> tuple[str, str]:
    """The text, and its encoding unless that is UTF-8."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            text = data.decode(codec, "replace")
            return text, "" if codec == "utf-8-sig" else "UTF-16"
    zeros = data[1:2_000:2].count(0)
    if len(data) >= 4 and zeros > len(data[:2_000]) // 4:  # noqa: PLR2004 - every other byte of plain letters
        return data.decode("utf-16-le", "replace"), "UTF-16"
    try:
        return data.decode(), ""
    except UnicodeDecodeError:
        if (mended := _mostly_utf8(data)) is not None:
            return mended, ""
        is_1252 = not _ONLY_IN_1252.isdisjoint(data)
        return (data.decode("cp1252", "replace"), "Windows-1252") if is_1252 else (data.decode("latin-1"), "Latin-1")


def _mostly_utf8(data: bytes) -> str | None:
    """The text of UTF-8 with a few broken bytes, which stand as replacement characters; `None` for another encoding.

    Other encodings hardly ever have what is a character of several bytes in UTF-8, and have many bytes that are none.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count(_REPLACEMENT)
    whole = sum(not character.isascii() for character in text) - broken
    return text if whole >= broken else None


def _broken_lines(data: bytes) -> tuple[int, ...]:
    """The numbers of the first lines with bytes that are not UTF-8."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    found = (number for number, line in enumerate(lines, 1) if not _is_utf8(line))
    return tuple(islice(found, _MAX_BROKEN))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
