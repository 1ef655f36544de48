"""Makes the shipped cue sounds: `python scripts/make_sounds.py [FOLDER]` (default: `sounds/`).

Every sound is a few notes, and every theme has a way of its own to sound them: struck softly, blown, or knocked. What
a sound means goes by its melody, which is the same in all themes: starts rise, ends fall. The same code makes the same
bytes every time.
"""

from __future__ import annotations

import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 48_000
RELEASE_MS = 12.0

G3, C4, D4, E4, G4, A4 = 196.0, 261.63, 293.66, 329.63, 392.0, 440.0
C5, D5, E5, G5, A5, C6, D6, E6, G6, A6 = (
    523.25,
    587.33,
    659.26,
    783.99,
    880.0,
    1046.5,
    1174.66,
    1318.51,
    1567.98,
    1760.0,
)


@dataclass(frozen=True)
class Note:
    """One note: when, how high, for how long it rings (to a third of its loudness) or is held, how hard."""

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


@dataclass(frozen=True)
class Timbre:
    """What a theme's notes sound like.

    Attributes:
        attack_ms: The time to full strength.
        partials: Multiples of the fundamental, how loud each is beside it, and how much faster it dies away.
        held: Whether a note keeps its strength for its time and then stops, instead of dying away.
    """

    attack_ms: float
    partials: tuple[tuple[float, float, float], ...]
    held: bool = False


@dataclass(frozen=True)
class Theme:
    """A timbre and the sounds made with it."""

    timbre: Timbre
    sounds: dict[str, Sound]


# Soft overtones that die away faster than the fundamental: a small wooden bar with a metal tube below.
CALM = Theme(
    Timbre(3.0, ((1.0, 1.0, 1.0), (2.0, 0.22, 1.8), (3.01, 0.09, 2.6), (5.43, 0.03, 4.5))),
    {
        # Up for beginning, down for ending: to be told apart with eyes shut.
        "start": Sound(520, -17, (Note(0, C5, 110), Note(130, G5, 150))),
        "end": Sound(640, -17, (Note(0, G5, 110), Note(130, C5, 190))),
        "tick": Sound(60, -25, (Note(0, C6, 16),)),
        "halfway": Sound(420, -19, (Note(0, A5, 60), Note(150, A5, 110))),
        "set": Sound(560, -18, (Note(0, C5, 70), Note(110, E5, 70), Note(220, G5, 130))),
        "switch": Sound(520, -18, (Note(0, E5, 80), Note(120, A5, 80), Note(240, E5, 110))),
        "rest": Sound(700, -19, (Note(0, G4, 190), Note(0, C4, 230, 0.5), Note(0, G5, 190, 0.85))),
        "finish": Sound(
            900,
            -17,
            (Note(0, C5, 120), Note(120, E5, 140), Note(240, G5, 160), Note(360, C6, 200), Note(360, C5, 200, 0.5)),
        ),
    },
)

# Held tones with octaves above them, as of an organ, high enough to be heard through traffic and from the next room.
CLEAR = Theme(
    Timbre(2.5, ((1.0, 1.0, 0.0), (2.0, 0.5, 0.0), (4.0, 0.25, 0.0)), held=True),
    {
        "start": Sound(420, -18, (Note(0, G5, 120), Note(150, D6, 220))),
        "end": Sound(460, -18, (Note(0, D6, 120), Note(150, G5, 260))),
        "tick": Sound(50, -25, (Note(0, A6, 30),)),
        "halfway": Sound(330, -19, (Note(0, C6, 90), Note(160, C6, 130))),
        "set": Sound(440, -18, (Note(0, G5, 90), Note(120, C6, 90), Note(240, E6, 150))),
        "switch": Sound(440, -18, (Note(0, A5, 90), Note(120, E6, 90), Note(240, A5, 150))),
        "rest": Sound(520, -19, (Note(0, E5, 460),)),
        "finish": Sound(
            820,
            -17,
            (Note(0, G5, 110), Note(140, C6, 110), Note(280, E6, 110), Note(420, G6, 330), Note(420, C6, 330, 0.5)),
        ),
    },
)

