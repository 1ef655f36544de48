"""Makes the shipped cue sounds: `python scripts/make_sounds.py [FOLDER]` (default: `sounds/`).

Every sound is a few struck notes: a fundamental with soft overtones that die away faster than it does, like a small
wooden bar with a metal tube below. The same code makes the same bytes every time.
"""

from __future__ import annotations

import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 48_000
ATTACK_MS = 3.0
RELEASE_MS = 12.0

# Multiples of the fundamental, how loud each is beside it, and how much faster it dies away.
PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.22, 1.8), (3.01, 0.09, 2.6), (5.43, 0.03, 4.5))

C4, G4, C5, D5, E5, G5, A5, C6, E6 = 261.63, 392.0, 523.25, 587.33, 659.26, 783.99, 880.0, 1046.5, 1318.51


@dataclass(frozen=True)
class Note:
    """One strike: when, how high, for how long it rings (to a third of its loudness), how hard."""

    at_ms: float
    pitch_hz: float
    ring_ms: float
    force: float = 1.0


@dataclass(frozen=True)
class Sound:
    """Notes, the length of the file, and its loudness: the level of its loudest 50 ms below full scale."""

    length_ms: int
    level_db: float
    notes: tuple[Note, ...]


CALM = {
    # Up for beginning, down for ending: to be told apart with eyes shut.
    "start": Sound(520, -17, (Note(0, C5, 110), Note(130, G5, 150))),
    "end": Sound(640, -17, (Note(0, G5, 110), Note(130, C5, 190))),
    "tick": Sound(60, -25, (Note(0, C6, 16),)),
    "halfway": Sound(420, -19, (Note(0, A5, 60), Note(150, A5, 110))),
    "set": Sound(560, -18, (Note(0, C5, 70), Note(110, E5, 70), Note(220, G5, 130))),
    "switch": Sound(520, -18, (Note(0, E5, 80), Note(120, A5, 80), Note(240, E5, 110))),
    "rest": Sound(700, -19, (Note(0, G4, 190), Note(0, C4, 230, 0.5))),
    "finish": Sound(
        900,
        -17,
        (Note(0, C5, 120), Note(120, E5, 140), Note(240, G5, 160), Note(360, C6, 200), Note(360, C5, 200, 0.5)),
    ),
}
THEMES = {"calm": CALM}


def strike(note: Note, seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The note on a time axis that begins with the sound."""
    since = seconds - note.at_ms / 1000
    attack = np.clip(since * 1000 / ATTACK_MS, 0, 1)
    tone = np.zeros_like(seconds)
    for multiple, share, haste in PARTIALS:
        fading = np.exp(-np.maximum(since, 0) * 1000 * haste / note.ring_ms)
        tone += share * fading * np.sin(2 * np.pi * note.pitch_hz * multiple * since)
    return note.force * tone * (0.5 - 0.5 * np.cos(np.pi * attack))


def loudest_rms(samples: npt.NDArray[np.float64], window_ms: int = 50) -> float:
    """The root mean square of the loudest stretch of that length."""
    window = min(len(samples), RATE * window_ms // 1000)
    energy = np.concatenate(([0.0], np.cumsum(samples**2)))
    return float(np.sqrt((energy[window:] - energy[:-window]).max() / window))


def render(sound: Sound) -> npt.NDArray[np.int16]:
    """The sound as 16-bit samples."""
    count = RATE * sound.length_ms // 1000
    seconds = np.arange(count) / RATE
    mixed = np.sum([strike(note, seconds) for note in sound.notes], axis=0)
    left_ms = (count - np.arange(count)) * 1000 / RATE
    mixed *= 0.5 - 0.5 * np.cos(np.pi * np.clip(left_ms / RELEASE_MS, 0, 1))
    mixed *= 10 ** (sound.level_db / 20) / loudest_rms(mixed)
    whole: npt.NDArray[np.int16] = np.rint(mixed * 32767).astype("<i2")
    return whole


def write(path: Path, samples: npt.NDArray[np.int16]) -> None:
    """One channel, 48 kHz, 16 bit."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def main(folder: Path) -> None:
    """Make every sound of every theme below `folder`."""
    for theme, sounds in THEMES.items():
        (folder / theme).mkdir(parents=True, exist_ok=True)
        for name, sound in sounds.items():
            samples = render(sound)
            write(folder / theme / f"{name}.wav", samples)
            peak_db = 20 * np.log10(np.abs(samples).max() / 32767)
            print(f"{theme}/{name}.wav  {sound.length_ms} ms, peak {peak_db:.1f} dB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "sounds")
