"""A session as one file: a zip archive with the session, its author's exercises, sounds, recordings and music.

What is read from strangers is decided by a list of what there may be, and not by one of what there may not: the names
that this program writes, plain files, compressed the usual way, so many of them, so large. Anything else, and the whole
archive is refused before a byte of it is unpacked. Nothing is ever unpacked to where the archive says.
"""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from timer_app.core.diagnostics import FileFault, parse_toml, quoted
from timer_app.core.i18n import _
from timer_app.interchange import slug
from timer_app.sharing.bundle import Bundle, Data, ShareError
from timer_app.sharing.references import with_media
from timer_app.sharing.toml_text import exercises_toml, session_toml
from timer_app.system import zip_archives

if TYPE_CHECKING:
    from timer_app.library import Library
    from timer_app.sharing.packing import Packed
    from timer_app.sharing.references import ChangeMedia, MediaKind

MAX_BYTES: Final = 100_000_000
"""How large an archive may be, and what it holds."""
MAX_FILES: Final = 600
_MAX_TEXT: Final = 1_000_000
_HEAD: Final = "timer-app.json"
_VERSION: Final = 1
_SESSIONS, _EXERCISES, _MEDIA = "sessions/", "exercises/", "media/"
_PART = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_TEXT_NAME = re.compile(rf"(?:{_PART}|sessions/(?:{_PART}/){{0,3}}{_PART}|exercises/[A-Za-z0-9-]{{2,30}})\.toml")
_MEDIA_NAME = re.compile(rf"media/(?:{_PART}/)?{_PART}\.(?:wav|mp3|flac|ogg)")
_MAX_NAME: Final = 200
_ENDINGS: Final = (".wav", ".mp3", ".flac", ".ogg")
# The record at the end of an archive: a signature, then how many members there are, and how long their list is.
_END, _END_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535
_COUNT_AT, _LIST_SIZE_AT = slice(10, 12), slice(12, 16)
_MAX_LIST: Final = 500_000
# What stands right before that record in archives of more files than it can count, and would count instead.
_LARGE, _LARGE_SIZE = b"PK\x06\x07", 20


def write_archive(file: BinaryIO, packed: Packed, library: Library) -> int:
    """Write a session as one file.

    Args:
        file: Where it goes.
        packed: The session.
        library: Finds its sounds, recordings and music.

    Returns:
        How many sounds, recordings and files of music went along.

    Raises:
        ShareError: There are more files than there may be, or they are too large together.
    """
    media, bundle = _Media(library), packed.bundle
    stem = slug(bundle.name, "shared")
    beside = media.beside(packed.folder)
    texts = {f"{stem}.toml": session_toml(with_media(bundle.session, beside))}
    for name, data in bundle.sessions.items():
        texts[f"{_SESSIONS}{name}.toml"] = session_toml(with_media(data, beside))
    for language, found in bundle.exercises.items():
        exercises = {name: with_media(data, media.beside(packed.folders[name])) for name, data in found.items()}
        texts[f"{_EXERCISES}{language}.toml"] = exercises_toml(exercises, language)
    media.check(len(texts) + 1)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_HEAD, json.dumps({"timer-app": "share", "format": _VERSION, "session": f"{stem}.toml"}))
        for name, text in texts.items():
            archive.writestr(name, text)
        for name, path in media.files.items():
            archive.write(path, name)
    return len(media.files)


class _Media:
    """Gives the files that sessions and exercises name other names, which they have in the archive.

    Attributes:
        files: Each file by its name there.
    """

    def __init__(self, library: Library) -> None:
        self.files: dict[str, Path] = {}
        self._library = library
        self._names: dict[tuple[Path, ...], str] = {}
        self._used: set[str] = set()

    def beside(self, folder: Path) -> ChangeMedia:
        """Gives the new name of a file that is named by what lies in a folder; `None` for one that is not there."""

        def new_name(name: str, kind: MediaKind) -> str | None:
            found = tuple(self._found(name, kind, folder))
            if not found:
                return None
            if found not in self._names:
                self._names[found] = self._add(name, found)
            return self._names[found]

        return new_name

    def _found(self, name: str, kind: MediaKind, folder: Path) -> list[Path]:
        if kind == "music":
            return self._library.music.find([name], folder)
        one = (
            self._library.sounds.find(name, "", folder)
            if kind == "sound"
            else self._library.music.find_recording(name, folder)
        )
        return [one] if one else []

    def _add(self, name: str, files: tuple[Path, ...]) -> str:
        """The name for a file, or for a folder of music."""
        if len(files) == 1 and Path(name).suffix.lower() in _ENDINGS:
            return self._add_file(_MEDIA, files[0])
        folder = self._free(f"{_MEDIA}{slug(Path(name).name, 'music')}", "/")
        for path in files:
            self._add_file(folder, path)
        return folder.rstrip("/")

    def _add_file(self, folder: str, path: Path) -> str:
        name = self._free(f"{folder}{slug(path.stem, 'file')}", path.suffix.lower())
        self.files[name] = path
        return name

    def _free(self, name: str, ending: str) -> str:
        """A name that nothing has yet; those of folders end with a slash."""
        numbers = (name, *(f"{name}-{number}" for number in range(2, MAX_FILES + 2)))
        found = next((each for each in numbers if f"{each}{ending}" not in self._used), name)
        self._used.add(f"{found}{ending}")
        return f"{found}{ending}"

    def check(self, texts: int) -> None:
        """See that what is written can be read again.

        Raises:
            ShareError: There are too many files, or they are too large together.
        """
        size = sum(path.stat().st_size for path in self.files.values())
        if size > MAX_BYTES or len(self.files) + texts > MAX_FILES:
            raise ShareError(
                _("one file takes {most} MB of sounds and music in {count} files; this session names more").format(
                    most=MAX_BYTES // 1_000_000, count=MAX_FILES
                )
            )


