"""The files in a zip archive, read into memory: nothing is unpacked, so their paths lead nowhere."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from timer_app.core.i18n import N_, _
from timer_app.interchange.model import InterchangeError
from timer_app.system import zip_archives

MAX_BYTES = 10_000_000
MAX_MEMBERS = 1_000
_LISTED = b"PK\x01\x02"  # before each member in the list at the end
_MAX_LISTED = 10 * MAX_MEMBERS  # folders and what a system has put there included
_OF_SYSTEMS = frozenset((".ds_store", "thumbs.db", "desktop.ini"))

DOCUMENT = N_("is a document of a word processor: save it as plain text (.txt), and import that")
SPREADSHEET = N_("is a spreadsheet: save it as CSV, and import that")


def check_size(size: int) -> None:
    """Refuse what is too large to be read.

    Raises:
        InterchangeError: It is.
    """
    if size > MAX_BYTES:
        raise InterchangeError(_("is larger than {most} MB").format(most=MAX_BYTES // 1_000_000))


def members(data: bytes) -> list[tuple[str, bytes]]:
    """The files of an archive by their names without folders; what a system has put there by itself is left out.

    Raises:
        InterchangeError: It is damaged, empty or too large, or no archive of files but a document.
    """
    # Whatever its end says of it: each member of the list takes memory once that is read.
    if data.count(_LISTED) > _MAX_LISTED:
        raise _too_many()
    found: list[tuple[str, bytes]] = []
    size = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_document(archive)
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_of_system(info.filename)]
            if len(infos) > MAX_MEMBERS:
                raise _too_many()
            for info in infos:
                inside = _content(archive, info, MAX_BYTES - size + 1)
                size += len(inside)
                check_size(size)
                found.append((_path(info.filename).name, inside))
    except zip_archives.FAULTS as error:
        raise InterchangeError(_("is a damaged archive: {reason}").format(reason=error)) from None
    if not found:
        raise InterchangeError(_("is an empty archive"))
    return found


def _too_many() -> InterchangeError:
    return InterchangeError(_("has more than {most} files in it").format(most=MAX_MEMBERS))


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _is_of_system(name: str) -> bool:
    path = _path(name)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name.lower() in _OF_SYSTEMS


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The first bytes of a file; what an archive says of its sizes may be wrong."""
    if info.compress_type not in zip_archives.METHODS:
        reason = _("has {name} in it, compressed in a rare way: pack it again as a usual zip")
        raise InterchangeError(reason.format(name=info.filename))
    with archive.open(info) as file:
        return file.read(most)


def _refuse_document(archive: zipfile.ZipFile) -> None:
    """Refuse the documents of office programs, which are archives too."""
    names = archive.NameToInfo
    if "[Content_Types].xml" in names:
        is_sheet = any(name.startswith("xl/") for name in names)
    elif "mimetype" in names and "content.xml" in names:
        is_sheet = b"spreadsheet" in _content(archive, names["mimetype"], 200)
    else:
        return
    raise InterchangeError(_(SPREADSHEET if is_sheet else DOCUMENT))
