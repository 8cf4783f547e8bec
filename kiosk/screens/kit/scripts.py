"""The script of a piece of text, which decides its font. Pure."""

import unicodedata
from enum import StrEnum


class Script(StrEnum):
    """Scripts by their ISO 15924 codes, which HarfBuzz expects."""

    LATIN = "Latn"
    ARABIC = "Arab"
    GURMUKHI = "Guru"

    @property
    def right_to_left(self) -> bool:
        """Whether the script is read from the right."""
        return self is Script.ARABIC


_NAMES = {"ARABIC": Script.ARABIC, "GURMUKHI": Script.GURMUKHI}


def script_of(text: str) -> Script:
    """The script of the first letter that is not Latin. A word is assumed to be in one script, since the
    fonts of other scripts have few Latin letters; digits and signs alone count as Latin."""
    for character in text:
        if character.isascii() or not unicodedata.category(character).startswith(("L", "M", "P")):
            continue
        script = _NAMES.get(unicodedata.name(character, "").partition(" ")[0])
        if script is not None:
            return script
    return Script.LATIN
