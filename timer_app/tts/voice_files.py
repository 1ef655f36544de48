"""Fetches the files of a voice into the user's voice folder, when the user asks for it.

The only place that uses the network of its own accord. A voice is two files, the model and its description beside it;
they appear complete or not at all.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NamedTuple

from timer_app.core.i18n import _
from timer_app.system.files import atomic_write, make_private_folder
from timer_app.tts.names import MODEL_SUFFIX

MAX_MODEL_BYTES: Final = 500_000_000
MAX_TEXT_BYTES: Final = 1_000_000
LICENCE_NAMES: Final = ("MODEL_CARD", "LICENSE", "LICENSE.txt")
_TIMEOUT_S = 30.0
_CHUNK_BYTES = 1 << 16
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,62}", re.ASCII)

ProgressCallback = Callable[[int, int], None]


class VoiceFileError(Exception):
    """A voice cannot be fetched; the message is one line that says why and what helps. Nothing was changed."""


class VoiceSource(NamedTuple):
    """Where a voice comes from, and what its model has to be.

    Attributes:
        url: The address of the model.
        sha256: The checksum of the model, in small hexadecimal digits.
    """

    url: str
    sha256: str

    @property
    def description_url(self) -> str:
        """The address of the description, beside the model."""
        parts = urllib.parse.urlsplit(self.url)
        return urllib.parse.urlunsplit(parts._replace(path=f"{parts.path}.json"))

    def beside(self, name: str) -> str:
        """The address of another file in the folder of the model."""
        parts = urllib.parse.urlsplit(self.url)
        folder, _, _ = parts.path.rpartition("/")
        return urllib.parse.urlunsplit(parts._replace(path=f"{folder}/{name}"))


def checked_source(url: str, sha256: str) -> VoiceSource:
    """The source, if a voice may be fetched from it.

    Raises:
        VoiceFileError: The address is not safe, or the checksum is none.
    """
    _check_url(url)
    digits = sha256.strip().lower()
    if not _SHA256.fullmatch(digits):
        raise VoiceFileError(
            _("{sha256} is no SHA-256: it has 64 digits from 0 to 9 and a to f").format(sha256=f"{sha256!r}")
        )
    return VoiceSource(url, digits)


def model_path(name: str, folder: Path) -> Path:
    """The file of a voice in the user's voice folder.

    Raises:
        VoiceFileError: It cannot be the name of a file.
    """
    stem = name.removesuffix(MODEL_SUFFIX)
    if not _NAME.fullmatch(stem):
        raise VoiceFileError(
            _("{name} is no name for a voice; write letters, digits, and - or _ between them").format(name=f"{name!r}")
        )
    return folder / f"{stem}{MODEL_SUFFIX}"


def find_licence(source: VoiceSource, url: str | None = None) -> tuple[str, str]:
    """The address and the text of a voice's licence; both empty where none lies beside the model.

    Args:
        source: The voice.
        url: Where the licence is; by default, the usual names beside the model are tried.

    Raises:
        VoiceFileError: The licence at `url` cannot be fetched, or the server cannot be reached.
    """
    if url is not None:
        _check_url(url)
        return url, _fetch_text(url)
    for name in LICENCE_NAMES:
        address = source.beside(name)
        try:
            return address, _fetch_text(address)
        except _NotThereError:
            continue
    return "", ""


def fetch_voice(source: VoiceSource, target: Path, progress: ProgressCallback) -> None:
    """Fetch the description and the model; an earlier voice of that name is replaced.

    Args:
        source: The voice.
        target: The file of the model.
        progress: Called with the bytes that are there, and how many there will be; 0 where the server does not say.

    Raises:
        VoiceFileError: A file cannot be fetched, is not what was asked for, or cannot be written.
    """
    description = _fetch_text(source.description_url)
    _check_description(description, source.description_url)
    try:
        make_private_folder(target.parent)
        with ExitStack() as files:
            # Closed the other way round: the model is there only when its description is.
            model = files.enter_context(atomic_write(target))
            files.enter_context(atomic_write(Path(f"{target}.json"))).write(description.encode())
            _fetch_model(source, model, progress)
    except OSError as error:
        raise VoiceFileError(
            _("{target} cannot be written: {reason}").format(
                target=target, reason=(error.strerror or str(error)).lower()
            )
        ) from error


def _fetch_model(source: VoiceSource, file: BinaryIO, progress: ProgressCallback) -> None:
    digest, there = hashlib.sha256(), 0
    with _opened(source.url) as answer:
        total = int(answer.headers.get("Content-Length") or 0)
        if total > MAX_MODEL_BYTES:
            raise VoiceFileError(
                _("{url} has {total} bytes; a voice has at most {most}").format(
                    url=source.url, total=f"{total:,}", most=f"{MAX_MODEL_BYTES:,}"
                )
            )
        while chunk := _read(answer, source.url):
            there += len(chunk)
            if there > MAX_MODEL_BYTES:
                raise VoiceFileError(
                    _("{url} has more than the {most} bytes that a voice may have").format(
                        url=source.url, most=f"{MAX_MODEL_BYTES:,}"
                    )
                )
            digest.update(chunk)
            file.write(chunk)
            progress(there, total)
    if there < total:
        raise VoiceFileError(
            _("{url} broke off after {there} of {total} bytes; try again").format(
                url=source.url, there=f"{there:,}", total=f"{total:,}"
            )
        )
    if digest.hexdigest() != source.sha256:
        raise VoiceFileError(
            _("{url} is not the file that was asked for: its SHA-256 is {checksum}; nothing was saved").format(
                url=source.url, checksum=digest.hexdigest()
            )
        )


def _check_description(text: str, url: str) -> None:
    try:
        about = json.loads(text)
        _needed = about["audio"]["sample_rate"], about["espeak"]["voice"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise VoiceFileError(_("{url} does not describe a piper voice").format(url=url)) from None


class _NotThereError(VoiceFileError):
    """The server has no such file."""


def _fetch_text(url: str) -> str:
    with _opened(url) as answer:
        raw = b""
        while chunk := _read(answer, url):
            raw += chunk
            if len(raw) > MAX_TEXT_BYTES:
                raise VoiceFileError(_("{url} has more than {most} bytes").format(url=url, most=f"{MAX_TEXT_BYTES:,}"))
    return raw.decode("utf-8", "replace")


def _read(answer: IO[bytes], url: str) -> bytes:
    try:
        return answer.read(_CHUNK_BYTES)
    except (OSError, HTTPException) as error:
        raise VoiceFileError(_("{url} broke off: {error}; try again").format(url=url, error=error)) from error


def _check_url(url: str) -> None:
    """Raise an error unless nobody on the way can change what comes: https, or this computer itself."""
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urllib.parse.urlsplit("")
    if not host or parts.scheme not in {"http", "https"}:
        raise VoiceFileError(
            _("{url} is no address; write https://HOST/PATH/VOICE{ending}").format(url=f"{url!r}", ending=MODEL_SUFFIX)
        )
    if parts.scheme == "http" and not _is_loopback(host):
        raise VoiceFileError(_("{url} is not encrypted; write https://").format(url=url))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to where a user might have asked."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the library's signature
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        _check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opened(url: str) -> Any:
    opener = urllib.request.build_opener(_SafeRedirects)
    request = urllib.request.Request(url, headers={"User-Agent": "timer-app", "Accept-Encoding": "identity"})  # noqa: S310 - checked
    try:
        return opener.open(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        kind = _NotThereError if error.code in {403, 404, 410} else VoiceFileError
        raise kind(
            _("{url} cannot be fetched: the server answers {code} {reason}").format(
                url=url, code=error.code, reason=error.reason
            )
        ) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise VoiceFileError(_("{url} cannot be reached: {reason}").format(url=url, reason=reason)) from error
