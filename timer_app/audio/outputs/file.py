"""Writes what is heard to a WAV file as time passes, pauses included."""

from __future__ import annotations

import contextlib
import datetime as dt
import struct
import wave
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.outputs.base import PacedOutput
from timer_app.core.i18n import _

_BYTES: Final = 2


class FileOutput(PacedOutput):
    """A WAV file of 16 bit that can be played from its first second on, even where the program is killed.

    Args:
        target: Where to write, a path that ends in `.wav`; empty for `timer-app-DATE-TIME.wav` in the current folder.

    Attributes:
        name: `file:` and the path.

    Raises:
        AudioError: There is such a file already, or it cannot be written.
    """

    latency_ms = 0

    def __init__(self, target: str = "") -> None:
        path, raw = _create_file(target)
        self.name = f"file:{path}"
        super().__init__()
        self._path, self._raw = path, raw
        self._written = 0
        self._failure: AudioError | None = None
        self._file = wave.open(raw, "wb")  # noqa: SIM115 - open for as long as the output is
        self._file.setparams((1, _BYTES, MIX_RATE, 0, "NONE", "not compressed"))

    @property
    def fault(self) -> Exception | None:
        return self._failure or super().fault

    def _consume(self, samples: Samples, at_frame: int, now: int) -> None:  # noqa: ARG002 - nothing is ahead of its time
        # The time during which the program was stopped becomes silence, so that the rest stays in position.
        gap = at_frame - self._written
        try:
            self._file.writeframes(bytes(gap * _BYTES))
            self._file.writeframes(np.rint(samples * 32_767).astype("<i2").tobytes())
        except (OSError, struct.error) as error:
            self._fail(error)
        self._written = at_frame + len(samples)

    def _fail(self, error: Exception) -> None:
        why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else _("a WAV file holds 4 GB")
        self._failure = AudioError(f"{self._path}: {why}")
        self._ended.set()
        self._shut()

    def _close(self) -> None:
        super()._close()
        self._shut()

    def _shut(self) -> None:
        # A full disk refuses what is still to be written once more, each time it is closed.
        for file in (self._file, self._raw):
            with contextlib.suppress(OSError, ValueError, struct.error):
                file.close()


def _create_file(target: str) -> tuple[Path, BinaryIO]:
    """A new file and its path; an existing file is never overwritten."""
    if target:
        path = Path(target).expanduser()
        return path, _open_new(path)
    stem = f"timer-app-{dt.datetime.now(tz=dt.UTC).astimezone():%Y%m%d-%H%M%S}"
    path = next(path for path in _names(stem) if not path.exists())
    return path, _open_new(path)


def _names(stem: str) -> Iterator[Path]:
    yield Path(f"{stem}.wav")
    yield from (Path(f"{stem}-{number}.wav") for number in count(2))


def _open_new(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileExistsError:
        raise AudioError(_("{path} is there already; name another file").format(path=path)) from None
    except OSError as error:
        raise AudioError(f"{path}: {(error.strerror or str(error)).lower()}") from None