def holds_session(file: BinaryIO) -> bool:
    """Whether an archive was written by `write_archive`: its first member says so. Nothing else of it is read."""
    start = file.read(30 + len(_HEAD))
    file.seek(0)
    return zip_archives.is_archive(start) and start.endswith(_HEAD.encode())


def read_archive(file: BinaryIO) -> tuple[Bundle, dict[str, bytes]]:
    """The session that an archive holds, and the files that came with it, by the names that it calls them by.

    Args:
        file: The archive, opened and not read yet.

    Raises:
        ShareError: It is damaged, of a newer version, or has anything in it that such an archive does not have.
        FileFault: A session or an exercise file in it is no TOML.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ShareError(_("is larger than {most} MB").format(most=MAX_BYTES // 1_000_000))
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            contents = dict(_contents(archive))
    except zip_archives.FAULTS as error:
        raise ShareError(_("is a damaged archive: {reason}").format(reason=error)) from None
    media = {name: content for name, content in contents.items() if name.startswith(_MEDIA)}
    return _bundle(contents), media


def _check_end(data: bytes) -> None:
    """See that the list of members is short, before anything reads it: each of them would take memory.

    Raises:
        ShareError: It is not, or is none.
    """
    at = data.rfind(_END, max(0, len(data) - _END_SIZE - _MAX_COMMENT))
    record = data[at : at + _END_SIZE]
    if at < 0 or len(record) < _END_SIZE:
        raise ShareError(_("is a damaged archive: {reason}").format(reason=_("its end is missing")))
    count, size = (int.from_bytes(record[part], "little") for part in (_COUNT_AT, _LIST_SIZE_AT))
    is_large = data.startswith(_LARGE, max(0, at - _LARGE_SIZE), at)
    if is_large or count > MAX_FILES or size > _MAX_LIST:
        raise ShareError(_("has more than {most} files in it").format(most=MAX_FILES))


def _contents(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Each member with its bytes, once all of them are known to be what there may be."""
    infos = archive.infolist()
    if len(infos) > MAX_FILES:
        raise ShareError(_("has more than {most} files in it").format(most=MAX_FILES))
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        raise ShareError(_("has two files of the same name in it"))
    for info in infos:
        _check_member(info)
    left = MAX_BYTES
    for info in infos:
        is_text = not info.filename.startswith(_MEDIA)
        most = min(left, _MAX_TEXT) if is_text else left
        # What an archive says of its sizes may be wrong, so that no more is read than there may be.
        with archive.open(info) as member:
            content = member.read(most + 1)
        if len(content) > most:
            raise ShareError(_("has more in it than it may: {name}").format(name=quoted(info.filename)))
        left -= len(content)
        yield info.filename, content


def _check_member(info: zipfile.ZipInfo) -> None:
    """See that a member is a plain file of a name that there may be, compressed the usual way.

    Raises:
        ShareError: It is not.
    """
    name = info.filename
    is_known = name == _HEAD or _TEXT_NAME.fullmatch(name) or _MEDIA_NAME.fullmatch(name)
    stems = [part.partition(".")[0] for part in name.lower().split("/")]
    is_device = any(slug(stem) == f"{stem}-session" for stem in stems)  # names that Windows keeps for itself
    if not is_known or len(name) > _MAX_NAME or is_device:
        raise ShareError(_("has something in it that no shared session has: {name}").format(name=quoted(name)))
    mode = info.external_attr >> 16
    is_plain = stat.S_IFMT(mode) in {0, stat.S_IFREG}
    is_encrypted = bool(info.flag_bits & 1)
    if not is_plain or is_encrypted or info.compress_type not in zip_archives.METHODS:
        raise ShareError(
            _("{name} in it is a link, encrypted, or compressed in an unusual way").format(name=quoted(name))
        )


def _bundle(contents: Mapping[str, bytes]) -> Bundle:
    try:
        head = json.loads(contents.get(_HEAD, b"null"))
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or head.get("timer-app") != "share":
        raise ShareError(_("is no shared session"))
    if head.get("format") != _VERSION:
        raise ShareError(_("is of a newer version of this program; update it, and try again"))
    session = head.get("session")
    if not isinstance(session, str) or session not in contents or "/" in session:
        raise ShareError(_("is no shared session"))
    sessions, exercises = {}, {}
    for name, content in contents.items():
        if name.startswith(_SESSIONS):
            sessions[name.removeprefix(_SESSIONS).removesuffix(".toml")] = _data(name, content)
        elif name.startswith(_EXERCISES):
            exercises[name.removeprefix(_EXERCISES).removesuffix(".toml")] = _data(name, content).get("exercises")
    plain = {"session": _data(session, contents[session]), "sessions": sessions, "exercises": exercises}
    return Bundle.from_plain(plain)


def _data(name: str, content: bytes) -> Data:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise FileFault.about(name, _("is not UTF-8 text"), _("a text file saved as UTF-8")) from None
    return parse_toml(text, name).data
