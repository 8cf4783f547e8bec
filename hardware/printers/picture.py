"""Text as a picture, for names in scripts that a slip printer has no characters for."""

from collections.abc import Sequence
from pathlib import Path

from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont

TEXT_DOTS = 28
LARGE_DOTS = 44
SMALLEST_DOTS = 16
"""A word that does not fit across the paper is drawn smaller, down to this."""
_NO_CHARACTER = "\U0010ffff"
"""What no font has: it is drawn as the font's mark for a missing character."""


def picture(text: str, *, width: int, large: bool, fonts: Sequence[Path]) -> Image.Image:
    """Draw text black on white, wrapped at spaces, right-to-left scripts in their order.

    Where no font has all its letters it is drawn in Latin ones: a row of empty boxes names nobody.

    Args:
        text: one paragraph.
        width: of the picture, in dots.
        large: as a slip's name is.
        fonts: files to choose from: the first that has the most of the text's characters is taken, and
            Pillow's own Latin font if none is given.

    Raises:
        OSError: a font cannot be read.
    """
    dots = LARGE_DOTS if large else TEXT_DOTS
    font = _font(text, dots, fonts)
    if any(char.isalnum() for char in _lacking(text, font)):  # a sign such as · is no reason to spell anew
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
            raise OSError("Pillow was built without FreeType: hand in a font for names that are not Latin.")
        return own
    return min(fonts, key=lambda font: len(_lacking(text, font)))  # the first of several equals


def _lacking(text: str, font: ImageFont.FreeTypeFont) -> set[str]:
    """The text's characters that the font does not have."""
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
