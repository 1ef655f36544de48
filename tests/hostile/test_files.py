from __future__ import annotations

import io
import json
import random
import shutil
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

import timer_app
from tests.history.performing import Performance
from tests.hostile.mutations import mutated
from tests.hostile.report import LIMIT_S, figures, shares
from tests.sharing import sealed
from timer_app.core.compiler import EstimatedLengths
from timer_app.core.compiler.contents import contents_of
from timer_app.core.diagnostics import FileFault
from timer_app.core.session.model import Session
from timer_app.history import report
from timer_app.history.database import open_to_write
from timer_app.history.store import Store
from timer_app.history.transfer import TransferError, export_lines, import_lines
from timer_app.history.views import VIEWS, Period
from timer_app.library import starter
from timer_app.library.library import Library, SessionEntry
from timer_app.library.programmes import ProgrammeLibrary
from timer_app.run.programme import ActiveProgrammeStore
from timer_app.run.tracker import local_now
from timer_app.settings import SETTINGS, load_settings
from timer_app.sharing import Received, ShareError, pack, receive
from timer_app.sharing.archive import read_archive, write_archive
from timer_app.sharing.fit import fit_of
from timer_app.sharing.handout import handout
from timer_app.sharing.link import code_text, make_link, read_link
from timer_app.sharing.watch_steps import workout_of
from timer_app.system import paths
from timer_app.tui.favourites import Favourites

Read = Callable[[bytes], object]
COMPILES_UP_TO_MS = 3_600_000
_ROUTINES = Path(__file__).parents[1] / "routines"
_PHRASES = Path(timer_app.__file__).parent / "phrases"


class HangError(BaseException):
    """A reader takes too long. Not an `Exception`, so that no reader takes it for a fault of the file."""


@contextmanager
def limited(limit_s: float) -> Iterator[None]:
    """So many seconds of computing at most; what else the machine does is not counted."""

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def template() -> bytes:
    """What `new` writes: a step of each kind."""
    return starter.starter_text("Mine").encode()


def settings_text() -> bytes:
    return "".join(f"{key} = {json.dumps(setting.default)}\n" for key, setting in SETTINGS.items()).encode()


