"""The exact lengths of spoken lines before a run, so that a timeline is that of a run.

A child process opens the voice, renders what the cache lacks, and answers with lengths: commands that only look at a
session stay light, and a voice that breaks down takes nothing with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from timer_app.core.compiler import Compiled, EstimatedLengths
from timer_app.core.i18n import N_, _
from timer_app.core.timeline.utterance import KnownLengths, Lengths, SpeechTiming, Utterance
from timer_app.system.processes import ChildProcess, ProcessGoneError, module_command
from timer_app.tts import SpeechStyle, VoiceError, names

_TIMEOUT_S = 600.0  # for all lines of a session
MAX_MEASURED = 500  # different lines of a session; a voice needs a second or so for them
_MAX_PASSES = 5  # a rest that grows for what is said tells a length that is not known before


class LineMeasurer:
    """Measures lines in a child process, which is started for the first of them.

    Args:
        notices: Gets what the user should know, such as that another voice takes over.
        strict: Only the voice that is named may speak.

    Attributes:
        MANY_LINES: What the user is told of a session of which some lines are estimated.
        MAX_MEASURED: How many lines those are at most that are measured.
        TOO_LARGE: What the user is told of one that is not measured at all.
        leaves_estimates: Lines of the session that was measured last were too many, and some lengths are estimated.
    """

    MANY_LINES = N_("some lengths are estimated, as the session has more than {count} different lines")
    MAX_MEASURED = MAX_MEASURED
    TOO_LARGE = N_("lengths are estimated, as the session is too large to be measured")

    def __init__(self, notices: list[str] | None = None, *, strict: bool = False) -> None:
        self.notices: list[str] = [] if notices is None else notices
        self._strict = strict
        self._process: ChildProcess | None = None
        self.leaves_estimates = False

    def exact_lengths(
        self,
        compile_with: Callable[[Lengths], Compiled],
        sound_length: Callable[[str], int],
        voice: str,
        style: SpeechStyle,
        recordings: Mapping[str, Path] | None = None,
    ) -> Lengths:
        """The lengths of the lines that a session may say, as a run with that voice has them.

        Of more than `MAX_MEASURED` different lines, the others are estimated.

        Args:
            compile_with: Compiles the session with the given lengths.
            sound_length: Returns the length of a sound by its name, in milliseconds.
            voice: The voice's name; `none` gives the lengths of a run without a voice.
            style: How the voice speaks.
            recordings: The lines that are played from a file.

        Raises:
            VoiceError: Nothing can speak on this computer.
        """
        estimated = EstimatedLengths(sound_length)
        self.leaves_estimates = False
        if voice == names.SILENT:
            return estimated
        known: dict[Utterance, SpeechTiming] = {}
        lengths = KnownLengths(partial(_known_or_estimated, known, estimated), sound_length)
        for _pass in range(_MAX_PASSES):
            missing = [line for line in compile_with(lengths).candidates if line not in known]
            wanted = missing[: MAX_MEASURED - len(known)]
            self.leaves_estimates = len(wanted) < len(missing)
            measured = self.measure(wanted, voice, style, recordings or {}) if wanted else {}
            if not measured:
                break
            known.update(measured)
        return lengths

    def measure(
        self, lines: Iterable[Utterance], voice: str, style: SpeechStyle, recordings: Mapping[str, Path]
    ) -> dict[Utterance, SpeechTiming]:
        """How long each of `lines` lasts.

        Raises:
            VoiceError: Nothing can speak on this computer.
        """
        wanted = list(lines)
        request = {
            "do": "measure",
            "voice": voice,
            "strict": self._strict,
            "style": style.to_dict(),
            "recordings": {line: str(path) for line, path in recordings.items()},
            "lines": wanted,
        }
        answer = self._ask(request)
        self.notices += (notice for notice in answer["notices"] if notice not in self.notices)
        timings = (SpeechTiming(length_ms, beat_ms) for length_ms, beat_ms in answer["timings"])
        return dict(zip(wanted, timings, strict=True))

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.close()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            if self._process is None:
                self._process = ChildProcess(module_command("timer_app.run.measuring_process"), silent=True)
            answer = self._process.ask(request, _TIMEOUT_S).header
        except (OSError, ProcessGoneError) as error:
            raise VoiceError(_("the process that measures lines {trouble}").format(trouble=error)) from error
        if "error" in answer:
            raise VoiceError(str(answer["error"]))
        return answer


def _known_or_estimated(
    measured: Mapping[Utterance, SpeechTiming], estimated: Lengths, line: Utterance
) -> SpeechTiming:
    return measured.get(line) or estimated.speech(line)
