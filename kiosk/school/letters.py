"""The letters of pupils' names: every sequence that a user may type to find a pupil."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii

from sync.wire import Pupil


def plain_letters(text: str) -> str:
    """The text in capitals A–Z, without all other characters: `Zoë O’Neill` → `ZOEONEILL`."""
    return re.sub("[^A-Z]", "", anyascii(text).upper())


def search_keys(pupil: Pupil) -> set[str]:
    """All sequences of letters under which a pupil can be found.

    These are the first, preferred and last name, each from any of its words on, and first and last name
    joined in either order, the leading one with all its words or one of them. Amelia-Rose Thornbury is found
    under AMELIAROSE…, ROSE…, THORNBURYAMELIA… and AMELIATHORNBURY.
    """
    firsts = [words_of(pupil.first), *([words_of(pupil.preferred)] if pupil.preferred else [])]
    last = words_of(pupil.last)
    keys = set(_ends(last))
    for first in firsts:
        keys.update(_ends(first))
        keys.update(begin + end for begin in _begins(first) for end in _ends(last))
        keys.update(begin + end for begin in _begins(last) for end in _ends(first))
    return keys


@lru_cache(maxsize=4096)  # names repeat within a school and within a pupil's keys
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in plain letters: `O’Neill-Łaska` → `O`, `NEILL`, `LASKA`."""
    composed = unicodedata.normalize("NFC", name)  # a combining accent would split the word
    return tuple(filter(None, map(plain_letters, re.split(r"\W+", composed))))


def _ends(words: tuple[str, ...]) -> Iterator[str]:
    """The name from each of its words on."""
    return ("".join(words[first:]) for first in range(len(words)))


def _begins(words: tuple[str, ...]) -> set[str]:
    """What may be typed of a name before the other name: all of it, or one of its words."""
    return {*words, "".join(words)} - {""}