class Readers:
    """Every kind of file that somebody else may have written or broken, and what reads it.

    Args:
        folder: Where files are written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = Library.default("")
        shipped = paths.shipped_sessions_dir()
        self._catalogue = {path.name: path for path in (shipped / "exercises").glob("*.toml")}
        self._history = self._performed()
        with closing(open_to_write(self._history)) as base:
            exported = "\n".join(export_lines(base)).encode()
        for path in shipped.glob("*.toml"):
            shutil.copy(path, folder)
        self.kinds: dict[str, tuple[list[bytes], Read]] = {
            "session": (
                [*self._texts(shipped.glob("*.toml")), *self._texts(_ROUTINES.glob("*.toml")), template()],
                partial(self._check, "mine.toml"),
            ),
            "exercises": (self._texts(self._catalogue.values()), partial(self._check, "exercises/mine.toml")),
            "programme": (self._texts((shipped / "programmes").glob("*.toml")), partial(self._check, "weeks.toml")),
            "translation": (self._texts(shipped.glob("*.toml"), is_translation=True), self._translation),
            "phrases": (self._texts(_PHRASES.glob("*.toml")), self._phrases),
            "settings": ([settings_text()], self._settings),
            "history": ([exported], self._import),
            "stars": ([b'{"stars": ["desk-break", "posture-check"]}'], self._stars),
            "followed": ([f'programme = "desk-week"\nfrom = {local_now():%Y-%m-%d}\n'.encode()], self._followed),
            "index": ([self._index()], self._indexed),
            "link": (self._contents_of_links(), self._received),
            "archive": (self._archives(), self._read_archive),
        }
        (folder / "exercises").mkdir()
        paths.own_phrases_dir().mkdir(parents=True)

    @staticmethod
    def _texts(files: Iterable[Path], *, is_translation: bool = False) -> list[bytes]:
        return [path.read_bytes() for path in sorted(files) if ("." in path.stem) is is_translation]

    def _performed(self) -> Path:
        path = self.folder / "history" / "history.db"
        Performance(path, record_id="r1").whole()
        return path

    def _written(self, name: str, text: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text)
        return path

    def _check(self, name: str, text: bytes) -> None:
        path = self._written(name, text)
        for problem in self.library.check(path):
            problem.render()
        entry = self.library.find(str(path)) if "/" not in name else None
        if entry and not entry.faults and entry.length_ms < COMPILES_UP_TO_MS:
            session, _warnings = self.library.load(entry)
            self._share(entry, session)

    def _share(self, entry: SessionEntry, session: Session) -> None:
        """Whatever can be run can be handed on."""
        bundle = pack(self.library, entry).without_media
        assert read_link(code_text(make_link(bundle))) == bundle
        plan = self.library.plan(session, EstimatedLengths())
        contents = contents_of(session, plan)
        handout(contents, entry.length_ms)
        with suppress(ShareError):  # more steps than a watch takes
            fit_of(workout_of(contents, plan.texts_in(session.language).phrases), 0)

    def _contents_of_links(self) -> list[bytes]:
        entries = map(self.library.find, self.library.ids())
        return [json.dumps(pack(self.library, entry).bundle.to_plain()).encode() for entry in entries]

    def _received(self, content: bytes) -> None:
        """A stranger's link has a checksum that is right, whatever it holds."""
        with suppress(ShareError, FileFault):
            receive(self.library, Received(read_link(sealed(content))))

    def _archives(self) -> list[bytes]:
        packed = pack(self.library, self.library.find("desk-break"))
        file = io.BytesIO()
        write_archive(file, packed, self.library)
        return [file.getvalue()]

    def _read_archive(self, content: bytes) -> None:
        with suppress(ShareError, FileFault):
            receive(self.library, Received(*read_archive(io.BytesIO(content))))

    def _translation(self, text: bytes) -> None:
        for problem in self.library.check(self._written("desk-break.de.toml", text)):
            problem.render()
        try:
            self.library.load(self.library.find(str(self.folder / "desk-break.toml")))
        except FileFault as fault:
            str(fault)

    def _phrases(self, text: bytes) -> None:
        path = paths.own_phrases_dir() / "de.toml"
        path.write_bytes(text)
        library = Library.default("de")
        for problem in (*library.check(path), *library.phrase_problems):
            problem.render()
        library.phrases("de")
        path.unlink()

    def _settings(self, text: bytes) -> None:
        for problem in load_settings(self._written("settings.toml", text)).problems:
            problem.render()

    def _import(self, text: bytes) -> None:
        with closing(sqlite3.connect(self._history)) as base:
            copy = self.folder / "imported" / "history.db"
            shutil.rmtree(copy.parent, ignore_errors=True)
            copy.parent.mkdir()
            base.execute("VACUUM INTO ?", (str(copy),))
        try:
            lines = text.decode().split("\n")
        except UnicodeDecodeError:
            return
        store = Store(copy)
        with closing(open_to_write(copy)) as base:
            try:
                import_lines(base, lines)
            except TransferError:
                assert len(store.entries()) == 1, "part of a refused import is there"
                return
            list(export_lines(base))
        for one in store.entries():
            store.full_record(one.id)
        store.unfinished(local_now())
        for view in VIEWS:
            found = store.query(partial(view.load, period=Period(local_now().date())))
            report.sentence(found)
            list(report.lines(found))

    def _stars(self, text: bytes) -> None:
        stars = Favourites(self._written("stars.json", text))
        stars.toggle("desk-break")

    def _followed(self, text: bytes) -> None:
        path = self._written("programme.toml", text)
        programmes = ProgrammeLibrary.default(self.library.ids())
        store = ActiveProgrammeStore(path, programmes, Store(self._history), local_now)
        store.schedule()
        store.due_sessions()

    def _index(self) -> bytes:
        self.library.entries()
        self._index_path = paths.cache_dir() / "library.json"
        return self._index_path.read_bytes()

    def _indexed(self, text: bytes) -> None:
        self._index_path.write_bytes(text)
        library = Library.default("")
        library.entries()
        library.notices()


@pytest.mark.parametrize(("seed", "count"), shares(60, 300, 100_000))
def test_no_file_however_broken_ends_in_an_exception_or_takes_long(
    request: pytest.FixtureRequest, tmp_path: Path, seed: int, count: int
) -> None:
    readers, chance = Readers(tmp_path), random.Random(seed)  # noqa: S311 - mutations, not secrets
    names = [*("session",) * 6, *readers.kinds]
    with figures(request, "mutated files", seed) as counted:
        for number in range(count):
            name = chance.choice(names)
            texts, read = readers.kinds[name]
            text = mutated(chance, chance.choice(texts))
            counted.tried += 1
            if trouble := trouble_of(read, text):
                kept = keep(text, f"{name}-{seed}-{number}")
                counted.note(trouble[0], f"{name}, seed {seed}, file {number}, {kept}: {trouble[1]}")


def trouble_of(read: Read, text: bytes, limit_s: float = LIMIT_S) -> tuple[str, str] | None:
    """What goes wrong with a text: the name of its figure, and the last lines of the traceback."""
    try:
        with limited(limit_s):
            read(text)
    except HangError:
        return "hangs", traceback.format_exc()[-600:]
    except Exception:  # noqa: BLE001 - that is what is looked for
        return "tracebacks", traceback.format_exc()[-600:]
    return None


def keep(text: bytes, name: str) -> Path:
    """Keep a file that was not borne, to look at."""
    folder = Path(__file__).parents[2] / ".hypothesis" / "hostile"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text)
    return path


def test_a_hang_and_an_exception_are_told_from_acceptance() -> None:
    def hang(text: bytes) -> None:
        while True:
            len(text)

    assert (trouble_of(hang, b"", 0.05) or ("",))[0] == "hangs"
    assert (trouble_of(json.loads, b"{") or ("",))[0] == "tracebacks"
    assert trouble_of(json.loads, b"1") is None