# Odd overtones that stay as long as the note: a horn and a buzzer, for a room in which iron is dropped.
GYM = Theme(
    Timbre(1.5, ((1.0, 1.0, 0.0), (3.0, 0.55, 0.0), (5.0, 0.4, 0.0), (7.0, 0.3, 0.0), (9.0, 0.2, 0.0)), held=True),
    {
        "start": Sound(560, -17, (Note(0, A4, 110), Note(140, E5, 360))),
        "end": Sound(700, -17, (Note(0, E5, 140), Note(170, A4, 460))),
        "tick": Sound(60, -25, (Note(0, A5, 40),)),
        "halfway": Sound(330, -18, (Note(0, C5, 90), Note(150, C5, 130))),
        "set": Sound(520, -17, (Note(0, A4, 90), Note(120, D5, 90), Note(240, G5, 230))),
        "switch": Sound(480, -17, (Note(0, D5, 90), Note(120, G5, 90), Note(240, D5, 190))),
        "rest": Sound(600, -19, (Note(0, D4, 540),)),
        "finish": Sound(
            900,
            -17,
            (Note(0, A4, 110), Note(130, C5, 110), Note(260, E5, 110), Note(390, A5, 460), Note(390, A4, 460, 0.5)),
        ),
    },
)

# Overtones of a bar that lies free at both ends, gone at once: knocks on blocks of wood.
WOOD = Theme(
    Timbre(0.8, ((1.0, 1.0, 1.0), (2.76, 0.45, 2.2), (5.4, 0.2, 3.5), (8.93, 0.08, 5.0))),
    {
        "start": Sound(300, -18, (Note(0, G4, 34), Note(140, E5, 38))),
        "end": Sound(320, -18, (Note(0, E5, 34), Note(140, G4, 42))),
        "tick": Sound(50, -26, (Note(0, D5, 9),)),
        "halfway": Sound(270, -19, (Note(0, D5, 30), Note(130, D5, 36))),
        "set": Sound(380, -18, (Note(0, E4, 34), Note(110, A4, 34), Note(220, D5, 36))),
        "switch": Sound(380, -18, (Note(0, A4, 34), Note(110, E5, 34), Note(220, A4, 36))),
        "rest": Sound(300, -19, (Note(0, G3, 60), Note(0, G5, 50, 0.9))),
        "finish": Sound(
            560, -19, (Note(0, G4, 36), Note(120, C5, 36), Note(240, E5, 36), Note(360, G5, 44), Note(360, G4, 44, 0.5))
        ),
    },
)
THEMES = {"calm": CALM, "clear": CLEAR, "gym": GYM, "wood": WOOD}


def sounded(note: Note, timbre: Timbre, seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The note on a time axis that begins with the sound."""
    since = seconds - note.at_ms / 1000
    attack = np.clip(since * 1000 / timbre.attack_ms, 0, 1)
    tone = np.zeros_like(seconds)
    for multiple, share, haste in timbre.partials:
        fading = np.exp(-np.maximum(since, 0) * 1000 * haste / note.ring_ms)
        tone += share * fading * np.sin(2 * np.pi * note.pitch_hz * multiple * since)
    if timbre.held:
        left_ms = np.clip(note.ring_ms - since * 1000, 0, RELEASE_MS)
        tone *= 0.5 - 0.5 * np.cos(np.pi * left_ms / RELEASE_MS)
    return note.force * tone * (0.5 - 0.5 * np.cos(np.pi * attack))


def loudest_rms(samples: npt.NDArray[np.float64], window_ms: int = 50) -> float:
    """The root mean square of the loudest stretch of that length."""
    window = min(len(samples), RATE * window_ms // 1000)
    energy = np.concatenate(([0.0], np.cumsum(samples**2)))
    return float(np.sqrt((energy[window:] - energy[:-window]).max() / window))


def render(sound: Sound, timbre: Timbre) -> npt.NDArray[np.int16]:
    """The sound as 16-bit samples."""
    count = RATE * sound.length_ms // 1000
    seconds = np.arange(count) / RATE
    mixed = np.sum([sounded(note, timbre, seconds) for note in sound.notes], axis=0)
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
    for name, theme in THEMES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for sound_name, sound in theme.sounds.items():
            samples = render(sound, theme.timbre)
            write(folder / name / f"{sound_name}.wav", samples)
            peak_db = 20 * np.log10(np.abs(samples).max() / 32767)
            print(f"{name}/{sound_name}.wav  {sound.length_ms} ms, peak {peak_db:.1f} dB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "sounds")
