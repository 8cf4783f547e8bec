"""Text as a picture, for names in scripts that a slip printer has no characters for."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TEXT_DOTS = 28
LARGE_DOTS = 44
SMALLEST_DOTS = 16
"""A word that does not fit across the paper is drawn smaller, down to this."""
_NO_CHARACTER = "\U0010ffff"
"""What no font has: it is drawn as the font's mark for a missing character."""


def picture(text: str, *, width: int, large: bool, fonts: Sequence[Path]) -> Image.Image:
    """Draw text black on white, wrapped at spaces, right-to-left scripts in their order.

    Args:
        text: one paragraph.
        width: of the picture, in dots.
        large: as a slip's name is.
        fonts: files to choose from: the first that has the most of the text's characters is taken, and
            Pillow's own Latin font if none is given.

    Raises:
        OSError: a font cannot be read.
    """
    font = _font(text, LARGE_DOTS if large else TEXT_DOTS, fonts)
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
    return max(fonts, key=lambda font: _drawn(text, font))  # the first of several equals


def _drawn(text: str, font: ImageFont.FreeTypeFont) -> int:
    """How many of the text's characters the font has."""
    missing = bytes(font.getmask(_NO_CHARACTER))
    return sum(bytes(font.getmask(char)) != missing for char in set(text) if not char.isspace())


def _rows(text: str, width: int, font: ImageFont.FreeTypeFont) -> list[str]:
    rows: list[str] = []
    for word in text.split() or [""]:
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows
