from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
import pytest
from PIL import Image

from timer_app.audio.base import MIX_RATE
from timer_app.export.chapters import Chapter
from timer_app.export.cover import COVER_SIZE, draw_cover
from timer_app.export.encoders import FORMATS, Tags, close_quietly, open_encoder, to_int16
from timer_app.export.targets import ENDINGS, resolve_targets
from timer_app.system.files import TargetError, atomic_write
from timer_app.testing import hold, rest, step, timeline

CHAPTERS = (Chapter("Erste Übung", 0, 1_500), Chapter("Second", 1_500, 2_900), Chapter("Third", 2_900, 4_000))
TIMELINE = timeline(step("Übung", hold(20_000)), rest(5_000), name="Rücken")


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    with atomic_write(path) as file:
        file.write(b"sound")
        assert not path.exists()
    assert path.read_bytes() == b"sound"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fault", [OSError("full"), KeyboardInterrupt(), SystemExit(143)])
def test_whatever_interrupts_leaves_what_was_there_and_nothing_else(tmp_path: Path, fault: BaseException) -> None:
    path = tmp_path / "out.wav"
    path.write_bytes(b"before")
    with pytest.raises(type(fault)), atomic_write(path) as file:  # noqa: PT012 - the block is what is tested
        file.write(b"half")
        raise fault
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_has_its_format(ending: str) -> None:
    assert ending in FORMATS
    assert resolve_targets(Path(f"out.{ending.upper()}")).ending == ending


@pytest.mark.parametrize(("name", "reported"), [("out.flak", 'did you mean ".flac"'), ("out", "needs an ending")])
def test_another_ending_is_refused_with_what_was_meant(name: str, reported: str) -> None:
    with pytest.raises(TargetError, match=reported):
        resolve_targets(Path(name))


def test_each_file_that_is_there_is_replaced_only_when_forced(tmp_path: Path) -> None:
    sound = tmp_path / "out.flac"
    (tmp_path / "out.srt").write_text("mine")
    with pytest.raises(TargetError, match=r"out\.srt.* is there already; --force"):
        resolve_targets(sound, captions=True)
    assert resolve_targets(sound, cue_sheet=True).paths == (sound, tmp_path / "out.cue")
    assert resolve_targets(sound, captions=True, force=True).srt == tmp_path / "out.srt"


def test_a_folder_is_never_replaced_and_never_made(tmp_path: Path) -> None:
    (tmp_path / "out.wav").mkdir()
    with pytest.raises(TargetError, match="no plain file"):
        resolve_targets(tmp_path / "out.wav", force=True)
    with pytest.raises(TargetError, match="no folder"):
        resolve_targets(tmp_path / "none" / "out.wav")


def test_a_cue_sheet_goes_only_with_files_that_need_one() -> None:
    with pytest.raises(TargetError, match="m4a files have chapters"):
        resolve_targets(Path("out.m4a"), cue_sheet=True)


def _file(ending: str, tags: Tags) -> io.BytesIO:
    file = io.BytesIO()
    encoder = open_encoder(file, FORMATS[ending], tags)
    for _ in range(4):
        encoder.write(np.zeros(MIX_RATE, np.float32))
    encoder.close()
    file.seek(0)
    return file


@pytest.mark.parametrize("ending", ["m4a", "mp3", "opus", "flac"])
def test_title_chapters_length_and_cover_are_read_back(ending: str) -> None:
    file = _file(ending, Tags("Rücken am Morgen", "Ruhig.", CHAPTERS, draw_cover(TIMELINE), COVER_SIZE))
    with av.open(file, "r") as container:
        metadata = {**container.metadata, **container.streams.audio[0].metadata}
        assert (metadata["title"], metadata["artist"]) == ("Rücken am Morgen", "timer-app")
        assert "Ruhig." in metadata.values()
        found: Any = container.chapters()
        assert [chapter["metadata"]["title"] for chapter in found] == [chapter.title for chapter in CHAPTERS]
        starts = [round(chapter["start"] * chapter["time_base"] * 1_000) for chapter in found]
        assert starts == [chapter.start_ms for chapter in CHAPTERS]
        assert container.duration == pytest.approx(4_000_000, abs=30_000)
        sizes = [(stream.width, stream.height) for stream in container.streams.video]
        assert sizes == ([(COVER_SIZE, COVER_SIZE)] if FORMATS[ending].has_cover else [])


def test_a_wav_file_is_as_long_as_its_samples() -> None:
    with av.open(_file("wav", Tags("Test")), "r") as container:
        assert container.duration == 4_000_000


def test_full_scale_fits_and_silence_stays_silence() -> None:
    assert to_int16(np.array([-1, 0, 1], np.float32)).tolist() == [-32_767, 0, 32_767]


class FullDisk(io.BytesIO):
    """A file that takes no more than some bytes, or is interrupted there."""

    def __init__(self, fault: BaseException) -> None:
        super().__init__()
        self._fault, self._raised = fault, False

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > 20_000 and not self._raised:
            self._raised = True
            raise self._fault
        return super().write(data)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_goes_wrong_with_the_file_comes_out_as_it_is(ending: str, fault: BaseException) -> None:
    file: BinaryIO = FullDisk(fault)
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, MIX_RATE).astype(np.float32)
    encoder = open_encoder(file, FORMATS[ending], Tags("Test"))
    with pytest.raises(type(fault)) as caught:  # noqa: PT012 - an encoder holds blocks back
        for _ in range(20):
            encoder.write(noise)
    assert caught.value is fault
    close_quietly(encoder)


@pytest.mark.parametrize("name", ["Rücken", "肩こり体操", "A very long name " * 20, "", "Zażółć"])
def test_a_cover_is_drawn_for_any_name_and_any_number_of_steps(name: str) -> None:
    steps = [step(f"{name} {number}", hold(1_000)) for number in range(30)]
    with Image.open(io.BytesIO(draw_cover(timeline(*steps, name=name)))) as picture:
        assert (picture.format, picture.size) == ("PNG", (COVER_SIZE, COVER_SIZE))


def test_a_cover_shows_the_course_of_the_session() -> None:
    work, pause = timeline(hold(10_000), name="Same"), timeline(rest(10_000), name="Same")
    assert draw_cover(work) != draw_cover(pause)
