from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from timer_app.analysis import Analysis, analyse
from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.library.library import Folders, Library
from timer_app.run.options import RunOptions
from timer_app.tts import VoiceError
from timer_app.tui.editor.spoken_lengths import SpokenLengths

TEXT = 'schema = 1\nname = "Mine"\nsteps = [{ say = "Lie down." }]\n'


class Slow:
    """Measures every line as ten seconds."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[str] = []
        self.fails = fails

    def measure(
        self, lines: Iterable[Utterance], _voice: str, _style: Any, _recordings: Mapping[str, Path]
    ) -> dict[Utterance, SpeechTiming]:
        if self.fails:
            raise VoiceError("nothing speaks")
        lines = list(lines)
        self.asked += [line.text for line in lines]
        return dict.fromkeys(lines, SpeechTiming(10_000))

    def close(self) -> None:
        """Nothing is open."""


def lengths_with(measurer: Slow) -> tuple[Library, SpokenLengths]:
    library = Library.of_default_sounds(Folders.default())
    return library, SpokenLengths(library, RunOptions, lambda: measurer)


def analysed(library: Library, lengths: SpokenLengths, text: str = TEXT) -> Analysis:
    return analyse(text, path=Path("mine.toml"), library=library, estimate=lengths.refine)


def total_ms(analysis: Analysis) -> int:
    assert analysis.timeline is not None
    return analysis.timeline.total_ms


def test_lengths_are_estimated_at_once_and_true_once_they_are_measured() -> None:
    measurer = Slow()
    library, lengths = lengths_with(measurer)
    estimated_ms = total_ms(analysed(library, lengths))
    while lengths.measure_some():
        pass
    assert not lengths.leaves_estimates
    assert total_ms(analysed(library, lengths)) >= estimated_ms + 5_000


def test_a_line_is_measured_once_however_often_the_text_changes() -> None:
    measurer = Slow()
    library, lengths = lengths_with(measurer)
    for text in (TEXT, TEXT + "# more\n", TEXT.replace("Mine", "Yours")):
        analysed(library, lengths, text)
        while lengths.measure_some():
            pass
    assert measurer.asked.count("Lie down.") == 1


def test_where_nothing_speaks_lengths_stay_estimated() -> None:
    library, lengths = lengths_with(Slow(fails=True))
    analysed(library, lengths)
    assert not lengths.measure_some()
    assert lengths.leaves_estimates
