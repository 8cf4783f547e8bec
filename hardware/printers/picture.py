"""Draws text as a picture, for names in scripts that a slip printer lacks."""

from collections.abc import Sequence
from pathlib import Path

from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont

TEXT_DOTS = 28
LARGE_DOTS = 44
SMALLEST_DOTS = 16
"""The smallest size for a word that is wider than the paper."""
_NO_CHARACTER = "\U0010ffff"
"""A character that no font has, to find out how a font draws a missing one."""


def picture(text: str, *, width: int, large: bool, fonts: Sequence[Path]) -> Image.Image:
    """Draw text black on white, wrapped at spaces; right-to-left scripts in their own order.

    When no font has all its letters, the text is transliterated to Latin: a row of empty boxes identifies no
    pupil.

    Args:
        text: one paragraph.
        width: the picture's width in dots.
        large: whether to use the size of a slip's name.
        fonts: font files; the first that has the most of the text's characters is used, or Pillow's own
            Latin font when the list is empty.

    Raises:
        OSError: a font cannot be read.
    """
    dots = LARGE_DOTS if large else TEXT_DOTS
    font = _font(text, dots, fonts)
    if any(char.isalnum() for char in _lacking(text, font)):  # a missing sign such as · does not matter
        text = anyascii(text)
        font = _font(text, dots, fonts)
    widest = max((font.getlength(word) for word in text.split()), default=0.0)
    if widest > width:
        font = font.font_variant(size=max(SMALLEST_DOTS, int(font.size * width / widest)))
    rows = _rows(text, width, font)
    ascent, descent = font.getmetrics()
    height = ascent + descent
    image = Image.new("1", (width, height * len(rows)), 1)
    draw = ImageDraw.Draw(image)
    for place, row in enumerate(rows):
        draw.text((0, place * height), row, font=font, fill=0)
    return image


def _font(text: str, dots: int, files: Sequence[Path]) -> ImageFont.FreeTypeFont:
    fonts = [ImageFont.truetype(str(file), dots) for file in files]
    if not fonts:
        own = ImageFont.load_default(dots)
        if not isinstance(own, ImageFont.FreeTypeFont):
            raise OSError("Pillow was built without FreeType and has no font of its own: pass a font file.")
        return own
    return min(fonts, key=lambda font: len(_lacking(text, font)))  # min() takes the first of equals


def _lacking(text: str, font: ImageFont.FreeTypeFont) -> set[str]:
    """The text's characters that the font lacks."""
    missing = bytes(font.getmask(_NO_CHARACTER))
    return {char for char in text if not char.isspace() and bytes(font.getmask(char)) == missing}


def _rows(text: str, width: int, font: ImageFont.FreeTypeFont) -> list[str]:
    rows: list[str] = []
    for word in text.split() or [""]:
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows
