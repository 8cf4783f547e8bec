"""Which script a piece of text is written in, and so which font shapes it. Pure."""

import unicodedata
from enum import StrEnum


class Script(StrEnum):
    """Scripts by their ISO 15924 codes, as HarfBuzz wants them."""

    LATIN = "Latn"
    ARABIC = "Arab"
    GURMUKHI = "Guru"

    @property
    def right_to_left(self) -> bool:
        """Which way it is read."""
        return self is Script.ARABIC


_NAMES = {"ARABIC": Script.ARABIC, "GURMUKHI": Script.GURMUKHI}


def script_of(text: str) -> Script:
    """The script of the first letter that is not Latin: a font that has other letters has few Latin ones,
    and a text that mixes the two within a word does not occur. Figures and signs alone are Latin."""
    for character in text:
        if character.isascii() or not unicodedata.category(character).startswith(("L", "M", "P")):
            continue
        script = _NAMES.get(unicodedata.name(character, "").partition(" ")[0])
        if script is not None:
            return script
    return Script.LATIN
