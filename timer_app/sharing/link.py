"""Links that hold a whole session: `timer-app:` and the session, compressed, in letters.

After the scheme comes a letter that names the form, and then the content: four bytes of checksum, and the session as
JSON, compressed with a preset dictionary. There are two forms of the same content. `1` is for people and programs: it
is the shorter text (base64url). `A` is for QR codes, whose densest letters are capitals, digits and a few signs: with
41 of these, two bytes take three letters, and a code is smaller by a fifth. Both have only signs that an address and a
shell take as they are.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from itertools import takewhile
from typing import Final, NoReturn
from urllib.parse import unquote

from timer_app.core.i18n import _
from timer_app.sharing.bundle import Bundle, ShareError
from timer_app.sharing.dictionary import WORDS

SCHEME: Final = "timer-app:"
MAX_CODE_BYTES: Final = 1_200
"""How long a link may be that a QR code holds: cameras fail on larger codes."""
MAX_LINK: Final = 300_000
"""How many letters a link may have that is read."""
_MAX_CONTENT: Final = 1_000_000  # bytes; a session file may have as many
_CHECKSUM: Final = 4
_LETTERS, _CODE_LETTERS = "1", "A"
_FORM = re.compile(r"[0-9A-Z]")
_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-./:"
_BASE: Final = len(_SIGNS)
_START = re.compile(r"(?i:timer-app:)(?=[0-9A-Z])")
_ADDRESS = re.compile(r"\s*(?:https?://[^\s#]*#)?(?i:timer-app:)[0-9A-Z]")
_WHOLE = re.compile(r"[A-Za-z0-9_+\-./:%=]+")
_MAX_LINES: Final = 60  # of a link in a mail; only the whole of a longer one is tried


def is_link(text: str) -> bool:
    """Whether a text begins with a link, or is an address that has one behind its `#`."""
    return _ADDRESS.match(text) is not None


def find_link(text: str) -> str:
    """The first link in a text, as far as it goes without a blank; empty if there is none."""
    return next(_candidates(text), "")


def _candidates(text: str) -> Iterator[str]:
    """What may be the first link in a text: up to a blank, and then, as a mail may have broken it, line after line."""
    found = _START.search(text)
    if found is None:
        return
    rest = text[found.start() : found.start() + MAX_LINK + 1]
    first = rest.split(maxsplit=1)[0]
    yield first
    lines = [line.strip() for line in rest.splitlines()]
    if first != lines[0]:
        return  # it ends in the middle of a line
    whole = list(takewhile(_WHOLE.fullmatch, lines[1:]))
    ends = range(1, len(whole) + 1) if len(whole) <= _MAX_LINES else [len(whole)]
    yield from (first + "".join(whole[:end]) for end in ends)


def make_link(bundle: Bundle) -> str:
    """The link to a session, for people and programs."""
    return f"{SCHEME}{_LETTERS}{_letters(_packed(bundle))}"


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def code_text(link: str) -> str:
    """The same link in the letters that a QR code holds best."""
    content = _content(link)
    pairs = [int.from_bytes(content[at : at + 2]) for at in range(0, len(content) - 1, 2)]
    letters = [_SIGNS[pair // _BASE**2] + _SIGNS[pair // _BASE % _BASE] + _SIGNS[pair % _BASE] for pair in pairs]
    if len(content) % 2:
        letters.append(_SIGNS[content[-1] // _BASE] + _SIGNS[content[-1] % _BASE])
    return f"{SCHEME.upper()}{_CODE_LETTERS}{''.join(letters)}"


def read_link(text: str) -> Bundle:
    """The session that a link holds.

    Args:
        text: The link, or a text with one in it.

    Raises:
        ShareError: It is none, cut off, changed, too large, or of a newer version of the program.
    """
    fault: ShareError | None = None
    for link in _candidates(text):
        try:
            data = _unpacked(link)
        except ShareError as error:
            fault = fault or error
        else:
            return Bundle.from_plain(_parsed(data))
    raise fault or ShareError(_("there is no link; one begins with {scheme}").format(scheme=SCHEME))


def _unpacked(link: str) -> bytes:
    content = _content(link)
    data = _inflated(content)
    # The last letter has bits that mean nothing, and may be the one that was changed.
    if link[len(SCHEME)] == _LETTERS and not link.rstrip("=").endswith(_letters(content)):
        _changed()
    return data


def _packed(bundle: Bundle) -> bytes:
    content = json.dumps(bundle.to_plain(), ensure_ascii=False, separators=(",", ":")).encode()
    if len(content) > _MAX_CONTENT:
        raise ShareError(_("the session is too large for a link"))
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zdict=WORDS)
    return zlib.crc32(content).to_bytes(_CHECKSUM) + packer.compress(content) + packer.flush()


def _content(link: str) -> bytes:
    """The bytes that a link holds, as they are."""
    if len(link) > MAX_LINK:
        raise ShareError(_("the link is longer than {most:,} letters").format(most=MAX_LINK))
    text = unquote(link[len(SCHEME) :]) if "%" in link else link[len(SCHEME) :]
    form, letters = text[:1], text[1:]
    if form == _LETTERS:
        return _from_letters(letters.rstrip("="))
    if form == _CODE_LETTERS:
        return _from_code_letters(letters)
    if _FORM.fullmatch(form):
        raise ShareError(_("the link is of a newer version of this program; update it, and try again"))
    raise ShareError(_("the link is damaged"))


def _from_letters(letters: str) -> bytes:
    # A letter alone is less than a byte: something is missing.
    if len(letters) % 4 == 1:
        _cut_off()
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        _changed()


def _from_code_letters(letters: str) -> bytes:
    if len(letters) % 3 == 1:
        _cut_off()
    content = bytearray()
    for at in range(0, len(letters), 3):
        group = [_SIGNS.find(sign) for sign in letters[at : at + 3]]
        value = 0
        for number in group:
            value = value * _BASE + number
        size = len(group) - 1
        if min(group) < 0 or value >= 256**size:
            _changed()
        content += value.to_bytes(size)
    return bytes(content)


def _inflated(content: bytes) -> bytes:
    """What is compressed, of which no more is unpacked than there may be."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS, zdict=WORDS)
    try:
        data = unpacker.decompress(content[_CHECKSUM:], _MAX_CONTENT + 1)
    except zlib.error:
        _changed()
    if len(data) > _MAX_CONTENT:
        raise ShareError(_("the link holds more than {most} KB").format(most=_MAX_CONTENT // 1_000))
    if not unpacker.eof:
        _cut_off()
    if unpacker.unused_data or zlib.crc32(data) != int.from_bytes(content[:_CHECKSUM]):
        _changed()
    return data


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _changed()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _cut_off() -> NoReturn:
    raise ShareError(_("the link is cut off: its end is missing; copy the whole of it"))


def _changed() -> NoReturn:
    raise ShareError(_("the link is damaged: it has been changed on its way; copy the whole of it again"))
