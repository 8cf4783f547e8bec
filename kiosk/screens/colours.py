"""Every colour on the kiosk. Text that tells somebody something stands at 7:1 or more against its ground.

The drawn colours are kept for grounds. Where a drawn text colour fell short of 7:1 (muted grey; green, amber
and red on their tints; white on the collecting green) it is darkened here, and tests measure the pairs.
"""

from dataclasses import dataclass

PAPER = "#F7F5F0"
SURFACE = "#FFFFFF"
LINE = "#E4DFD3"
INK = "#16213A"
MUTED = "#455063"
"""Drawn as #5B667A, which is 5.3:1 on paper."""
PRIMARY = "#17406D"
ON_PRIMARY = "#FFFFFF"
ON_PRIMARY_SOFT = "#DCE8F5"
COLLECTING = "#0C5D50"
"""Drawn as #0F6B5C, on which white is 6.4:1."""
ON_COLLECTING = "#FFFFFF"
ON_COLLECTING_SOFT = "#EEF9F6"
KEY_OFF = "#EEEBE2"
KEY_OFF_TEXT = "#B8B1A1"
"""A key that leads nowhere: meant to step back, so it is the one text below 7:1."""


@dataclass(frozen=True, slots=True)
class Tone:
    """Words in `text` on `ground`; `strong` is for an icon that stands on paper."""

    text: str
    ground: str
    strong: str


OK = Tone(text="#125430", ground="#E3F4E8", strong="#17693A")
LATE = Tone(text="#7A4104", ground="#FEF1CF", strong="#8A4B06")
CLOSED = Tone(text="#841624", ground="#FBE4E4", strong="#9B1C2B")
INFO = Tone(text="#17406D", ground="#E5EDF8", strong="#17406D")

ZONE_ON_TIME = Tone(text="#104D2B", ground="#D0E8D7", strong="#104D2B")
ZONE_LATE = Tone(text="#6B3A05", ground="#FBE2A6", strong="#6B3A05")
ZONE_CLOSED = Tone(text="#7A1220", ground="#F6CACA", strong="#7A1220")


def rgba(colour: str) -> tuple[float, float, float, float]:
    """A `#RRGGBB` colour as Kivy wants it."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255, 1.0)


def darker(colour: tuple[float, ...], by: float = 0.13) -> tuple[float, float, float, float]:
    """The same colour under a finger."""
    red, green, blue = colour[:3]
    return (red * (1 - by), green * (1 - by), blue * (1 - by), 1.0)
