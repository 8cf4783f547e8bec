"""Generates the three sound files: `python -m kiosk.screens.sounds.make`. Run by hand only."""

import math
import struct
import wave
from pathlib import Path

from kiosk.screens import sounds

RATE = 22_050
"""Samples per second: enough for notes this low."""
LOUDEST = 0.35
"""Share of full scale: quiet enough for a reception."""
RISE_S = 0.008
"""Seconds of fade-in, so that a note does not click."""
DECAY = 9.0
"""Exponential decay per second, like a struck bar."""

NOTES: dict[Path, tuple[tuple[float, float], ...]] = {
    sounds.ACCEPTED: ((659.3, 0.12), (880.0, 0.34)),
    sounds.UNKNOWN_CARD: ((311.1, 0.16), (233.1, 0.36)),
    sounds.ATTENTION: ((523.3, 0.18), (523.3, 0.30)),
}
"""The notes of each file: hertz, and seconds until the next note or the end."""


def samples(notes: tuple[tuple[float, float], ...]) -> bytes:
    """The notes as 16-bit samples."""
    drawn = [
        LOUDEST
        * min(1.0, at / RATE / RISE_S)
        * math.exp(-DECAY * at / RATE)
        * math.sin(2 * math.pi * hertz * at / RATE)
        for hertz, seconds in notes
        for at in range(int(RATE * seconds))
    ]
    return struct.pack(f"<{len(drawn)}h", *(round(32_767 * each) for each in drawn))


def main() -> None:
    """Write the files."""
    for path, notes in NOTES.items():
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(notes))


if __name__ == "__main__":
    main()
